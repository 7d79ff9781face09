#include "world/world.hpp"

#include <algorithm>

namespace kms {

namespace {
using Names = std::vector<std::string_view>;

struct Reader {
    World& w;

    bool object(Value const& v, std::string const& pointer, Names const& known, std::string const& what) {
        if (!v.is(Kind::object)) {
            w.problems.error(v, pointer, "scenario.type", what + " must be an object", "see the scenario format");
            return false;
        }
        for (auto const& m : v.items)
            if (std::find(known.begin(), known.end(), m.key) == known.end()) {
                auto near = nearest(m.key, known);
                w.problems.key(m, pointer + pointer_step(m.key), "scenario.unknownField", "`" + m.key + "` is not a field of " + what,
                               near.empty() ? "remove it" : "did you mean `" + near + "`?");
            }
        return true;
    }
    template <class F>
    void list(Value& parent, std::string const& pointer, std::string_view name, F f) {
        auto* v = parent.find(name);
        if (!v) return;
        auto here = pointer + pointer_step(name);
        if (!v->is(Kind::array)) {
            w.problems.error(*v, here, "scenario.type", "`" + std::string(name) + "` must be a list", "put the entries between [ and ]");
            return;
        }
        for (std::size_t i = 0; i < v->items.size(); ++i) f(v->items[i], here + "/" + std::to_string(i));
    }
    void unsupported(Value const& at, std::string const& pointer, std::string const& what) {
        w.problems.key(at, pointer, "unsupported." + at.key, what + " is not evaluated yet", "remove it to try the rest");
    }

    // A document given as text is read in place; when it does not parse it stays a string and the problem is reported.
    bool text_document(Value& v, std::string const& pointer) {
        if (!v.is(Kind::string)) return true;
        auto doc = w.texts.add(pointer, v.text);
        auto parsed = parse_json(w.texts.text(doc), doc);
        for (auto const& p : parsed.problems) w.problems.json(p, doc, pointer);
        if (!parsed.problems.empty()) return false;
        parsed.value.key = v.key;
        parsed.value.key_begin = v.key_begin;
        parsed.value.key_end = v.key_end;
        v = std::move(parsed.value);
        return true;
    }
    void policy(Value& v, PolicyType type, std::string const& pointer) {
        if (text_document(v, pointer)) check_policy(v, type, pointer, w.problems);
    }

    void key(Value& k, std::string const& pointer) {
        if (!object(k, pointer, {"metadata", "policy", "grants", "aliases", "tags"}, "a key")) return;
        auto* metadata = k.find("metadata");
        auto arn_text = metadata ? std::string(metadata->string_or("Arn")) : std::string();
        auto arn = parse_arn(arn_text);
        if (!arn.valid || arn.service != "kms" || arn.account.size() != 12 || arn.resource.substr(0, 4) != "key/")
            w.problems.error(metadata ? *metadata : k, pointer + "/metadata", "scenario.keyArn", "the key has no key ARN in `metadata.Arn`",
                             "write for example {\"Arn\": \"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"}");
        if (metadata) {
            if (metadata->string_or("KeyManager") == "AWS") w.problems.error(*metadata, pointer + "/metadata", "unsupported.awsManagedKey", "AWS managed keys are not evaluated yet", "try a customer managed key");
            auto spec = metadata->string_or("KeySpec", "SYMMETRIC_DEFAULT");
            if (spec != "SYMMETRIC_DEFAULT") w.problems.error(*metadata, pointer + "/metadata/KeySpec", "unsupported.keySpec", "only SYMMETRIC_DEFAULT keys are evaluated yet", "try a symmetric key");
        }
        if (auto* p = k.find("policy")) policy(*p, PolicyType::keyPolicy, pointer + "/policy");
        if (auto* g = k.find("grants")) grants(*g, arn_text, pointer + "/grants");
    }

    void grants(Value& g, std::string const& arn, std::string const& pointer) {
        if (!text_document(g, pointer)) return;
        if (g.is(Kind::object) && g.find("Statement")) {
            w.problems.error(g, pointer, "grants.isPolicy", "this is a policy, not a grant list", "paste the output of `aws kms list-grants`, and this where the policy belongs");
            return;
        }
        if (auto* wrapped = g.find("Grants"); wrapped && wrapped->is(Kind::array)) {
            auto inner = std::move(*wrapped);
            inner.key = g.key;
            inner.key_begin = g.key_begin;
            inner.key_end = g.key_end;
            g = std::move(inner);
        }
        if (!g.is(Kind::array)) {
            w.problems.error(g, pointer, "grants.type", "this is no grant list", "paste the output of `aws kms list-grants`: {\"Grants\": [ … ]}");
            return;
        }
        for (std::size_t i = 0; i < g.items.size(); ++i)
            if (g.items[i].is(Kind::object) && !g.items[i].find("GrantId")) g.items[i].set("GrantId", Value::str(derived_hex(arn + "#" + std::to_string(i))));
        check_grants(g, arn, pointer, w.problems);
    }

