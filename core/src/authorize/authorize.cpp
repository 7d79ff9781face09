// The procedure of AWS KMS, top to bottom: start reading at `Procedure::run`.
#include "authorize/authorize.hpp"

#include <algorithm>

namespace kms {

std::string_view name_of(Node node) {
    static constexpr std::string_view names[node_count] = {"request", "explicitDeny", "serviceControlPolicy", "vpcEndpointPolicy", "keyPolicy", "accountDelegation", "identityPolicy",
                                                           "permissionsBoundary", "sessionPolicy", "grant", "callerAccount", "retirement", "keyState", "result"};
    return names[static_cast<std::size_t>(node)];
}

namespace {
constexpr std::string_view boundary_name = "permissionsBoundary", session_name = "sessionPolicy", identity_name = "identityPolicy";

/// A way to be allowed, and the policy whose missing Allow blocks it, if any.
struct Path {
    std::string name;
    std::string_view blocked_by;
    std::vector<Determining> by;
    bool grant = false;
};

struct Procedure {
    Request const& r;
    Permission const& p;
    Evidence const& e;
    Readings const& readings;
    std::string_view flipped{};    // the ambiguity whose grants count the other way round
    Verdict out{};
    std::vector<Path> paths{};

    Verdict run() {
        out.action = p.action;
        out.resource = p.resource;
        out.at(Node::request) = Outcome::yes;
        if (explicit_deny()) return std::move(out);
        guardrails();
        if (r.is("RetireGrant")) retirement();    // M-11
        else if (p.identity_only) identity_alone();
        else if (r.caller.form == CallerForm::service) service_principal();
        else if (same_account()) own_key();
        else foreign_key();
        conclude();
        return std::move(out);
    }

    bool same_account() const { return r.caller.account == p.key->account; }
    bool root() const { return r.caller.form == CallerForm::root; }
    bool retiring_exempt() const { return r.is("RetireGrant") && readings.is("A-22", "exempt"); }
    Outcome gate(bool passed) const { return passed ? Outcome::yes : Outcome::no; }

    // E-10, IL:E-01, L-10; the order is that of E-21, X-12, IL:E-02
    bool explicit_deny() {
        bool key_policy_counts = !r.is("RetireGrant") || readings.is("A-21", "denyCounts");
        std::pair<std::string_view, std::vector<Hit> const*> const layers[] = {    // the order in which a message names them
            {"resourceControlPolicy", &e.rcp.deny}, {"serviceControlPolicy", retiring_exempt() ? nullptr : &e.scp.deny}, {"vpcEndpointPolicy", &e.endpoint.deny},
            {"keyPolicy", key_policy_counts ? &e.key_policy.deny : nullptr}, {"identityPolicy", &e.identity.deny}, {"permissionsBoundary", &e.boundary.deny}, {"sessionPolicy", &e.session.deny}};
        for (auto const& [name, hits] : layers) {
            if (!hits || hits->empty()) continue;
            if (out.decided_by.empty()) {
                out.message_policy = std::string(name);
                out.policy_name = hits->front().policy_name;
                out.hidden = name == "keyPolicy" && p.key && !r.caller.account.empty() && !same_account();
            }
            out.decided_by.emplace_back(name);
            for (auto const& h : *hits) out.determining.push_back({"statement", name, h, ""});
        }
        bool denied = !out.decided_by.empty();
        out.at(Node::explicitDeny) = gate(denied);
        if (denied) {
            out.decision = Decision::explicitDeny;
            std::sort(out.decided_by.begin(), out.decided_by.end());
            out.at(Node::result) = Outcome::no;
        }
        return denied;
    }

