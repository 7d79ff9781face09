#pragma once
// What CloudTrail events and AccessDenied messages tell of the request they are about.

#include "world/world.hpp"

namespace kms {

struct FoundRequest {
    std::optional<Value> request;     ///< as a step has it; none when the text does not tell one
    std::string title;
    std::vector<Diagnostic> notes;    ///< what it leaves open, or why there is no request; without a place
};

FoundRequest request_of_event(Value const& event);

/// X-01 …: what AWS's sentence says, rules out and cannot tell.
FoundRequest request_of_message(std::string_view text);

}    // namespace kms
