// What each operation answers and changes once it is allowed, in the shapes of the API.
#include <algorithm>

#include "perform/perform.hpp"

namespace kms {

namespace {
std::string cli_time(std::string_view utc) { return std::string(utc.substr(0, 19)) + "+00:00"; }

std::string uuid_of(std::string const& hex) { return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20, 12); }

Value metadata_of(KeyRef const& k) {
    auto const& given = *k.value->find("metadata");
    auto m = Value::object();
    m.set("AWSAccountId", k.account);
    m.set("KeyId", k.id);
    m.set("Arn", k.arn);
    m.set("Enabled", Value::boolean(k.state() == "Enabled"));
    m.set("Description", "");
    m.set("KeyUsage", k.usage());
    m.set("KeyState", k.state());
    m.set("Origin", k.metadata("Origin", "AWS_KMS"));
    m.set("KeyManager", k.metadata("KeyManager", "CUSTOMER"));
    m.set("KeySpec", k.spec());
    m.set("MultiRegion", Value::boolean(k.multi_region()));
    for (auto const& member : given.items)
        if (member.key != "Enabled") m.set(member.key, member);
    return m;
}

Value with_name_first(Value const& grant) {    // list-grants shows an empty name where there is none
    auto out = grant;
    if (!out.find("Name")) out.set("Name", "");
    return out;
}

struct Maker {
    World const& w;
    Request const& r;
    Effect e{};

    KeyRef const& key() const { return *r.key(); }
    void answer(std::string_view name, Value value) { e.response.set(name, std::move(value)); }
    void answer_key() { answer("KeyId", Value::str(key().arn)); }
    std::string make_id(std::string_view what) { return derived_hex(std::string(what) + "#" + std::to_string(w.made + ++e.made)); }
    void set_state(std::string_view state) { e.set.emplace_back(key().pointer + "/metadata/KeyState", Value::str(state)); }

    // M-09, G-09, G-10, L-02
    void create_grant() {
        static constexpr std::string_view copied[] = {"GranteePrincipal", "GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal"};
        auto account = r.caller.account.empty() ? key().account : r.caller.account;
        auto partition = r.caller.partition.empty() ? std::string("aws") : r.caller.partition;
        auto grant = Value::object();
        grant.set("KeyId", key().arn);
        grant.set("GrantId", "");
        grant.set("Name", r.parameter("Name"));
        grant.set("CreationDate", cli_time(r.at));
        for (auto name : copied)
            if (auto const* v = r.parameters.find(name); v && !v->text.empty()) grant.set(name, *v);
        grant.set("IssuingAccount", "arn:" + partition + ":iam::" + account + ":root");
        grant.set("Operations", *r.parameters.find("Operations"));
        if (auto const* constraints = r.parameters.find("Constraints"); constraints && !constraints->items.empty()) grant.set("Constraints", *constraints);
        auto seed = write_json(grant);
        e.grant_id = same_named_grant(grant);
        bool fresh = e.grant_id.empty();
        if (fresh) e.grant_id = make_id(seed);
        e.token = "AQpA" + make_id(seed + e.grant_id);
        grant.set("GrantId", e.grant_id);
        answer("GrantToken", Value::str(e.token));
        answer("GrantId", Value::str(e.grant_id));
        if (!fresh) return;
        bool first = key().value->find("grants") == nullptr;
        if (first) e.set.emplace_back(key().pointer + "/grants", Value::array());
        e.set.emplace_back(key().pointer + "/grants/-", std::move(grant));
    }
    std::string same_named_grant(Value const& asked) const {
        auto const* all = key().value->find("grants");
        if (r.parameter("Name").empty() || !all) return {};
        auto comparable = [](Value g) {
            g.items.erase(std::remove_if(g.items.begin(), g.items.end(), [](auto const& m) { return m.key == "GrantId" || m.key == "CreationDate"; }), g.items.end());
            return g;
        };
        for (auto const& g : all->items)
            if (comparable(g) == comparable(asked)) return std::string(g.string_or("GrantId"));
        return {};
    }

