// Does one statement apply to one request? Element by element, first failing element first.
#include <algorithm>

#include "policy/policy.hpp"

namespace kms {

bool is_role_of(Caller const& caller, std::string_view role_arn) {
    if (caller.form != CallerForm::session) return false;
    if (!caller.entity_pointer.empty()) return role_arn == caller.entity_arn;
    auto arn = parse_arn(role_arn);
    if (!arn.valid || arn.service != "iam" || arn.account != caller.account || arn.resource.substr(0, 5) != "role/") return false;
    return arn.resource.substr(arn.resource.rfind('/') + 1) == caller.role_name;
}

ContextKey const* Context::find(std::string_view name) const {
    for (auto const& k : keys)
        if (equal_ignore_case(k.name, name)) return &k;
    return nullptr;
}
void Context::put(std::string name, std::vector<std::string> values, bool multivalued) {
    keys.erase(std::remove_if(keys.begin(), keys.end(), [&](auto const& k) { return equal_ignore_case(k.name, name); }), keys.end());
    keys.push_back({std::move(name), std::move(values), multivalued});
}
void Context::put_if_absent(std::string name, std::string value) {
    if (!find(name)) put(std::move(name), {std::move(value)});
}

Value params_of(std::initializer_list<std::pair<std::string_view, Value>> all) {
    auto v = Value::object();
    for (auto const& [name, value] : all) v.set(name, value);
    return v;
}

Value trace_test(std::string_view element, bool yes, std::string_view reason, Value params, std::string_view rule, std::string const& pointer,
                 Value const* where, Texts const& texts) {
    auto v = Value::object();
    v.set("element", Value::str(element));
    v.set("outcome", Value::str(yes ? "yes" : "no"));
    v.set("reason", Value::str(reason));
    v.set("params", std::move(params));
    v.set("rule", Value::str(rule));
    v.set("pointer", Value::str(pointer));
    if (where) texts.place(v, where->doc, where->begin, where->end);
    return v;
}

namespace {
Value list_of(Value const& v) {
    auto out = Value::array();
    if (v.is(Kind::array)) {
        for (auto const& item : v.items) out.push(Value::str(item.text));
    } else {
        out.push(Value::str(v.text));
    }
    return out;
}

// The first listed value that satisfies `f`, or nothing.
template <class F>
Value const* first_of(Value const& v, F f) {
    if (!v.is(Kind::array)) return f(v) ? &v : nullptr;
    for (auto const& item : v.items)
        if (f(item)) return &item;
    return nullptr;
}

struct PrincipalHit {
    Named named = Named::no;
    Value const* value = nullptr;
    std::string_view rule = "IL:P-02";
};

// IL:P-02 … IL:P-13, kms.md P-01 … P-10
PrincipalHit names_caller(Value const& principal, Caller const& c) {
    if (principal.is(Kind::string)) return principal.text == "*" ? PrincipalHit{Named::directly, &principal, "P-06"} : PrincipalHit{};
    PrincipalHit account;
    for (auto const& kind : principal.items) {
        auto const* hit = first_of(kind, [&](Value const& v) {
            if (kind.key == "Service") return c.form == CallerForm::service && v.text == c.arn;
            if (v.text == "*") return true;
            if (c.form == CallerForm::service) return false;
            if (v.text == c.arn && c.form != CallerForm::root) return true;
            if (!c.unique_id.empty() && v.text == c.unique_id) return true;
            return is_role_of(c, v.text);    // P-02
        });
        if (hit) return {Named::directly, hit, hit->text == "*" ? "P-06" : is_role_of(c, hit->text) ? "P-02" : "P-03"};
        if (kind.key != "AWS" || c.form == CallerForm::service) continue;
        auto const* by_account = first_of(kind, [&](Value const& v) {
            return v.text == c.account || v.text == "arn:" + c.partition + ":iam::" + c.account + ":root";
        });
        if (by_account && !account.value) account = {c.form == CallerForm::root ? Named::directly : Named::delegated, by_account, c.form == CallerForm::root ? "E-05" : "E-04"};
    }
    return account;
}

Value principal_list(Value const& principal) {
    if (principal.is(Kind::string)) return list_of(principal);
    auto out = Value::array();
    for (auto const& kind : principal.items)
        for (auto const& v : list_of(kind).items) out.push(v);
    return out;
}

struct Outcome {
    bool holds = false;
    std::string_view reason;
    std::string_view rule;
};

bool value_satisfies(std::string_view op, std::string_view expected, std::string_view actual) {
    if (op == "StringEquals") return expected == actual;
    if (op == "StringEqualsIgnoreCase" || op == "Bool") return equal_ignore_case(expected, actual);
    if (op == "StringLike") return glob(expected, actual);
    return arn_like(expected, actual);    // ArnEquals and ArnLike are the same (IL:O-09)
}

// IL:C-01 … IL:S-09 for one operator and key
Outcome condition_holds(std::string_view op, Value const& expected, ContextKey const* key) {
    bool all = op.substr(0, 13) == "ForAllValues:", any = op.substr(0, 12) == "ForAnyValue:";
    if (all) op.remove_prefix(13);
    if (any) op.remove_prefix(12);
    bool if_exists = op.size() > 8 && op.substr(op.size() - 8) == "IfExists";
    if (if_exists) op.remove_suffix(8);
    bool absent = !key || key->values.empty();
    if (op == "Null") {
        if (all || any) return {all, all ? "condition.match" : "condition.noMatch", "IL:S-07"};
        bool holds = first_of(expected, [&](Value const& v) { return equal_ignore_case(v.text, "true") == absent; }) != nullptr;
        return {holds, holds ? "condition.match" : "condition.noMatch", "IL:C-10"};
    }
    auto where = op.find("Not");
    bool negated = where != std::string_view::npos;
    std::string positive(op);
    if (negated) positive.erase(where, 3);
    if (absent) {
        bool holds = all || if_exists || (negated && !any);
        return {holds, holds ? "condition.keyMissingMatches" : "condition.keyMissing",
                if_exists ? "IL:C-09" : all ? "IL:S-02" : any ? "IL:S-03" : negated ? "IL:C-08" : "IL:C-07"};
    }
    if (key->multivalued && !all && !any) return {false, "condition.noMatch", "IL:S-01"};
    auto one = [&](std::string const& actual) {
        bool listed = first_of(expected, [&](Value const& v) { return value_satisfies(positive, v.text, actual); }) != nullptr;
        return listed != negated;
    };
    bool holds = all ? std::all_of(key->values.begin(), key->values.end(), one) : std::any_of(key->values.begin(), key->values.end(), one);
    return {holds, holds ? "condition.match" : "condition.noMatch", all ? "IL:S-02" : any ? "IL:S-03" : negated ? "IL:C-03" : "IL:C-02"};
}

struct Matching {
    Value const& s;
    PolicyType type;
    std::string const& pointer;
    Ask const& ask;
    Texts const& texts;
    std::vector<std::string>& missing;
    StatementMatch out{};
    Value tests = Value::array();
    std::string reason{}, rule{};
    Value params{};

