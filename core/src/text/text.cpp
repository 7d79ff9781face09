#include "text/text.hpp"

#include <algorithm>

namespace kms {

namespace {
std::uint32_t utf16_units(std::string_view text) {
    std::uint32_t units = 0;
    for (char raw : text) {
        auto byte = static_cast<unsigned char>(raw);
        if ((byte & 0xC0U) == 0x80U) continue;
        units += byte >= 0xF0U ? 2 : 1;
    }
    return units;
}

char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
}    // namespace

LineIndex::LineIndex(std::string_view text) {
    lines_.push_back({0, 0});
    std::uint32_t units = 0, start = 0;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n') continue;
        units += utf16_units(text.substr(start, i + 1 - start));
        start = i + 1;
        lines_.push_back({start, units});
    }
}

Position LineIndex::at(std::string_view text, std::uint32_t byte) const {
    byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
    auto next = std::upper_bound(lines_.begin(), lines_.end(), byte, [](std::uint32_t b, Line const& l) { return b < l.byte; });
    auto const& line = *(next - 1);
    auto column = utf16_units(text.substr(line.byte, byte - line.byte));
    return {static_cast<std::uint32_t>(next - lines_.begin()), column + 1, line.utf16 + column};
}

template <class Same>
static bool glob_with(std::string_view p, std::string_view v, Same same) {
    std::size_t i = 0, j = 0, star = std::string_view::npos, mark = 0;
    while (j < v.size()) {
        if (i < p.size() && p[i] == '*') {
            star = i++;
            mark = j;
        } else if (i < p.size() && (p[i] == '?' || same(p[i], v[j]))) {
            bool one = p[i] == '?';
            ++i;
            ++j;
            while (one && j < v.size() && (static_cast<unsigned char>(v[j]) & 0xC0U) == 0x80U) ++j;
        } else if (star != std::string_view::npos) {
            i = star + 1;
            j = ++mark;
        } else {
            return false;
        }
    }
    while (i < p.size() && p[i] == '*') ++i;
    return i == p.size();
}

bool glob(std::string_view p, std::string_view v) {
    return glob_with(p, v, [](char a, char b) { return a == b; });
}
bool glob_ignore_case(std::string_view p, std::string_view v) {
    return glob_with(p, v, [](char a, char b) { return low(a) == low(b); });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), low);
    return out;
}

bool equal_ignore_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return low(x) == low(y); });
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

static std::vector<std::string_view> colon_parts(std::string_view text, std::size_t most) {
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < most) {
        auto colon = text.find(':');
        if (colon == std::string_view::npos) break;
        parts.push_back(text.substr(0, colon));
        text.remove_prefix(colon + 1);
    }
    parts.push_back(text);
    return parts;
}

Arn parse_arn(std::string_view text) {
    auto parts = colon_parts(text, 6);
    if (parts.size() < 6 || parts[0] != "arn") return {};
    return {parts[1], parts[2], parts[3], parts[4], parts[5], true};
}

namespace {
// Pattern parts against value parts; a part ending in `*` may swallow further colons.
bool parts_match(std::vector<std::string_view> const& pattern, std::size_t i, std::string_view value) {
    if (i + 1 == pattern.size()) {
        if (i == 5) return glob(pattern[i], value);
        // fewer than six parts: what is missing behaves like `*`
        std::string open(pattern[i]);
        if (glob(open, value)) return true;
        return glob(open + ":*", value);
    }
    bool open = !pattern[i].empty() && pattern[i].back() == '*';
    for (auto colon = value.find(':'); colon != std::string_view::npos; colon = value.find(':', colon + 1)) {
        if (glob(pattern[i], value.substr(0, colon)) && parts_match(pattern, i + 1, value.substr(colon + 1))) return true;
        if (!open) return false;
    }
    return false;
}
}    // namespace

bool resource_matches(std::string_view pattern, std::string_view arn) {
    if (pattern == "*" || pattern == arn) return true;
    if (arn == "*") return false;
    return parts_match(colon_parts(pattern, 6), 0, arn);
}

bool arn_like(std::string_view pattern, std::string_view value) {
    auto p = colon_parts(pattern, 6), v = colon_parts(value, 6);
    if (p.size() < 6 || v.size() < 6 || v[0] != "arn") return false;
    for (std::size_t i = 0; i < 6; ++i)
        if (!glob(p[i], v[i])) return false;
    return true;
}

std::string derived_hex(std::string_view seed) {
    std::string out;
    for (std::uint64_t round = 0; round < 4; ++round) {
        std::uint64_t h = 0xcbf29ce484222325ULL + round * 0x9e3779b97f4a7c15ULL;
        for (char c : seed) {
            h ^= static_cast<unsigned char>(c);
            h *= 0x100000001b3ULL;
        }
        h ^= h >> 30U;
        h *= 0xbf58476d1ce4e5b9ULL;
        h ^= h >> 27U;
        h *= 0x94d049bb133111ebULL;
        h ^= h >> 31U;
        for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(h >> static_cast<unsigned>(shift)) & 15U];
    }
    return out;
}

}    // namespace kms
