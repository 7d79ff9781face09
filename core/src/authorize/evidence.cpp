#include "authorize/evidence.hpp"

#include <algorithm>

namespace kms {

namespace {
struct Document {
    Value const* policy;
    std::string pointer, name;
};

Context without_aliases(Context context) {    // C-21: kms:ResourceAliases is for identity policies
    context.keys.erase(std::remove_if(context.keys.begin(), context.keys.end(), [](auto const& k) { return equal_ignore_case(k.name, "kms:ResourceAliases"); }), context.keys.end());
    return context;
}

struct Collector {
    World const& w;
    Request const& r;
    Permission const& p;
    std::vector<std::string> const& unique_ids;
    Readings const& readings;
    bool explain = true;
    Evidence out{};

    void statements(Layer& layer, PolicyType type, Document const& d, Ask const& ask) {
        layer.present = true;
        auto const* all = d.policy ? d.policy->find("Statement") : nullptr;
        if (!all) return;
        auto language = language_of(*d.policy);
        if (!d.policy->find("Version") && holds_variable(*all)) {    // IL:X-01
            assume("IL:X-01");
            if (readings.is("IL:X-01", "language2012")) language = Language::v2012;
        }
        auto one = [&](Value const& s, std::string const& pointer) { statement(layer, type, d, s, pointer, ask, language); };
        if (!all->is(Kind::array)) return one(*all, d.pointer + "/Statement");
        for (std::size_t i = 0; i < all->items.size(); ++i) one(all->items[i], d.pointer + "/Statement/" + std::to_string(i));
    }

    void assume(std::string const& id) {
        if (std::find(out.assumptions.begin(), out.assumptions.end(), id) == out.assumptions.end()) out.assumptions.push_back(id);
    }
    static bool holds_variable(Value const& v) {
        return v.text.find("${") != std::string::npos || std::any_of(v.items.begin(), v.items.end(), holds_variable);
    }

    void statement(Layer& layer, PolicyType type, Document const& d, Value const& s, std::string const& pointer, Ask const& ask, Language language) {
        bool deny = s.string_or("Effect") == "Deny";
        if (type == PolicyType::resourceControlPolicy && !deny) return;    // E-18: they only deny
        auto m = match_statement(s, type, pointer, ask, w.texts, out.missing_keys, language);
        for (auto const& a : m.assumptions) assume(a);
        if (m.applies && type == PolicyType::keyPolicy && p.identity_only && !(deny && r.is("RetireGrant") && w.readings.is("A-21", "denyCounts"))) {    // M-12, O-01
            m.applies = false;
            if (deny && r.is("RetireGrant")) layer.deny.push_back(hit_of(m, d, s, pointer));
            if (explain) {
                m.trace.set("outcome", "notApplicable");
                m.trace.set("reason", "statement.notEffective");
                m.trace.set("params", params_of({{"action", Value::str(p.action)}}));
                m.trace.set("rule", r.is("RetireGrant") ? "M-12" : "O-01");
            }
        }
        if (m.applies) (deny ? layer.deny : layer.allow).push_back(hit_of(m, d, s, pointer));
        if (!explain) return;
        if (!d.name.empty()) m.trace.set("policyName", d.name);
        out.trace.push(std::move(m.trace));
    }

    static Hit hit_of(StatementMatch const& m, Document const& d, Value const& s, std::string const& pointer) {
        bool role_form = m.as == NamedAs::role || m.as == NamedAs::userOfFederated;
        return {pointer, d.name, std::string(s.string_or("Sid")), std::string(m.rule), s.doc, s.begin, s.end, m.named == Named::delegated, role_form};
    }

    void named_documents(Layer& layer, PolicyType type, Value const* list, std::string const& pointer, Ask const& ask) {    // IL:E-27: they add up
        if (!list) return;
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            auto const& entry = list->items[i];
            statements(layer, type, {entry.find("document"), pointer + "/" + std::to_string(i) + "/document", std::string(entry.string_or("name"))}, ask);
        }
        layer.allows = !layer.allow.empty();
    }

    // IL:E-11: every level must allow, any one policy of a level may
    void levels(Layer& layer, PolicyType type, Entry const& account, std::string const& name, Ask const& ask) {
        auto const* all = account.value ? account.value->find(name) : nullptr;
        if (!all || all->items.empty()) return;
        auto const* o = account.value->find("organization");
        auto const* management = o ? o->find("managementAccount") : nullptr;
        if (management && management->text == "true") return;    // E-18, E-19
        bool every = true;
        for (std::size_t i = 0; i < all->items.size(); ++i) {
            auto before = layer.allow.size();
            named_documents(layer, type, &all->items[i], account.pointer + "/" + name + "/" + std::to_string(i), ask);
            every = every && layer.allow.size() > before;
        }
        layer.present = true;
        layer.allows = every;
    }

