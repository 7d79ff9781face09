#pragma once
// Whether one operator and key of a Condition holds for a request (IL:C-01 … IL:C-15, IL:S-01 … IL:S-09; AWS's examples IL:T-01 … IL:T-18).

#include "policy/policy.hpp"

namespace kms {

struct ConditionTest {
    bool holds = false;
    bool absent = false;    ///< the request lacks the key
    std::string_view reason, rule;
    std::string_view assumption;         ///< a rule without AWS's word that this outcome rests on
    std::vector<std::string> missing;    ///< keys of policy variables that the request lacks
};

/// `values` stand under their condition key; `deny` decides what a value that cannot be read means under a negated operator (IL:X-05).
ConditionTest test_condition(std::string_view written_operator, Value const& values, Context const& context, bool deny, Language language);

/// The values with their variables replaced, for people to read.
Value expected_values(std::string_view written_operator, Value const& values, Context const& context, Language language);

}    // namespace kms
