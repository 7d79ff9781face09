#pragma once
// The engine's whole public face: a scenario (JSON text) in, decisions (JSON text) out.
// Every function is total and deterministic: bad input comes back as diagnostics, never as an exception, and the same input gives
// the same bytes natively and in WebAssembly. Strings are UTF-8.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kms {

/// The engine's version, "major.minor.patch".
std::string_view version();

/// What `run` answers: the text to print, and the two facts that the command line turns into its exit code.
struct RunResult {
    std::string json;        ///< one line of JSON and a newline
    bool invalid = false;    ///< an error diagnostic stands, so `results` is empty
    bool failed = false;     ///< some step's `expect` was not met
};

/// Evaluates a scenario, or an array of scenarios, and gives each step's decision and the world after the last step.
RunResult run(std::string_view scenario);

/// Reads `text` as one of the kinds `scenario`, `keyPolicy`, `identityPolicy`, `grants`, `request` and gives {"diagnostics": […]}.
std::string check(std::string_view kind, std::string_view text);

/// Recognises pasted AWS command outputs, each its own text, and gives {"scenario", "diagnostics", "placed"}.
std::string import_documents(std::vector<std::string> const& texts);
/// The same of a JSON array of strings; "" when it is none.
std::string import_documents(std::string_view json_array);

/// How much of a decision `Session::decide` writes.
enum class Detail {
    full,
    decision,    ///< without trace, flow, cloudTrail and response: the fast path
};

/// A world that is asked, edited and acted upon. Documents that do not parse stay in it as typed; only decisions that read them refuse.
class Session {
public:
    explicit Session(std::string_view scenario);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;

    /// Asks and changes nothing. One request object gives one result, an array of requests an array in order.
    std::string decide(std::string_view request, Detail detail = Detail::full) const;
    /// {"set": {pointer: value}, "remove": [pointers]}: edits the world directly; answers like `run`, without `world`.
    std::string edit(std::string_view changes);
    /// One scenario step: asks and, when allowed, changes the world; answers like `run`, without `world`.
    std::string perform(std::string_view step);
    /// {"principals": […], "operations": […], "request": {…}} to rows of {decision, decidedBy, assumptions}.
    std::string matrix(std::string_view query) const;
    /// {"world": …, "diagnostics": […]}: the scenario as it stands, itself a valid scenario.
    std::string world() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}    // namespace kms
