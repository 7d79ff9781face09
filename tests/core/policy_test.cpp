// Whether a statement applies to a request: outcome, reason and rule of every element.
#include "../catch.hpp"

#include "policy/condition_keys.hpp"
#include "policy/policy.hpp"

using namespace kms;

namespace {
constexpr char const* key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

Caller caller(CallerForm form, std::string arn) {
    Caller c;
    c.form = form;
    c.arn = std::move(arn);
    if (form == CallerForm::service) return c;
    c.partition = "aws";
    c.account = "111122223333";
    return c;
}
Caller user(std::string const& name = "Alice") {
    auto c = caller(CallerForm::user, "arn:aws:iam::111122223333:user/" + name);
    c.entity_arn = c.arn;
    return c;
}
Caller session(std::string const& role = "app", std::string const& name = "s1") {
    auto c = caller(CallerForm::session, "arn:aws:sts::111122223333:assumed-role/" + role + "/" + name);
    c.role_name = role;
    c.session_name = name;
    c.entity_arn = "arn:aws:iam::111122223333:role/" + role;
    return c;
}
Caller federated() {
    auto c = caller(CallerForm::federatedUser, "arn:aws:sts::111122223333:federated-user/Fay");
    c.entity_arn = "arn:aws:iam::111122223333:user/Alice";
    return c;
}
Caller root() { return caller(CallerForm::root, "arn:aws:iam::111122223333:root"); }
Caller service() { return caller(CallerForm::service, "logs.us-east-1.amazonaws.com"); }

struct Case {
    Caller who = user();
    std::string action = "kms:Decrypt", resource = key_arn;
    Context context{};
    PolicyType type = PolicyType::keyPolicy;
    Language language = Language::v2012;
    std::vector<std::string> const* unique_ids = nullptr;
    bool explain = true;
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
    std::string param(std::string_view element, std::string_view name) const { return write_json(*test(element).find("params")->find(name)); }
};

Result match(std::string const& statement, Case const& c) {
    Texts texts;
    auto doc = texts.add("/keys/0/policy", statement);
    auto parsed = parse_json(texts.text(doc), doc);
    REQUIRE(parsed.problems.empty());
    Ask ask{c.who, c.action, c.resource, c.context, c.explain, c.unique_ids};
    Result r;
    r.match = match_statement(parsed.value, c.type, "/keys/0/policy/Statement/0", ask, texts, r.missing, c.language);
    return r;
}

std::string statement(std::string const& principal, std::string const& effect = "Allow") {
    return R"({"Effect": ")" + effect + R"(", )" + principal + R"(, "Action": "kms:Decrypt", "Resource": "*"})";
}
std::string naming(std::string const& principal, std::string const& effect = "Allow") { return statement(R"("Principal": )" + principal, effect); }
std::string excluding(std::string const& principal, std::string const& effect = "Deny") { return statement(R"("NotPrincipal": )" + principal, effect); }

Result named(std::string const& principal, Caller const& who) {
    Case c;
    c.who = who;
    return match(naming(principal), c);
}

// One condition in an Allow (or a Deny) for everybody
Result conditioned(std::string const& op, std::string const& values, Context const& context, std::string const& effect = "Allow", Language language = Language::v2012,
                   std::string const& key = "aws:PrincipalTag/k") {
    Case c;
    c.context = context;
    c.language = language;
    return match(R"({"Effect": ")" + effect + R"(", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {")" + op + R"(": {")" + key + R"(": )" + values + "}}}", c);
}
Context with(std::string const& value) {
    Context c;
    c.put("aws:PrincipalTag/k", {value});
    return c;
}
Context many(std::vector<std::string> values) {
    Context c;
    c.put("aws:TagKeys", std::move(values), true);
    return c;
}
bool holds(std::string const& op, std::string const& values, std::string const& actual) { return conditioned(op, values, with(actual)).match.applies; }
bool holds_absent(std::string const& op, std::string const& values) { return conditioned(op, values, {}).match.applies; }
bool holds_many(std::string const& op, std::string const& values, std::vector<std::string> actual) {
    return conditioned(op, values, many(std::move(actual)), "Allow", Language::v2012, "aws:TagKeys").match.applies;
}
std::string rule_of(Result const& r) { return std::string(r.test("condition").string_or("rule")); }
std::string reason_of(Result const& r) { return std::string(r.test("condition").string_or("reason")); }
}    // namespace

