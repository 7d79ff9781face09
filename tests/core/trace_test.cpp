// What the trace says of each test: its reason, the rule that decided and what was compared. The decisions themselves are in tests/scenarios.
#include "../catch.hpp"
#include "engine_helpers.hpp"

namespace {
std::string const alice = "arn:aws:iam::111122223333:user/alice";
std::string const other_root = "arn:aws:iam::444455556666:root";

/// The tests about one element, over the whole trace, as "outcome reason rule params".
std::vector<std::string> tests_of(Json const& result, std::string const& element) {
    std::vector<std::string> all;
    for (auto const& entry : result["trace"])
        for (auto const& t : entry.value("tests", Json::array()))
            if (t["element"] == element)
                all.push_back(t["outcome"].get<std::string>() + " " + t["reason"].get<std::string>() + " " + t["rule"].get<std::string>() + " " + t["params"].dump());
    return all;
}
Json decide_in(Json const& world, Json const& request) { return decide(kms::Session(world.dump()), request); }
using Lines = std::vector<std::string>;

Json world_with_statements(Json const& statements) {
    auto w = world_with_grant();
    w["keys"][0].erase("grants");
    w["keys"][0]["policy"]["Statement"] = statements;
    return w;
}
Json allow(Json const& principal, Json const& condition = Json::object()) {
    Json s = {{"Effect", "Allow"}, {"Principal", principal}, {"Action", "kms:DescribeKey"}, {"Resource", "*"}};
    if (!condition.empty()) s["Condition"] = condition;
    return s;
}
Json world_with_retirable(std::string const& grantee, Json const& operations, std::string const& issuer = root_user) {
    auto w = world_with_grant();
    auto& g = w["keys"][0]["grants"][0];
    g["GranteePrincipal"] = grantee;
    g["Operations"] = operations;
    g["IssuingAccount"] = issuer;
    return w;
}
Json identity(std::string const& arn) {
    return Json::array({{{"arn", arn}, {"identityPolicies", {{{"name", "p"}, {"document", {{"Version", "2012-10-17"}, {"Statement", {{{"Effect", "Allow"}, {"Action", "kms:RetireGrant"}, {"Resource", "*"}}}}}}}}}}});
}
Json retire(std::string const& principal) { return request_of(principal, "RetireGrant", {{"GrantId", grant_id}}); }
}    // namespace

TEST_CASE("The account is matched as the account, a user by its ARN") {
    auto w = world_with_statements({allow({{"AWS", root_user}}), allow({{"AWS", alice}}), allow({{"AWS", Json::array({other_root})}}), allow("*")});
    CHECK(tests_of(decide_in(w, request_of(alice, "DescribeKey")), "principal") == Lines{
        R"(yes principal.viaAccount E-04 {"account":"111122223333"})",
        R"(yes principal.match P-15 {"expected":"arn:aws:iam::111122223333:user/alice","actual":"arn:aws:iam::111122223333:user/alice"})",
        R"(no principal.noMatch IL:P-02 {"expected":["arn:aws:iam::444455556666:root"],"actual":"arn:aws:iam::111122223333:user/alice"})",
        R"(yes principal.match P-06 {"expected":"*","actual":"arn:aws:iam::111122223333:user/alice"})"});
}

TEST_CASE("A list of one value is compared by the operator's rule, a longer one by that of lists (IL:C-02)") {
    auto same = [](Json const& accounts) { return allow("*", {{"StringEquals", {{"kms:CallerAccount", accounts}}}}); };
    auto w = world_with_statements({same("111122223333"), same({"111122223333"}), same({"444455556666", "111122223333"})});
    CHECK(tests_of(decide_in(w, request_of(alice, "DescribeKey")), "condition") == Lines{
        R"(yes condition.match IL:O-01 {"operator":"StringEquals","key":"kms:CallerAccount","expected":["111122223333"],"actual":"111122223333"})",
        R"(yes condition.match IL:O-01 {"operator":"StringEquals","key":"kms:CallerAccount","expected":["111122223333"],"actual":"111122223333"})",
        R"(yes condition.match IL:C-02 {"operator":"StringEquals","key":"kms:CallerAccount","expected":["444455556666","111122223333"],"actual":"111122223333"})"});
}

