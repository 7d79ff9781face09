#pragma once
// Pasted AWS command outputs, events and messages, in any order, made into one scenario.

#include "world/world.hpp"

namespace kms {

/// {"scenario", "diagnostics", "placed": [{"input", "kind", "pointer"}]}. What cannot be placed has a diagnostic that says why.
Value import_texts(std::vector<std::string> const& texts);

}    // namespace kms
