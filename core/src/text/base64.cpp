#include "text/values.hpp"

namespace kms {

static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::string> parse_base64(std::string_view text) {
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

std::string write_base64(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto byte = [&](std::size_t k) { return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U; };
        unsigned three = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (unsigned k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : alphabet[three >> (18U - 6U * k) & 63U];
    }
    return out;
}

}    // namespace kms