TEST_CASE("How a Principal names each kind of caller (IL:P-02 … IL:P-09, IL:P-13, P-01, P-02, P-03, P-04, P-05, P-06, P-15)") {
    auto as = [](std::string const& principal, Caller const& who) { return named(principal, who).match.as; };
    CHECK(as(R"("*")", user()) == NamedAs::everyone);
    CHECK(as(R"({"AWS": "*"})", session()) == NamedAs::everyone);
    CHECK(as(R"({"AWS": "111122223333"})", user()) == NamedAs::account);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:root"})", session()) == NamedAs::account);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:root"})", federated()) == NamedAs::account);
    CHECK(as(R"({"AWS": "111122223333"})", root()) == NamedAs::root);
    CHECK(as(R"({"AWS": "444455556666"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws-cn:iam::111122223333:root"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", user()) == NamedAs::user);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/alice"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:role/app"})", session()) == NamedAs::role);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})", session()) == NamedAs::role);    // the path of an unlisted role is unknown
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:assumed-role/app/s1"})", session()) == NamedAs::session);
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:assumed-role/app/s2"})", session()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "arn:aws:sts::111122223333:federated-user/Fay"})", federated()) == NamedAs::federatedUser);
    CHECK(as(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", federated()) == NamedAs::userOfFederated);
    CHECK(as(R"({"Service": "logs.us-east-1.amazonaws.com"})", service()) == NamedAs::service);
    CHECK(as(R"({"Service": "logs.amazonaws.com"})", service()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": "logs.us-east-1.amazonaws.com"})", service()) == NamedAs::nobody);
    CHECK(as(R"({"Service": "logs.us-east-1.amazonaws.com"})", user()) == NamedAs::nobody);
    CHECK(as(R"({"AWS": []})", user()) == NamedAs::nobody);    // IL:P-17
    CHECK(as(R"({})", user()) == NamedAs::nobody);
    auto everyone = named(R"({"AWS": "*"})", service());    // IL:P-03: assumed
    CHECK(everyone.match.as == NamedAs::everyone);
    CHECK(everyone.match.assumptions == std::vector<std::string>{"IL:P-03"});
    CHECK(named(R"({"AWS": "*"})", user()).match.assumptions.empty());
}

TEST_CASE("The form that is limited least counts when a statement names a caller twice (E-20)") {
    CHECK(named(R"({"AWS": ["111122223333", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1"]})", session()).match.as == NamedAs::session);
    auto r = named(R"({"AWS": ["111122223333", "arn:aws:iam::111122223333:role/app"]})", session());
    CHECK(r.match.as == NamedAs::role);
    CHECK(r.match.named == Named::directly);
    CHECK(r.param("principal", "expected") == R"("arn:aws:iam::111122223333:role/app")");
}

TEST_CASE("The account statement delegates, for the root user it is enough (E-04, E-05)") {
    auto r = named(R"({"AWS": "111122223333"})", user());
    CHECK(r.match.applies);
    CHECK(r.match.named == Named::delegated);
    CHECK(r.reason() == "statement.delegates");
    CHECK(r.match.rule == "E-04");
    CHECK(r.test("principal").string_or("reason") == "principal.viaAccount");
    CHECK(named(R"({"AWS": "111122223333"})", root()).match.named == Named::directly);
    Case c;
    auto deny = match(naming(R"({"AWS": "111122223333"})", "Deny"), c);    // a Deny is no delegation
    CHECK(deny.match.applies);
    CHECK(deny.reason() == "statement.matched");
    CHECK(deny.match.rule == "E-10");
}

TEST_CASE("A listed role is known with its path (IL:P-06)") {
    auto who = session();
    who.entity_pointer = "/principals/0";
    who.entity_arn = "arn:aws:iam::111122223333:role/svc/app";
    CHECK(named(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})", who).match.applies);
    CHECK_FALSE(named(R"({"AWS": "arn:aws:iam::111122223333:role/app"})", who).match.applies);
}

TEST_CASE("Unique ids name the one user or role that has them (IL:P-10, P-10)") {
    auto who = session();
    who.unique_id = "AROANEW";
    std::vector<std::string> ids{"AROANEW", "AIDAOTHER"};
    Case c;
    c.who = who;
    c.unique_ids = &ids;
    CHECK(match(naming(R"({"AWS": "AROANEW"})"), c).match.as == NamedAs::role);
    auto orphan = match(naming(R"({"AWS": "AROAOLD"})"), c);
    CHECK_FALSE(orphan.match.applies);
    CHECK(orphan.reason() == "principal.orphaned");
    CHECK(orphan.param("principal", "expected") == R"("AROAOLD")");
    CHECK(match(naming(R"({"AWS": "AIDAOTHER"})"), c).reason() == "principal.noMatch");
}