    void list(std::vector<Value> all) {
        auto const* limit = r.parameters.find("Limit");
        std::size_t most = limit ? std::strtoull(limit->text.c_str(), nullptr, 10) : 50;
        auto grants = Value::array();
        for (std::size_t i = 0; i < all.size() && i < most; ++i) grants.push(with_name_first(all[i]));
        answer("Grants", std::move(grants));
        answer("Truncated", Value::boolean(all.size() > most));
        if (all.size() > most) answer("NextMarker", Value::str(derived_hex(all[most].string_or("GrantId")).substr(0, 32)));
    }
    void list_grants() {    // G-40: no tokens
        std::vector<Value> out;
        if (auto const* all = key().value->find("grants"))
            for (auto const& g : all->items)
                if (matches(g, "GrantId") && matches(g, "GranteePrincipal") && matches(g, "GranteeServicePrincipal")) out.push_back(g);
        list(std::move(out));
    }
    bool matches(Value const& g, std::string_view field) const { return r.parameter(field).empty() || g.string_or(field) == r.parameter(field); }
    void list_retirable() {    // M-51, M-52, L-22
        std::vector<Value> out;
        for (auto const& k : all_keys(w)) {
            auto const* all = k.value->find("grants");
            if (k.region != r.region || !all || !all->is(Kind::array)) continue;
            for (auto const& g : all->items)
                for (char const* field : {"RetiringPrincipal", "RetiringServicePrincipal"})
                    if (!r.parameter(field).empty() && g.string_or(field) == r.parameter(field)) out.push_back(g);
        }
        list(std::move(out));
    }

    void tag() {
        auto tags = key().value->find("tags") ? *key().value->find("tags") : Value::array();
        auto drop = [&](std::string_view name) { tags.items.erase(std::remove_if(tags.items.begin(), tags.items.end(), [&](auto const& t) { return t.string_or("TagKey") == name; }), tags.items.end()); };
        if (auto const* given = r.parameters.find("Tags"); given && r.is("TagResource"))
            for (auto const& t : given->items) {
                drop(t.string_or("TagKey"));
                tags.push(t);
            }
        if (auto const* names = r.parameters.find("TagKeys"))
            for (auto const& n : names->items) drop(n.text);
        e.set.emplace_back(key().pointer + "/tags", std::move(tags));
    }

    void move_alias() {
        auto name = r.parameter("AliasName");
        auto without = [&](KeyRef const& k) {
            auto all = k.value->find("aliases") ? *k.value->find("aliases") : Value::array();
            all.items.erase(std::remove_if(all.items.begin(), all.items.end(), [&](auto const& a) { return a.text == name; }), all.items.end());
            return all;
        };
        for (std::size_t i = 1; i < r.permissions.size(); ++i) {
            auto const& k = *r.permissions[i].key;
            auto all = without(k);
            if (r.is("CreateAlias") || i == 2) all.push(Value::str(name));
            e.set.emplace_back(k.pointer + "/aliases", std::move(all));
        }
    }

    void create_key() {
        auto id = uuid_of(make_id("key"));
        auto partition = r.caller.partition.empty() ? std::string("aws") : r.caller.partition;
        auto metadata = Value::object();
        metadata.set("Arn", "arn:" + partition + ":kms:" + r.region + ":" + r.caller.account + ":key/" + id);
        for (char const* name : {"KeySpec", "KeyUsage", "Origin", "Description"})
            if (!r.parameter(name).empty()) metadata.set(name, Value::str(r.parameter(name)));
        if (auto const* multi = r.parameters.find("MultiRegion")) metadata.set("MultiRegion", *multi);
        metadata.set("CreationDate", cli_time(r.at));
        if (r.parameter("Origin") == "EXTERNAL") metadata.set("KeyState", "PendingImport");
        auto made = Value::object();
        made.set("metadata", std::move(metadata));
        auto const* policy = r.parameters.find("Policy");
        made.set("policy", policy ? *policy : parse_json(R"({"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:)" + partition + ":iam::" + r.caller.account + R"(:root"},"Action":"kms:*","Resource":"*"}]})", no_text).value);
        made.set("grants", Value::array());
        if (auto const* tags = r.parameters.find("Tags")) made.set("tags", *tags);
        KeyRef ref{0, std::string(made.find("metadata")->string_or("Arn")), r.caller.account, r.region, id, "", &made, ""};
        answer("KeyMetadata", metadata_of(ref));
        if (!w.root.find("keys")) e.set.emplace_back("/keys", Value::array());
        e.set.emplace_back("/keys/-", std::move(made));
    }

