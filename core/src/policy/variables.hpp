#pragma once
// Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}` (IL:V-01 … IL:V-10).

#include <optional>

#include "policy/policy.hpp"

namespace kms {

/// One `${…}` of a text.
struct Variable {
    std::size_t begin = 0, end = 0;    ///< from `$` to after `}`; of a malformed one, the `${`
    std::string_view key;              ///< context key, or `*`, `?`, `$`
    std::optional<std::string_view> otherwise;
    std::string_view problem;    ///< missingBrace, missingQuote, space or empty: the text is literal (IL:V-08)
};
/// The next variable at or after `from`.
std::optional<Variable> next_variable(std::string_view text, std::size_t from);

/// A text whose variables, if it has any, were replaced once (IL:V-10). What a value brought in is data, so a pattern that changed has
/// marked wildcards (IL:V-04).
struct Expanded {
    std::string_view own;    ///< the policy's text
    std::string changed;
    bool replaced = false;
    Wildcards wildcards{};
    std::string_view missing;    ///< a key without value and without default: then there is no text to compare (IL:V-07)

    std::string_view text() const { return replaced ? std::string_view(changed) : own; }
};

/// Replaces the variables from `from` on. `wildcards` says whether `*` and `?` of the policy's own text mean something here.
Expanded expand(std::string_view text, std::size_t from, Context const& context, bool wildcards);

}    // namespace kms
