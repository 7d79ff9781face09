// Does one statement apply to one request? Element by element, first failing element first.
#include <algorithm>

#include "policy/conditions.hpp"
#include "policy/principals.hpp"
#include "policy/variables.hpp"

namespace kms {

ContextKey const* Context::find(std::string_view name) const {
    for (auto const& k : keys)
        if (k.name.size() == name.size() && equal_ignore_case(k.name, name)) return &k;
    return nullptr;
}
static ContextKey& slot(Context& context, std::string_view name) {
    for (auto& k : context.keys)
        if (equal_ignore_case(k.name, name)) return k;
    return context.keys.emplace_back();
}
void Context::put(std::string name, std::vector<std::string> values, bool multivalued) {
    auto& k = slot(*this, name);
    k = {std::move(name), std::move(values), multivalued};
}
void Context::put_pair(std::string name, std::string value) {
    auto& k = slot(*this, name);
    if (!k.name.empty() && k.name != name) k.ambiguous = true;
    else k = {std::move(name), {std::move(value)}, false, k.ambiguous};
}
void Context::put_if_absent(std::string name, std::string value) {
    if (!find(name)) put(std::move(name), {std::move(value)});
}

Value params_of(std::initializer_list<Param> all) {
    auto v = Value::object();
    for (auto const& [name, value] : all) v.set(name, std::move(value));
    return v;
}

Value trace_test(std::string_view element, bool yes, std::string_view reason, Value params, std::string_view rule,
                 std::string const& pointer, Value const* where, Texts const& texts) {
    auto v = Value::object();
    v.set("element", element);
    v.set("outcome", yes ? "yes" : "no");
    v.set("reason", reason);
    v.set("params", std::move(params));
    v.set("rule", rule);
    v.set("pointer", pointer);
    if (where) texts.place(v, where->doc, where->begin, where->end);
    return v;
}

namespace {
Value list_of(Value const& v) {
    auto out = Value::array();
    if (!v.is(Kind::array)) out.push(Value::str(v.text));
    for (auto const& item : v.items)
        if (item.is(Kind::string)) out.push(Value::str(item.text));
    return out;
}

// The first listed text that satisfies `f`, or nothing.
template <class F>
Value const* first_of(Value const& v, F f) {
    if (v.is(Kind::string)) return f(v.text) ? &v : nullptr;
    for (auto const& item : v.items)
        if (item.is(Kind::string) && f(item.text)) return &item;
    return nullptr;
}

std::string_view statement_rule(PolicyType type, bool deny, bool delegates) {
    if (deny) return "E-10";
    switch (type) {
        case PolicyType::keyPolicy: return delegates ? "E-04" : "E-06";
        case PolicyType::identityPolicy: return "E-03";
        case PolicyType::permissionsBoundary: return "IL:E-28";
        case PolicyType::sessionPolicy: return "IL:E-29";
        case PolicyType::serviceControlPolicy: return "IL:E-11";
        case PolicyType::resourceControlPolicy: return "IL:E-14";
        case PolicyType::vpcEndpointPolicy: return "IL:E-50";
    }
    return {};
}

struct Matching {
    Value const& s;
    PolicyType type;
    std::string const& pointer;
    Ask const& ask;
    Texts const& texts;
    std::vector<std::string>& missing;
    Language language;
    StatementMatch out{};
    Value tests = Value::array();
    std::string_view reason{};
    Value params{};
    bool decided_otherwise = false;

    // Notes a test; `make_params` is called only when somebody will read them.
    template <class P>
    bool test(std::string_view element, bool yes, std::string_view why, std::string_view rule, std::string const& where, Value const* value,
              P make_params) {
        bool first_failure = !yes && reason.empty();
        if (first_failure) {
            reason = why;
            out.rule = rule;
        }
        if (!ask.explain) return yes;
        auto p = make_params();
        if (first_failure) params = p;
        tests.push(trace_test(element, yes, why, std::move(p), rule, pointer + where, value, texts));
        return yes;
    }

    // An outcome hinges on an assumption only when nothing else has decided it.
    void assume(std::string_view rule, bool holds) {
        decided_otherwise = decided_otherwise || (!holds && rule.empty());
        if (!rule.empty() && std::find(out.assumptions.begin(), out.assumptions.end(), rule) == out.assumptions.end())
            out.assumptions.emplace_back(rule);
    }

    bool principal() {
        if (!has_principal(type)) return true;
        auto const* p = s.find("Principal");
        auto const* not_p = s.find("NotPrincipal");
        if (!p && !not_p) return false;
        auto t =
            p ? test_principal(*p, ask.caller, ask.unique_ids, ask.readings) : test_not_principal(*not_p, ask.caller, out.deny, ask.readings);
        out.as = t.as;
        out.named = t.as == NamedAs::nobody ? Named::no : t.as == NamedAs::account ? Named::delegated : Named::directly;
        assume(t.assumption, true);
        return test("principal", out.named != Named::no, t.reason, t.rule, p ? "/Principal" : "/NotPrincipal", t.value, [&] {
            if (t.as == NamedAs::account) return params_of({{"account", Value::str(ask.caller.account)}});
            if (!t.orphan.empty()) return params_of({{"expected", Value::str(t.orphan)}});
            auto expected = p && out.named != Named::no ? Value::str(t.value->text) : principal_values(p ? *p : *not_p);
            return params_of({{"expected", std::move(expected)}, {"actual", Value::str(ask.caller.arn)}});
        });
    }