    void ciphertext(std::string_view field, KeyRef const& k, EncryptionContext const& context) { answer(field, Value::str(make_ciphertext(k.arn, context))); }
    void algorithm(std::string_view field, std::string_view given) { answer(field, Value::str(given.empty() ? "SYMMETRIC_DEFAULT" : given)); }

    void cryptographic() {
        auto const& context = r.permissions[0].encryption_context;
        if (r.is("Encrypt") || r.is("GenerateDataKey") || r.is("GenerateDataKeyWithoutPlaintext")) ciphertext("CiphertextBlob", key(), context);
        if (r.is("GenerateDataKeyPair") || r.is("GenerateDataKeyPairWithoutPlaintext")) ciphertext("PrivateKeyCiphertextBlob", key(), context);
        if (!r.is("ReEncrypt")) answer_key();
        if (r.is("Encrypt") || r.is("Decrypt")) algorithm("EncryptionAlgorithm", r.parameter("EncryptionAlgorithm"));
        if (!r.is("ReEncrypt")) return;
        auto const& destination = r.permissions[1];
        ciphertext("CiphertextBlob", *destination.key, destination.encryption_context);
        answer("SourceKeyId", Value::str(key().arn));
        answer("KeyId", Value::str(destination.key->arn));
        algorithm("SourceEncryptionAlgorithm", r.parameter("SourceEncryptionAlgorithm"));
        algorithm("DestinationEncryptionAlgorithm", r.parameter("DestinationEncryptionAlgorithm"));
    }

    void list_keys(bool aliases) {
        auto out = Value::array();
        for (auto const& k : all_keys(w)) {
            if (k.account != r.caller.account || k.region != r.region) continue;
            auto entry = Value::object();
            if (!aliases) {
                entry.set("KeyId", k.id);
                entry.set("KeyArn", k.arn);
                out.push(entry);
            } else if (auto const* names = k.value->find("aliases")) {
                for (auto const& n : names->items) {
                    entry.set("AliasName", n.text);
                    entry.set("AliasArn", k.arn.substr(0, k.arn.find(":key/") + 1) + n.text);
                    entry.set("TargetKeyId", k.id);
                    out.push(entry);
                }
            }
        }
        answer(aliases ? "Aliases" : "Keys", std::move(out));
        answer("Truncated", Value::boolean(false));
    }