    // IL:E-11, IL:E-12, E-17: what stands around every path and allows nothing by itself
    void guardrails() {
        out.at(Node::serviceControlPolicy) = e.scp.present && !retiring_exempt() ? gate(e.scp.allows) : Outcome::notApplicable;
        out.at(Node::vpcEndpointPolicy) = e.endpoint.present ? gate(e.endpoint.allows) : Outcome::notApplicable;
        for (auto node : {Node::keyPolicy, Node::accountDelegation, Node::identityPolicy, Node::permissionsBoundary, Node::sessionPolicy, Node::grant, Node::callerAccount, Node::retirement})
            out.at(node) = Outcome::notApplicable;
        if (e.boundary.present) out.at(Node::permissionsBoundary) = gate(e.boundary.allows);
        if (e.session.present) out.at(Node::sessionPolicy) = gate(e.session.allows);
    }

    /// The policy that caps identity-side permissions and does not allow this.
    std::string_view cap() const {
        if (e.boundary.present && !e.boundary.allows) return boundary_name;
        if (e.session.present && !e.session.allows) return session_name;
        return {};
    }
    /// What is missing on the identity side: an Allow, or one of its caps. The root user needs none (IL:E-30).
    std::string_view identity_missing() const { return root() ? std::string_view() : !e.identity.allows ? identity_name : cap(); }

    Determining statement(std::string_view type, Hit const& hit) const { return {"statement", type, hit, ""}; }
    std::vector<Determining> identity_side() const {
        std::vector<Determining> by;
        for (auto const& h : e.key_policy.allow)
            if (h.delegated) by.push_back(statement("keyPolicy", h));
        for (auto const& h : e.identity.allow) by.push_back(statement(identity_name, h));
        return by;
    }
    void offer(std::string name, std::string_view blocked_by, std::vector<Determining> by, bool grant = false) { paths.push_back({std::move(name), blocked_by, std::move(by), grant}); }

    // E-20: a statement that names the role is limited by boundary and session policy; one that names the session or user is not
    void direct() {
        for (auto const& h : e.key_policy.allow)
            if (!h.delegated) offer("keyPolicy", h.role_form ? cap() : std::string_view(), {statement("keyPolicy", h)});
        out.at(Node::keyPolicy) = gate(e.key_policy.allows);
    }

    // One path that allows is enough (E-01, E-02, IL:E-20 … IL:E-25): a grant needs nothing of the key policy (E-07), is not narrowed by its
    // conditions (E-09, E-30, C-52, O-06), and takes nothing away from it (E-08)
    void own_key() {
        direct();    // E-06, E-23, G-05, M-32, M-34, IL:E-22 … IL:E-25, L-01, L-03, L-16
        out.at(Node::accountDelegation) = root() ? Outcome::notApplicable : gate(e.delegates);
        if (!root()) {    // E-03, E-04, IL:E-20, IL:E-21, L-11
            out.at(Node::identityPolicy) = e.delegates ? gate(e.identity.allows) : Outcome::notReached;
            if (e.delegates && e.identity.allows) offer("identityPolicy", cap(), identity_side());
        }
        grants([&](GrantHit const& g) { return grant_cap(g); });
    }

    /// What still limits a grant to the caller: A-1 by the form of its grantee, A-4 for an account.
    std::string_view grant_cap(GrantHit const& g) const {
        if (root() || g.form == "service") return {};
        if (g.named == GrantNamed::account && readings.is("A-4", "delegates")) return identity_missing();
        bool limited = readings.is("A-1", "limited") || (g.form == "role" && readings.is("A-1", "granteeForm"));
        return limited ? cap() : std::string_view();
    }

    template <class F>
    void grants(F missing) {    // E-26, E-27, G-08, G-12, IL:E-31
        bool any = false;
        for (auto const& g : e.grants) {
            bool applies = g.applies != (std::find(g.hinges.begin(), g.hinges.end(), flipped) != g.hinges.end());
            if (!applies) continue;
            any = true;
            offer("grant", missing(g), {{"grant", "", g.hit, g.id}}, true);
        }
        auto const* o = find_operation(std::string_view(p.action).substr(4));
        out.at(Node::grant) = o && o->grantable() ? gate(any) : Outcome::notApplicable;
    }

