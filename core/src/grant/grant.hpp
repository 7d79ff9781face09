#pragma once
// Grants: what a `list-grants` entry may contain, and whether one allows one request (G-20 … G-32, P-20 … P-32).

#include "catalog/readings.hpp"
#include "policy/policy.hpp"

namespace kms {

void check_grant(Value const& grant, std::string const& key_arn, std::string const& pointer, Problems& problems);
/// The form that a SourceArn constraint must have (G-29).
bool source_arn_valid(std::string_view text);

struct Pair {
    std::string name, value;
};
using EncryptionContext = std::vector<Pair>;
EncryptionContext pairs_of(Value const* map);

/// Whether the operation asked for has an encryption context that constraints look at (G-25, G-26, G-28).
/// Whether the case of an encryption context's names counts in a constraint; that of values always does.
enum class KeyCase { ignored, matched };

/// The first way in which a context misses a constraint; `kind` is missingKey, extraKey, value, valueCase or noContext.
struct Difference {
    std::string_view kind;
    std::string name;
    std::string expected, actual;
};
/// G-20, G-21, G-24, L-15: are the expected pairs within the context, or all of it? Where names differ in their case only, each pair counts.
bool constraint_holds(EncryptionContext const& expected, EncryptionContext const& actual, bool exact_set, KeyCase key_case, Difference& difference);

enum class ContextUse { carried, notApplicable, unsupported };
/// Where a grant stands between two states that have not propagated yet.
enum class Visibility { active, needsToken, token, stillVisible };

struct GrantAsk {
    Ask const& policy;
    std::string operation;    ///< the grant operation asked for
    ContextUse context_use = ContextUse::carried;
    EncryptionContext const& context;
    Readings const& readings;
    Visibility visibility = Visibility::active;
};

/// How a principal written in a grant names the caller.
enum class GrantNamed { no, directly, account };
struct NamedBy {
    GrantNamed named = GrantNamed::no;
    std::string_view form, reason, assumption, rule;
};
NamedBy named_in_grant(std::string_view principal, Caller const& caller);
NamedBy named_service(std::string_view service, Caller const& caller);

/// Whether a grant's grantee may name the caller, its role or its account: a look at the text, without an allocation. False is certain.
bool may_concern(Value const& grant, Caller const& caller);

struct GrantMatch {
    bool applies = false;
    GrantNamed named = GrantNamed::no;
    std::string_view form;           ///< user, role, session, federatedUser, account, service
    bool concerns_caller = false;    ///< names the caller, its role or its account: worth a trace entry of its own
    std::vector<std::string> hinges;    ///< ambiguities whose other reading turns `applies`
    Value trace;
};
GrantMatch match_grant(Value const& grant, std::string const& pointer, GrantAsk const& ask, Texts const& texts);

/// "111122223333" of an IssuingAccount, which may be a bare id; the key's account when there is none.
std::string issuing_account(Value const& grant, std::string_view key_account);

}    // namespace kms
