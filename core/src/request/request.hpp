#pragma once
// One request as KMS receives it: who calls, which operation, on which keys, with which context. Nothing is decided here, but a request
// that KMS refuses to read already has its error.

#include "catalog/operations.hpp"
#include "world/world.hpp"

namespace kms {

/// An error of the API, as AWS words it.
struct ApiError {
    std::string code, message;
};

/// One permission that the operation needs. Most need one; ReEncrypt, CreateAlias and a few others need more (E-28).
struct Permission {
    std::string action;             ///< "kms:ReEncryptFrom"
    std::optional<KeyRef> key;      ///< nothing for what is not authorized on a key
    std::string resource;           ///< the key's ARN, an alias ARN, or "*"
    bool identity_only = false;     ///< the key policy has no say (O-01)
    EncryptionContext encryption_context;
    Context context;
};

struct Request {
    Value const* value = nullptr;
    std::string pointer, step;
    Caller caller;
    Operation const* operation = nullptr;
    Value parameters = Value::object();    ///< with `$step.Field` filled in
    std::string region, at;
    std::vector<Permission> permissions;
    Value const* grant = nullptr;          ///< what RetireGrant or RevokeGrant names
    bool grant_seen = true;                ///< false: the grant to retire has not propagated, and no token identifies it
    std::string grant_pointer;
    std::vector<std::string> tokens;       ///< ids of the grants that GrantTokens names
    Entry endpoint;                        ///< the VPC endpoint it came through
    std::optional<Value> ciphertext;       ///< what a CiphertextBlob of ours remembers
    std::optional<ApiError> error;         ///< KMS refuses it before authorization
    Problems problems;

    bool explain = true;                   ///< false: nobody wants the trace, which is the fast way

    bool is(char const* name) const { return operation && operation->name == name; }
    bool via_service() const;
    bool dry_run() const;
    bool ignores_ciphertext() const;    ///< M-61: of a dry run only; without one, modifiers have no effect
    std::string_view parameter(char const* name) const { return parameters.string_or(name); }
    std::string_view parameter(std::string_view name) const { return parameters.string_or(name); }
    KeyRef const* key() const { return permissions.empty() || !permissions[0].key ? nullptr : &*permissions[0].key; }
};

/// Reads a request that `check_request` found sound.
Request read_request(World const& world, Value const& request, std::string pointer, std::string step, bool explain = true);

/// What the request itself gets wrong, whatever the world holds (ValidationException and its kin).
std::optional<ApiError> check_parameters(Request const& request);
/// Fills in every context key the engine can know (C-01 … C-35, IL:K-01 … IL:K-08), then what `context` gives.
void fill_context(World const& world, Request& request);

/// An opaque ciphertext that remembers its key and encryption context, and back.
std::string make_ciphertext(std::string_view key_arn, EncryptionContext const& context);
std::optional<Value> read_ciphertext(std::string_view blob);

}    // namespace kms
