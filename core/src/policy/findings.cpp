// Findings about documents, actions and resources: what AWS stores although it is useless or dangerous.
#include <algorithm>
#include <map>
#include <set>

#include "catalog/operations.hpp"
#include "policy/checks.hpp"
#include "policy/variables.hpp"

namespace kms {

Diagnostic& Checks::warn(Value const& where, std::string const& pointer, char const* code, std::string message, std::string help) const {
    return problems.at(Severity::warning, where, pointer, code, std::move(message), std::move(help));
}
Diagnostic& Checks::warn_name(Value const& member, std::string const& pointer, char const* code, std::string message,
                              std::string help) const {
    auto& d = problems.key(member, pointer, code, std::move(message), std::move(help));
    d.severity = Severity::warning;
    return d;
}

namespace {
bool is_kms(std::string_view action) { return equal_ignore_case(action.substr(0, 4), "kms:"); }

// What a policy can allow: the operations, but ReEncrypt by its two halves (O-02)
std::vector<Operation const*> const& permissions() {
    static auto const all = [] {
        std::vector<Operation const*> out;
        for (auto name : operation_names())
            if (name != "ReEncrypt") out.push_back(find_operation(name));
        return out;
    }();
    return all;
}

std::vector<Operation const*> covered_by(std::string_view action) {
    std::vector<Operation const*> out;
    if (action != "*" && !is_kms(action)) return out;
    auto name = action == "*" ? action : action.substr(4);
    for (auto const* o : permissions())
        if (glob_ignore_case(name, o->name)) out.push_back(o);
    return out;
}

bool alias_operation(Operation const* o) { return o->name == "CreateAlias" || o->name == "UpdateAlias" || o->name == "DeleteAlias"; }
}    // namespace

StatementFacts facts_of(Value const& s, std::string const& pointer) {
    StatementFacts f{s, pointer, s.string_or("Effect") == "Allow", false, false, {}};
    if (auto const* actions = s.find("Action")) {
        f.kms_only = true;
        each_with_pointer(*actions, "", [&](Value const& a, std::string const&) {
            f.actions.emplace_back(&a, covered_by(a.text));
            f.kms_only = f.kms_only && is_kms(a.text);
        });
    }
    if (auto const* p = s.find("Principal"); p && p->is(Kind::object))
        f.services_only = p->items.size() == 1 && p->items[0].key == "Service";
    return f;
}

void find_redundant(Checks const& checks, Value const& list, std::string const& pointer,
                    std::function<bool(std::string_view, std::string_view)> const& covers) {
    if (!list.is(Kind::array)) return;
    constexpr std::size_t most = 32;    // wide patterns that others are compared with, so that long lists stay fast
    std::vector<Value const*> wide;
    for (auto const& v : list.items)
        if (wide.size() < most && v.text.find_first_of("*?") != std::string::npos) wide.push_back(&v);
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        auto const& v = list.items[i];
        if (!v.is(Kind::string)) continue;
        auto const* by = seen.insert(v.text).second ? nullptr : &v;
        for (auto const* w : wide)
            if (!by && w != &v && w->text != v.text && covers && covers(w->text, v.text)) by = w;
        if (!by) continue;
        checks
            .warn(v, pointer + "/" + std::to_string(i), "policy.redundant",
                  "`" + v.text + "` adds nothing: `" + by->text + "` is in this list already", "remove it")
            .params = params_of({{"value", Value::str(v.text)}, {"coveredBy", Value::str(by->text)}});
    }
}

// The document