    // E-11, E-12, E-13, E-15, E-31: another account's key needs both sides (IL:E-40 … IL:E-47, M-31, M-40, P-31)
    void foreign_key() {
        if (!r.operation->cross_account() || !region_enabled()) {
            out.at(Node::callerAccount) = Outcome::no;
            foreign_refused = true;
            if (r.operation->cross_account()) trace_check("region.notEnabled", params_of({{"account", Value::str(r.caller.account)}, {"region", Value::str(p.key->region)}}), "E-15");
            else trace_check("operation.sameAccountOnly", params_of({{"action", Value::str(p.action)}}), "E-13");
            return;
        }
        bool owner = !e.key_policy.allow.empty();
        out.at(Node::keyPolicy) = gate(e.key_policy.allows);
        out.at(Node::accountDelegation) = gate(e.delegates);
        out.at(Node::identityPolicy) = root() ? Outcome::notApplicable : gate(e.identity.allows);
        auto missing = identity_missing();
        out.at(Node::callerAccount) = gate(missing.empty());
        if (owner) {
            std::vector<Determining> by;
            for (auto const& h : e.key_policy.allow) by.push_back(statement("keyPolicy", h));
            for (auto const& h : e.identity.allow) by.push_back(statement(identity_name, h));
            offer(root() ? "keyPolicy" : "identityPolicy", missing, std::move(by));    // E-05: a root user has no identity policies
        }
        grants([&](GrantHit const& g) {
            bool consent = readings.is("A-2", "grantAlone") || (readings.is("A-2", "issuingAccount") && g.issuing_account == r.caller.account);
            if (!consent && !missing.empty()) return missing;
            if (consent && g.named != GrantNamed::account) out.at(Node::callerAccount) = Outcome::yes;
            return grant_cap(g);
        });
    }
    bool foreign_refused = false;    ///< whatever the policies say

    bool region_enabled() const {
        static constexpr std::string_view opt_in[] = {"af-south-1",     "ap-east-1",    "ap-east-2",  "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
                                                      "ca-west-1",      "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",   "me-central-1",   "me-south-1",     "mx-central-1"};
        if (!opt_in_regions || std::find(std::begin(opt_in), std::end(opt_in), p.key->region) == std::end(opt_in)) return true;
        return std::any_of(opt_in_regions->items.begin(), opt_in_regions->items.end(), [&](auto const& v) { return v.text == p.key->region; });
    }
    Value const* opt_in_regions = nullptr;

    void service_principal() {    // IL:E-52
        direct();
        grants([](GrantHit const&) { return std::string_view(); });
    }

    void identity_alone() {    // O-01, M-50
        if (r.caller.form == CallerForm::service) return;
        out.at(Node::identityPolicy) = root() ? Outcome::notApplicable : gate(e.identity.allows);
        if (root()) offer("identityPolicy", {}, {});
        else if (e.identity.allows) offer("identityPolicy", cap(), identity_side());
    }

