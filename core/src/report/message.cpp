// AWS's wording of errors (X-01 … … X-13, L-13). Grants never appear in it.
#include "report/report.hpp"

namespace kms {

namespace {
std::string_view layer_words(std::string_view type) {
    if (type == "identityPolicy") return "identity-based policy";
    if (type == "keyPolicy") return "resource-based policy";
    if (type == "permissionsBoundary") return "permissions boundary";
    if (type == "sessionPolicy") return "session policy";
    if (type == "serviceControlPolicy") return "service control policy";
    if (type == "resourceControlPolicy") return "resource control policy";
    return "VPC endpoint policy";
}

std::string denial(Verdict const& v, Request const& r) {
    auto text = "User: " + r.caller.arn + " is not authorized to perform: " + v.action;
    if (v.hidden) return text + " on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";    // X-07
    bool by_ciphertext = v.action == "kms:Decrypt" && r.parameter("KeyId").empty() && r.key() && r.key()->account != r.caller.account;
    if (by_ciphertext) text += " on the resource associated with this ciphertext";
    else if (v.resource != "*") text += " on resource: " + v.resource;
    auto words = std::string(layer_words(v.message_policy));
    if (v.decision == Decision::implicitDeny) return text + " because no " + words + " allows the " + v.action + " action";    // X-01 … X-03
    return text + " with an explicit deny in " + (words[0] == 'i' ? "an " : "a ") + words;
}
}    // namespace

std::optional<ApiError> error_of(Answer const& a) {
    if (a.undecided()) return {};
    if (a.error) return a.error;
    if (!a.verdict || a.verdict->allowed()) return {};
    return ApiError{"AccessDeniedException", denial(*a.verdict, a.request)};
}

std::string_view decision_of(Answer const& a) {
    if (a.undecided()) return {};
    if (a.error) return "error";
    return a.verdict->allowed() ? "allowed" : a.verdict->decision == Decision::explicitDeny ? "explicitDeny" : "implicitDeny";
}

std::vector<std::string> decided_by(Answer const& a) { return a.undecided() || a.error ? std::vector<std::string>() : a.verdict->decided_by; }

}    // namespace kms
