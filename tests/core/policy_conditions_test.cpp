// Whether a condition holds: every operator, set operators, absent keys, policy variables.
#include "policy_match.hpp"

using namespace policy_tests;

TEST_CASE("String operators (IL:O-01, IL:O-02, IL:O-03, IL:C-15, IL:T-13)") {
    CHECK(holds("StringEquals", R"("johndoe")", "johndoe"));
    CHECK_FALSE(holds("StringEquals", R"("johndoe")", "JohnDoe"));
    CHECK_FALSE(holds("StringEquals", R"("a*")", "ab"));
    CHECK(holds("StringEquals", R"("a*")", "a*"));
    CHECK(holds("StringNotEquals", R"("a")", "b"));
    CHECK_FALSE(holds("StringNotEquals", R"("a")", "a"));
    CHECK(holds("StringEqualsIgnoreCase", "\"\xC3\x89t\xC3\xA9\"", "\xC3\xA9T\xC3\x89"));
    CHECK_FALSE(holds("StringNotEqualsIgnoreCase", R"("A")", "a"));
    CHECK(holds("StringLike", R"("a*/?")", "a:b/c/d"));
    CHECK_FALSE(holds("StringLike", R"("A*")", "abc"));
    CHECK(holds("StringLike", R"("")", ""));
    CHECK_FALSE(holds("StringLike", R"("")", "a"));
    CHECK_FALSE(holds("StringNotLike", R"("a*")", "abc"));
    CHECK(holds("StringEquals", "7", "7"));    // IL:G-16: as text
    CHECK(holds("StringEquals", "true", "true"));
}

TEST_CASE("Numeric operators (IL:O-04, IL:C-14)") {
    CHECK(holds("NumericEquals", R"("5")", "5.0"));
    CHECK(holds("NumericEquals", "5", "05"));
    CHECK(holds("NumericNotEquals", R"("5")", "6"));
    CHECK_FALSE(holds("NumericNotEquals", R"("5")", "5.0"));
    CHECK(holds("NumericLessThan", R"(["2700", "3600"])", "3000"));
    CHECK_FALSE(holds("NumericLessThan", R"("5")", "5"));
    CHECK(holds("NumericLessThanEquals", R"("5")", "5"));
    CHECK_FALSE(holds("NumericLessThanEquals", R"("5")", "5.1"));
    CHECK(holds("NumericGreaterThan", R"("-5")", "-4"));
    CHECK_FALSE(holds("NumericGreaterThan", R"("5")", "5"));
    CHECK(holds("NumericGreaterThanEquals", R"("5")", "5"));
    CHECK_FALSE(holds("NumericGreaterThanEquals", R"("5")", "4"));
    CHECK_FALSE(holds("NumericEquals", R"("5abc")", "5"));
    CHECK_FALSE(holds("NumericEquals", R"("5")", "5abc"));
    CHECK(rule_of(conditioned("NumericEquals", R"("5abc")", with("5"))) == "IL:C-14");
}

TEST_CASE("Date operators (IL:O-05)") {
    CHECK(holds("DateEquals", R"("2026-01-01T01:00:00+01:00")", "2026-01-01T00:00:00Z"));
    CHECK(holds("DateNotEquals", R"("2026-01-02")", "2026-01-01T00:00:00Z"));
    CHECK(holds("DateLessThan", R"("2026-01-02")", "2026-01-01T23:59:59Z"));
    CHECK_FALSE(holds("DateLessThan", R"("2026-01-02")", "2026-01-02T00:00:00Z"));
    CHECK(holds("DateLessThanEquals", R"("2026-01-02")", "2026-01-02T00:00:00Z"));
    CHECK_FALSE(holds("DateGreaterThan", R"("1700000000")", "2023-01-01T00:00:00Z"));    // seconds
    CHECK(holds("DateGreaterThan", "1700000000", "2024-01-01T00:00:00Z"));
    CHECK(holds("DateGreaterThanEquals", R"("2026")", "1767225600"));
    CHECK_FALSE(holds("DateGreaterThanEquals", R"("2026")", "2025-12-31T23:59:59Z"));
}

