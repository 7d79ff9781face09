// The findings about conditions and policy variables.
#include "policy_check.hpp"

using namespace check_tests;

TEST_CASE("Variables where they are literal text (IL:V-02, IL:V-03, IL:V-08, IL:R-12, IL:X-02)") {
    auto problem = [](Checked const& c) {
        CHECK_FALSE(c.problems.errors());
        auto found = c.of("policy.variable");
        return found.empty() ? std::string() : std::string(found[0].params.string_or("problem"));
    };
    auto value = [&](char const* op, char const* text) {
        return problem(
            check(keyPolicy, allowing(R"("kms:Decrypt")", R"({")" + std::string(op) + R"(": {"aws:PrincipalTag/a": ")" + text + R"("}})")));
    };
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
    auto in_resource = [&](char const* text) {
        return problem(check(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": ")" + std::string(text) + "\"")));
    };
    CHECK(in_resource("arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/k}").empty());
    CHECK(in_resource("arn:aws:kms:${aws:RequestedRegion}:111122223333:key/x") == "place");
    CHECK(problem(check(identityPolicy, identity(R"("Action": "kms:${aws_username}", "Resource": "*")"))) == "place");
    CHECK(
        problem(check(
            identityPolicy,
            R"({"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/${aws:username}"}})")) ==
        "version");
}

TEST_CASE("One key twice under an operator (IL:C-06)") {
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"StringEquals": {"kms:KeySpec": "a", «"KMS:keyspec"»: "b"}})"),
            "policy.duplicateConditionKey");
}

TEST_CASE("Names of operators (IL:C-09, IL:S-09, IL:X-11)") {
    auto with = [](char const* op) {
        return allowing(R"("kms:Decrypt")", R"({«")" + std::string(op) + R"("»: {"aws:PrincipalTag/x": "true"}})");
    };
    for (char const* op : {"StringEqual", "NullIfExists", "ForAnyValue::StringEquals", "ForSomeValues:StringEquals", "IfExists",
                           "StringEqualsIfExistsIfExists"})
        refused(keyPolicy, with(op), "policy.operator");
    CHECK(check(keyPolicy, with("StringEqual")).of("policy.operator")[0].help == "did you mean `StringEquals`?");
    warned(keyPolicy, with("stringequals"), "policy.operatorCase");
    warned(keyPolicy, with("ForAnyvalue:StringEquals"), "policy.operatorCase");
    silent(keyPolicy, with("ForAnyValue:StringEqualsIfExists"), "policy.operatorCase");
}

TEST_CASE("Condition keys that no request carries (IL:C-04, IL:C-13)") {
    auto with = [](char const* key) {
        return allowing(R"("kms:Decrypt")", R"({"StringEquals": {«")" + std::string(key) + R"("»: "111122223333"}})");
    };
    warned(keyPolicy, with("kms:ViaServices"), "policy.unknownConditionKey");
    CHECK(check(keyPolicy, with("kms:ViaServices")).of("policy.unknownConditionKey")[0].params.string_or("nearest") == "kms:ViaService");
    warned(keyPolicy, with("aws:ARN"), "policy.unknownConditionKey");
    warned(keyPolicy, with("s3:prefix"), "policy.unknownConditionKey");
    warned(keyPolicy, with("ViaService"), "policy.conditionKeyFormat");
    warned(keyPolicy, with("aws:ResourceTag"), "policy.missingTagKey");
    warned(keyPolicy, with("kms:EncryptionContext"), "policy.missingTagKey");
    warned(keyPolicy, with("kms:ResourceAliases"), "policy.identityPolicyKey");
    silent(keyPolicy, with("KMS:calleraccount"), "policy.unknownConditionKey");
    silent(identityPolicy,
           identity(R"("Action": ["kms:Decrypt", "s3:GetObject"], "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "a"}})"),
           "policy.unknownConditionKey");
    warned(identityPolicy, identity(R"("Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {«"s3:prefix"»: "a"}})"),
           "policy.unknownConditionKey");
}

TEST_CASE("Conditions on a key that the action never has (IL:C-13, C-40, C-41, C-42)") {
    auto c = check(keyPolicy, allowing(R"(["kms:Decrypt", "kms:CreateGrant"])", R"({"Bool": {"kms:GrantIsForAWSResource": "true"}})"));
    REQUIRE(c.of("policy.conditionKeyAbsent").size() == 1);
    auto d = c.of("policy.conditionKeyAbsent")[0];
    CHECK(d.message == "kms:Decrypt never carries `kms:GrantIsForAWSResource`, so this statement never allows that");
    CHECK(write_json(*d.params.find("actions")) == R"(["kms:Decrypt"])");
    warned(keyPolicy, allowing(R"("kms:Sign")", R"({"StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"), "policy.conditionKeyAbsent");
    warned(keyPolicy, denying(R"("kms:Decrypt")", R"({"StringNotEquals": {«"kms:GranteePrincipal"»: "x"}})"), "policy.conditionKeyAbsent");
    CHECK(check(keyPolicy, denying(R"("kms:Decrypt")", R"({"StringNotEquals": {"kms:GranteePrincipal": "x"}})"))
              .of("policy.conditionKeyAbsent")[0]
              .params.find("holds")
              ->text == "true");
    silent(keyPolicy, allowing(R"("kms:*")", R"({"Bool": {"kms:GrantIsForAWSResource": "true"}})"), "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"(["kms:Decrypt", "kms:Encrypt"])", R"({"StringEquals": {"kms:EncryptionContext:a": "1"}})"),
           "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"("kms:Decrypt")", R"({"BoolIfExists": {"kms:GrantIsForAWSResource": "true"}})"),
           "policy.conditionKeyAbsent");
    silent(keyPolicy, allowing(R"("kms:PutKeyPolicy")", R"({"Null": {"kms:BypassPolicyLockoutSafetyCheck": "true"}})"),
           "policy.conditionKeyAbsent");
}

TEST_CASE("A Deny that strikes direct calls or services too (IL:C-08, C-41)") {
    warned(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {«"kms:ViaService"»: "s3.us-east-1.amazonaws.com"}})"),
           "policy.denyWithoutKey");
    warned(keyPolicy, denying(R"("kms:*")", R"({"StringNotEquals": {«"aws:SourceVpce"»: "vpce-1a2b"}})"), "policy.denyWithoutKey");
    silent(keyPolicy,
           denying(R"("kms:*")",
                   R"({"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, "Null": {"kms:ViaService": "false"}})"),
           "policy.denyWithoutKey");
    silent(keyPolicy,
           denying(R"("kms:*")", R"({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b"}, "Bool": {"aws:ViaAWSService": "false"}})"),
           "policy.denyWithoutKey");
    silent(keyPolicy, allowing(R"("kms:*")", R"({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b"}})"), "policy.denyWithoutKey");
    silent(
        keyPolicy,
        document(
            R"({"Effect": "Deny", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}})"),
        "policy.denyWithoutKey");
}

