#pragma once
// Asking one statement about one request, for the tests of statements and of conditions.
#include "../catch.hpp"

#include "policy/policy.hpp"

namespace policy_tests {
using namespace kms;
constexpr char const* key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

inline Caller caller(CallerForm form, std::string arn) {
    Caller c;
    c.form = form;
    c.arn = std::move(arn);
    if (form == CallerForm::service) return c;
    c.partition = "aws";
    c.account = "111122223333";
    return c;
}
inline Caller user(std::string const& name = "Alice") {
    auto c = caller(CallerForm::user, "arn:aws:iam::111122223333:user/" + name);
    c.entity_arn = c.arn;
    return c;
}
inline Caller session(std::string const& role = "app", std::string const& name = "s1") {
    auto c = caller(CallerForm::session, "arn:aws:sts::111122223333:assumed-role/" + role + "/" + name);
    c.role_name = role;
    c.session_name = name;
    c.entity_arn = "arn:aws:iam::111122223333:role/" + role;
    return c;
}
inline Caller federated() {
    auto c = caller(CallerForm::federatedUser, "arn:aws:sts::111122223333:federated-user/Fay");
    c.entity_arn = "arn:aws:iam::111122223333:user/Alice";
    return c;
}
inline Caller root() { return caller(CallerForm::root, "arn:aws:iam::111122223333:root"); }
inline Caller service() { return caller(CallerForm::service, "logs.us-east-1.amazonaws.com"); }

struct Case {
    Caller who = user();
    std::string action = "kms:Decrypt", resource = key_arn;
    Context context{};
    PolicyType type = PolicyType::keyPolicy;
    Language language = Language::v2012;
    std::vector<std::string> unique_ids{};
    bool explain = true;
    Readings readings{};
};

struct Result {
    StatementMatch match;
    std::vector<std::string> missing;

    std::string reason() const { return std::string(match.trace.string_or("reason")); }
    Value const& test(std::string_view element) const {
        for (auto const& t : match.trace.find("tests")->items)
            if (t.string_or("element") == element) return t;
        FAIL("no test of " << element);
        return match.trace;
    }
    std::string param(std::string_view element, std::string_view name) const {
        return write_json(*test(element).find("params")->find(name));
    }
};

inline Result match(std::string const& statement, Case const& c) {
    Texts texts;
    auto doc = texts.add("/keys/0/policy", statement);
    auto parsed = parse_json(texts.text(doc), doc);
    REQUIRE(parsed.problems.empty());
    Ask ask{c.who, c.action, c.resource, c.context, c.explain, c.unique_ids, c.readings};
    Result r;
    r.match = match_statement(parsed.value, c.type, "/keys/0/policy/Statement/0", ask, texts, r.missing, c.language);
    return r;
}

inline std::string statement(std::string const& principal, std::string const& effect = "Allow") {
    return R"({"Effect": ")" + effect + R"(", )" + principal + R"(, "Action": "kms:Decrypt", "Resource": "*"})";
}
inline std::string naming(std::string const& principal, std::string const& effect = "Allow") {
    return statement(R"("Principal": )" + principal, effect);
}
inline std::string excluding(std::string const& principal, std::string const& effect = "Deny") {
    return statement(R"("NotPrincipal": )" + principal, effect);
}

inline Result named(std::string const& principal, Caller const& who) {
    Case c;
    c.who = who;
    return match(naming(principal), c);
}

// One condition in an Allow (or a Deny) for everybody
inline Result conditioned(std::string const& op, std::string const& values, Context const& context, std::string const& effect = "Allow",
                          Language language = Language::v2012, std::string const& key = "aws:PrincipalTag/k") {
    Case c;
    c.context = context;
    c.language = language;
    return match(R"({"Effect": ")" + effect + R"(", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {")" + op +
                     R"(": {")" + key + R"(": )" + values + "}}}",
                 c);
}
inline Context with(std::string const& value) {
    Context c;
    c.put("aws:PrincipalTag/k", {value});
    return c;
}
inline Context many(std::vector<std::string> values) {
    Context c;
    c.put("aws:TagKeys", std::move(values), true);
    return c;
}
inline bool holds(std::string const& op, std::string const& values, std::string const& actual) {
    return conditioned(op, values, with(actual)).match.applies;
}
inline bool holds_absent(std::string const& op, std::string const& values) { return conditioned(op, values, {}).match.applies; }
inline bool holds_many(std::string const& op, std::string const& values, std::vector<std::string> actual) {
    return conditioned(op, values, many(std::move(actual)), "Allow", Language::v2012, "aws:TagKeys").match.applies;
}
inline std::string rule_of(Result const& r) { return std::string(r.test("condition").string_or("rule")); }
inline std::string reason_of(Result const& r) { return std::string(r.test("condition").string_or("reason")); }
}    // namespace policy_tests