    // E-22: stored, but it does nothing
    bool complete() {
        bool action = s.find("Action") || s.find("NotAction"), resource = s.find("Resource") || s.find("NotResource");
        if (action && resource) return true;
        reason = "statement.inert";
        out.rule = "E-22";
        if (ask.explain) params = params_of({{"missing", Value::str(action ? "Resource" : "Action")}});
        return action ? test("resource", false, "resource.none", "E-22", "", &s, [] { return Value::object(); }) : false;
    }

    // `Action`/`NotAction` and `Resource`/`NotResource` work alike
    template <class F>
    bool element(std::string_view name, std::string const& positive, std::string const& actual, std::string_view rule,
                 std::string_view match, std::string_view no_match, std::string_view excluded, F same) {
        auto const* list = s.find(positive);
        auto const& used = list ? *list : *s.find("Not" + positive);
        auto const* hit = first_of(used, same);
        bool yes = (hit != nullptr) == (list != nullptr);
        return test(name, yes,
                    yes    ? match
                    : list ? no_match
                           : excluded,
                    rule, (list ? "/" : "/Not") + positive, hit ? hit : &used, [&] {
                        auto expected = yes && hit ? Value::str(hit->text) : list_of(used);
                        return params_of({{"expected", std::move(expected)}, {"actual", Value::str(actual)}});
                    });
    }

    bool action() {
        return element("action", "Action", ask.action, s.find("Action") ? "IL:A-01" : "IL:A-05", "action.match", "action.noMatch",
                       "action.excluded", [&](std::string const& p) { return glob_ignore_case(p, ask.action); });
    }

    bool resource() {
        auto same = [&](std::string const& p) {
            auto from = language == Language::v2012 ? arn_resource_at(p) : std::string_view::npos;    // IL:R-12
            auto pattern = expand(p, from, ask.context, true);
            if (!pattern.missing.empty()) missing.emplace_back(pattern.missing);
            return pattern.missing.empty() && resource_matches(pattern.text(), ask.resource, pattern.wildcards);    // IL:R-13
        };
        auto rule = ask.resource == "*" ? "IL:R-08" : s.find("Resource") ? "IL:R-03" : "IL:R-11";
        return element("resource", "Resource", ask.resource, rule, "resource.match", "resource.noMatch", "resource.excluded", same);
    }

    // IL:C-01: all of them
    bool conditions() {
        auto const* c = s.find("Condition");
        if (!c) return true;
        bool holds = true;
        for (auto const& op : c->items)
            for (auto const& key : op.items) holds = condition(op, key) && holds;
        return holds;
    }

    bool condition(Value const& op, Value const& key) {
        auto t = test_condition(op.key, key, {ask.context, out.deny, language, ask.readings});
        if (t.absent) missing.push_back(key.key);
        missing.insert(missing.end(), t.missing.begin(), t.missing.end());
        assume(t.assumption, t.holds);
        auto where = ask.explain ? "/Condition" + pointer_step(op.key) + pointer_step(key.key) : std::string();
        return test("condition", t.holds, t.reason, t.rule, where, &key, [&] {
            auto p = params_of({{"operator", Value::str(op.key)},
                                {"key", Value::str(key.key)},
                                {"expected", expected_values(op.key, key, ask.context, language)}});
            auto const* actual = ask.context.find(key.key);
            p.set("actual", t.absent ? Value{} : actual->multivalued ? Value::strings(actual->values) : Value::str(actual->values[0]));
            return p;
        });
    }

    StatementMatch run() {
        out.deny = s.string_or("Effect") == "Deny";
        bool about_caller = principal();
        bool about_this = about_caller && complete() && action() && resource();
        out.applies = about_this && conditions();
        if (decided_otherwise || (about_caller && !about_this)) out.assumptions.clear();
        if (reason.empty()) {
            bool delegates = type == PolicyType::keyPolicy && out.named == Named::delegated && !out.deny;
            reason = delegates ? "statement.delegates" : "statement.matched";
            out.rule = statement_rule(type, out.deny, delegates);
            if (ask.explain) params = delegates ? params_of({{"account", Value::str(ask.caller.account)}}) : Value::object();
        }
        if (ask.explain) explain();
        return std::move(out);
    }

    void explain() {
        auto& t = out.trace = Value::object();
        t.set("kind", "statement");
        t.set("policyType", name_of(type));
        t.set("action", ask.action);
        t.set("effect", s.string_or("Effect"));
        if (auto const* sid = s.find("Sid")) t.set("sid", sid->text);
        t.set("outcome", out.applies ? "matched" : "notMatched");
        t.set("reason", reason);
        t.set("params", std::move(params));
        t.set("rule", out.rule);
        t.set("pointer", pointer);
        texts.place(t, s.doc, s.begin, s.end);
        t.set("tests", std::move(tests));
    }
};
}    // namespace

StatementMatch match_statement(Value const& statement, PolicyType type, std::string const& pointer, Ask const& ask, Texts const& texts,
                               std::vector<std::string>& missing_keys, Language language) {
    return Matching{statement, type, pointer, ask, texts, missing_keys, language}.run();
}

}    // namespace kms