TEST_CASE("The trace shows a variable where the operator replaces it, and the text as written where none does (IL:V-02)") {
    auto expected = [](char const* version, char const* op) {
        auto w = world_with_statements({allow("*", {{op, {{"aws:PrincipalArn", {"*${aws:username}", "7"}}}}})});
        w["keys"][0]["policy"]["Version"] = version;
        auto line = tests_of(decide_in(w, request_of(alice, "DescribeKey")), "condition").at(0);
        return Json::parse(line.substr(line.find('{')))["expected"].dump();
    };
    CHECK(expected("2012-10-17", "StringLike") == R"(["*alice","7"])");
    CHECK(expected("2008-10-17", "StringLike") == R"(["*${aws:username}","7"])");
    CHECK(expected("2012-10-17", "NumericEquals") == R"(["*${aws:username}","7"])");
}

TEST_CASE("A grant that cannot concern the caller is counted, not explained (P-20)") {
    auto role = std::string("arn:aws:iam::111122223333:role/");
    auto kinds = [](Json const& world, std::string const& caller) {
        Lines all;
        auto result = decide_in(world, request_of(caller, "Decrypt"));
        for (auto const& entry : result["trace"])
            if (entry["kind"] == "otherGrants" || entry["kind"] == "grant") all.push_back(entry["kind"].get<std::string>() + " " + entry.value("params", Json::object()).dump());
        return all;
    };
    auto world = [&](std::string const& grantee) { return world_with_retirable(grantee, {"Decrypt"}); };
    auto session = "arn:aws:sts::111122223333:assumed-role/deploy/one";
    CHECK(kinds(world(role + "other"), alice) == Lines{R"(otherGrants {"count":1})"});
    CHECK(kinds(world("arn:aws:iam::444455556666:role/deploy"), alice) == Lines{R"(otherGrants {"count":1})"});
    CHECK(kinds(world(role + "other"), session) == Lines{R"(otherGrants {"count":1})"});
    auto own = kinds(world(role + "deploy"), session);
    REQUIRE(own.size() == 1);
    CHECK(own[0].substr(0, 6) == "grant ");
}

TEST_CASE("Of many grants, those that may concern the caller are explained in their order, the others counted (P-20)") {
    auto w = world_with_grant();
    auto grant = w["keys"][0]["grants"][0];
    auto session = std::string("arn:aws:sts::111122223333:assumed-role/deploy/one");
    std::string const grantees[] = {session, "arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:root", "AROAEXAMPLEROLEID0009", "arn:aws:sts::111122223333:assumed-role/deploy/two"};
    auto& grants = w["keys"][0]["grants"] = Json::array();
    Lines expected;
    for (int i = 0; i < 400; ++i) {
        bool about = i % 80 == 7;
        grant["GrantId"] = std::to_string(i);
        grant["GranteePrincipal"] = about ? grantees[i / 80] : "arn:aws:iam::111122223333:role/other-" + std::to_string(i % 90);
        grants.push_back(grant);
        if (about) expected.push_back("/keys/0/grants/" + std::to_string(i));
    }
    grant["KeyId"] = "arn:aws:kms:us-east-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";    // belongs to another key: neither (G-01)
    grants.push_back(grant);
    Lines shown;
    auto result = decide_in(w, request_of(session, "Decrypt"));
    for (auto const& entry : result["trace"]) {
        if (entry["kind"] == "grant") shown.push_back(entry["pointer"]);
        if (entry["kind"] == "otherGrants") CHECK(entry["params"]["count"] == 395);
    }
    CHECK(shown == expected);
}

