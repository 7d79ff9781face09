// What would let a denied request through: where to allow it, and the narrower choice. Each is a code with params; the page words it.
#include <algorithm>

#include "report/report.hpp"

namespace kms {

namespace {
Value remedy(std::string_view code, Value params, std::string_view pointer = {}) {
    auto v = Value::object();
    v.set("code", code);
    v.set("params", std::move(params));
    if (!pointer.empty()) v.set("pointer", pointer);
    return v;
}

Value allow(std::string_view action, std::string_view resource, std::string_view principal) {
    auto s = Value::object();
    s.set("Effect", "Allow");
    if (!principal.empty()) {
        bool service = principal.substr(0, 4) != "arn:";
        s.set("Principal", params_of({{service ? "Service" : "AWS", Value::str(principal)}}));
    }
    s.set("Action", action);
    s.set("Resource", resource);
    return s;
}

struct Remedies {
    Answer const& a;
    Value out = Value::array();

    Verdict const& verdict() const { return *a.verdict; }
    Request const& request() const { return a.request; }
    std::string who() const { return request().caller.entity_arn.empty() ? request().caller.arn : request().caller.entity_arn; }

    void in_identity_policy() {
        auto p = params_of({{"principal", Value::str(who())}, {"action", Value::str(verdict().action)}, {"resource", Value::str(verdict().resource)}});
        p.set("statement", allow(verdict().action, verdict().resource, {}));
        out.push(remedy("remedy.identityPolicy", std::move(p), request().caller.entity_pointer));
    }
    void in_key_policy(KeyRef const& key) {
        bool foreign = !request().caller.account.empty() && key.account != request().caller.account;
        auto principal = foreign ? "arn:" + request().caller.partition + ":iam::" + request().caller.account + ":root" : who();
        auto p = params_of({{"principal", Value::str(principal)}, {"action", Value::str(verdict().action)}, {"key", Value::str(key.arn)}});
        p.set("statement", allow(verdict().action, "*", principal));
        out.push(remedy("remedy.keyPolicy", std::move(p), key.pointer + "/policy"));
    }
    // The narrower choice: one key, one grantee, one operation, this encryption context (G-01).
    // `from`: the account that has to create it, where that is not the key's.
    bool by_grant(Permission const& permission, std::string_view from = {}) {
        auto operation = verdict().action.substr(4);
        auto const* o = find_operation(operation);
        // a grant that lets create grants has to hold all that these are to hold: no narrower choice
        if (!o || !o->grantable() || request().is("RetireGrant") || request().is("CreateGrant") || request().caller.form == CallerForm::root || request().caller.form == CallerForm::service) return false;
        auto p = params_of({{"grantee", Value::str(from.empty() ? request().caller.arn : who())}, {"operation", Value::str(operation)}, {"key", Value::str(permission.key->arn)}});
        if (!from.empty()) p.set("account", from);
        if (!permission.encryption_context.empty() && permission.key->spec() == "SYMMETRIC_DEFAULT") {    // G-25
            auto pairs = Value::object();
            for (auto const& pair : permission.encryption_context) pairs.set(pair.name, Value::str(pair.value));
            p.set("encryptionContext", std::move(pairs));
        }
        out.push(remedy(from.empty() ? "remedy.createGrant" : "remedy.createGrantFrom", std::move(p), permission.key->pointer + "/grants"));
        return true;
    }
    void tell(std::string_view code, Value params) { out.push(remedy(code, std::move(params))); }
    void allow_in(std::string_view policy_type) {
        tell("remedy.allowIn", params_of({{"policyType", Value::str(policy_type)}, {"action", Value::str(verdict().action)}, {"resource", Value::str(verdict().resource)}}));
    }
    bool says_no(Node node) const { return verdict().flow[static_cast<std::size_t>(node)] == Outcome::no; }
    // A grant that names the caller and fails at one test is the likeliest cause.
    void near_grants() {
        for (auto const& entry : verdict().trace.items) {
            auto reason = entry.string_or("reason");
            bool near = reason.substr(0, 11) == "constraint." || reason.substr(0, 10) == "sourceArn." || reason == "grantee.otherSession" || reason == "grantee.orphaned" || reason == "visibility.needsToken" || reason == "operation.noMatch" ||
                        reason.substr(0, 7) == "parent.";
            if (entry.string_or("kind") != "grant" || entry.string_or("outcome") == "matched" || !near) continue;
            auto p = params_of({{"grantId", Value::str(entry.string_or("grantId"))}, {"reason", Value::str(reason)}});
            p.set("details", *entry.find("params"));
            out.push(remedy("remedy.grantAlmostMatches", std::move(p), entry.string_or("pointer")));
        }
    }

