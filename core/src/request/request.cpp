#include "request/request.hpp"

#include <algorithm>

#include "text/values.hpp"

namespace kms {

bool Request::via_service() const {
    auto const* context = value->find("context");
    if (!context || !context->is(Kind::object)) return false;
    return std::any_of(context->items.begin(), context->items.end(), [](auto const& m) { return equal_ignore_case(m.key, "kms:ViaService"); });
}
bool Request::dry_run() const {
    auto const* flag = parameters.find("DryRun");
    return flag && flag->text == "true";
}
bool Request::ignores_ciphertext() const {
    auto const* modifiers = parameters.find("DryRunModifiers");
    return (is("Decrypt") || is("ReEncrypt")) && dry_run() && modifiers && std::any_of(modifiers->items.begin(), modifiers->items.end(), [](auto const& m) { return m.text == "IGNORE_CIPHERTEXT"; });
}

static constexpr std::string_view blob_mark = "kms-playground:";

std::string make_ciphertext(std::string_view key_arn, EncryptionContext const& context) {
    auto inside = Value::object();
    inside.set("key", key_arn);
    auto pairs = Value::object();
    for (auto const& p : context) pairs.set(p.name, Value::str(p.value));
    inside.set("context", std::move(pairs));
    return write_base64(std::string(blob_mark) + write_json(inside));
}
std::optional<Value> read_ciphertext(std::string_view blob) {
    auto bytes = parse_base64(blob);
    if (!bytes || bytes->compare(0, blob_mark.size(), blob_mark) != 0) return {};
    auto parsed = parse_json(std::string_view(*bytes).substr(blob_mark.size()), no_text);
    if (!parsed.problems.empty() || !parsed.value.find("key") || !parsed.value.find("context")) return {};
    return std::move(parsed.value);
}

namespace {
struct Reader {
    World const& w;
    Request& r;

    void refuse(std::string code, std::string message) {
        if (!r.error) r.error = ApiError{std::move(code), std::move(message)};
    }

    // "$create.GrantToken"
    void fill(Value& v, std::string const& pointer) {
        for (std::size_t i = 0; i < v.items.size(); ++i) fill(v.items[i], pointer + (v.is(Kind::object) ? pointer_step(v.items[i].key) : "/" + std::to_string(i)));
        if (v.text.substr(0, 1) != "$") return;
        auto dot = v.text.find('.');
        if (dot == std::string::npos) return;
        auto step = v.text.substr(1, dot - 1), field = v.text.substr(dot + 1);
        auto known = w.responses.find(step);
        if (known == w.responses.end()) {
            r.problems.error(v, pointer, "request.reference", "no earlier step is called `" + step + "`", "name a step that comes before this one");
            return;
        }
        auto const* found = known->second.find(field);
        if (!found) {
            bool refused = known->second.is(Kind::null);
            r.problems.at(Severity::warning, v, pointer, refused ? "request.referenceRefused" : "request.referenceField",
                          refused ? "the step `" + step + "` was refused, so it has no `" + field + "`" : "the response of `" + step + "` has no `" + field + "`",
                          refused ? "make that step succeed first" : "see that step's response");
            refuse("ValidationException", "1 validation error detected: Value '" + v.text + "' has no value, because step " + step + " gave none");
            return;
        }
        auto key = v.key;
        v = *found;
        v.key = key;
    }

    void find_region() {
        r.region = std::string(r.value->string_or("region"));
        for (char const* name : {"KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"}) {
            if (!r.region.empty()) return;
            if (auto id = parse_arn(r.parameter(name)); id.valid) r.region = std::string(id.region);
        }
        if (auto known = w.tokens.find(r.parameter("GrantToken")); r.region.empty() && known != w.tokens.end()) r.region = std::string(parse_arn(known->second.key_arn).region);
        if (auto made = read_ciphertext(r.parameter("CiphertextBlob")); r.region.empty() && made) r.region = std::string(parse_arn(made->string_or("key")).region);
        if (!r.region.empty()) return;
        std::vector<std::string> regions;
        for (auto const& k : all_keys(w))
            if ((k.account == r.caller.account || r.caller.account.empty()) && std::find(regions.begin(), regions.end(), k.region) == regions.end()) regions.push_back(k.region);
        r.region = regions.size() == 1 ? regions[0] : "us-east-1";
    }

