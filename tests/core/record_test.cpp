// What scenario files do not hold: the CloudTrail record of a decision, a key at its quota of grants, a role named without its path.
#include <kms/engine.hpp>

#include "catch.hpp"
#include "json/json.hpp"

namespace {
std::string const key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
std::string const function_arn = "arn:aws:lambda:us-east-1:111122223333:function:fn";
std::string const policy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/Admin"},"Action":"kms:*","Resource":"*"}]})";
std::string const grant =
    R"({"KeyId":")" + key_arn +
    R"(","GrantId":"grant-1","GranteePrincipal":"arn:aws:iam::111122223333:role/fn","RetiringPrincipal":"arn:aws:iam::111122223333:role/Admin","Operations":["Decrypt"]})";

/// The one answer to a request about a key with these grants.
kms::Value answer(std::string const& grants, std::string const& principal, std::string const& operation, std::string const& parameters,
                  std::string const& context = "{}") {
    auto scenario = R"({"scenario":1,"keys":[{"metadata":{"Arn":")" + key_arn + R"("},"policy":)" + policy + R"(,"grants":[)" + grants +
                    R"(]}],"steps":[{"id":"ask","request":{"principal":")" + principal + R"(","operation":")" + operation +
                    R"(","parameters":)" + parameters + R"(,"context":)" + context + "}}]}";
    auto parsed = kms::parse_json(kms::run(scenario).json, kms::no_text);
    return *kms::find_pointer(parsed.value, "/results/0");
}
std::string at(kms::Value const& value, std::string const& pointer) {
    auto const* found = kms::find_pointer(value, pointer);
    return found ? found->is(kms::Kind::null) ? "null" : found->text : "nothing";
}
}    // namespace

TEST_CASE("L-05: Lambda's CreateGrant is recorded as the user's, through Lambda") {
    auto const result = answer(
        "", "arn:aws:sts::111122223333:assumed-role/Admin/operator", "CreateGrant",
        R"({"KeyId":")" + key_arn +
            R"(","GranteePrincipal":"arn:aws:sts::111122223333:assumed-role/fn-role/fn","Operations":["Decrypt","RetireGrant"],"Constraints":{"EncryptionContextEquals":{"aws:lambda:FunctionArn":")" +
            function_arn + R"("}}})",
        R"({"kms:ViaService":"lambda.us-east-1.amazonaws.com"})");
    REQUIRE(at(result, "/decision") == "allowed");
    CHECK(at(result, "/cloudTrail/eventName") == "CreateGrant");
    CHECK(at(result, "/cloudTrail/userIdentity/type") == "AssumedRole");
    CHECK(at(result, "/cloudTrail/userIdentity/arn") == "arn:aws:sts::111122223333:assumed-role/Admin/operator");
    CHECK(at(result, "/cloudTrail/userIdentity/invokedBy") == "lambda.amazonaws.com");
    CHECK(at(result, "/cloudTrail/sourceIPAddress") == "lambda.amazonaws.com");
    CHECK(at(result, "/cloudTrail/userAgent") == "lambda.amazonaws.com");
    CHECK(at(result, "/cloudTrail/requestParameters/granteePrincipal") == "arn:aws:sts::111122223333:assumed-role/fn-role/fn");
    CHECK(at(result, "/cloudTrail/requestParameters/operations/1") == "RetireGrant");
    CHECK(at(result, "/cloudTrail/requestParameters/constraints/encryptionContextEquals/aws:lambda:FunctionArn") == function_arn);
    CHECK(at(result, "/cloudTrail/responseElements/grantId") == at(result, "/response/GrantId"));
    CHECK(at(result, "/cloudTrail/responseElements/grantToken") == "nothing");
}

TEST_CASE("L-06: the function's Decrypt is recorded as its own, not through Lambda") {
    auto const result =
        answer(grant, "arn:aws:sts::111122223333:assumed-role/fn/fn", "Decrypt",
               R"({"KeyId":")" + key_arn + R"(","EncryptionContext":{"aws:lambda:FunctionArn":")" + function_arn + R"("}})");
    REQUIRE(at(result, "/decision") == "allowed");
    CHECK(at(result, "/cloudTrail/userIdentity/sessionContext/sessionIssuer/arn") == "arn:aws:iam::111122223333:role/fn");
    CHECK(at(result, "/cloudTrail/userIdentity/invokedBy") == "nothing");
    CHECK(at(result, "/cloudTrail/requestParameters/encryptionContext/aws:lambda:FunctionArn") == function_arn);
    CHECK(at(result, "/cloudTrail/resources/0/ARN") == key_arn);
    CHECK(at(result, "/cloudTrail/readOnly") == "true");
}