TEST_CASE("NotPrincipal with Deny spares only who is listed with all that stands behind it (IL:P-14, IL:P-15, IL:X-09, P-11)") {
    std::string account = R"("arn:aws:iam::111122223333:root")", role = R"("arn:aws:iam::111122223333:role/app")", own = R"("arn:aws:sts::111122223333:assumed-role/app/s1")";
    auto denied = [](std::string const& list, Caller const& who) {
        Case c;
        c.who = who;
        return match(excluding(R"({"AWS": [)" + list + "]}"), c);
    };
    CHECK_FALSE(denied(account + "," + role + "," + own, session()).match.applies);
    CHECK(denied(account + "," + role + "," + own, session()).reason() == "principal.excluded");
    auto partly = denied(role, session());
    CHECK(partly.match.applies);
    CHECK(partly.match.assumptions == std::vector<std::string>{"IL:X-09"});
    CHECK(denied(account + "," + own, session()).match.applies);
    CHECK(denied(role + "," + own, session()).match.applies);
    auto other = denied(account + "," + role, user("Bob"));
    CHECK(other.match.applies);
    CHECK(denied(R"("arn:aws:iam::444455556666:root")", user()).match.assumptions.empty());    // not listed at all
    CHECK_FALSE(denied(account + R"(,"arn:aws:iam::111122223333:user/Alice")", user()).match.applies);
    CHECK(denied(R"("arn:aws:iam::111122223333:user/Alice")", user()).match.applies);
    CHECK_FALSE(denied(account, root()).match.applies);
    CHECK_FALSE(denied(account + R"(,"arn:aws:iam::111122223333:user/Alice","arn:aws:sts::111122223333:federated-user/Fay")", federated()).match.applies);
    CHECK(denied(account + R"(,"arn:aws:sts::111122223333:federated-user/Fay")", federated()).match.applies);
    auto bounded = session();
    bounded.has_boundary = true;
    auto always = denied(account + "," + role + "," + own, bounded);
    CHECK(always.match.applies);
    CHECK(always.test("principal").string_or("rule") == "IL:P-15");
}

TEST_CASE("NotPrincipal with Allow is for everybody who is not listed (IL:P-16)") {
    Case c;
    CHECK(match(excluding(R"({"AWS": "arn:aws:iam::111122223333:user/Bob"})", "Allow"), c).match.applies);
    CHECK_FALSE(match(excluding(R"({"AWS": "arn:aws:iam::111122223333:user/Alice"})", "Allow"), c).match.applies);
    CHECK_FALSE(match(excluding(R"({"AWS": "111122223333"})", "Allow"), c).match.applies);
}

TEST_CASE("Only resource policies ask for a principal (IL:G-06)") {
    Case c;
    for (auto type : {PolicyType::identityPolicy, PolicyType::permissionsBoundary, PolicyType::sessionPolicy, PolicyType::serviceControlPolicy}) {
        c.type = type;
        CHECK(match(R"({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})", c).match.applies);
    }
    for (auto type : {PolicyType::resourceControlPolicy, PolicyType::vpcEndpointPolicy}) {
        c.type = type;
        CHECK(match(naming(R"("*")"), c).match.applies);
        CHECK_FALSE(match(naming(R"({"AWS": "444455556666"})"), c).match.applies);
        CHECK(match(naming(R"({"AWS": "111122223333"})"), c).reason() == "statement.matched");    // they delegate nothing
    }
}

TEST_CASE("Statements without Action or Resource do nothing (E-22, IL:G-05, IL:G-07)") {
    Case c;
    auto no_resource = match(R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*"})", c);
    CHECK_FALSE(no_resource.match.applies);
    CHECK(no_resource.reason() == "statement.inert");
    CHECK(write_json(*no_resource.match.trace.find("params")) == R"({"missing":"Resource"})");
    auto no_action = match(R"({"Effect": "Deny", "Principal": "*", "Resource": "*"})", c);
    CHECK_FALSE(no_action.match.applies);
    CHECK(write_json(*no_action.match.trace.find("params")) == R"({"missing":"Action"})");
    CHECK(no_action.match.rule == "E-22");
}

