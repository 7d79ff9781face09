#include "catch.hpp"
#include "engine_helpers.hpp"

namespace {
Json import(std::vector<std::string> const& texts) { return Json::parse(kms::import_documents(texts)); }
std::vector<std::string> codes(Json const& answer) {
    std::vector<std::string> out;
    for (auto const& d : answer["diagnostics"]) out.push_back(d["code"]);
    return out;
}
using Codes = std::vector<std::string>;

Json const grants = {{"Grants", Json::array({{{"KeyId", key_arn}, {"GrantId", grant_id}, {"GranteePrincipal", "arn:aws:iam::111122223333:role/app"}, {"Operations", {"Decrypt"}}}})}};
Json const role = {{"Role", {{"Arn", "arn:aws:iam::111122223333:role/svc/app"}, {"RoleId", "AROAEXAMPLE"}, {"RoleName", "app"}}}};
Json const inline_policy = {{"RoleName", "app"}, {"PolicyName", "logs"}, {"PolicyDocument", {{"Version", "2012-10-17"}, {"Statement", {{"Effect", "Allow"}, {"Action", "logs:*"}, {"Resource", "*"}}}}}};
}    // namespace

TEST_CASE("outputs in any order become one scenario") {
    Json const policy = {{"Policy", default_key_policy().dump()}, {"PolicyName", "default"}};
    auto answer = import({inline_policy.dump(), policy.dump(), role.dump(), grants.dump()});
    CHECK(codes(answer) == Codes{});
    auto const& scenario = answer["scenario"];
    CHECK(scenario["keys"][0]["metadata"]["Arn"] == key_arn);
    CHECK(scenario["keys"][0]["policy"] == default_key_policy().dump());
    CHECK(scenario["keys"][0]["grants"][0]["GrantId"] == grant_id);
    CHECK(scenario["principals"][0]["arn"] == "arn:aws:iam::111122223333:role/svc/app");
    CHECK(scenario["principals"][0]["uniqueId"] == "AROAEXAMPLE");
    CHECK(scenario["principals"][0]["identityPolicies"][0]["name"] == "logs");
    REQUIRE(answer["placed"].size() == 4);
    kms::Session session(scenario.dump());
    CHECK(decide(session, request_of(app_session, "Decrypt"))["diagnostics"][0]["severity"] != "error");
}

TEST_CASE("describe-key, list-aliases and list-resource-tags describe one key") {
    Json const metadata = {{"KeyMetadata", {{"Arn", key_arn}, {"KeyState", "Disabled"}}}};
    Json const aliases = {{"Aliases", Json::array({{{"AliasName", "alias/app"}, {"TargetKeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"}}, {{"AliasName", "alias/other"}, {"TargetKeyId", "0"}}})}};
    Json const tags = {{"Tags", Json::array({{{"TagKey", "env"}, {"TagValue", "dev"}}})}, {"Truncated", false}};
    auto key = import({tags.dump(), aliases.dump(), metadata.dump()})["scenario"]["keys"][0];
    CHECK(key["metadata"]["KeyState"] == "Disabled");
    CHECK(key["aliases"] == Json::array({"alias/app"}));
    CHECK(key["tags"][0]["TagValue"] == "dev");
}

TEST_CASE("a key policy alone is given to a key made up for it, and said so") {
    auto answer = import({default_key_policy().dump()});
    CHECK(codes(answer) == Codes{"import.keyUnknown"});
    CHECK(answer["scenario"]["keys"][0]["metadata"]["Arn"] == "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000");
}

TEST_CASE("a denial becomes a request, with what it rules out") {
    auto answer = import({"An error occurred (AccessDeniedException) when calling the Decrypt operation: User: " + app_session + " is not authorized to perform: kms:Decrypt on resource: " + key_arn +
                          " because no identity-based policy allows the kms:Decrypt action"});
    CHECK(codes(answer) == Codes{"import.message"});
    CHECK(answer["diagnostics"][0]["params"]["policyType"] == "identityPolicy");
    CHECK(answer["diagnostics"][0]["params"]["form"] == "implicitDeny");
    auto request = answer["scenario"]["steps"][0]["request"];
    CHECK(request["principal"] == app_session);
    CHECK(request["operation"] == "Decrypt");
    CHECK(request["parameters"]["KeyId"] == key_arn);
}

TEST_CASE("the half of ReEncrypt that a denial names becomes its parameter") {
    auto answer = import({"User: " + app_session + " is not authorized to perform: kms:ReEncryptTo on resource: " + key_arn + " with an explicit deny in a service control policy"});
    CHECK(answer["scenario"]["steps"][0]["request"]["parameters"]["DestinationKeyId"] == key_arn);
    CHECK(answer["diagnostics"][0]["params"]["form"] == "explicitDeny");
    CHECK(answer["diagnostics"][0]["params"]["policyType"] == "serviceControlPolicy");
}

