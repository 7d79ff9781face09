#include "catch.hpp"
#include "engine_helpers.hpp"

TEST_CASE("asking changes nothing, performing does") {
    kms::Session session(world_with_grant().dump());
    auto retire = request_of(root_user, "RetireGrant", {{"GrantId", grant_id}});
    CHECK(decide(session, retire)["decision"] == "allowed");
    CHECK(decide(session, request_of(app_session, "Decrypt"))["decidedBy"] == Json::array({"grant"}));
    CHECK(perform(session, retire)["results"][0]["decidedBy"] == Json::array({"issuingAccount"}));
    auto denied = decide(session, request_of(app_session, "Decrypt"));
    CHECK(denied["decision"] == "implicitDeny");
    CHECK(denied["decidedBy"] == Json::array({"identityPolicy"}));
    CHECK(Json::parse(session.world())["world"]["keys"][0]["grants"].empty());
}

TEST_CASE("every change of grants is seen by the next decision") {
    kms::Session session(world_with_grant().dump());
    auto may = [&] { return decide(session, request_of(app_session, "Decrypt"))["decision"] == "allowed"; };
    auto edit = [&](Json const& changes) { return session.edit(changes.dump()); };
    auto grant = world_with_grant()["keys"][0]["grants"][0];
    CHECK(may());
    edit({{"remove", {"/keys/0/grants/0"}}});
    CHECK_FALSE(may());
    edit({{"set", {{"/keys/0/grants/-", grant}}}});
    CHECK(may());
    edit({{"set", {{"/keys/0/grants/0/GranteePrincipal", "arn:aws:iam::111122223333:role/other"}}}});
    CHECK_FALSE(may());
    edit({{"set", {{"/keys/0/grants/0", grant}}}});
    CHECK(may());
    edit({{"set", {{"/keys/0/grants", Json::array()}}}});
    CHECK_FALSE(may());
    edit({{"set", {{"/keys/0/grants", Json{{"Grants", {grant}}}.dump()}}}});
    CHECK(may());
    edit({{"remove", {"/keys/0/grants"}}});
    CHECK_FALSE(may());
}

TEST_CASE("an array of requests gives an array of answers, in order") {
    kms::Session session(world_with_grant().dump());
    auto answers = decide(session, Json::array({request_of(app_session, "Decrypt"), request_of(app_session, "Encrypt")}));
    REQUIRE(answers.size() == 2);
    CHECK(answers[0]["decision"] == "allowed");
    CHECK(answers[1]["decision"] == "implicitDeny");
}

TEST_CASE("a decision without detail leaves out trace, flow, record and response") {
    kms::Session session(world_with_grant().dump());
    auto answer = Json::parse(session.decide(request_of(app_session, "Decrypt").dump(), kms::Detail::decision));
    CHECK(answer["decision"] == "allowed");
    CHECK(answer["determining"][0]["id"] == grant_id);
    for (char const* name : {"trace", "flow", "cloudTrail", "response"}) CHECK_FALSE(answer.contains(name));
}

TEST_CASE("a broken text refuses the decisions that read it, and only those") {
    auto world = world_with_grant();
    auto other = world["keys"][0];
    std::string const other_arn = "arn:aws:kms:us-east-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";
    other["metadata"]["Arn"] = other_arn;
    other["grants"][0]["KeyId"] = other_arn;
    world["keys"].push_back(other);
    kms::Session session(world.dump());
    auto answer = Json::parse(session.edit(R"({"set": {"/keys/0/policy": "{\"Version\": \"2012-10-17\",}"}})"));
    CHECK(answer["diagnostics"][0]["code"] == "json.syntax");
    CHECK(answer["diagnostics"][0]["document"] == "/keys/0/policy");
    CHECK(answer["diagnostics"][0]["range"]["start"]["column"] == 26);
    auto broken = decide(session, request_of(app_session, "Decrypt"));
    CHECK(broken["decision"].is_null());
    CHECK(broken["diagnostics"][0]["code"] == "request.brokenDocument");
    CHECK(decide(session, request_of(app_session, "Decrypt", {{"KeyId", other_arn}}))["decision"] == "allowed");
    CHECK(Json::parse(session.world())["world"]["keys"][0]["policy"] == "{\"Version\": \"2012-10-17\",}");
    session.edit(Json{{"set", {{"/keys/0/policy", default_key_policy().dump()}}}}.dump());
    CHECK(decide(session, request_of(app_session, "Decrypt"))["decision"] == "allowed");
}

