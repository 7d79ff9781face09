#pragma once
// Grants: what a `list-grants` entry may contain, and whether one allows one request (G-20 … G-32, P-20 … P-32).

#include <array>

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

/// The grants of one key by whom they may concern, so that a decision looks at those alone, out of however many there are.
class GrantIndex {
public:
    GrantIndex() = default;
    /// Of a list of grants, those that belong to the key.
    GrantIndex(Value const& list, std::string_view key_arn);
    bool made() const { return !first_.empty(); }
    /// How many grants belong to the key.
    std::size_t size() const { return size_; }

    /// The next grant of every chain that the caller leads to: 1 is the first of the list, 0 is none.
    using Next = std::array<std::uint32_t, 4>;
    /// The grants that may name the caller, its role or its account. The others certainly do not.
    Next concerning(Caller const& caller) const;
    /// Takes the next one in the order of the list.
    std::uint32_t take(Next& next) const;

private:
    std::vector<std::uint32_t> first_, next_;    ///< chains of grants whose grantees share a hash: one more than the place in the list, 0 ends
    std::size_t size_ = 0;
};

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
