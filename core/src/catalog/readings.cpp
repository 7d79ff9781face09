#include "catalog/readings.hpp"

#include <algorithm>

namespace kms {

std::vector<Ambiguity> const& ambiguities() {
    static std::vector<Ambiguity> const all = {
        {"A-1", {"granteeForm", "limited", "unlimited"}},             // do boundary and session policy limit a grant?
        {"A-2", {"issuingAccount", "identityPolicy", "grantAlone"}},  // what a grantee of another account needs besides the grant
        {"A-3", {"limited", "unlimited"}},                            // does an SCP without Allow stop a grant?
        {"A-4", {"delegates", "allows"}},                             // an account as grantee
        {"A-5", {"authorizationFirst", "keyStateFirst"}},             // which error comes first
        {"A-10", {"keyIgnoresCase", "keyMatchesCase"}},               // case of constraint keys
        {"A-11", {"neverMatches", "notApplied"}},                     // context constraint, key without encryption context
        {"A-12", {"ownerToo", "issuingAccountOnly"}},                 // may the key's owner retire what another account issued?
        {"A-13", {"sourceArnRequired", "servicesOnly"}},              // SourceArn constraint on a direct call
        {"A-16", {"noConstraint", "emptyContext"}},                   // EncryptionContextEquals {}
        {"A-17", {"refused", "allowed"}},                             // GetPublicKey on a disabled key
        {"A-18", {"exact", "wildcards"}},                             // wildcards in a SourceArn constraint
        {"A-21", {"noEffect", "denyCounts"}},                         // Deny of kms:RetireGrant in a key policy
        {"A-22", {"counts", "exempt"}},                               // SCP and kms:RetireGrant
        {"A-25", {"stillVisible", "gone"}},                           // retired or revoked, not yet propagated
        {"P-23", {"matches", "label"}},                               // a service name displayed as grantee
        {"IL:C-05", {"failsClosed", "failsOpen"}},                    // a condition on a key that the request has in two spellings
        {"IL:P-03", {"servicesToo", "principalsOnly"}},               // whom "everyone" includes
        {"IL:X-01", {"language2008", "language2012"}},                // the language of a policy without Version
        {"IL:X-02", {"filledIn", "literal"}},                         // policy variables in Bool
        {"IL:X-03", {"emptySet", "emptyValue"}},                      // a key with several values whose only value is empty
        {"IL:X-04", {"absent", "present"}},                           // Null and an empty value
        {"IL:X-05", {"failsClosed", "failsOpen"}},                    // a negated operator and a value that it cannot read
        {"IL:X-06", {"neverMatches", "anyValue"}},                    // several values without a set operator
        {"IL:X-09", {"denied", "spared"}},                            // NotPrincipal that lists a part of the caller's chain
    };
    return all;
}

void Readings::choose(std::string_view id, std::string_view reading) {
    for (auto const& a : ambiguities()) {
        if (a.id != id) continue;
        auto name = std::find(a.readings.begin(), a.readings.end(), reading);
        if (name == a.readings.end()) return;
        chosen_.erase(std::remove_if(chosen_.begin(), chosen_.end(), [&](auto const& c) { return c.first == id; }), chosen_.end());
        chosen_.emplace_back(a.id, *name);
    }
}

std::string_view Readings::of(std::string_view id) const {
    for (auto const& c : chosen_)
        if (c.first == id) return c.second;
    for (auto const& a : ambiguities())
        if (a.id == id) return a.readings.front();
    return {};
}

std::vector<std::string_view> Readings::others(std::string_view id) const {
    std::vector<std::string_view> out;
    for (auto const& a : ambiguities())
        if (a.id == id) out = a.readings;
    out.erase(std::remove(out.begin(), out.end(), of(id)), out.end());
    return out;
}

}    // namespace kms
