// Wildcards, ARNs, positions, and the kinds of values that conditions compare.
#include "../catch.hpp"

#include <random>

#include "policy/variables.hpp"
#include "text/text.hpp"
#include "text/values.hpp"

using namespace kms;

namespace {
// What a wildcard pattern means, written as its definition.
bool defined_glob(std::string_view p, std::string_view v) {
    if (p.empty()) return v.empty();
    if (p[0] == '*') return defined_glob(p.substr(1), v) || (!v.empty() && defined_glob(p, v.substr(1)));
    return !v.empty() && (p[0] == '?' || p[0] == v[0]) && defined_glob(p.substr(1), v.substr(1));
}

// IL:R-04 as its definition: a `*` may take a colon when it closes its part or stands in the resource.
bool defined_resource(std::string_view p, std::size_t at, std::string_view v, std::size_t resource_at) {
    if (at == p.size()) return v.empty() || (resource_at == p.size() && v[0] == ':');
    bool closes = at + 1 == p.size() || p[at + 1] == ':';
    auto takes = [&](char c) { return c != ':' || at >= resource_at || (p[at] == '*' && closes); };
    if (p[at] == '*')
        return defined_resource(p, at + 1, v, resource_at) ||
               (!v.empty() && takes(v[0]) && defined_resource(p, at, v.substr(1), resource_at));
    if (v.empty()) return false;
    bool same = p[at] == '?' ? takes(v[0]) : p[at] == v[0];
    return same && defined_resource(p, at + 1, v.substr(1), resource_at);
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t most) {
    std::string out;
    for (auto n = random() % (most + 1); n > 0; --n) out += letters[random() % letters.size()];
    return out;
}

bool same_instant(char const* a, char const* b) {
    REQUIRE(parse_instant(a));
    REQUIRE(parse_instant(b));
    return *parse_instant(a) == *parse_instant(b);
}
bool in_range(char const* range, char const* address) {
    REQUIRE(parse_range(range));
    REQUIRE(parse_address(address));
    return contains(*parse_range(range), *parse_address(address));
}
}    // namespace

TEST_CASE("A star is any run of characters, a question mark exactly one (IL:R-03)") {
    CHECK(glob("*", ""));
    CHECK(glob("a*c", "abbbc"));
    CHECK(glob("a*c", "ac"));
    CHECK_FALSE(glob("a*c", "acd"));
    CHECK(glob("a?c", "abc"));
    CHECK_FALSE(glob("a?c", "ac"));
    CHECK_FALSE(glob("", "a"));
    CHECK(glob("?", "\xC3\xA9"));    // é is one character
    CHECK_FALSE(glob("??", "\xC3\xA9"));
    CHECK_FALSE(glob("abc", "ABC"));
    CHECK(glob_ignore_case("KMS:gen*KEY", "kms:GenerateDataKey"));
}

TEST_CASE("Wildcards agree with their definition on random patterns") {
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i) {
        auto p = random_text(random, "ab*?", 6), v = random_text(random, "ab", 8);
        INFO(p << " against " << v);
        REQUIRE(glob(p, v) == defined_glob(p, v));
    }
}

TEST_CASE("Patterns with many stars take no time") {
    std::string pattern, value(4000, 'a');
    for (int i = 0; i < 200; ++i) pattern += "*a";
    CHECK_FALSE(glob(pattern + "b", value));
    CHECK_FALSE(resource_matches("arn:aws:kms:us-east-1:1:" + pattern + "b", "arn:aws:kms:us-east-1:1:" + value));
    CHECK_FALSE(resource_matches("arn:*:*:*:*:*b", "arn:" + std::string(2000, ':')));
}

TEST_CASE("Marked wildcards leave stars of values alone (IL:V-04)") {
    auto run = std::string(1, marked.run);
    CHECK(glob("a*" + run, "a*bcd", marked));
    CHECK_FALSE(glob("a*" + run, "abcd", marked));
    CHECK(glob(std::string(1, marked.one), "x", marked));
    CHECK_FALSE(glob("?", "x", marked));
}