    // The key's state and the grant's constraints do not matter (M-15, M-18); who may: L-20, L-21, M-21, M-22, A-20, A-23.
    // M-11: (a) the retiring principal, (b) the grantee, (c) the issuing account, (d) whom an account of (a) or (c) delegated
    void retirement() {
        auto const& g = *r.grant;
        auto tests = Value::array();
        Hit hit{r.grant_pointer, "", "", "M-11", g.doc, g.begin, g.end, false, false};
        std::vector<Determining> grant{{"grant", "", hit, std::string(g.string_or("GrantId"))}};
        bool any = false;
        auto way = [&](std::string_view element, std::string_view name, bool named, std::string_view missing, std::string_view why_not, Value params, std::string_view rule, Value const* where) {
            bool yes = named && missing.empty();
            any = any || yes;
            auto reason = yes ? "retire." + std::string(element) : named ? std::string("retire.notDelegated") : std::string(why_not);
            auto here = r.grant_pointer + (where && where != &g ? pointer_step(where->key) : "");
            tests.push(trace_test(element, yes, reason, std::move(params), rule, here, where, *texts));
            if (!named) return;
            auto by = grant;
            if (missing.empty() && !root() && name != "granteePrincipal" && !directly) {
                auto identity = identity_side();
                by.insert(by.end(), identity.begin(), identity.end());
            }
            offer(std::string(name), missing, std::move(by));
        };
        auto actual = params_of({{"actual", Value::str(r.caller.arn)}});

        auto const* service = g.find("RetiringServicePrincipal");
        auto const* retiring = service ? service : g.find("RetiringPrincipal");
        auto by = !retiring ? NamedBy{} : service ? named_service(service->text, r.caller) : named_in_grant(retiring->text, r.caller);
        if (by.assumption == "P-23" && readings.is("P-23", "label")) by.named = GrantNamed::no;
        directly = by.named == GrantNamed::directly;
        way("retiringPrincipal", "retiringPrincipal", by.named != GrantNamed::no, by.named == GrantNamed::account ? identity_missing() : std::string_view(), "retire.notEntitled",
            by.named == GrantNamed::account ? params_of({{"account", Value::str(r.caller.account)}}) : actual, by.named == GrantNamed::account ? "M-13" : "M-11", retiring ? retiring : &g);

        auto const* grantee_service = g.find("GranteeServicePrincipal");
        auto const* grantee = grantee_service ? grantee_service : g.find("GranteePrincipal");
        auto grantee_by = !grantee ? NamedBy{} : grantee_service ? named_service(grantee->text, r.caller) : named_in_grant(grantee->text, r.caller);
        if (grantee_by.assumption == "P-23" && readings.is("P-23", "label")) grantee_by.named = GrantNamed::no;
        auto const* operations = g.find("Operations");
        bool listed = operations && std::any_of(operations->items.begin(), operations->items.end(), [](auto const& o) { return o.text == "RetireGrant"; });
        bool entitled = listed && grantee_by.named != GrantNamed::no;
        directly = grantee_by.named == GrantNamed::directly;
        way("granteePrincipal", "granteePrincipal", entitled && r.grant_seen,
            grantee_by.named == GrantNamed::account && readings.is("A-4", "delegates") ? identity_missing() : std::string_view(), entitled && !r.grant_seen ? "visibility.needsToken" : "retire.notEntitled", actual, grantee_by.named == GrantNamed::account ? "A-4" : "M-11", grantee ? grantee : &g);

        auto issuer = issuing_account(g, p.key->account);    // M-14
        bool owner = readings.is("A-12", "ownerToo") && r.caller.account == p.key->account && r.caller.account != issuer;
        auto account = params_of({{"account", Value::str(owner ? p.key->account : issuer)}});
        directly = false;
        way("issuingAccount", "issuingAccount", !r.caller.account.empty() && (r.caller.account == issuer || owner), identity_missing(), "retire.notEntitled",
            r.caller.account == issuer || owner ? account : actual, owner ? "A-12" : "M-13", g.find("IssuingAccount") ? g.find("IssuingAccount") : &g);
        out.at(Node::identityPolicy) = r.caller.form == CallerForm::service || root() ? Outcome::notApplicable : gate(e.identity.allows);
        out.at(Node::retirement) = gate(any);
        trace_retirement(any, std::move(tests));
    }
    bool directly = false;
    Texts const* texts = nullptr;

    /// What no document says.
    void trace_check(std::string_view reason, Value params, std::string_view rule) {
        auto entry = Value::object();
        entry.set("kind", "check");
        entry.set("action", p.action);
        entry.set("outcome", "notMatched");
        entry.set("reason", reason);
        entry.set("params", std::move(params));
        entry.set("rule", rule);
        out.trace.push(std::move(entry));
    }

