#pragma once
// The kinds of values that condition operators compare: numbers, instants, IP addresses, bytes. What does not parse gives nothing.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kms {

/// A decimal number, exact at any length: "-12.50" (IL:O-04).
struct Decimal {
    bool negative = false;
    std::string whole, fraction;    ///< without zeros that say nothing
};
std::optional<Decimal> parse_decimal(std::string_view text);
/// Below, equal or above: -1, 0, 1.
int compare(Decimal const& a, Decimal const& b);

/// A moment: seconds since 1970 and the nanoseconds after them.
struct Instant {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    friend bool operator==(Instant const&, Instant const&) = default;
    friend auto operator<=>(Instant const&, Instant const&) = default;
};
/// ISO 8601 as the W3C profiles it, from `2026` to `2026-01-31T23:59:59.999+01:00`, or Unix seconds; a text of four digits is a year
/// (IL:O-05).
std::optional<Instant> parse_instant(std::string_view text);
/// Whether the text is Unix seconds rather than a date.
bool is_epoch(std::string_view text);

/// An IPv4 address has 4 bytes, an IPv6 address 16.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    unsigned size = 0;
};
struct AddressRange {
    Address base;
    unsigned bits = 0;
};
std::optional<Address> parse_address(std::string_view text);
/// CIDR notation; a bare address is a range of one (IL:O-08).
std::optional<AddressRange> parse_range(std::string_view text);
/// Bits after the mask do not matter; a range holds no address of the other family.
bool contains(AddressRange const& range, Address const& address);
/// Whether bits are set after the mask, which the comparison ignores.
bool has_host_bits(AddressRange const& range);
/// Addresses that no caller on the internet has (RFC 1918, RFC 4193).
bool is_private(Address const& address);

/// The bytes of a base64 text with its padding (IL:O-07).
std::optional<std::string> parse_base64(std::string_view text);
std::string write_base64(std::string_view bytes);

}    // namespace kms
