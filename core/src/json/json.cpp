#include "json/json.hpp"

#include <algorithm>

#include "text/text.hpp"

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
Value& Value::set(char const* name, std::string const& string) { return set(name, str(string)); }
Value& Value::set(char const* name, std::string_view string) { return set(name, str(string)); }
Value& Value::set(char const* name, char const* string) { return set(name, str(string)); }
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

/// How many bytes the UTF-8 sequence at the beginning has; 0 when it is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
    auto in = [&](std::size_t i, unsigned low, unsigned high) {
        auto byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
        return byte >= low && byte <= high;
    };
    if (in(0, 0x01, 0x7F)) return 1;
    if (in(0, 0xC2, 0xDF)) return in(1, 0x80, 0xBF) ? 2 : 0;
    if (in(0, 0xE0, 0xEF)) return in(1, in(0, 0xE0, 0xE0) ? 0xA0 : 0x80, in(0, 0xED, 0xED) ? 0x9F : 0xBF) && in(2, 0x80, 0xBF) ? 3 : 0;
    if (in(0, 0xF0, 0xF4)) return in(1, in(0, 0xF0, 0xF0) ? 0x90 : 0x80, in(0, 0xF4, 0xF4) ? 0x8F : 0xBF) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF) ? 4 : 0;
    return 0;
}

void append_utf8(std::string& s, std::uint32_t code) {
    auto byte = [&](std::uint32_t bits) { s += static_cast<char>(bits); };
    auto tail = [&](unsigned shift) { byte(0x80U | (code >> shift & 0x3FU)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0U | code >> 6U);
    } else {
        if (code < 0x10000) {
            byte(0xE0U | code >> 12U);
        } else {
            byte(0xF0U | code >> 18U);
            tail(12);
        }
        tail(6);
    }
    tail(0);
}

// RFC 8259 by recursive descent. What the page shows of a mistake is made here: its exact place, its kind, what to do about it; and
// every value, number and name keeps the bytes it was read from. Numbers stay text: what they mean depends on who asks.
class Reader {
public:
    Reader(std::string_view text, std::uint16_t doc, Parsed& out) : text_(text), doc_(doc), out_(out) {}

