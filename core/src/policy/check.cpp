// What a policy document may contain: everything here AWS would refuse to store (IL:G-01 … IL:G-19, IL:P-01 … IL:P-12, IL:A-02, IL:E-15).
#include <algorithm>
#include <set>

#include "policy/checks.hpp"
#include "policy/condition_keys.hpp"
#include "policy/operators.hpp"
#include "policy/principals.hpp"
#include "text/values.hpp"

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

bool listed(std::vector<std::string_view> const& all, std::string_view name) {
    return std::find(all.begin(), all.end(), name) != all.end();
}

// Tab, line feed, carriage return, and U+0020 … U+00FF, which UTF-8 writes in at most two bytes, C2 and C3 first (IL:G-18)
bool allowed_characters(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        bool control = c < 0x20U && c != '\t' && c != '\n' && c != '\r';
        if (control || c > 0xC3U) return false;
        if (c >= 0xC2U) ++i;
    }
    return true;
}

struct Checker {
    Checks const& checks;
    Problems& problems;
    PolicyType type;

    void unknown(Value const& member, std::string const& pointer, std::vector<std::string_view> const& known, std::string const& what) {
        auto near = nearest(member.key, known);
        problems
            .key(member, pointer + pointer_step(member.key), "policy.unknownElement", "`" + member.key + "` is not an element of " + what,
                 near.empty() ? "remove it" : "did you mean `" + near + "`?")
            .params.set("nearest", near);
    }
    void wrong_type(Value const& at, std::string const& pointer, std::string const& expected) {
        problems.error(at, pointer, "policy.type", "this must be " + expected, "see the IAM policy grammar for this element")
            .params.set("expected", expected);
    }
    bool characters(Value const& v, std::string const& pointer) {
        bool fine = allowed_characters(v.text) && allowed_characters(v.key);
        if (!fine)
            problems.error(v, pointer, "policy.characters", "a policy holds only characters of Latin-1, up to U+00FF",
                           "write this in Latin letters");
        for (std::size_t i = 0; fine && i < v.items.size(); ++i)
            fine = characters(v.items[i], pointer + (v.is(Kind::object) ? pointer_step(v.items[i].key) : "/" + std::to_string(i)));
        return fine;
    }

    void document(Value const& policy, std::string const& pointer) {
        if (!policy.is(Kind::object)) return wrong_type(policy, pointer, "a policy document, a JSON object");
        if (policy.find("Grants") && !policy.find("Statement")) {
            problems.error(policy, pointer, "policy.isGrants", "this is a grant list, not a policy", "paste it where the grants belong");
            return;
        }
        for (auto const& m : policy.items)
            if (!listed(top_elements, m.key)) unknown(m, pointer, top_elements, "a policy");
        version(policy, pointer);
        if (auto const* id = policy.find("Id"); id && !id->is(Kind::string)) wrong_type(*id, pointer + "/Id", "a string");
        characters(policy, pointer);
        auto const* statements = policy.find("Statement");
        if (!statements) {
            problems.error(policy, pointer, "policy.missingStatement", "the policy has no `Statement`",
                           "add a Statement with Effect, Action and Resource");
            return;
        }
        auto where = pointer + "/Statement";
        if (statements->is(Kind::array) && statements->items.empty())
            problems.error(*statements, where, "policy.missingStatement", "`Statement` is empty", "add a statement");
        each_with_pointer(*statements, where, [&](Value const& s, std::string const& p) { statement(s, p); });
    }