TEST_CASE("an edit that points nowhere says so and changes nothing") {
    kms::Session session(world_with_grant().dump());
    auto answer = Json::parse(session.edit(R"({"set": {"/keys/7/policy": {}}, "remove": ["/keys/0/grants/9"]})"));
    REQUIRE(answer["diagnostics"].size() == 2);
    CHECK(answer["diagnostics"][0]["code"] == "scenario.pointer");
    CHECK(answer["diagnostics"][1]["pointer"] == "/keys/0/grants/9");
    CHECK(decide(session, request_of(app_session, "Decrypt"))["decision"] == "allowed");
}

TEST_CASE("an edit, a matrix and a request that are none say what they should be") {
    kms::Session session(world_with_grant().dump());
    auto code = [](std::string const& answer) { return Json::parse(answer)["diagnostics"][0]["code"].get<std::string>(); };
    CHECK(code(session.edit("[]")) == "edit.type");
    CHECK(code(session.matrix("{}")) == "matrix.query");
    CHECK(code(session.matrix(R"({"principals": []})")) == "matrix.query");
    CHECK(Json::parse(session.decide("{}"))["decision"].is_null());
    CHECK(decide(session, request_of(app_session, "Decrypt"))["decision"] == "allowed");
}

TEST_CASE("a matrix has a row for each principal and a cell for each operation") {
    kms::Session session(world_with_grant().dump());
    Json query = {{"principals", {app_session, root_user}}, {"operations", {"Decrypt", "Encrypt"}}, {"request", {{"parameters", {{"KeyId", key_arn}}}}}};
    auto rows = Json::parse(session.matrix(query.dump()))["rows"];
    REQUIRE(rows.size() == 2);
    CHECK(rows[0][0]["decidedBy"] == Json::array({"grant"}));
    CHECK(rows[0][1]["decision"] == "implicitDeny");
    CHECK(rows[1][1]["decidedBy"] == Json::array({"keyPolicy"}));
}

TEST_CASE("the world of a session is a scenario of its own") {
    kms::Session session(world_with_grant().dump());
    perform(session, request_of(root_user, "CreateGrant", {{"GranteePrincipal", "arn:aws:iam::111122223333:user/Bob"}, {"Operations", {"Encrypt"}}}));
    auto world = Json::parse(session.world())["world"];
    REQUIRE(world["keys"][0]["grants"].size() == 2);
    kms::Session again(world.dump());
    CHECK(decide(again, request_of("arn:aws:iam::111122223333:user/Bob", "Encrypt"))["decidedBy"] == Json::array({"grant"}));
}

TEST_CASE("whoever asks for a caller that is not listed learns that its policies are unknown") {
    kms::Session session(world_with_grant().dump());
    auto answer = decide(session, request_of("arn:aws:iam::111122223333:user/Nobody", "Decrypt"));
    CHECK(answer["decision"] == "implicitDeny");
    CHECK(answer["diagnostics"][0]["code"] == "caller.policies-unknown");
    CHECK(answer["diagnostics"][0]["params"]["principal"] == "arn:aws:iam::111122223333:user/Nobody");
}

TEST_CASE("a session opened with no JSON answers without a decision") {
    kms::Session session("not json");
    auto answer = decide(session, request_of(app_session, "Decrypt"));
    CHECK(answer["decision"].is_null());
    CHECK(answer["diagnostics"][0]["code"] == "json.syntax");
}

TEST_CASE("A list of grants is cut off at its limit, and only then says how to go on (M-41)") {
    auto w = world_with_grant();
    auto second = w["keys"][0]["grants"][0];
    second["GrantId"] = std::string(64, 'b');
    w["keys"][0]["grants"].push_back(second);
    auto page = [&](int limit) { return decide(kms::Session(w.dump()), request_of(root_user, "ListGrants", {{"Limit", limit}}))["response"]; };
    CHECK(page(1)["Grants"].size() == 1);
    CHECK(page(1)["Truncated"] == true);
    CHECK(page(1)["NextMarker"].get<std::string>().size() == 32);
    for (int limit : {2, 3}) {
        CHECK(page(limit)["Grants"].size() == 2);
        CHECK(page(limit)["Truncated"] == false);
        CHECK_FALSE(page(limit).contains("NextMarker"));
    }
}