TEST_CASE("A session as grantee is P-27, a federated user P-29") {
    for (auto const& [grantee, form, rule] : {std::tuple{app_session, "session", "P-27"}, std::tuple{std::string("arn:aws:sts::111122223333:federated-user/fay"), "federatedUser", "P-29"}}) {
        auto w = world_with_grant();
        w["keys"][0]["grants"][0]["GranteePrincipal"] = grantee;
        CHECK(tests_of(decide_in(w, request_of(grantee, "Decrypt")), "grantee") == Lines{"yes grantee.match " + std::string(rule) + R"( {"expected":")" + grantee + R"(","actual":")" + grantee + R"(","form":")" + form + "\"}"});
    }
}

TEST_CASE("Another session of the caller's role is explained, grantees who only look like one are counted (P-27, P-20)") {
    auto why = [](std::string const& grantee) {
        auto w = world_with_grant();
        w["keys"][0]["grants"][0]["GranteePrincipal"] = grantee;
        auto result = decide_in(w, request_of("arn:aws:sts::111122223333:assumed-role/deploy/one", "Decrypt"));
        auto tests = tests_of(result, "grantee");
        return tests.empty() ? "only counted" : tests[0].substr(0, tests[0].find(" {"));
    };
    CHECK(why("arn:aws:sts::111122223333:assumed-role/deploy/two") == "no grantee.otherSession P-27");
    CHECK(why("arn:aws:sts::111122223333:assumed-role/deploy-more/one") == "only counted");
    CHECK(why("arn:aws:sts::444455556666:assumed-role/deploy/111122223333") == "only counted");
    CHECK(why("arn:aws:iam::111122223333:user/deploy") == "only counted");
}

TEST_CASE("Who may retire: each way says whom it names, and by which rule (M-11, M-13, A-4, A-12)") {
    auto result = decide_in(world_with_retirable(alice, {"RetireGrant"}), retire(alice));
    CHECK(tests_of(result, "granteePrincipal") == Lines{R"(yes retire.granteePrincipal M-11 {"actual":"arn:aws:iam::111122223333:user/alice"})"});
    CHECK(tests_of(result, "issuingAccount") == Lines{R"(no retire.notDelegated M-13 {"account":"111122223333"})"});
    CHECK(result["determining"].size() == 1);

    result = decide_in(world_with_retirable(root_user, {"RetireGrant"}), retire(alice));
    CHECK(tests_of(result, "granteePrincipal").at(0).find(" A-4 ") != std::string::npos);

    auto w = world_with_retirable("arn:aws:iam::444455556666:user/bob", {"Decrypt"}, other_root);
    w["principals"] = identity(alice);
    result = decide_in(w, retire(alice));
    CHECK(tests_of(result, "issuingAccount") == Lines{R"(yes retire.issuingAccount A-12 {"account":"111122223333"})"});
    CHECK(result["determining"].size() == 2);    // the statement that delegates, and the grant

    result = decide_in(world_with_retirable(alice, {"Decrypt"}), retire("arn:aws:iam::777788889999:user/eve"));
    CHECK(tests_of(result, "issuingAccount") == Lines{R"(no retire.notEntitled M-13 {"actual":"arn:aws:iam::777788889999:user/eve"})"});
}

TEST_CASE("A grantee who may retire a grant is told to use the token until the grant has spread (M-17)") {
    auto w = world_with_retirable(alice, {"RetireGrant"});
    w["keys"][0].erase("grants");
    w["consistency"] = "eventual";
    kms::Session session(w.dump());
    auto made = perform(session, request_of(root_user, "CreateGrant", {{"GranteePrincipal", alice}, {"Operations", {"RetireGrant"}}}));
    auto id = made["results"][0]["response"]["GrantId"].get<std::string>(), token = made["results"][0]["response"]["GrantToken"].get<std::string>();
    auto by_id = decide(session, request_of(alice, "RetireGrant", {{"GrantId", id}}));
    CHECK(by_id["decision"] == "implicitDeny");
    CHECK(tests_of(by_id, "granteePrincipal").at(0).substr(0, 26) == "no visibility.needsToken M");
    CHECK(decide(session, {{"principal", alice}, {"operation", "RetireGrant"}, {"parameters", {{"GrantToken", token}}}})["decision"] == "allowed");
}