TEST_CASE("Actions (IL:A-01, IL:A-03, IL:A-05)") {
    auto applies = [](std::string const& element) {
        Case c;
        return match(R"({"Effect": "Allow", "Principal": "*", "Resource": "*", )" + element + "}", c);
    };
    CHECK(applies(R"("Action": "KMS:decrypt")").match.applies);
    CHECK(applies(R"("Action": ["s3:*", "kms:De*pt"])").match.applies);
    CHECK(applies(R"("Action": "*")").match.applies);
    CHECK_FALSE(applies(R"("Action": [])").match.applies);
    CHECK_FALSE(applies(R"("Action": "kms:Decrypt ")").match.applies);
    CHECK(applies(R"("Action": "kms:En*")").reason() == "action.noMatch");
    CHECK(applies(R"("NotAction": "iam:*")").match.applies);
    CHECK(applies(R"("NotAction": ["iam:*", "kms:*"])").reason() == "action.excluded");
    auto r = applies(R"("Action": ["s3:*", "kms:De*pt"])");
    CHECK(r.param("action", "expected") == R"("kms:De*pt")");
    CHECK(r.test("action").find("range")->find("start")->find("column")->text == "75");    // the value that matched
}

TEST_CASE("Resources (IL:R-02, IL:R-08, IL:R-09, IL:R-11 … IL:R-15, IL:G-17)") {
    auto applies = [](std::string const& element, std::string const& resource = key_arn, Language language = Language::v2012, Context context = {}) {
        Case c;
        c.resource = resource;
        c.type = PolicyType::identityPolicy;
        c.language = language;
        c.context = std::move(context);
        return match(R"({"Effect": "Allow", "Action": "kms:*", )" + element + "}", c);
    };
    Context tagged;
    tagged.put("aws:PrincipalTag/k", {"1234abcd-12ab-34cd-56ef-1234567890ab"});
    std::string variable = R"(": "arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/k}")";
    CHECK(applies(R"("Resource": "arn:aws:kms:*:*:key/*")").match.applies);
    CHECK_FALSE(applies(R"("Resource": "arn:aws:kms:eu-west-1:111122223333:key/*")").match.applies);
    CHECK_FALSE(applies(R"("Resource": [])").match.applies);
    CHECK(applies(R"("Resource": [null, "*"])").match.applies);
    CHECK_FALSE(applies(R"("Resource": "arn:aws:kms:*:*:key/*")", "*").match.applies);
    CHECK(applies(R"("NotResource": "arn:aws:kms:*:*:key/*")", "*").match.applies);
    CHECK(applies(R"("NotResource": "arn:aws:kms:*:*:key/*")").reason() == "resource.excluded");
    CHECK(applies(R"("Resource)" + variable, key_arn, Language::v2012, tagged).match.applies);
    CHECK_FALSE(applies(R"("Resource)" + variable, key_arn, Language::v2008, tagged).match.applies);
    auto absent = applies(R"("Resource)" + variable);
    CHECK_FALSE(absent.match.applies);
    CHECK(absent.missing == std::vector<std::string>{"aws:PrincipalTag/k"});
    CHECK(applies(R"("NotResource)" + variable).match.applies);
    Context region;
    region.put("aws:RequestedRegion", {"us-east-1"});
    CHECK_FALSE(applies(R"("Resource": "arn:aws:kms:${aws:RequestedRegion}:111122223333:key/*")", key_arn, Language::v2012, region).match.applies);
    Context star;
    star.put("aws:PrincipalTag/k", {"*"});
    CHECK_FALSE(applies(R"("Resource)" + variable, key_arn, Language::v2012, star).match.applies);    // IL:V-04
}

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
    CHECK(conditioned("Null", R"("true")", with("")).match.assumptions == std::vector<std::string>{"IL:X-04"});
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
        return match(R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": ")" + std::string(other) + R"("}, "Null": {"aws:PrincipalTag/a": "false"}}})", c);
    };
    CHECK(both("2").match.applies);
    auto r = both("3");
    CHECK_FALSE(r.match.applies);
    CHECK(r.match.trace.find("tests")->items.size() == 6);    // the others are shown all the same
    CHECK(write_json(*r.match.trace.find("params")) == R"({"operator":"StringEquals","key":"aws:PrincipalTag/b","expected":["3"],"actual":"2"})");
}

TEST_CASE("Names of keys compare without case, values do not (IL:C-04, IL:T-15, IL:T-16)") {
    Context c;
    c.put("kms:EncryptionContext:AppName", {"ExampleApp"});
    c.put("kms:EncryptionContextKeys", {"AppName"}, true);
    auto applies = [&](char const* op, char const* key, char const* value) { return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", Language::v2012, key).match.applies; };
    CHECK(applies("StringEquals", "KMS:encryptioncontext:APPNAME", "ExampleApp"));
    CHECK_FALSE(applies("StringEquals", "kms:EncryptionContext:AppName", "exampleapp"));
    CHECK_FALSE(applies("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", "appname"));
    CHECK(applies("ForAnyValue:StringEquals", "kms:encryptioncontextkeys", "AppName"));
}

TEST_CASE("Two keys that differ in case only (IL:C-05)") {
    Context c = with("one");
    c.put("aws:PrincipalTag/K", {"two"});
    auto r = conditioned("StringEquals", R"("two")", c);
    CHECK(r.match.applies);
    CHECK(r.match.assumptions == std::vector<std::string>{"IL:C-05"});
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
    for (auto const& [op, bad, actual] : {std::tuple{"NumericNotEquals", R"("5abc")", "5"}, {"NotIpAddress", R"("10.0.0")", "10.0.0.1"}, {"DateNotEquals", R"("soon")", "2026-01-01"}}) {
        INFO(op);
        auto allow = conditioned(op, bad, with(actual)), deny = conditioned(op, bad, with(actual), "Deny");
        CHECK_FALSE(allow.match.applies);
        CHECK(deny.match.applies);
        CHECK(rule_of(allow) == "IL:X-05");
        CHECK(deny.match.assumptions == std::vector<std::string>{"IL:X-05"});
    }
    CHECK_FALSE(holds("NumericNotEquals", R"(["x", "5"])", "5"));    // a listed value that is equal decides
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
    auto test = [&](char const* op, char const* value, Language language = Language::v2012) { return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", language); };
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

    auto literal = [](char const* op, char const* value, char const* actual, Language language = Language::v2012) { return conditioned(op, "\"" + std::string(value) + "\"", with(actual), "Allow", language).match.applies; };
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
    auto applies = [&](char const* op, char const* value, char const* key = "aws:PrincipalTag/k") { return conditioned(op, "\"" + std::string(value) + "\"", c, "Allow", Language::v2012, key).match.applies; };
    CHECK(applies("StringEqualsIgnoreCase", "${aws:PrincipalTag/n}"));
    CHECK_FALSE(applies("NumericEquals", "${aws:PrincipalTag/n}"));
    CHECK(applies("Bool", "${aws:PrincipalTag/b}", "aws:PrincipalTag/b"));
    c.put("aws:PrincipalTag/k", {"arn:aws:iam::1:role/x*"});
    c.put("aws:PrincipalTag/n", {"x*"});
    CHECK(applies("ArnLike", "arn:aws:iam::*:role/${aws:PrincipalTag/n}"));
    c.put("aws:PrincipalTag/k", {"arn:aws:iam::1:role/xyz"});
    CHECK_FALSE(applies("ArnLike", "arn:aws:iam::*:role/${aws:PrincipalTag/n}"));
}

TEST_CASE("The fast way gives the same outcome without a trace") {
    Case c;
    c.explain = false;
    auto r = match(R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/x": "1"}}})", c);
    CHECK(r.match.applies);
    CHECK(r.match.named == Named::delegated);
    CHECK(r.match.rule == "E-04");
    CHECK(r.missing == std::vector<std::string>{"aws:PrincipalTag/x"});
    CHECK(r.match.trace.is(Kind::null));
}

TEST_CASE("Condition keys know their operations (IL:K-08, IL:C-13)") {
    CHECK(find_condition_key("KMS:grantoperations")->multivalued());
    CHECK(find_condition_key("kms:EncryptionContext:a:b")->supplied_for("CreateGrant"));
    CHECK_FALSE(find_condition_key("kms:EncryptionContext:a")->supplied_for("Sign"));
    CHECK(find_condition_key("kms:ViaService")->supplied_for("Sign"));
    CHECK_FALSE(find_condition_key("kms:ViaService")->supplied_for("ListKeys"));
    CHECK(find_condition_key("aws:SourceIp")->supplied_for("ListKeys"));
    CHECK(find_condition_key("kms:KeySpec")->supplied_for("CreateKey"));
    CHECK(find_condition_key("kms:EncryptionContext:") == nullptr);
    CHECK(find_condition_key("aws:Nothing") == nullptr);
}
