#pragma once
// The KMS API operations and what the rulebook's operation table says of each (kms.md §6.1, §6.3).

#include <string_view>
#include <vector>

namespace kms {

struct Operation {
    std::string_view name;
    bool built;               ///< decided by this engine; the others answer `unsupported.operation`
    bool grantable;           ///< may stand in a grant (kms.md §3.3)
    bool encryption_context;
    bool aliases;             ///< KeyId may be an alias
    bool use_state;           ///< needs an Enabled key
};

Operation const* find_operation(std::string_view name);
std::vector<std::string_view> operation_names();

}    // namespace kms
