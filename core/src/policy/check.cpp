// What a policy document may contain (IL:G-01 … IL:G-19, IL:P-01 …, IL:A-02, IL:R-01).
#include <algorithm>

#include "policy/operators.hpp"
#include "policy/policy.hpp"

namespace kms {

std::string_view name_of(PolicyType type) {
    switch (type) {
        case PolicyType::keyPolicy: return "keyPolicy";
        case PolicyType::identityPolicy: return "identityPolicy";
        case PolicyType::permissionsBoundary: return "permissionsBoundary";
        case PolicyType::sessionPolicy: return "sessionPolicy";
        case PolicyType::serviceControlPolicy: return "serviceControlPolicy";
        case PolicyType::resourceControlPolicy: return "resourceControlPolicy";
        case PolicyType::vpcEndpointPolicy: return "vpcEndpointPolicy";
    }
    return {};
}

bool has_principal(PolicyType type) {
    return type == PolicyType::keyPolicy || type == PolicyType::resourceControlPolicy || type == PolicyType::vpcEndpointPolicy;
}

Language language_of(Value const& policy) { return policy.string_or("Version") == "2012-10-17" ? Language::v2012 : Language::v2008; }

namespace {
std::vector<std::string_view> const top_elements = {"Version", "Id", "Statement"};
std::vector<std::string_view> const statement_elements = {"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                                          "NotAction", "Resource", "NotResource", "Condition"};
bool listed(std::vector<std::string_view> const& all, std::string_view name) { return std::find(all.begin(), all.end(), name) != all.end(); }

struct Checker {
    PolicyType type;
    Problems& problems;

    void unknown(Value const& member, std::string const& pointer, std::vector<std::string_view> const& known, std::string const& what) {
        auto near = nearest(member.key, known);
        problems.key(member, pointer + pointer_step(member.key), "policy.unknownElement", "`" + member.key + "` is not an element of " + what,
                     near.empty() ? "remove it" : "did you mean `" + near + "`?");
    }
    void wrong_type(Value const& at, std::string const& pointer, std::string const& expected) {
        problems.error(at, pointer, "policy.type", "this must be " + expected, "see the IAM policy grammar for this element");
    }
    template <class F>
    void each(Value const& v, std::string const& pointer, F f) {
        if (v.is(Kind::array)) {
            for (std::size_t i = 0; i < v.items.size(); ++i) f(v.items[i], pointer + "/" + std::to_string(i));
        } else {
            f(v, pointer);
        }
    }

    void document(Value const& policy, std::string const& pointer) {
        if (!policy.is(Kind::object)) return wrong_type(policy, pointer, "a policy document, a JSON object");
        if (policy.find("Grants") && !policy.find("Statement")) {
            problems.error(policy, pointer, "policy.isGrants", "this is a grant list, not a policy", "paste it where the grants belong");
            return;
        }
        for (auto const& m : policy.items)
            if (!listed(top_elements, m.key)) unknown(m, pointer, top_elements, "a policy");
        if (auto const* version = policy.find("Version"); version && version->text != "2012-10-17" && version->text != "2008-10-17")    // IL:G-09
            problems.error(*version, pointer + "/Version", "policy.version", "the version must be 2012-10-17 or 2008-10-17", "write \"2012-10-17\"");
        if (auto const* id = policy.find("Id"); id && !id->is(Kind::string)) wrong_type(*id, pointer + "/Id", "a string");
        auto const* statements = policy.find("Statement");
        if (!statements) {
            problems.error(policy, pointer, "policy.missingStatement", "the policy has no `Statement`", "add a Statement with Effect, Action and Resource");
            return;
        }
        auto where = pointer + "/Statement";
        if (statements->is(Kind::array) && statements->items.empty())
            problems.error(*statements, where, "policy.missingStatement", "`Statement` is empty", "add a statement");
        each(*statements, where, [&](Value const& s, std::string const& p) { statement(s, p); });
    }

    void statement(Value const& s, std::string const& pointer) {
        if (!s.is(Kind::object)) return wrong_type(s, pointer, "a statement, a JSON object");
        for (auto const& m : s.items)
            if (!listed(statement_elements, m.key)) unknown(m, pointer, statement_elements, "a statement");
        if (auto const* sid = s.find("Sid"); sid && !sid->is(Kind::string)) wrong_type(*sid, pointer + "/Sid", "a string");
        auto const* effect = s.find("Effect");
        if (!effect) {
            problems.error(s, pointer, "policy.missingEffect", "the statement has no `Effect`", "add \"Effect\": \"Allow\" or \"Deny\"");
        } else if (effect->text != "Allow" && effect->text != "Deny") {
            problems.error(*effect, pointer + "/Effect", "policy.effect", "`Effect` is `Allow` or `Deny`, spelt exactly so", "correct the spelling");
        }
        pair(s, pointer, "Action", "NotAction", type != PolicyType::keyPolicy);
        pair(s, pointer, "Resource", "NotResource", type != PolicyType::keyPolicy);
        if (has_principal(type)) {
            pair(s, pointer, "Principal", "NotPrincipal", true);
        } else {
            for (char const* name : {"Principal", "NotPrincipal"})
                if (auto const* p = s.find(name))
                    problems.key(*p, pointer + pointer_step(name), "policy.principalInIdentityPolicy", "an identity-based policy has no `" + std::string(name) + "`",
                                 "remove it, or paste this policy where the key policy belongs");
        }
        for (char const* name : {"Action", "NotAction"})
            if (auto const* a = s.find(name)) each(*a, pointer + pointer_step(name), [&](Value const& v, std::string const& p) { action(v, p); });
        for (char const* name : {"Resource", "NotResource"})
            if (auto const* r = s.find(name)) each(*r, pointer + pointer_step(name), [&](Value const& v, std::string const& p) { resource(v, p); });
        for (char const* name : {"Principal", "NotPrincipal"})
            if (auto const* p = s.find(name)) principals(*p, pointer + pointer_step(name));
        if (auto const* c = s.find("Condition")) condition(*c, pointer + "/Condition");
    }

    void pair(Value const& s, std::string const& pointer, char const* one, char const* other, bool required) {
        auto const* a = s.find(one);
        auto const* b = s.find(other);
        if (a && b)
            problems.key(*b, pointer + pointer_step(other), "policy.combination", "`" + std::string(one) + "` and `" + other + "` exclude each other", "keep one of the two");
        if (a || b) return;
        auto code = "policy.missing" + std::string(one);
        if (required) {
            problems.error(s, pointer, code, "the statement has no `" + std::string(one) + "`", "add `" + std::string(one) + "`");
        } else {    // E-22, IL:G-05: stored, but it does nothing
            problems.at(Severity::warning, s, pointer, code, "without `" + std::string(one) + "` this statement has no effect", "add `" + std::string(one) + "`");
        }
    }

    void action(Value const& v, std::string const& pointer) {
        if (!v.is(Kind::string)) return wrong_type(v, pointer, "an action such as \"kms:Decrypt\"");
        if (v.text == "*") return;
        auto colon = v.text.find(':');
        if (colon == std::string::npos || v.text.find(':', colon + 1) != std::string::npos || v.text.find_first_of("*?") < colon)
            problems.error(v, pointer, "policy.action", "an action is `service:Name`", "write for example \"kms:" + (colon == std::string::npos ? v.text : "Decrypt") + "\"");
    }

    void resource(Value const& v, std::string const& pointer) {
        if (v.is(Kind::null)) return;    // IL:G-17
        if (!v.is(Kind::string)) return wrong_type(v, pointer, "an ARN or \"*\"");
        if (v.text != "*" && v.text.compare(0, 4, "arn:") != 0)
            problems.at(Severity::warning, v, pointer, "policy.resourceArn", "this is no ARN, so it matches nothing", "write the key's ARN, or \"*\"");
    }

    void principals(Value const& v, std::string const& pointer) {
        if (v.is(Kind::string)) {
            if (v.text != "*") problems.error(v, pointer, "policy.principalFormat", "a principal is \"*\" or an object such as {\"AWS\": \"arn:…\"}", "wrap the value in {\"AWS\": …}");
            return;
        }
        if (!v.is(Kind::object)) return wrong_type(v, pointer, "\"*\" or an object");
        for (auto const& m : v.items) {
            auto here = pointer + pointer_step(m.key);
            if (m.key == "Federated" || m.key == "CanonicalUser") {    // IL:P-12
                problems.key(m, here, "policy.principalKey", "a key policy cannot name `" + m.key + "` principals", "name the role they assume, under \"AWS\"");
            } else if (m.key != "AWS" && m.key != "Service") {
                problems.key(m, here, "policy.principalKey", "`" + m.key + "` is not a kind of principal", "use \"AWS\" or \"Service\"");
            } else {
                each(m, here, [&](Value const& p, std::string const& at) { principal(p, at, m.key == "AWS"); });
            }
        }
    }

    void principal(Value const& v, std::string const& pointer, bool aws) {
        if (!v.is(Kind::string)) return wrong_type(v, pointer, "a string");
        if (v.text == "*" || !aws) return;
        auto refuse = [&](char const* code, char const* message, char const* help) { problems.error(v, pointer, code, message, help); };
        if (v.text.find_first_of("*?") != std::string::npos)    // P-07
            return refuse("policy.principalWildcard", "a principal is named in full or is \"*\"", "use \"*\" with a condition ArnLike on aws:PrincipalArn");
        auto arn = parse_arn(v.text);
        bool id = (v.text.size() == 12 && all_digits(v.text)) || v.text.compare(0, 4, "AROA") == 0 || v.text.compare(0, 4, "AIDA") == 0;
        if (id) return;
        if (!arn.valid || (arn.service != "iam" && arn.service != "sts") || arn.account.size() != 12)
            return refuse("policy.principal", "this names no principal", "write an account id, or the ARN of a user, role or session");
        if (arn.resource.substr(0, 6) == "group/")    // P-08
            return refuse("policy.principalGroup", "an IAM group is never a principal", "name its users or a role");
    }

    void condition(Value const& c, std::string const& pointer) {
        if (!c.is(Kind::object)) return wrong_type(c, pointer, "an object of operators");
        for (auto const& op : c.items) {
            auto here = pointer + pointer_step(op.key);
            if (!op.is(Kind::object)) {
                wrong_type(op, here, "an object of condition keys");
                continue;
            }
            if (op.items.empty()) continue;    // IL:G-19
            operator_name(op, here);
            for (auto const& key : op.items) {
                auto at = here + pointer_step(key.key);
                each(key, at, [&](Value const& v, std::string const& p) {
                    if (v.is(Kind::object) || v.is(Kind::array) || v.is(Kind::null)) wrong_type(v, p, "a string, a number or a boolean");
                });
                for (auto const& other : op.items)
                    if (&other < &key && equal_ignore_case(other.key, key.key))    // IL:C-06
                        problems.key(key, at, "policy.duplicateConditionKey", "`" + key.key + "` stands twice under this operator", "merge the values into one list");
            }
        }
    }

    void operator_name(Value const& op, std::string const& pointer) {
        auto name = read_operator(op.key);
        if (!name.op) {
            auto base = std::string_view(op.key).substr(op.key.rfind(':') + 1);
            if (ends_with(base, "IfExists")) base.remove_suffix(8);
            auto near = nearest(base, operator_names());
            problems.key(op, pointer, "policy.operator", "`" + op.key + "` is not a condition operator",
                         near == base ? "set operators are written `ForAllValues:` and `ForAnyValue:`" : near.empty() ? "see the IAM condition operators" : "did you mean `" + near + "`?");
        } else if (name.op->family == Family::null && name.if_exists) {    // IL:C-09
            problems.key(op, pointer, "policy.operator", "`Null` has no `IfExists` form", "remove `IfExists`");
        }
    }
};
}    // namespace

void check_policy(Value const& policy, PolicyType type, std::string const& pointer, Problems& problems) {
    Checker{type, problems}.document(policy, pointer);
}

}    // namespace kms
