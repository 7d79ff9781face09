#include "report/report.hpp"

#include <algorithm>

namespace kms {

namespace {
Value write_determining(Determining const& d, Texts const& texts) {
    auto v = Value::object();
    v.set("kind", d.kind);
    if (!d.policy_type.empty()) v.set("policyType", d.policy_type);
    if (!d.hit.policy_name.empty()) v.set("policyName", d.hit.policy_name);
    if (!d.hit.sid.empty()) v.set("sid", d.hit.sid);
    if (!d.grant_id.empty()) v.set("id", d.grant_id);
    v.set("rule", d.hit.rule);
    v.set("pointer", d.hit.pointer);
    texts.place(v, d.hit.doc, d.hit.begin, d.hit.end);
    return v;
}

Value write_flow(Answer const& a) {
    static constexpr std::string_view words[] = {"notReached", "notApplicable", "no", "yes"};
    auto flow = Value::array();
    for (std::size_t i = 0; i < node_count; ++i) {
        auto node = static_cast<Node>(i);
        auto outcome = a.verdict ? a.verdict->flow[i] : node == Node::request || node == Node::result ? Outcome::no : Outcome::notReached;
        if (node == Node::keyState && a.verdict) outcome = a.key_state;
        if (node == Node::result && a.verdict) outcome = a.succeeded() || (a.error && a.error->code == "DryRunOperationException") ? Outcome::yes : Outcome::no;
        auto v = Value::object();
        v.set("node", name_of(node));
        v.set("outcome", words[static_cast<std::size_t>(outcome)]);
        flow.push(std::move(v));
    }
    return flow;
}

Value write_error(Answer const& a) {
    auto error = error_of(a);
    if (!error) return {};
    static constexpr std::string_view service_side[] = {"DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException"};
    bool ours = std::find(std::begin(service_side), std::end(service_side), error->code) == std::end(service_side);
    auto v = Value::object();
    v.set("code", error->code);
    v.set("message", error->message);
    v.set("httpStatus", Value::num(ours ? 400 : 500));
    return v;
}

// A subset: named fields equal, arrays whole.
bool contains(Value const& whole, Value const& part) {
    if (!part.is(Kind::object)) return whole == part;
    if (!whole.is(Kind::object)) return false;
    return std::all_of(part.items.begin(), part.items.end(), [&](auto const& m) {
        auto const* there = whole.find(m.key);
        return there && contains(*there, m);
    });
}
}    // namespace

Value write_result(Answer& a, Texts const& texts, Extent extent) {
    auto v = Value::object();
    if (!a.request.step.empty()) v.set("step", a.request.step);
    auto decision = decision_of(a);
    v.set("decision", decision.empty() ? Value{} : Value::str(decision));
    v.set("decidedBy", Value::strings(decided_by(a)));
    auto determining = Value::array();
    if (a.verdict && !a.error)
        for (auto const& d : a.verdict->determining) determining.push(write_determining(d, texts));
    v.set("determining", std::move(determining));
    v.set("error", write_error(a));
    bool full = extent == Extent::full && !decision.empty();
    auto advice = full ? remedies(a) : Value();    // these read the trace, which moves into the result
    if (full) {
        v.set("response", a.succeeded() ? a.effect.response : Value{});
        v.set("flow", write_flow(a));
        v.set("trace", a.verdict ? std::move(a.verdict->trace) : Value::array());
    }
    v.set("missingContextKeys", a.verdict ? Value::strings(a.verdict->missing_keys) : Value::array());
    v.set("assumptions", Value::strings(a.assumptions));
    if (full) {
        v.set("remedies", std::move(advice));
        v.set("cloudTrail", cloud_trail(a));
    }
    return v;
}

bool meets(Value const& result, Value const& expect, std::vector<std::string>& differences) {
    auto before = differences.size();
    auto compare = [&](std::string_view name, Value const& actual, Value const& wanted) {
        if (!(actual == wanted)) differences.push_back(std::string(name) + ": expected " + write_json(wanted) + ", got " + write_json(actual));
    };
    auto const& error = *result.find("error");
    auto message = std::string(error.string_or("message"));
    for (auto const& e : expect.items) {
        if (e.key == "decision" || e.key == "decidedBy" || e.key == "assumptions") compare(e.key, *result.find(e.key), e);
        if (e.key == "errorCode") compare(e.key, error.find("code") ? *error.find("code") : Value{}, e);
        if (e.key == "response" && !contains(result.find("response") ? *result.find("response") : Value{}, e))
            differences.push_back("response: expected at least " + write_json(e) + ", got " + (result.find("response") ? write_json(*result.find("response")) : "nothing"));
        auto each = e.is(Kind::array) ? e.items : std::vector<Value>{e};
        for (auto const& text : each) {
            if (e.key == "messageContains" && message.find(text.text) == std::string::npos) differences.push_back("message: expected to contain " + write_json(text) + ", got " + write_json(Value::str(message)));
            if (e.key == "messageLacks" && message.find(text.text) != std::string::npos) differences.push_back("message: expected to lack " + write_json(text) + ", got " + write_json(Value::str(message)));
        }
    }
    return differences.size() == before;
}

void note_decision(World const& w, Answer& a) {
    if (!a.verdict || a.undecided()) return;
    auto& r = a.request;
    bool denied = a.verdict->decision == Decision::implicitDeny;
    bool could_have_policies = r.caller.form != CallerForm::root && r.caller.form != CallerForm::service && !(r.caller.form == CallerForm::federatedUser && r.caller.entity_arn.empty());
    bool identity_would_help = a.verdict->message_policy == "identityPolicy";
    if (denied && could_have_policies && r.caller.entity_pointer.empty() && identity_would_help) {
        auto const* where = r.value->find("principal");
        r.problems.at(Severity::info, where ? *where : *r.value, r.pointer + "/principal", "caller.policies-unknown", "denied, unless its IAM policies allow it: `principals` does not list " + r.caller.entity_arn,
                      "list it under `principals` with its identity policies").params.set("principal", r.caller.entity_arn);
    }
    if (denied && r.key() && !r.key()->value->find("policy")) {
        auto& d = r.problems.at(Severity::info, *r.key()->value, r.key()->pointer, "key.policy-unknown", "this scenario gives no policy for the key, so only grants could allow", "add the output of `aws kms get-key-policy`");
        d.params.set("key", r.key()->arn);
    }
    (void)w;
}

}    // namespace kms
