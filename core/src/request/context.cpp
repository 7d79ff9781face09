// The condition keys of a request (C-01 … C-35, IL:K-01 … IL:K-08): what follows from caller, key, parameters and path, and what `context` says besides.
#include <algorithm>

#include "policy/condition_keys.hpp"
#include "request/request.hpp"
#include "text/values.hpp"

namespace kms {

namespace {
bool one_of(std::string_view name, std::initializer_list<std::string_view> all) { return std::find(all.begin(), all.end(), name) != all.end(); }

// A key of another operation is absent (C-40); of a key that is in no table nobody knows.
bool exists_for(std::string_view key, Operation const& o) {
    auto const* known = find_condition_key(key);
    return !known || known->supplied_for(o.name);
}

bool multivalued(std::string_view key) {    // IL:K-08
    auto const* known = find_condition_key(key);
    return known && known->multivalued();
}

struct Filler {
    World const& w;
    Request& r;

    void put(Context& c, std::string name, std::string_view value) {
        if (!value.empty()) c.put(std::move(name), {std::string(value)});
    }
    void put_flag(Context& c, std::string name, bool value) { c.put(std::move(name), {value ? "true" : "false"}); }
    void put_parameter(Context& c, std::string name, std::string_view parameter) {
        if (auto const* v = r.parameters.find(parameter); v && !v->text.empty()) c.put(std::move(name), {v->text});
    }

    void organization(Context& c, std::string_view account, std::string const& prefix) {
        auto entry = find_entry(w, "accounts", "id", account);
        auto const* o = entry.value ? entry.value->find("organization") : nullptr;
        if (!o) return;
        put(c, prefix + "OrgID", o->string_or("id"));
        if (auto path = o->string_or("path"); !path.empty()) c.put(prefix + "OrgPaths", {std::string(path)}, true);
    }

    void caller(Context& c) {    // IL:K-01, IL:K-04 … IL:K-07, IL:E-53, C-48
        auto const& who = r.caller;
        bool service = who.form == CallerForm::service;
        put_flag(c, "aws:PrincipalIsAWSService", service);
        put_flag(c, "aws:ViaAWSService", r.via_service());
        if (service) {
            put(c, "aws:PrincipalServiceName", who.arn);
            c.put("aws:PrincipalServiceNamesList", {who.arn}, true);
            return;
        }
        bool session = who.form == CallerForm::session;
        put(c, "aws:PrincipalAccount", who.account);
        put(c, "aws:PrincipalArn", session ? who.entity_arn : who.arn);
        put(c, "aws:PrincipalType", who.form == CallerForm::root ? "Account" : who.form == CallerForm::user ? "User" : session ? "AssumedRole" : "FederatedUser");
        organization(c, who.account, "aws:Principal");
        if (who.form == CallerForm::root) put(c, "aws:userid", who.account);
        if (who.form == CallerForm::federatedUser) put(c, "aws:userid", who.account + ":" + who.session_name);
        if (who.form == CallerForm::user) {
            put(c, "aws:username", who.arn.substr(who.arn.rfind('/') + 1));
            put(c, "aws:userid", who.unique_id);
        }
        if (session && !who.unique_id.empty()) put(c, "aws:userid", who.unique_id + ":" + who.session_name);
        if (session || who.form == CallerForm::federatedUser) put(c, "aws:TokenIssueTime", r.at);    // IL:K-03
        if (auto const* entity = find_pointer(w.root, who.entity_pointer); entity && !who.entity_pointer.empty())
            if (auto const* tags = entity->find("tags"))
                for (auto const& t : tags->items) c.put_pair("aws:PrincipalTag/" + std::string(t.string_or("Key")), std::string(t.string_or("Value")));
        if (auto const* tags = r.value->find("sessionTags"))
            for (auto const& t : tags->items) c.put_pair("aws:PrincipalTag/" + t.key, t.text);
    }

    void call(Context& c, Permission const& p) {    // IL:K-01
        c.put("aws:CurrentTime", {r.at});
        if (auto instant = parse_instant(r.at)) c.put("aws:EpochTime", {std::to_string(instant->seconds)});
        put_flag(c, "aws:SecureTransport", true);
        bool replicates = r.is("ReplicateKey") && !p.key;    // the new key is created in the replica's Region (O-01)
        put(c, "aws:RequestedRegion", replicates ? r.parameter("ReplicaRegion") : r.region);
        if (r.endpoint.value) {    // IL:K-02
            put(c, "aws:SourceVpce", r.endpoint.value->string_or("id"));
            put(c, "aws:SourceVpc", r.endpoint.value->string_or("vpc"));
        } else if (auto id = r.value->string_or("vpcEndpoint"); !id.empty() && !r.via_service()) {
            put(c, "aws:SourceVpce", id);
        }
        if (auto const* tags = r.parameters.find("Tags"); tags && one_of(r.operation->name, {"TagResource", "CreateKey", "ReplicateKey"})) {
            std::vector<std::string> names;
            for (auto const& t : tags->items) {
                names.emplace_back(t.string_or("TagKey"));
                c.put_pair("aws:RequestTag/" + names.back(), std::string(t.string_or("TagValue")));
            }
            c.put("aws:TagKeys", std::move(names), true);
        }
        if (auto const* keys = r.parameters.find("TagKeys"); keys && r.is("UntagResource")) {
            std::vector<std::string> names;
            for (auto const& k : keys->items) names.push_back(k.text);
            c.put("aws:TagKeys", std::move(names), true);
        }
    }