TEST_CASE("A service-linked role is let in by the key policy or a grant, never by policies of its own") {
    auto w = world_with_grant();
    w["keys"][0].erase("grants");
    auto codes = [&](std::string const& principal) {
        Lines all;
        auto result = decide_in(w, request_of(principal, "Decrypt"));
        for (auto const& remedy : result["remedies"]) all.push_back(remedy["code"]);
        return all;
    };
    w["principals"] = Json::array({Json::object({{"arn", "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}})});
    CHECK(codes("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/s1") == Lines{"remedy.keyPolicy", "remedy.createGrant"});
    CHECK(codes(app_session) == Lines{"remedy.identityPolicy", "remedy.createGrant"});
}

namespace {
/// Each remedy as "code params", without the statement that it proposes.
Lines remedies(Json const& result) {
    Lines all;
    for (auto remedy : result["remedies"]) {
        remedy["params"].erase("statement");
        all.push_back(remedy["code"].get<std::string>() + " " + remedy["params"].dump());
    }
    return all;
}
std::string const other_key = "arn:aws:kms:us-east-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";
}    // namespace

TEST_CASE("A key whose state stands in the way is the one to be enabled, or kept from deletion") {
    auto w = world_with_grant();
    auto second = w["keys"][0];
    second["metadata"]["Arn"] = other_key;
    second["grants"] = Json::array();
    w["keys"].push_back(second);
    auto re_encrypt = [&](std::string const& state) {
        w["keys"][1]["metadata"]["KeyState"] = state;
        return decide_in(w, {{"principal", root_user}, {"operation", "ReEncrypt"}, {"parameters", {{"SourceKeyId", key_arn}, {"DestinationKeyId", other_key}}}});
    };
    CHECK(remedies(re_encrypt("Disabled")) == Lines{R"(remedy.enableKey {"key":")" + other_key + "\"}"});
    CHECK(re_encrypt("Disabled")["remedies"][0]["pointer"] == "/keys/1/metadata/KeyState");
    CHECK(remedies(re_encrypt("PendingDeletion")) == Lines{R"(remedy.cancelDeletion {"key":")" + other_key + "\"}"});
    CHECK(remedies(re_encrypt("Unavailable")).empty());
    // The source is refused first: to keep the destination from deletion would change nothing.
    w["keys"][0]["metadata"]["KeyState"] = "Unavailable";
    CHECK(remedies(re_encrypt("PendingDeletion")).empty());
}

TEST_CASE("What would let a denied request through depends on what denied it") {
    auto denied = [](Json const& deny) {
        auto w = world_with_statements({allow({{"AWS", root_user}}), deny});
        return remedies(decide_in(w, request_of(alice, "DescribeKey")));
    };
    CHECK(denied({{"Sid", "Stop"}, {"Effect", "Deny"}, {"Principal", "*"}, {"Action", "kms:*"}, {"Resource", "*"}}) == Lines{R"(remedy.changeDeny {"policyType":"keyPolicy","sid":"Stop"})"});

    auto w = world_with_grant();
    w["principals"] = Json::array({{{"arn", alice}, {"identityPolicies", identity(alice)[0]["identityPolicies"]}, {"permissionsBoundary", {{"name", "b"}, {"document", {{"Version", "2012-10-17"}, {"Statement", {{{"Effect", "Allow"}, {"Action", "s3:*"}, {"Resource", "*"}}}}}}}}}});
    w["principals"][0]["identityPolicies"][0]["document"]["Statement"][0]["Action"] = "kms:*";
    CHECK(remedies(decide_in(w, request_of(alice, "Encrypt"))) == Lines{R"(remedy.allowIn {"policyType":"permissionsBoundary","action":"kms:Encrypt","resource":")" + std::string(key_arn) + "\"}"});

    w = world_with_grant();
    w["keys"][0]["grants"][0]["Constraints"] = {{"EncryptionContextEquals", {{"a", "1"}}}};
    auto near = remedies(decide_in(w, request_of(app_session, "Decrypt")));
    REQUIRE(near.size() == 3);
    CHECK(near[0].find("remedy.grantAlmostMatches {\"grantId\":\"" + std::string(grant_id) + "\",\"reason\":\"constraint.noMatch\"") == 0);
    CHECK(near[1].find("remedy.identityPolicy ") == 0);
    CHECK(near[2].find("remedy.createGrant ") == 0);

    // An operation that no other account can be let use (E-13)
    auto foreign = remedies(decide_in(world_with_grant(), request_of("arn:aws:iam::444455556666:user/eve", "PutKeyPolicy", {{"Policy", "{}"}})));
    CHECK(foreign == Lines{R"(remedy.ownAccount {"operation":"PutKeyPolicy","account":"111122223333"})"});

    // RetireGrant is nobody's to allow but those whom the grant names (M-11, M-30)
    CHECK(remedies(decide_in(world_with_retirable(alice, {"Decrypt"}, other_root), retire("arn:aws:iam::777788889999:user/eve"))) ==
          Lines{R"(remedy.retireAs {"account":"444455556666"})", R"(remedy.revokeInstead {"key":")" + std::string(key_arn) + "\"}"});
}

TEST_CASE("What nobody can allow here has a remedy elsewhere (A-2, E-15, O-01, X-01)") {
    auto remedies = [](Json const& result) {
        Lines all;
        for (auto const& r : result["remedies"]) all.push_back(r["code"].get<std::string>() + " " + r["params"].dump());
        return all;
    };
    CHECK(remedies(decide_in(world_with_grant(), request_of("dynamodb.amazonaws.com", "ListKeys"))) == Lines{R"(remedy.notByService {"operation":"ListKeys"})"});

    auto linked = std::string("arn:aws:sts::444455556666:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling");
    auto grant = remedies(decide_in(world_with_grant(), request_of(linked, "Decrypt", {{"EncryptionContext", {{"a", "1"}}}})));
    CHECK(grant == Lines{R"(remedy.createGrantFrom {"grantee":"arn:aws:iam::444455556666:role/AWSServiceRoleForAutoScaling","operation":"Decrypt","key":")" + std::string(key_arn) +
                         R"(","account":"444455556666","encryptionContext":{"a":"1"}})"});
    CHECK(remedies(decide_in(world_with_grant(), request_of(linked, "ListGrants"))) == Lines{R"(remedy.notByServiceLinkedRole {"operation":"ListGrants"})"});

    auto w = world_with_grant();
    std::string const arn = "arn:aws:kms:af-south-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    w["keys"][0]["metadata"]["Arn"] = arn;
    w["keys"][0]["grants"] = Json::array();
    w["accounts"] = Json::array({{{"id", "444455556666"}, {"enabledOptInRegions", Json::array()}}});
    CHECK(remedies(decide_in(w, request_of("arn:aws:iam::444455556666:user/eve", "Decrypt", {{"KeyId", arn}}))) == Lines{R"(remedy.enableRegion {"account":"444455556666","region":"af-south-1"})"});

    // The message of RetireGrant names the identity policy whatever stops it.
    w = world_with_retirable("arn:aws:iam::444455556666:user/bob", {"Decrypt"}, root_user);
    w["principals"] = identity(alice);
    w["principals"][0]["permissionsBoundary"] = {{"name", "b"}, {"document", {{"Version", "2012-10-17"}, {"Statement", {{{"Effect", "Allow"}, {"Action", "s3:*"}, {"Resource", "*"}}}}}}};
    auto bounded = remedies(decide_in(w, retire(alice)));
    REQUIRE(!bounded.empty());
    CHECK(bounded[0] == R"(remedy.allowIn {"policyType":"permissionsBoundary","action":"kms:RetireGrant","resource":")" + std::string(key_arn) + "\"}");
}

