// What a request must hold, whatever the world holds: the checks that KMS makes first, each with its exception.
#include <algorithm>

#include "request/request.hpp"
#include "text/values.hpp"

namespace kms {

namespace {
ApiError invalid(std::string why) { return {"ValidationException", "1 validation error detected: " + std::move(why)}; }

bool present(Request const& r, std::string_view name) {
    auto const* v = r.parameters.find(name);
    return v && !(v->is(Kind::string) && v->text.empty());
}

bool name_characters(std::string_view text, std::string_view others) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || others.find(c) != std::string_view::npos;
    });
}

/// Members by their JSON type; of any other name AWS KMS takes no notice. Those that name a key have a check of their own.
constexpr std::pair<std::string_view, std::string_view> member_types[] = {
    {"string", " AliasName CiphertextBlob Description DestinationEncryptionAlgorithm EncryptionAlgorithm ExpirationModel GranteePrincipal GranteeServicePrincipal GrantId GrantToken "
               "KeyAgreementAlgorithm KeyPairSpec KeySpec KeyUsage MacAlgorithm Marker Message MessageType Name Origin Plaintext PrimaryRegion ReplicaRegion RetiringPrincipal "
               "RetiringServicePrincipal SigningAlgorithm SourceEncryptionAlgorithm WrappingAlgorithm WrappingKeySpec "},
    {"boolean", " BypassPolicyLockoutSafetyCheck DryRun MultiRegion "},
    {"number", " Limit NumberOfBytes PendingWindowInDays RotationPeriodInDays "},
    {"list", " DryRunModifiers GrantTokens Operations TagKeys Tags "},
    {"structure", " Constraints "}};

bool is_of_type(Value const& v, std::string_view type) {
    return v.is(type == "string" ? Kind::string : type == "boolean" ? Kind::boolean : type == "number" ? Kind::number : type == "list" ? Kind::array : Kind::object);
}

std::optional<ApiError> check_types(Request const& r) {
    for (auto const& m : r.parameters.items)
        for (auto const& [type, names] : member_types)
            if (!is_of_type(m, type) && names.find(" " + m.key + " ") != std::string_view::npos)
                return invalid("Value at '" + m.key + "' failed to satisfy constraint: Member must be a " + std::string(type));
    return {};
}

std::optional<ApiError> check_names(Request const& r) {
    if (r.is("CreateAlias") && r.parameter("AliasName").substr(0, 6) != "alias/") return invalid("Alias must start with the prefix \"alias/\"");
    if (auto const* tags = r.parameters.find("Tags"))
        for (auto const& t : tags->items)
            if (!t.is(Kind::object) || t.string_or("TagKey").empty()) return invalid("Value at 'tags' failed to satisfy constraint: Member must be a list of {\"TagKey\", \"TagValue\"}");
    return {};
}

std::optional<ApiError> check_constraints(Value const& c, bool service_grantee) {
    for (auto const& m : c.items)    // G-32
        if (m.key != "EncryptionContextEquals" && m.key != "EncryptionContextSubset" && m.key != "SourceArn") return invalid("Unknown parameter in Constraints: \"" + m.key + "\", must be one of: EncryptionContextSubset, EncryptionContextEquals, SourceArn");
    auto const* equals = c.find("EncryptionContextEquals");
    auto const* subset = c.find("EncryptionContextSubset");
    if (equals && subset) return invalid("More than one constraint supplied");    // G-22
    for (auto const* map : {equals, subset}) {
        if (!map) continue;
        if (!map->is(Kind::object)) return invalid("Value at 'constraints' failed to satisfy constraint: an encryption context is a map of strings");
        if (map->items.size() > 8) return invalid("Value at 'constraints' failed to satisfy constraint: at most 8 encryption context pairs");    // G-23
        for (auto const& p : map->items)
            if (!p.is(Kind::string) || p.text.size() > 384) return invalid("Value at 'constraints' failed to satisfy constraint: an encryption context value is a string of at most 384 characters");
    }
    auto const* source = c.find("SourceArn");
    if (source && !source_arn_valid(source->text)) return invalid("Value '" + source->text + "' at 'constraints.sourceArn' failed to satisfy constraint: Member must be the ARN of a resource with an account id");    // G-29
    if (service_grantee && !source) return invalid("A grant for a service principal must have a SourceArn constraint");    // P-22
    return {};
}

