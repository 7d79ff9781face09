#include "catalog/operations.hpp"

namespace kms {

static constexpr Operation table[] = {
    {"Encrypt", Subject::key, Suits::encryption, StateRow::cryptographic, "gexatd", "KeyId"},
    {"Decrypt", Subject::key, Suits::encryption, StateRow::cryptographic, "gexatd", ""},
    {"ReEncrypt", Subject::sourceAndDestination, Suits::encryption, StateRow::cryptographic, "exatd", "DestinationKeyId"},
    {"ReEncryptFrom", Subject::key, Suits::encryption, StateRow::cryptographic, "gexr", ""},
    {"ReEncryptTo", Subject::key, Suits::encryption, StateRow::cryptographic, "gexr", ""},
    {"GenerateDataKey", Subject::key, Suits::symmetric, StateRow::cryptographic, "gexatd", "KeyId"},
    {"GenerateDataKeyWithoutPlaintext", Subject::key, Suits::symmetric, StateRow::cryptographic, "gexatd", "KeyId"},
    {"GenerateDataKeyPair", Subject::key, Suits::symmetric, StateRow::cryptographic, "gexatd", "KeyId"},
    {"GenerateDataKeyPairWithoutPlaintext", Subject::key, Suits::symmetric, StateRow::cryptographic, "gexatd", "KeyId"},
    {"Sign", Subject::key, Suits::signing, StateRow::signing, "gxatd", "KeyId"},
    {"Verify", Subject::key, Suits::signing, StateRow::signing, "gxatd", "KeyId"},
    {"GenerateMac", Subject::key, Suits::mac, StateRow::signing, "gxatd", "KeyId"},
    {"VerifyMac", Subject::key, Suits::mac, StateRow::signing, "gxatd", "KeyId"},
    {"DeriveSharedSecret", Subject::key, Suits::agreement, StateRow::signing, "gxatd", "KeyId"},
    {"Encapsulate", Subject::key, Suits::encapsulation, StateRow::signing, "gxatd", "KeyId"},
    {"Decapsulate", Subject::key, Suits::encapsulation, StateRow::signing, "gxatd", "KeyId"},
    {"GetPublicKey", Subject::key, Suits::publicKey, StateRow::signing, "gxat", "KeyId"},
    {"DescribeKey", Subject::key, Suits::anyKey, StateRow::always, "gxat", "KeyId"},
    {"CreateGrant", Subject::key, Suits::anyKey, StateRow::createGrant, "gxtd", "KeyId Operations"},
    {"RetireGrant", Subject::key, Suits::anyKey, StateRow::always, "gxdi", ""},
    {"RevokeGrant", Subject::key, Suits::anyKey, StateRow::always, "xd", "KeyId GrantId"},
    {"ListGrants", Subject::key, Suits::anyKey, StateRow::always, "x", "KeyId"},
    {"ListRetirableGrants", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"GetKeyRotationStatus", Subject::key, Suits::anyKey, StateRow::rotationStatus, "x", "KeyId"},
    {"GetKeyPolicy", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId"},
    {"PutKeyPolicy", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId Policy"},
    {"ListKeyPolicies", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId"},
    {"EnableKey", Subject::key, Suits::anyKey, StateRow::enabling, "", "KeyId"},
    {"DisableKey", Subject::key, Suits::anyKey, StateRow::enabling, "", "KeyId"},
    {"ScheduleKeyDeletion", Subject::key, Suits::anyKey, StateRow::scheduling, "", "KeyId"},
    {"CancelKeyDeletion", Subject::key, Suits::anyKey, StateRow::cancelling, "", "KeyId"},
    {"EnableKeyRotation", Subject::key, Suits::symmetric, StateRow::rotation, "", "KeyId"},
    {"DisableKeyRotation", Subject::key, Suits::symmetric, StateRow::rotation, "", "KeyId"},
    {"RotateKeyOnDemand", Subject::key, Suits::symmetric, StateRow::rotation, "", "KeyId"},
    {"ListKeyRotations", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId"},
    {"GetKeyLastUsage", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId"},
    {"TagResource", Subject::key, Suits::anyKey, StateRow::metadata, "", "KeyId Tags"},
    {"UntagResource", Subject::key, Suits::anyKey, StateRow::metadata, "", "KeyId TagKeys"},
    {"ListResourceTags", Subject::key, Suits::anyKey, StateRow::always, "", "KeyId"},
    {"UpdateKeyDescription", Subject::key, Suits::anyKey, StateRow::metadata, "", "KeyId Description"},
    {"CreateAlias", Subject::aliasAndKey, Suits::anyKey, StateRow::metadata, "", "AliasName TargetKeyId"},
    {"DeleteAlias", Subject::aliasAndKey, Suits::anyKey, StateRow::always, "", "AliasName"},
    {"UpdateAlias", Subject::aliasAndTwoKeys, Suits::anyKey, StateRow::updateAlias, "", "AliasName TargetKeyId"},
    {"ReplicateKey", Subject::keyAndNewKey, Suits::multiRegionKey, StateRow::replicate, "", "KeyId ReplicaRegion"},
    {"UpdatePrimaryRegion", Subject::primaryAndReplica, Suits::multiRegionKey, StateRow::updatePrimary, "", "KeyId PrimaryRegion"},
    {"GetParametersForImport", Subject::key, Suits::importedKey, StateRow::importParameters, "", "KeyId"},
    {"ImportKeyMaterial", Subject::key, Suits::importedKey, StateRow::importMaterial, "", "KeyId"},
    {"DeleteImportedKeyMaterial", Subject::key, Suits::importedKey, StateRow::deleteMaterial, "", "KeyId"},
    {"CreateKey", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"ListKeys", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"ListAliases", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"GenerateRandom", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"ConnectCustomKeyStore", Subject::account, Suits::anyKey, StateRow::always, "i", "CustomKeyStoreId"},
    {"CreateCustomKeyStore", Subject::account, Suits::anyKey, StateRow::always, "i", "CustomKeyStoreName"},
    {"DeleteCustomKeyStore", Subject::account, Suits::anyKey, StateRow::always, "i", "CustomKeyStoreId"},
    {"DescribeCustomKeyStores", Subject::account, Suits::anyKey, StateRow::always, "i", ""},
    {"DisconnectCustomKeyStore", Subject::account, Suits::anyKey, StateRow::always, "i", "CustomKeyStoreId"},
    {"UpdateCustomKeyStore", Subject::account, Suits::anyKey, StateRow::always, "i", "CustomKeyStoreId"},
    {"SynchronizeMultiRegionKey", Subject::key, Suits::multiRegionKey, StateRow::always, "r", ""},
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

bool suits(Suits wanted, std::string_view spec, std::string_view usage) {
    bool symmetric = spec == "SYMMETRIC_DEFAULT";
    bool mac = spec.substr(0, 5) == "HMAC_";
    switch (wanted) {
        case Suits::encryption: return usage == "ENCRYPT_DECRYPT";
        case Suits::symmetric: return symmetric;
        case Suits::signing: return usage == "SIGN_VERIFY";
        case Suits::mac: return usage == "GENERATE_VERIFY_MAC";
        case Suits::agreement: return usage == "KEY_AGREEMENT";
        case Suits::encapsulation: return usage == "ENCAPSULATE_DECAPSULATE";
        case Suits::publicKey: return !symmetric && !mac;
        default: return true;
    }
}

}    // namespace kms
