#include "perform/perform.hpp"

#include <algorithm>

namespace kms {

namespace {
// The documents that a decision reads; an error in any of them stands in its way, one elsewhere does not.
std::vector<std::string> documents_of(World const& w, Request const& r) {
    std::vector<std::string> all{"/keys", "/readings", "/consistency"};    // the lists themselves, not what is below
    for (auto const& p : r.permissions)
        if (p.key) all.push_back(p.key->pointer);
    if (!r.caller.entity_pointer.empty()) all.push_back(r.caller.entity_pointer);
    for (auto const& account : {r.caller.account, r.key() ? r.key()->account : std::string()})
        if (auto e = find_entry(w, "accounts", "id", account); e.value && !account.empty()) all.push_back(e.pointer);
    if (r.endpoint.value) all.push_back(r.endpoint.pointer);
    return all;
}

bool broken(World const& w, Request const& r) {
    auto documents = documents_of(w, r);
    auto is_list = [](std::string const& pointer) { return pointer.find('/', 1) == std::string::npos; };
    return std::any_of(w.problems.all.begin(), w.problems.all.end(), [&](auto const& d) {
        if (d.severity != Severity::error) return false;
        if (d.pointer.empty() || is_list(d.pointer)) return true;
        return std::any_of(documents.begin(), documents.end(), [&](auto const& p) { return !is_list(p) && (d.pointer == p || (d.pointer.compare(0, p.size(), p) == 0 && d.pointer[p.size()] == '/')); });
    });
}

std::optional<ApiError> state_error(Request const& r) {    // of every key that takes part (S-04)
    for (std::size_t i = 0; i < r.permissions.size(); ++i)
        if (auto const& key = r.permissions[i].key)
            if (auto error = key_state_error(*r.operation, *key, r.is("UpdateAlias") && i == 2)) return error;
    return {};
}
}    // namespace

// authorization, then key state, then key usage, then ciphertext; an unauthorized caller learns nothing of the key
Answer answer(World const& w, Value const& request, std::string const& pointer, std::string const& step, bool explain) {
    Answer a;
    a.request = read_request(w, request, pointer, step, explain);
    auto& r = a.request;
    if (!r.operation || r.problems.errors() || r.caller.arn.empty()) {
        if (!r.problems.errors()) r.problems.error(request, pointer, "request.invalid", "this request cannot be read", "see its other diagnostics");
        return a;
    }
    if (broken(w, r)) {
        r.problems.error(request, pointer, "request.brokenDocument", "a document that this decision reads has errors", "correct the errors above first").doc = no_text;
        return a;
    }
    if (r.error) {
        a.error = r.error;
        return a;
    }
    a.verdict = authorize(w, r);
    a.assumptions = a.verdict->assumptions;
    auto state = state_error(r);
    bool public_key_of_disabled = r.is("GetPublicKey") && state && state->code == "DisabledException";
    if (public_key_of_disabled && w.readings.is("A-17", "allowed")) state.reset();    // S-05
    if (!a.verdict->allowed() && state) {
        a.assumptions.emplace_back("A-5");
        if (w.readings.is("A-5", "keyStateFirst")) a.error = state;
    }
    if (!a.verdict->allowed()) {
        std::sort(a.assumptions.begin(), a.assumptions.end());
        return a;
    }
    a.key_state = !r.key() && r.operation->subject == Subject::account ? Outcome::notApplicable : state ? Outcome::no : Outcome::yes;
    a.error = request_error(w, r, w.readings);
    auto early = a.error;
    if (!a.error) a.error = state;
    if (!a.error) a.error = late_error(w, r, &a.assumptions);
    if (!a.error && r.dry_run()) a.error = ApiError{"DryRunOperationException", "The request would have succeeded, but the DryRun option is set."};
    // Does it succeed under the other reading, or only under this one?
    if (public_key_of_disabled && !late_error(w, r)) a.assumptions.emplace_back("A-17");
    if (r.is("CreateGrant") && !state && !r.dry_run()) {
        auto readings = w.readings;
        readings.choose("A-11", readings.others("A-11").front());
        if (early.has_value() != request_error(w, r, readings).has_value()) a.assumptions.emplace_back("A-11");
    }
    std::sort(a.assumptions.begin(), a.assumptions.end());
    a.assumptions.erase(std::unique(a.assumptions.begin(), a.assumptions.end()), a.assumptions.end());
    if (!a.error) a.effect = effect_of(w, r);
    return a;
}

void apply(World& w, Answer const& a) {
    auto const& r = a.request;
    if (!r.at.empty()) w.now = r.at;
    if (!r.step.empty()) w.responses[r.step] = a.succeeded() ? a.effect.response : Value{};
    if (!a.succeeded()) return;
    auto const& e = a.effect;
    Problems none;    // an effect points at what is there
    w.made += e.made;
    if (!e.remove.empty()) {
        if (r.grant) {    // one that nobody has seen yet leaves nothing behind
            auto pending = std::find(w.unpropagated.begin(), w.unpropagated.end(), std::string(r.grant->string_or("GrantId")));
            if (pending != w.unpropagated.end()) w.unpropagated.erase(pending);
            else if (w.eventual()) w.former.push_back({r.key()->arn, *r.grant});
        }
        remove_at(w, e.remove, *r.value, none);
    }
    for (auto const& [where, value] : e.set) set_at(w, where, value, none);
    if (e.token.empty()) return;
    w.tokens[e.token] = {r.key()->arn, e.grant_id};
    if (w.eventual() && !e.set.empty()) w.unpropagated.push_back(e.grant_id);
}

}    // namespace kms
