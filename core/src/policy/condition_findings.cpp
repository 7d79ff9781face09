// Findings about conditions: keys that never come, values that never compare, set operators that let too much through.
#include <algorithm>
#include <set>

#include "catalog/operations.hpp"
#include "policy/checks.hpp"
#include "policy/condition_keys.hpp"
#include "policy/variables.hpp"
#include "text/values.hpp"

namespace kms {

namespace {
std::string joined(std::vector<std::string> const& names) {
    std::string out;
    for (auto const& n : names) out += (out.empty() ? "" : ", ") + n;
    return out;
}

bool wildcard(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '*' || text[i] == '?') return true;
        if (text.substr(i, 2) == "${") i = std::min(text.find('}', i), text.size());    // ${*} is no wildcard
    }
    return false;
}

// One operator and key with its values, and the statement they stand in.
struct Test {
    Checks const& checks;
    StatementFacts const& s;
    Value const& condition;
    Value const& op;
    Value const& values;
    std::string pointer;    // of the key
    OperatorName name = read_operator(op.key);
    ConditionKey const* key = find_condition_key(values.key);

    Family family() const { return name.op->family; }
    bool null() const { return family() == Family::null; }
    bool set() const { return name.set != SetOperator::none; }
    bool for_all() const { return name.set == SetOperator::forAllValues; }
    /// Whether a request without the key passes.
    bool holds_when_absent() const {
        if (null()) return for_all() || (!set() && lists("true"));
        return for_all() || name.if_exists || (name.op->negated && !set());
    }
    bool lists(std::string_view text) const {
        bool found = false;
        each_with_pointer(values, "", [&](Value const& v, std::string const&) { found = found || equal_ignore_case(v.text, text); });
        return found;
    }
    Diagnostic& note(char const* code, std::string message, std::string help) const {
        auto& d = checks.warn_name(values, pointer, code, std::move(message), std::move(help));
        d.params = params_of({{"key", Value::str(values.key)}, {"operator", Value::str(op.key)}});
        return d;
    }
    Diagnostic& note_value(Value const& v, std::string const& at, char const* code, std::string message, std::string help) const {
        auto& d = checks.warn(v, at, code, std::move(message), std::move(help));
        d.params = params_of({{"key", Value::str(values.key)}, {"operator", Value::str(op.key)}, {"value", Value::str(v.text)}});
        return d;
    }
    /// Whether a test beside this one asks for the key: `Null: {key: "false"}` (IL:S-05), or for the names of an encryption context one of
    /// its values.
    bool guarded() const {
        for (auto const& other : condition.items)
            for (auto const& k : other.items) {
                Test beside{checks, s, condition, other, k, {}};
                if (!beside.name.op || beside.set() || beside.holds_when_absent()) continue;
                bool same = beside.null() && equal_ignore_case(k.key, values.key);
                if (same || (key->name == "kms:EncryptionContextKeys" && beside.key && beside.key->name == "kms:EncryptionContext:"))
                    return true;
            }
        return false;
    }
    bool beside(std::string_view other_key) const {
        for (auto const& other : condition.items)
            for (auto const& k : other.items)
                if (equal_ignore_case(k.key, other_key)) return true;
        return false;
    }
};

// The key

void find_unknown_key(Test const& t) {
    auto const& name = t.values.key;
    if (name.find(':') == std::string::npos) {
        t.note("policy.conditionKeyFormat", "`" + name + "` is no condition key: it has no service, so no request carries it",
               "write for example kms:ViaService or aws:PrincipalArn");
        return;
    }
    if (equal_ignore_case(name, "aws:ARN")) {
        t.note("policy.unknownConditionKey", "`aws:ARN` is no condition key any more, so no request carries it", "use aws:PrincipalArn")
            .params.set("nearest", "aws:PrincipalArn");
        return;
    }
    for (auto const& known : condition_key_names())
        if (known.back() == '/' || known.back() == ':')
            if (equal_ignore_case(known.substr(0, known.size() - 1), name) || equal_ignore_case(known, name)) {
                t.note("policy.missingTagKey",
                       "`" + name + "` names no " + (known.back() == '/' ? "tag" : "name") + ", so no request carries it",
                       "write `" + std::string(known) + "NAME`");
                return;
            }
    auto prefix = name.substr(0, 4);
    bool ours = equal_ignore_case(prefix, "kms:") || equal_ignore_case(prefix, "aws:");
    if (!ours && !t.s.kms_only && t.checks.type != PolicyType::keyPolicy)
        return;    // another service's key, in a statement about that service
    auto near = nearest(name, condition_key_names());
    t.note("policy.unknownConditionKey", "no request to KMS carries `" + name + "`",
           near.empty() ? "see the condition keys of AWS KMS" : "did you mean `" + near + "`?")
        .params.set("nearest", near);
}

