#pragma once
// Inside the policy checks: what one document's checks share. check.cpp says what AWS refuses to store; the findings what it stores
// although it is useless or dangerous.

#include <functional>

#include "policy/policy.hpp"

namespace kms {

struct Operation;

struct Checks {
    PolicyType type;
    Language language;
    PolicyFacts const& facts;
    Problems& problems;

    Diagnostic& warn(Value const& where, std::string const& pointer, char const* code, std::string message, std::string help) const;
    /// The same, about a member's name.
    Diagnostic& warn_name(Value const& member, std::string const& pointer, char const* code, std::string message, std::string help) const;
};

/// What the findings about one statement have to know of it.
struct StatementFacts {
    Value const& statement;
    std::string const& pointer;
    bool allow = false;
    bool kms_only = false;         ///< every listed action is one of KMS
    bool services_only = false;    ///< every principal is a service
    std::vector<std::pair<Value const*, std::vector<Operation const*>>>
        actions;    ///< each value of Action, with the permissions it covers
};
StatementFacts facts_of(Value const& statement, std::string const& pointer);

/// Calls `f(value, pointer)` for a single value or each of a list.
template <class F>
void each_with_pointer(Value const& v, std::string const& pointer, F f) {
    if (!v.is(Kind::array)) return f(v, pointer);
    for (std::size_t i = 0; i < v.items.size(); ++i) f(v.items[i], pointer + "/" + std::to_string(i));
}

void find_in_document(Checks const& checks, Value const& policy, std::string const& pointer);
void find_in_statement(Checks const& checks, StatementFacts const& s);
void find_in_principals(Checks const& checks, StatementFacts const& s);
void find_in_condition(Checks const& checks, StatementFacts const& s);

/// Reports variables that are malformed, or stand where they are literal text (IL:V-02, IL:V-08); `place` is an element or an operator.
void find_in_variables(Checks const& checks, Value const& v, std::string const& pointer, bool replaced_here, std::string_view place,
                       std::size_t from = 0);

/// Reports values that a list holds twice, or that a wider pattern of the list covers already.
void find_redundant(Checks const& checks, Value const& list, std::string const& pointer,
                    std::function<bool(std::string_view, std::string_view)> const& covers);

}    // namespace kms
