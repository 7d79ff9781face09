#pragma once
// What is wrong with an input, where, and what to do about it. An error stands in the way of every decision that reads its document.

#include "json/json.hpp"
#include "text/text.hpp"

namespace kms {

enum class Severity { error, warning, info };

struct Diagnostic {
    Severity severity = Severity::error;
    std::string code, message, help, pointer, step;
    Value params = Value::object();
    std::uint16_t doc = no_text;
    std::uint32_t begin = 0, end = 0;
};

/// The texts that ranges count in: the scenario itself, and each document given as a text of its own.
class Texts {
public:
    std::uint16_t add(std::string pointer, std::string text);
    /// Forgets every text but the first: the next scenario of the same text begins.
    void keep_first() {
        if (all_.size() > 1) all_.erase(all_.begin() + 1, all_.end());
    }
    Value range(std::uint16_t doc, std::uint32_t begin, std::uint32_t end) const;
    std::string const& pointer(std::uint16_t doc) const { return all_[doc].pointer; }
    std::string const& text(std::uint16_t doc) const { return all_[doc].text; }
    /// Writes `document` and `range` of a value that stands in a text.
    void place(Value& into, std::uint16_t doc, std::uint32_t begin, std::uint32_t end) const;

private:
    struct Text {
        std::string pointer, text;
        LineIndex lines;
    };
    std::vector<Text> all_;
};

/// Collects the problems of one reading.
struct Problems {
    std::vector<Diagnostic> all;

    Diagnostic& at(Severity severity, Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help);
    Diagnostic& error(Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help);
    Diagnostic& key(Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help);
    void json(ParseProblem const& problem, std::uint16_t doc, std::string pointer);
    bool errors() const;
    bool errors_under(std::string_view pointer) const;
    bool any_under(std::string_view pointer) const;
};

Value write_diagnostic(Diagnostic const& diagnostic, Texts const& texts);

/// The known name nearest to a misspelt one, or nothing when none is near.
std::string nearest(std::string_view name, std::vector<std::string_view> const& known);

}    // namespace kms