TEST_CASE("a CloudTrail event becomes a request") {
    Json const event = {{"eventSource", "kms.amazonaws.com"}, {"eventName", "CreateGrant"}, {"awsRegion", "us-east-1"}, {"eventTime", "2022-08-12T04:58:28Z"}, {"sourceIPAddress", "lambda.amazonaws.com"},
                        {"userIdentity", {{"type", "AssumedRole"}, {"arn", app_session}, {"invokedBy", "lambda.amazonaws.com"}}},
                        {"requestParameters", {{"keyId", key_arn}, {"granteePrincipal", app_session}, {"operations", {"Decrypt"}}, {"constraints", {{"encryptionContextEquals", {{"aws:x", "y"}}}}}}}};
    auto request = import({event.dump()})["scenario"]["steps"][0]["request"];
    CHECK(request["parameters"]["GranteePrincipal"] == app_session);
    CHECK(request["parameters"]["Constraints"]["EncryptionContextEquals"]["aws:x"] == "y");
    CHECK(request["context"]["kms:ViaService"] == "lambda.us-east-1.amazonaws.com");
    CHECK(request["at"] == "2022-08-12T04:58:28Z");
}

TEST_CASE("placeholders are found, policy variables are not") {
    Json const policy = {{"Version", "2012-10-17"}, {"Statement", {{"Effect", "Allow"}, {"Principal", {{"AWS", "arn:aws:iam::{account-id}:root"}}}, {"Action", "kms:*"}, {"Resource", "*"}, {"Condition", {{"StringEquals", {{"aws:PrincipalTag/x", "${aws:username}"}}}}}}}};
    auto answer = import({grants.dump(), policy.dump()});
    CHECK(codes(answer) == Codes{"import.placeholder"});
    CHECK(answer["diagnostics"][0]["params"]["placeholder"] == "{account-id}");
}

TEST_CASE("what cannot be placed is said") {
    Json const identity_policy = {{"Version", "2012-10-17"}, {"Statement", {{"Effect", "Allow"}, {"Action", "kms:*"}, {"Resource", "*"}}}};
    CHECK(codes(import({identity_policy.dump()})) == Codes{"import.whichPrincipal"});
    CHECK(codes(import({R"({"Buckets": []})"})) == Codes{"import.unknown"});
    CHECK(codes(import({"hello"})) == Codes{"json.syntax"});
    CHECK(codes(import({R"({"eventSource": "s3.amazonaws.com"})"})) == Codes{"import.otherService"});
}

TEST_CASE("what does not say whose or of which key it is asks for what would") {
    Json second = {{"KeyMetadata", {{"Arn", "arn:aws:kms:us-east-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"}}}};
    Json const tags = {{"Tags", Json::array({{{"TagKey", "env"}, {"TagValue", "dev"}}})}};
    CHECK(codes(import({tags.dump()})) == Codes{"import.whichKey"});
    CHECK(codes(import({grants.dump(), second.dump(), tags.dump()})) == Codes{"import.whichKey"});
    CHECK(codes(import({inline_policy.dump()})) == Codes{"import.whichAccount"});
    Json nameless = inline_policy;
    nameless.erase("RoleName");
    CHECK(codes(import({nameless.dump()})) == Codes{"import.whichPrincipal"});
    CHECK(codes(import({R"({"Role": {"RoleName": "app"}})"})) == Codes{"import.noArn"});
    CHECK(codes(import({R"({"Grants": [{"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "Operations": ["Decrypt"]}]})"})) == Codes{"import.grantKey"});
}

TEST_CASE("a bare key id in a list of grants means the key that is known by it") {
    Json const metadata = {{"KeyMetadata", {{"Arn", key_arn}}}};
    auto answer = import({R"({"Grants": [{"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "Operations": ["Decrypt"]}]})", metadata.dump()});
    CHECK(codes(answer) == Codes{});
    CHECK(answer["scenario"]["keys"].size() == 1);
    CHECK(answer["scenario"]["keys"][0]["grants"].size() == 1);
}