    bool test(std::string_view element, bool yes, std::string_view why, Value p, std::string_view r, std::string const& where, Value const* value) {
        tests.push(trace_test(element, yes, why, p, r, where, value, texts));
        if (!yes && reason.empty()) {
            reason = std::string(why);
            rule = std::string(r);
            params = std::move(p);
        }
        return yes;
    }

    bool principal() {
        if (!has_principal(type)) return true;
        if (auto const* p = s.find("Principal")) {
            auto hit = names_caller(*p, ask.caller);
            out.named = hit.named;
            auto actual = Value::str(ask.caller.arn);
            if (hit.named == Named::delegated)
                return test("principal", true, "principal.viaAccount", params_of({{"account", Value::str(ask.caller.account)}}), hit.rule, pointer + "/Principal", hit.value);
            if (hit.named == Named::directly)
                return test("principal", true, "principal.match", params_of({{"expected", Value::str(hit.value->text)}, {"actual", actual}}), hit.rule, pointer + "/Principal", hit.value);
            return test("principal", false, "principal.noMatch", params_of({{"expected", principal_list(*p)}, {"actual", actual}}), hit.rule, pointer + "/Principal", p);
        }
        auto const* p = s.find("NotPrincipal");
        if (!p) return false;
        // IL:P-14: exempt only when the role or account chain is listed too; a partial chain stays denied (IL:X-09)
        auto hit = names_caller(*p, ask.caller);
        bool excluded = hit.named == Named::directly;
        out.named = Named::directly;
        auto pr = params_of({{"expected", principal_list(*p)}, {"actual", Value::str(ask.caller.arn)}});
        return test("principal", !excluded, excluded ? "principal.excluded" : "principal.match", std::move(pr), "IL:P-14", pointer + "/NotPrincipal", p);
    }