// IL:C-13, C-40 … C-42: a key that the listed actions never have
void find_never_supplied(Test const& t) {
    std::vector<std::string> without;
    bool some_with = false;
    for (auto const& [action, covered] : t.s.actions) {
        bool with = std::any_of(covered.begin(), covered.end(), [&](auto const* o) { return t.key->supplied_for(o->name); });
        some_with = some_with || with;
        if (!with && !covered.empty()) without.push_back(action->text);
    }
    if (without.empty() || (t.null() && t.holds_when_absent())) return;
    bool holds = t.holds_when_absent();
    if (holds && (t.name.if_exists || t.for_all() || some_with)) return;    // meant for the others
    auto effect =
        holds ? (t.s.allow ? "always allows that" : "always denies that") : (t.s.allow ? "never allows that" : "never denies that");
    t.note(
         "policy.conditionKeyAbsent",
         joined(without) + (without.size() == 1 ? " never carries `" : " never carry `") + t.values.key + "`, so this statement " + effect,
         some_with ? "put these actions in a statement of their own" : "remove the condition, or test a key that these actions have")
        .params.set("actions", Value::strings(without));
    t.checks.problems.all.back().params.set("holds", Value::boolean(holds));
}

// C-41, IL:C-08, IL:E-51: a Deny that also strikes where nobody thought of it
void find_deny_without_key(Test const& t) {
    if (t.s.allow || t.null() || t.set() || !t.name.op->negated || t.name.if_exists || t.guarded()) return;
    bool service_exempt = t.beside("aws:ViaAWSService") || t.beside("aws:PrincipalIsAWSService");
    if (t.key->has('d') && !service_exempt && !t.s.services_only)
        t.note("policy.denyWithoutKey", "calls that a principal makes directly carry no `" + t.values.key + "`, so they are denied too",
               "add \"Null\": {\"" + t.values.key + "\": \"false\"} if only calls with it are meant");
    else if (t.key->has('e') && !service_exempt)
        t.note("policy.denyWithoutKey", "calls that AWS services make for you carry no `" + t.values.key + "`, so they are denied too",
               "add \"Bool\": {\"aws:ViaAWSService\": \"false\"} if services may use the key for you");
}

void find_in_key(Test const& t) {
    if (!t.key) return find_unknown_key(t);
    find_never_supplied(t);
    find_deny_without_key(t);
    if (t.checks.type == PolicyType::keyPolicy && t.key->has('i'))    // C-21
        t.note("policy.identityPolicyKey", "`" + t.values.key + "` counts in IAM policies only; in a key policy no request carries it",
               "use kms:RequestAlias, or an IAM policy");
    if (t.s.services_only && t.key->has('p') && has_principal(t.checks.type) && !t.holds_when_absent())
        t.note("policy.serviceConditionKey",
               "a service that calls as itself carries no `" + t.values.key + "`, so the statement never applies",
               "test aws:SourceArn, aws:SourceAccount or aws:SourceOrgID");
    if (equal_ignore_case(t.key->name, "aws:VpcSourceIp") && !t.beside("aws:SourceVpc") && !t.beside("aws:SourceVpce"))
        t.note("policy.missingPairedKey", "private addresses occur in any VPC, so aws:VpcSourceIp alone tells nothing",
               "test aws:SourceVpc or aws:SourceVpce beside it");
}

// The set operator

