#pragma once
// The IAM policy language: what a policy document may contain, and whether one statement applies to one request.
// A statement is matched as it was written, so that each test can point at the text it read.

#include <optional>

#include "catalog/readings.hpp"
#include "json/diagnostics.hpp"

namespace kms {

enum class PolicyType {
    keyPolicy,
    identityPolicy,
    permissionsBoundary,
    sessionPolicy,
    serviceControlPolicy,
    resourceControlPolicy,
    vpcEndpointPolicy
};

/// "keyPolicy", "identityPolicy" and so on, as traces and decisions name the policy.
std::string_view name_of(PolicyType type);

/// Whether statements of this type say whom they are about (`Principal`); the others belong to the caller already (IL:G-05, IL:G-06).
bool has_principal(PolicyType type);

/// What is known around a policy; with it some findings say more. Nothing of it is needed.
struct PolicyFacts {
    std::string key_arn;                   ///< of a key policy: the key it belongs to
    std::vector<std::string> role_arns;    ///< roles that exist, with their paths (IL:P-06)
    bool aws_managed = false;              ///< the key is AWS's own, and so is its policy
    std::string_view text{};               ///< of a policy given as a text: all of it, for quotas that count white space (IL:G-20)
};

/// Reports everything AWS would refuse to store (errors), and what it stores although it is useless or dangerous (warnings).
void check_policy(Value const& policy, PolicyType type, std::string const& pointer, Problems& problems, PolicyFacts const& facts = {});

/// What Version chooses: in 2008's language, which a document without Version speaks too (IL:X-01), policy variables are literal text
/// (IL:G-10, IL:G-11).
enum class Language { v2008, v2012 };
Language language_of(Value const& policy);

enum class CallerForm { root, user, session, federatedUser, service };

/// Who asks, as KMS sees them.
struct Caller {
    CallerForm form = CallerForm::user;
    std::string arn, partition, account;
    std::string role_name, session_name;
    std::string entity_arn;    ///< the role or user that owns policies: a session's role, with its path
    std::string unique_id;
    std::string entity_pointer;    ///< where `principals` lists it; empty when it does not
    bool deleted = false;
    bool has_boundary = false;    ///< a permissions boundary is attached: `NotPrincipal` with Deny always denies (IL:P-15)
};

/// Whether a role ARN is the role behind the caller's session. A role that `principals` does not list has an unknown path, so its name
/// decides.
bool is_role_of(Caller const& caller, std::string_view role_arn);

/// One context key; names compare without case (IL:C-04).
struct ContextKey {
    std::string name;
    std::vector<std::string> values;
    bool multivalued = false;
    bool ambiguous = false;    ///< the request has another key that differs from this one in case only (IL:C-05)
};
struct Context {
    std::vector<ContextKey> keys;
    ContextKey const* find(std::string_view name) const;
    void put(std::string name, std::vector<std::string> values, bool multivalued = false);
    /// One of the pairs that a request or a resource brings, such as a tag: two whose names differ in case only are ambiguous.
    void put_pair(std::string name, std::string value);
    void put_if_absent(std::string name, std::string value);
};

/// How a statement's Principal names the caller; `delegated` is the account statement, which lets IAM policies count (E-04).
enum class Named { no, directly, delegated };

/// The form in which a statement names the caller: boundary and session policy limit `role` and `userOfFederated` only, and `account`
/// delegates (E-20). When a statement names the caller in several forms, this is the one that is limited least.
enum class NamedAs { nobody, everyone, user, session, federatedUser, service, root, role, userOfFederated, account };

struct Ask {
    Caller const& caller;
    std::string action;      ///< "kms:Decrypt"
    std::string resource;    ///< key ARN, or "*"
    Context const& context;
    bool explain;                                  ///< false: no trace entries are made, which is the fast way
    std::vector<std::string> const& unique_ids;    ///< that somebody has; others in a Principal are orphans (IL:P-10)
    Readings const& readings;                      ///< of the ambiguities
};

struct StatementMatch {
    bool applies = false;
    bool deny = false;
    Named named = Named::no;
    NamedAs as = NamedAs::nobody;
    std::string_view rule;                   ///< of the whole outcome, as in the trace
    std::vector<std::string> assumptions;    ///< rules without AWS's word that this outcome rests on ("IL:X-09")
    Value trace;                             ///< the trace entry
};

StatementMatch match_statement(Value const& statement, PolicyType type, std::string const& pointer, Ask const& ask, Texts const& texts,
                               std::vector<std::string>& missing_keys, Language language = Language::v2012);

/// One test of a trace entry: element, outcome, reason, params, rule and place.
Value trace_test(std::string_view element, bool yes, std::string_view reason, Value params, std::string_view rule,
                 std::string const& pointer, Value const* where, Texts const& texts);
/// The params of a reason, a finding or a remedy, as an object.
struct Param {
    char const* name;
    mutable Value value;    ///< is moved out, which an initializer list does not allow otherwise
};
Value params_of(std::initializer_list<Param> all);

}    // namespace kms
