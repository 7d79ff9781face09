#include "json/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace kms {

Value const* Value::find(std::string_view name) const {
    if (kind != Kind::object) return nullptr;
    for (auto const& m : items)
        if (m.key == name) return &m;
    return nullptr;
}
Value const* Value::find(char const* name) const { return find(std::string_view(name)); }
Value* Value::find(std::string_view name) { return const_cast<Value*>(std::as_const(*this).find(name)); }
Value* Value::find(char const* name) { return find(std::string_view(name)); }

std::string_view Value::string_or(std::string_view name, std::string_view otherwise) const {
    auto const* m = find(name);
    return m && m->is(Kind::string) ? std::string_view(m->text) : otherwise;
}
std::string_view Value::string_or(std::string_view name) const { return string_or(name, {}); }
std::string_view Value::string_or(char const* name) const { return string_or(name, {}); }
Value& Value::set(std::string_view name, Value value) {
    value.key = std::string(name);
    if (auto* old = find(name)) return *old = std::move(value);
    return items.emplace_back(std::move(value));
}
Value& Value::set(char const* name, Value value) { return set(std::string_view(name), std::move(value)); }
Value& Value::set(char const* name, std::string const& text) { return set(name, str(text)); }
Value& Value::set(char const* name, std::string_view text) { return set(name, str(text)); }
Value& Value::set(char const* name, char const* text) { return set(name, str(text)); }
Value& Value::push(Value value) { return items.emplace_back(std::move(value)); }

static Value made(Kind kind, std::string text) {
    Value v;
    v.kind = kind;
    v.text = std::move(text);
    return v;
}
Value Value::str(std::string_view s) { return made(Kind::string, std::string(s)); }
Value Value::str(std::string const& s) { return made(Kind::string, s); }
Value Value::str(char const* s) { return made(Kind::string, s); }
Value Value::num(std::uint64_t n) { return made(Kind::number, std::to_string(n)); }
Value Value::boolean(bool b) { return made(Kind::boolean, b ? "true" : "false"); }
Value Value::array() { return made(Kind::array, {}); }
Value Value::object() { return made(Kind::object, {}); }
Value Value::strings(std::vector<std::string> const& all) {
    auto v = array();
    for (auto const& s : all) v.push(str(s));
    return v;
}

bool operator==(Value const& a, Value const& b) {
    if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size()) return false;
    if (a.kind != Kind::object) return std::equal(a.items.begin(), a.items.end(), b.items.begin());
    return std::all_of(a.items.begin(), a.items.end(), [&](Value const& m) {
        auto const* other = b.find(m.key);
        return other && m == *other;
    });
}

namespace {
constexpr std::size_t deepest = 64;

// nlohmann's lexer takes bytes one by one, so this iterator's position tells where the lexer stands.
struct Counting {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = char const*;
    using reference = char const&;
    char const* at = nullptr;
    char const** seen = nullptr;
    reference operator*() const { return *at; }
    Counting& operator++() {
        *seen = ++at;
        return *this;
    }
    Counting operator++(int) {
        auto old = *this;
        ++*this;
        return old;
    }
    bool operator==(Counting const& o) const { return at == o.at; }
    bool operator!=(Counting const& o) const { return at != o.at; }
};

struct Handler {
    std::string_view text;
    std::uint16_t doc;
    Parsed& out;
    char const* const& position;
    std::vector<Value*> open{};
    std::uint32_t last = 0;
    std::uint32_t key_begin = 0, key_end = 0;
    std::string key_text{};
    bool failed = false;

    using number_integer_t = nlohmann::json::number_integer_t;
    using number_unsigned_t = nlohmann::json::number_unsigned_t;
    using number_float_t = nlohmann::json::number_float_t;
    using string_t = nlohmann::json::string_t;
    using binary_t = nlohmann::json::binary_t;

