#include "policy/principals.hpp"

#include <algorithm>
#include <array>

namespace kms {

bool is_unique_id(std::string_view text) {
    return text.find(':') == std::string_view::npos && (starts_with(text, "AIDA") || starts_with(text, "AROA"));
}

bool is_role_of(Caller const& caller, std::string_view role_arn) {
    if (caller.form != CallerForm::session) return false;
    if (!caller.entity_pointer.empty()) return role_arn == caller.entity_arn;
    auto arn = parse_arn(role_arn);
    if (!arn.valid || arn.service != "iam" || arn.account != caller.account || arn.partition != caller.partition ||
        !starts_with(arn.resource, "role/"))
        return false;
    return arn.resource.substr(arn.resource.rfind('/') + 1) == caller.role_name;
}

namespace {
bool names_account(std::string_view text, Caller const& c) {
    if (text == c.account) return true;
    auto arn = parse_arn(text);
    return arn.valid && arn.service == "iam" && arn.resource == "root" && arn.account == c.account && arn.partition == c.partition;
}

NamedAs own_form(Caller const& c) {
    switch (c.form) {
        case CallerForm::root: return NamedAs::root;
        case CallerForm::user: return NamedAs::user;
        case CallerForm::session: return NamedAs::session;
        case CallerForm::federatedUser: return NamedAs::federatedUser;
        case CallerForm::service: return NamedAs::service;
    }
    return NamedAs::nobody;
}

// The user or role behind the caller, by its ARN or its unique id
NamedAs entity_form(std::string_view text, Caller const& c) {
    bool id = !c.unique_id.empty() && text == c.unique_id;
    switch (c.form) {
        case CallerForm::user: return id ? NamedAs::user : NamedAs::nobody;
        case CallerForm::session: return id || is_role_of(c, text) ? NamedAs::role : NamedAs::nobody;    // P-02
        case CallerForm::federatedUser:
            return id || (!c.entity_arn.empty() && text == c.entity_arn) ? NamedAs::userOfFederated : NamedAs::nobody;    // P-04
        default: return NamedAs::nobody;
    }
}

NamedAs named_as(std::string_view kind, std::string_view text, Caller const& c) {
    bool service = c.form == CallerForm::service;
    if (kind == "Service") return service && text == c.arn ? NamedAs::service : NamedAs::nobody;    // P-05
    if (kind != "AWS") return NamedAs::nobody;
    if (text == "*") return NamedAs::everyone;    // IL:P-03
    if (service) return NamedAs::nobody;
    if (names_account(text, c)) return c.form == CallerForm::root ? NamedAs::root : NamedAs::account;    // IL:P-04, IL:P-05
    return text == c.arn ? own_form(c) : entity_form(text, c);
}

// For each form, the first value that names the caller so
using Forms = std::array<Value const*, static_cast<std::size_t>(NamedAs::account) + 1>;
Forms forms_of(Value const& principal, Caller const& c) {
    Forms forms{};
    auto note = [&](std::string_view kind, Value const& v) {
        auto& first = forms[static_cast<std::size_t>(named_as(kind, v.text, c))];
        if (!first) first = &v;
    };
    if (principal.is(Kind::string)) note("AWS", principal);
    for (auto const& kind : principal.items) {
        if (!kind.is(Kind::array)) note(kind.key, kind);
        else
            for (auto const& v : kind.items) note(kind.key, v);
    }
    forms[0] = nullptr;
    return forms;
}
Value const* in_form(Forms const& forms, NamedAs as) { return forms[static_cast<std::size_t>(as)]; }

std::string_view rule_of(NamedAs as, std::string_view text) {
    if (is_unique_id(text)) return "P-10";
    switch (as) {
        case NamedAs::everyone: return "P-06";
        case NamedAs::user: return "P-15";
        case NamedAs::session: return "P-03";
        case NamedAs::federatedUser:
        case NamedAs::userOfFederated: return "P-04";
        case NamedAs::service: return "P-05";
        case NamedAs::root: return "E-05";
        case NamedAs::role: return "P-02";
        case NamedAs::account: return "E-04";
        case NamedAs::nobody: break;
    }
    return "IL:P-02";
}

std::string orphan_among(Value const& principal, std::vector<std::string> const& unique_ids) {
    std::string orphan;
    for (auto const& v : principal_values(principal).items) {
        if (!is_unique_id(v.text)) return {};
        if (std::find(unique_ids.begin(), unique_ids.end(), v.text) == unique_ids.end()) orphan = v.text;
    }
    return orphan;
}
}    // namespace

Value principal_values(Value const& principal) {
    auto out = Value::array();
    if (principal.is(Kind::string)) out.push(Value::str(principal.text));
    for (auto const& kind : principal.items) {
        if (!kind.is(Kind::array)) out.push(Value::str(kind.text));
        else
            for (auto const& v : kind.items) out.push(Value::str(v.text));
    }
    return out;
}

namespace {
// Whether "everyone" includes services that call as themselves is our reading (IL:P-03).
std::string_view open_question(Forms& forms, Caller const& c, Readings const& readings) {
    if (c.form != CallerForm::service || !in_form(forms, NamedAs::everyone)) return {};
    if (in_form(forms, NamedAs::service) || readings.is("IL:P-03", "principalsOnly"))
        forms[static_cast<std::size_t>(NamedAs::everyone)] = nullptr;
    return in_form(forms, NamedAs::service) ? std::string_view() : "IL:P-03";
}
}    // namespace

PrincipalTest test_principal(Value const& principal, Caller const& c, std::vector<std::string> const& unique_ids,
                             Readings const& readings) {
    auto forms = forms_of(principal, c);
    PrincipalTest t;
    t.assumption = open_question(forms, c, readings);
    auto hit = std::find_if(forms.begin(), forms.end(), [](auto const* v) { return v != nullptr; });    // IL:P-02: any one suffices
    if (hit == forms.end()) {
        t.value = &principal;
        t.orphan = orphan_among(principal, unique_ids);
        t.reason = t.orphan.empty() ? "principal.noMatch" : "principal.orphaned";
        t.rule = t.orphan.empty() ? "IL:P-02" : "IL:P-10";
        return t;
    }
    t.as = static_cast<NamedAs>(hit - forms.begin());
    t.value = *hit;
    t.reason = t.as == NamedAs::account ? "principal.viaAccount" : "principal.match";
    t.rule = rule_of(t.as, t.value->text);
    return t;
}

namespace {
// IL:P-14: with certainty only who is listed with all that stands behind it is spared.
bool whole_chain(Forms const& forms, Caller const& c) {
    if (in_form(forms, NamedAs::everyone)) return true;
    if (!in_form(forms, own_form(c))) return false;
    if (c.form == CallerForm::root || c.form == CallerForm::service) return true;
    if (c.form == CallerForm::session && !in_form(forms, NamedAs::role)) return false;
    return in_form(forms, NamedAs::account) != nullptr;
}
}    // namespace

PrincipalTest test_not_principal(Value const& principal, Caller const& c, bool deny, Readings const& readings) {
    auto forms = forms_of(principal, c);
    PrincipalTest t;
    t.assumption = open_question(forms, c, readings);
    t.value = &principal;
    t.rule = deny ? "IL:P-14" : "IL:P-16";
    bool excluded = std::any_of(forms.begin(), forms.end(), [](auto const* v) { return v != nullptr; });
    if (deny && c.has_boundary) {
        excluded = false;
        t.rule = "IL:P-15";
    } else if (deny && excluded && !whole_chain(forms, c)) {
        excluded = readings.is("IL:X-09", "spared");
        t.assumption = "IL:X-09";
    }
    t.as = excluded ? NamedAs::nobody : NamedAs::everyone;
    t.reason = excluded ? "principal.excluded" : "principal.match";
    return t;
}

}    // namespace kms