namespace {
struct Quota {
    std::size_t most;
    char const* of;
    PolicyType type;
    bool everything;    // bytes, white space included; else characters without it
};
constexpr Quota quotas[] = {
    {32768, "a key policy", PolicyType::keyPolicy, true},
    {6144, "a managed policy", PolicyType::identityPolicy, false},
    {6144, "a managed policy", PolicyType::permissionsBoundary, false},
    {2048, "a session policy", PolicyType::sessionPolicy, false},
    {5120, "a service control policy", PolicyType::serviceControlPolicy, true},
    {5120, "a resource control policy", PolicyType::resourceControlPolicy, true},
};

std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// IL:G-20. Of a policy that is an object of a scenario only the shortest text that says the same can be counted.
void find_size(Checks const& checks, Value const& policy, std::string const& pointer) {
    for (auto const& q : quotas) {
        if (q.type != checks.type) continue;
        bool bytes = q.type == PolicyType::keyPolicy;
        auto text = q.everything && !checks.facts.text.empty() ? std::string(checks.facts.text) : write_json(policy);
        auto size = bytes ? text.size() : characters_of(text);
        if (size <= q.most) continue;
        auto unit = bytes ? "bytes" : "characters";
        checks
            .warn(policy, pointer, "policy.size",
                  std::string(q.of) + " has at most " + std::to_string(q.most) + " " + unit + "; this one has " + std::to_string(size),
                  "shorten it, or split it where several may be attached")
            .params = params_of({{"size", Value::num(size)}, {"most", Value::num(q.most)}, {"unit", Value::str(unit)}});
    }
}

void find_version(Checks const& checks, Value const& policy, std::string const& pointer) {    // IL:G-10, IL:G-12
    auto const* version = policy.find("Version");
    if (!version) {
        checks.warn(policy, pointer, "policy.missingVersion",
                    "without `Version` the language of 2008 applies, in which policy variables are literal text",
                    "add \"Version\": \"2012-10-17\"");
    } else if (checks.language == Language::v2008) {
        bool refused = checks.type != PolicyType::keyPolicy && checks.type != PolicyType::vpcEndpointPolicy;
        checks.warn(*version, pointer + "/Version", "policy.oldVersion",
                    refused ? "IAM saves only policies of version 2012-10-17; here this one is read as 2008's, in which policy variables "
                              "are literal text"
                            : "in the language of 2008 policy variables are literal text",
                    "write \"2012-10-17\"");
    }
    bool id_belongs = checks.type == PolicyType::keyPolicy || checks.type == PolicyType::vpcEndpointPolicy;
    if (auto const* id = policy.find("Id"); id && !id_belongs) {    // IL:G-13
        auto& d = checks.warn(*id, pointer + "/Id", "policy.idIgnored", "`Id` is meant for policies of resources; here it has no effect",
                              "remove it");
        d.severity = Severity::info;
    }
}

// IL:G-14
void find_sids(Checks const& checks, Value const& statements, std::string const& pointer) {
    std::set<std::string_view> seen;
    each_with_pointer(statements, pointer, [&](Value const& s, std::string const& at) {
        auto const* sid = s.find("Sid");
        if (!sid) return;
        auto here = at + "/Sid";
        auto plain = std::all_of(sid->text.begin(), sid->text.end(),
                                 [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); });
        if (sid->text.empty()) {
            checks.warn(*sid, here, "policy.emptySid", "an empty `Sid` says nothing", "name what the statement is for, or remove it");
        } else if (!seen.insert(sid->text).second) {
            bool refused = checks.type != PolicyType::keyPolicy && checks.type != PolicyType::vpcEndpointPolicy;
            checks
                .warn(*sid, here, "policy.duplicateSid",
                      "another statement has this `Sid`" + std::string(refused ? "; IAM refuses to save such a policy" : ""),
                      "give each statement its own")
                .params.set("sid", sid->text);
        } else if (!plain && checks.type != PolicyType::keyPolicy && checks.type != PolicyType::vpcEndpointPolicy) {
            checks
                .warn(*sid, here, "policy.sidCharacters", "IAM refuses a `Sid` with other characters than letters and digits",
                      "remove blanks and punctuation")
                .params.set("sid", sid->text);
        }
    });
}

void find_twins(Checks const& checks, Value const& statements, std::string const& pointer) {
    std::map<std::string, std::string> seen;
    each_with_pointer(statements, pointer, [&](Value const& s, std::string const& at) {
        auto copy = s;
        if (auto* sid = copy.find("Sid")) sid->text.clear();
        copy.key.clear();
        auto [first, fresh] = seen.emplace(write_json(copy), at);
        if (fresh) return;
        checks.warn(s, at, "policy.redundantStatement", "another statement says the same", "remove one of them")
            .params.set("other", first->second);
    });
}

