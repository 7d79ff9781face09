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

/// What a test depends on besides its operator and values.
struct ConditionAsk {
    Context const& context;
    bool deny;    ///< where an outcome is open, the statement takes the side of not allowing (IL:C-05, IL:X-05)
    Language language;
    Readings const& readings;
};

/// `values` stand under their condition key.
ConditionTest test_condition(std::string_view written_operator, Value const& values, ConditionAsk const& ask);

/// The values with their variables replaced, for people to read.
Value expected_values(std::string_view written_operator, Value const& values, Context const& context, Language language);

}    // namespace kms