    Effect run() {
        if (r.operation->states == StateRow::cryptographic) cryptographic();
        else if (r.operation->states == StateRow::signing) answer_key();
        if (r.is("CreateGrant")) create_grant();
        if (r.is("ListGrants")) list_grants();
        if (r.is("ListRetirableGrants")) list_retirable();
        if (r.is("RetireGrant") || r.is("RevokeGrant")) e.remove = r.grant_pointer;    // this one and no other (G-12, M-08, A-14)
        if (r.is("DescribeKey")) answer("KeyMetadata", metadata_of(key()));
        if (r.is("EnableKey")) set_state("Enabled");
        if (r.is("DisableKey")) set_state("Disabled");
        if (r.is("ScheduleKeyDeletion")) {
            set_state("PendingDeletion");
            answer_key();
            answer("KeyState", Value::str("PendingDeletion"));
            auto const* window = r.parameters.find("PendingWindowInDays");
            answer("PendingWindowInDays", window ? *window : Value::num(30));
        }
        if (r.is("CancelKeyDeletion")) {
            set_state("Disabled");
            answer_key();
        }
        if (r.is("PutKeyPolicy")) e.set.emplace_back(key().pointer + "/policy", *r.parameters.find("Policy"));
        if (r.is("GetKeyPolicy")) {
            auto const* policy = key().value->find("policy");
            answer("Policy", Value::str(policy ? write_json(*policy) : ""));
            answer("PolicyName", Value::str("default"));
        }
        if (r.is("ListKeyPolicies")) {
            answer("PolicyNames", Value::strings({"default"}));
            answer("Truncated", Value::boolean(false));
        }
        if (r.is("TagResource") || r.is("UntagResource")) tag();
        if (r.is("ListResourceTags")) {
            answer("Tags", key().value->find("tags") ? *key().value->find("tags") : Value::array());
            answer("Truncated", Value::boolean(false));
        }
        if (r.is("UpdateKeyDescription")) e.set.emplace_back(key().pointer + "/metadata/Description", Value::str(r.parameter("Description")));
        if (r.operation->subject == Subject::aliasAndKey || r.operation->subject == Subject::aliasAndTwoKeys) move_alias();
        if (r.is("CreateKey")) create_key();
        if (r.is("ListKeys") || r.is("ListAliases")) list_keys(r.is("ListAliases"));
        return std::move(e);
    }
};

/// A principal that is gone, a unique id that nobody has any more (P-10), or a role's name with another path than the role of that name has (IL:P-06).
bool names_nobody(World const& w, std::string_view principal) {
    bool id = principal.substr(0, 4) == "AROA" || principal.substr(0, 4) == "AIDA";
    if (id) return !find_entry(w, "principals", "uniqueId", principal).value;
    if (auto listed = find_entry(w, "principals", "arn", principal); listed.value) {
        auto const* deleted = listed.value->find("deleted");
        return deleted && deleted->text == "true";
    }
    auto arn = parse_arn(principal);
    auto const* all = w.root.find("principals");
    if (!arn.valid || arn.resource.substr(0, 5) != "role/" || !all) return false;
    return std::any_of(all->items.begin(), all->items.end(), [&](auto const& other) {
        auto a = parse_arn(other.string_or("arn"));
        return a.valid && a.account == arn.account && a.resource.substr(0, 5) == "role/" && a.resource.substr(a.resource.rfind('/')) == arn.resource.substr(arn.resource.rfind('/'));
    });
}

// G-13, G-28, P-24, G-06, M-10
std::optional<ApiError> create_grant_error(World const& w, Request const& r, Readings const& readings) {
    auto const& key = *r.key();
    auto invalid = [](std::string why) { return ApiError{"ValidationException", "1 validation error detected: " + std::move(why)}; };
    auto const* constraints = r.parameters.find("Constraints");
    auto holds_pairs = [&](std::string_view name) {
        auto const* pairs = constraints ? constraints->find(name) : nullptr;
        return pairs && !pairs->items.empty();
    };
    bool context_constraint = readings.is("A-11", "neverMatches") && (holds_pairs("EncryptionContextEquals") || holds_pairs("EncryptionContextSubset"));
    bool store = key.in_custom_key_store();
    for (auto const& name : r.parameters.find("Operations")->items) {
        auto const& o = *find_operation(name.text);
        bool pair = name.text.find("KeyPair") != std::string::npos;
        if (!suits(o.suits, key.spec(), key.usage()) || (pair && store)) return invalid("the operation " + name.text + " cannot be performed with a key of spec " + key.spec() + " and usage " + key.usage());
        bool cryptographic = o.suits != Suits::anyKey && o.suits != Suits::publicKey;
        if (context_constraint && cryptographic && key.spec() != "SYMMETRIC_DEFAULT") return invalid("an encryption context constraint cannot be used with " + name.text + " on a key of spec " + key.spec());
    }
    for (char const* field : {"GranteePrincipal", "RetiringPrincipal"})    // P-24
        if (names_nobody(w, r.parameter(field))) return ApiError{"InvalidArnException", "ARN does not refer to a valid principal: " + std::string(r.parameter(field))};
    auto const* grants = key.value->find("grants");
    if (grants && grants->items.size() >= 50000) return ApiError{"LimitExceededException", "Number of grants on this key exceeds the quota of 50000"};
    return {};
}

bool names_nobody_in(World const& w, Value const& v) {
    if (v.is(Kind::string)) return names_nobody(w, v.text);
    return std::any_of(v.items.begin(), v.items.end(), [&](auto const& item) { return names_nobody_in(w, item); });
}

// P-09, P-13, P-14
std::optional<ApiError> put_policy_error(World const& w, Request const& r, std::vector<std::string>* assumptions) {
    auto const& given = *r.parameters.find("Policy");
    auto text = given.is(Kind::string) ? given.text : write_json(given);
    auto malformed = [](std::string why) { return ApiError{"MalformedPolicyDocumentException", std::move(why)}; };
    if (text.size() > 32768) return ApiError{"LimitExceededException", "Policy size exceeds the quota of 32768 bytes"};
    auto parsed = parse_json(text, no_text);
    if (!parsed.problems.empty()) return malformed("Policy is not valid JSON: " + parsed.problems[0].message);
    Problems problems;
    check_policy(parsed.value, PolicyType::keyPolicy, "", problems);
    for (auto const& d : problems.all)
        if (d.severity == Severity::error) return malformed(d.code == "policy.overlyPermissiveCondition" ? "OverlyPermissiveCondition: " + d.message : "Policy contains an error: " + d.message);    // C-43
    if (auto const* statements = parsed.value.find("Statement")) {
        auto one = [&](Value const& s) {
            auto const* p = s.find("Principal");
            return p && names_nobody_in(w, *p);
        };
        if (statements->is(Kind::array) ? std::any_of(statements->items.begin(), statements->items.end(), one) : one(*statements)) return malformed("Policy contains a statement with one or more invalid principals.");
    }
    auto const* bypass = r.parameters.find("BypassPolicyLockoutSafetyCheck");
    if (bypass && bypass->text == "true") return {};
    auto after = w;
    auto request = *r.value;
    std::string arn;
    if (r.is("CreateKey")) {
        auto made = effect_of(w, r);
        for (auto const& [where, value] : made.set) set_at(after, where, value, problems);
        arn = std::string(made.response.find("KeyMetadata")->string_or("Arn"));
    } else {
        arn = r.key()->arn;
        set_at(after, r.key()->pointer + "/policy", parsed.value, problems);
    }
    request.set("operation", "PutKeyPolicy");
    auto parameters = params_of({{"KeyId", Value::str(arn)}, {"Policy", Value::str(text)}});
    if (bypass) parameters.set("BypassPolicyLockoutSafetyCheck", *bypass);
    request.set("parameters", std::move(parameters));
    auto again = read_request(after, request, r.pointer, "");
    auto verdict = authorize(after, again);
    if (assumptions)
        for (auto const& id : verdict.assumptions)    // whether no statement allows it or one denies it, the policy is refused alike
            for (auto other : w.readings.others(id)) {
                after.readings = w.readings;
                after.readings.choose(id, other);
                if (authorize(after, again).allowed() != verdict.allowed()) assumptions->push_back(id);
            }
    if (again.error || !verdict.allowed()) return malformed("The new key policy will not allow you to update the key policy in the future.");
    return {};
}

std::optional<ApiError> usage_error(Request const& r) {
    for (auto const& p : r.permissions) {
        if (!p.key) continue;
        auto const& o = *r.operation;
        if (o.suits == Suits::importedKey) continue;
        bool store = p.key->in_custom_key_store();
        if (o.suits == Suits::multiRegionKey && !p.key->multi_region()) return ApiError{"UnsupportedOperationException", p.key->arn + " is not a multi-Region key."};
        if (store && o.name.find("KeyPair") != std::string_view::npos) return ApiError{"UnsupportedOperationException", p.key->arn + " is in a custom key store, which is not valid for this operation."};
        if (suits(o.suits, p.key->spec(), p.key->usage())) continue;
        bool unsupported = o.suits == Suits::publicKey || o.states == StateRow::rotation;
        return ApiError{unsupported ? "UnsupportedOperationException" : "InvalidKeyUsageException",
                        p.key->arn + " key usage is " + p.key->usage() + " which is not valid for " + std::string(o.name) + "."};
    }
    return {};
}

// G-30, G-31, O-04
std::optional<ApiError> ciphertext_error(Request const& r) {
    if (!r.ciphertext) return {};
    if (r.ignores_ciphertext()) return {};
    auto made_by = r.ciphertext->string_or("key");
    auto const& key = *r.key();
    bool replica = key.multi_region() && made_by.substr(made_by.rfind('/') + 1) == key.id;
    if (made_by != key.arn && !replica) return ApiError{"IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation."};
    auto pairs = Value::object();
    for (auto const& p : r.permissions[0].encryption_context) pairs.set(p.name, Value::str(p.value));
    if (!(pairs == *r.ciphertext->find("context"))) return ApiError{"InvalidCiphertextException", ""};
    return {};
}
}    // namespace