TEST_CASE("Bool, BinaryEquals and IP operators (IL:O-06, IL:O-07, IL:O-08)") {
    CHECK(holds("Bool", "true", "TRUE"));
    CHECK(holds("Bool", R"("False")", "false"));
    CHECK_FALSE(holds("Bool", R"("yes")", "yes"));
    CHECK(holds("BinaryEquals", R"("aGVsbG8=")", "aGVsbG8="));
    CHECK_FALSE(holds("BinaryEquals", R"("aGVsbG8=")", "aGVsbHA="));
    CHECK_FALSE(holds("BinaryEquals", R"("?")", "?"));
    CHECK(holds("IpAddress", R"(["192.0.2.0/24", "2001:db8::/32"])", "2001:DB8::5"));
    CHECK_FALSE(holds("IpAddress", R"("::/0")", "192.0.2.1"));
    CHECK(holds("NotIpAddress", R"("::/0")", "192.0.2.1"));
    CHECK_FALSE(holds("NotIpAddress", R"("192.0.2.0/24")", "192.0.2.1"));
    CHECK_FALSE(holds("IpAddress", R"("0.0.0.0/0")", "not an address"));
    // Every bit before the mask's end counts, whichever byte it stands in.
    for (char const* address : {"193.0.2.1", "192.1.2.1", "192.0.3.1", "192.0.2.128"}) CHECK_FALSE(holds("IpAddress", R"("192.0.2.0/25")", address));
    CHECK(holds("IpAddress", R"("192.0.2.0/25")", "192.0.2.127"));
    for (char const* address : {"2002:db8:1::", "2001:db9:1::", "2001:db8:2::", "2001:db8:1:8000::"}) CHECK_FALSE(holds("IpAddress", R"("2001:db8:1::/49")", address));
    CHECK(holds("IpAddress", R"("2001:db8:1::/49")", "2001:db8:1:7fff::"));
}

