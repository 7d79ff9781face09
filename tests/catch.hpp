#pragma once
// Catch2 as Debian has it (2) and as upstream has it (3), under version 3's names.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

#include <string>
namespace Catch {
using Detail::Approx;
namespace Matchers {
inline auto ContainsSubstring(std::string const& s) {
    return Contains(s);
}
}    // namespace Matchers
}    // namespace Catch
#endif
