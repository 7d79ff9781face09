#include "json/diagnostics.hpp"

#include <algorithm>

namespace kms {

std::uint16_t Texts::add(std::string pointer, std::string text) {
    LineIndex lines(text);
    for (std::size_t i = 1; i < all_.size(); ++i)    // a document typed anew takes the place of what stood there
        if (all_[i].pointer == pointer) {
            all_[i] = {std::move(pointer), std::move(text), std::move(lines)};
            return static_cast<std::uint16_t>(i);
        }
    all_.push_back({std::move(pointer), std::move(text), std::move(lines)});
    return static_cast<std::uint16_t>(all_.size() - 1);
}

static Value position_value(Position p) {
    auto v = Value::object();
    v.set("line", Value::num(p.line));
    v.set("column", Value::num(p.column));
    v.set("offset", Value::num(p.offset));
    return v;
}

Value Texts::range(std::uint16_t doc, std::uint32_t begin, std::uint32_t end) const {
    auto const& t = all_[doc];
    auto v = Value::object();
    v.set("start", position_value(t.lines.at(t.text, begin)));
    v.set("end", position_value(t.lines.at(t.text, end)));
    return v;
}

void Texts::place(Value& into, std::uint16_t doc, std::uint32_t begin, std::uint32_t end) const {
    if (doc == no_text) return;
    into.set("document", all_[doc].pointer);
    into.set("range", range(doc, begin, end));
}

Diagnostic& Problems::at(Severity severity, Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help) {
    auto& d = all.emplace_back();
    d.severity = severity;
    d.code = code;
    d.message = message;
    d.help = help;
    d.pointer = pointer;
    d.doc = where.doc;
    d.begin = where.begin;
    d.end = where.end;
    return d;
}
Diagnostic& Problems::error(Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help) {
    return at(Severity::error, where, pointer, code, message, help);
}
Diagnostic& Problems::key(Value const& where, std::string const& pointer, char const* code, std::string const& message, std::string const& help) {
    auto& d = error(where, pointer, code, message, help);
    d.begin = where.key_begin;
    d.end = where.key_end;
    d.params.set("name", where.key);
    return d;
}
void Problems::json(ParseProblem const& problem, std::uint16_t doc, std::string pointer) {
    auto& d = all.emplace_back();
    d.code = problem.code;
    d.message = problem.message;
    d.help = problem.help;
    d.pointer = std::move(pointer);
    d.doc = doc;
    d.begin = problem.begin;
    d.end = problem.end;
    if (!problem.cause.empty()) d.params.set("cause", problem.cause);
}
bool Problems::errors() const {
    return std::any_of(all.begin(), all.end(), [](auto const& d) { return d.severity == Severity::error; });
}
bool Problems::any_under(std::string_view pointer) const {
    return std::any_of(all.begin(), all.end(), [&](auto const& d) { return d.pointer.compare(0, pointer.size(), pointer) == 0 && (d.pointer.size() == pointer.size() || d.pointer[pointer.size()] == '/'); });
}
bool Problems::errors_under(std::string_view pointer) const {
    return std::any_of(all.begin(), all.end(), [&](auto const& d) {
        return d.severity == Severity::error && d.pointer.compare(0, pointer.size(), pointer) == 0 &&
               (d.pointer.size() == pointer.size() || d.pointer[pointer.size()] == '/');
    });
}

Value write_diagnostic(Diagnostic const& d, Texts const& texts) {
    auto v = Value::object();
    v.set("code", d.code);
    v.set("severity", d.severity == Severity::error ? "error" : d.severity == Severity::warning ? "warning" : "info");
    v.set("params", d.params);
    v.set("message", d.message);
    if (!d.help.empty()) v.set("help", d.help);
    if (!d.step.empty()) v.set("step", d.step);
    v.set("pointer", d.pointer);
    texts.place(v, d.doc, d.begin, d.end);
    return v;
}

std::string nearest(std::string_view name, std::vector<std::string_view> const& known) {
    std::size_t best = 4;
    std::string found;
    auto wanted = lower(name);
    if (wanted.size() > 80) return {};
    for (auto candidate : known) {
        auto other = lower(candidate);
        std::vector<std::size_t> row(other.size() + 1);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            auto diagonal = row[0];
            row[0] = i + 1;
            for (std::size_t j = 0; j < other.size(); ++j) {
                auto substitution = diagonal + (wanted[i] == other[j] ? 0U : 1U);
                diagonal = row[j + 1];
                row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substitution});
            }
        }
        if (row.back() < best) {
            best = row.back();
            found = std::string(candidate);
        }
    }
    return found;
}

}    // namespace kms
