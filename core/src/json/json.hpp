#pragma once
// JSON values that remember where they stood: text in, tree with exact byte ranges out, and back to one canonical line.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kms {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

inline constexpr std::uint16_t no_text = 0xFFFF;

/// One value. `text` holds a string, a number as written, or `true`/`false`; members of an object keep their key beside the value.
struct Value {
    Kind kind = Kind::null;
    std::uint16_t doc = no_text;    ///< the text it stands in, or no_text for what the engine made
    std::uint32_t begin = 0, end = 0;
    std::uint32_t key_begin = 0, key_end = 0;
    std::string key;
    std::string text;
    std::vector<Value> items;

    bool is(Kind k) const { return kind == k; }
    // Literals have overloads of their own: WebAssembly passes a string_view through memory, and there are more than a thousand of them.
    Value const* find(std::string_view name) const;
    Value const* find(char const* name) const;
    Value* find(std::string_view name);
    Value* find(char const* name);
    /// The text of a string member, or nothing.
    std::string_view string_or(std::string_view name, std::string_view otherwise) const;
    std::string_view string_or(char const* name) const;
    std::string_view string_or(std::string_view name) const;
    /// Sets a member, replacing one of that name.
    Value& set(std::string_view name, Value value);
    Value& set(char const* name, Value value);
    Value& set(char const* name, std::string const& string);
    Value& set(char const* name, std::string_view string);
    Value& set(char const* name, char const* string);
    Value& push(Value value);

    static Value str(std::string_view s);
    static Value str(std::string const& s);
    static Value str(char const* s);
    static Value num(std::uint64_t n);
    static Value boolean(bool b);
    static Value array();
    static Value object();
    static Value strings(std::vector<std::string> const& all);
};

bool operator==(Value const& a, Value const& b);    ///< same data; member order and positions do not matter

struct ParseProblem {
    std::string code;    ///< json.syntax, json.duplicateKey, json.depth, json.empty
    std::string message, help;
    std::string cause;    ///< of json.syntax: incomplete, trailingComma, smartQuote, character, singleQuote, comment, separator, secondDocument, other
    std::uint32_t begin = 0, end = 0;
};

/// Reads one JSON text. With problems of the syntax kind the value is incomplete and must not be used.
struct Parsed {
    Value value;
    std::vector<ParseProblem> problems;
};
Parsed parse_json(std::string_view text, std::uint16_t doc);

std::string write_json(Value const& value);

/// RFC 6901. `find_pointer` gives null when nothing stands there.
std::vector<std::string> split_pointer(std::string_view pointer);
Value* find_pointer(Value& root, std::string_view pointer);
Value const* find_pointer(Value const& root, std::string_view pointer);
std::string pointer_step(std::string_view name);

}    // namespace kms
