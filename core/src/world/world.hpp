#pragma once
// The world a request meets: keys with their policies and grants, principals with theirs. Read from a scenario, edited by steps.

#include <map>

#include "grant/grant.hpp"

namespace kms {

/// A grant that was retired or revoked and may still be seen until the change has propagated (E-29).
struct FormerGrant {
    std::string key_arn;
    Value grant;
};
struct GrantToken {
    std::string key_arn, grant_id;
};

struct KeyRef;

struct World {
    Value root = Value::object();    ///< the normalised scenario: policies are objects, grants arrays; a broken text stays as typed
    Texts texts;
    Problems problems;
    Readings readings;

    // what steps leave behind besides the scenario itself
    std::map<std::string, Value> responses;            ///< by step id; null for a refused step
    std::string now = "2026-01-01T00:00:00Z";          ///< the last step's time
    std::map<std::string, GrantToken, std::less<>> tokens;    ///< every token CreateGrant has given
    std::vector<std::string> unpropagated;             ///< ids of new grants that count only with their token
    std::vector<FormerGrant> former;
    std::uint64_t made = 0;                            ///< how many ids and tokens the engine has made

    bool eventual() const { return root.string_or("consistency") == "eventual"; }
    std::string make_id(std::string_view what);
    /// The key's grants by whom they may concern; read once, until grants change.
    GrantIndex const& grants_of(KeyRef const& key) const;
    mutable std::vector<GrantIndex> indexed_grants{};    ///< by key
};

World read_world(std::string_view scenario);
/// Wraps a value that has been parsed already (one scenario of several in a text).
World read_world_value(Value scenario, Texts texts, Problems problems);
/// Sets or removes what a pointer names, then reads the documents it touches again.
/// A pointer that names nothing is a fault and changes nothing.
void set_at(World& world, std::string const& pointer, Value value, Problems& faults);
void remove_at(World& world, std::string const& pointer, Value const& where, Problems& faults);
/// Checks all documents of the world anew.
void check_world(World& world);
/// Checks the document that a pointer stands in, and leaves the others as they were.
void check_change(World& world, std::string const& pointer);
/// Checks one request that is not among the world's steps.
void check_request(World& world, Value& request, std::string const& pointer);
/// Checks what `aws kms list-grants` prints, of whatever key.
void check_grant_list(World& world, Value& grants, std::string const& pointer);
void check_step(World& world, Value& step, std::string const& pointer);
/// Deletes a user or role and makes it again under the same name: a new unique id, no policies, and nothing that named it names it still (P-10, P-25).
void recreate(World& world, std::string const& arn, Value const& where, Problems& faults);
/// Eventual consistency has caught up.
void propagate(World& world);

struct KeyRef {
    std::size_t index = 0;
    std::string arn, account, region, id, pointer;
    Value const* value = nullptr;
    std::string alias;    ///< the alias name by which the request named it
    std::string metadata(std::string_view name, std::string_view otherwise) const;
    std::string state() const { return metadata("KeyState", "Enabled"); }
    std::string spec() const { return metadata("KeySpec", "SYMMETRIC_DEFAULT"); }
    std::string usage() const;
    bool aws_managed() const { return metadata("KeyManager", "CUSTOMER") == "AWS"; }
    bool multi_region() const;
    bool in_custom_key_store() const { return metadata("Origin", "AWS_KMS") == "AWS_CLOUDHSM" || metadata("Origin", "AWS_KMS") == "EXTERNAL_KEY_STORE" || !metadata("CustomKeyStoreId", "").empty(); }
};
std::vector<KeyRef> all_keys(World const& world);
std::optional<KeyRef> find_key(World const& world, std::string_view arn);

/// The entry of `principals`, `accounts` or `vpcEndpoints` with this value of this field, and its pointer.
struct Entry {
    Value const* value = nullptr;
    std::string pointer;
};
Entry find_entry(World const& world, std::string_view list, std::string_view field, std::string_view value);

/// Reads a caller; nothing when the text names none. `session_of` names the user behind a federated-user session.
std::optional<Caller> read_caller(World const& world, std::string_view principal, std::string_view session_of = {});

/// A service-linked role, by its path or, when its path is unknown, by its name (IL:E-54).
bool is_service_linked(Caller const& caller);

}    // namespace kms
