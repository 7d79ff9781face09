#include "text/text.hpp"
#include "text/values.hpp"

namespace kms {

std::optional<Decimal> parse_decimal(std::string_view text) {
    Decimal d;
    if (!text.empty() && text[0] == '-') {
        d.negative = true;
        text.remove_prefix(1);
    }
    auto dot = text.find('.');
    auto whole = text.substr(0, dot);
    auto fraction = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    if (!all_digits(whole) || (dot != std::string_view::npos && !all_digits(fraction))) return {};
    while (!whole.empty() && whole[0] == '0') whole.remove_prefix(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
    d.whole = std::string(whole);
    d.fraction = std::string(fraction);
    if (whole.empty() && fraction.empty()) d.negative = false;
    return d;
}

int compare(Decimal const& a, Decimal const& b) {
    if (a.negative != b.negative) return a.negative ? -1 : 1;
    auto size = a.whole.size() < b.whole.size() ? -1 : a.whole.size() > b.whole.size() ? 1 : 0;
    auto order = size != 0 ? size : a.whole != b.whole ? a.whole.compare(b.whole) : a.fraction.compare(b.fraction);
    if (order == 0) return 0;
    return (order < 0) != a.negative ? -1 : 1;
}

}    // namespace kms
