#include "policy/condition_keys.hpp"

#include "catalog/operations.hpp"

namespace kms {

namespace {
constexpr std::string_view with_context =
    "CreateGrant RetireGrant Encrypt Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair "
    "GenerateDataKeyPairWithoutPlaintext "
    "ReEncryptFrom ReEncryptTo";
constexpr std::string_view with_alias =
    "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair "
    "GenerateDataKeyPairWithoutPlaintext "
    "Sign Verify GenerateMac VerifyMac DeriveSharedSecret Encapsulate Decapsulate GetPublicKey DescribeKey";
constexpr std::string_view with_algorithm =
    "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair "
    "GenerateDataKeyPairWithoutPlaintext";
constexpr std::string_view on_keys = "key", of_keys = "key CreateKey", everywhere = "*",
                           tagging = "CreateKey TagResource UntagResource ReplicateKey";

// C-01 … C-35, in that order
constexpr ConditionKey table[] = {
    {"kms:CallerAccount", Family::string, "",
     "key ConnectCustomKeyStore CreateCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores DisconnectCustomKeyStore "
     "UpdateCustomKeyStore"},
    {"kms:ViaService", Family::string, "dp", on_keys},
    {"kms:EncryptionContext:", Family::string, "", with_context},
    {"kms:EncryptionContextKeys", Family::string, "m", with_context},
    {"kms:GrantConstraintType", Family::string, "", "CreateGrant RetireGrant"},
    {"kms:GrantConstraintSourceArn", Family::arn, "", "CreateGrant"},
    {"kms:GrantIsForAWSResource", Family::boolean, "", "CreateGrant ListGrants RevokeGrant"},
    {"kms:GrantOperations", Family::string, "m", "CreateGrant"},
    {"kms:GranteePrincipal", Family::string, "", "CreateGrant"},
    {"kms:GranteeServicePrincipal", Family::string, "", "CreateGrant"},
    {"kms:RetiringPrincipal", Family::string, "", "CreateGrant"},
    {"kms:RetiringServicePrincipal", Family::string, "", "CreateGrant"},
    {"kms:BypassPolicyLockoutSafetyCheck", Family::boolean, "", "CreateKey PutKeyPolicy"},
    {"kms:KeySpec", Family::string, "", of_keys},
    {"kms:KeyUsage", Family::string, "", of_keys},
    {"kms:KeyOrigin", Family::string, "", of_keys},
    {"kms:MultiRegion", Family::boolean, "", of_keys},
    {"kms:MultiRegionKeyType", Family::string, "", of_keys},
    {"kms:CustomerMasterKeySpec", Family::string, "", of_keys},
    {"kms:CustomerMasterKeyUsage", Family::string, "", of_keys},
    {"kms:RequestAlias", Family::string, "", with_alias},
    {"kms:ResourceAliases", Family::string, "mi", on_keys},
    {"kms:EncryptionAlgorithm", Family::string, "", with_algorithm},
    {"kms:SigningAlgorithm", Family::string, "", "Sign Verify"},
    {"kms:MessageType", Family::string, "", "Sign Verify"},
    {"kms:MacAlgorithm", Family::string, "", "GenerateMac VerifyMac"},
    {"kms:KeyAgreementAlgorithm", Family::string, "", "DeriveSharedSecret"},
    {"kms:DataKeyPairSpec", Family::string, "", "GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"},
    {"kms:ReEncryptOnSameKey", Family::boolean, "", "ReEncryptFrom ReEncryptTo"},
    {"kms:RecipientAttestation:", Family::string, "", "Decrypt DeriveSharedSecret GenerateDataKey GenerateDataKeyPair GenerateRandom"},
    {"kms:ExpirationModel", Family::string, "", "ImportKeyMaterial"},
    {"kms:ValidTo", Family::date, "", "ImportKeyMaterial"},
    {"kms:WrappingAlgorithm", Family::string, "", "GetParametersForImport"},
    {"kms:WrappingKeySpec", Family::string, "", "GetParametersForImport"},
    {"kms:PrimaryRegion", Family::string, "", "UpdatePrimaryRegion"},
    {"kms:ReplicaRegion", Family::string, "", "ReplicateKey"},
    {"kms:RotationPeriodInDays", Family::numeric, "", "EnableKeyRotation"},
    {"kms:ScheduleKeyDeletionPendingWindowInDays", Family::numeric, "", "ScheduleKeyDeletion"},
    {"kms:TrailingDaysWithoutKeyUsage", Family::numeric, "", "ScheduleKeyDeletion DisableKey"},

    {"aws:PrincipalArn", Family::arn, "p", everywhere},
    {"aws:PrincipalAccount", Family::string, "p", everywhere},
    {"aws:PrincipalOrgID", Family::string, "p", everywhere},
    {"aws:PrincipalOrgPaths", Family::string, "mp", everywhere},
    {"aws:PrincipalTag/", Family::string, "p", everywhere},
    {"aws:PrincipalIsAWSService", Family::boolean, "", everywhere},
    {"aws:PrincipalServiceName", Family::string, "d", everywhere},
    {"aws:PrincipalServiceNamesList", Family::string, "md", everywhere},
    {"aws:PrincipalType", Family::string, "p", everywhere},
    {"aws:userid", Family::string, "p", everywhere},
    {"aws:username", Family::string, "p", everywhere},
    {"aws:AssumedRoot", Family::boolean, "p", everywhere},
    {"aws:FederatedProvider", Family::string, "p", everywhere},
    {"aws:TokenIssueTime", Family::date, "p", everywhere},
    {"aws:MultiFactorAuthAge", Family::numeric, "p", everywhere},
    {"aws:MultiFactorAuthPresent", Family::boolean, "p", everywhere},
    {"aws:ChatbotSourceArn", Family::arn, "p", everywhere},
    {"aws:Ec2InstanceSourceVpc", Family::string, "p", everywhere},
    {"aws:Ec2InstanceSourcePrivateIPv4", Family::address, "p", everywhere},
    {"aws:SourceIdentity", Family::string, "p", everywhere},
    {"ec2:RoleDelivery", Family::numeric, "p", everywhere},
    {"ec2:SourceInstanceArn", Family::arn, "p", everywhere},
    {"lambda:SourceFunctionArn", Family::arn, "p", everywhere},
    {"ssm:SourceInstanceArn", Family::arn, "p", everywhere},
    {"glue:CredentialIssuingService", Family::string, "p", everywhere},
    {"identitystore:UserId", Family::string, "p", everywhere},
    {"aws:SourceIp", Family::address, "", everywhere},
    {"aws:SourceVpc", Family::string, "e", everywhere},
    {"aws:SourceVpcArn", Family::arn, "e", everywhere},
    {"aws:SourceVpce", Family::string, "e", everywhere},
    {"aws:VpceAccount", Family::string, "e", everywhere},
    {"aws:VpceOrgID", Family::string, "e", everywhere},
    {"aws:VpceOrgPaths", Family::string, "me", everywhere},
    {"aws:VpcSourceIp", Family::address, "e", everywhere},
    {"aws:ResourceAccount", Family::string, "", everywhere},
    {"aws:ResourceOrgID", Family::string, "", everywhere},
    {"aws:ResourceOrgPaths", Family::string, "m", everywhere},
    {"aws:ResourceTag/", Family::string, "", on_keys},
    {"aws:CalledVia", Family::string, "md", everywhere},
    {"aws:CalledViaFirst", Family::string, "d", everywhere},
    {"aws:CalledViaLast", Family::string, "d", everywhere},
    {"aws:ViaAWSService", Family::boolean, "", everywhere},
    {"aws:CurrentTime", Family::date, "", everywhere},
    {"aws:EpochTime", Family::date, "", everywhere},
    {"aws:referer", Family::string, "", everywhere},
    {"aws:RequestedRegion", Family::string, "", everywhere},
    {"aws:RequestTag/", Family::string, "", tagging},
    {"aws:TagKeys", Family::string, "m", tagging},
    {"aws:SecureTransport", Family::boolean, "", everywhere},
    {"aws:SourceArn", Family::arn, "d", everywhere},
    {"aws:SourceAccount", Family::string, "d", everywhere},
    {"aws:SourceOrgID", Family::string, "d", everywhere},
    {"aws:SourceOrgPaths", Family::string, "md", everywhere},
    {"aws:UserAgent", Family::string, "", everywhere},
};

bool listed(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        auto space = names.find(' ');
        if (names.substr(0, space) == name) return true;
        names.remove_prefix(space == std::string_view::npos ? names.size() : space + 1);
    }
    return false;
}
}    // namespace

bool ConditionKey::supplied_for(std::string_view operation) const {
    if (operation == "ReEncrypt") operation = "ReEncryptFrom";
    if (operations == everywhere || listed(operations, operation)) return true;
    auto const* o = find_operation(operation);
    return listed(operations, on_keys) && o && o->subject != Subject::account;
}

ConditionKey const* find_condition_key(std::string_view name) {
    for (auto const& k : table) {
        bool fits = k.has_tail() ? name.size() > k.name.size() : name.size() == k.name.size();
        if (fits && equal_ignore_case(name.substr(0, k.name.size()), k.name)) return &k;
    }
    return nullptr;
}

std::vector<std::string_view> condition_key_names() {
    std::vector<std::string_view> names;
    for (auto const& k : table) names.push_back(k.name);
    return names;
}

}    // namespace kms