    // IL:G-09, IL:G-12
    void version(Value const& policy, std::string const& pointer) {
        auto const* version = policy.find("Version");
        if (version && version->text != "2012-10-17" && version->text != "2008-10-17") {
            problems.error(*version, pointer + "/Version", "policy.version", "the version must be 2012-10-17 or 2008-10-17",
                           "write \"2012-10-17\"");
        } else if (checks.language == Language::v2008 &&
                   (type == PolicyType::serviceControlPolicy || type == PolicyType::resourceControlPolicy)) {
            problems.error(version ? *version : policy, version ? pointer + "/Version" : pointer, "policy.versionRequired",
                           "a policy of an organization must say version 2012-10-17", "add \"Version\": \"2012-10-17\"");
        }
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
            problems.error(*effect, pointer + "/Effect", "policy.effect", "`Effect` is `Allow` or `Deny`, spelt exactly so",
                           "correct the spelling");
        }
        pair(s, pointer, "Action", "NotAction", type != PolicyType::keyPolicy);
        pair(s, pointer, "Resource", "NotResource", type != PolicyType::keyPolicy);
        if (has_principal(type)) pair(s, pointer, "Principal", "NotPrincipal", true);
        else no_principal(s, pointer);
        for (char const* name : {"Action", "NotAction"})
            if (auto const* a = s.find(name))
                each_with_pointer(*a, pointer + pointer_step(name), [&](Value const& v, std::string const& p) { action(v, p); });
        for (char const* name : {"Resource", "NotResource"})
            if (auto const* r = s.find(name))
                each_with_pointer(*r, pointer + pointer_step(name), [&](Value const& v, std::string const& p) { resource(v, p); });
        for (char const* name : {"Principal", "NotPrincipal"})
            if (auto const* p = s.find(name); p && has_principal(type)) principals(*p, pointer + pointer_step(name));
        if (type == PolicyType::resourceControlPolicy) control(s, pointer);
        if (auto const* c = s.find("Condition")) condition(*c, pointer + "/Condition");
    }

    void no_principal(Value const& s, std::string const& pointer) {    // IL:G-06
        for (char const* name : {"Principal", "NotPrincipal"})
            if (auto const* p = s.find(name))
                problems.key(*p, pointer + pointer_step(name), "policy.principalInIdentityPolicy",
                             "a policy of this type has no `" + std::string(name) + "`",
                             "remove it, or paste this policy where the key policy belongs");
    }

    void pair(Value const& s, std::string const& pointer, char const* one, char const* other, bool required) {
        auto const* a = s.find(one);
        auto const* b = s.find(other);
        if (a && b)
            problems.key(*b, pointer + pointer_step(other), "policy.combination",
                         "`" + std::string(one) + "` and `" + other + "` exclude each other", "keep one of the two");
        if (a || b) return;
        auto code = "policy.missing" + std::string(one);
        if (required) {
            problems.error(s, pointer, code.c_str(), "the statement has no `" + std::string(one) + "`", "add `" + std::string(one) + "`");
        } else {    // E-22, IL:G-05, IL:G-07: stored, but it does nothing
            problems.at(Severity::warning, s, pointer, code.c_str(), "without `" + std::string(one) + "` this statement has no effect",
                        "add `" + std::string(one) + "`");
        }
    }

    // IL:A-02, IL:A-03: a literal service, one colon, a name
    void action(Value const& v, std::string const& pointer) {
        if (!v.is(Kind::string)) return wrong_type(v, pointer, "an action such as \"kms:Decrypt\"");
        if (v.text == "*") return;
        auto colon = v.text.find(':');
        if (colon == std::string::npos || v.text.find(':', colon + 1) != std::string::npos || v.text.find_first_of("*?") < colon)
            problems
                .error(v, pointer, "policy.action", "an action is `service:Name`, the service without wildcards",
                       "write for example \"kms:" + (colon == std::string::npos ? v.text : "Decrypt") + "\"")
                .params.set("action", v.text);
    }

    void resource(Value const& v, std::string const& pointer) {
        if (!v.is(Kind::string) && !v.is(Kind::null)) wrong_type(v, pointer, "an ARN or \"*\"");    // IL:G-17
    }

    void principals(Value const& v, std::string const& pointer) {
        if (v.is(Kind::string)) {
            if (v.text != "*")
                problems.error(v, pointer, "policy.principalFormat", "a principal is \"*\" or an object such as {\"AWS\": \"arn:…\"}",
                               "wrap the value in {\"AWS\": …}");
            return;
        }
        if (!v.is(Kind::object)) return wrong_type(v, pointer, "\"*\" or an object");
        for (auto const& m : v.items) {
            auto here = pointer + pointer_step(m.key);
            if (m.key == "Federated" || m.key == "CanonicalUser") {    // IL:P-12
                problems.key(m, here, "policy.principalKey", "a policy of this type cannot name `" + m.key + "` principals",
                             "name the role they assume, under \"AWS\"");
            } else if (m.key != "AWS" && m.key != "Service") {
                problems.key(m, here, "policy.principalKey", "`" + m.key + "` is not a kind of principal", "use \"AWS\" or \"Service\"");
            } else {
                each_with_pointer(m, here, [&](Value const& p, std::string const& at) { principal(p, at, m.key == "AWS"); });
            }
        }
    }

    void principal(Value const& v, std::string const& pointer, bool aws) {
        if (!v.is(Kind::string)) return wrong_type(v, pointer, "a string");
        if (v.text == "*" || !aws) return;
        auto refuse = [&](char const* code, char const* message, char const* help) {
            problems.error(v, pointer, code, message, help).params.set("principal", v.text);
        };
        if (v.text.find_first_of("*?") != std::string::npos)    // P-07, IL:P-08
            return refuse("policy.principalWildcard", "a principal is named in full or is \"*\"",
                          "use \"*\" with a condition ArnLike on aws:PrincipalArn");
        if ((v.text.size() == 12 && all_digits(v.text)) || is_unique_id(v.text)) return;
        auto arn = parse_arn(v.text);
        if (arn.valid && arn.service == "iam" && starts_with(arn.resource, "group/"))    // P-08, IL:P-11
            return refuse("policy.principalGroup", "an IAM group is never a principal", "name its users or a role");
        bool iam = arn.service == "iam" && (arn.resource == "root" || (starts_with(arn.resource, "user/") && arn.resource.size() > 5) ||
                                            (starts_with(arn.resource, "role/") && arn.resource.size() > 5));
        auto slash = arn.resource.find('/', 13);
        bool session =
            starts_with(arn.resource, "assumed-role/") && slash != std::string_view::npos && slash > 13 && slash + 1 < arn.resource.size();
        bool sts = arn.service == "sts" && (session || (starts_with(arn.resource, "federated-user/") && arn.resource.size() > 15));
        if (!arn.valid || arn.account.size() != 12 || !all_digits(arn.account) || !arn.region.empty() || (!iam && !sts))
            return refuse("policy.principal", "this names no principal", "write an account id, or the ARN of a user, role or session");
    }

    // IL:E-15: what customers attach may only deny, to everyone; RCPFullAWSAccess is the one Allow there is.
    void control(Value const& s, std::string const& pointer) {
        auto one = [&](char const* element, std::string_view text) {
            auto const* v = s.find(element);
            return v && (v->text == text || (v->is(Kind::array) && v->items.size() == 1 && v->items[0].text == text));
        };
        auto const* principal = s.find("Principal");
        auto const* aws = principal ? principal->find("AWS") : nullptr;
        bool everyone = principal && (principal->text == "*" || (principal->items.size() == 1 && aws && aws->text == "*"));
        bool full = everyone && one("Action", "*") && one("Resource", "*") && !s.find("Condition");
        if (s.string_or("Effect") == "Allow" && !full)
            problems.error(*s.find("Effect"), pointer + "/Effect", "policy.rcpAllow", "a resource control policy can only deny",
                           "write a Deny; RCPFullAWSAccess is attached anyway");
        if (s.string_or("Effect") == "Deny" && one("Action", "*"))
            problems.error(*s.find("Action"), pointer + "/Action", "policy.rcpAction",
                           "a resource control policy cannot deny the action \"*\"", "name a service, such as \"kms:*\"");
        if (principal && !everyone)
            problems.error(*principal, pointer + "/Principal", "policy.rcpPrincipal", "the principal of a resource control policy is \"*\"",
                           "write \"*\" and narrow it by a Condition");
        for (char const* name : {"NotPrincipal", "NotAction"})
            if (auto const* v = s.find(name))
                problems.key(*v, pointer + pointer_step(name), "policy.rcpElement",
                             "a resource control policy has no `" + std::string(name) + "`", "list what to deny instead");
    }

    void condition(Value const& c, std::string const& pointer) {
        if (!c.is(Kind::object)) return wrong_type(c, pointer, "an object of operators");
        for (auto const& op : c.items) {
            auto here = pointer + pointer_step(op.key);
            if (!op.is(Kind::object)) {
                wrong_type(op, here, "an object of condition keys");
            } else if (!op.items.empty()) {    // IL:G-19
                operator_name(op, here);
                condition_keys(op, here);
            }
        }
    }

    void condition_keys(Value const& op, std::string const& pointer) {
        auto name = read_operator(op.key);
        bool date = name.op && name.op->family == Family::date;
        std::set<std::string> seen;
        for (auto const& key : op.items) {
            auto at = pointer + pointer_step(key.key);
            each_with_pointer(key, at, [&](Value const& v, std::string const& p) {
                if (v.is(Kind::object) || v.is(Kind::array) || v.is(Kind::null)) wrong_type(v, p, "a string, a number or a boolean");
                else if (date && !parse_instant(v.text))    // IL:C-14
                    problems.error(v, p, "policy.date", "this is no date", "write for example \"2026-01-31T23:59:59Z\", or Unix seconds")
                        .params.set("value", v.text);
            });
            if (!seen.insert(lower(key.key)).second)    // IL:C-06
                problems.key(key, at, "policy.duplicateConditionKey", "`" + key.key + "` stands twice under this operator",
                             "merge the values into one list");
            overly_permissive(name, key, at);
        }
    }

    // C-43, IL:S-06: KMS refuses the two keys for which this lets requests without any value through
    void overly_permissive(OperatorName const& name, Value const& key, std::string const& pointer) {
        auto k = lower(key.key);
        if (type != PolicyType::keyPolicy || name.set != SetOperator::forAllValues ||
            (!starts_with(k, "kms:encryptioncontext:") && !starts_with(k, "aws:requesttag/")))
            return;
        problems.key(key, pointer, "policy.overlyPermissiveCondition",
                     "KMS refuses `ForAllValues` with `" + key.key + "`: it holds for requests without that key too",
                     "remove `ForAllValues:`; the key has a single value");
    }

    void operator_name(Value const& op, std::string const& pointer) {
        auto name = read_operator(op.key);
        if (!name.op) {
            auto base = std::string_view(op.key).substr(op.key.rfind(':') + 1);
            if (ends_with(base, "IfExists")) base.remove_suffix(8);
            auto near = nearest(base, operator_names());
            problems
                .key(op, pointer, "policy.operator", "`" + op.key + "` is not a condition operator",
                     near == base   ? "set operators are written `ForAllValues:` and `ForAnyValue:`"
                     : near.empty() ? "see the IAM condition operators"
                                    : "did you mean `" + near + "`?")
                .params.set("nearest", near);
        } else if (name.op->family == Family::null && name.if_exists) {    // IL:C-09
            problems.key(op, pointer, "policy.operator", "`Null` has no `IfExists` form", "remove `IfExists`");
        }
    }
};
}    // namespace

void check_policy(Value const& policy, PolicyType type, std::string const& pointer, Problems& problems, PolicyFacts const& facts) {
    auto before = problems.all.size();
    Checks checks{type, language_of(policy), facts, problems};
    Checker{checks, problems, type}.document(policy, pointer);
    bool refused = std::any_of(problems.all.begin() + static_cast<std::ptrdiff_t>(before), problems.all.end(),
                               [](auto const& d) { return d.severity == Severity::error; });
    if (!refused) find_in_document(checks, policy, pointer);    // a document that is not one has other worries
}

}    // namespace kms
