#include "grant/grant.hpp"

#include <algorithm>

#include "catalog/operations.hpp"

namespace kms {

namespace {
constexpr std::string_view equals = "EncryptionContextEquals", subset = "EncryptionContextSubset";

void check_constraints(Value const& c, std::string const& pointer, Problems& problems) {
    if (!c.is(Kind::object)) {
        problems.error(c, pointer, "grant.type", "`Constraints` must be an object", "paste the entry as list-grants prints it");
        return;
    }
    if (c.find(equals) && c.find(subset))    // G-22
        problems.error(c, pointer, "grant.constraints", "a grant has only one of the two encryption context constraints", "keep one of them");
    for (auto const& m : c.items) {
        auto here = pointer + pointer_step(m.key);
        if (m.key == "SourceArn") {
            problems.key(m, here, "unsupported.sourceArn", "a `SourceArn` constraint is not evaluated yet", "remove it to try the rest of the grant");
        } else if (m.key != equals && m.key != subset) {
            problems.key(m, here, "grant.constraint", "`" + m.key + "` is not a grant constraint", "constraints are EncryptionContextEquals, EncryptionContextSubset and SourceArn");
        } else if (!m.is(Kind::object) || std::any_of(m.items.begin(), m.items.end(), [](auto const& p) { return !p.is(Kind::string); })) {
            problems.error(m, here, "grant.type", "an encryption context maps names to strings", "write {\"name\": \"value\"}");
        }
    }
}

void check_entry(Value const& g, std::string const& key_arn, std::string const& pointer, Problems& problems) {
    if (!g.is(Kind::object)) {
        problems.error(g, pointer, "grant.type", "a grant is a JSON object", "paste the entry as list-grants prints it");
        return;
    }
    auto key_id = g.string_or("KeyId");
    if (key_id.empty()) {
        problems.error(g, pointer, "grant.missingKeyId", "the grant has no `KeyId`", "add the key's ARN");
    } else if (key_id != key_arn && key_id != std::string_view(key_arn).substr(key_arn.rfind('/') + 1)) {
        problems.error(*g.find("KeyId"), pointer + "/KeyId", "grant.otherKey", "this grant belongs to another key", "paste it under that key, or correct the KeyId");
    }
    if (g.find("GranteeServicePrincipal") || g.find("RetiringServicePrincipal"))
        problems.error(g, pointer, "unsupported.servicePrincipalGrant", "grants for service principals are not evaluated yet", "remove this grant to try the others");
    else if (g.string_or("GranteePrincipal").empty())
        problems.error(g, pointer, "grant.missingGrantee", "the grant has no `GranteePrincipal`", "add it as list-grants prints it");
    auto const* operations = g.find("Operations");
    if (!operations || !operations->is(Kind::array) || operations->items.empty()) {
        problems.error(operations ? *operations : g, pointer, "grant.missingOperations", "the grant has no list of `Operations`", "add for example \"Operations\": [\"Decrypt\"]");
    } else {
        for (std::size_t i = 0; i < operations->items.size(); ++i) {
            auto const& o = operations->items[i];
            auto const* known = find_operation(o.text);
            if (o.is(Kind::string) && known && known->grantable) continue;
            auto near = nearest(o.text, operation_names());
            problems.error(o, pointer + "/Operations/" + std::to_string(i), "grant.operation", "`" + o.text + "` is not a grant operation",
                           near.empty() || near == o.text ? "see the grant operations of CreateGrant" : "did you mean `" + near + "`?");
        }
    }
    if (auto const* c = g.find("Constraints")) check_constraints(*c, pointer + "/Constraints", problems);
}

struct Difference {
    std::string_view kind;
    std::string name;
    std::string expected, actual;
};

// G-20, G-21, G-24: keys without case, values with it
bool constraint_holds(EncryptionContext const& expected, EncryptionContext const& actual, bool exact_set, Difference& d, bool& hinges_on_case) {
    for (auto const& e : expected) {
        auto same = std::find_if(actual.begin(), actual.end(), [&](auto const& a) { return a.name == e.name; });
        auto any = same != actual.end() ? same : std::find_if(actual.begin(), actual.end(), [&](auto const& a) { return equal_ignore_case(a.name, e.name); });
        if (any == actual.end()) {
            d = {actual.empty() ? "noContext" : "missingKey", e.name, e.value, ""};
            return false;
        }
        if (any->value != e.value) {
            d = {equal_ignore_case(any->value, e.value) ? "valueCase" : "value", e.name, e.value, any->value};
            return false;
        }
        if (any->name != e.name) hinges_on_case = true;
    }
    if (exact_set)
        for (auto const& a : actual)
            if (std::none_of(expected.begin(), expected.end(), [&](auto const& e) { return equal_ignore_case(a.name, e.name); })) {
                d = {"extraKey", a.name, "", a.value};
                return false;
            }
    return true;
}

Value map_of(EncryptionContext const& c) {
    auto v = Value::object();
    for (auto const& p : c) v.set(p.name, Value::str(p.value));
    return v;
}
}    // namespace

void check_grants(Value const& grants, std::string const& key_arn, std::string const& pointer, Problems& problems) {
    for (std::size_t i = 0; i < grants.items.size(); ++i) check_entry(grants.items[i], key_arn, pointer + "/" + std::to_string(i), problems);
}

EncryptionContext pairs_of(Value const* map) {
    EncryptionContext out;
    if (map)
        for (auto const& m : map->items) out.push_back({m.key, m.text});
    return out;
}

std::string issuing_account(Value const& grant, std::string_view key_account) {
    auto written = grant.string_or("IssuingAccount");
    auto arn = parse_arn(written);
    return std::string(arn.valid ? arn.account : written.empty() ? key_account : written);
}

NamedBy named_in_grant(std::string_view principal, Caller const& c) {
    if (c.form == CallerForm::service) {    // P-23
        if (principal == c.arn) return {GrantNamed::directly, "service", "grantee.match", "P-23"};
        return {GrantNamed::no, "", principal.substr(0, 4) == "arn:" ? "grantee.noMatch" : "grantee.service", ""};
    }
    if (principal.substr(0, 4) == "AROA" || principal.substr(0, 4) == "AIDA") {    // P-25
        auto colon = principal.find(':');
        bool session = colon == std::string_view::npos || principal.substr(colon + 1) == c.session_name;
        if (!c.unique_id.empty() && principal.substr(0, colon) == c.unique_id && session)
            return {GrantNamed::directly, colon == std::string_view::npos ? "role" : "session", "grantee.match", ""};
        return {GrantNamed::no, "", "grantee.orphaned", ""};
    }
    auto arn = parse_arn(principal);
    if (!arn.valid) return {GrantNamed::no, "", "grantee.service", ""};
    if (arn.account == c.account && arn.service == "iam" && arn.resource == "root") return {GrantNamed::account, "account", "grantee.match", ""};
    if (principal == c.arn) return {GrantNamed::directly, c.form == CallerForm::session ? "session" : "user", "grantee.match", ""};
    if (is_role_of(c, principal)) return {GrantNamed::directly, "role", "grantee.match", ""};    // P-26
    auto prefix = "assumed-role/" + c.role_name + "/";
    bool other_session = c.form == CallerForm::session && arn.service == "sts" && arn.account == c.account && arn.resource.substr(0, prefix.size()) == prefix;
    return {GrantNamed::no, "", other_session ? "grantee.otherSession" : "grantee.noMatch", ""};    // P-27
}

GrantMatch match_grant(Value const& g, std::string const& pointer, Ask const& ask, std::string_view operation, bool carries_context,
                       EncryptionContext const& context, Texts const& texts) {
    GrantMatch out;
    auto tests = Value::array();
    std::string reason, rule;
    Value params;
    auto test = [&](std::string_view element, bool yes, std::string_view why, Value p, std::string_view r, std::string const& where, Value const* value) {
        tests.push(trace_test(element, yes, why, p, r, pointer + where, value, texts));
        if (yes || !reason.empty()) return yes;
        reason = std::string(why);
        rule = std::string(r);
        params = std::move(p);
        return yes;
    };
    auto grantee = g.string_or("GranteePrincipal");
    auto by = named_in_grant(grantee, ask.caller);
    out.concerns_caller = by.named != GrantNamed::no || by.reason == "grantee.otherSession";
    out.needs_identity_policy = by.named == GrantNamed::account && ask.caller.form != CallerForm::root;
    if (out.needs_identity_policy) out.assumptions.push_back("A-4");
    if (!by.assumption.empty()) out.assumptions.emplace_back(by.assumption);
    auto who = params_of({{"expected", Value::str(grantee)}, {"actual", Value::str(ask.caller.arn)}});
    if (by.named != GrantNamed::no) who.set("form", Value::str(by.form));
    bool yes = test("grantee", by.named != GrantNamed::no, by.reason, std::move(who), by.form == "role" ? "P-26" : by.form == "account" ? "A-4" : "P-27",
                    "/GranteePrincipal", g.find("GranteePrincipal"));
    if (yes) {
        auto const* operations = g.find("Operations");
        auto const* hit = static_cast<Value const*>(nullptr);
        auto all = Value::array();
        for (auto const& o : operations->items) {
            all.push(Value::str(o.text));
            if (o.text == operation) hit = &o;
        }
        yes = test("operation", hit != nullptr, hit ? "operation.match" : "operation.noMatch",
                   params_of({{"expected", hit ? Value::str(hit->text) : all}, {"actual", Value::str(operation)}}), "G-14", "/Operations", hit ? hit : operations);
    }
    if (yes) {
        auto const* constraints = g.find("Constraints");
        auto const* eq = constraints ? constraints->find(equals) : nullptr;
        auto const* sub = constraints ? constraints->find(subset) : nullptr;
        auto const* used = eq && !eq->items.empty() ? eq : sub && !sub->items.empty() ? sub : nullptr;
        if (!used) {
            test("constraint", true, "constraint.none", Value::object(), "G-20", "/Constraints", constraints);
        } else if (!carries_context) {    // G-26
            test("constraint", true, "constraint.notApplicable", params_of({{"constraint", Value::str(used->key)}, {"action", Value::str(ask.action)}}), "G-26",
                 "/Constraints" + pointer_step(used->key), used);
        } else {
            Difference d;
            bool hinges = false, exact = used == eq;
            auto expected = pairs_of(used);
            bool holds = constraint_holds(expected, context, exact, d, hinges);
            auto p = holds ? params_of({{"constraint", Value::str(used->key)}, {"expected", map_of(expected)}, {"actual", map_of(context)}})
                           : params_of({{"constraint", Value::str(used->key)}, {"difference", Value::str(d.kind)}, {"key", Value::str(d.name)},
                                        {"expected", Value::str(d.expected)}, {"actual", Value::str(d.actual)}});
            yes = test("constraint", holds, holds ? "constraint.match" : "constraint.noMatch", std::move(p), exact ? "G-20" : "G-21",
                       "/Constraints" + pointer_step(used->key), used);
            if (holds && hinges) out.assumptions.push_back("A-10");
        }
    }
    out.applies = yes;
    out.trace = Value::object();
    out.trace.set("kind", Value::str("grant"));
    out.trace.set("action", Value::str(ask.action));
    out.trace.set("grantId", Value::str(g.string_or("GrantId")));
    out.trace.set("outcome", Value::str(yes ? "matched" : "notMatched"));
    out.trace.set("reason", Value::str(yes ? "grant.matched" : reason));
    out.trace.set("params", yes ? Value::object() : std::move(params));
    out.trace.set("rule", Value::str(yes ? "E-26" : rule));
    out.trace.set("pointer", Value::str(pointer));
    texts.place(out.trace, g.doc, g.begin, g.end);
    out.trace.set("tests", std::move(tests));
    return out;
}

}    // namespace kms