    void implicit() {
        auto const& by = verdict().message_policy;
        auto permission = std::find_if(request().permissions.begin(), request().permissions.end(), [&](auto const& p) { return p.action == verdict().action && p.resource == verdict().resource; });
        bool on_key = permission != request().permissions.end() && permission->key;
        if (on_key) near_grants();
        if (request().is("RetireGrant")) return retire();
        auto const& caller = request().caller;
        bool linked = is_service_linked(caller);    // nobody but AWS changes the policies of such a role
        bool foreign = on_key && !caller.account.empty() && caller.account != permission->key->account;
        for (auto const& entry : verdict().trace.items)    // E-15
            if (entry.string_or("reason") == "region.notEnabled") return tell("remedy.enableRegion", *entry.find("params"));
        if (by == "identityPolicy" && caller.form == CallerForm::service) return tell("remedy.notByService", params_of({{"operation", Value::str(request().operation->name)}}));
        if (linked && foreign && request().operation->cross_account() && (by == "identityPolicy" || by == "keyPolicy")) {
            if (!by_grant(*permission, caller.account)) tell("remedy.notByServiceLinkedRole", params_of({{"operation", Value::str(request().operation->name)}}));
            return;
        }
        if (by == "identityPolicy" && !(linked && on_key)) in_identity_policy();
        else if ((by == "identityPolicy" || by == "keyPolicy") && on_key && !verdict().hidden) in_key_policy(*permission->key);
        else if (by == "keyPolicy" && on_key) {
            if (!request().operation->cross_account()) out.push(remedy("remedy.ownAccount", params_of({{"operation", Value::str(request().operation->name)}, {"account", Value::str(permission->key->account)}})));
            else in_key_policy(*permission->key);
            if (request().operation->cross_account() && caller.form != CallerForm::root && !linked) in_identity_policy();
        } else {
            allow_in(by);
        }
        if (on_key && !foreign && (by == "identityPolicy" || by == "keyPolicy")) by_grant(*permission);
    }

    void retire() {    // M-11, M-30: or revoke it, which policies alone can allow
        if (!request().grant || !request().key()) return;
        auto issuer = issuing_account(*request().grant, request().key()->account);
        // The message names the identity policy, whatever it is that stops.
        if (says_no(Node::serviceControlPolicy)) allow_in("serviceControlPolicy");
        if (says_no(Node::vpcEndpointPolicy)) allow_in("vpcEndpointPolicy");
        if (issuer == request().caller.account) {
            if (says_no(Node::identityPolicy)) in_identity_policy();
            if (says_no(Node::permissionsBoundary)) allow_in("permissionsBoundary");
            if (says_no(Node::sessionPolicy)) allow_in("sessionPolicy");
        }
        auto p = params_of({{"account", Value::str(issuer)}});
        if (auto retiring = request().grant->string_or("RetiringPrincipal"); !retiring.empty()) p.set("retiringPrincipal", retiring);
        out.push(remedy("remedy.retireAs", std::move(p), request().grant_pointer));
        out.push(remedy("remedy.revokeInstead", params_of({{"key", Value::str(request().key()->arn)}})));
    }

    // Of several keys, the one that the error is about
    KeyRef const* key_in(std::string_view state) const {
        for (auto const& p : request().permissions)
            if (p.key && p.key->state() == state && a.error->message.find(p.key->arn) != std::string::npos) return &*p.key;
        return nullptr;
    }

    Value run() {
        if (a.undecided() || a.succeeded()) return std::move(out);
        if (a.error) {
            if (auto const* key = a.error->code == "DisabledException" ? key_in("Disabled") : nullptr) out.push(remedy("remedy.enableKey", params_of({{"key", Value::str(key->arn)}}), key->pointer + "/metadata/KeyState"));
            if (auto const* key = a.error->code == "KMSInvalidStateException" ? key_in("PendingDeletion") : nullptr) out.push(remedy("remedy.cancelDeletion", params_of({{"key", Value::str(key->arn)}}), key->pointer + "/metadata/KeyState"));
            return std::move(out);
        }
        if (!a.verdict) return std::move(out);
        if (verdict().decision == Decision::explicitDeny)
            for (auto const& d : verdict().determining) out.push(remedy("remedy.changeDeny", params_of({{"policyType", Value::str(d.policy_type)}, {"sid", Value::str(d.hit.sid)}}), d.hit.pointer));
        if (verdict().decision == Decision::implicitDeny) implicit();
        return std::move(out);
    }
};
}    // namespace

Value remedies(Answer const& a) { return Remedies{a}.run(); }

}    // namespace kms
