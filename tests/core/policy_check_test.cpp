// What a policy may contain, and the findings about documents, principals, actions and resources.
#include "policy_check.hpp"

using namespace check_tests;

TEST_CASE("The default key policy is beyond reproach") {
    CHECK(check(keyPolicy, default_policy, with_key).problems.all.empty());
    CHECK(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/*")"))
              .problems.all.empty());
}

TEST_CASE("A policy is one object of known elements (IL:G-01)") {
    refused(keyPolicy, "«[]»", "policy.type");
    refused(keyPolicy, R"({"Statement": [], «"Extra"»: 1})", "policy.unknownElement");
    refused(keyPolicy, key_policy(R"("Action": "kms:*", «"Conditions"»: {})"), "policy.unknownElement");
    CHECK(check(keyPolicy, key_policy(R"("Action": "kms:*", "Conditions": {})")).of("policy.unknownElement")[0].help ==
          "did you mean `Condition`?");
    refused(keyPolicy, R"(«{"Grants": []}»)", "policy.isGrants");
}

TEST_CASE("Statement is an object or a list of objects (IL:G-02)") {
    refused(keyPolicy, R"({"Version": "2012-10-17", "Statement": «[]»})", "policy.missingStatement");
    refused(keyPolicy, R"(«{"Version": "2012-10-17"}»)", "policy.missingStatement");
    refused(keyPolicy, R"({"Version": "2012-10-17", "Statement": «"Allow"»})", "policy.type");
    refused(keyPolicy, document("«7»"), "policy.type");
    CHECK_FALSE(check(identityPolicy, R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}})")
                    .problems.errors());
}

TEST_CASE("No name twice in one object (IL:G-04)") {
    CHECK(check(keyPolicy, R"({"Version": "2012-10-17", "Version": "2012-10-17"})").has("json.duplicateKey"));
}

TEST_CASE("What each type of policy must have, and may not have (IL:G-05, IL:G-06, IL:G-07)") {
    refused(identityPolicy, document(R"(«{"Effect": "Allow", "Resource": "*"}»)"), "policy.missingAction");
    refused(identityPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*"}»)"), "policy.missingResource");
    refused(keyPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}»)"), "policy.missingPrincipal");
    refused(PolicyType::vpcEndpointPolicy, document(R"(«{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}»)"),
            "policy.missingPrincipal");
    refused(keyPolicy, key_policy(R"("Action": "kms:*", «"NotAction"»: "kms:*")"), "policy.combination");
    warned(keyPolicy, document(R"(«{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}»)"), "policy.missingResource");
    warned(keyPolicy, document(R"(«{"Effect": "Allow", "Principal": "*", "Resource": "*"}»)"), "policy.missingAction");
    for (auto type : {identityPolicy, PolicyType::permissionsBoundary, PolicyType::sessionPolicy, PolicyType::serviceControlPolicy}) {
        refused(type, document(R"({"Effect": "Allow", «"Principal"»: "*", "Action": "kms:*", "Resource": "*"})"),
                "policy.principalInIdentityPolicy");
        refused(type, document(R"({"Effect": "Allow", «"NotPrincipal"»: {"AWS": "x"}, "Action": "kms:*", "Resource": "*"})"),
                "policy.principalInIdentityPolicy");
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
    finds(identityPolicy, R"({"Version": "2012-10-17", "Id": «"x"», "Statement": {)" + rest + R"("*"}})", "policy.idIgnored",
          Severity::info);
    refused(keyPolicy, R"({"Version": "2012-10-17", "Id": «7», "Statement": []})", "policy.type");
    warned(identityPolicy, document(R"({"Sid": «"Allow use"», )" + rest + R"("*"})"), "policy.sidCharacters");
    silent(keyPolicy, key_policy(R"("Sid": "Enable IAM User Permissions", "Action": "kms:*")"), "policy.sidCharacters");
    warned(identityPolicy, document(R"({"Sid": «""», )" + rest + R"("*"})"), "policy.emptySid");
    auto two = [&](std::string const& a, std::string const& b) {
        return document(R"({"Sid": )" + a + ", " + rest + R"("*"}, {"Sid": )" + b + ", " + rest +
                        R"("arn:aws:kms:us-east-1:111122223333:key/a"})");
    };
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

TEST_CASE("Quotas are reported; white space counts in some (IL:G-20)") {
    auto sized = [](std::size_t n) {
        return identity(R"("Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/)" + std::string(n, 'a') + "\"");
    };
    warned(identityPolicy, sized(6144), "policy.size");
    silent(identityPolicy, sized(5900), "policy.size");
    warned(PolicyType::sessionPolicy, sized(2048), "policy.size");
    warned(PolicyType::serviceControlPolicy, sized(5120), "policy.size");
    auto c = check(keyPolicy, key_policy(R"("Action": "kms:*", "Sid": ")" + std::string(32768, 'a') + "\""));
    REQUIRE(c.of("policy.size").size() == 1);
    CHECK(c.of("policy.size")[0].params.string_or("unit") == "bytes");
    CHECK(c.of("policy.size")[0].params.find("most")->text == "32768");
    std::string blanks(32769, ' ');
    PolicyFacts as_text;
    as_text.text = blanks;
    warned(keyPolicy, default_policy, "policy.size", as_text);    // white space counts
    silent(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*")"), "policy.size", as_text);
}

TEST_CASE("Forms of principals (IL:P-01, IL:P-07, IL:P-08, IL:P-11, IL:P-12)") {
    refused(keyPolicy, principal(R"(«"111122223333"»)"), "policy.principalFormat");
    refused(keyPolicy, principal(R"({«"IAM"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({«"Federated"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({«"CanonicalUser"»: "x"})"), "policy.principalKey");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:iam::111122223333:role/*"»})"), "policy.principalWildcard");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:sts::111122223333:assumed-role/r/*"»})"), "policy.principalWildcard");
    refused(keyPolicy, principal(R"({"AWS": «"arn:aws:iam::111122223333:group/x"»})"), "policy.principalGroup");
    for (char const* text : {"app", "1111", "arn:aws:iam::111122223333:policy/x", "arn:aws:iam::111122223333:role/",
                             "arn:aws:sts::111122223333:assumed-role/r", "arn:aws:s3:::b", "arn:aws:iam::1111:root"})
        refused(keyPolicy, principal(R"({"AWS": [«")" + std::string(text) + R"("»]})"), "policy.principal");
    for (char const* text : {"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/p/u",
                             "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:sts::111122223333:federated-user/f", "AROAEXAMPLEID"})
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
    silent(
        keyPolicy,
        document(
            R"({"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}})"),
        "policy.publicAllow");
    silent(
        keyPolicy,
        document(
            R"({"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"AWS:sourceaccount": "111122223333"}}})"),
        "policy.servicePrincipalUnguarded");
}

TEST_CASE("Operations that never work across accounts (E-13)") {
    auto policy = [](char const* account, char const* action) {
        return document(R"({"Effect": "Allow", "Principal": {"AWS": «"arn:aws:iam::)" + std::string(account) +
                        R"(:root"»}, "Action": ["kms:Decrypt", ")" + action + R"("], "Resource": "*"})");
    };
    warned(keyPolicy, policy("444455556666", "kms:PutKeyPolicy"), "policy.crossAccountOperation", with_key);
    silent(keyPolicy, policy("444455556666", "kms:CreateGrant"), "policy.crossAccountOperation", with_key);
    silent(keyPolicy, policy("111122223333", "kms:PutKeyPolicy"), "policy.crossAccountOperation", with_key);
}

TEST_CASE("Forms of actions (IL:A-02, IL:A-03)") {
    for (char const* text : {"Decrypt", "kms:a:b", "k*:Decrypt", "*:Decrypt"})
        refused(identityPolicy, identity(R"("Action": «")" + std::string(text) + R"("», "Resource": "*")"), "policy.action");
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
    auto on_key = [](std::string const& resource) {
        return document(R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": )" + resource + "}");
    };
    warned(keyPolicy, on_key(R"(«"arn:aws:kms:us-east-1:111122223333:key/other"»)"), "policy.otherResource", with_key);
    warned(keyPolicy, on_key(R"(«"arn:aws:s3:::b"»)"), "policy.otherResource");
    silent(keyPolicy, on_key(R"("arn:aws:kms:us-east-1:*:key/1234abcd-*")"), "policy.otherResource", with_key);
    warned(keyPolicy, on_key(R"(«"arn:aws:kms:us-east-1:111122223333:alias/app"»)"), "policy.aliasResource", with_key);
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": «[]»)"), "policy.emptyList");
    warned(identityPolicy,
           identity(R"("Action": ["kms:Decrypt", «"kms:ListKeys"»], "Resource": "arn:aws:kms:us-east-1:111122223333:key/x")"),
           "policy.resourceNeedsStar");
    silent(identityPolicy, identity(R"("Action": ["kms:Decrypt", "kms:ListKeys"], "Resource": "*")"), "policy.resourceNeedsStar");
}

TEST_CASE("A key policy that nobody could change again (P-13)") {
    warned(
        keyPolicy,
        R"(«{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:Decrypt", "Resource": "*"}}»)",
        "policy.lockout");
    silent(keyPolicy, key_policy(R"("Action": "kms:Put*")"), "policy.lockout");
    CHECK(check(keyPolicy, document(R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*"})"))
              .has("policy.lockout"));
    CHECK_FALSE(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*")")).has("policy.lockout"));
}

TEST_CASE("Statements that say the same") {
    auto statement = [](char const* sid, char const* action) {
        return R"({"Sid": ")" + std::string(sid) + R"(", "Effect": "Allow", "Action": ")" + action + R"(", "Resource": "*"})";
    };
    warned(identityPolicy, document(statement("A", "kms:Decrypt") + ", «" + statement("B", "kms:Decrypt") + "»"),
           "policy.redundantStatement");
    silent(identityPolicy, document(statement("A", "kms:Decrypt") + "," + statement("B", "kms:Encrypt")), "policy.redundantStatement");
}

TEST_CASE("Service control policies have the whole language (IL:E-13)") {
    auto c = check(
        PolicyType::serviceControlPolicy,
        document(
            R"({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:kms:*:*:key/a", "Condition": {"StringLike": {"aws:PrincipalTag/a": "x*"}}})"));
    CHECK(c.problems.all.empty());
}

TEST_CASE("Resource control policies only deny, to everybody (IL:E-15)") {
    auto rcp = [](char const* effect, char const* principal, char const* action, char const* name = "Action") {
        return document(R"({"Effect": )" + std::string(effect) + R"(, "Principal": )" + principal + R"(, )" + name + R"(: )" + action +
                        R"(, "Resource": "*"})");
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
    auto c = check(keyPolicy, key_policy(R"("Action": ["kms:*")" + actions +
                                         R"(], "Condition": {"ForAllValues:StringLike": {"kms:EncryptionContextKeys": "x")" + keys + "}}"));
    CHECK(c.of("policy.unknownAction").size() == 2000);
    CHECK(c.of("policy.variable").size() == 2000);
}