// P-20 … P-23
std::optional<ApiError> check_principal(Request const& r, std::string_view field) {
    auto text = r.parameter(field);
    if (text.empty()) return {};
    auto arn_error = ApiError{"InvalidArnException", "ARN does not refer to a valid principal: " + std::string(text)};
    if (text.size() > 256 || !name_characters(text, "_+=,.@:/-")) return invalid("Value '" + std::string(text) + "' at '" + std::string(field) + "' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\w+=,.@:/-]+$");
    auto arn = parse_arn(text);
    if (!arn.valid) {
        auto const* context = r.value->find("context");
        auto through = context ? context->string_or("kms:ViaService") : std::string_view();
        return through == text ? std::optional<ApiError>() : arn_error;
    }
    bool account = arn.account.size() == 12 && all_digits(arn.account);
    auto begins = [&](std::string_view prefix) { return arn.resource.size() > prefix.size() && arn.resource.substr(0, prefix.size()) == prefix; };
    bool iam = arn.service == "iam" && (arn.resource == "root" || begins("user/") || begins("role/"));
    bool session = begins("assumed-role/") && arn.resource.find('/', 13) != std::string_view::npos && arn.resource.back() != '/';
    bool sts = arn.service == "sts" && (session || begins("federated-user/"));
    return account && (iam || sts) ? std::optional<ApiError>() : arn_error;
}

std::optional<ApiError> check_create_grant(Request const& r) {
    bool service = present(r, "GranteeServicePrincipal");
    if (present(r, "GranteePrincipal") == service) return invalid("Exactly one of GranteePrincipal and GranteeServicePrincipal must be given");
    bool retiring_service = present(r, "RetiringServicePrincipal"), retiring = present(r, "RetiringPrincipal");
    if (retiring && retiring_service) return invalid("At most one of RetiringPrincipal and RetiringServicePrincipal may be given");
    if (service && !retiring && !retiring_service) return invalid("A grant for a service principal must have a retiring principal");    // P-22
    auto const* operations = r.parameters.find("Operations");
    if (operations->items.empty()) return invalid("Value at 'operations' failed to satisfy constraint: Member must not be empty");
    for (auto const& o : operations->items) {
        auto const* known = find_operation(o.text);
        if (!known || !known->grantable()) return invalid("Value '" + o.text + "' at 'operations' failed to satisfy constraint: Member must be a grant operation");    // G-13
    }
    static Value const none = Value::object();
    auto const* constraints = r.parameters.find("Constraints");
    if (auto problem = check_constraints(constraints ? *constraints : none, service)) return problem;
    if (r.parameters.find("Name")) {
        auto name = r.parameter("Name");
        if (name.empty() || name.size() > 256 || !name_characters(name, ":/_-")) return invalid("Value '" + std::string(name) + "' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$");
    }
    for (char const* field : {"GranteeServicePrincipal", "RetiringServicePrincipal"}) {
        auto text = r.parameter(field);
        if (text.empty()) continue;
        bool labels = text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos && std::count(text.begin(), text.end(), '.') >= 2;
        if (text.size() > 128 || !labels || !name_characters(text, ".-")) return invalid("Value '" + std::string(text) + "' at '" + field + "' is no service principal");
    }
    if (auto problem = check_principal(r, "GranteePrincipal")) return problem;
    return check_principal(r, "RetiringPrincipal");
}

std::optional<ApiError> check_paging(Request const& r, std::uint64_t most) {
    if (auto const* limit = r.parameters.find("Limit")) {
        auto n = std::strtoull(limit->text.c_str(), nullptr, 10);
        if (n < 1 || n > most) return invalid("Value '" + limit->text + "' at 'limit' failed to satisfy constraint: Member must be between 1 and " + std::to_string(most));
    }
    return {};
}

std::optional<ApiError> check_encryption_context(Request const& r) {
    for (char const* name : {"EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext"}) {
        auto const* map = r.parameters.find(name);
        if (!map) continue;
        bool strings = map->is(Kind::object) && std::all_of(map->items.begin(), map->items.end(), [](auto const& p) { return p.is(Kind::string); });
        if (!strings) return invalid("Value at '" + std::string(name) + "' failed to satisfy constraint: an encryption context is a map of strings");
    }
    return {};
}