    void trace_retirement(bool yes, Value tests) {
        auto const& g = *r.grant;
        auto entry = Value::object();
        entry.set("kind", "grant");
        entry.set("action", p.action);
        entry.set("grantId", g.string_or("GrantId"));
        entry.set("outcome", yes ? "matched" : "notMatched");
        entry.set("reason", yes ? "grant.matched" : "retire.notEntitled");
        entry.set("params", yes ? Value::object() : params_of({{"actual", Value::str(r.caller.arn)}}));
        entry.set("rule", "M-11");
        entry.set("pointer", r.grant_pointer);
        texts->place(entry, g.doc, g.begin, g.end);
        entry.set("tests", std::move(tests));
        out.trace.push(std::move(entry));
    }

    void conclude() {    // IL:E-32
        bool scp_stops = e.scp.present && !e.scp.allows && !retiring_exempt();
        bool endpoint_stops = e.endpoint.present && !e.endpoint.allows;
        for (auto const& path : paths) {
            bool past_scp = !scp_stops || (path.grant && readings.is("A-3", "unlimited"));
            if (!path.blocked_by.empty() || endpoint_stops || !past_scp) continue;
            if (std::find(out.decided_by.begin(), out.decided_by.end(), path.name) == out.decided_by.end()) out.decided_by.push_back(path.name);
            for (auto const& d : path.by) add(d);
        }
        if (!out.decided_by.empty()) {
            out.decision = Decision::allowed;
            std::sort(out.decided_by.begin(), out.decided_by.end());
            return;
        }
        out.decision = Decision::implicitDeny;
        out.message_policy = missing_allow(scp_stops, endpoint_stops);
        out.decided_by = {out.message_policy};
        out.at(Node::result) = Outcome::no;
    }
    void add(Determining const& d) {
        if (std::none_of(out.determining.begin(), out.determining.end(), [&](auto const& o) { return o.hit.pointer == d.hit.pointer; })) out.determining.push_back(d);
    }