Effect effect_of(World const& w, Request const& r) { return Maker{w, r}.run(); }

std::optional<ApiError> request_error(World const& w, Request const& r, Readings const& readings) {
    if (r.is("CreateGrant")) return create_grant_error(w, r, readings);
    if (r.is("RevokeGrant") && !r.grant) return ApiError{"NotFoundException", "Grant ID " + std::string(r.parameter("GrantId")) + " not found"};    // M-33
    return {};
}

std::optional<ApiError> late_error(World const& w, Request const& r, std::vector<std::string>* assumptions) {
    if (auto error = usage_error(r)) return error;
    if (auto error = ciphertext_error(r)) return error;
    if (r.is("PutKeyPolicy") || (r.is("CreateKey") && r.parameters.find("Policy"))) return put_policy_error(w, r, assumptions);
    if (r.is("CreateAlias") || r.is("UpdateAlias") || r.is("DeleteAlias")) {
        auto name = r.parameter("AliasName");
        // E-25
        if (name.substr(0, 10) == "alias/aws/") return ApiError{"NotAuthorizedException", "Aliases that begin with alias/aws/ are reserved."};
        if (r.is("UpdateAlias")) {    // both keys of one type and usage
            auto type = [](KeyRef const& k) { return k.spec() == "SYMMETRIC_DEFAULT" ? 0 : k.spec().compare(0, 5, "HMAC_") == 0 ? 1 : 2; };
            auto const &old_key = *r.permissions[1].key, &new_key = *r.permissions[2].key;
            if (type(old_key) != type(new_key) || old_key.usage() != new_key.usage())
                return ApiError{"ValidationException", "The new key " + new_key.arn + " must have the same type and key usage as the current key " + old_key.arn};
        }
        if (r.is("CreateAlias"))
            for (auto const& k : all_keys(w))
                if (auto const* all = k.value->find("aliases"); all && k.region == r.region && k.account == r.caller.account)
                    for (auto const& a : all->items)
                        if (a.text == name) return ApiError{"AlreadyExistsException", "An alias with the name " + std::string(name) + " already exists"};
    }
    if (r.is("ListRetirableGrants")) {    // M-51
        auto arn = parse_arn(r.parameter("RetiringPrincipal"));
        if (arn.valid && arn.account != r.caller.account) return ApiError{"InvalidArnException", "The retiring principal must be in the caller's account: " + std::string(r.parameter("RetiringPrincipal"))};
    }
    return {};
}

}    // namespace kms