TEST_CASE("The chart tells a key policy that names the caller from one that trusts the account (E-02, E-04)") {
    auto chart = [](std::string const& principal) {
        auto result = decide_in(world_with_statements({allow({{"AWS", principal}})}), request_of(alice, "DescribeKey"));
        Lines all;
        for (auto const& step : result["flow"])
            if (step["node"] == "keyPolicy" || step["node"] == "accountDelegation" || step["node"] == "identityPolicy") all.push_back(step["node"].get<std::string>() + " " + step["outcome"].get<std::string>());
        return all;
    };
    CHECK(chart(alice) == Lines{"keyPolicy yes", "accountDelegation no", "identityPolicy notReached"});
    CHECK(chart("arn:aws:iam::111122223333:root") == Lines{"keyPolicy no", "accountDelegation yes", "identityPolicy no"});
}

TEST_CASE("The chart shows when a grant is the consent of the caller's account, and when that has yet to say who of it may (A-2, A-4)") {
    auto chart = [](std::string const& grantee, std::string const& issuer) {
        auto w = world_with_grant();
        w["keys"][0]["grants"][0]["GranteePrincipal"] = grantee;
        w["keys"][0]["grants"][0]["IssuingAccount"] = issuer;
        auto result = decide_in(w, request_of("arn:aws:iam::444455556666:user/eve", "Decrypt"));
        std::string shown = result["decision"];
        for (auto const& step : result["flow"])
            if (step["node"] == "grant" || step["node"] == "callerAccount") shown += ", " + step["node"].get<std::string>() + " " + step["outcome"].get<std::string>();
        return shown;
    };
    CHECK(chart("arn:aws:iam::444455556666:user/eve", other_root) == "allowed, grant yes, callerAccount yes");
    CHECK(chart("arn:aws:iam::444455556666:user/eve", root_user) == "implicitDeny, grant yes, callerAccount no");
    CHECK(chart("arn:aws:iam::444455556666:root", other_root) == "implicitDeny, grant yes, callerAccount no");
}

