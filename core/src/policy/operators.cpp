#include "policy/operators.hpp"

#include "text/values.hpp"

namespace kms {

namespace {
Relation when(bool holds) { return holds ? Relation::yes : Relation::no; }

Relation string_equals(std::string_view expected, std::string_view actual, Wildcards) { return when(expected == actual); }
Relation string_ignore_case(std::string_view expected, std::string_view actual, Wildcards) {
    return when(equal_ignore_case_latin1(expected, actual));
}
Relation string_like(std::string_view expected, std::string_view actual, Wildcards w) { return when(glob(expected, actual, w)); }
Relation arn_matches(std::string_view expected, std::string_view actual, Wildcards w) { return when(arn_like(expected, actual, w)); }

template <class Holds>
Relation numbers(std::string_view expected, std::string_view actual, Holds holds) {
    auto e = parse_decimal(expected);
    if (!e) return Relation::unreadable;
    auto a = parse_decimal(actual);
    return when(a && holds(compare(*a, *e)));
}
Relation numeric_equals(std::string_view e, std::string_view a, Wildcards) {
    return numbers(e, a, [](int order) { return order == 0; });
}
Relation numeric_less(std::string_view e, std::string_view a, Wildcards) {
    return numbers(e, a, [](int order) { return order < 0; });
}
Relation numeric_at_most(std::string_view e, std::string_view a, Wildcards) {
    return numbers(e, a, [](int order) { return order <= 0; });
}
Relation numeric_greater(std::string_view e, std::string_view a, Wildcards) {
    return numbers(e, a, [](int order) { return order > 0; });
}
Relation numeric_at_least(std::string_view e, std::string_view a, Wildcards) {
    return numbers(e, a, [](int order) { return order >= 0; });
}

template <class Holds>
Relation instants(std::string_view expected, std::string_view actual, Holds holds) {
    auto e = parse_instant(expected);
    if (!e) return Relation::unreadable;
    auto a = parse_instant(actual);
    return when(a && holds(*a, *e));
}
Relation date_equals(std::string_view e, std::string_view a, Wildcards) {
    return instants(e, a, [](auto x, auto y) { return x == y; });
}
Relation date_less(std::string_view e, std::string_view a, Wildcards) {
    return instants(e, a, [](auto x, auto y) { return x < y; });
}
Relation date_at_most(std::string_view e, std::string_view a, Wildcards) {
    return instants(e, a, [](auto x, auto y) { return x <= y; });
}
Relation date_greater(std::string_view e, std::string_view a, Wildcards) {
    return instants(e, a, [](auto x, auto y) { return x > y; });
}
Relation date_at_least(std::string_view e, std::string_view a, Wildcards) {
    return instants(e, a, [](auto x, auto y) { return x >= y; });
}

Relation boolean_equals(std::string_view expected, std::string_view actual, Wildcards) {
    if (!equal_ignore_case(expected, "true") && !equal_ignore_case(expected, "false")) return Relation::unreadable;
    return when(equal_ignore_case(expected, actual));
}

Relation binary_equals(std::string_view expected, std::string_view actual, Wildcards) {
    auto e = parse_base64(expected);
    if (!e) return Relation::unreadable;
    return when(e == parse_base64(actual));
}

Relation address_in(std::string_view expected, std::string_view actual, Wildcards) {
    auto range = parse_range(expected);
    if (!range) return Relation::unreadable;
    auto address = parse_address(actual);
    return when(address && contains(*range, *address));
}

Relation never(std::string_view, std::string_view, Wildcards) { return Relation::no; }    // Null looks at presence alone

constexpr Operator table[] = {
    {"StringEquals", Family::string, false, false, string_equals, "IL:O-01"},
    {"StringNotEquals", Family::string, true, false, string_equals, "IL:O-01"},
    {"StringEqualsIgnoreCase", Family::string, false, false, string_ignore_case, "IL:O-02"},
    {"StringNotEqualsIgnoreCase", Family::string, true, false, string_ignore_case, "IL:O-02"},
    {"StringLike", Family::string, false, true, string_like, "IL:O-03"},
    {"StringNotLike", Family::string, true, true, string_like, "IL:O-03"},
    {"NumericEquals", Family::numeric, false, false, numeric_equals, "IL:O-04"},
    {"NumericNotEquals", Family::numeric, true, false, numeric_equals, "IL:O-04"},
    {"NumericLessThan", Family::numeric, false, false, numeric_less, "IL:O-04"},
    {"NumericLessThanEquals", Family::numeric, false, false, numeric_at_most, "IL:O-04"},
    {"NumericGreaterThan", Family::numeric, false, false, numeric_greater, "IL:O-04"},
    {"NumericGreaterThanEquals", Family::numeric, false, false, numeric_at_least, "IL:O-04"},
    {"DateEquals", Family::date, false, false, date_equals, "IL:O-05"},
    {"DateNotEquals", Family::date, true, false, date_equals, "IL:O-05"},
    {"DateLessThan", Family::date, false, false, date_less, "IL:O-05"},
    {"DateLessThanEquals", Family::date, false, false, date_at_most, "IL:O-05"},
    {"DateGreaterThan", Family::date, false, false, date_greater, "IL:O-05"},
    {"DateGreaterThanEquals", Family::date, false, false, date_at_least, "IL:O-05"},
    {"Bool", Family::boolean, false, false, boolean_equals, "IL:O-06"},
    {"BinaryEquals", Family::binary, false, false, binary_equals, "IL:O-07"},
    {"IpAddress", Family::address, false, false, address_in, "IL:O-08"},
    {"NotIpAddress", Family::address, true, false, address_in, "IL:O-08"},
    {"ArnEquals", Family::arn, false, true, arn_matches, "IL:O-09"},
    {"ArnNotEquals", Family::arn, true, true, arn_matches, "IL:O-09"},
    {"ArnLike", Family::arn, false, true, arn_matches, "IL:O-09"},
    {"ArnNotLike", Family::arn, true, true, arn_matches, "IL:O-09"},
    {"Null", Family::null, false, false, never, "IL:C-10"},
};

bool same(std::string_view a, std::string_view b, bool& exact) {
    if (!equal_ignore_case(a, b)) return false;
    exact = exact && a == b;
    return true;
}
}    // namespace

OperatorName read_operator(std::string_view name) {
    constexpr std::string_view all = "ForAllValues:", any = "ForAnyValue:", suffix = "IfExists";
    OperatorName out;
    if (same(name.substr(0, all.size()), all, out.exact_case)) {
        out.set = SetOperator::forAllValues;
        name.remove_prefix(all.size());
    } else if (same(name.substr(0, any.size()), any, out.exact_case)) {
        out.set = SetOperator::forAnyValue;
        name.remove_prefix(any.size());
    }
    if (name.size() > suffix.size() && same(name.substr(name.size() - suffix.size()), suffix, out.exact_case)) {
        out.if_exists = true;
        name.remove_suffix(suffix.size());
    }
    for (auto const& o : table)
        if (same(name, o.name, out.exact_case)) {
            out.op = &o;
            break;
        }
    return out;
}

std::vector<std::string_view> operator_names() {
    std::vector<std::string_view> names;
    for (auto const& o : table) names.push_back(o.name);
    return names;
}

}    // namespace kms