void find_in_set_operator(Test const& t) {
    if (t.set() && t.null()) {    // IL:S-07
        t.note("policy.nullWithSetOperator", t.for_all() ? "`ForAllValues:Null` always holds" : "`ForAnyValue:Null` never holds",
               "write `Null`");
        return;
    }
    if (!t.key || t.null()) return;
    if (!t.set() && t.key->multivalued()) {    // IL:S-01
        t.note("policy.missingSetOperator",
               "`" + t.values.key + "` has several values, so an operator without `ForAllValues:` or `ForAnyValue:` never holds",
               "write `ForAnyValue:" + t.op.key + "` or `ForAllValues:" + t.op.key + "`");
    } else if (t.for_all() && !t.key->multivalued()) {    // IL:S-06
        t.note("policy.setOperatorOnSingleValue",
               "`" + t.values.key + "` has a single value; with `ForAllValues:` requests without it pass too", "remove `ForAllValues:`");
    } else if (t.for_all() && t.s.allow && t.key->name != "kms:GrantOperations" && !t.guarded()) {    // IL:S-02, IL:S-05
        t.note("policy.forAllValuesAbsent", "`ForAllValues:` holds for requests without `" + t.values.key + "` too",
               "add \"Null\": {\"" + t.values.key + "\": \"false\"} to require it");
    } else if (t.name.set == SetOperator::forAnyValue && t.s.allow && !t.name.op->negated &&
               t.key->name == "kms:GrantOperations") {    // C-46
        t.note("policy.anyGrantOperation", "one listed operation is enough: a grant that has it may have any other operation too",
               "write `ForAllValues:" + std::string(t.name.op->name) + "`");
    }
}

// Operator and values

bool suits(ConditionKey const& key, Family family) {
    if (family == Family::null || key.family == family) return true;
    if (family == Family::string) return key.family == Family::arn;    // IL:O-12
    if (family == Family::arn) return key.name == "kms:GranteePrincipal" || key.name == "kms:RetiringPrincipal" || key.has_tail();
    if (family == Family::numeric) return key.name == "aws:EpochTime" || key.name == "aws:CurrentTime";    // IL:O-11
    return key.has_tail();    // tags and encryption contexts hold texts of any kind
}

void find_in_operator(Test const& t) {
    if (!t.name.exact_case)    // IL:X-11
        t.checks
            .warn_name(t.op, t.pointer.substr(0, t.pointer.rfind('/')), "policy.operatorCase",
                       "AWS writes this operator in other capitals; that it is read all the same is not documented",
                       "write `" + std::string(t.name.op->name) + "` as AWS does")
            .params.set("operator", t.op.key);
    if (t.key && !suits(*t.key, t.family()))
        t.note("policy.operatorType", "`" + t.op.key + "` is not made for the values of `" + t.values.key + "`",
               "use an operator for its type");
}

char const* expected_kind(Family family) {
    switch (family) {
        case Family::numeric: return "a number";
        case Family::boolean:
        case Family::null: return "true or false";
        case Family::binary: return "base64";
        case Family::address: return "an IP address or a range in CIDR notation";
        default: return "a text";
    }
}

bool readable(Test const& t, std::string_view text) {
    if (t.null() || (t.family() == Family::boolean && text.find("${") == std::string_view::npos))
        return equal_ignore_case(text, "true") || equal_ignore_case(text, "false");
    if (t.family() == Family::boolean) return true;
    return t.name.op->relation(text, "", {}) != Relation::unreadable;
}

void find_address(Test const& t, Value const& v, std::string const& at) {
    auto range = parse_range(v.text);
    if (!range) return;
    if (has_host_bits(*range))
        t.note_value(v, at, "policy.ipHostBits", "bits after the prefix length are ignored", "write the first address of the range");
    if (t.key && t.key->name == "aws:SourceIp" && is_private(range->base))
        t.note_value(v, at, "policy.privateAddress",
                     "KMS sees public addresses in aws:SourceIp; calls from a VPC come through an endpoint and carry none",
                     "test aws:VpcSourceIp with aws:SourceVpc, or a public range");
}

bool well_formed(std::string_view key, std::string_view value) {
    auto all = [](std::string_view text, std::string_view also) {
        return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
        });
    };
    if (key == "aws:SourceVpc") return starts_with(value, "vpc-") && all(value, "-");
    if (key == "aws:SourceVpce") return starts_with(value, "vpce-") && all(value, "-");
    if (key == "aws:RequestedRegion" || key == "kms:ReplicaRegion" || key == "kms:PrimaryRegion")
        return all(value, "-") && std::count(value.begin(), value.end(), '-') >= 2;
    if (key == "kms:CallerAccount" || key == "aws:PrincipalAccount" || key == "aws:SourceAccount" || key == "aws:ResourceAccount")
        return value.size() == 12 && all_digits(value);
    if (key == "kms:ViaService") {    // C-02: the Region is part of it
        auto end = value.find(".amazonaws.com");
        auto dot = value.find('.');
        return end != std::string_view::npos && dot < end && all(value.substr(0, dot), "-") &&
               std::count(value.begin() + static_cast<std::ptrdiff_t>(dot), value.begin() + static_cast<std::ptrdiff_t>(end), '-') >= 2;
    }
    return true;
}
char const* form_of(std::string_view key) {
    if (key == "aws:SourceVpc") return "vpc-…";
    if (key == "aws:SourceVpce") return "vpce-…";
    if (key == "kms:ViaService") return "SERVICE.REGION.amazonaws.com, in small letters";
    return key.find("Region") != std::string_view::npos ? "a Region such as us-east-1" : "twelve digits";
}