TEST_CASE("A resource pattern is matched part by part (IL:R-03, IL:R-04, IL:X-10)") {
    std::string key = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234";
    CHECK(resource_matches("*", key));
    CHECK(resource_matches(key, key));
    CHECK(resource_matches("arn:aws:kms:us-east-1:111122223333:key/mrk-*", key));
    CHECK(resource_matches("arn:aws:kms:*:111122223333:key/*", key));
    CHECK(resource_matches("arn:aws:kms:*:key/mrk-1234", key));    // the star closes its part and takes a colon
    CHECK(resource_matches("arn:aws:kms:us-*:key/mrk-1234", key));
    CHECK_FALSE(resource_matches("arn:aws:kms:us-*1:key/mrk-1234", key));    // this one does not
    CHECK_FALSE(resource_matches("arn:aws:kms:us-*3:key/mrk-1234", key));
    CHECK(resource_matches("arn:aws:kms:u?-east-1:111122223333:key/mrk-1234", key));
    CHECK_FALSE(resource_matches("arn:aws:kms:us-east-1?111122223333:key/mrk-1234", key));
    CHECK(resource_matches("arn:aws:x:r:a:?b", "arn:aws:x:r:a::b"));    // so does a wildcard that begins it
    CHECK(resource_matches("arn:aws:s3:::b/*:x", "arn:aws:s3:::b/1:2:x"));    // the resource part keeps its colons
}

TEST_CASE("Resources compare with case (IL:R-02)") {
    CHECK_FALSE(resource_matches("arn:aws:kms:us-east-1:111122223333:KEY/a", "arn:aws:kms:us-east-1:111122223333:key/a"));
    CHECK_FALSE(resource_matches("arn:aws:KMS:*:*:key/a", "arn:aws:kms:us-east-1:111122223333:key/a"));
}

TEST_CASE("Missing parts of a resource pattern behave like a star (IL:R-06)") {
    std::string key = "arn:aws:kms:us-east-1:111122223333:key/a";
    CHECK(resource_matches("arn:aws:kms", key));
    CHECK(resource_matches("arn:aws:kms:us-east-1:111122223333", key));
    CHECK(resource_matches("arn:aws:k*", key));
    CHECK_FALSE(resource_matches("arn:aws:km", key));
    CHECK_FALSE(resource_matches("arn:aws:kms:us-east-1:11112222333", key));
}

TEST_CASE("Operations without a key match only what matches the text * (IL:R-08)") {
    CHECK(resource_matches("*", "*"));
    CHECK(resource_matches("**", "*"));
    CHECK_FALSE(resource_matches("arn:aws:kms:*", "*"));
}

TEST_CASE("Paths of resources (IL:T-19, IL:T-20)") {
    auto match = [](std::string const& end) { return resource_matches("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b" + end); };
    CHECK(match("//test/object"));
    CHECK(match("/1/test/"));
    CHECK_FALSE(match("/1-test/object"));
    CHECK_FALSE(match("/test/object"));
}

TEST_CASE("Resource patterns agree with their definition on random texts (IL:R-04)") {
    std::mt19937 random(11);
    for (int i = 0; i < 20000; ++i) {
        auto p = random_text(random, "a::*?", 9), v = random_text(random, "a::", 9);
        INFO(p << " against " << v);
        auto resource_at = std::min(arn_resource_at(p), p.size());
        REQUIRE(resource_matches(p, v) == (p == "*" || defined_resource(p, 0, v, resource_at)));
    }
}

TEST_CASE("ARN operators compare each of six parts by itself (IL:O-09)") {
    CHECK_FALSE(arn_like("arn:aws:svc:*:111:fin/*", "arn:aws:svc:us-east-2:999:x:111:fin/d"));
    CHECK(glob("arn:aws:svc:*:111:fin/*", "arn:aws:svc:us-east-2:999:x:111:fin/d"));    // IL:O-12: a string operator crosses colons
    CHECK(arn_like("arn:aws:s3:::*", "arn:aws:s3:::b:c"));
    CHECK_FALSE(arn_like("arn:aws:*:b", "arn:aws:s3:::b"));
    CHECK_FALSE(arn_like("arn:aws:iam::*:role/*", "AROAEXAMPLE"));
    CHECK_FALSE(arn_like("arn:aws:iam::*:ROLE/x", "arn:aws:iam::1:role/x"));
}