    void document() {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
        space();
        if (!value(out_.value)) return;
        space();
        if (at_ < text_.size()) fail();
    }

private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        if (peek() != c || at_ == text_.size()) return false;
        ++at_;
        return true;
    }
    void space() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') ++at_;
    }
    std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }

    bool value(Value& v) {
        v.doc = doc_;
        v.begin = here();
        bool good = false;
        switch (peek()) {
            case '{':
            case '[': good = list(v, peek() == '{'); break;
            case '"':
                v.kind = Kind::string;
                good = string(v.text);
                break;
            case 't': good = word(v, Kind::boolean, "true"); break;
            case 'f': good = word(v, Kind::boolean, "false"); break;
            case 'n': good = word(v, Kind::null, "null"); break;
            default:
                v.kind = Kind::number;
                good = number();
                v.text = std::string(text_.substr(v.begin, at_ - v.begin));
        }
        v.end = here();
        return good;
    }

    bool list(Value& v, bool object) {
        v.kind = object ? Kind::object : Kind::array;
        if (++depth_ > deepest) {
            problem("json.depth", "the text is nested more than 64 levels deep", "AWS documents are never this deep; check what was pasted", v.begin, v.begin + 1);
            return false;
        }
        ++at_;
        char close = object ? '}' : ']';
        space();
        for (bool first = true; !take(close); first = false) {
            if (!first && !take(',')) return fail();
            space();
            auto& member = v.items.emplace_back();
            if (object) {
                member.key_begin = here();
                if (peek() != '"') return fail();
                if (!string(member.key)) return false;
                member.key_end = here();
                space();
                if (!take(':')) return fail();
                space();
            }
            if (!value(member)) return false;
            space();
        }
        --depth_;
        if (object) twins(v);
        return true;
    }

    void twins(Value const& object) {
        std::vector<Value const*> named;
        for (auto const& m : object.items) named.push_back(&m);
        std::sort(named.begin(), named.end(), [](auto const* a, auto const* b) { return a->key != b->key ? a->key < b->key : a < b; });
        for (std::size_t i = 1; i < named.size(); ++i)
            if (auto const& m = *named[i]; m.key == named[i - 1]->key) problem("json.duplicateKey", "`" + m.key + "` occurs twice in this object", "keep one of the two", m.key_begin, m.key_end);
    }

    bool word(Value& v, Kind kind, char const* letters) {
        v.kind = kind;
        if (kind == Kind::boolean) v.text = letters;
        for (; *letters != '\0'; ++letters)
            if (!take(*letters)) return fail();
        return true;
    }

    bool digits() {
        if (peek() < '0' || peek() > '9') return fail();
        while (peek() >= '0' && peek() <= '9') ++at_;
        return true;
    }
    bool number() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (!take('e') && !take('E')) return true;
        if (!take('+')) take('-');
        return digits();
    }

    bool string(std::string& s) {
        ++at_;
        while (true) {
            auto plain = at_;
            while (at_ < text_.size() && text_[at_] >= ' ' && text_[at_] != '"' && text_[at_] != '\\') ++at_;
            auto length = utf8_length(text_.substr(at_));
            if (length > 1) at_ += length;
            s.append(text_, plain, at_ - plain);
            if (length > 1) continue;
            if (take('"')) return true;
            if (peek() != '\\') return fail();
            if (!escape(s)) return false;
        }
    }
    bool escape(std::string& s) {
        static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        auto start = at_++;
        if (auto i = letters.find(peek()); i != std::string_view::npos && at_ < text_.size()) {
            s += meanings[i];
            ++at_;
            return true;
        }
        auto code = unit();
        bool high = code >= 0xD800 && code < 0xDC00;
        auto low = high && text_.substr(at_, 1) == "\\" && ++at_ != 0 ? unit() : none;
        if (high) code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00) : none;
        else if (code >= 0xDC00 && code < 0xE000) code = none;
        if (code == none) {
            if (at_ < text_.size()) at_ = start;    // a text that ends here may have been cut short
            return fail();
        }
        append_utf8(s, code);
        return true;
    }
    // The `uXXXX` of an escape
    std::uint32_t unit() {
        if (!take('u')) return none;
        std::uint32_t code = 0;
        for (int i = 0; i < 4; ++i) {
            auto digit = std::string_view("0123456789abcdef").find(lower(peek()));
            if (digit == std::string_view::npos || at_ == text_.size()) return none;
            code = code * 16 + static_cast<std::uint32_t>(digit);
            ++at_;
        }
        return code;
    }

    void problem(char const* code, std::string message, std::string help, std::uint32_t b, std::uint32_t e) {
        out_.problems.push_back({code, std::move(message), std::move(help), {}, b, e});
    }
    bool fail() {
        auto b = here();
        std::string message, help;
        auto cause = explain(b, message, help);
        problem("json.syntax", message, help, b, std::min(b + 1, static_cast<std::uint32_t>(text_.size())));
        out_.problems.back().cause = cause;
        return false;
    }
    std::string explain(std::uint32_t b, std::string& message, std::string& help) const {
        auto say = [&](char const* cause, char const* what, char const* remedy) {
            message = what;
            help = remedy;
            return std::string(cause);
        };
        if (b >= text_.size()) return say("incomplete", "the text ends before the JSON is complete", "close the open string, bracket or brace");
        auto rest = text_.substr(b);
        auto before = text_.substr(0, b);
        auto tail = before.find_last_not_of(" \t\r\n");
        char previous = tail == std::string_view::npos ? '\0' : before[tail];
        if (previous == ',' && (rest[0] == '}' || rest[0] == ']')) return say("trailingComma", "a comma stands before the closing bracket", "remove the comma");
        if (rest.substr(0, 3) == "\xE2\x80\x9C" || rest.substr(0, 3) == "\xE2\x80\x9D") return say("smartQuote", "a typographic quote cannot start a string", "JSON strings stand between straight double quotes");
        if ((rest[0] & 0x80) != 0) return say("character", "this character cannot stand here", "JSON strings stand between straight double quotes");
        if (rest[0] == '\'') return say("singleQuote", "a single quote cannot start a string", "use double quotes");
        if (rest[0] == '/' || rest[0] == '#') return say("comment", "JSON has no comments", "remove the comment");
        bool starts_value = rest[0] == '"' || rest[0] == '{' || rest[0] == '[';
        if (starts_value && depth_ == 0 && previous != '\0') return say("secondDocument", "a second document begins here", "paste one document at a time");
        if (starts_value) return say("separator", "a comma or colon is missing before this", "separate entries by a comma and names from values by a colon");
        return say("other", "this is not valid JSON here", "check quotes, commas and brackets around it");
    }

    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::string_view text_;
    std::uint16_t doc_;
    Parsed& out_;
    std::size_t at_ = 0, depth_ = 0;
};
}    // namespace

Parsed parse_json(std::string_view text, std::uint16_t doc) {
    Parsed out;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        out.problems.push_back({"json.empty", "there is no text", "paste the JSON document", {}, 0, 0});
        return out;
    }
    Reader(text, doc, out).document();
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