TEST_CASE("ARN operators (IL:O-09, IL:O-12)") {
    std::string arn = "arn:aws:iam::111122223333:role/team/app";
    for (char const* op : {"ArnEquals", "ArnLike"}) {
        CHECK(holds(op, R"("arn:aws:iam::*:role/team/*")", arn));
        CHECK_FALSE(holds(op, R"("arn:aws:*:role/team/*")", arn));
        CHECK_FALSE(holds(op, R"("*")", arn));
    }
    for (char const* op : {"ArnNotEquals", "ArnNotLike"}) CHECK_FALSE(holds(op, R"("arn:aws:iam::*:role/*")", arn));
    CHECK(holds("ArnNotLike", R"("arn:aws:iam::*:role/*")", "no ARN"));
    CHECK(holds("StringLike", R"("arn:aws:*:role/team/*")", arn));
}

TEST_CASE("Absent keys (IL:C-07, IL:C-08, IL:C-09, IL:T-14)") {
    CHECK_FALSE(holds_absent("StringEquals", R"("a")"));
    CHECK(holds_absent("StringNotEquals", R"("a")"));
    CHECK(holds_absent("NotIpAddress", R"("10.0.0.0/8")"));
    CHECK(holds_absent("StringLikeIfExists", R"(["t1.*"])"));
    CHECK(holds_absent("StringNotEqualsIfExists", R"("a")"));
    CHECK(holds("StringEqualsIfExists", R"("a")", "a"));
    CHECK_FALSE(holds("StringEqualsIfExists", R"("a")", "b"));
    CHECK_FALSE(holds("StringNotEqualsIfExists", R"("a")", "a"));
    auto r = conditioned("StringEquals", R"("a")", {});
    CHECK(reason_of(r) == "condition.keyMissing");
    CHECK(rule_of(r) == "IL:C-07");
    CHECK(r.param("condition", "actual") == "null");
    CHECK(r.missing == std::vector<std::string>{"aws:PrincipalTag/k"});
    CHECK(reason_of(conditioned("StringNotEquals", R"("a")", {})) == "condition.keyMissingMatches");
    CHECK(rule_of(conditioned("StringNotEquals", R"("a")", {})) == "IL:C-08");
    CHECK(rule_of(conditioned("BoolIfExists", R"("true")", {})) == "IL:C-09");
}

TEST_CASE("Null (IL:C-10, IL:C-11, IL:O-10, IL:S-07, IL:X-04)") {
    CHECK(holds_absent("Null", R"("true")"));
    CHECK_FALSE(holds_absent("Null", R"("false")"));
    CHECK(holds("Null", "false", "x"));
    CHECK_FALSE(holds("Null", R"("true")", "x"));
    CHECK(holds("Null", R"("true")", ""));
    CHECK(rule_of(conditioned("Null", R"("true")", with(""))) == "IL:C-11");
    CHECK(holds("Null", R"(["true", "false"])", "x"));
    CHECK_FALSE(holds("Null", R"("no")", "x"));
    CHECK(holds("ForAllValues:Null", R"("true")", "x"));
    CHECK_FALSE(holds_absent("ForAnyValue:Null", R"("true")"));
}

TEST_CASE("Lists of values (IL:C-02, IL:C-03, IL:C-12)") {
    CHECK(holds("StringEquals", R"(["a", "b"])", "b"));
    CHECK_FALSE(holds("StringNotEquals", R"(["a", "b"])", "b"));
    CHECK(holds("StringNotEquals", R"(["a", "b"])", "c"));
    CHECK(rule_of(conditioned("StringEquals", R"(["a", "b"])", with("b"))) == "IL:C-02");
    CHECK(rule_of(conditioned("StringNotEquals", R"(["a", "b"])", with("b"))) == "IL:C-03");
    CHECK_FALSE(holds("StringEquals", "[]", "a"));
    CHECK_FALSE(holds("StringEqualsIfExists", "[]", "a"));
    CHECK(holds_absent("StringEqualsIfExists", "[]"));
    CHECK_FALSE(holds_many("ForAllValues:StringEquals", "[]", {"a"}));
    CHECK(holds_absent("ForAllValues:StringEquals", "[]"));
    CHECK_FALSE(holds_many("ForAnyValue:StringEquals", "[]", {"a"}));
    CHECK_FALSE(holds_absent("ForAnyValue:StringEquals", "[]"));
}

TEST_CASE("Everything in a Condition must hold (IL:C-01)") {
    auto both = [](char const* other) {
        Case c;
        c.context.put("aws:PrincipalTag/a", {"1"});
        c.context.put("aws:PrincipalTag/b", {"2"});
        return match(
            R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": ")" +
                std::string(other) + R"("}, "Null": {"aws:PrincipalTag/a": "false"}}})",
            c);
    };
    CHECK(both("2").match.applies);
    auto r = both("3");
    CHECK_FALSE(r.match.applies);
    CHECK(r.match.trace.find("tests")->items.size() == 6);    // the others are shown all the same
    CHECK(write_json(*r.match.trace.find("params")) ==
          R"({"operator":"StringEquals","key":"aws:PrincipalTag/b","expected":["3"],"actual":"2"})");
}

TEST_CASE("Names of keys compare without case, values do not (IL:C-04, IL:T-15, IL:T-16)") {
    Context c;
    c.put("kms:EncryptionContext:AppName", {"ExampleApp"});
    c.put("kms:EncryptionContextKeys", {"AppName"}, true);
    auto applies = [&](char const* op, char const* key, char const* value) {
        return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", Language::v2012, key).match.applies;
    };
    CHECK(applies("StringEquals", "KMS:encryptioncontext:APPNAME", "ExampleApp"));
    CHECK_FALSE(applies("StringEquals", "kms:EncryptionContext:AppName", "exampleapp"));
    CHECK_FALSE(applies("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", "appname"));
    CHECK(applies("ForAnyValue:StringEquals", "kms:encryptioncontextkeys", "AppName"));
}

TEST_CASE("Two keys that differ in case only (IL:C-05)") {
    Context c;
    c.put_pair("aws:PrincipalTag/k", "one");
    CHECK(conditioned("StringEquals", R"("one")", c).match.assumptions.empty());
    c.put_pair("aws:PrincipalTag/K", "two");
    for (char const* value : {R"("one")", R"("two")", R"("three")"}) {    // the outcome is open, so nothing is allowed by it
        CHECK_FALSE(conditioned("StringEquals", value, c).match.applies);
        CHECK(conditioned("StringEquals", value, c, "Deny").match.applies);
        CHECK(conditioned("StringEquals", value, c).match.assumptions == std::vector<std::string>{"IL:C-05"});
    }
    c.put("aws:principaltag/K", {"three"});    // what the scenario says itself replaces both
    CHECK(conditioned("StringEquals", R"("three")", c).match.applies);
    CHECK(conditioned("StringEquals", R"("three")", c).match.assumptions.empty());
}

TEST_CASE("Set operators (IL:S-01, IL:S-02, IL:S-03, IL:S-04, IL:S-08, IL:X-03, IL:X-06)") {
    CHECK(holds_many("ForAllValues:StringEquals", R"(["a", "b"])", {"a", "b"}));
    CHECK_FALSE(holds_many("ForAllValues:StringEquals", R"(["a", "b"])", {"a", "c"}));
    CHECK(holds_many("ForAnyValue:StringEquals", R"(["a", "b"])", {"c", "b"}));
    CHECK_FALSE(holds_many("ForAnyValue:StringEquals", R"(["a", "b"])", {"c"}));
    CHECK(holds_many("ForAnyValue:StringNotEquals", R"("a")", {"a", "b"}));
    CHECK_FALSE(holds_many("ForAllValues:StringNotLike", R"("key1*")", {"key2:a", "key1:b"}));
    CHECK(holds_absent("ForAllValues:StringEquals", R"("a")"));
    CHECK_FALSE(holds_absent("ForAnyValue:StringNotEquals", R"("a")"));
    CHECK(holds_absent("ForAnyValue:StringEqualsIfExists", R"("a")"));
    CHECK(holds_many("ForAllValues:StringEquals", R"("a")", {""}));    // IL:X-03: an empty value is an empty set
    CHECK_FALSE(holds_many("ForAnyValue:StringLike", R"("*")", {""}));
    CHECK_FALSE(holds_many("StringEquals", R"("a")", {"a"}));
    CHECK_FALSE(holds_many("StringNotEquals", R"("a")", {"b"}));
    auto r = conditioned("StringEquals", R"("a")", many({"a"}), "Allow", Language::v2012, "aws:TagKeys");
    CHECK(rule_of(r) == "IL:S-01");
    CHECK(r.match.assumptions == std::vector<std::string>{"IL:X-06"});
    CHECK(r.param("condition", "actual") == R"(["a"])");
    CHECK(rule_of(conditioned("ForAnyValue:StringNotEquals", R"("a")", many({"b"}), "Allow", Language::v2012, "aws:TagKeys")) == "IL:S-04");
}

TEST_CASE("A value that cannot be read, under a negated operator, fails closed (IL:X-05)") {
    for (auto const& [op, bad, actual] : {std::tuple{"NumericNotEquals", R"("5abc")", "5"},
                                          {"NotIpAddress", R"("10.0.0")", "10.0.0.1"},
                                          {"DateNotEquals", R"("soon")", "2026-01-01"}}) {
        INFO(op);
        auto allow = conditioned(op, bad, with(actual)), deny = conditioned(op, bad, with(actual), "Deny");
        CHECK_FALSE(allow.match.applies);
        CHECK(deny.match.applies);
        CHECK(rule_of(allow) == "IL:X-05");
        CHECK(deny.match.assumptions == std::vector<std::string>{"IL:X-05"});
    }
    CHECK_FALSE(holds("NumericNotEquals", R"(["x", "5"])", "5"));    // a listed value that is equal decides
}

TEST_CASE("Open outcomes under the other reading (IL:C-05, IL:X-05, IL:X-06)") {
    Readings readings;
    readings.choose("IL:C-05", "failsOpen");
    readings.choose("IL:X-05", "failsOpen");
    readings.choose("IL:X-06", "anyValue");
    Case c;
    c.readings = readings;
    c.context = many({"a", "b"});
    c.context.put("aws:MultiFactorAuthAge", {"5"});
    c.context.put_pair("aws:ResourceTag/k", "one");
    c.context.put_pair("aws:ResourceTag/K", "two");
    auto applies = [&](char const* effect, char const* condition) {
        return match(R"({"Effect": ")" + std::string(effect) +
                         R"(", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {)" + condition + "}}",
                     c);
    };
    CHECK(applies("Allow", R"("NumericNotEquals": {"aws:MultiFactorAuthAge": "5abc"})").match.applies);
    CHECK_FALSE(applies("Deny", R"("NumericNotEquals": {"aws:MultiFactorAuthAge": "5abc"})").match.applies);
    CHECK(applies("Allow", R"("StringEquals": {"aws:ResourceTag/k": "three"})").match.applies);
    auto any = applies("Allow", R"("StringEquals": {"aws:TagKeys": "b"})");
    CHECK(any.match.applies);
    CHECK(any.match.assumptions == std::vector<std::string>{"IL:X-06"});
    CHECK_FALSE(applies("Allow", R"("StringEquals": {"aws:TagKeys": "c"})").match.applies);
}

TEST_CASE("Operators in other capitals are read all the same (IL:X-11)") {
    CHECK(holds("stringequals", R"("a")", "a"));
    CHECK_FALSE(holds("STRINGNOTEQUALS", R"("a")", "a"));
    CHECK(holds_absent("forallvalues:StringEquals", R"("a")"));
}

TEST_CASE("Policy variables (IL:V-01, IL:V-04 … IL:V-08, IL:V-10, IL:T-08)") {
    Context c = with("Alice");
    c.put("aws:username", {"Alice"});
    c.put("aws:PrincipalTag/star", {"A*"});
    c.put("aws:PrincipalTag/var", {"${aws:username}"});
    c.put("aws:TagKeys", {"Alice"}, true);
    auto test = [&](char const* op, char const* value, Language language = Language::v2012) {
        return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", language);
    };
    auto applies = [&](char const* op, char const* value) { return test(op, value).match.applies; };
    CHECK(applies("StringEquals", "${aws:username}"));
    CHECK(applies("StringEquals", "${AWS:UserName}"));
    CHECK(applies("StringLike", "${aws:username}*"));
    CHECK_FALSE(applies("StringLike", "${aws:PrincipalTag/star}"));    // its star is data
    CHECK(applies("StringLike", "A*"));
    CHECK_FALSE(applies("StringEquals", "${aws:TagKeys}"));    // several values
    CHECK(applies("StringEquals", "${aws:PrincipalTag/none, 'Alice'}"));
    CHECK(applies("StringEquals", "${aws:username, 'Bob'}"));
    CHECK_FALSE(applies("StringEquals", "${aws:PrincipalTag/none}"));
    CHECK(applies("StringNotEquals", "${aws:PrincipalTag/none}"));
    CHECK_FALSE(applies("StringEquals", "${aws:PrincipalTag/var}"));    // replaced once
    CHECK_FALSE(test("StringEquals", "${aws:username}", Language::v2008).match.applies);
    CHECK(rule_of(test("StringEquals", "${aws:PrincipalTag/none}")) == "IL:V-07");
    CHECK(rule_of(test("StringNotEquals", "${aws:PrincipalTag/none}")) == "IL:V-07");
    CHECK(test("StringEquals", "${aws:PrincipalTag/none}").missing == std::vector<std::string>{"aws:PrincipalTag/none"});
    CHECK(test("StringEquals", "${aws:username}").param("condition", "expected") == R"(["Alice"])");

    auto literal = [](char const* op, char const* value, char const* actual, Language language = Language::v2012) {
        return conditioned(op, "\"" + std::string(value) + "\"", with(actual), "Allow", language).match.applies;
    };
    CHECK(literal("StringLike", "a${*}${?}${$}", "a*?$"));
    CHECK_FALSE(literal("StringLike", "a${*}", "ab"));
    CHECK(literal("StringEquals", "a${*}", "a*"));
    CHECK(literal("StringEquals", "${aws:username", "${aws:username"));
    CHECK(literal("StringEquals", "${}", "${}"));
    CHECK(literal("StringEquals", "${a b}", "${a b}"));
    CHECK(literal("StringEquals", "${aws:username, x}", "${aws:username, x}"));
    CHECK(literal("StringEquals", "${, 'x'}", "${, 'x'}"));
    CHECK(literal("StringEquals", "$${*}{", "$*{"));
    CHECK(literal("StringEquals", "${a, 'b}'}", "b}"));
    CHECK(literal("StringEquals", "${*}", "${*}", Language::v2008));
}

TEST_CASE("Variables in the operators that take them (IL:V-02, IL:V-03, IL:V-09, IL:X-02)") {
    Context c = with("5");
    c.put("aws:PrincipalTag/n", {"5"});
    c.put("aws:PrincipalTag/b", {"true"});
    auto applies = [&](char const* op, char const* value, char const* key = "aws:PrincipalTag/k") {
        return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", Language::v2012, key).match.applies;
    };
    CHECK(applies("StringEqualsIgnoreCase", "${aws:PrincipalTag/n}"));
    CHECK_FALSE(applies("NumericEquals", "${aws:PrincipalTag/n}"));
    CHECK(applies("Bool", "${aws:PrincipalTag/b}", "aws:PrincipalTag/b"));
    c.put("aws:PrincipalTag/k", {"arn:aws:iam::1:role/x*"});
    c.put("aws:PrincipalTag/n", {"x*"});
    CHECK(applies("ArnLike", "arn:aws:iam::*:role/${aws:PrincipalTag/n}"));
    c.put("aws:PrincipalTag/k", {"arn:aws:iam::1:role/xyz"});
    CHECK_FALSE(applies("ArnLike", "arn:aws:iam::*:role/${aws:PrincipalTag/n}"));
}
