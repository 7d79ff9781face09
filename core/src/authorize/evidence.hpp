#pragma once
// Everything the policies and grants say of one permission, collected before anything is concluded.

#include "request/request.hpp"

namespace kms {

/// A statement that applies, and how its Principal reached the caller.
struct Hit {
    std::string pointer, policy_name, sid, rule;
    std::uint16_t doc = no_text;
    std::uint32_t begin = 0, end = 0;
    bool delegated = false;         ///< the account statement: it lets identity policies count (E-04)
    bool role_form = false;         ///< names the role, or the user behind a federated session: boundary and session policy limit it (E-20)
};

/// All policies of one type.
struct Layer {
    bool present = false;           ///< such a policy applies to this request
    bool allows = false;
    std::vector<Hit> allow, deny;
};

/// A grant that applies, or would under another reading.
struct GrantHit {
    Hit hit;
    std::string id, issuing_account;
    GrantNamed named = GrantNamed::no;
    std::string_view form;
    bool applies = false;
    std::vector<std::string> hinges;
};

struct Evidence {
    Layer key_policy, identity, boundary, session, scp, rcp, endpoint;
    bool delegates = false;         ///< the key policy lets identity policies of the caller's account count for this action
    std::vector<GrantHit> grants;
    Value trace = Value::array();
    std::vector<std::string> missing_keys;
    std::vector<std::string> assumptions;    ///< of statements, without another reading to compare with
};

/// The readings are those that statements go by (IL:P-03, IL:X-05 …); a trace is made when `explain` is set.
Evidence collect(World const& world, Request const& request, Permission const& permission, Readings const& readings, bool explain);

/// What a child grant asks beyond its parent (M-02, M-05), names of constraint pairs compared as A-10 is read: a reason of the trace, or nothing.
std::string_view beyond_parent(Value const& parent, Value const& parameters, KeyCase key_case);

}    // namespace kms
