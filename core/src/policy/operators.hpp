#pragma once
// The condition operators: one table, and one small comparison for each family (IL:O-01 … IL:O-12).

#include <string_view>
#include <vector>

#include "text/text.hpp"

namespace kms {

enum class Family { string, numeric, date, boolean, binary, address, arn, null };

/// How one value of the policy relates to one of the request; unreadable when the policy's is not of the operator's kind.
enum class Relation { no, yes, unreadable };

struct Operator {
    std::string_view name;
    Family family;
    bool negated;      ///< holds when no listed value has the relation
    bool wildcards;    ///< `*` and `?` of the policy's value are wildcards
    Relation (*relation)(std::string_view expected, std::string_view actual, Wildcards wildcards);
    std::string_view rule;

    /// Where policy variables are replaced; in Bool only at evaluation, AWS's pages contradict each other (IL:V-02, IL:V-03, IL:X-02).
    bool takes_variables() const { return family == Family::string || family == Family::arn || family == Family::boolean; }
};

enum class SetOperator { none, forAllValues, forAnyValue };

/// An operator as a policy writes it: `ForAnyValue:StringLikeIfExists`.
struct OperatorName {
    SetOperator set = SetOperator::none;
    bool if_exists = false;
    bool exact_case = true;          ///< false: written in other capitals, which AWS does not document (IL:X-11)
    Operator const* op = nullptr;    ///< nothing when there is no such operator
};
OperatorName read_operator(std::string_view name);

/// Every operator without prefix and suffix, for "did you mean".
std::vector<std::string_view> operator_names();

}    // namespace kms
