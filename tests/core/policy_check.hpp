#pragma once
// Checking one policy, for the tests of grammar and findings: code, severity and the exact place, which «» mark in the text.
#include "../catch.hpp"

#include "policy/policy.hpp"

namespace check_tests {
using namespace kms;
constexpr std::string_view open = "\xC2\xAB", close = "\xC2\xBB";
constexpr auto keyPolicy = PolicyType::keyPolicy, identityPolicy = PolicyType::identityPolicy;

struct Checked {
    std::string text;
    std::uint32_t begin = 0, end = 0;
    Problems problems;

    std::vector<Diagnostic> of(std::string_view code) const {
        std::vector<Diagnostic> found;
        for (auto const& d : problems.all)
            if (d.code == code) found.push_back(d);
        return found;
    }
    bool has(std::string_view code) const { return !of(code).empty(); }
};

inline Checked check(PolicyType type, std::string text, PolicyFacts const& facts = {}) {
    Checked c;
    if (auto at = text.find(open); at != std::string::npos) {
        text.erase(at, open.size());
        c.begin = static_cast<std::uint32_t>(at);
        at = text.find(close);
        text.erase(at, close.size());
        c.end = static_cast<std::uint32_t>(at);
    }
    c.text = text;
    auto parsed = parse_json(c.text, 0);
    for (auto const& p : parsed.problems) c.problems.json(p, 0, "");
    if (parsed.problems.empty()) check_policy(parsed.value, type, "", c.problems, facts);
    return c;
}

// Exactly one finding of this code, at the marked place, with something to do about it.
inline void finds(PolicyType type, std::string const& text, std::string const& code, Severity severity, PolicyFacts const& facts = {}) {
    auto c = check(type, text, facts);
    INFO(code << " in " << text);
    for (auto const& d : c.problems.all) UNSCOPED_INFO(d.code << " " << d.pointer << ": " << d.message);
    auto found = c.of(code);
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == severity);
    CHECK_FALSE(found[0].help.empty());
    if (c.end > 0) CHECK(c.text.substr(found[0].begin, found[0].end - found[0].begin) == c.text.substr(c.begin, c.end - c.begin));
    if (c.end > 0) CHECK(found[0].begin == c.begin);
    if (severity == Severity::warning) CHECK_FALSE(c.problems.errors());    // warnings never stand in the way
}
inline void refused(PolicyType type, std::string const& text, std::string const& code) { finds(type, text, code, Severity::error); }
inline void warned(PolicyType type, std::string const& text, std::string const& code, PolicyFacts const& facts = {}) {
    finds(type, text, code, Severity::warning, facts);
}
inline void silent(PolicyType type, std::string const& text, std::string const& code, PolicyFacts const& facts = {}) {
    auto c = check(type, text, facts);
    INFO(code << " in " << text);
    for (auto const& d : c.problems.all) UNSCOPED_INFO(d.code << " " << d.pointer << ": " << d.message);
    CHECK_FALSE(c.has(code));
    CHECK_FALSE(c.problems.errors());
}

inline std::string document(std::string const& statements) { return R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}"; }
// An Allow for a role of the account, and the rest of the statement
inline std::string key_policy(std::string const& rest, std::string const& effect = "Allow") {
    return document(R"({"Effect": ")" + effect + R"(", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Resource": "*", )" +
                    rest + "}");
}
inline std::string allowing(std::string const& actions, std::string const& condition) {
    return key_policy(R"("Action": )" + actions + R"(, "Condition": )" + condition);
}
inline std::string denying(std::string const& actions, std::string const& condition) {
    return key_policy(R"("Action": )" + actions + R"(, "Condition": )" + condition, "Deny");
}
inline std::string identity(std::string const& rest) { return document(R"({"Effect": "Allow", )" + rest + "}"); }
inline std::string principal(std::string const& value, std::string const& effect = "Allow", std::string const& name = "Principal") {
    return document(R"({"Effect": ")" + effect + R"(", ")" + name + R"(": )" + value + R"(, "Action": "kms:Decrypt", "Resource": "*"})");
}

inline std::string const default_policy =
    document(R"({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"})");
inline PolicyFacts const with_key{"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {}};
}    // namespace check_tests