    // `Action`/`NotAction` and `Resource`/`NotResource` work alike
    template <class F>
    bool element(std::string const& name, std::string const& positive, std::string const& actual, std::string_view rule_id, F same) {
        auto const* list = s.find(positive);
        auto const* negative = s.find("Not" + positive);
        if (!list && !negative) return test(name, false, name + ".none", Value::object(), "E-22", pointer, &s);
        auto const& used = list ? *list : *negative;
        auto const* hit = first_of(used, [&](Value const& v) { return v.is(Kind::string) && same(v.text, actual); });
        auto here = pointer + "/" + (list ? "" : "Not") + positive;
        bool yes = (hit != nullptr) == (list != nullptr);
        auto why = name + (yes ? ".match" : list ? ".noMatch" : ".excluded");
        auto expected = yes && hit ? Value::str(hit->text) : list_of(used);
        return test(name, yes, why, params_of({{"expected", expected}, {"actual", Value::str(actual)}}), rule_id, here, hit ? hit : &used);
    }

    bool conditions() {
        auto const* c = s.find("Condition");
        if (!c) return true;
        bool holds = true;
        for (auto const& op : c->items) {
            for (auto const& key : op.items) {
                auto const* actual = ask.context.find(key.key);
                auto o = condition_holds(op.key, key, actual);
                if (!actual || actual->values.empty()) missing.push_back(key.key);
                auto p = params_of({{"operator", Value::str(op.key)}, {"key", Value::str(key.key)}, {"expected", list_of(key)}});
                p.set("actual", !actual || actual->values.empty() ? Value{} : actual->multivalued ? Value::strings(actual->values) : Value::str(actual->values[0]));
                holds &= test("condition", o.holds, o.reason, std::move(p), o.rule, pointer + "/Condition" + pointer_step(op.key) + pointer_step(key.key), &key);
            }
        }
        return holds;
    }

    StatementMatch run() {
        out.deny = s.string_or("Effect") == "Deny";
        bool inert = (!s.find("Action") && !s.find("NotAction")) || (!s.find("Resource") && !s.find("NotResource"));
        bool applies = principal() && element("action", "Action", ask.action, "IL:A-01", [](auto const& p, auto const& a) { return glob_ignore_case(p, a); }) &&
                       element("resource", "Resource", ask.resource, "IL:R-03", [](auto const& p, auto const& a) { return resource_matches(p, a); }) && conditions();
        out.applies = applies && !inert;
        if (reason.empty()) {
            bool delegates = out.named == Named::delegated && !out.deny;
            reason = delegates ? "statement.delegates" : "statement.matched";
            rule = type != PolicyType::keyPolicy ? "E-03" : delegates ? "E-04" : out.deny ? "E-10" : "E-06";
            params = delegates ? params_of({{"account", Value::str(ask.caller.account)}}) : Value::object();
        }
        out.trace = Value::object();
        out.trace.set("kind", Value::str("statement"));
        out.trace.set("policyType", Value::str(name_of(type)));
        out.trace.set("action", Value::str(ask.action));
        out.trace.set("effect", Value::str(s.string_or("Effect")));
        if (auto const* sid = s.find("Sid")) out.trace.set("sid", Value::str(sid->text));
        out.trace.set("outcome", Value::str(out.applies ? "matched" : "notMatched"));
        out.trace.set("reason", Value::str(reason));
        out.trace.set("params", std::move(params));
        out.trace.set("rule", Value::str(rule));
        out.trace.set("pointer", Value::str(pointer));
        texts.place(out.trace, s.doc, s.begin, s.end);
        out.trace.set("tests", std::move(tests));
        return std::move(out);
    }
};
}    // namespace

StatementMatch match_statement(Value const& statement, PolicyType type, std::string const& pointer, Ask const& ask, Texts const& texts,
                               std::vector<std::string>& missing_keys, Language) {
    return Matching{statement, type, pointer, ask, texts, missing_keys}.run();
}

}    // namespace kms