std::optional<ApiError> check_sizes(Request const& r) {    // O-07
    auto decoded = [&](std::string_view name) {
        auto bytes = parse_base64(r.parameter(name));
        return bytes ? bytes->size() : r.parameter(name).size();
    };
    if (r.is("Encrypt") && decoded("Plaintext") > 4096) return invalid("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096");
    if ((r.is("Decrypt") || r.is("ReEncrypt")) && decoded("CiphertextBlob") > 6144) return invalid("Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length less than or equal to 6144");
    return {};
}
}    // namespace

std::optional<ApiError> check_parameters(Request const& r) {
    auto required = r.operation->required;
    while (!required.empty()) {
        auto space = required.find(' ');
        auto name = required.substr(0, space);
        if (!present(r, name)) return invalid("Value null at '" + std::string(name) + "' failed to satisfy constraint: Member must not be null");
        required = space == std::string_view::npos ? std::string_view() : required.substr(space + 1);
    }
    for (char const* name : {"KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"})
        if (auto const* key = r.parameters.find(name); key && (!key->is(Kind::string) || key->text.empty() || key->text.size() > 2048)) {
            auto member = std::string(name);
            member[0] = static_cast<char>(member[0] | ' ');    // as KMS spells it in messages: keyId
            return invalid("Value at '" + member + "' failed to satisfy constraint: Member must be a string of 1 to 2048 characters");
        }
    if (auto problem = check_types(r)) return problem;
    if (auto problem = check_names(r)) return problem;
    if (auto problem = check_encryption_context(r)) return problem;
    if (auto problem = check_sizes(r)) return problem;
    if (auto const* tokens = r.parameters.find("GrantTokens")) {
        if (!r.operation->tokens()) return invalid(std::string(r.operation->name) + " takes no grant tokens");    // G-41
        if (tokens->items.size() > 10) return invalid("Value at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10");    // G-42
    }
    if (r.ignores_ciphertext() && !present(r, r.is("ReEncrypt") ? "SourceKeyId" : "KeyId")) return invalid("IGNORE_CIPHERTEXT needs the key to be named");    // M-61
    if (r.dry_run() && !r.operation->dry_run()) return invalid(std::string(r.operation->name) + " takes no DryRun");    // M-60
    if (r.is("Decrypt") && !present(r, "KeyId") && !present(r, "CiphertextBlob")) return invalid("Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null");
    if (r.is("ReEncrypt") && !present(r, "SourceKeyId") && !present(r, "CiphertextBlob")) return invalid("Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null");
    if (auto id = r.parameter("GrantId"); id.size() > 128) return ApiError{"InvalidGrantIdException", "Invalid grant ID '" + std::string(id) + "'"};    // M-19
    if (r.is("CreateGrant")) return check_create_grant(r);
    if (r.is("RetireGrant")) {    // M-17
        bool token = present(r, "GrantToken"), pair = present(r, "KeyId") && present(r, "GrantId");
        if (!token && !pair) return invalid("RetireGrant needs a GrantToken, or a KeyId and a GrantId");
        if (token && present(r, "GrantId")) return invalid("RetireGrant takes a GrantToken, or a KeyId and a GrantId, not both");
    }
    if ((r.is("RevokeGrant") || r.is("RetireGrant")) && present(r, "Name")) return invalid("a Name identifies no grant");    // G-11
    if (r.is("ListGrants")) {
        if (present(r, "GranteePrincipal") && present(r, "GranteeServicePrincipal")) return invalid("At most one of GranteePrincipal and GranteeServicePrincipal may be given");
        if (present(r, "GranteeServicePrincipal") && r.caller.form != CallerForm::service) return invalid("only a service may list grants by GranteeServicePrincipal");    // M-41
        if (present(r, "Marker")) return ApiError{"InvalidMarkerException", "Invalid marker"};    // M-42: this engine gives none
        return check_paging(r, 100);
    }
    if (r.is("ListRetirableGrants")) {
        bool arn = present(r, "RetiringPrincipal"), service = present(r, "RetiringServicePrincipal");
        if (arn == service) return invalid("Exactly one of RetiringPrincipal and RetiringServicePrincipal must be given");
        if (service && r.caller.form != CallerForm::service) return invalid("only a service may list retirable grants by RetiringServicePrincipal");    // M-53
        if (present(r, "Marker")) return ApiError{"InvalidMarkerException", "Invalid marker"};
        if (auto problem = check_principal(r, "RetiringPrincipal")) return problem;
        return check_paging(r, 100);
    }
    return {};
}

}    // namespace kms
