#include "report/report.hpp"

namespace kms {

namespace {
std::string camel(std::string const& name) {
    auto out = name;
    if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
    return out;
}

// CloudTrail writes parameter names in camel case and leaves the secret ones out.
Value parameters(Value const& given, bool inside_context) {
    if (given.is(Kind::array)) {
        auto out = Value::array();
        for (auto const& item : given.items) out.push(parameters(item, inside_context));
        return out;
    }
    if (!given.is(Kind::object)) return given;
    auto out = Value::object();
    for (auto const& m : given.items) {
        bool secret = !inside_context && (m.key == "Plaintext" || m.key == "CiphertextBlob" || m.key == "GrantTokens" || m.key == "GrantToken" || m.key == "Message" || m.key == "Mac" || m.key == "Signature");
        if (secret) continue;
        bool context = m.key.find("EncryptionContext") != std::string::npos;
        out.set(inside_context ? m.key : camel(m.key), parameters(m, inside_context || context));
    }
    return out;
}

Value identity(Request const& r) {
    auto const& c = r.caller;
    auto v = Value::object();
    static constexpr std::string_view types[] = {"Root", "IAMUser", "AssumedRole", "FederatedUser", "AWSService"};
    v.set("type", types[static_cast<std::size_t>(c.form)]);
    if (c.form == CallerForm::service) {
        v.set("invokedBy", c.arn);
        return v;
    }
    if (c.form == CallerForm::root) v.set("principalId", c.account);
    else if (!c.unique_id.empty()) v.set("principalId", c.form == CallerForm::session ? c.unique_id + ":" + c.session_name : c.unique_id);
    v.set("arn", c.arn);
    v.set("accountId", c.account);
    if (c.form == CallerForm::user) v.set("userName", c.arn.substr(c.arn.rfind('/') + 1));
    if (c.form == CallerForm::session) {
        auto issuer = Value::object();
        issuer.set("type", "Role");
        if (!c.unique_id.empty()) issuer.set("principalId", c.unique_id);
        issuer.set("arn", c.entity_arn);
        issuer.set("accountId", c.account);
        issuer.set("userName", c.role_name);
        auto context = Value::object();
        context.set("sessionIssuer", std::move(issuer));
        v.set("sessionContext", std::move(context));
    }
    auto const* context = r.value->find("context");
    if (auto const* via = context ? context->find("kms:ViaService") : nullptr; via && via->is(Kind::string)) {    // L-05
        auto dot = via->text.find('.');
        v.set("invokedBy", via->text.substr(0, dot) + ".amazonaws.com");
    }
    return v;
}

bool read_only(std::string_view name) {
    static constexpr std::string_view changing[] = {"Create", "Retire", "Revoke", "Put", "Enable", "Disable", "Schedule", "Cancel", "Tag", "Untag", "Update", "Delete", "Import", "Replicate", "Rotate", "Connect", "Disconnect"};
    for (auto prefix : changing)
        if (name.substr(0, prefix.size()) == prefix) return false;
    return true;
}

Value response(Answer const& a) {
    auto const& r = a.request;
    bool shown = !read_only(r.operation->name) && !r.is("RetireGrant") && !r.is("RevokeGrant");
    if (!a.succeeded() || !shown || a.effect.response.items.empty()) {
        if (!a.succeeded() || read_only(r.operation->name)) return {};
        auto v = Value::object();
        if (r.key()) v.set("keyId", r.key()->arn);
        return v.items.empty() ? Value{} : v;
    }
    auto v = parameters(a.effect.response, false);
    if (r.key() && !v.find("keyId")) v.set("keyId", r.key()->arn);
    return v;
}
}    // namespace

Value cloud_trail(Answer const& a) {
    auto const& r = a.request;
    auto error = error_of(a);
    bool denied = error && error->code == "AccessDeniedException";
    auto v = Value::object();
    v.set("eventVersion", "1.11");
    v.set("userIdentity", identity(r));
    v.set("eventTime", r.at);
    v.set("eventSource", "kms.amazonaws.com");
    v.set("eventName", r.operation->name);
    v.set("awsRegion", r.region);
    if (auto const* by = v.find("userIdentity")->find("invokedBy")) {
        auto name = *by;
        v.set("sourceIPAddress", name);
        v.set("userAgent", name);
    } else if (auto const* context = r.value->find("context"); context && context->find("aws:SourceIp")) {
        v.set("sourceIPAddress", *context->find("aws:SourceIp"));
    }
    if (error) {
        v.set("errorCode", denied ? "AccessDenied" : error->code);
        v.set("errorMessage", error->message);
    }
    bool hidden = denied || r.is("RetireGrant");    // X-14, M-20
    v.set("requestParameters", hidden ? Value{} : parameters(r.parameters, false));
    v.set("responseElements", response(a));
    if (r.is("RetireGrant") && r.grant && !denied) {
        auto extra = Value::object();
        extra.set("grantId", r.grant->string_or("GrantId"));
        v.set("additionalEventData", std::move(extra));
    }
    v.set("readOnly", Value::boolean(read_only(r.operation->name)));
    auto resources = Value::array();
    for (auto const& p : r.permissions) {
        if (!p.key || denied) continue;
        auto resource = Value::object();
        resource.set("accountId", p.key->account);
        resource.set("type", "AWS::KMS::Key");
        resource.set("ARN", p.key->arn);
        resources.push(std::move(resource));
    }
    if (!resources.items.empty()) v.set("resources", std::move(resources));
    v.set("eventType", "AwsApiCall");
    v.set("managementEvent", Value::boolean(true));
    auto recipient = r.caller.account.empty() && r.key() ? r.key()->account : r.caller.account;
    if (!recipient.empty()) v.set("recipientAccountId", recipient);
    v.set("eventCategory", "Management");
    return v;
}

}    // namespace kms