TEST_CASE("Set operators (IL:S-01, IL:S-02, IL:S-05, IL:S-06, IL:S-07, C-43, C-46)") {
    warned(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"StringEquals": {«"kms:GrantOperations"»: "Decrypt"}})"),
           "policy.missingSetOperator");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:EncryptionContextKeys"»: "a"}})"),
           "policy.forAllValuesAbsent");
    silent(keyPolicy,
           allowing(R"("kms:Decrypt")",
                    R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}, "Null": {"kms:EncryptionContextKeys": false}})"),
           "policy.forAllValuesAbsent");
    silent(
        keyPolicy,
        allowing(R"("kms:Decrypt")",
                 R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}, "StringEquals": {"kms:EncryptionContext:a": "1"}})"),
        "policy.forAllValuesAbsent");
    silent(keyPolicy, denying(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "a"}})"),
           "policy.forAllValuesAbsent");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:KeySpec"»: "a"}})"),
           "policy.setOperatorOnSingleValue");
    warned(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"ForAnyValue:StringEquals": {«"kms:GrantOperations"»: "Decrypt"}})"),
           "policy.anyGrantOperation");
    silent(keyPolicy, allowing(R"("kms:CreateGrant")", R"({"ForAllValues:StringEquals": {"kms:GrantOperations": "Decrypt"}})"),
           "policy.anyGrantOperation");
    silent(keyPolicy, denying(R"("kms:CreateGrant")", R"({"ForAnyValue:StringEquals": {"kms:GrantOperations": "Decrypt"}})"),
           "policy.anyGrantOperation");
    warned(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAnyValue:Null": {«"kms:EncryptionContextKeys"»: "true"}})"),
           "policy.nullWithSetOperator");
    refused(keyPolicy, allowing(R"("kms:Decrypt")", R"({"ForAllValues:StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"),
            "policy.overlyPermissiveCondition");
    refused(keyPolicy, allowing(R"("kms:TagResource")", R"({"ForAllValues:StringLike": {«"aws:RequestTag/a"»: "1"}})"),
            "policy.overlyPermissiveCondition");
    warned(
        identityPolicy,
        identity(
            R"("Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {«"kms:EncryptionContext:a"»: "1"}})"),
        "policy.setOperatorOnSingleValue");
}

TEST_CASE("Values that an operator cannot read (IL:C-14, IL:X-05)") {
    auto with = [](char const* op, char const* key, char const* value) {
        return R"({")" + std::string(op) + R"(": {")" + key + R"(": [«")" + value + R"("»]}})";
    };
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
    auto with = [](char const* op, char const* key, char const* value) {
        return allowing(R"("kms:*")", R"({")" + std::string(op) + R"(": {)" + key + R"(: )" + value + R"(}})");
    };
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
    auto form = [&](char const* key, char const* value) {
        return check(keyPolicy, with("StringEquals", ("\"" + std::string(key) + "\"").c_str(), ("\"" + std::string(value) + "\"").c_str()))
            .has("policy.valueForm");
    };
    CHECK(form("kms:ViaService", "s3.amazonaws.com"));    // C-02: the Region is missing
    CHECK_FALSE(form("kms:ViaService", "s3.us-east-1.amazonaws.com"));
    CHECK(form("kms:CallerAccount", "app"));
    CHECK(form("aws:SourceVpce", "vpc-1a2b"));
    CHECK_FALSE(form("aws:SourceVpc", "vpc-1a2b"));
    CHECK(form("aws:RequestedRegion", "Virginia"));
    CHECK_FALSE(form("aws:RequestedRegion", "us-gov-west-1"));
}

TEST_CASE("Service principals carry none of the keys of IAM principals (IL:C-13)") {
    auto policy = [](char const* key) {
        return document(
            R"({"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {)" +
            std::string(key) + R"(: "x"}}})");
    };
    warned(keyPolicy, policy(R"(«"aws:PrincipalOrgID"»)"), "policy.serviceConditionKey");
    silent(keyPolicy, policy(R"("aws:SourceOrgID")"), "policy.serviceConditionKey");
}
