#pragma once
// The world a request meets: keys with their policies and grants, principals with theirs. Read from a scenario, edited by steps.

#include "grant/grant.hpp"

namespace kms {

struct World {
    Value root = Value::object();    ///< the normalised scenario: policies are objects, grants arrays; a broken text stays as typed
    Texts texts;
    Problems problems;

    Value const* keys() const { return root.find("keys"); }
};

World read_world(std::string_view scenario);
/// Wraps a value that has been parsed already (one scenario of several in a text).
World read_world_value(Value scenario, Texts texts, Problems problems);
/// Sets or removes what a pointer names, then reads the documents it touches again.
void set_at(World& world, std::string const& pointer, Value value);
void remove_at(World& world, std::string const& pointer, Value const& where);
/// Checks all documents of the world anew.
void check_world(World& world);

struct KeyRef {
    std::size_t index = 0;
    std::string arn, account, region, id, pointer;
    Value const* value = nullptr;
    std::string metadata(std::string_view name, std::string_view otherwise) const;
};
std::vector<KeyRef> all_keys(World const& world);

/// Reads a caller; `problem` is set when the text names none.
std::optional<Caller> read_caller(World const& world, std::string_view principal);

}    // namespace kms
