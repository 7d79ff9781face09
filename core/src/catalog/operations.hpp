#pragma once
// The KMS API operations: what each is authorized on, which keys and key states suit it, what it takes.

#include <string_view>
#include <vector>

namespace kms {

/// What an operation is authorized on.
enum class Subject { key, sourceAndDestination, aliasAndKey, aliasAndTwoKeys, keyAndNewKey, primaryAndReplica, account };

/// Which keys can perform it (O-rules, G-13).
enum class Suits { anyKey, encryption, symmetric, signing, mac, agreement, encapsulation, publicKey, importedKey, multiRegionKey };

/// The row of the key state table that it stands in (S-rules).
enum class StateRow {
    always, cryptographic, signing, createGrant, metadata, updateAlias, enabling, scheduling, cancelling, rotation, rotationStatus,
    importParameters, importMaterial, deleteMaterial, replicate, updatePrimary
};

struct Operation {
    std::string_view name;
    Subject subject;
    Suits suits;
    StateRow states;
    /// g may stand in a grant (M-30) · e carries an encryption context · x works across accounts (O-03) · a takes aliases · t takes grant tokens
    /// · d takes DryRun (M-60) · i decided by identity policies alone (O-01) · r grant permission only, no API operation of its own
    std::string_view traits;
    std::string_view required;    ///< parameters the API requires, payloads excepted, separated by spaces

    bool has(char trait) const { return traits.find(trait) != std::string_view::npos; }
    bool grantable() const { return has('g'); }
    bool encryption_context() const { return has('e'); }
    bool cross_account() const { return has('x'); }
    bool aliases() const { return has('a'); }
    bool tokens() const { return has('t'); }
    bool dry_run() const { return has('d'); }
    bool identity_only() const { return has('i'); }
    bool api() const { return !has('r'); }
};

Operation const* find_operation(std::string_view name);
/// Names of API operations and grant operations, for "did you mean".
std::vector<std::string_view> operation_names();
/// Whether a key of this spec and usage can perform the operation; usage names are KMS's own.
bool suits(Suits wanted, std::string_view spec, std::string_view usage);

}    // namespace kms
