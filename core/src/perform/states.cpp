#include "perform/perform.hpp"

namespace kms {

namespace {
ApiError error(KeyRef const& key, std::string_view code, std::string_view what) { return {std::string(code), key.arn + " " + std::string(what)}; }
}    // namespace

// The rows of the key state table; states that a row does not mention succeed. Grants stay in every state (S-01, L-14).
std::optional<ApiError> key_state_error(Operation const& o, KeyRef const& key, bool target) {
    auto state = key.state();
    auto disabled = [&] { return error(key, "DisabledException", "is disabled."); };
    auto invalid = [&](std::string_view what) { return error(key, "KMSInvalidStateException", what); };
    auto unsupported = [&](std::string_view what) { return error(key, "UnsupportedOperationException", what); };
    auto origin = key.metadata("Origin", "AWS_KMS");
    bool imported = origin == "EXTERNAL";
    bool row_rotation = o.states == StateRow::rotation || o.states == StateRow::rotationStatus;
    bool row_import = o.states == StateRow::importParameters || o.states == StateRow::importMaterial || o.states == StateRow::deleteMaterial;
    if (o.states == StateRow::always) return {};
    if (row_rotation && origin != "AWS_KMS" && !(imported && o.name == "RotateKeyOnDemand")) return unsupported("origin is " + origin + ", which is not valid for this operation.");
    if (row_import && !imported) return unsupported("origin is " + origin + ", which is not valid for this operation.");
    bool pending = state == "PendingDeletion" || state == "PendingReplicaDeletion";
    if (o.states == StateRow::cancelling) return pending ? std::optional<ApiError>() : invalid("is not pending deletion.");
    bool uses = o.states == StateRow::cryptographic || o.states == StateRow::signing || o.states == StateRow::createGrant || o.states == StateRow::replicate || o.states == StateRow::updatePrimary;
    if (state == "Disabled") return uses || o.states == StateRow::rotation ? std::optional(disabled()) : std::nullopt;
    if (pending) {    // S-02
        bool refused = !(o.states == StateRow::rotationStatus || o.states == StateRow::deleteMaterial || (o.states == StateRow::updateAlias && !target));
        return refused ? std::optional(invalid("is pending deletion.")) : std::nullopt;
    }
    if (state == "PendingImport") return uses || o.states == StateRow::enabling ? std::optional(invalid("is pending import.")) : std::nullopt;
    if (state == "Unavailable") return o.states == StateRow::cryptographic || o.states == StateRow::signing ? std::optional(invalid("is unavailable.")) : std::nullopt;
    if (state == "Creating") return uses || row_import || o.states == StateRow::enabling || o.states == StateRow::rotation ? std::optional(invalid("is creating.")) : std::nullopt;
    if (state == "Updating") {
        bool refused = o.states == StateRow::enabling || o.states == StateRow::scheduling || o.states == StateRow::importParameters || o.states == StateRow::deleteMaterial || o.states == StateRow::replicate;
        return refused ? std::optional(invalid("is updating.")) : std::nullopt;
    }
    return {};
}

}    // namespace kms
