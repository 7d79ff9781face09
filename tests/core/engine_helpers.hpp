#pragma once
// Scenarios and answers as JSON, for tests of the engine's public face.

#include <string>

#include <kms/engine.hpp>
#include <nlohmann/json.hpp>

using Json = nlohmann::ordered_json;

inline constexpr char const* key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
inline constexpr char const* grant_id = "1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b";

inline Json default_key_policy() {
    return Json::parse(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]})");
}

/// One key with the default key policy, and a grant that lets the sessions of role `app` decrypt.
inline Json world_with_grant() {
    Json grant = {{"KeyId", key_arn}, {"GrantId", grant_id}, {"GranteePrincipal", "arn:aws:iam::111122223333:role/app"}, {"Operations", {"Decrypt"}}};
    Json key = {{"metadata", {{"Arn", key_arn}}}, {"policy", default_key_policy()}, {"grants", Json::array({grant})}};
    return {{"scenario", 1}, {"keys", Json::array({key})}, {"steps", Json::array()}};
}

inline Json request_of(std::string const& principal, std::string const& operation, Json parameters = Json::object()) {
    if (!parameters.contains("KeyId")) parameters["KeyId"] = key_arn;
    return {{"principal", principal}, {"operation", operation}, {"parameters", parameters}};
}

inline std::string const app_session = "arn:aws:sts::111122223333:assumed-role/app/s1";
inline std::string const root_user = "arn:aws:iam::111122223333:root";

inline Json decide(kms::Session const& session, Json const& request) { return Json::parse(session.decide(request.dump())); }
inline Json perform(kms::Session& session, Json const& request, std::string const& id = "step") {
    return Json::parse(session.perform(Json{{"id", id}, {"request", request}}.dump()));
}