    void identity_layers(Ask const& ask) {
        bool federated = r.caller.form == CallerForm::federatedUser;
        auto const* entity = r.caller.entity_pointer.empty() ? nullptr : find_pointer(w.root, r.caller.entity_pointer);
        if (entity) {
            named_documents(out.identity, PolicyType::identityPolicy, entity->find("identityPolicies"), r.caller.entity_pointer + "/identityPolicies", ask);
            if (auto const* b = entity->find("permissionsBoundary"); b && !is_service_linked(r.caller)) {
                statements(out.boundary, PolicyType::permissionsBoundary, {b->find("document"), r.caller.entity_pointer + "/permissionsBoundary/document", std::string(b->string_or("name"))}, ask);
                out.boundary.allows = !out.boundary.allow.empty();
            }
        }
        auto const* sessions = r.value->find("sessionPolicies");
        if (sessions && !sessions->items.empty()) {
            for (std::size_t i = 0; i < sessions->items.size(); ++i)
                statements(out.session, PolicyType::sessionPolicy, {&sessions->items[i], r.pointer + "/sessionPolicies/" + std::to_string(i), ""}, ask);
            out.session.allows = !out.session.allow.empty();
        } else if (federated) {    // IL:E-26: without a session policy it has no identity permissions at all
            out.session.present = true;
        }
    }

    // Of this key only (G-02, E-24), whatever their age (G-03) and without being named (G-04)
    void grants(Ask const& ask) {
        auto name = p.action.substr(4);
        auto const* o = find_operation(name);
        if (!o || !o->grantable() || p.identity_only) return;
        bool symmetric = p.key->spec() == "SYMMETRIC_DEFAULT";
        auto use = o->encryption_context() ? (symmetric ? ContextUse::carried : ContextUse::unsupported)
                   : o->suits == Suits::anyKey || o->suits == Suits::publicKey ? ContextUse::notApplicable : ContextUse::unsupported;
        auto concerns = [&](Value const& g, std::string const& pointer, Visibility visibility) {
            GrantAsk grant_ask{ask, name, use, p.encryption_context, w.readings, visibility};
            auto m = match_grant(g, pointer, grant_ask, w.texts);
            if (!explain) m.trace = {};
            if (!m.concerns_caller) return false;
            if (name == "CreateGrant" && (m.applies || !m.hinges.empty())) parent(g, pointer, m);
            if (m.applies || !m.hinges.empty()) {
                GrantHit hit{{pointer, "", "", "E-26", g.doc, g.begin, g.end, false, false}, std::string(g.string_or("GrantId")), issuing_account(g, p.key->account), m.named, m.form, m.applies, m.hinges};
                out.grants.push_back(std::move(hit));
            }
            if (explain) out.trace.push(std::move(m.trace));
            return true;
        };
        auto const& index = w.grants_of(*p.key);
        auto others = index.size();
        auto next = index.concerning(r.caller);
        while (auto n = index.take(next)) {
            auto const& g = p.key->value->find("grants")->items[n - 1];
            if (concerns(g, p.key->pointer + "/grants/" + std::to_string(n - 1), visibility_of(g.string_or("GrantId")))) --others;
        }
        for (auto const& f : w.former)
            if (f.key_arn == p.key->arn && !concerns(f.grant, "", Visibility::stillVisible)) ++others;
        if (others == 0) return;
        auto entry = Value::object();
        entry.set("kind", "otherGrants");
        entry.set("action", p.action);
        entry.set("outcome", "notMatched");
        entry.set("reason", "otherGrants");
        entry.set("params", params_of({{"count", Value::num(others)}}));
        entry.set("rule", "P-20");
        entry.set("pointer", p.key->pointer + "/grants");
        out.trace.push(std::move(entry));
    }

    Visibility visibility_of(std::string_view id) const {
        auto pending = std::find(w.unpropagated.begin(), w.unpropagated.end(), id) != w.unpropagated.end();
        if (!pending) return Visibility::active;
        return std::find(r.tokens.begin(), r.tokens.end(), id) != r.tokens.end() ? Visibility::token : Visibility::needsToken;
    }

    // M-02 … M-05, M-07, G-27: a right that comes from a grant goes no further than the grant; one that comes from a policy does (M-01)
    void parent(Value const& g, std::string const& pointer, GrantMatch& m) {
        auto key_case = w.readings.is("A-10", "keyIgnoresCase") ? KeyCase::ignored : KeyCase::matched;
        auto reason = beyond_parent(g, r.parameters, key_case);
        bool otherwise = beyond_parent(g, r.parameters, key_case == KeyCase::ignored ? KeyCase::matched : KeyCase::ignored).empty();
        auto rule = reason == "parent.operation" ? "M-02" : "M-05";
        auto test = trace_test("parent", reason.empty(), reason.empty() ? "parent.within" : reason, Value::object(), rule, pointer, &g, w.texts);
        if (auto* tests = m.trace.find("tests")) tests->push(std::move(test));
        bool turns = m.applies && otherwise != reason.empty();    // under the other reading of A-10
        if (!reason.empty()) m.hinges.clear();
        if (turns) m.hinges.emplace_back("A-10");
        if (reason.empty()) return;
        m.applies = false;
        m.trace.set("outcome", "notMatched");
        m.trace.set("reason", reason);
        m.trace.set("params", Value::object());
        m.trace.set("rule", rule);
    }

