#include <kms/engine.hpp>

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("empty text gives a diagnostic and no results") {
    auto const answer = kms::run("");
    CHECK(answer.invalid);
    CHECK_FALSE(answer.failed);
    CHECK_THAT(answer.json, ContainsSubstring("\"results\":[]"));
    CHECK_THAT(answer.json, ContainsSubstring("\"severity\":\"error\""));
}

TEST_CASE("the version has three numbers") {
    auto const version = std::string(kms::version());
    CHECK_THAT(version, Catch::Matchers::Matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
}