// A key policy that lets nobody change it any more can be repaired by AWS Support only (P-13).
void find_lockout(Checks const& checks, std::vector<StatementFacts> const& all, Value const& policy, std::string const& pointer) {
    if (checks.type != PolicyType::keyPolicy || checks.facts.aws_managed) return;
    for (auto const& s : all) {
        auto const* p = s.statement.find("Principal");
        auto const* resource = s.statement.find("Resource");
        bool somebody = p && (p->text == "*" || std::any_of(p->items.begin(), p->items.end(),
                                                            [](auto const& k) { return !k.is(Kind::array) || !k.items.empty(); }));
        bool effective = s.allow && (resource || s.statement.find("NotResource"));
        auto puts = [](auto const& a) {
            return std::any_of(a.second.begin(), a.second.end(), [](auto const* o) { return o->name == "PutKeyPolicy"; });
        };
        bool listed = std::any_of(s.actions.begin(), s.actions.end(), puts);
        if (effective && ((somebody && listed) || s.statement.find("NotAction") || s.statement.find("NotPrincipal"))) return;
    }
    checks.warn(policy, pointer, "policy.lockout",
                "no statement lets anybody call kms:PutKeyPolicy, so this key policy could not be changed again",
                "add the statement of the default key policy: \"kms:*\" for the account's root ARN");
}
}    // namespace

void find_in_document(Checks const& checks, Value const& policy, std::string const& pointer) {
    find_version(checks, policy, pointer);
    find_size(checks, policy, pointer);
    auto const& statements = *policy.find("Statement");
    auto where = pointer + "/Statement";
    find_sids(checks, statements, where);
    find_twins(checks, statements, where);
    std::vector<StatementFacts> all;
    std::vector<std::string> pointers;
    each_with_pointer(statements, where, [&](Value const&, std::string const& at) { pointers.push_back(at); });
    each_with_pointer(statements, where, [&](Value const& s, std::string const&) { all.push_back(facts_of(s, pointers[all.size()])); });
    find_lockout(checks, all, policy, pointer);
    for (auto const& s : all) find_in_statement(checks, s);
}

// Actions