    void not_found(std::string_view parameter, std::string message) {
        auto const* given = r.parameters.find(parameter);
        auto here = r.pointer + "/parameters/" + std::string(parameter);
        r.problems.at(Severity::warning, given ? *given : *r.value, here, "request.keyNotFound", "this scenario has no such key", "check the id, the account and the Region against `keys`");
        refuse("NotFoundException", std::move(message));
    }

    // E-14: a bare id or alias name is looked up in the caller's own account and Region
    std::optional<KeyRef> resolve(std::string_view parameter, bool aliases) {
        auto text = std::string(r.parameter(parameter));
        auto arn = parse_arn(text);
        if (text.compare(0, 4, "arn:") == 0 && (!arn.valid || arn.service != "kms")) {
            refuse("InvalidArnException", "Invalid arn: " + text);
            return {};
        }
        bool alias = text.compare(0, 6, "alias/") == 0 || (arn.valid && arn.resource.substr(0, 6) == "alias/");
        if (alias && !aliases) {
            refuse("ValidationException", "Invalid keyId '" + text + "': this operation takes a key id or a key ARN, not an alias");
            return {};
        }
        if (arn.valid && arn.region != r.region) {
            not_found(parameter, "Invalid arn " + std::string(arn.region));
            return {};
        }
        for (auto& k : all_keys(w)) {
            if (k.region != r.region) continue;
            auto account = arn.valid ? std::string(arn.account) : r.caller.account;
            if (!account.empty() && k.account != account) continue;
            if (!alias && (k.arn == text || k.id == text)) return k;
            auto name = arn.valid ? std::string(arn.resource) : text;
            auto const* named = k.value->find("aliases");
            if (!alias || !named) continue;
            if (std::any_of(named->items.begin(), named->items.end(), [&](auto const& a) { return a.text == name; })) {
                k.alias = name;
                return k;
            }
        }
        not_found(parameter, alias ? "Alias " + text + " is not found." : arn.valid ? "Key '" + text + "' does not exist" : "Invalid keyId '" + text + "'");
        return {};
    }

    void permit(std::string action, std::optional<KeyRef> key, std::string resource, bool identity_only, Value const* context = nullptr) {
        Permission p;
        p.action = "kms:" + std::move(action);
        p.key = std::move(key);
        p.resource = std::move(resource);
        p.identity_only = identity_only;
        p.encryption_context = pairs_of(context);
        r.permissions.push_back(std::move(p));
    }
    // On the key's ARN, whatever the request calls the key (O-05, IL:R-07)
    void permit_on(std::string action, std::optional<KeyRef> const& key, Value const* context = nullptr) {
        if (key) permit(std::move(action), key, key->arn, false, context);
    }

    /// An alias is its caller's account's; a service calls from none, so there it is the key's.
    std::string alias_arn(std::string_view name, std::optional<KeyRef> const& key) const {
        bool nobodys = r.caller.account.empty() && key;
        auto partition = nobodys ? std::string(parse_arn(key->arn).partition) : r.caller.partition;
        return "arn:" + (partition.empty() ? "aws" : partition) + ":kms:" + r.region + ":" + (nobodys ? key->account : r.caller.account) + ":" + std::string(name);
    }

    std::optional<KeyRef> aliased_key(std::string_view name) {
        for (auto const& k : all_keys(w)) {
            auto const* named = k.value->find("aliases");
            if (k.region == r.region && (r.caller.account.empty() || k.account == r.caller.account) && named &&
                std::any_of(named->items.begin(), named->items.end(), [&](auto const& a) { return a.text == name; }))
                return k;
        }
        refuse("NotFoundException", "Alias " + alias_arn(name, {}) + " is not found.");
        return {};
    }