TEST_CASE("M-20: RetireGrant is recorded without parameters, its grant as additional data") {
    auto const result = answer(grant, "arn:aws:sts::111122223333:assumed-role/Admin/operator", "RetireGrant",
                               R"({"KeyId":")" + key_arn + R"(","GrantId":"grant-1"})");
    REQUIRE(at(result, "/decision") == "allowed");
    CHECK(at(result, "/cloudTrail/requestParameters") == "null");
    CHECK(at(result, "/cloudTrail/additionalEventData/grantId") == "grant-1");
    CHECK(at(result, "/cloudTrail/resources/0/ARN") == key_arn);
    CHECK(at(result, "/cloudTrail/readOnly") == "false");
}

TEST_CASE("RevokeGrant is recorded with its parameters") {
    auto const result = answer(grant, "arn:aws:sts::111122223333:assumed-role/Admin/operator", "RevokeGrant",
                               R"({"KeyId":")" + key_arn + R"(","GrantId":"grant-1"})");
    REQUIRE(at(result, "/decision") == "allowed");
    CHECK(at(result, "/cloudTrail/requestParameters/grantId") == "grant-1");
    CHECK(at(result, "/cloudTrail/additionalEventData") == "nothing");
}

TEST_CASE("X-14: a denial is recorded as AccessDenied, without parameters and key") {
    auto const result = answer("", "arn:aws:sts::111122223333:assumed-role/fn/fn", "Decrypt",
                               R"({"KeyId":")" + key_arn + R"(","EncryptionContext":{"a":"1"}})");
    REQUIRE(at(result, "/decision") == "implicitDeny");
    CHECK(at(result, "/error/code") == "AccessDeniedException");
    CHECK(at(result, "/error/httpStatus") == "400");
    CHECK(at(result, "/cloudTrail/errorCode") == "AccessDenied");
    CHECK(at(result, "/cloudTrail/errorMessage") == at(result, "/error/message"));
    CHECK(at(result, "/cloudTrail/requestParameters") == "null");
    CHECK(at(result, "/cloudTrail/responseElements") == "null");
    CHECK(at(result, "/cloudTrail/resources") == "nothing");
}

TEST_CASE("G-06: a key holds 50,000 grants") {
    std::string grants;
    auto const add = [&](int number) {
        if (number > 0) grants += ",";
        grants += R"({"KeyId":")" + key_arn + R"(","GrantId":"g)" + std::to_string(number) +
                  R"(","GranteePrincipal":"arn:aws:iam::111122223333:role/r","Operations":["Decrypt"]})";
    };
    for (int i = 0; i < 49'999; ++i) add(i);
    auto const create = [&] {
        return answer(grants, "arn:aws:sts::111122223333:assumed-role/Admin/operator", "CreateGrant",
                      R"({"KeyId":")" + key_arn + R"(","GranteePrincipal":"arn:aws:iam::111122223333:role/app","Operations":["Decrypt"]})");
    };
    CHECK(at(create(), "/decision") == "allowed");
    add(49'999);
    auto const refused = create();
    CHECK(at(refused, "/decision") == "error");
    CHECK(at(refused, "/error/code") == "LimitExceededException");
}

TEST_CASE("P-24, P-09: a role ARN with another path than the role of that name names nobody") {
    std::string const path = "arn:aws:iam::111122223333:role/aws-service-role/ec2fleet.amazonaws.com/AWSServiceRoleForEC2Fleet";
    std::string const no_path = "arn:aws:iam::111122223333:role/AWSServiceRoleForEC2Fleet";
    auto const ask = [&](std::string const& operation, std::string const& parameters) {
        auto const scenario =
            R"({"scenario":1,"keys":[{"metadata":{"Arn":")" + key_arn + R"("},"policy":)" + policy + R"(}],"principals":[{"arn":")" + path +
            R"("}],"steps":[{"id":"ask","request":{"principal":"arn:aws:sts::111122223333:assumed-role/Admin/operator","operation":")" +
            operation + R"(","parameters":{"KeyId":")" + key_arn + R"(",)" + parameters + "}}}]}";
        auto const parsed = kms::parse_json(kms::run(scenario).json, kms::no_text);
        return at(*kms::find_pointer(parsed.value, "/results/0"), "/decision") + " " +
               at(*kms::find_pointer(parsed.value, "/results/0"), "/error/code");
    };
    auto const grantee = [&](std::string const& arn) {
        return ask("CreateGrant", R"("GranteePrincipal":")" + arn + R"(","Operations":["Decrypt"])");
    };
    CHECK(grantee(no_path) == "error InvalidArnException");
    CHECK(grantee(path) == "allowed nothing");
    auto const named = [&](std::string const& arn) {
        return ask(
            "PutKeyPolicy",
            R"("Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/Admin",")" +
                arn + R"("]},"Action":"kms:*","Resource":"*"}]})");
    };
    CHECK(named(no_path) == "error MalformedPolicyDocumentException");
    CHECK(named(path) == "allowed nothing");
}
