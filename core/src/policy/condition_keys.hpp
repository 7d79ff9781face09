#pragma once
// The condition keys that a KMS request can carry: the kms: keys and the global ones (C-01 … C-35, IL:K-01 … IL:K-08).

#include <string_view>
#include <vector>

#include "policy/operators.hpp"

namespace kms {

struct ConditionKey {
    std::string_view name;    ///< one that ends in `:` or `/` is followed by a name of the policy's own
    Family family;            ///< the operators made for its values
    /// m several values in one request (IL:K-08) · d absent from calls that a principal makes directly · e only through a VPC endpoint
    /// · p absent when a service calls as itself · i not for key policies
    std::string_view traits;
    /// Operations that supply it, separated by spaces; `*` all of them, `key` those that act on a key
    std::string_view operations;

    bool has(char trait) const { return traits.find(trait) != std::string_view::npos; }
    bool multivalued() const { return has('m'); }
    bool has_tail() const { return name.back() == ':' || name.back() == '/'; }
    /// By a request for this operation, or for one of ReEncrypt's halves.
    bool supplied_for(std::string_view operation) const;
};

/// Names compare without case (IL:C-04); nothing when no KMS request ever carries such a key.
ConditionKey const* find_condition_key(std::string_view name);

std::vector<std::string_view> condition_key_names();

}    // namespace kms