    void key(Context& c, KeyRef const& k) {    // C-14 … C-19, C-21, C-50
        put(c, "aws:ResourceAccount", k.account);
        organization(c, k.account, "aws:Resource");
        if (auto const* tags = k.value->find("tags"))
            for (auto const& t : tags->items) c.put_pair("aws:ResourceTag/" + std::string(t.string_or("TagKey")), std::string(t.string_or("TagValue")));
        put(c, "kms:KeySpec", k.spec());
        put(c, "kms:CustomerMasterKeySpec", k.spec());
        put(c, "kms:KeyUsage", k.usage());
        put(c, "kms:CustomerMasterKeyUsage", k.usage());
        put(c, "kms:KeyOrigin", k.metadata("Origin", "AWS_KMS"));
        put_flag(c, "kms:MultiRegion", k.multi_region());
        if (auto const* configuration = k.value->find("metadata")->find("MultiRegionConfiguration")) put(c, "kms:MultiRegionKeyType", configuration->string_or("MultiRegionKeyType"));
        if (auto const* aliases = k.value->find("aliases"); aliases && !aliases->items.empty() && aliases->items.size() <= 50) {    // C-21
            std::vector<std::string> names;
            for (auto const& a : aliases->items) names.push_back(a.text);
            c.put("kms:ResourceAliases", std::move(names), true);
        }
    }

    void encryption_context(Context& c, Value const* pairs) {    // C-03, C-04
        if (!pairs || !pairs->is(Kind::object) || pairs->items.empty()) return;
        std::vector<std::string> names;
        for (auto const& p : pairs->items) {
            names.push_back(p.key);
            c.put_pair("kms:EncryptionContext:" + p.key, p.text);
        }
        c.put("kms:EncryptionContextKeys", std::move(names), true);
    }
    // C-05, C-44, C-45, M-16, A-15: of CreateGrant it is the requested constraint, of RetireGrant the grant's own
    void grant_constraint(Context& c, Value const* constraints) {
        if (!constraints) return;
        for (char const* name : {"EncryptionContextEquals", "EncryptionContextSubset"})
            if (auto const* pairs = constraints->find(name); pairs && !pairs->items.empty()) {    // a map without pairs is no constraint
                encryption_context(c, pairs);
                put(c, "kms:GrantConstraintType", name);
            }
    }

