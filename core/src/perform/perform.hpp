#pragma once
// What happens after authorization: key states, key usage, ciphertexts, and what the operation answers and changes.

#include "authorize/authorize.hpp"

namespace kms {

/// Why the key's state refuses the operation (M-18, S-01, S-02). `target` says that the key is the one an alias is moved to.
std::optional<ApiError> key_state_error(Operation const& operation, KeyRef const& key, bool target = false);

/// What an allowed request answers and does to the world. Nothing changes until `apply`.
struct Effect {
    Value response = Value::object();
    std::vector<std::pair<std::string, Value>> set;    ///< by pointer, as `set_at` takes them
    std::string remove;                                ///< one pointer
    std::string grant_id, token;                       ///< of a grant made
    std::uint64_t made = 0;                            ///< ids used up
};

/// The whole fate of one request.
struct Answer {
    Request request;
    std::optional<Verdict> verdict;    ///< nothing when the request was refused before authorization, or could not be decided
    std::optional<ApiError> error;     ///< any error that is not AccessDeniedException
    std::vector<std::string> assumptions;
    Outcome key_state = Outcome::notReached;
    Effect effect;

    bool undecided() const { return request.problems.errors(); }
    bool succeeded() const { return !undecided() && !error && verdict && verdict->allowed(); }
};

Answer answer(World const& world, Value const& request, std::string const& pointer, std::string const& step, bool explain = true);

/// Carries the effect of a successful request out, and remembers the response for later steps.
void apply(World& world, Answer const& answer);

Effect effect_of(World const& world, Request const& request);
/// What KMS finds wrong with a request only after it has authorized it, before and after it looks at the key's state.
std::optional<ApiError> request_error(World const& world, Request const& request, Readings const& readings);
/// `late_error` adds the ambiguities on which the key policy's safety check hinges (P-13).
std::optional<ApiError> late_error(World const& world, Request const& request, std::vector<std::string>* assumptions = nullptr);

}    // namespace kms