void find_in_value(Test const& t, Value const& v, std::string const& at) {
    find_in_variables(t.checks, v, at, t.name.op->takes_variables() && t.family() != Family::boolean, t.op.key);
    bool variable = next_variable(v.text, 0).has_value();
    if (!readable(t, v.text)) {    // IL:C-14
        auto message = std::string("this is not ") + expected_kind(t.family()) + ", so it never compares";
        if (t.name.op->negated) message += t.s.allow ? "; the condition then fails" : "; the condition then holds";    // IL:X-05
        t.note_value(v, at, "policy.conditionValue", std::move(message), std::string("write ") + expected_kind(t.family()))
            .params.set("expected", expected_kind(t.family()));
        return;
    }
    if (t.family() == Family::date && is_epoch(v.text))
        t.note_value(v, at, "policy.epochDate", "this is read as Unix seconds", "write a date such as 2026-01-31T23:59:59Z");
    if (t.family() == Family::address) find_address(t, v, at);
    if (t.family() == Family::string && !t.name.op->wildcards && wildcard(v.text))    // IL:C-15
        t.note_value(v, at, "policy.wildcardLiteral", "`" + t.op.key + "` has no wildcards: `*` and `?` are themselves here",
                     t.name.op->negated ? "use StringNotLike" : "use StringLike");
    if (t.key && t.family() == Family::string && !variable && !wildcard(v.text) && !well_formed(t.key->name, v.text))
        t.note_value(v, at, "policy.valueForm", "no request carries a `" + t.values.key + "` like this",
                     std::string("write ") + form_of(t.key->name))
            .params.set("form", form_of(t.key->name));
}

void find_in_values(Test const& t) {
    if (t.values.is(Kind::array) && t.values.items.empty()) {    // IL:C-12
        t.note("policy.emptyList",
               "no value is listed, so the condition " + std::string(t.name.op->negated && !t.set() && !t.name.if_exists ? "always holds"
                                                                     : t.holds_when_absent() ? "holds only for requests without the key"
                                                                                             : "never holds"),
               "list the values")
            .params.set("element", "Condition");
        return;
    }
    each_with_pointer(t.values, t.pointer, [&](Value const& v, std::string const& at) { find_in_value(t, v, at); });
    if (!t.values.is(Kind::array)) return;
    auto const& all = t.values.items;
    if (std::any_of(all.begin(), all.end(), [&](auto const& v) { return v.kind != all[0].kind; }))    // IL:G-16
        t.note("policy.mixedTypes", "texts, numbers and booleans are mixed here; all are compared as text", "write all values as strings");
    if ((t.family() == Family::boolean || t.null()) && all.size() > 1)    // IL:O-06
        t.note("policy.multipleBooleans",
               t.lists("true") && t.lists("false") ? "true or false: one of them always holds" : "one value is enough", "keep one value");
    else if (t.family() == Family::string || t.family() == Family::arn)
        find_redundant(t.checks, t.values, t.pointer,
                       t.name.op->wildcards ? [](std::string_view wide, std::string_view other) { return glob(wide, other); }
                                            : std::function<bool(std::string_view, std::string_view)>());
}
}    // namespace

void find_in_condition(Checks const& checks, StatementFacts const& s) {
    auto const& condition = *s.statement.find("Condition");
    auto here = s.pointer + "/Condition";
    if (condition.items.empty())
        checks.warn(condition, here, "policy.emptyList", "the `Condition` is empty and restricts nothing", "remove it")
            .params.set("element", "Condition");
    for (auto const& op : condition.items)
        for (auto const& values : op.items) {
            Test t{checks, s, condition, op, values, here + pointer_step(op.key) + pointer_step(values.key)};
            if (!t.name.op) continue;
            find_in_key(t);
            find_in_set_operator(t);
            find_in_operator(t);
            find_in_values(t);
        }
}

}    // namespace kms
