// Findings about principals: statements that reach more, fewer or other callers than their author may think.
#include <algorithm>

#include "catalog/operations.hpp"
#include "policy/checks.hpp"
#include "policy/principals.hpp"

namespace kms {

namespace {
// IL:P-13
bool service_name(std::string_view text) {
    constexpr std::string_view suffix = ".amazonaws.com", china = ".amazonaws.com.cn";
    auto name = ends_with(text, suffix)  ? text.substr(0, text.size() - suffix.size())
                : ends_with(text, china) ? text.substr(0, text.size() - china.size())
                                         : std::string_view();
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

bool tests_key(Value const& statement, std::initializer_list<std::string_view> keys) {
    auto const* c = statement.find("Condition");
    if (!c) return false;
    for (auto const& op : c->items)
        for (auto const& key : op.items)
            if (std::any_of(keys.begin(), keys.end(), [&](auto k) { return equal_ignore_case(k, key.key); })) return true;
    return false;
}

std::string_view account_of(std::string_view principal) {
    return principal.size() == 12 && all_digits(principal) ? principal : parse_arn(principal).account;
}

void find_role_path(Checks const& checks, Value const& v, std::string const& pointer) {    // IL:P-06
    auto arn = parse_arn(v.text);
    if (!arn.valid || !starts_with(arn.resource, "role/")) return;
    auto name = arn.resource.substr(arn.resource.rfind('/') + 1);
    for (auto const& known : checks.facts.role_arns) {
        auto other = parse_arn(known);
        if (known == v.text) return;
        if (other.account != arn.account || other.resource.substr(other.resource.rfind('/') + 1) != name) continue;
        checks
            .warn(v, pointer, "policy.rolePath", "no role has this ARN: the role `" + std::string(name) + "` has another path",
                  "write `" + known + "`")
            .params = params_of({{"principal", Value::str(v.text)}, {"role", Value::str(known)}});
        return;
    }
}

// E-13, IL:E-43: naming another account gives it only the operations that work across accounts
void find_cross_account(Checks const& checks, StatementFacts const& s, Value const& v, std::string const& pointer) {
    auto owner = parse_arn(checks.facts.key_arn).account;
    auto account = account_of(v.text);
    if (checks.type != PolicyType::keyPolicy || !s.allow || owner.empty() || account.empty() || account == owner) return;
    std::vector<std::string> never;
    for (auto const& [action, covered] : s.actions)
        if (!covered.empty() &&
            std::none_of(covered.begin(), covered.end(), [](auto const* o) { return o->cross_account() || o->has('r'); }))
            never.push_back(action->text);
    if (never.empty()) return;
    std::string names;
    for (auto const& n : never) names += (names.empty() ? "" : ", ") + n;
    checks
        .warn(v, pointer, "policy.crossAccountOperation",
              names + (never.size() == 1 ? " never works" : " never work") + " for another account, whatever policies say",
              "remove it for this principal; let a role of the key's own account do it")
        .params = params_of({{"account", Value::str(account)}, {"actions", Value::strings(never)}});
}

void find_in_aws(Checks const& checks, StatementFacts const& s, Value const& v, std::string const& pointer) {
    find_role_path(checks, v, pointer);
    find_cross_account(checks, s, v, pointer);
    if (is_unique_id(v.text))    // IL:P-10
        checks
            .warn(v, pointer, "policy.uniqueId",
                  "AWS shows an id like this for a user or role that was deleted; a new one of the same name does not match it",
                  "replace it by the ARN of a user or role that exists")
            .params.set("id", v.text);
}

void find_in_service(Checks const& checks, StatementFacts const& s, Value const& v, std::string const& pointer) {
    auto note = [&](char const* code, char const* message, char const* help) {
        checks.warn(v, pointer, code, message, help).params.set("service", v.text);
    };
    if (!service_name(v.text))
        return note("policy.servicePrincipal", "this is no service principal, so it matches nobody",
                    "write it in small letters, as in \"logs.us-east-1.amazonaws.com\"");
    bool guarded = tests_key(s.statement, {"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths",
                                           "aws:PrincipalOrgID", "kms:EncryptionContext:aws:logs:arn"});
    if (checks.type == PolicyType::keyPolicy && s.allow && !guarded)
        note("policy.servicePrincipalUnguarded", "the service may use the key on behalf of anybody's resources, not yours alone",
             "add a condition on aws:SourceArn or aws:SourceAccount");
}

// IL:P-14 … IL:P-16
void find_not_principal(Checks const& checks, StatementFacts const& s) {
    auto const* p = s.statement.find("NotPrincipal");
    if (!p) return;
    if (s.allow)
        checks.warn_name(*p, s.pointer + "/NotPrincipal", "policy.notPrincipalAllow",
                         "this allows everybody who is not listed, anonymous callers and other accounts included",
                         "list whom to allow in `Principal`");
    else
        checks.warn_name(
            *p, s.pointer + "/NotPrincipal", "policy.notPrincipalDeny",
            "this spares a session only when its role and its account are listed too, and never a user or role with a permissions boundary",
            "use \"Principal\": \"*\" with a condition ArnNotEquals on aws:PrincipalArn");
}
}    // namespace

void find_in_principals(Checks const& checks, StatementFacts const& s) {
    find_not_principal(checks, s);
    auto const* p = s.statement.find("Principal");
    if (!p) return;
    auto here = s.pointer + "/Principal";
    auto const* aws = p->find("AWS");
    bool everyone =
        p->text == "*" ||
        (aws && (aws->text == "*" || std::any_of(aws->items.begin(), aws->items.end(), [](auto const& v) { return v.text == "*"; })));
    auto const* condition = s.statement.find("Condition");
    bool unconditional =
        !condition || std::all_of(condition->items.begin(), condition->items.end(), [](auto const& op) { return op.items.empty(); });
    if (everyone && unconditional && s.allow && checks.type == PolicyType::keyPolicy)
        checks.warn(
            *p, here, "policy.publicAllow",
            "this allows everybody in this account without any IAM policy, and everybody in other accounts whose IAM policies allow it",
            "name the principals, or add a condition such as kms:CallerAccount or aws:PrincipalOrgID");
    if (p->is(Kind::object) &&
        std::all_of(p->items.begin(), p->items.end(), [](auto const& k) { return k.is(Kind::array) && k.items.empty(); }))    // IL:P-17
        checks.warn(*p, here, "policy.emptyList", "no principal is listed, so the statement is about nobody", "list the principals")
            .params.set("element", "Principal");
    for (auto const& kind : p->items)
        each_with_pointer(kind, here + pointer_step(kind.key), [&](Value const& v, std::string const& at) {
            find_in_variables(checks, v, at, false, "Principal");
            if (kind.key == "AWS") find_in_aws(checks, s, v, at);
            else if (kind.key == "Service") find_in_service(checks, s, v, at);
        });
}

}    // namespace kms