    // Whose policies count (E-16, IL:E-44); organization policies bind neither services nor service-linked roles (IL:E-10, IL:E-13, IL:E-16, IL:E-17)
    Evidence run() {
        Ask ask{r.caller, p.action, p.resource, p.context, explain, unique_ids, readings};
        bool service = r.caller.form == CallerForm::service, linked = is_service_linked(r.caller);
        if (p.key) {
            auto plain = without_aliases(p.context);
            Ask key_ask{r.caller, p.action, p.resource, plain, explain, unique_ids, readings};
            statements(out.key_policy, PolicyType::keyPolicy, {p.key->value->find("policy"), p.key->pointer + "/policy", ""}, key_ask);
            out.key_policy.allows = std::any_of(out.key_policy.allow.begin(), out.key_policy.allow.end(), [](auto const& h) { return !h.delegated; });
            out.delegates = std::any_of(out.key_policy.allow.begin(), out.key_policy.allow.end(), [](auto const& h) { return h.delegated; });
        }
        if (!service) {
            identity_layers(ask);
            if (!linked) levels(out.scp, PolicyType::serviceControlPolicy, find_entry(w, "accounts", "id", r.caller.account), "serviceControlPolicies", ask);
        }
        if (p.key && !linked && !p.key->aws_managed() && !r.is("RetireGrant")) levels(out.rcp, PolicyType::resourceControlPolicy, find_entry(w, "accounts", "id", p.key->account), "resourceControlPolicies", ask);
        if (r.endpoint.value) {
            out.endpoint.present = true;
            if (auto const* policy = r.endpoint.value->find("policy")) {
                statements(out.endpoint, PolicyType::vpcEndpointPolicy, {policy, r.endpoint.pointer + "/policy", ""}, ask);
                out.endpoint.allows = !out.endpoint.allow.empty();
            } else {
                out.endpoint.allows = true;
            }
        }
        if (p.key) grants(ask);
        std::sort(out.missing_keys.begin(), out.missing_keys.end());
        out.missing_keys.erase(std::unique(out.missing_keys.begin(), out.missing_keys.end()), out.missing_keys.end());
        return std::move(out);
    }
};
}    // namespace

Evidence collect(World const& w, Request const& r, Permission const& p, Readings const& readings, bool explain) {
    std::vector<std::string> unique_ids;
    if (auto const* all = w.root.find("principals"); all && all->is(Kind::array))
        for (auto const& one : all->items)
            if (auto id = one.string_or("uniqueId"); !id.empty()) unique_ids.emplace_back(id);
    return Collector{w, r, p, unique_ids, readings, explain}.run();
}

std::string_view beyond_parent(Value const& parent, Value const& parameters, KeyCase key_case) {
    auto const* mine = parent.find("Operations");
    for (auto const& o : parameters.find("Operations")->items)
        if (std::none_of(mine->items.begin(), mine->items.end(), [&](auto const& m) { return m.text == o.text; })) return "parent.operation";
    auto const* limit = parent.find("Constraints");
    auto const* asked = parameters.find("Constraints");
    static Value const none = Value::object();
    auto const& child = asked ? *asked : none;
    if (!limit) return {};
    auto pairs = [](Value const& c, std::string_view name) { return pairs_of(c.find(name)); };
    auto equals = pairs(*limit, "EncryptionContextEquals"), subset = pairs(*limit, "EncryptionContextSubset");
    auto child_equals = pairs(child, "EncryptionContextEquals"), child_subset = pairs(child, "EncryptionContextSubset");
    auto within = [&](EncryptionContext const& pairs_of_parent, EncryptionContext const& pairs_of_child, bool exact_set) {
        Difference unused;
        return !pairs_of_child.empty() && constraint_holds(pairs_of_parent, pairs_of_child, exact_set, key_case, unused);
    };
    if (!equals.empty() && !within(equals, child_equals, true)) return "parent.constraint";
    if (!subset.empty() && !within(subset, child_equals, false) && !within(subset, child_subset, false)) return "parent.constraint";
    if (auto const* source = limit->find("SourceArn"); source && child.string_or("SourceArn") != source->text) return "parent.constraint";    // M-06
    return {};
}

}    // namespace kms