    std::uint32_t here() const { return static_cast<std::uint32_t>(position - text.data()); }
    std::uint32_t token_start() const {
        auto i = last;
        if (i == 0 && text.substr(0, 3) == "\xEF\xBB\xBF") i = 3;
        while (i < text.size() && std::string_view(" \t\r\n,:").find(text[i]) != std::string_view::npos) ++i;
        return i;
    }
    Value* add(Kind kind, std::string value, std::uint32_t begin, std::uint32_t end) {
        Value v;
        v.kind = kind;
        v.text = std::move(value);
        v.doc = doc;
        v.begin = begin;
        v.end = end;
        last = end;
        if (open.empty()) {
            out.value = std::move(v);
            return &out.value;
        }
        auto& parent = *open.back();
        if (parent.is(Kind::object)) {
            v.key = std::move(key_text);
            v.key_begin = key_begin;
            v.key_end = key_end;
        }
        return &parent.items.emplace_back(std::move(v));
    }
    bool literal(Kind kind, std::string_view word) {
        auto b = token_start();
        add(kind, std::string(word), b, b + static_cast<std::uint32_t>(word.size()));
        return true;
    }
    bool number(std::string) {
        auto b = token_start(), e = b;
        while (e < text.size() && std::string_view("+-.0123456789eE").find(text[e]) != std::string_view::npos) ++e;
        add(Kind::number, std::string(text.substr(b, e - b)), b, e);
        return true;
    }
    bool null() {
        auto b = token_start();
        add(Kind::null, {}, b, b + 4);
        return true;
    }
    bool boolean(bool b) { return literal(Kind::boolean, b ? "true" : "false"); }
    bool number_integer(number_integer_t) { return number({}); }
    bool number_unsigned(number_unsigned_t) { return number({}); }
    bool number_float(number_float_t, string_t const&) { return number({}); }
    bool binary(binary_t&) { return false; }
    bool string(string_t& s) {
        auto b = token_start();
        add(Kind::string, std::move(s), b, here());
        return true;
    }
    bool start(Kind kind) {
        auto b = token_start();
        if (open.size() >= deepest) {
            problem("json.depth", "the text is nested more than 64 levels deep", "AWS documents are never this deep; check what was pasted", b, b + 1);
            return false;
        }
        open.push_back(add(kind, {}, b, b + 1));
        return true;
    }
    bool close() {
        auto b = token_start();
        open.back()->end = last = b + 1;
        open.pop_back();
        return true;
    }
    bool start_object(std::size_t) { return start(Kind::object); }
    bool start_array(std::size_t) { return start(Kind::array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(string_t& k) {
        key_begin = token_start();
        key_end = last = here();
        for (auto const& m : open.back()->items)
            if (m.key == k) {
                problem("json.duplicateKey", "`" + k + "` occurs twice in this object", "keep one of the two", key_begin, key_end);
                break;
            }
        key_text = std::move(k);
        return true;
    }
    void problem(char const* code, std::string message, std::string help, std::uint32_t b, std::uint32_t e) {
        out.problems.push_back({code, std::move(message), std::move(help), {}, b, e});
    }
    bool parse_error(std::size_t where, std::string const& token, nlohmann::detail::exception const&) {
        failed = true;
        auto b = static_cast<std::uint32_t>(std::min(where == 0 ? 0 : where - 1, text.size()));
        // a whole string that nothing separates from what is before it: `where` is its end
        bool whole = token.size() > 1 && token.back() == '"' && where >= token.size() && where <= text.size() && text.substr(where - token.size(), token.size()) == token;
        if (whole) b = static_cast<std::uint32_t>(where - token.size());
        std::string message, help;
        auto cause = explain(b, message, help);
        problem("json.syntax", message, help, b, std::min(b + 1, static_cast<std::uint32_t>(text.size())));
        out.problems.back().cause = cause;
        return false;
    }
    std::string explain(std::uint32_t b, std::string& message, std::string& help) const {
        auto say = [&](char const* cause, char const* what, char const* remedy) {
            message = what;
            help = remedy;
            return std::string(cause);
        };
        if (b >= text.size()) return say("incomplete", "the text ends before the JSON is complete", "close the open string, bracket or brace");
        auto rest = text.substr(b);
        auto before = text.substr(0, b);
        auto tail = before.find_last_not_of(" \t\r\n");
        char previous = tail == std::string_view::npos ? '\0' : before[tail];
        if (previous == ',' && (rest[0] == '}' || rest[0] == ']')) return say("trailingComma", "a comma stands before the closing bracket", "remove the comma");
        if (rest.substr(0, 3) == "\xE2\x80\x9C" || rest.substr(0, 3) == "\xE2\x80\x9D") return say("smartQuote", "a typographic quote cannot start a string", "JSON strings stand between straight double quotes");
        if ((rest[0] & 0x80) != 0) return say("character", "this character cannot stand here", "JSON strings stand between straight double quotes");
        if (rest[0] == '\'') return say("singleQuote", "a single quote cannot start a string", "use double quotes");
        if (rest[0] == '/' || rest[0] == '#') return say("comment", "JSON has no comments", "remove the comment");
        bool starts_value = rest[0] == '"' || rest[0] == '{' || rest[0] == '[';
        if (starts_value && open.empty() && previous != '\0') return say("secondDocument", "a second document begins here", "paste one document at a time");
        if (starts_value) return say("separator", "a comma or colon is missing before this", "separate entries by a comma and names from values by a colon");
        return say("other", "this is not valid JSON here", "check quotes, commas and brackets around it");
    }
};
}    // namespace

Parsed parse_json(std::string_view text, std::uint16_t doc) {
    Parsed out;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        out.problems.push_back({"json.empty", "there is no text", "paste the JSON document", {}, 0, 0});
        return out;
    }
    char const* position = text.data();
    Handler handler{text, doc, out, position};
    Counting first{text.data(), &position}, last{text.data() + text.size(), &position};
    nlohmann::json::sax_parse(first, last, &handler);
    return out;
}

static void write_string(std::string& out, std::string_view s) {
    out += '"';
    for (std::size_t i = 0;; ++i) {
        auto plain = i;    // most text needs no escapes: copied in one piece
        while (i < s.size() && s[i] != '"' && s[i] != '\\' && static_cast<unsigned char>(s[i]) >= 0x20U) ++i;
        out.append(s, plain, i - plain);
        if (i == s.size()) break;
        switch (char c = s[i]; c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
                out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
        }
    }
    out += '"';
}

static void write_into(std::string& out, Value const& v) {
    switch (v.kind) {
        case Kind::null: out += "null"; return;
        case Kind::boolean:
        case Kind::number: out += v.text; return;
        case Kind::string: write_string(out, v.text); return;
        case Kind::array:
        case Kind::object: break;
    }
    bool object = v.is(Kind::object), first = true;
    out += object ? '{' : '[';
    for (auto const& item : v.items) {
        if (!first) out += ',';
        first = false;
        if (object) {
            write_string(out, item.key);
            out += ':';
        }
        write_into(out, item);
    }
    out += object ? '}' : ']';
}

std::string write_json(Value const& value) {
    std::string out;
    write_into(out, value);
    return out;
}

std::vector<std::string> split_pointer(std::string_view pointer) {
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < pointer.size();) {
        auto next = pointer.find('/', i + 1);
        if (next == std::string_view::npos) next = pointer.size();
        std::string step;
        for (std::size_t j = i + 1; j < next; ++j) {
            if (pointer[j] == '~' && j + 1 < next) {
                step += pointer[++j] == '1' ? '/' : '~';
            } else {
                step += pointer[j];
            }
        }
        steps.push_back(std::move(step));
        i = next;
    }
    return steps;
}

Value const* find_pointer(Value const& root, std::string_view pointer) { return find_pointer(const_cast<Value&>(root), pointer); }
Value* find_pointer(Value& root, std::string_view pointer) {
    auto* at = &root;
    for (auto const& step : split_pointer(pointer)) {
        if (at->is(Kind::object)) {
            at = at->find(step);
        } else if (at->is(Kind::array) && all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; }) && !step.empty() &&
                   step.size() < 8 && static_cast<std::size_t>(std::atoi(step.c_str())) < at->items.size()) {
            at = &at->items[static_cast<std::size_t>(std::atoi(step.c_str()))];
        } else {
            at = nullptr;
        }
        if (!at) return nullptr;
    }
    return at;
}

std::string pointer_step(std::string_view name) {
    std::string out = "/";
    for (char c : name) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

}    // namespace kms