TEST_CASE("Case folds in ASCII and Latin-1 (IL:O-02)") {
    CHECK(equal_ignore_case("kms:ViaService", "KMS:viaservice"));
    CHECK_FALSE(equal_ignore_case("\xC3\x89", "\xC3\xA9"));
    CHECK(equal_ignore_case_latin1("\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"));    // ÉTÉ été
    CHECK_FALSE(equal_ignore_case_latin1("\xC3\x97", "\xC3\xB7"));                // × ÷
    CHECK_FALSE(equal_ignore_case_latin1("ab", "abc"));
}

TEST_CASE("Numbers are exact decimals (IL:O-04)") {
    auto order = [](char const* a, char const* b) { return compare(*parse_decimal(a), *parse_decimal(b)); };
    CHECK(order("5", "5.0") == 0);
    CHECK(order("007", "7") == 0);
    CHECK(order("-0", "0") == 0);
    CHECK(order("-12.5", "-12.50") == 0);
    CHECK(order("9", "10") < 0);
    CHECK(order("-9", "-10") > 0);
    CHECK(order("-1", "1") < 0);
    CHECK(order("0.30", "0.299999999999999999") > 0);
    CHECK(order("123456789012345678901234567890", "123456789012345678901234567891") < 0);
    for (char const* text : {"", "-", "5abc", "1e3", "1.", ".5", "+1", " 1", "1 ", "0x10", "--1", "1.2.3"}) {
        INFO(text);
        CHECK_FALSE(parse_decimal(text));
    }
}

TEST_CASE("Whole numbers of 64 bits and decimals of 17 digits keep their order (IL:O-04)") {
    std::mt19937_64 random(17);
    auto text_of = [](std::int64_t n, std::size_t places) {    // n / 10^places, exactly
        auto digits = std::to_string(n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n));
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        if (places > 0) digits.insert(digits.size() - places, ".");
        return (n < 0 ? "-" : "") + digits;
    };
    for (int i = 0; i < 5000; ++i) {
        auto a = static_cast<std::int64_t>(random()) >> (random() % 60), b = i % 3 == 0 ? a + static_cast<std::int64_t>(i % 2) : static_cast<std::int64_t>(random()) >> (random() % 60);
        auto places = static_cast<std::size_t>(random() % 18);
        auto order = compare(*parse_decimal(text_of(a, places)), *parse_decimal(text_of(b, places)));
        INFO(text_of(a, places) << " and " << text_of(b, places));
        CHECK((order < 0) == (a < b));
        CHECK((order > 0) == (a > b));
    }
}

TEST_CASE("Dates are ISO 8601 or Unix seconds (IL:O-05, IL:O-11)") {
    CHECK(same_instant("2026-01-01T00:00:00Z", "1767225600"));
    CHECK(same_instant("1970-01-01", "0"));
    CHECK(same_instant("2000-02-29T12:30:00.5Z", "2000-02-29T13:30:00.500+01:00"));
    CHECK(same_instant("2026", "2026-01-01T00:00Z"));
    CHECK(same_instant("2026-03", "2026-03-01"));
    CHECK(same_instant("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"));
    CHECK(same_instant("2025-12-31T23:30:00-00:30", "2026-01-01"));
    CHECK(same_instant("1969-12-31T23:59:59Z", "-1"));
    CHECK(parse_instant("1700000000")->seconds == 1700000000);
    CHECK(*parse_instant("2026-01-01T00:00:00.000000001Z") > *parse_instant("2026-01-01T00:00:00Z"));
    CHECK_FALSE(is_epoch("2026"));    // four digits are a year
    for (char const* text : {"", "yesterday", "2026-13", "2026-02-30", "1900-02-29", "2026-01-01T24:00Z", "2026-01-01T10Z",
                             "2026-01-01 10:00", "2026-01-01T10:00:00+1", "2026-01-01T10:00:00.Z", "26-01-01", "2026-01-1/", "2026-01-01T0::00:00Z"}) {
        INFO(text);
        CHECK_FALSE(parse_instant(text));
    }
}