namespace {
std::string likely_action(std::string_view action) {
    auto trimmed = action;
    while (!trimmed.empty() && trimmed.back() == ' ') trimmed.remove_suffix(1);
    while (!trimmed.empty() && trimmed.front() == ' ') trimmed.remove_prefix(1);
    if (trimmed != action) return std::string(trimmed);    // IL:A-07
    if (equal_ignore_case(action, "kms:ReEncrypt")) return "kms:ReEncrypt*";
    auto near = is_kms(action) ? nearest(action.substr(4), operation_names()) : std::string();
    return near.empty() ? near : "kms:" + near;
}

void find_in_action(Checks const& checks, Value const& v, std::vector<Operation const*> const& covered, std::string const& pointer,
                    bool listed) {
    find_in_variables(checks, v, pointer, false, "Action");
    auto note = [&](char const* code, std::string message, std::string help) {
        checks.warn(v, pointer, code, std::move(message), std::move(help)).params.set("action", v.text);
    };
    bool blank = v.text.find(' ') != std::string::npos;
    if (v.text != "*" && !is_kms(v.text) && !blank) {
        if (checks.type == PolicyType::keyPolicy)
            note("policy.otherServiceAction", "a key policy is about KMS only: `" + v.text + "` has no effect",
                 "remove it, or move it to an IAM policy");
    } else if (covered.empty()) {    // IL:A-04
        auto likely = likely_action(v.text);
        note("policy.unknownAction", "KMS has no action `" + v.text + "`, so this has no effect",
             likely.empty() ? "see the actions of AWS KMS" : "did you mean \"" + likely + "\"?");
        checks.problems.all.back().params.set("nearest", likely);
    } else if (listed && checks.type == PolicyType::keyPolicy &&
               std::all_of(covered.begin(), covered.end(), [](auto const* o) { return o->identity_only(); })) {    // O-01, M-12
        bool retire = covered.size() == 1 && covered[0]->name == "RetireGrant";
        note(
            "policy.notEffective",
            "`" + v.text + "` has no effect in a key policy" +
                (retire ? ": who may retire a grant is decided by the grant and by IAM policies" : ": it is decided by IAM policies alone"),
            retire ? "name a retiring principal in the grant, or allow kms:RetireGrant in an IAM policy" : "allow it in an IAM policy");
    }
}

void find_in_actions(Checks const& checks, StatementFacts const& s) {
    for (char const* name : {"Action", "NotAction"}) {
        auto const* list = s.statement.find(name);
        if (!list) continue;
        auto here = s.pointer + pointer_step(name);
        if (list->is(Kind::array) && list->items.empty())
            checks
                .warn(*list, here, "policy.emptyList", "`" + std::string(name) + "` is empty, so the statement has no effect",
                      "list the actions")
                .params.set("element", name);
        each_with_pointer(*list, here, [&](Value const& v, std::string const& at) {
            find_in_action(checks, v, covered_by(v.text), at, std::string_view(name) == "Action");
        });
        find_redundant(checks, *list, here, [](auto wide, auto other) { return glob_ignore_case(wide, other); });
    }
}

// Resources

bool wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

// Why a pattern is no good ARN; nothing when it is one (IL:R-01, IL:R-05, IL:R-06)
std::pair<char const*, char const*> flaw_of(std::string_view text) {
    if (!starts_with(text, "arn:")) return {"prefix", "write the key's ARN, or \"*\""};
    auto arn = parse_arn(text);
    if (!arn.valid) return {"fields", "an ARN has six parts: arn:aws:kms:REGION:ACCOUNT:key/KEY-ID"};
    if (wildcard(arn.service)) return {"serviceWildcard", "name the service: kms"};
    if (lower(arn.service) != arn.service) return {"serviceCase", "write the service in small letters"};
    if (!wildcard(arn.partition) && arn.partition != "aws" && !starts_with(arn.partition, "aws-"))
        return {"partition", "the partition is aws, aws-cn, aws-us-gov or another of AWS's"};
    if (arn.service != "kms") return {nullptr, ""};
    auto account = arn.account;
    if (!wildcard(account) && account.find("${") == std::string_view::npos && (account.size() != 12 || !all_digits(account)))
        return {"account", "a KMS ARN names the account by its 12 digits"};
    auto region = arn.region;
    bool regional = !region.empty() && std::all_of(region.begin(), region.end(),
                                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (!wildcard(region) && region.find("${") == std::string_view::npos && !regional)
        return {"region", "a KMS ARN names the Region, such as us-east-1"};
    if (!wildcard(arn.resource) && !starts_with(arn.resource, "key/") && !starts_with(arn.resource, "alias/") &&
        arn.resource.find("${") == std::string_view::npos)
        return {"resource", "KMS has keys (key/…) and aliases (alias/…)"};
    return {nullptr, ""};
}

void find_in_resource(Checks const& checks, StatementFacts const& s, Value const& v, std::string const& pointer, bool listed) {
    if (!v.is(Kind::string) || v.text == "*") return;
    find_in_variables(checks, v, pointer, true, "Resource", std::min(arn_resource_at(v.text), v.text.size()));
    auto note = [&](char const* code, std::string message, std::string help) -> Diagnostic& {
        auto& d = checks.warn(v, pointer, code, std::move(message), std::move(help));
        d.params.set("resource", v.text);
        return d;
    };
    auto arn = parse_arn(v.text);
    if (auto [flaw, help] = flaw_of(v.text); flaw)
        note("policy.resourceArn", starts_with(v.text, "arn:") ? "this is a malformed ARN" : "this is no ARN, so it matches nothing", help)
            .params.set("flaw", flaw);
    if (!listed || !arn.valid) return;
    bool key_operations = false, alias_operations = false;
    for (auto const& [value, covered] : s.actions)
        for (auto const* o : covered) (alias_operation(o) ? alias_operations : key_operations) = true;
    if (starts_with(arn.resource, "alias/") && key_operations &&
        (!alias_operations || checks.type == PolicyType::keyPolicy)) {    // IL:R-07, O-05
        note("policy.aliasResource",
             "an alias in `Resource` matches no operation on a key: KMS checks those against the key's ARN, whatever the request names",
             checks.type == PolicyType::keyPolicy
                 ? "write \"*\", which means this key"
                 : "write the key's ARN, or \"*\" with a condition on kms:ResourceAliases or kms:RequestAlias");
    } else if (checks.type == PolicyType::keyPolicy && !checks.facts.key_arn.empty() &&
               !resource_matches(v.text, checks.facts.key_arn)) {    // P-12, IL:R-09
        note("policy.otherResource", "this is not the key that the policy belongs to, so it matches nothing",
             "write \"*\", which means this key");
    } else if (checks.type == PolicyType::keyPolicy && !wildcard(arn.service) && arn.service != "kms") {
        note("policy.otherResource", "a key policy is about its key only, so this matches nothing", "write \"*\", which means this key");
    }
}

// IL:R-08: operations without a key are checked against "*"
void find_needs_star(Checks const& checks, StatementFacts const& s, Value const& resources) {
    if (!s.allow || checks.type == PolicyType::keyPolicy) return;
    bool star = false;
    each_with_pointer(resources, "", [&](Value const& v, std::string const&) { star = star || resource_matches(v.text, "*"); });
    if (star) return;
    for (auto const& [value, covered] : s.actions) {
        if (covered.empty() || !std::all_of(covered.begin(), covered.end(), [](auto const* o) { return o->subject == Subject::account; }))
            continue;
        auto const& actions = *s.statement.find("Action");
        auto at = s.pointer + "/Action" + (actions.is(Kind::array) ? "/" + std::to_string(value - actions.items.data()) : "");
        checks
            .warn(*value, at, "policy.resourceNeedsStar", "`" + value->text + "` is not about a key, so only the resource \"*\" allows it",
                  "put it in a statement of its own with \"Resource\": \"*\"")
            .params.set("action", value->text);
    }
}

void find_in_resources(Checks const& checks, StatementFacts const& s) {
    for (char const* name : {"Resource", "NotResource"}) {
        auto const* list = s.statement.find(name);
        if (!list) continue;
        auto here = s.pointer + pointer_step(name);
        bool positive = std::string_view(name) == "Resource";
        if (list->is(Kind::array) && list->items.empty())    // IL:R-15
            checks
                .warn(*list, here, "policy.emptyList", "`" + std::string(name) + "` is empty, so the statement has no effect",
                      "list the resources")
                .params.set("element", name);
        each_with_pointer(*list, here, [&](Value const& v, std::string const& at) { find_in_resource(checks, s, v, at, positive); });
        find_redundant(checks, *list, here, [](auto wide, auto other) { return resource_matches(wide, other); });
        if (positive) find_needs_star(checks, s, *list);
    }
}

std::string_view problem_text(std::string_view problem) {
    if (problem == "missingBrace") return "this policy variable is not closed";
    if (problem == "missingQuote") return "the default of this policy variable is malformed";
    if (problem == "space") return "a policy variable holds no blanks";
    if (problem == "empty") return "this policy variable is empty";
    if (problem == "version") return "policy variables need version 2012-10-17";
    return "policy variables are not replaced here";
}
}    // namespace

void find_in_variables(Checks const& checks, Value const& v, std::string const& pointer, bool replaced_here, std::string_view place,
                       std::size_t from) {
    auto first = next_variable(v.text, 0);
    if (!first) return;
    std::string_view problem;
    if (!replaced_here || first->begin < from) problem = "place";
    else if (checks.language == Language::v2008) problem = "version";
    for (auto found = first; found && problem.empty(); found = next_variable(v.text, found->end)) problem = found->problem;
    if (problem.empty()) return;
    auto help = problem == "version" ? "write \"Version\": \"2012-10-17\""
                : problem == "place" ? "variables work in the resource part of `Resource` and in conditions on strings and ARNs"
                                     : "write ${key} or ${key, 'default'}";
    checks.warn(v, pointer, "policy.variable", std::string(problem_text(problem)) + ", so this is literal text", help).params =
        params_of({{"problem", Value::str(problem)}, {"place", Value::str(place)}, {"value", Value::str(v.text)}});
}

void find_in_statement(Checks const& checks, StatementFacts const& s) {
    find_in_actions(checks, s);
    find_in_resources(checks, s);
    if (has_principal(checks.type)) find_in_principals(checks, s);
    if (s.statement.find("Condition")) find_in_condition(checks, s);
}

}    // namespace kms