    // O-04: the key of a symmetric ciphertext stands in its metadata
    std::optional<KeyRef> ciphertext_key(std::string_view parameter) {
        if (auto const* blob = r.parameters.find("CiphertextBlob"); blob && blob->is(Kind::string)) r.ciphertext = read_ciphertext(blob->text);
        if (!r.parameter(parameter).empty()) return resolve(parameter, true);
        if (r.ciphertext) {
            auto key = find_key(w, r.ciphertext->string_or("key"));
            if (key && key->multi_region() && key->region != r.region)    // E-24: the replica of the Region that is asked
                for (auto& k : all_keys(w))
                    if (k.id == key->id && k.account == key->account && k.region == r.region) key = k;
            if (!key) refuse("NotFoundException", "Key '" + std::string(r.ciphertext->string_or("key")) + "' does not exist");
            return key;
        }
        if (auto const* blob = r.parameters.find("CiphertextBlob"))
            r.problems.error(*blob, r.pointer + "/parameters/CiphertextBlob", "request.ciphertextUnknown", "only AWS can read which key made this ciphertext",
                             "add `" + std::string(parameter) + "`, or name the blob of an Encrypt step: \"$encrypt.CiphertextBlob\"");
        return {};
    }

    void permissions() {
        auto const& o = *r.operation;
        auto name = std::string(o.name);
        switch (o.subject) {
            case Subject::account: {    // M-50: listing retirable grants is authorized on the retiring principal
                auto retiring = r.is("ListRetirableGrants") ? std::string(r.parameter("RetiringPrincipal")) : std::string();
                permit(name, {}, retiring.empty() ? "*" : retiring, true);
                auto const* tags = r.parameters.find("Tags");
                if (r.is("CreateKey") && tags && !tags->items.empty()) permit("TagResource", {}, "*", true);
                return;
            }
            case Subject::sourceAndDestination: {
                auto source = ciphertext_key("SourceKeyId");
                auto destination = resolve("DestinationKeyId", true);
                if (!source || !destination) return;
                // each with its own key and context (C-49, O-02, IL:A-06)
                permit_on("ReEncryptFrom", source, r.parameters.find("SourceEncryptionContext"));
                permit_on("ReEncryptTo", destination, r.parameters.find("DestinationEncryptionContext"));
                return;
            }
            case Subject::aliasAndKey: {
                auto key = r.is("CreateAlias") ? resolve("TargetKeyId", false) : aliased_key(r.parameter("AliasName"));
                permit(name, {}, alias_arn(r.parameter("AliasName"), key), true);
                permit_on(name, key);
                return;
            }
            case Subject::aliasAndTwoKeys: {
                auto key = aliased_key(r.parameter("AliasName"));
                permit(name, {}, alias_arn(r.parameter("AliasName"), key), true);
                permit_on(name, key);
                permit_on(name, resolve("TargetKeyId", false));
                return;
            }
            case Subject::keyAndNewKey:
                permit_on(name, resolve("KeyId", false));
                permit("CreateKey", {}, "*", true);
                return;
            case Subject::primaryAndReplica: {
                auto primary = resolve("KeyId", false);
                permit_on(name, primary);
                if (!primary || !primary->multi_region()) return;    // told after authorization
                auto arn = parse_arn(primary->arn);
                auto replica = "arn:" + std::string(arn.partition) + ":kms:" + std::string(r.parameter("PrimaryRegion")) + ":" + primary->account + ":" + std::string(arn.resource);
                auto promoted = find_key(w, replica);
                if (!promoted) refuse("NotFoundException", "Key '" + replica + "' does not exist");
                permit_on(name, promoted);
                return;
            }
            case Subject::key: break;
        }
        if (r.is("RetireGrant")) return retire();
        auto key = r.is("Decrypt") ? ciphertext_key("KeyId") : resolve("KeyId", o.aliases());
        permit_on(name, key, o.encryption_context() ? r.parameters.find("EncryptionContext") : nullptr);
        if (r.is("RevokeGrant") && key) find_grant(*key, r.parameter("GrantId"));
    }

