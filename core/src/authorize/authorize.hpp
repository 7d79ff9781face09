#pragma once
// May this request proceed? The procedure of AWS KMS over the evidence of all policies and grants.

#include "authorize/evidence.hpp"

namespace kms {

enum class Decision { allowed, explicitDeny, implicitDeny };
enum class Outcome { notReached, notApplicable, no, yes };

/// The nodes of the evaluation path, in the order shown to people.
enum class Node {
    request, explicitDeny, serviceControlPolicy, vpcEndpointPolicy, keyPolicy, accountDelegation, identityPolicy, permissionsBoundary,
    sessionPolicy, grant, callerAccount, retirement, keyState, result
};
inline constexpr std::size_t node_count = 14;
std::string_view name_of(Node node);

/// A statement or grant on which the decision rests.
struct Determining {
    std::string_view kind, policy_type;
    Hit hit;
    std::string grant_id;
};

struct Verdict {
    Decision decision = Decision::implicitDeny;
    std::vector<std::string> decided_by;
    std::vector<Determining> determining;
    std::string action, resource, policy_name;    ///< what the denial message speaks of
    std::string message_policy;                   ///< the policy type that the denial message names
    bool hidden = false;                          ///< the owner's side refused a foreign caller, and AWS does not say how (X-07)
    Outcome flow[node_count] = {};
    std::vector<std::string> assumptions;
    Value trace = Value::array();
    std::vector<std::string> missing_keys;

    bool allowed() const { return decision == Decision::allowed; }
    Outcome& at(Node node) { return flow[static_cast<std::size_t>(node)]; }
};

/// Decides every permission of the request. An explicit deny of any wins; else the first refused decides; allowed is the union.
Verdict authorize(World const& world, Request const& request);

}    // namespace kms
