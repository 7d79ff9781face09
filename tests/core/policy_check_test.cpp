// What a policy may contain, and the findings about it: code, severity and the exact place, which «» mark in the text.
#include "../catch.hpp"

#include "policy/policy.hpp"

using namespace kms;

namespace {
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

Checked check(PolicyType type, std::string text, PolicyFacts const& facts = {}) {
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
void finds(PolicyType type, std::string const& text, std::string const& code, Severity severity, PolicyFacts const& facts = {}) {
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
void refused(PolicyType type, std::string const& text, std::string const& code) { finds(type, text, code, Severity::error); }
void warned(PolicyType type, std::string const& text, std::string const& code, PolicyFacts const& facts = {}) { finds(type, text, code, Severity::warning, facts); }
void silent(PolicyType type, std::string const& text, std::string const& code, PolicyFacts const& facts = {}) {
    auto c = check(type, text, facts);
    INFO(code << " in " << text);
    for (auto const& d : c.problems.all) UNSCOPED_INFO(d.code << " " << d.pointer << ": " << d.message);
    CHECK_FALSE(c.has(code));
    CHECK_FALSE(c.problems.errors());
}

std::string document(std::string const& statements) { return R"({"Version": "2012-10-17", "Statement": [)" + statements + "]}"; }
// An Allow for a role of the account, and the rest of the statement
std::string key_policy(std::string const& rest, std::string const& effect = "Allow") {
    return document(R"({"Effect": ")" + effect + R"(", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Resource": "*", )" + rest + "}");
}
std::string allowing(std::string const& actions, std::string const& condition) { return key_policy(R"("Action": )" + actions + R"(, "Condition": )" + condition); }
std::string denying(std::string const& actions, std::string const& condition) { return key_policy(R"("Action": )" + actions + R"(, "Condition": )" + condition, "Deny"); }
std::string identity(std::string const& rest) { return document(R"({"Effect": "Allow", )" + rest + "}"); }
std::string principal(std::string const& value, std::string const& effect = "Allow", std::string const& name = "Principal") {
    return document(R"({"Effect": ")" + effect + R"(", ")" + name + R"(": )" + value + R"(, "Action": "kms:Decrypt", "Resource": "*"})");
}

std::string const default_policy = document(R"({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"})");
PolicyFacts const with_key{"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {}};
}    // namespace

TEST_CASE("The default key policy is beyond reproach") {
    CHECK(check(keyPolicy, default_policy, with_key).problems.all.empty());
    CHECK(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/*")")).problems.all.empty());
}

TEST_CASE("A policy is one object of known elements (IL:G-01)") {
    refused(keyPolicy, "«[]»", "policy.type");
    refused(keyPolicy, R"({"Statement": [], «"Extra"»: 1})", "policy.unknownElement");
    refused(keyPolicy, key_policy(R"("Action": "kms:*", «"Conditions"»: {})"), "policy.unknownElement");
    CHECK(check(keyPolicy, key_policy(R"("Action": "kms:*", "Conditions": {})")).of("policy.unknownElement")[0].help == "did you mean `Condition`?");
    refused(keyPolicy, R"(«{"Grants": []}»)", "policy.isGrants");
}

TEST_CASE("Statement is an object or a list of objects (IL:G-02)") {
    refused(keyPolicy, R"({"Version": "2012-10-17", "Statement": «[]»})", "policy.missingStatement");
    refused(keyPolicy, R"(«{"Version": "2012-10-17"}»)", "policy.missingStatement");
    refused(keyPolicy, R"({"Version": "2012-10-17", "Statement": «"Allow"»})", "policy.type");
    refused(keyPolicy, document("«7»"), "policy.type");
    CHECK_FALSE(check(identityPolicy, R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}})").problems.errors());
}

TEST_CASE("No name twice in one object (IL:G-04)") { CHECK(check(keyPolicy, R"({"Version": "2012-10-17", "Version": "2012-10-17"})").has("json.duplicateKey")); }

TEST_CASE("What each type of policy must have, and may not have (IL:G-05, IL:G-06, IL:G-07)") {
    refused(identityPolicy, document(R"(«{"Effect": "Allow", "Resource": "*"}»)"), "policy.missingAction");
    refused(identityPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*"}»)"), "policy.missingResource");
    refused(keyPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}»)"), "policy.missingPrincipal");
    refused(PolicyType::vpcEndpointPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}»)"), "policy.missingPrincipal");
    refused(keyPolicy, key_policy(R"("Action": "kms:*", «"NotAction"»: "kms:*")"), "policy.combination");
    warned(keyPolicy, document(R"(«{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}»)"), "policy.missingResource");
    warned(keyPolicy, document(R"(«{"Effect": "Allow", "Principal": "*", "Resource": "*"}»)"), "policy.missingAction");
    for (auto type : {identityPolicy, PolicyType::permissionsBoundary, PolicyType::sessionPolicy, PolicyType::serviceControlPolicy}) {
        refused(type, document(R"({"Effect": "Allow", «"Principal"»: "*", "Action": "kms:*", "Resource": "*"})"), "policy.principalInIdentityPolicy");
        refused(type, document(R"({"Effect": "Allow", «"NotPrincipal"»: {"AWS": "x"}, "Action": "kms:*", "Resource": "*"})"), "policy.principalInIdentityPolicy");
    }
}

TEST_CASE("Effect and Version are spelt exactly (IL:G-08, IL:G-09)") {
    refused(keyPolicy, key_policy(R"("Action": "kms:*")", "allow"), "policy.effect");
    refused(keyPolicy, document(R"(«{"Principal": "*", "Action": "kms:*", "Resource": "*"}»)"), "policy.missingEffect");
    refused(keyPolicy, R"({"Version": «"2013-10-17"», "Statement": []})", "policy.version");
}

TEST_CASE("Versions that some types of policy must have (IL:G-10, IL:G-12)") {
    std::string statement = R"("Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}})";
    warned(identityPolicy, "«{" + statement + "»", "policy.missingVersion");
    warned(identityPolicy, R"({"Version": «"2008-10-17"», )" + statement, "policy.oldVersion");
    refused(PolicyType::serviceControlPolicy, R"({"Version": «"2008-10-17"», )" + statement, "policy.versionRequired");
    refused(PolicyType::serviceControlPolicy, "«{" + statement + "»", "policy.versionRequired");
}

TEST_CASE("Id and Sid (IL:G-13, IL:G-14)") {
    std::string rest = R"("Effect": "Allow", "Action": "kms:Decrypt", "Resource": )";
    finds(identityPolicy, R"({"Version": "2012-10-17", "Id": «"x"», "Statement": {)" + rest + R"("*"}})", "policy.idIgnored", Severity::info);
    refused(keyPolicy, R"({"Version": "2012-10-17", "Id": «7», "Statement": []})", "policy.type");
    warned(identityPolicy, document(R"({"Sid": «"Allow use"», )" + rest + R"("*"})"), "policy.sidCharacters");
    silent(keyPolicy, key_policy(R"("Sid": "Enable IAM User Permissions", "Action": "kms:*")"), "policy.sidCharacters");
    warned(identityPolicy, document(R"({"Sid": «""», )" + rest + R"("*"})"), "policy.emptySid");
    auto two = [&](std::string const& a, std::string const& b) { return document(R"({"Sid": )" + a + ", " + rest + R"("*"}, {"Sid": )" + b + ", " + rest + R"("arn:aws:kms:us-east-1:111122223333:key/a"})"); };
    warned(identityPolicy, two(R"("A")", R"(«"A"»)"), "policy.duplicateSid");
    silent(identityPolicy, two(R"("A")", R"("B")"), "policy.duplicateSid");
    silent(identityPolicy, two(R"("")", R"("")"), "policy.duplicateSid");
}

TEST_CASE("Element names keep their case (IL:G-15)") {
    auto c = check(identityPolicy, identity(R"("action": "kms:*", "Resource": "*")"));
    REQUIRE(c.of("policy.unknownElement").size() == 1);
    CHECK(c.of("policy.unknownElement")[0].help == "did you mean `Action`?");
}

TEST_CASE("Values of the wrong type (IL:G-16, IL:G-17)") {
    silent(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": ["*", null])"), "policy.type");
    refused(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": [«[]»])"), "policy.type");
    refused(identityPolicy, identity(R"("Action": «7», "Resource": "*")"), "policy.type");
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"Bool": {"kms:MultiRegion": [«null»]}})"), "policy.type");
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"Bool": «"x"»})"), "policy.type");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"StringEquals": {«"kms:KeySpec"»: ["a", 7]}})"), "policy.mixedTypes");
}

TEST_CASE("Characters of a policy (IL:G-18)") {
    refused(keyPolicy, key_policy("\"Action\": \"kms:*\", \"Sid\": «\"\xE6\x97\xA5\xE6\x9C\xAC\"»"), "policy.characters");
    refused(keyPolicy, key_policy(R"("Action": "kms:*", "Sid": «"a\u0001"»)"), "policy.characters");
    silent(keyPolicy, key_policy("\"Action\": \"kms:*\", \"Sid\": \"caf\xC3\xA9\\n\""), "policy.characters");
}

TEST_CASE("Empty blocks of a condition (IL:G-19)") {
    silent(keyPolicy, allowing(R"("kms:Decrypt")", R"({"NoOperator": {}})"), "policy.operator");
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({«"NoOperator"»: {"kms:KeySpec": "x"}})"), "policy.operator");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", "«{}»"), "policy.emptyList");
}

TEST_CASE("Quotas are reported, without white space (IL:G-20)") {
    auto sized = [](std::size_t n) { return identity(R"("Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/)" + std::string(n, 'a') + "\""); };
    warned(identityPolicy, sized(6144), "policy.size");
    silent(identityPolicy, sized(5900), "policy.size");
    warned(PolicyType::sessionPolicy, sized(2048), "policy.size");
    warned(PolicyType::serviceControlPolicy, sized(5120), "policy.size");
    auto c = check(keyPolicy, key_policy(R"("Action": "kms:*", "Sid": ")" + std::string(32768, 'a') + "\""));
    REQUIRE(c.of("policy.size").size() == 1);
    CHECK(c.of("policy.size")[0].params.string_or("unit") == "bytes");
    CHECK(c.of("policy.size")[0].params.find("most")->text == "32768");
}

TEST_CASE("Forms of principals (IL:P-01, IL:P-07, IL:P-08, IL:P-11, IL:P-12)") {
    refused(keyPolicy, principal(R"(«"111122223333"»)"), "policy.principalFormat");
    refused(keyPolicy, principal(R"({«"IAM"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({«"Federated"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({«"CanonicalUser"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:iam::111122223333:role/*"»})"), "policy.principalWildcard");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:sts::111122223333:assumed-role/r/*"»})"), "policy.principalWildcard");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:iam::111122223333:group/x"»})"), "policy.principalGroup");
    for (char const* text : {"app", "1111", "arn:aws:iam::111122223333:policy/x", "arn:aws:iam::111122223333:role/", "arn:aws:sts::111122223333:assumed-role/r", "arn:aws:s3:::b", "arn:aws:iam::1111:root"})
        refused(keyPolicy, principal(R"({"AWS": [«")" + std::string(text) + R"("»]})"), "policy.principal");
    for (char const* text : {"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/p/u", "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:sts::111122223333:federated-user/f", "AROAEXAMPLEID"})
        silent(keyPolicy, principal(R"({"AWS": ")" + std::string(text) + R"("})"), "policy.principal");
}

TEST_CASE("Findings about principals (IL:P-06, IL:P-10, IL:P-13, IL:P-16, IL:P-17)") {
    PolicyFacts roles{"", {"arn:aws:iam::111122223333:role/svc/app"}};
    warned(keyPolicy, principal(R"({"AWS": «"arn:aws:iam::111122223333:role/app"»})"), "policy.rolePath", roles);
    silent(keyPolicy, principal(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})"), "policy.rolePath", roles);
    warned(keyPolicy, principal(R"({"AWS": «"AIDAEXAMPLEID"»})"), "policy.uniqueId");
    warned(keyPolicy, principal(R"({"Service": «"Logs.amazonaws.com"»})"), "policy.servicePrincipal");
    warned(keyPolicy, principal(R"({"Service": «"logs.us-east-1.amazonaws.com"»})"), "policy.servicePrincipalUnguarded");
    warned(keyPolicy, principal(R"({"AWS": ["arn:aws:iam::111122223333:root"]})", "Allow", "NotPrincipal"), "policy.notPrincipalAllow");
    warned(keyPolicy, principal(R"({"AWS": ["arn:aws:iam::111122223333:root"]})", "Deny", "NotPrincipal"), "policy.notPrincipalDeny");
    warned(keyPolicy, principal(R"(«{"AWS": []}»)"), "policy.emptyList");
    warned(keyPolicy, principal(R"(«"*"»)"), "policy.publicAllow");
    warned(keyPolicy, principal(R"(«{"AWS": "*"}»)"), "policy.publicAllow");
    silent(keyPolicy, principal(R"("*")", "Deny"), "policy.publicAllow");
    silent(keyPolicy, document(R"({"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}})"), "policy.publicAllow");
    silent(keyPolicy, document(R"({"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"AWS:sourceaccount": "111122223333"}}})"), "policy.servicePrincipalUnguarded");
}

TEST_CASE("Operations that never work across accounts (E-13)") {
    auto policy = [](char const* account, char const* action) { return document(R"({"Effect": "Allow", "Principal": {"AWS": «"arn:aws:iam::)" + std::string(account) + R"(:root"»}, "Action": ["kms:Decrypt", ")" + action + R"("], "Resource": "*"})"); };
    warned(keyPolicy, policy("444455556666", "kms:PutKeyPolicy"), "policy.crossAccountOperation", with_key);
    silent(keyPolicy, policy("444455556666", "kms:CreateGrant"), "policy.crossAccountOperation", with_key);
    silent(keyPolicy, policy("111122223333", "kms:PutKeyPolicy"), "policy.crossAccountOperation", with_key);
}

TEST_CASE("Forms of actions (IL:A-02, IL:A-03)") {
    for (char const* text : {"Decrypt", "kms:a:b", "k*:Decrypt", "*:Decrypt"}) refused(identityPolicy, identity(R"("Action": «")" + std::string(text) + R"("», "Resource": "*")"), "policy.action");
    silent(identityPolicy, identity(R"("Action": ["kms:*Data*Key*", "*", "s3:Get?bject"], "Resource": "*")"), "policy.action");
}

TEST_CASE("Findings about actions (IL:A-04, IL:A-07, O-01, O-02, M-12)") {
    auto help = [](char const* action) {
        auto c = check(identityPolicy, identity(R"("Action": ")" + std::string(action) + R"(", "Resource": "*")"));
        REQUIRE(c.of("policy.unknownAction").size() == 1);
        return c.of("policy.unknownAction")[0].params.find("nearest")->text;
    };
    CHECK(help("kms:Decypt") == "kms:Decrypt");
    CHECK(help("kms:ReEncrypt") == "kms:ReEncrypt*");
    CHECK(help("kms:Decrypt ") == "kms:Decrypt");
    CHECK(help("kms:Xyz*").empty());
    warned(identityPolicy, identity(R"("Action": ["kms:Decrypt", «"kms:DecryptData"»], "Resource": "*")"), "policy.unknownAction");
    silent(identityPolicy, identity(R"("Action": ["kms:Describe*", "s3:Anything"], "Resource": "*")"), "policy.unknownAction");
    warned(keyPolicy, key_policy(R"("Action": ["kms:Decrypt", «"s3:GetObject"»])"), "policy.otherServiceAction");
    warned(keyPolicy, key_policy(R"("Action": ["kms:Decrypt", «"kms:RetireGrant"»])"), "policy.notEffective");
    warned(keyPolicy, key_policy(R"("Action": ["kms:Decrypt", «"kms:ListKeys"»])"), "policy.notEffective");
    silent(keyPolicy, key_policy(R"("Action": ["kms:List*", "kms:*"])"), "policy.notEffective");
    silent(keyPolicy, key_policy(R"("NotAction": "kms:RetireGrant")"), "policy.notEffective");
    warned(identityPolicy, identity(R"("Action": ["kms:Get*", «"kms:getkeypolicy"»], "Resource": "*")"), "policy.redundant");
    warned(identityPolicy, identity(R"("Action": ["kms:Decrypt", «"kms:Decrypt"»], "Resource": "*")"), "policy.redundant");
    warned(identityPolicy, identity(R"("Action": «[]», "Resource": "*")"), "policy.emptyList");
}

TEST_CASE("Findings about resources (IL:R-01, IL:R-05, IL:R-06, IL:R-07, IL:R-09, IL:R-15)") {
    auto flaw = [](char const* resource) {
        auto c = check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": ")" + std::string(resource) + "\""));
        CHECK_FALSE(c.problems.errors());
        auto found = c.of("policy.resourceArn");
        return found.empty() ? std::string() : std::string(found[0].params.string_or("flaw"));
    };
    CHECK(flaw("kms:us-east-1:111122223333:key/x") == "prefix");
    CHECK(flaw("arn:aws:kms:*:key/x") == "fields");
    CHECK(flaw("arn:aws:k*:us-east-1:111122223333:key/x") == "serviceWildcard");
    CHECK(flaw("arn:aws:KMS:us-east-1:111122223333:key/x") == "serviceCase");
    CHECK(flaw("arn:amazon:kms:us-east-1:111122223333:key/x") == "partition");
    CHECK(flaw("arn:aws:kms:us-east-1:1111:key/x") == "account");
    CHECK(flaw("arn:aws:kms::111122223333:key/x") == "region");
    CHECK(flaw("arn:aws:kms:us-east-1:111122223333:1234abcd") == "resource");
    CHECK(flaw("arn:aws:kms:*:111122223333:key/*").empty());
    CHECK(flaw("arn:aws:s3:::bucket/*").empty());
    CHECK(flaw("*").empty());
    std::string alias = R"("Resource": «"arn:aws:kms:us-east-1:111122223333:alias/app"»)";
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", )" + alias), "policy.aliasResource");
    silent(identityPolicy, identity(R"("Action": "kms:CreateAlias", )" + alias), "policy.aliasResource");
    auto on_key = [](std::string const& resource) { return document(R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": )" + resource + "}"); };
    warned(keyPolicy, on_key(R"(«"arn:aws:kms:us-east-1:111122223333:key/other"»)"), "policy.otherResource", with_key);
    warned(keyPolicy, on_key(R"(«"arn:aws:s3:::b"»)"), "policy.otherResource");
    silent(keyPolicy, on_key(R"("arn:aws:kms:us-east-1:*:key/1234abcd-*")"), "policy.otherResource", with_key);
    warned(keyPolicy, on_key(R"(«"arn:aws:kms:us-east-1:111122223333:alias/app"»)"), "policy.aliasResource", with_key);
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": «[]»)"), "policy.emptyList");
    warned(identityPolicy, identity(R"("Action": ["kms:Decrypt", «"kms:ListKeys"»], "Resource": "arn:aws:kms:us-east-1:111122223333:key/x")"), "policy.resourceNeedsStar");
    silent(identityPolicy, identity(R"("Action": ["kms:Decrypt", "kms:ListKeys"], "Resource": "*")"), "policy.resourceNeedsStar");
}

TEST_CASE("Variables where they are literal text (IL:V-02, IL:V-03, IL:V-08, IL:R-12, IL:X-02)") {
    auto problem = [](Checked const& c) {
        CHECK_FALSE(c.problems.errors());
        auto found = c.of("policy.variable");
        return found.empty() ? std::string() : std::string(found[0].params.string_or("problem"));
    };
    auto value = [&](char const* op, char const* text) { return problem(check(keyPolicy, allowing(R"("kms:Decrypt")", R"({")" + std::string(op) + R"(": {"aws:PrincipalTag/a": ")" + text + R"("}})"))); };
    CHECK(value("StringEquals", "${aws:username}").empty());
    CHECK(value("StringEquals", "${aws:username, 'none'}").empty());
    CHECK(value("StringLike", "${*}${?}${$}").empty());
    CHECK(value("StringEquals", "${aws:username") == "missingBrace");
    CHECK(value("StringEquals", "${aws:username, 'none}") == "missingQuote");
    CHECK(value("StringEquals", "${aws:username,'none'}") == "missingQuote");
    CHECK(value("StringEquals", "${aws: username}") == "space");
    CHECK(value("StringEquals", "${}") == "empty");
    CHECK(value("NumericEquals", "${aws:username}") == "place");
    CHECK(value("Bool", "${aws:username}") == "place");
    auto in_resource = [&](char const* text) { return problem(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": ")" + std::string(text) + "\""))); };
    CHECK(in_resource("arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/k}").empty());
    CHECK(in_resource("arn:aws:kms:${aws:RequestedRegion}:111122223333:key/x") == "place");
    CHECK(problem(check(identityPolicy, identity(R"("Action": "kms:${aws_username}", "Resource": "*")"))) == "place");
    CHECK(problem(check(identityPolicy, R"({"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/${aws:username}"}})")) == "version");
}

TEST_CASE("One key twice under an operator (IL:C-06)") {
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"StringEquals": {"kms:KeySpec": "a", «"KMS:keyspec"»: "b"}})"), "policy.duplicateConditionKey");
}

TEST_CASE("Names of operators (IL:C-09, IL:S-09, IL:X-11)") {
    auto with = [](char const* op) { return allowing(R"("kms:Decrypt")", R"({«")" + std::string(op) + R"("»: {"aws:PrincipalTag/x": "true"}})"); };
    for (char const* op : {"StringEqual", "NullIfExists", "ForAnyValue::StringEquals", "ForSomeValues:StringEquals", "IfExists", "StringEqualsIfExistsIfExists"}) refused(keyPolicy, with(op), "policy.operator");
    CHECK(check(keyPolicy, with("StringEqual")).of("policy.operator")[0].help == "did you mean `StringEquals`?");
    warned(keyPolicy, with("stringequals"), "policy.operatorCase");
    warned(keyPolicy, with("ForAnyvalue:StringEquals"), "policy.operatorCase");
    silent(keyPolicy, with("ForAnyValue:StringEqualsIfExists"), "policy.operatorCase");
}

TEST_CASE("Condition keys that no request carries (IL:C-04, IL:C-13)") {
    auto with = [](char const* key) { return allowing(R"("kms:Decrypt")", R"({"StringEquals": {«")" + std::string(key) + R"("»: "111122223333"}})"); };
    warned(keyPolicy, with("kms:ViaServices"), "policy.unknownConditionKey");
    CHECK(check(keyPolicy, with("kms:ViaServices")).of("policy.unknownConditionKey")[0].params.string_or("nearest") == "kms:ViaService");
    warned(keyPolicy, with("aws:ARN"), "policy.unknownConditionKey");
    warned(keyPolicy, with("s3:prefix"), "policy.unknownConditionKey");
    warned(keyPolicy, with("ViaService"), "policy.conditionKeyFormat");
    warned(keyPolicy, with("aws:ResourceTag"), "policy.missingTagKey");
    warned(keyPolicy, with("kms:EncryptionContext"), "policy.missingTagKey");
    warned(keyPolicy, with("kms:ResourceAliases"), "policy.identityPolicyKey");
    silent(keyPolicy, with("KMS:calleraccount"), "policy.unknownConditionKey");
    silent(identityPolicy, identity(R"("Action": ["kms:Decrypt", "s3:GetObject"], "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "a"}})"), "policy.unknownConditionKey");
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {«"s3:prefix"»: "a"}})"), "policy.unknownConditionKey");
}

TEST_CASE("Conditions on a key that the action never has (IL:C-13, C-40, C-41, C-42)") {
    auto c = check(keyPolicy, allowing(R"(["kms:Decrypt", "kms:CreateGrant"])", R"({"Bool": {"kms:GrantIsForAWSResource": "true"}})"));
    REQUIRE(c.of("policy.conditionKeyAbsent").size() == 1);
    auto d = c.of("policy.conditionKeyAbsent")[0];
    CHECK(d.message == "kms:Decrypt never carries `kms:GrantIsForAWSResource`, so this statement never allows that");
    CHECK(write_json(*d.params.find("actions")) == R"(["kms:Decrypt"])");
    warned(keyPolicy, allowing(R"("kms:Sign")", R"({"StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"), "policy.conditionKeyAbsent");
    warned(keyPolicy, denying(R"("kms:Decrypt")", R"({"StringNotEquals": {«"kms:GranteePrincipal"»: "x"}})"), "policy.conditionKeyAbsent");
    CHECK(check(keyPolicy, denying(R"("kms:Decrypt")", R"({"StringNotEquals": {"kms:GranteePrincipal": "x"}})")).of("policy.conditionKeyAbsent")[0].params.find("holds")->text == "true");
    silent(keyPolicy, allowing(R"("kms:*")", R"({"Bool": {"kms:GrantIsForAWSResource": "true"}})"), "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"(["kms:Decrypt", "kms:Encrypt"])", R"({"StringEquals": {"kms:EncryptionContext:a": "1"}})"), "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"("kms:Decrypt")", R"({"BoolIfExists": {"kms:GrantIsForAWSResource": "true"}})"), "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"("kms:PutKeyPolicy")", R"({"Null": {"kms:BypassPolicyLockoutSafetyCheck": "true"}})"), "policy.conditionKeyAbsent");
}

TEST_CASE("A Deny that strikes direct calls or services too (IL:C-08, C-41)") {
    warned(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {«"kms:ViaService"»: "s3.us-east-1.amazonaws.com"}})"), "policy.denyWithoutKey");
    warned(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {«"aws:SourceVpce"»: "vpce-1a2b"}})"), "policy.denyWithoutKey");
    silent(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, "Null": {"kms:ViaService": "false"}})"), "policy.denyWithoutKey");
    silent(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b"}, "Bool": {"aws:ViaAWSService": "false"}})"), "policy.denyWithoutKey");
    silent(keyPolicy, allowing(R"("kms:*")", R"({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b"}})"), "policy.denyWithoutKey");
    silent(keyPolicy, document(R"({"Effect": "Deny", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}})"), "policy.denyWithoutKey");
}

TEST_CASE("Set operators (IL:S-01, IL:S-02, IL:S-05, IL:S-06, IL:S-07, C-43, C-46)") {
    warned(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"StringEquals": {«"kms:GrantOperations"»: "Decrypt"}})"), "policy.missingSetOperator");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:EncryptionContextKeys"»: "a"}})"), "policy.forAllValuesAbsent");
    silent(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}, "Null": {"kms:EncryptionContextKeys": false}})"), "policy.forAllValuesAbsent");
    silent(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}, "StringEquals": {"kms:EncryptionContext:a": "1"}})"), "policy.forAllValuesAbsent");
    silent(keyPolicy, denying(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}})"), "policy.forAllValuesAbsent");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:KeySpec"»: "a"}})"), "policy.setOperatorOnSingleValue");
    warned(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"ForAnyValue:StringEquals": {«"kms:GrantOperations"»: "Decrypt"}})"), "policy.anyGrantOperation");
    silent(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"ForAllValues:StringEquals": {"kms:GrantOperations": "Decrypt"}})"), "policy.anyGrantOperation");
    silent(keyPolicy, denying(R"("kms:CreateGrant")", R"({"ForAnyValue:StringEquals": {"kms:GrantOperations": "Decrypt"}})"), "policy.anyGrantOperation");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAnyValue:Null": {«"kms:EncryptionContextKeys"»: "true"}})"), "policy.nullWithSetOperator");
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"), "policy.overlyPermissiveCondition");
    refused(keyPolicy, allowing(R"("kms:TagResource")", R"({"ForAllValues:StringLike": {«"aws:RequestTag/a"»: "1"}})"), "policy.overlyPermissiveCondition");
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"), "policy.setOperatorOnSingleValue");
}

TEST_CASE("Values that an operator cannot read (IL:C-14, IL:X-05)") {
    auto with = [](char const* op, char const* key, char const* value) { return R"({")" + std::string(op) + R"(": {")" + key + R"(": [«")" + value + R"("»]}})"; };
    warned(keyPolicy, allowing(R"("kms:*")", with("NumericEquals", "aws:MultiFactorAuthAge", "5abc")), "policy.conditionValue");
    warned(keyPolicy, allowing(R"("kms:*")", with("Bool", "kms:MultiRegion", "yes")), "policy.conditionValue");
    warned(keyPolicy, allowing(R"("kms:*")", with("Null", "kms:MultiRegion", "absent")), "policy.conditionValue");
    warned(keyPolicy, allowing(R"("kms:*")", with("BinaryEquals", "aws:PrincipalTag/x", "?")), "policy.conditionValue");
    warned(keyPolicy, allowing(R"("kms:*")", with("IpAddress", "aws:SourceIp", "10.0.0")), "policy.conditionValue");
    auto message = [&](std::string const& policy) { return check(keyPolicy, policy).of("policy.conditionValue")[0].message; };
    CHECK(message(allowing(R"("kms:*")", with("NotIpAddress", "aws:SourceIp", "x"))).find("the condition then fails") != std::string::npos);
    CHECK(message(denying(R"("kms:*")", with("NotIpAddress", "aws:SourceIp", "x"))).find("the condition then holds") != std::string::npos);
    refused(keyPolicy, allowing(R"("kms:*")", with("DateLessThan", "aws:CurrentTime", "tomorrow")), "policy.date");
    warned(keyPolicy, allowing(R"("kms:*")", with("DateLessThan", "aws:CurrentTime", "1700000000")), "policy.epochDate");
}

TEST_CASE("Values that compare in another way than they look (IL:C-12, IL:C-15, IL:O-06, IL:O-08)") {
    auto with = [](char const* op, char const* key, char const* value) { return allowing(R"("kms:*")", R"({")" + std::string(op) + R"(": {)" + key + R"(: )" + value + R"(}})"); };
    warned(keyPolicy, with("StringEquals", R"("aws:PrincipalTag/x")", R"(«"a*"»)"), "policy.wildcardLiteral");
    silent(keyPolicy, with("StringEquals", R"("aws:PrincipalTag/x")", R"("a${*}")"), "policy.wildcardLiteral");
    silent(keyPolicy, with("StringLike", R"("aws:PrincipalTag/x")", R"("a*")"), "policy.wildcardLiteral");
    warned(keyPolicy, with("Bool", R"(«"kms:MultiRegion"»)", R"([true, false])"), "policy.multipleBooleans");
    warned(keyPolicy, with("IpAddress", R"("aws:SourceIp")", R"(«"203.0.113.5/24"»)"), "policy.ipHostBits");
    warned(keyPolicy, with("IpAddress", R"("aws:SourceIp")", R"(«"10.0.0.0/8"»)"), "policy.privateAddress");
    warned(keyPolicy, with("StringEquals", R"(«"kms:KeySpec"»)", "[]"), "policy.emptyList");
    warned(keyPolicy, with("NumericEquals", R"(«"kms:KeySpec"»)", R"("5")"), "policy.operatorType");
    warned(keyPolicy, with("StringEquals", R"(«"kms:MultiRegion"»)", R"("true")"), "policy.operatorType");
    silent(keyPolicy, with("StringLike", R"("aws:PrincipalArn")", R"("arn:aws:iam::*:role/x")"), "policy.operatorType");
    silent(keyPolicy, with("NumericLessThan", R"("aws:EpochTime")", R"("1700000000")"), "policy.operatorType");
    warned(keyPolicy, with("StringLike", R"("aws:PrincipalTag/x")", R"(["a*", «"ab"»])"), "policy.redundant");
    warned(keyPolicy, with("IpAddress", R"(«"aws:VpcSourceIp"»)", R"("10.0.0.0/8")"), "policy.missingPairedKey");
    auto form = [&](char const* key, char const* value) { return check(keyPolicy, with("StringEquals", ("\"" + std::string(key) + "\"").c_str(), ("\"" + std::string(value) + "\"").c_str())).has("policy.valueForm"); };
    CHECK(form("kms:ViaService", "s3.amazonaws.com"));    // C-02: the Region is missing
    CHECK_FALSE(form("kms:ViaService", "s3.us-east-1.amazonaws.com"));
    CHECK(form("kms:CallerAccount", "app"));
    CHECK(form("aws:SourceVpce", "vpc-1a2b"));
    CHECK_FALSE(form("aws:SourceVpc", "vpc-1a2b"));
    CHECK(form("aws:RequestedRegion", "Virginia"));
    CHECK_FALSE(form("aws:RequestedRegion", "us-gov-west-1"));
}

TEST_CASE("Service principals carry none of the keys of IAM principals (IL:C-13)") {
    auto policy = [](char const* key) { return document(R"({"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {)" + std::string(key) + R"(: "x"}}})"); };
    warned(keyPolicy, policy(R"(«"aws:PrincipalOrgID"»)"), "policy.serviceConditionKey");
    silent(keyPolicy, policy(R"("aws:SourceOrgID")"), "policy.serviceConditionKey");
}

TEST_CASE("A key policy that nobody could change again (P-13)") {
    warned(keyPolicy, R"(«{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:Decrypt", "Resource": "*"}}»)", "policy.lockout");
    silent(keyPolicy, key_policy(R"("Action": "kms:Put*")"), "policy.lockout");
    CHECK(check(keyPolicy, document(R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*"})")).has("policy.lockout"));
    CHECK_FALSE(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*")")).has("policy.lockout"));
}

TEST_CASE("Statements that say the same") {
    auto statement = [](char const* sid, char const* action) { return R"({"Sid": ")" + std::string(sid) + R"(", "Effect": "Allow", "Action": ")" + action + R"(", "Resource": "*"})"; };
    warned(identityPolicy, document(statement("A", "kms:Decrypt") + ", «" + statement("B", "kms:Decrypt") + "»"), "policy.redundantStatement");
    silent(identityPolicy, document(statement("A", "kms:Decrypt") + "," + statement("B", "kms:Encrypt")), "policy.redundantStatement");
}

TEST_CASE("Service control policies have the whole language (IL:E-13)") {
    auto c = check(PolicyType::serviceControlPolicy, document(R"({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:kms:*:*:key/a", "Condition": {"StringLike": {"aws:PrincipalTag/a": "x*"}}})"));
    CHECK(c.problems.all.empty());
}

TEST_CASE("Resource control policies only deny, to everybody (IL:E-15)") {
    auto rcp = [](char const* effect, char const* principal, char const* action, char const* name = "Action") {
        return document(R"({"Effect": )" + std::string(effect) + R"(, "Principal": )" + principal + R"(, )" + name + R"(: )" + action + R"(, "Resource": "*"})");
    };
    auto type = PolicyType::resourceControlPolicy;
    refused(type, rcp(R"(«"Allow"»)", R"("*")", R"("kms:*")", R"("Action")"), "policy.rcpAllow");
    refused(type, rcp(R"("Deny")", R"(«{"AWS": "111122223333"}»)", R"("kms:*")", R"("Action")"), "policy.rcpPrincipal");
    refused(type, rcp(R"("Deny")", R"("*")", R"(«"*"»)", R"("Action")"), "policy.rcpAction");
    refused(type, rcp(R"("Deny")", R"("*")", R"("kms:*")", R"(«"NotAction"»)"), "policy.rcpElement");
    refused(type, R"(«{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}}»)", "policy.versionRequired");
    CHECK(check(type, rcp(R"("Deny")", R"("*")", R"("kms:*")", R"("Action")")).problems.all.empty());
    CHECK_FALSE(check(type, rcp(R"("Allow")", R"("*")", R"("*")", R"("Action")")).problems.errors());    // RCPFullAWSAccess itself
}

TEST_CASE("Long and hostile policies are checked in no time") {
    std::string actions, keys;
    for (int i = 0; i < 2000; ++i) actions += R"(, "kms:De*)" + std::to_string(i) + "\"";
    for (int i = 0; i < 2000; ++i) keys += R"(, "aws:PrincipalTag/)" + std::to_string(i) + R"(": ")" + std::string(40, '*') + "${${${\"";
    auto c = check(keyPolicy, key_policy(R"("Action": ["kms:*")" + actions + R"(], "Condition": {"ForAllValues:StringLike": {"kms:EncryptionContextKeys": "x")" + keys + "}}"));
    CHECK(c.of("policy.unknownAction").size() == 2000);
    CHECK(c.of("policy.variable").size() == 2000);
}
