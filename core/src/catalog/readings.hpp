#pragma once
// Where AWS is silent or contradicts itself: the reading that this engine takes, and the ones a scenario may take instead.

#include <string>
#include <string_view>
#include <vector>

namespace kms {

struct Ambiguity {
    std::string_view id;
    std::vector<std::string_view> readings;    ///< the proposed one first
};

std::vector<Ambiguity> const& ambiguities();

/// The readings one evaluation goes by. Unset ones are the proposed.
class Readings {
public:
    void choose(std::string_view id, std::string_view reading);
    std::string_view of(std::string_view id) const;
    bool is(char const* id, char const* reading) const { return of(id) == reading; }
    std::vector<std::string_view> others(std::string_view id) const;

private:
    std::vector<std::pair<std::string_view, std::string_view>> chosen_;
};

}    // namespace kms
