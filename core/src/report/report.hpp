#pragma once
// Answers as JSON: one entry of `results`, the denial in AWS's words, the CloudTrail record.

#include "perform/perform.hpp"

namespace kms {

enum class Extent { full, decision };

/// The error of an answer as the API would return it, or null.
std::optional<ApiError> error_of(Answer const& answer);
/// "allowed", "explicitDeny", "implicitDeny", "error", or "" when there is no decision.
std::string_view decision_of(Answer const& answer);
std::vector<std::string> decided_by(Answer const& answer);

/// The record that AWS would write, in the shape of a CloudTrail event (M-20, X-14).
Value cloud_trail(Answer const& answer);

/// What would let a refused request through: [{code, params, pointer}], the most likely first. `params.statement` is a policy statement.
Value remedies(Answer const& answer);

/// One entry of `results`, without `expect`.
Value write_result(Answer& answer, Texts const& texts, Extent extent);

/// Whether a result meets an `expect` object; what differs is added to `problems` as errors' texts for people.
bool meets(Value const& result, Value const& expect, std::vector<std::string>& differences);

/// Facts about a decision that belong beside it: whose policies are unknown, which key policy is missing.
void note_decision(World const& world, Answer& answer);

}    // namespace kms