    /// The policy type whose missing Allow AWS's message names (IL:E-03, X-06).
    std::string missing_allow(bool scp_stops, bool endpoint_stops) {
        if (r.is("RetireGrant")) return "identityPolicy";
        if (scp_stops) return "serviceControlPolicy";    // E-21
        if (endpoint_stops) return "vpcEndpointPolicy";
        if (foreign_refused) {
            out.hidden = true;
            return "keyPolicy";
        }
        for (auto cap_name : {boundary_name, session_name})
            if (std::any_of(paths.begin(), paths.end(), [&](auto const& path) { return path.blocked_by == cap_name; })) return std::string(cap_name);
        if (p.identity_only) return "identityPolicy";
        if (r.caller.form == CallerForm::service) return "keyPolicy";
        if (same_account()) return e.delegates ? "identityPolicy" : "keyPolicy";
        bool owner_allows = !paths.empty();
        out.hidden = !owner_allows;
        return owner_allows ? "identityPolicy" : "keyPolicy";
    }
};

/// Whether the evidence holds anything that another reading of this ambiguity could turn. Saves drawing verdicts that cannot differ.
bool could_turn(std::string_view id, Request const& r, Evidence const& e) {
    if (r.is("RetireGrant")) return true;
    if (id == "A-1") return (e.boundary.present && !e.boundary.allows) || (e.session.present && !e.session.allows);
    if (id == "A-3") return e.scp.present && !e.scp.allows;
    if (id == "A-2") return !e.grants.empty();
    if (id == "A-4") return std::any_of(e.grants.begin(), e.grants.end(), [](auto const& g) { return g.named == GrantNamed::account; });
    return std::any_of(e.grants.begin(), e.grants.end(), [&](auto const& g) { return std::find(g.hinges.begin(), g.hinges.end(), id) != g.hinges.end(); });
}

/// What a permission's decision would be under another reading of an ambiguity; only where it differs.
struct Alternative {
    std::string id;
    std::string_view reading;
    Decision decision;
};

Verdict decide_one(World const& w, Request const& r, Permission const& p, std::vector<Alternative>& alternatives) {
    auto evidence = collect(w, r, p, w.readings, r.explain);
    auto account = find_entry(w, "accounts", "id", r.caller.account);
    auto conclude = [&](Evidence const& from, Readings const& readings, std::string_view flipped) {
        Procedure procedure{r, p, from, readings, flipped};
        procedure.texts = &w.texts;
        procedure.opt_in_regions = account.value ? account.value->find("enabledOptInRegions") : nullptr;
        return procedure.run();
    };
    auto verdict = conclude(evidence, w.readings, {});
    auto consider = [&](std::string_view id, std::string_view reading, Decision decision) {
        if (decision != verdict.decision) alternatives.push_back({std::string(id), reading, decision});
    };
    for (auto const& a : ambiguities()) {
        if (!could_turn(a.id, r, evidence)) continue;
        for (auto other : w.readings.others(a.id)) {
            auto readings = w.readings;
            readings.choose(a.id, other);
            consider(a.id, other, conclude(evidence, readings, a.id).decision);
        }
    }
    // What statements went by is in the evidence, so that is collected anew under the other readings.
    for (auto const& id : evidence.assumptions)
        for (auto other : w.readings.others(id)) {
            auto readings = w.readings;
            readings.choose(id, other);
            consider(id, other, conclude(collect(w, r, p, readings, false), w.readings, {}).decision);
        }
    for (auto& entry : verdict.trace.items) evidence.trace.push(std::move(entry));
    verdict.trace = std::move(evidence.trace);
    verdict.missing_keys = std::move(evidence.missing_keys);
    return verdict;
}

void append_unique(std::vector<std::string>& all, std::vector<std::string> const& more) {
    for (auto const& m : more)
        if (std::find(all.begin(), all.end(), m) == all.end()) all.push_back(m);
    std::sort(all.begin(), all.end());
}

int rank(Decision d) { return d == Decision::explicitDeny ? 0 : d == Decision::implicitDeny ? 1 : 2; }

/// The ambiguities on which the decision of the whole request hinges: under another reading, its permissions together decide otherwise.
std::vector<std::string> hinges(std::vector<Verdict> const& verdicts, std::vector<std::vector<Alternative>> const& alternatives, Decision decided) {
    std::vector<std::string> ids;
    for (auto const& of_one : alternatives)
        for (auto const& a : of_one) {
            auto decision = Decision::allowed;
            for (std::size_t i = 0; i < verdicts.size(); ++i) {
                auto one = verdicts[i].decision;
                for (auto const& b : alternatives[i])
                    if (b.id == a.id && b.reading == a.reading) one = b.decision;
                if (rank(one) < rank(decision)) decision = one;
            }
            if (decision != decided) append_unique(ids, {a.id});
        }
    return ids;
}
}    // namespace

Verdict authorize(World const& w, Request const& r) {
    std::vector<Verdict> all;
    std::vector<std::vector<Alternative>> alternatives(r.permissions.size());
    for (auto const& p : r.permissions) all.push_back(decide_one(w, r, p, alternatives[all.size()]));
    auto decides = std::min_element(all.begin(), all.end(), [](auto const& a, auto const& b) { return rank(a.decision) < rank(b.decision); });
    auto trace = Value::array();
    for (auto& v : all) {
        for (auto& entry : v.trace.items) trace.push(std::move(entry));
        v.trace = {};
    }
    Verdict out = *decides;
    out.trace = std::move(trace);
    out.missing_keys.clear();
    out.assumptions = hinges(all, alternatives, out.decision);
    for (auto const& v : all) {
        append_unique(out.missing_keys, v.missing_keys);
        if (out.decision == Decision::implicitDeny || v.decision != out.decision) continue;    // the first refused half decides; all Denies and all Allows count
        append_unique(out.decided_by, v.decided_by);
        if (&v == &*decides) continue;
        out.determining.insert(out.determining.end(), v.determining.begin(), v.determining.end());
    }
    return out;
}

}    // namespace kms