TEST_CASE("IP addresses and ranges of both families (IL:O-08)") {
    CHECK(in_range("10.0.0.5/8", "10.9.9.9"));    // bits after the mask are ignored
    CHECK(in_range("203.0.113.7", "203.0.113.7"));
    CHECK_FALSE(in_range("203.0.113.7", "203.0.113.8"));
    CHECK(in_range("203.0.113.128/25", "203.0.113.200"));
    CHECK_FALSE(in_range("203.0.113.128/25", "203.0.113.127"));
    CHECK(in_range("0.0.0.0/0", "255.255.255.255"));
    CHECK(in_range("2001:DB8::1", "2001:db8:0:0:0:0:0:1"));
    CHECK(in_range("2001:db8::/33", "2001:db8:7fff::"));
    CHECK_FALSE(in_range("2001:db8::/33", "2001:db8:8000::"));
    CHECK(in_range("::ffff:192.0.2.1", "::ffff:c000:201"));
    CHECK_FALSE(in_range("::/0", "192.0.2.1"));    // never across families
    CHECK_FALSE(in_range("0.0.0.0/0", "::1"));
    CHECK(has_host_bits(*parse_range("10.0.0.5/8")));
    CHECK_FALSE(has_host_bits(*parse_range("10.0.0.0/8")));
    CHECK(is_private(*parse_address("172.31.0.1")));
    CHECK_FALSE(is_private(*parse_address("172.32.0.1")));
    for (char const* text : {"", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "010.0.0.1", "1.2.3.4.5", "2001:db8", "1::2::3",
                             ":::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "2001:db8::g1", "::1/129", "12345::", "2001:db8:", "*"}) {
        INFO(text);
        CHECK_FALSE(parse_range(text));
    }
}

TEST_CASE("Base64 (IL:O-07)") {
    CHECK(*parse_base64("") == "");
    CHECK(*parse_base64("aGVsbG8=") == "hello");
    CHECK(*parse_base64("/+8=") == "\xFF\xEF");
    for (char const* text : {"a", "aGVsbG8", "aGV=bG8=", "a===", "====", "aGVs bG8="}) {
        INFO(text);
        CHECK_FALSE(parse_base64(text));
    }
}

TEST_CASE("Positions on a long line are counted in the same way, wherever in a character its marks fall") {
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string text = "first\n" + std::string(shift, 'a');
        for (int i = 0; i < 200; ++i) text += "\xC3\xA9\xF0\x9F\x94\x91";    // 600 units in 1200 bytes
        text += "z\nlast";
        LineIndex lines(text);
        INFO(shift);
        auto z = lines.at(text, static_cast<std::uint32_t>(text.find('z')));
        CHECK(z.line == 2);
        CHECK(z.column == 601 + shift);
        CHECK(z.offset == 606 + shift);
        CHECK(lines.at(text, static_cast<std::uint32_t>(text.find("last"))).offset == 608 + shift);
    }
}

TEST_CASE("A variable ends with its text, whatever stands behind it (IL:V-08)") {
    std::string_view behind = "${aws:username}";
    for (std::size_t size = 2; size < behind.size(); ++size) {
        INFO(size);
        auto v = next_variable(behind.substr(0, size), 0);
        REQUIRE(v);
        CHECK(v->problem == "missingBrace");
        CHECK(v->end == 2);
    }
    CHECK(next_variable(behind, 0)->key == "aws:username");
    CHECK(next_variable(behind, 0)->end == behind.size());
    CHECK_FALSE(next_variable(behind.substr(0, 1), 0));
}

TEST_CASE("Positions count lines, and UTF-16 units in them") {
    std::string text = "a\n\xC3\xA9\xF0\x9F\x94\x91z\n";    // é, then a key emoji of two units
    LineIndex lines(text);
    auto z = lines.at(text, static_cast<std::uint32_t>(text.find('z')));
    CHECK(z.line == 2);
    CHECK(z.column == 4);
    CHECK(z.offset == 5);
    CHECK(lines.at(text, 0).line == 1);
    CHECK(lines.at(text, static_cast<std::uint32_t>(text.size())).line == 3);
}
