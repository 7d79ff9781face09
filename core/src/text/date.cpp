#include "text/text.hpp"
#include "text/values.hpp"

namespace kms {

namespace {
struct Reader {
    std::string_view rest;

    bool take(char c) {
        if (rest.empty() || rest[0] != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    bool take_either(char c, char other) { return take(c) || take(other); }
    // exactly `digits` digits between two bounds
    bool number(std::size_t digits, int least, int most, int& out) {
        if (rest.size() < digits || !all_digits(rest.substr(0, digits))) return false;
        out = 0;
        for (char c : rest.substr(0, digits)) out = out * 10 + (c - '0');
        rest.remove_prefix(digits);
        return out >= least && out <= most;
    }
};

int days_in(int year, int month) {
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970-01-01 in the Gregorian calendar; years are counted from March, so that leap days come last.
std::int64_t days_since_epoch(int year, int month, int day) {
    std::int64_t y = month <= 2 ? year - 1 : year;
    auto era = (y >= 0 ? y : y - 399) / 400;
    auto year_of_era = y - era * 400;
    auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

std::optional<Instant> parse_epoch(std::string_view text) {
    bool negative = text[0] == '-';
    std::int64_t seconds = 0;
    for (char c : text.substr(negative ? 1 : 0)) seconds = seconds * 10 + (c - '0');
    return Instant{negative ? -seconds : seconds, 0};
}

bool parse_fraction(Reader& r, std::uint32_t& nanoseconds) {
    std::size_t digits = 0;
    while (digits < r.rest.size() && all_digits(r.rest.substr(digits, 1))) ++digits;
    for (std::size_t i = 0; i < 9; ++i) nanoseconds = nanoseconds * 10 + static_cast<std::uint32_t>(i < digits ? r.rest[i] - '0' : 0);
    r.rest.remove_prefix(digits);
    return digits > 0;
}

// `Z`, an offset, or nothing, which is UTC
bool parse_zone(Reader& r, int& minutes_east) {
    if (r.rest.empty() || r.take_either('Z', 'z')) return true;
    bool west = r.take('-');
    if (!west && !r.take('+')) return false;
    int hours = 0, minutes = 0;
    if (!r.number(2, 0, 23, hours) || !r.take(':') || !r.number(2, 0, 59, minutes)) return false;
    minutes_east = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}
}    // namespace

bool is_epoch(std::string_view text) {
    auto digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
    return all_digits(digits) && digits.size() <= 18 && text.size() != 4;
}

std::optional<Instant> parse_instant(std::string_view text) {
    if (is_epoch(text)) return parse_epoch(text);
    Reader r{text};
    int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, minutes_east = 0;
    std::uint32_t nanoseconds = 0;
    if (!r.number(4, 0, 9999, year)) return {};
    bool dated = false;
    if (r.take('-')) {
        if (!r.number(2, 1, 12, month)) return {};
        if (r.take('-')) {
            if (!r.number(2, 1, days_in(year, month), day)) return {};
            dated = true;
        }
    }
    if (dated && r.take_either('T', 't')) {
        if (!r.number(2, 0, 23, hour) || !r.take(':') || !r.number(2, 0, 59, minute)) return {};
        if (r.take(':') && (!r.number(2, 0, 59, second) || (r.take('.') && !parse_fraction(r, nanoseconds)))) return {};
        if (!parse_zone(r, minutes_east)) return {};
    }
    if (!r.rest.empty()) return {};
    auto minutes = days_since_epoch(year, month, day) * 1440 + hour * std::int64_t{60} + minute - minutes_east;
    return Instant{minutes * 60 + second, nanoseconds};
}

}    // namespace kms
