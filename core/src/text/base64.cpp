#include "text/values.hpp"

namespace kms {

std::optional<std::string> parse_base64(std::string_view text) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0) return {};
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0, padding = 0;
    for (char c : text) {
        if (c == '=') {
            ++padding;
            continue;
        }
        auto value = alphabet.find(c);
        if (value == std::string_view::npos || padding > 0) return {};
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>((bits >> held) & 255U);
    }
    if (padding > 2) return {};
    return out;
}

}    // namespace kms
