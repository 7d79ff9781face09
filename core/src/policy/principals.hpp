#pragma once
// How `Principal` and `NotPrincipal` name the caller (IL:P-01 … IL:P-17, P-01 … P-16).

#include "policy/policy.hpp"

namespace kms {

struct PrincipalTest {
    NamedAs as = NamedAs::nobody;    ///< nobody: the statement is not about the caller
    Value const* value = nullptr;    ///< the listed value that decided
    std::string_view reason, rule, assumption;
    std::string orphan;    ///< a unique id that nobody has any more
};
PrincipalTest test_principal(Value const& principal, Caller const& caller, std::vector<std::string> const& unique_ids,
                             Readings const& readings);
PrincipalTest test_not_principal(Value const& principal, Caller const& caller, bool deny, Readings const& readings);

/// All values of the element, whatever kind they stand under.
Value principal_values(Value const& principal);

/// AIDA… and AROA…: what a policy shows for a user or role that is gone (IL:P-10).
bool is_unique_id(std::string_view text);

}    // namespace kms