    void principal(Value& p, std::string const& pointer) {
        if (!object(p, pointer, {"arn", "uniqueId", "identityPolicies", "permissionsBoundary", "tags", "deleted"}, "a principal")) return;
        auto arn = parse_arn(p.string_or("arn"));
        if (!arn.valid || arn.service != "iam" || (arn.resource.substr(0, 5) != "role/" && arn.resource.substr(0, 5) != "user/"))
            w.problems.error(p.find("arn") ? *p.find("arn") : p, pointer + "/arn", "scenario.principalArn", "a principal here is an IAM user or role", "write arn:aws:iam::ACCOUNT:role/NAME");
        if (auto* b = p.find("permissionsBoundary")) unsupported(*b, pointer + "/permissionsBoundary", "a permissions boundary");
        list(p, pointer, "identityPolicies", [&](Value& entry, std::string const& at) {
            if (!object(entry, at, {"name", "document"}, "an identity policy")) return;
            if (auto* d = entry.find("document")) policy(*d, PolicyType::identityPolicy, at + "/document");
            else w.problems.error(entry, at, "scenario.missingField", "the policy has no `document`", "add \"document\": { … }");
        });
    }

    void step(Value& s, std::string const& pointer, std::vector<std::string>& ids) {
        if (!object(s, pointer, {"id", "title", "note", "rules", "request", "expect", "set", "remove", "recreate", "propagate"}, "a step")) return;
        auto id = std::string(s.string_or("id"));
        if (!id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end())
            w.problems.error(*s.find("id"), pointer + "/id", "scenario.duplicateStep", "another step has the id `" + id + "`", "give each step its own id");
        ids.push_back(id);
        if (auto* r = s.find("recreate")) unsupported(*r, pointer + "/recreate", "recreating a principal");
        if (auto* r = s.find("propagate")) unsupported(*r, pointer + "/propagate", "eventual consistency");
        if (!s.find("request") && !s.find("set") && !s.find("remove") && !s.find("recreate") && !s.find("propagate"))
            w.problems.error(s, pointer, "scenario.emptyStep", "the step does nothing", "add a `request`, or `set` or `remove`");
        if (auto* r = s.find("request")) request(*r, pointer + "/request");
        if (auto* e = s.find("expect"))
            object(*e, pointer + "/expect", {"decision", "decidedBy", "errorCode", "messageContains", "messageLacks", "assumptions", "response"}, "`expect`");
    }

    void request(Value& r, std::string const& pointer) {
        if (!object(r, pointer, {"principal", "operation", "parameters", "sessionPolicies", "sessionTags", "sessionOf", "context", "vpcEndpoint", "region", "at"}, "a request")) return;
        for (char const* name : {"sessionPolicies", "sessionOf", "vpcEndpoint"})
            if (auto* v = r.find(name); v && !(v->is(Kind::array) && v->items.empty())) unsupported(*v, pointer + pointer_step(name), "`" + std::string(name) + "`");
    }

