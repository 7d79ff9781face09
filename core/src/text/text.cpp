#include "text/text.hpp"

#include <algorithm>
#include <array>

namespace kms {

std::string&& operator+(std::string&& a, char const* b) { return std::move(a.append(b)); }
std::string&& operator+(std::string&& a, std::string const& b) { return std::move(a.append(b)); }
std::string&& operator+(std::string&& a, std::string&& b) { return std::move(a.append(b)); }
std::string operator+(std::string const& a, char const* b) { return std::string(a) + b; }
std::string operator+(char const* a, std::string const& b) { return std::string(a) + b; }
bool operator==(std::string_view a, char const* b) { return a.compare(b) == 0; }

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
}    // namespace

// Long lines (a file written on one) get marks between, so that a position costs the same wherever it is.
LineIndex::LineIndex(std::string_view text) {
    constexpr std::uint32_t apart = 256;
    marks_.push_back({0, 0, 1, 0});
    std::uint32_t units = 0, start = 0;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
        bool line_ends = text[i] == '\n';
        if (!line_ends && i - start < apart) continue;
        auto next = line_ends ? i + 1 : i;
        units += utf16_units(text.substr(start, next - start));
        start = next;
        auto const& last = marks_.back();
        marks_.push_back({start, units, last.line + (line_ends ? 1 : 0), line_ends ? units : last.line_utf16});
    }
}

Position LineIndex::at(std::string_view text, std::uint32_t byte) const {
    byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
    auto next = std::upper_bound(marks_.begin(), marks_.end(), byte, [](std::uint32_t b, Mark const& m) { return b < m.byte; });
    auto const& mark = *(next - 1);
    auto offset = mark.utf16 + utf16_units(text.substr(mark.byte, byte - mark.byte));
    return {mark.line, offset - mark.line_utf16 + 1, offset};
}

template <class Same>
static bool glob_with(std::string_view p, std::string_view v, Wildcards w, Same same) {
    std::size_t i = 0, j = 0, star = std::string_view::npos, mark = 0;
    while (j < v.size()) {
        if (i < p.size() && p[i] == w.run) {
            star = i++;
            mark = j;
        } else if (i < p.size() && (p[i] == w.one || same(p[i], v[j]))) {
            bool one = p[i] == w.one;
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
    while (i < p.size() && p[i] == w.run) ++i;
    return i == p.size();
}

bool glob(std::string_view p, std::string_view v, Wildcards w) {
    return glob_with(p, v, w, [](char a, char b) { return a == b; });
}
bool glob_ignore_case(std::string_view p, std::string_view v) {
    return glob_with(p, v, {}, [](char a, char b) { return lower(a) == lower(b); });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
    return out;
}

bool equal_ignore_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool equal_ignore_case_latin1(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    auto fold = [](std::string_view t, std::size_t i) {    // À…Þ are C3 80…9E in UTF-8, × (97) among them; à…þ lie 20 higher
        auto c = static_cast<unsigned char>(t[i]);
        bool capital = i > 0 && t[i - 1] == '\xC3' && c >= 0x80U && c <= 0x9EU && c != 0x97U;
        return capital ? static_cast<char>(c + 0x20U) : lower(t[i]);
    };
    for (std::size_t i = 0; i < a.size(); ++i)
        if (fold(a, i) != fold(b, i)) return false;
    return true;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
bool ends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

namespace {
struct Parts {
    std::array<std::string_view, 6> at;
    std::size_t count = 0;
};
Parts arn_parts(std::string_view text) {
    Parts parts;
    while (parts.count < 5) {
        auto colon = text.find(':');
        if (colon == std::string_view::npos) break;
        parts.at[parts.count++] = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    parts.at[parts.count++] = text;
    return parts;
}
}    // namespace

Arn parse_arn(std::string_view text) {
    auto p = arn_parts(text);
    if (p.count < 6 || p.at[0] != "arn") return {};
    return {p.at[1], p.at[2], p.at[3], p.at[4], p.at[5], true};
}

std::size_t arn_resource_at(std::string_view text) {
    auto p = arn_parts(text);
    return p.count < 6 ? std::string_view::npos : text.size() - p.at[5].size();
}

namespace {
// All places of the pattern at which the text read so far may stand. A wildcard may be kept inside its part, so the usual greedy walk,
// which only ever lengthens the last `*`, would miss matches.
class ResourceWalk {
public:
    ResourceWalk(std::string_view pattern, Wildcards w)
        : p_(pattern), w_(w), resource_(std::min(arn_resource_at(pattern), pattern.size())), seen_(pattern.size() + 1) {}

    bool matches(std::string_view value) {
        enter(0);
        for (std::size_t i = 0; i < value.size() && !next_.empty(); ++i) {
            std::swap(now_, next_);
            next_.clear();
            ++round_;
            for (auto at : now_) step(at, value[i]);
            // fewer than six parts: what is missing behaves like `*` (IL:R-06)
            if (value[i] == ':' && resource_ == p_.size() && std::find(now_.begin(), now_.end(), p_.size()) != now_.end()) return true;
        }
        return std::find(next_.begin(), next_.end(), p_.size()) != next_.end();
    }

private:
    void enter(std::size_t at) {
        for (;; ++at) {
            if (seen_[at] == round_) return;
            seen_[at] = round_;
            next_.push_back(at);
            if (at == p_.size() || p_[at] != w_.run) return;
        }
    }
    void step(std::size_t at, char c) {
        if (at == p_.size()) return;
        bool wild = p_[at] == w_.run || p_[at] == w_.one;
        bool closes = p_[at] == w_.run && (at + 1 == p_.size() || p_[at + 1] == ':');
        if (wild && c == ':' && at < resource_ && !closes) return;
        if (p_[at] == w_.run) enter(at);
        else if (wild || p_[at] == c) enter(at + 1);
    }

    std::string_view p_;
    Wildcards w_;
    std::size_t resource_;
    std::vector<std::size_t> now_, next_;
    std::vector<std::size_t> seen_;
    std::size_t round_ = 1;
};
}    // namespace

bool resource_matches(std::string_view pattern, std::string_view arn, Wildcards w) {
    if (pattern.size() == 1 && pattern[0] == w.run) return true;
    if (arn == "*") return glob(pattern, arn, w);
    auto literal = std::min(std::min(pattern.find(w.run), pattern.find(w.one)), pattern.size());
    if (pattern.substr(0, literal) != arn.substr(0, literal)) return false;
    // the usual patterns need no walk: a whole ARN, and one that ends in the only star
    if (literal == pattern.size() && arn.size() == pattern.size()) return true;
    if (literal + 1 == pattern.size() && pattern[literal] == w.run) return true;
    return ResourceWalk(pattern, w).matches(arn);
}

bool arn_like(std::string_view pattern, std::string_view value, Wildcards w) {
    auto p = arn_parts(pattern), v = arn_parts(value);
    if (p.count < 6 || v.count < 6 || v.at[0] != "arn") return false;
    for (std::size_t i = 0; i < 6; ++i)
        if (!glob(p.at[i], v.at[i], w)) return false;
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