    void operation(Context& c, Permission const& p) {
        auto const& o = *r.operation;
        if (o.subject != Subject::account) {
            put(c, "kms:CallerAccount", r.caller.account);
            if (one_of(o.name, {"CreateGrant", "ListGrants", "RevokeGrant"})) put_flag(c, "kms:GrantIsForAWSResource", r.via_service());
        } else if (exists_for("kms:CallerAccount", o)) {
            put(c, "kms:CallerAccount", r.caller.account);
        }
        if (o.encryption_context()) {
            auto pairs = Value::object();
            for (auto const& e : p.encryption_context) pairs.set(e.name, Value::str(e.value));
            bool symmetric = !p.key || p.key->spec() == "SYMMETRIC_DEFAULT";
            if (symmetric) encryption_context(c, &pairs);    // G-25
            bool destination = p.action == "kms:ReEncryptTo";
            auto algorithm = r.is("ReEncrypt") ? r.parameter(destination ? "DestinationEncryptionAlgorithm" : "SourceEncryptionAlgorithm") : r.parameter("EncryptionAlgorithm");
            put(c, "kms:EncryptionAlgorithm", algorithm.empty() && symmetric ? "SYMMETRIC_DEFAULT" : algorithm);
        }
        if (o.aliases() && p.key) put(c, "kms:RequestAlias", p.key->alias);    // C-20, C-51
        if (r.is("CreateGrant")) {    // C-06 … C-12, C-47, P-32
            put_parameter(c, "kms:GranteePrincipal", "GranteePrincipal");
            put_parameter(c, "kms:GranteeServicePrincipal", "GranteeServicePrincipal");
            put_parameter(c, "kms:RetiringPrincipal", "RetiringPrincipal");
            put_parameter(c, "kms:RetiringServicePrincipal", "RetiringServicePrincipal");
            auto const* constraints = r.parameters.find("Constraints");
            grant_constraint(c, constraints);
            if (constraints) put(c, "kms:GrantConstraintSourceArn", constraints->string_or("SourceArn"));
            std::vector<std::string> operations;
            if (auto const* all = r.parameters.find("Operations"))
                for (auto const& one : all->items) operations.push_back(one.text);
            c.put("kms:GrantOperations", std::move(operations), true);
        }
        if (r.is("RetireGrant") && r.grant) grant_constraint(c, r.grant->find("Constraints"));
        if (r.is("ReEncrypt") && r.permissions.size() == 2) put_flag(c, "kms:ReEncryptOnSameKey", r.permissions[0].resource == r.permissions[1].resource);
        static constexpr std::pair<std::string_view, std::string_view> from_parameters[] = {
            {"SigningAlgorithm", "kms:SigningAlgorithm"}, {"MacAlgorithm", "kms:MacAlgorithm"}, {"KeyAgreementAlgorithm", "kms:KeyAgreementAlgorithm"}, {"KeyPairSpec", "kms:DataKeyPairSpec"},
            {"BypassPolicyLockoutSafetyCheck", "kms:BypassPolicyLockoutSafetyCheck"}, {"ExpirationModel", "kms:ExpirationModel"}, {"ValidTo", "kms:ValidTo"}, {"WrappingAlgorithm", "kms:WrappingAlgorithm"},
            {"WrappingKeySpec", "kms:WrappingKeySpec"}, {"PrimaryRegion", "kms:PrimaryRegion"}, {"ReplicaRegion", "kms:ReplicaRegion"}, {"RotationPeriodInDays", "kms:RotationPeriodInDays"}};
        for (auto const& [parameter, name] : from_parameters)
            if (exists_for(name, o)) put_parameter(c, std::string(name), parameter);
        if (o.suits == Suits::signing) put(c, "kms:MessageType", r.parameter("MessageType").empty() ? "RAW" : r.parameter("MessageType"));
        if (r.is("ScheduleKeyDeletion")) {
            auto const* window = r.parameters.find("PendingWindowInDays");
            put(c, "kms:ScheduleKeyDeletionPendingWindowInDays", window ? std::string_view(window->text) : "30");
        }
        if (r.is("CreateKey")) {
            auto with_default = [&](std::string_view parameter, std::string_view otherwise) { return std::string(r.parameter(parameter).empty() ? otherwise : r.parameter(parameter)); };
            put(c, "kms:KeySpec", with_default("KeySpec", "SYMMETRIC_DEFAULT"));
            put(c, "kms:KeyUsage", with_default("KeyUsage", "ENCRYPT_DECRYPT"));
            put(c, "kms:CustomerMasterKeySpec", with_default("KeySpec", "SYMMETRIC_DEFAULT"));
            put(c, "kms:CustomerMasterKeyUsage", with_default("KeyUsage", "ENCRYPT_DECRYPT"));
            put(c, "kms:KeyOrigin", with_default("Origin", "AWS_KMS"));
            auto const* multi = r.parameters.find("MultiRegion");
            put_flag(c, "kms:MultiRegion", multi && multi->text == "true");
            if (multi && multi->text == "true") put(c, "kms:MultiRegionKeyType", "PRIMARY");
        }
    }

    void given(Context& c, bool report) {    // what only the scenario can know: C-02, C-29, C-35, L-06, L-07
        auto const* all = r.value->find("context");
        if (!all) return;
        for (auto const& m : all->items) {
            auto here = r.pointer + "/context" + pointer_step(m.key);
            if (!exists_for(m.key, *r.operation)) {
                if (report) r.problems.at(Severity::warning, m, here, "request.contextKeyIgnored", std::string(r.operation->name) + " never has `" + m.key + "`", "remove it; policies that test it see no value").params.set("key", m.key);
                continue;
            }
            std::vector<std::string> values;
            if (m.is(Kind::array))
                for (auto const& v : m.items) values.push_back(v.text);
            else
                values.push_back(m.text);
            auto const* derived = c.find(m.key);
            if (report && derived && derived->values != values)
                r.problems.at(Severity::warning, m, here, "request.contextContradicts", "`" + m.key + "` would be " + (derived->values.empty() ? "absent" : "`" + derived->values[0] + "`") + " here; the given value is used", "remove it to let the engine fill it in").params.set("key", m.key);
            c.put(m.key, std::move(values), m.is(Kind::array) || multivalued(m.key));
        }
    }
};
}    // namespace

void fill_context(World const& w, Request& r) {
    Filler filler{w, r};
    bool first = true;
    for (auto& p : r.permissions) {
        filler.caller(p.context);
        filler.call(p.context, p);
        if (p.key) filler.key(p.context, *p.key);
        filler.operation(p.context, p);
        filler.given(p.context, first);
        first = false;
    }
}

}    // namespace kms