TEST_CASE("A constraint that does not hold names the first pair that differs, and the value it was compared with (G-20, G-21)") {
    auto difference = [](Json const& context) {
        auto w = world_with_grant();
        w["keys"][0]["grants"][0]["GranteePrincipal"] = alice;
        w["keys"][0]["grants"][0]["Constraints"] = {{"EncryptionContextSubset", {{"stage", "prod"}, {"team", "a"}}}};
        return tests_of(decide_in(w, request_of(alice, "Decrypt", {{"EncryptionContext", context}})), "constraint").at(0);
    };
    CHECK(difference({{"other", "x"}, {"stage", "test"}, {"team", "b"}}) == R"(no constraint.noMatch G-21 {"constraint":"EncryptionContextSubset","difference":"value","key":"stage","expected":"prod","actual":"test"})");
    CHECK(difference({{"STAGE", "other"}, {"stage", "Prod"}, {"team", "a"}}) == R"(no constraint.noMatch G-21 {"constraint":"EncryptionContextSubset","difference":"valueCase","key":"stage","expected":"prod","actual":"Prod"})");
    CHECK(difference({{"STAGE", "other"}, {"team", "a"}}) == R"(no constraint.noMatch G-21 {"constraint":"EncryptionContextSubset","difference":"value","key":"stage","expected":"prod","actual":"other"})");
    CHECK(difference({{"other", "prod"}, {"team", "a"}}) == R"(no constraint.noMatch G-21 {"constraint":"EncryptionContextSubset","difference":"missingKey","key":"stage","expected":"prod","actual":""})");
    CHECK(difference(Json::object()) == R"(no constraint.noMatch G-21 {"constraint":"EncryptionContextSubset","difference":"noContext","key":"stage","expected":"prod","actual":""})");
}
