#include "import/requests.hpp"

#include "catalog/operations.hpp"

namespace kms {

namespace {
std::string upper_first(std::string s) {
    if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
    return s;
}

Value api_parameters(Value const& v, bool inside_context) {    // CloudTrail's camel case back to the API's
    if (v.is(Kind::array)) {
        auto out = Value::array();
        for (auto const& item : v.items) out.push(api_parameters(item, inside_context));
        return out;
    }
    if (!v.is(Kind::object)) return v;
    auto out = Value::object();
    for (auto const& m : v.items) {
        bool context = lower(m.key).find("encryptioncontext") != std::string::npos;
        out.set(inside_context ? m.key : upper_first(m.key), api_parameters(m, inside_context || context));
    }
    return out;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    auto begin = text.find(before);
    if (begin == std::string_view::npos) return {};
    begin += before.size();
    auto end = after.empty() ? std::string_view::npos : text.find(after, begin);
    return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

/// An ARN at the beginning, without what stands behind it where the message was cut out of a log line.
std::string_view leading_arn(std::string_view text) { return text.substr(0, text.find_first_of(" \t\r\n\"'\\,;)")); }

/// "ec2.us-east-1.amazonaws.com": kms:ViaService of a call that CloudTrail says was invoked by "ec2-frontend-api.amazonaws.com" (C-29).
std::string via_service(std::string_view invoked_by, std::string_view region) {
    auto suffix = std::string_view(".amazonaws.com");
    if (region.empty() || invoked_by.size() <= suffix.size() || invoked_by.substr(invoked_by.size() - suffix.size()) != suffix) return {};
    auto name = invoked_by.substr(0, invoked_by.find('.'));
    auto front = name.find("-frontend-api");
    return std::string(name.substr(0, front)) + "." + std::string(region) + std::string(suffix);
}

Diagnostic& note(FoundRequest& out, Severity severity, char const* code, std::string message, char const* help) {
    Diagnostic d;
    d.severity = severity;
    d.code = code;
    d.message = std::move(message);
    d.help = help;
    return out.notes.emplace_back(std::move(d));
}
}    // namespace

FoundRequest request_of_event(Value const& e) {
    FoundRequest out;
    if (e.string_or("eventSource") != "kms.amazonaws.com") {
        note(out, Severity::warning, "import.otherService", "this event is of " + std::string(e.string_or("eventSource")) + ", not of AWS KMS", "paste the KMS event");
        return out;
    }
    auto const* identity = e.find("userIdentity");
    auto request = Value::object();
    auto service = identity ? identity->string_or("invokedBy") : std::string_view();
    bool by_service = identity && identity->string_or("type") == "AWSService";
    auto caller = identity ? identity->string_or("arn") : std::string_view();
    if (by_service) caller = service;
    auto denial = e.string_or("errorMessage");    // a denied event may say only there who called, and on which key
    if (caller.empty()) caller = between(denial, "User: ", " is not authorized to perform: ");
    if (caller.empty() || !find_operation(e.string_or("eventName"))) {
        note(out, Severity::error, "import.event", "this event does not say who called which KMS operation", "paste an event with userIdentity.arn and an eventName of the KMS API");
        return out;
    }
    request.set("principal", caller);
    request.set("operation", e.string_or("eventName"));
    auto const* given = e.find("requestParameters");
    auto parameters = given && given->is(Kind::object) ? api_parameters(*given, false) : Value::object();
    auto const* resources = e.find("resources");
    if (!parameters.find("KeyId") && resources && !resources->items.empty()) parameters.set("KeyId", resources->items[0].string_or("ARN"));
    if (auto named = leading_arn(between(denial, " on resource: ", "")); !parameters.find("KeyId") && parse_arn(named).valid) parameters.set("KeyId", named);
    if (given && given->is(Kind::null) && e.find("errorCode")) note(out, Severity::info, "import.parametersHidden", "CloudTrail leaves the parameters of a denied request out", "add the key and the encryption context to the request");
    auto context = Value::object();
    auto region = std::string(e.string_or("awsRegion"));
    if (auto via = via_service(service, region); !via.empty() && !by_service) context.set("kms:ViaService", via);
    else if (!service.empty() && !by_service) note(out, Severity::info, "import.serviceUnknown", "a service made this call, and CloudTrail does not say which", "choose it under kms:ViaService, if policies ask for it");
    auto address = e.string_or("sourceIPAddress");
    if (!address.empty() && address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos) context.set("aws:SourceIp", address);
    request.set("parameters", std::move(parameters));
    if (!context.items.empty()) request.set("context", std::move(context));
    if (auto endpoint = e.string_or("vpcEndpointId"); endpoint.substr(0, 5) == "vpce-") request.set("vpcEndpoint", endpoint);
    if (!region.empty()) request.set("region", region);
    if (auto at = e.string_or("eventTime"); at.size() >= 20 && at.back() == 'Z') request.set("at", at);
    auto code = std::string(e.string_or("errorCode"));
    out.request = std::move(request);
    out.title = std::string(e.string_or("eventName")) + (code.empty() ? " succeeded" : " failed with " + code);
    return out;
}

// X-01 …: what AWS's sentence says, and what it leaves open
FoundRequest request_of_message(std::string_view text) {
    FoundRequest out;
    auto who = between(text, "User: ", " is not authorized to perform: ");
    auto rest = between(text, " is not authorized to perform: ", "");
    auto action = rest.substr(0, rest.find_first_of(" \r\n\""));
    auto resource = leading_arn(between(rest, " on resource: ", ""));
    auto operation = std::string(action.substr(action.find(':') + 1));
    if (operation == "ReEncryptFrom" || operation == "ReEncryptTo") operation = "ReEncrypt";
    if (action.substr(0, 4) != "kms:" || !find_operation(operation)) {
        note(out, Severity::warning, "import.otherAction", "this message is about `" + std::string(action) + "`, not about an AWS KMS operation", "paste the message of the KMS call; a service may wrap it");
        return out;
    }
    auto request = Value::object();
    request.set("principal", who);
    request.set("operation", operation);
    auto parameters = Value::object();
    if (parse_arn(resource).valid) parameters.set(operation == "ReEncrypt" ? (action == "kms:ReEncryptTo" ? "DestinationKeyId" : "SourceKeyId") : "KeyId", Value::str(resource));
    request.set("parameters", std::move(parameters));
    bool explicit_deny = rest.find("with an explicit deny") != std::string_view::npos;
    bool hidden = rest.find("because the resource does not exist in this Region") != std::string_view::npos;
    static constexpr std::pair<std::string_view, std::string_view> words[] = {{"identity-based", "identityPolicy"}, {"resource-based", "keyPolicy"}, {"permissions boundary", "permissionsBoundary"}, {"session policy", "sessionPolicy"},
                                                                              {"service control", "serviceControlPolicy"}, {"resource control", "resourceControlPolicy"}, {"VPC endpoint", "vpcEndpointPolicy"}};
    std::string type;
    for (auto const& [word, name] : words)
        if (type.empty() && rest.find(word) != std::string_view::npos) type = std::string(name);
    auto rules_out = hidden ? std::string("it hides whether the key exists, whether its policy allows, or whether it denies")
                     : explicit_deny ? "it rules out that an Allow is missing: a Deny matched. It cannot tell which statement"
                     : type == "identityPolicy" ? "it rules out an explicit deny, and the key policy lets IAM policies count for this action. It cannot tell whether a grant exists that almost matches"
                     : type == "keyPolicy" ? "it rules out an explicit deny; the key policy neither allows the caller nor lets IAM policies count. It cannot tell whether a grant exists that almost matches"
                                           : "it rules out an explicit deny";
    auto& d = note(out, Severity::info, "import.message", "of this message: " + rules_out, "paste the key policy, the caller's policies and the grants to find the cause");
    for (auto const& [name, value] : {std::pair<std::string, std::string>("principal", who), {"action", std::string(action)}, {"resource", std::string(resource)}, {"policyType", type}, {"form", hidden ? "hidden" : explicit_deny ? "explicitDeny" : "implicitDeny"}, {"cause", hidden ? "hidden" : explicit_deny ? "explicitDeny" : type == "identityPolicy" || type == "keyPolicy" ? type : "implicitDeny"}})
        d.params.set(name, Value::str(value));
    out.request = std::move(request);
    out.title = "The denied request";
    return out;
}

}    // namespace kms