    // M-17
    void retire() {
        auto token = std::string(r.parameter("GrantToken"));
        std::optional<KeyRef> key;
        std::string id;
        if (token.empty()) {
            key = resolve("KeyId", false);
            id = std::string(r.parameter("GrantId"));
        } else {
            auto known = w.tokens.find(token);
            if (known == w.tokens.end()) return refuse("InvalidGrantTokenException", "Invalid grant token.");
            key = find_key(w, known->second.key_arn);
            id = known->second.grant_id;
        }
        if (!key) return;
        permit("RetireGrant", key, key->arn, true);    // M-12
        find_grant(*key, id);
        r.grant_seen = !token.empty() || std::find(w.unpropagated.begin(), w.unpropagated.end(), id) == w.unpropagated.end();
    }

    void find_grant(KeyRef const& key, std::string_view id) {
        auto const* grants = key.value->find("grants");
        if (grants && grants->is(Kind::array))
            for (std::size_t i = 0; i < grants->items.size(); ++i)
                if (grants->items[i].string_or("GrantId") == id) {
                    r.grant = &grants->items[i];
                    r.grant_pointer = key.pointer + "/grants/" + std::to_string(i);
                    return;
                }
        // M-19
        if (!r.is("RetireGrant")) return;    // whether it exists, only the authorized learn
        refuse("NotFoundException", "Grant ID " + std::string(id) + " not found");
    }

    void tokens() {
        auto const* given = r.parameters.find("GrantTokens");
        if (!given) return;
        for (auto const& t : given->items) {
            auto known = w.tokens.find(t.text);
            if (known == w.tokens.end()) return refuse("InvalidGrantTokenException", "Invalid grant token.");    // G-45
            r.tokens.push_back(known->second.grant_id);
        }
    }
};

/// A member that is null is one that is not given, as in every AWS request in JSON.
void drop_nulls(Value& v) {
    if (v.is(Kind::object)) std::erase_if(v.items, [](auto const& m) { return m.is(Kind::null); });
}
}    // namespace

Request read_request(World const& w, Value const& request, std::string pointer, std::string step, bool explain) {
    Request r;
    r.explain = explain;
    r.value = &request;
    r.pointer = std::move(pointer);
    r.step = std::move(step);
    r.operation = find_operation(request.string_or("operation"));
    auto caller = read_caller(w, request.string_or("principal"), request.string_or("sessionOf"));
    if (!caller || !r.operation) return r;
    r.caller = std::move(*caller);
    r.at = std::string(request.string_or("at", w.now));
    if (auto const* p = request.find("parameters"); p && p->is(Kind::object)) r.parameters = *p;
    drop_nulls(r.parameters);
    if (auto* constraints = r.parameters.find("Constraints")) drop_nulls(*constraints);
    if (r.caller.deleted)
        r.problems.error(*request.find("principal"), r.pointer + "/principal", "request.principalDeleted", "this principal is deleted, so it cannot call", "recreate it, or choose another caller");
    Reader reader{w, r};
    reader.fill(r.parameters, r.pointer + "/parameters");
    if (r.problems.errors()) return r;
    reader.find_region();
    if (!r.error) r.error = check_parameters(r);
    if (!r.error) reader.permissions();
    if (!r.error) reader.tokens();
    if (auto id = request.string_or("vpcEndpoint"); !id.empty() && !r.via_service()) {    // IL:E-51
        r.endpoint = find_entry(w, "vpcEndpoints", "id", id);
        if (!r.endpoint.value)
            r.problems.at(Severity::warning, *request.find("vpcEndpoint"), r.pointer + "/vpcEndpoint", "request.endpointUnknown", "`vpcEndpoints` does not list this endpoint, so its policy is taken to allow everything", "list it with its policy");
    }
    fill_context(w, r);
    return r;
}

}    // namespace kms