    void scenario() {
        auto& root = w.root;
        if (!object(root, "", {"scenario", "title", "description", "tags", "rules", "keys", "principals", "accounts", "vpcEndpoints", "consistency", "readings", "steps"}, "a scenario")) return;
        auto const* version = root.find("scenario");
        if (!version || version->text != "1" || !version->is(Kind::number))
            w.problems.error(version ? *version : root, "/scenario", "scenario.version", "this is no scenario of format version 1", "begin it with \"scenario\": 1");
        list(root, "", "keys", [&](Value& k, std::string const& p) { key(k, p); });
        list(root, "", "principals", [&](Value& k, std::string const& p) { principal(k, p); });
        list(root, "", "accounts", [&](Value& a, std::string const& p) {
            if (!object(a, p, {"id", "organization", "serviceControlPolicies", "resourceControlPolicies", "enabledOptInRegions"}, "an account")) return;
            for (char const* name : {"serviceControlPolicies", "resourceControlPolicies"})
                if (auto* v = a.find(name); v && !v->items.empty()) unsupported(*v, p + pointer_step(name), "an organization policy");
        });
        if (auto* v = root.find("vpcEndpoints"); v && !v->items.empty()) unsupported(*v, "/vpcEndpoints", "a VPC endpoint policy");
        if (auto* v = root.find("consistency"); v && v->text != "immediate") unsupported(*v, "/consistency", "eventual consistency");
        if (auto* v = root.find("readings"); v && !v->items.empty()) unsupported(*v, "/readings", "switching readings");
        std::vector<std::string> ids;
        list(root, "", "steps", [&](Value& s, std::string const& p) { step(s, p, ids); });
    }
};
}    // namespace

World read_world_value(Value scenario, Texts texts, Problems problems) {
    World w{std::move(scenario), std::move(texts), std::move(problems)};
    Reader{w}.scenario();
    return w;
}

World read_world(std::string_view text) {
    Texts texts;
    Problems problems;
    auto doc = texts.add("", std::string(text));
    auto parsed = parse_json(texts.text(doc), doc);
    for (auto const& p : parsed.problems) problems.json(p, doc, "");
    if (!parsed.problems.empty()) return {Value::object(), std::move(texts), std::move(problems)};
    return read_world_value(std::move(parsed.value), std::move(texts), std::move(problems));
}

void check_world(World& w) {
    w.problems = {};
    Reader{w}.scenario();
}

void set_at(World& w, std::string const& pointer, Value value) {
    auto steps = split_pointer(pointer);
    if (steps.empty()) return;
    auto cut = pointer.rfind('/');
    auto* parent = find_pointer(w.root, pointer.substr(0, cut));
    auto const& last = steps.back();
    if (parent && parent->is(Kind::object)) {
        parent->set(last, std::move(value));
    } else if (parent && parent->is(Kind::array) && (last == "-" || last == std::to_string(parent->items.size()))) {
        parent->push(std::move(value));
    } else if (auto* at = find_pointer(w.root, pointer)) {
        *at = std::move(value);
    } else {
        w.problems.error(value, pointer, "scenario.pointer", "`" + pointer + "` names nothing in this scenario", "check the pointer against the world");
        return;
    }
    check_world(w);
}

void remove_at(World& w, std::string const& pointer, Value const& where) {
    auto* parent = find_pointer(w.root, pointer.substr(0, pointer.rfind('/')));
    auto* at = find_pointer(w.root, pointer);
    if (!parent || !at || parent == at) {
        w.problems.error(where, pointer, "scenario.pointer", "`" + pointer + "` names nothing in this scenario", "check the pointer against the world");
        return;
    }
    parent->items.erase(parent->items.begin() + (at - parent->items.data()));
    check_world(w);
}

std::string KeyRef::metadata(std::string_view name, std::string_view otherwise) const {
    return std::string(value->find("metadata")->string_or(name, otherwise));
}

std::vector<KeyRef> all_keys(World const& w) {
    std::vector<KeyRef> out;
    if (auto const* keys = w.keys(); keys && keys->is(Kind::array))
        for (std::size_t i = 0; i < keys->items.size(); ++i) {
            auto const& k = keys->items[i];
            auto const* metadata = k.find("metadata");
            auto text = metadata ? std::string(metadata->string_or("Arn")) : std::string();
            auto arn = parse_arn(text);
            if (!arn.valid) continue;
            out.push_back({i, text, std::string(arn.account), std::string(arn.region), text.substr(text.rfind('/') + 1), "/keys/" + std::to_string(i), &k});
        }
    return out;
}

std::optional<Caller> read_caller(World const& w, std::string_view principal) {
    Caller c;
    c.arn = std::string(principal);
    auto arn = parse_arn(principal);
    if (!arn.valid) {    // IL:P-13
        auto suffix = std::string_view(".amazonaws.com");
        if (principal.size() <= suffix.size() || principal.substr(principal.size() - suffix.size()) != suffix || lower(principal) != principal) return {};
        c.form = CallerForm::service;
        return c;
    }
    c.partition = std::string(arn.partition);
    c.account = std::string(arn.account);
    if (c.account.size() != 12 || !all_digits(c.account)) return {};
    auto resource = std::string(arn.resource);
    if (arn.service == "iam" && resource == "root") {
        c.form = CallerForm::root;
    } else if (arn.service == "iam" && resource.compare(0, 5, "user/") == 0 && resource.size() > 5) {
        c.form = CallerForm::user;
        c.entity_arn = c.arn;
    } else if (arn.service == "sts" && resource.compare(0, 13, "assumed-role/") == 0) {
        auto slash = resource.find('/', 13);
        if (slash == std::string::npos || slash == 13 || slash + 1 == resource.size()) return {};
        c.form = CallerForm::session;
        c.role_name = resource.substr(13, slash - 13);
        c.session_name = resource.substr(slash + 1);
        c.entity_arn = "arn:" + c.partition + ":iam::" + c.account + ":role/" + c.role_name;
    } else if (arn.service == "sts" && resource.compare(0, 15, "federated-user/") == 0) {
        c.form = CallerForm::federatedUser;
    } else {
        return {};
    }
    if (auto const* all = w.root.find("principals"); all && all->is(Kind::array))
        for (std::size_t i = 0; i < all->items.size(); ++i) {
            auto const& p = all->items[i];
            auto text = p.string_or("arn");
            auto a = parse_arn(text);
            bool role = c.form == CallerForm::session && a.account == c.account && a.resource.substr(0, 5) == "role/" && a.resource.substr(a.resource.rfind('/') + 1) == c.role_name;
            if (!role && !(c.form == CallerForm::user && text == c.arn)) continue;
            c.entity_arn = std::string(text);
            c.unique_id = std::string(p.string_or("uniqueId"));
            c.entity_pointer = "/principals/" + std::to_string(i);
            c.deleted = p.find("deleted") && p.find("deleted")->text == "true";
        }
    return c;
}

}    // namespace kms
