#include "text/text.hpp"
#include "text/values.hpp"

namespace kms {

namespace {
std::optional<unsigned> small_number(std::string_view text, unsigned most) {
    if (!all_digits(text) || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return {};    // 010 might be meant as octal
    unsigned n = 0;
    for (char c : text) n = n * 10 + static_cast<unsigned>(c - '0');
    if (n > most) return {};
    return n;
}

bool parse_v4(std::string_view text, std::uint8_t* out) {
    for (unsigned i = 0; i < 4; ++i) {
        auto dot = i < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos) return false;
        auto n = small_number(text.substr(0, dot), 255);
        if (!n) return false;
        out[i] = static_cast<std::uint8_t>(*n);
        text.remove_prefix(i < 3 ? dot + 1 : dot);
    }
    return true;
}

bool parse_group(std::string_view text, std::uint8_t* out) {
    if (text.empty() || text.size() > 4) return false;
    unsigned n = 0;
    for (char c : text) {
        auto digit = std::string_view("0123456789abcdef").find(lower(c));
        if (digit == std::string_view::npos) return false;
        n = n * 16 + static_cast<unsigned>(digit);
    }
    out[0] = static_cast<std::uint8_t>(n >> 8U);
    out[1] = static_cast<std::uint8_t>(n & 255U);
    return true;
}

// Groups up to the end of the text, the last one perhaps in IPv4's form; gives the bytes written.
std::optional<unsigned> parse_groups(std::string_view text, std::array<std::uint8_t, 16>& out) {
    unsigned size = 0;
    while (!text.empty()) {
        auto colon = text.find(':');
        auto group = text.substr(0, colon);
        bool v4 = colon == std::string_view::npos && group.find('.') != std::string_view::npos;
        if (size + (v4 ? 4U : 2U) > 16 || !(v4 ? parse_v4(group, &out[size]) : parse_group(group, &out[size]))) return {};
        size += v4 ? 4 : 2;
        if (colon == std::string_view::npos) return size;
        text.remove_prefix(colon + 1);
        if (text.empty()) return {};
    }
    return size;
}

std::optional<Address> parse_v6(std::string_view text) {
    auto gap = text.find("::");
    std::array<std::uint8_t, 16> head{}, tail{};
    auto before = parse_groups(text.substr(0, gap), head);
    Address a;
    a.size = 16;
    if (gap == std::string_view::npos) {
        if (!before || *before != 16) return {};
        a.bytes = head;
        return a;
    }
    auto after = parse_groups(text.substr(gap + 2), tail);
    if (!before || !after || *before + *after > 14) return {};
    for (unsigned i = 0; i < *before; ++i) a.bytes[i] = head[i];
    for (unsigned i = 0; i < *after; ++i) a.bytes[16 - *after + i] = tail[i];
    return a;
}

std::uint8_t mask_of(unsigned bits, unsigned byte) {
    if (bits >= byte * 8 + 8) return 0xFF;
    return bits <= byte * 8 ? std::uint8_t{0} : static_cast<std::uint8_t>(0xFF00U >> (bits - byte * 8));
}
}    // namespace

std::optional<Address> parse_address(std::string_view text) {
    if (text.find(':') != std::string_view::npos) return parse_v6(text);
    Address a;
    a.size = 4;
    if (!parse_v4(text, a.bytes.data())) return {};
    return a;
}

std::optional<AddressRange> parse_range(std::string_view text) {
    auto slash = text.find('/');
    auto base = parse_address(text.substr(0, slash));
    if (!base) return {};
    auto bits = slash == std::string_view::npos ? base->size * 8 : small_number(text.substr(slash + 1), base->size * 8);
    if (!bits) return {};
    return AddressRange{*base, *bits};
}

bool contains(AddressRange const& range, Address const& address) {
    if (range.base.size != address.size) return false;
    for (unsigned i = 0; i < address.size; ++i)
        if (((range.base.bytes[i] ^ address.bytes[i]) & mask_of(range.bits, i)) != 0) return false;
    return true;
}

bool has_host_bits(AddressRange const& range) {
    for (unsigned i = 0; i < range.base.size; ++i)
        if ((range.base.bytes[i] & static_cast<std::uint8_t>(~mask_of(range.bits, i))) != 0) return true;
    return false;
}

bool is_private(Address const& address) {
    static auto const ranges = {parse_range("10.0.0.0/8"), parse_range("172.16.0.0/12"), parse_range("192.168.0.0/16"),
                                parse_range("fc00::/7")};
    for (auto const& r : ranges)
        if (r && contains(*r, address)) return true;
    return false;
}

}    // namespace kms
