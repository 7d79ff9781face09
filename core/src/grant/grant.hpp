#pragma once
// Grants: what a `list-grants` entry may contain, and whether one allows one request (kms.md §3, §1.4).

#include "policy/policy.hpp"

namespace kms {

void check_grants(Value const& grants, std::string const& key_arn, std::string const& pointer, Problems& problems);

struct Pair {
    std::string name, value;
};
using EncryptionContext = std::vector<Pair>;
EncryptionContext pairs_of(Value const* map);

struct GrantMatch {
    bool applies = false;
    bool needs_identity_policy = false;    ///< an account grantee delegates (A-4)
    bool concerns_caller = false;          ///< names the caller, its role or its account: worth a trace entry of its own
    std::vector<std::string> assumptions;
    Value trace;
};

/// `operation` is the grant operation asked for; `carries_context` says whether it has an encryption context at all (G-25, G-26).
GrantMatch match_grant(Value const& grant, std::string const& pointer, Ask const& ask, std::string_view operation, bool carries_context,
                       EncryptionContext const& context, Texts const& texts);

/// How a principal written in a grant names the caller.
enum class GrantNamed { no, directly, account };
struct NamedBy {
    GrantNamed named = GrantNamed::no;
    std::string_view form, reason;
    std::string_view assumption;
};
NamedBy named_in_grant(std::string_view principal, Caller const& caller);

/// "111122223333" of an IssuingAccount, which may be a bare id; the key's account when there is none.
std::string issuing_account(Value const& grant, std::string_view key_account);

}    // namespace kms
