#include "catalog/operations.hpp"

namespace kms {

static constexpr Operation table[] = {
    {"Encrypt", true, true, true, true, true},
    {"Decrypt", true, true, true, true, true},
    {"GenerateDataKey", true, true, true, true, true},
    {"GenerateDataKeyWithoutPlaintext", true, true, true, true, true},
    {"DescribeKey", true, true, false, true, false},
    {"CreateGrant", true, true, false, false, true},
    {"RetireGrant", true, true, false, false, false},
    {"RevokeGrant", true, false, false, false, false},
    {"ListGrants", true, false, false, false, false},
    {"EnableKey", true, false, false, false, false},
    {"DisableKey", true, false, false, false, false},
    {"GenerateDataKeyPair", false, true, true, true, true},
    {"GenerateDataKeyPairWithoutPlaintext", false, true, true, true, true},
    {"ReEncryptFrom", false, true, true, true, true},
    {"ReEncryptTo", false, true, true, true, true},
    {"Sign", false, true, false, true, true},
    {"Verify", false, true, false, true, true},
    {"GenerateMac", false, true, false, true, true},
    {"VerifyMac", false, true, false, true, true},
    {"DeriveSharedSecret", false, true, false, true, true},
    {"Encapsulate", false, true, false, true, true},
    {"Decapsulate", false, true, false, true, true},
    {"GetPublicKey", false, true, false, true, true},
    {"ReEncrypt", false, false, true, true, true},
    {"ListRetirableGrants", false, false, false, false, false},
    {"PutKeyPolicy", false, false, false, false, false},
    {"GetKeyPolicy", false, false, false, false, false},
    {"ListKeyPolicies", false, false, false, false, false},
    {"ScheduleKeyDeletion", false, false, false, false, false},
    {"CancelKeyDeletion", false, false, false, false, false},
    {"EnableKeyRotation", false, false, false, false, false},
    {"DisableKeyRotation", false, false, false, false, false},
    {"GetKeyRotationStatus", false, false, false, false, false},
    {"RotateKeyOnDemand", false, false, false, false, false},
    {"ListKeyRotations", false, false, false, false, false},
    {"GetKeyLastUsage", false, false, false, false, false},
    {"TagResource", false, false, false, false, false},
    {"UntagResource", false, false, false, false, false},
    {"ListResourceTags", false, false, false, false, false},
    {"UpdateKeyDescription", false, false, false, false, false},
    {"CreateAlias", false, false, false, false, false},
    {"UpdateAlias", false, false, false, false, false},
    {"DeleteAlias", false, false, false, false, false},
    {"ListAliases", false, false, false, false, false},
    {"ListKeys", false, false, false, false, false},
    {"CreateKey", false, false, false, false, false},
    {"ReplicateKey", false, false, false, false, false},
    {"UpdatePrimaryRegion", false, false, false, false, false},
    {"GetParametersForImport", false, false, false, false, false},
    {"ImportKeyMaterial", false, false, false, false, false},
    {"DeleteImportedKeyMaterial", false, false, false, false, false},
    {"GenerateRandom", false, false, false, false, false},
    {"ConnectCustomKeyStore", false, false, false, false, false},
    {"CreateCustomKeyStore", false, false, false, false, false},
    {"DeleteCustomKeyStore", false, false, false, false, false},
    {"DescribeCustomKeyStores", false, false, false, false, false},
    {"DisconnectCustomKeyStore", false, false, false, false, false},
    {"UpdateCustomKeyStore", false, false, false, false, false},
};

Operation const* find_operation(std::string_view name) {
    for (auto const& o : table)
        if (o.name == name) return &o;
    return nullptr;
}
std::vector<std::string_view> operation_names() {
    std::vector<std::string_view> names;
    for (auto const& o : table) names.push_back(o.name);
    return names;
}

}    // namespace kms