TEST_CASE("an event tells the path of a session's role, and the service that it came through") {
    Json const issuer = {{"type", "Role"}, {"arn", "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}};
    Json event = {{"eventSource", "kms.amazonaws.com"}, {"eventName", "Decrypt"}, {"awsRegion", "us-east-1"}, {"requestParameters", {{"keyId", key_arn}}},
                  {"userIdentity", {{"type", "AssumedRole"}, {"arn", "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling"}, {"sessionContext", {{"sessionIssuer", issuer}}}, {"invokedBy", "ec2-frontend-api.amazonaws.com"}}}};
    auto answer = import({event.dump()});
    CHECK(answer["scenario"]["principals"] == Json::array({{{"arn", issuer["arn"]}}}));
    auto via = [&] {
        auto request = import({event.dump()})["scenario"]["steps"][0]["request"];
        return request.contains("context") ? request["context"].value("kms:ViaService", "none") : "none";
    };
    CHECK(via() == "ec2.us-east-1.amazonaws.com");
    event["userIdentity"]["invokedBy"] = "AWS Internal";
    CHECK(via() == "none");
    CHECK(codes(import({event.dump()})) == Codes{"import.serviceUnknown"});
    event["userIdentity"]["invokedBy"] = "eks.amazonaws.com";
    event.erase("awsRegion");
    CHECK(via() == "none");
}

TEST_CASE("a message that was cut out of a log line names its key, and nothing behind it") {
    auto message = "User: " + std::string(app_session) + " is not authorized to perform: kms:Decrypt on resource: " + key_arn + R"(",)";
    CHECK(import({message})["scenario"]["steps"][0]["request"]["parameters"]["KeyId"] == key_arn);
}

TEST_CASE("a policy of an organization is not taken for a key policy") {
    auto answer = import({R"({"Policy": {"PolicySummary": {"Type": "SERVICE_CONTROL_POLICY"}, "Content": "{}"}})"});
    CHECK(codes(answer) == Codes{"import.organizationPolicy"});
    CHECK(answer["placed"].empty());
}

TEST_CASE("an event that hides or lacks what a request needs says so") {
    Json event = {{"eventSource", "kms.amazonaws.com"}, {"eventName", "Decrypt"}, {"errorCode", "AccessDenied"}, {"userIdentity", {{"type", "AssumedRole"}, {"arn", app_session}}}, {"requestParameters", nullptr}};
    auto answer = import({event.dump()});
    CHECK(codes(answer) == Codes{"import.parametersHidden"});
    CHECK(answer["scenario"]["steps"][0]["title"] == "Decrypt failed with AccessDenied");
    event["eventName"] = "Dance";
    CHECK(codes(import({event.dump()})) == Codes{"import.event"});
    event["eventName"] = "Decrypt";
    event.erase("userIdentity");
    answer = import({event.dump()});
    CHECK(codes(answer) == Codes{"import.event"});
    CHECK(answer["scenario"]["steps"].empty());
    event["errorMessage"] = "User: " + app_session + " is not authorized to perform: kms:Decrypt on resource: " + key_arn + " because no identity-based policy allows the kms:Decrypt action";
    auto request = import({event.dump()})["scenario"]["steps"][0]["request"];
    CHECK(request["principal"] == app_session);
    CHECK(request["parameters"]["KeyId"] == key_arn);
}

TEST_CASE("a denial of another service's action is no request") {
    CHECK(codes(import({"User: " + app_session + " is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k"})) == Codes{"import.otherAction"});
    CHECK(codes(import({"User: " + app_session + " is not authorized to perform: kms:Dance on resource: " + std::string(key_arn)})) == Codes{"import.otherAction"});
}

TEST_CASE("attached policies and boundaries that are not among the texts are named") {
    Json const role_entry = {{"Arn", "arn:aws:iam::111122223333:role/app"}, {"RoleId", "AROAEXAMPLE"}, {"RolePolicyList", Json::array()}, {"AttachedManagedPolicies", Json::array({{{"PolicyName", "use-key"}, {"PolicyArn", "arn:aws:iam::111122223333:policy/use-key"}}})}};
    Json const details = {{"RoleDetailList", Json::array({role_entry})}, {"UserDetailList", Json::array()}, {"GroupDetailList", Json::array()}, {"Policies", Json::array()}};
    CHECK(codes(import({details.dump()})) == Codes{"import.policyMissing"});
    Json bounded = role;
    bounded["Role"]["PermissionsBoundary"] = {{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", "arn:aws:iam::111122223333:policy/limit"}};
    CHECK(codes(import({bounded.dump()})) == Codes{"import.boundaryMissing"});
}

TEST_CASE("the policies of groups and attached policies come along with a user") {
    Json const document = {{"Version", "2012-10-17"}, {"Statement", {{"Effect", "Allow"}, {"Action", "kms:Decrypt"}, {"Resource", "*"}}}};
    Json const details = {{"RoleDetailList", Json::array()},
                          {"UserDetailList", Json::array({{{"Arn", "arn:aws:iam::111122223333:user/Bob"}, {"UserId", "AIDAEXAMPLE"}, {"GroupList", {"team"}}, {"AttachedManagedPolicies", Json::array()}}})},
                          {"GroupDetailList", Json::array({{{"GroupName", "team"}, {"GroupPolicyList", Json::array()}, {"AttachedManagedPolicies", Json::array({{{"PolicyName", "use-key"}, {"PolicyArn", "arn:aws:iam::111122223333:policy/use-key"}}})}}})},
                          {"Policies", Json::array({{{"Arn", "arn:aws:iam::111122223333:policy/use-key"}, {"PolicyVersionList", Json::array({{{"IsDefaultVersion", true}, {"Document", document}}})}}})}};
    auto answer = import({details.dump()});
    auto const& bob = answer["scenario"]["principals"][0];
    CHECK(bob["identityPolicies"][0]["name"] == "use-key");
    CHECK(bob["identityPolicies"][0]["document"] == document);
}
