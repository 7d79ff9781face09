#include "policy/variables.hpp"

namespace kms {

namespace {
bool key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":/._-+=@").find(c) != std::string_view::npos;
}

std::size_t key_end(std::string_view text, std::size_t at) {
    if (at < text.size() && std::string_view("*?$").find(text[at]) != std::string_view::npos) return at + 1;    // IL:V-05
    while (at < text.size() && key_character(text[at])) ++at;
    return at;
}

// Reads on from after the key and gives the place of the closing brace; never reads far, so that hostile texts stay linear.
std::size_t read_rest(Variable& v, std::string_view text, std::size_t at) {
    if (at == text.size()) {
        v.problem = "missingBrace";
    } else if (text[at] == '}') {
        return at;
    } else if (text[at] != ',') {
        v.problem = text[at] == ' ' ? "space" : "missingBrace";
    } else if (text.substr(at, 3) != ", '") {    // IL:V-06
        v.problem = "missingQuote";
    } else {
        auto begin = at + 3;
        at = text.find('\'', begin);
        if (at == std::string_view::npos) {
            v.problem = "missingQuote";
        } else {
            v.otherwise = text.substr(begin, at - begin);
            if (text.substr(++at, 1) != "}") v.problem = "missingBrace";
        }
    }
    return at;
}
}    // namespace

std::optional<Variable> next_variable(std::string_view text, std::size_t from) {
    Variable v;
    v.begin = text.find("${", from);
    if (v.begin == std::string_view::npos) return {};
    auto content = v.begin + 2;
    auto end = key_end(text, content);
    v.key = text.substr(content, end - content);
    auto brace = read_rest(v, text, end);
    if (v.problem.empty() && v.key.empty()) v.problem = "empty";
    v.end = v.problem.empty() ? brace + 1 : content;
    return v;
}

namespace {
void add_own(std::string& out, std::string_view text, bool wildcards) {
    for (char c : text) out += wildcards && c == '*' ? marked.run : wildcards && c == '?' ? marked.one : c;
}

// Multi-valued keys cannot be used (IL:V-01).
std::optional<std::string_view> value_of(Variable const& v, Context const& context) {
    if (v.key == "*" || v.key == "?" || v.key == "$") return v.key;    // IL:V-05
    auto const* key = context.find(v.key);
    if (key && !key->multivalued && !key->values.empty() && !key->values.front().empty()) return key->values.front();    // IL:C-11
    return v.otherwise;
}
}    // namespace

Expanded expand(std::string_view text, std::size_t from, Context const& context, bool wildcards) {
    Expanded out;
    out.own = text;
    auto v = from == std::string_view::npos ? std::nullopt : next_variable(text, from);
    if (!v) return out;
    std::size_t done = 0;
    for (; v; v = next_variable(text, v->end)) {
        add_own(out.changed, text.substr(done, v->begin - done), wildcards);
        done = v->begin;
        if (!v->problem.empty()) continue;
        auto value = value_of(*v, context);
        if (!value) out.missing = v->key;
        out.changed += value.value_or("");
        done = v->end;
    }
    add_own(out.changed, text.substr(done), wildcards);
    if (wildcards) out.wildcards = marked;
    out.replaced = true;
    return out;
}

}    // namespace kms
