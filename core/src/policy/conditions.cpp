#include "policy/conditions.hpp"

#include <algorithm>

#include "policy/operators.hpp"
#include "policy/variables.hpp"

namespace kms {

namespace {
bool no_value(Value const& listed) { return listed.is(Kind::array) && listed.items.empty(); }
bool several(Value const& listed) { return listed.is(Kind::array) && listed.items.size() > 1; }

template <class F>
void each_value(Value const& listed, F f) {
    if (!listed.is(Kind::array)) return f(listed);
    for (auto const& v : listed.items) f(v);
}

Expanded expand_value(Value const& v, Operator const& op, Context const& context, Language language) {
    auto from = language == Language::v2012 && op.takes_variables() ? 0 : std::string_view::npos;
    return expand(v.text, from, context, op.wildcards);
}

// Presence alone counts; an empty text is no value either (IL:C-10, IL:C-11, IL:X-04).
ConditionTest test_null(OperatorName const& name, Value const& listed, ContextKey const* key, bool absent, Readings const& readings) {
    ConditionTest t;
    t.absent = absent;
    if (name.set != SetOperator::none) {    // IL:S-07
        t.holds = name.set == SetOperator::forAllValues;
        t.rule = "IL:S-07";
    } else {
        bool empty_text = !absent && key->values.size() == 1 && key->values[0].empty();
        bool empty = absent || (empty_text && readings.is("IL:X-04", "absent"));
        if (empty_text) t.assumption = "IL:X-04";
        each_value(listed, [&](Value const& v) { t.holds = t.holds || equal_ignore_case(v.text, empty ? "true" : "false"); });
        t.rule = !absent && empty ? "IL:C-11" : "IL:C-10";
    }
    t.reason =
        absent ? (t.holds ? "condition.keyMissingMatches" : "condition.keyMissing") : (t.holds ? "condition.match" : "condition.noMatch");
    return t;
}

ConditionTest test_absent(OperatorName const& name, bool absent) {
    ConditionTest t;
    t.absent = absent;
    bool all = name.set == SetOperator::forAllValues, any = name.set == SetOperator::forAnyValue;
    t.holds = all || name.if_exists || (name.op->negated && !any);
    t.reason = t.holds ? "condition.keyMissingMatches" : "condition.keyMissing";
    // C-41
    t.rule = name.if_exists ? (any ? "IL:S-08" : "IL:C-09") : all ? "IL:S-02" : any ? "IL:S-03" : name.op->negated ? "IL:C-08" : "IL:C-07";
    if (!absent) t.rule = t.assumption = "IL:X-03";
    return t;
}

struct Comparison {
    bool unreadable = false;    ///< some value of the policy is not of the operator's kind
    std::string_view variable;
    bool variable_in_bool = false;
};

// Whether some listed value has the operator's relation to one value of the request.
bool related(Operator const& op, Value const& listed, std::string_view actual, ConditionAsk const& ask, Comparison& seen) {
    bool found = false;
    each_value(listed, [&](Value const& v) {
        if (found) return;
        bool in_bool = op.family == Family::boolean && ask.language == Language::v2012 && v.text.find("${") != std::string::npos;
        seen.variable_in_bool = seen.variable_in_bool || in_bool;
        auto language = in_bool && ask.readings.is("IL:X-02", "literal") ? Language::v2008 : ask.language;
        auto expected = expand_value(v, op, ask.context, language);
        if (!expected.missing.empty()) {
            seen.variable = expected.missing;
            return;
        }
        auto r = op.relation(expected.text(), actual, expected.wildcards);
        seen.unreadable = seen.unreadable || r == Relation::unreadable;
        found = r == Relation::yes;
    });
    return found;
}

std::string_view plain_rule(OperatorName const& name, Value const& listed) {
    if (name.set != SetOperator::none) return name.op->negated ? "IL:S-04" : name.set == SetOperator::forAllValues ? "IL:S-02" : "IL:S-03";
    return !several(listed) ? name.op->rule : name.op->negated ? "IL:C-03" : "IL:C-02";
}

// An outcome that AWS leaves open: by default the statement does what allows less.
bool open_outcome(char const* id, ConditionAsk const& ask) { return ask.deny != ask.readings.is(id, "failsOpen"); }

ConditionTest decided(bool holds, std::string_view rule, std::string_view assumption = {}) {
    return {holds, false, holds ? "condition.match" : "condition.noMatch", rule, assumption, {}};
}

ConditionTest test_present(OperatorName const& name, Value const& listed, ContextKey const& key, ConditionAsk const& ask) {
    auto const& op = *name.op;
    Comparison seen;
    bool open = false;
    auto one = [&](std::string const& actual) {
        bool found = related(op, listed, actual, ask, seen);
        if (!op.negated || found || !seen.unreadable) return found != op.negated;
        open = true;
        return open_outcome("IL:X-05", ask);
    };
    auto const& values = key.values;
    bool all = name.set == SetOperator::forAllValues;
    bool holds = all ? std::all_of(values.begin(), values.end(), one) : std::any_of(values.begin(), values.end(), one);
    auto t = decided(holds, plain_rule(name, listed));
    if (!seen.variable.empty()) t.missing.emplace_back(seen.variable);
    if (!seen.variable.empty() && t.holds == op.negated) t.rule = "IL:V-07";
    if (seen.unreadable && !op.negated && !t.holds) t.rule = "IL:C-14";
    if (seen.variable_in_bool) t.assumption = "IL:X-02";
    if (open) t.rule = t.assumption = "IL:X-05";
    return t;
}
}    // namespace

ConditionTest test_condition(std::string_view written_operator, Value const& listed, ConditionAsk const& ask) {
    auto name = read_operator(written_operator);
    if (!name.op) return decided(false, "IL:G-19");
    auto const* key = ask.context.find(listed.key);
    bool absent = !key || key->values.empty();
    if (name.op->family == Family::null) return test_null(name, listed, key, absent, ask.readings);
    if (!absent && key->ambiguous) return decided(open_outcome("IL:C-05", ask), "IL:C-05", "IL:C-05");
    bool set = name.set != SetOperator::none;
    bool empty_set = !absent && key->multivalued && key->values.size() == 1 && key->values[0].empty();    // IL:X-03
    if (absent || (empty_set && ask.readings.is("IL:X-03", "emptySet"))) return test_absent(name, absent);
    if (no_value(listed) && (set || name.if_exists || !name.op->negated)) return decided(false, "IL:C-12");
    bool lacks_set_operator = key->multivalued && !set;
    if (lacks_set_operator && !ask.readings.is("IL:X-06", "anyValue")) return decided(false, "IL:S-01", "IL:X-06");
    auto t = test_present(name, listed, *key, ask);
    if (lacks_set_operator) t.assumption = "IL:X-06";
    if (empty_set) t.assumption = "IL:X-03";
    return t;
}

Value expected_values(std::string_view written_operator, Value const& listed, Context const& context, Language language) {
    auto name = read_operator(written_operator);
    auto from = name.op && name.op->takes_variables() && language == Language::v2012 ? 0 : std::string_view::npos;
    auto out = Value::array();
    each_value(listed, [&](Value const& v) {
        auto expanded = expand(v.text, from, context, false);
        out.push(Value::str(expanded.missing.empty() ? expanded.text() : std::string_view(v.text)));
    });
    return out;
}

}    // namespace kms
