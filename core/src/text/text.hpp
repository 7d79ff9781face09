#pragma once
// Plain text: where a byte stands in it (lines, UTF-16 columns), wildcards, ARNs.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kms {

// What the standard library has too, without a temporary for each piece or literal: 2 kB less to download (brotli). The concatenations
// give back the string they were given, so a chain of them must end in a value, not in a reference.
std::string&& operator+(std::string&& a, char const* b);
std::string&& operator+(std::string&& a, std::string const& b);
std::string&& operator+(std::string&& a, std::string&& b);
std::string operator+(std::string const& a, char const* b);
std::string operator+(char const* a, std::string const& b);
bool operator==(std::string_view a, char const* b);

/// 1-based line, 1-based column and 0-based offset; column and offset count UTF-16 units, as editors do.
struct Position {
    std::uint32_t line = 1, column = 1, offset = 0;
};

/// Turns byte offsets of one text into positions.
class LineIndex {
public:
    explicit LineIndex(std::string_view text);
    Position at(std::string_view text, std::uint32_t byte) const;

private:
    struct Mark {
        std::uint32_t byte, utf16, line, line_utf16;
    };
    std::vector<Mark> marks_;
};

/// The two bytes of a pattern that are wildcards. In a pattern whose policy variables were replaced, `*` and `?` may be data (IL:V-04);
/// it marks its wildcards with two bytes that no UTF-8 text holds.
struct Wildcards {
    char run = '*', one = '?';
};
inline constexpr Wildcards marked{'\xFF', '\xFE'};

/// `*` is any run of characters, `?` exactly one, with their case (IL:R-02, IL:T-19, IL:T-20, IL:X-12); iterative, so no pattern takes more
/// than |pattern|·|value| steps (IL:R-03).
bool glob(std::string_view pattern, std::string_view value, Wildcards wildcards = {});
bool glob_ignore_case(std::string_view pattern, std::string_view value);

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
std::string lower(std::string_view text);
/// ASCII letters only: names of actions, condition keys and variables.
bool equal_ignore_case(std::string_view a, std::string_view b);
/// Letters of ASCII and Latin-1, which is all that a policy may contain (IL:O-02, IL:G-18).
bool equal_ignore_case_latin1(std::string_view a, std::string_view b);
bool all_digits(std::string_view text);
bool starts_with(std::string_view text, std::string_view prefix);
bool ends_with(std::string_view text, std::string_view suffix);

/// The six parts of an ARN; what follows the fifth colon is the resource.
struct Arn {
    std::string_view partition, service, region, account, resource;
    bool valid = false;
};
Arn parse_arn(std::string_view text);

/// Where the sixth part of an ARN begins, or npos when the text has fewer than six.
std::size_t arn_resource_at(std::string_view text);

/// A policy's resource pattern against an ARN: part by part, but a `*` that ends its part may reach past the colon (IL:R-04, IL:R-06,
/// IL:X-10), so `*` alone is everything (IL:R-10) and another Region's replica is another resource (IL:R-14). Against "*", the resource of
/// operations without a key, only what matches that very text (IL:R-08).
bool resource_matches(std::string_view pattern, std::string_view arn, Wildcards wildcards = {});
/// ArnLike: six parts, each globbed by itself (IL:O-09).
bool arn_like(std::string_view pattern, std::string_view value, Wildcards wildcards = {});

/// Sixty-four hexadecimal digits that depend on the seed alone: ids and tokens that the engine makes.
std::string derived_hex(std::string_view seed);

}    // namespace kms
