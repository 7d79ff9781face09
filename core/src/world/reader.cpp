// Reads a scenario into a world: every field known, every document checked, every problem with its place.
#include <algorithm>

#include "catalog/operations.hpp"
#include "world/world.hpp"

namespace kms {

namespace {
using Names = std::vector<std::string_view>;

struct Reader {
    World& w;
    std::vector<std::string> key_arns{};

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
    void tags(Value const& v, std::string const& pointer, std::string_view key, std::string_view value) {
        bool good = v.is(Kind::array) && std::all_of(v.items.begin(), v.items.end(), [&](auto const& t) {
            auto const* k = t.find(key);
            auto const* x = t.find(value);
            return k && x && k->is(Kind::string) && x->is(Kind::string);
        });
        if (!good) w.problems.error(v, pointer, "scenario.tags", "tags are a list of " + std::string(key) + " and " + std::string(value), "write [{\"" + std::string(key) + "\": \"env\", \"" + std::string(value) + "\": \"dev\"}]");
    }
    void named_policy(Value& entry, PolicyType type, std::string const& at) {
        if (!object(entry, at, {"name", "document"}, "a named policy")) return;
        if (auto* d = entry.find("document")) policy(*d, type, at + "/document");
        else w.problems.error(entry, at, "scenario.missingField", "the policy has no `document`", "add \"document\": { … }");
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
    void policy(Value& v, PolicyType type, std::string const& pointer, Value const* key_metadata = nullptr) {
        if (!text_document(v, pointer)) return;
        PolicyFacts facts;
        if (key_metadata) {
            facts.key_arn = std::string(key_metadata->string_or("Arn"));
            facts.aws_managed = key_metadata->string_or("KeyManager") == "AWS";
        }
        if (v.doc != no_text && !pointer.empty() && w.texts.pointer(v.doc) == pointer) facts.text = w.texts.text(v.doc);
        if (auto const* all = w.root.find("principals"); all && has_principal(type))
            for (auto const& p : all->items)
                if (auto arn = p.string_or("arn"); arn.find(":role/") != std::string_view::npos) facts.role_arns.emplace_back(arn);
        check_policy(v, type, pointer, w.problems, facts);
    }

    void key(Value& k, std::string const& pointer) {
        if (!object(k, pointer, {"metadata", "policy", "grants", "aliases", "tags"}, "a key")) return;
        auto* metadata = k.find("metadata");
        auto arn_text = metadata ? std::string(metadata->string_or("Arn")) : std::string();
        auto arn = parse_arn(arn_text);
        if (!arn.valid || arn.service != "kms" || arn.account.size() != 12 || arn.resource.substr(0, 4) != "key/")
            w.problems.error(metadata ? *metadata : k, pointer + "/metadata", "scenario.keyArn", "the key has no key ARN in `metadata.Arn`",
                             "write for example {\"Arn\": \"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"}");
        else if (std::find(key_arns.begin(), key_arns.end(), arn_text) != key_arns.end())
            w.problems.error(*metadata, pointer + "/metadata/Arn", "scenario.duplicateKey", "another key has this ARN", "give each key its own ARN");
        key_arns.push_back(arn_text);
        if (metadata) states(*metadata, pointer + "/metadata");
        list(k, pointer, "aliases", [&](Value& a, std::string const& at) {
            if (!a.is(Kind::string) || a.text.compare(0, 6, "alias/") != 0) w.problems.error(a, at, "scenario.alias", "an alias name begins with `alias/`", "write for example \"alias/app\"");
        });
        if (auto* t = k.find("tags")) tags(*t, pointer + "/tags", "TagKey", "TagValue");
        if (auto* p = k.find("policy")) policy(*p, PolicyType::keyPolicy, pointer + "/policy", metadata);
        if (auto* g = k.find("grants")) grants(*g, arn_text, pointer + "/grants");
    }

    // A state or usage that KMS does not have must not be taken for another.
    void states(Value const& metadata, std::string const& pointer) {
        one_of(metadata, pointer, "KeyState", {"Creating", "Enabled", "Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport", "Unavailable", "Updating"});
        one_of(metadata, pointer, "KeyUsage", {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT", "ENCAPSULATE_DECAPSULATE"});
        one_of(metadata, pointer, "KeySpec", {"SYMMETRIC_DEFAULT", "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "HMAC_224", "HMAC_256",
                                              "HMAC_384", "HMAC_512", "SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"});
        one_of(metadata, pointer, "Origin", {"AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"});
        one_of(metadata, pointer, "KeyManager", {"AWS", "CUSTOMER"});
    }
    void one_of(Value const& parent, std::string const& pointer, std::string_view name, Names const& known) {
        auto const* v = parent.find(name);
        if (!v || (v->is(Kind::string) && std::find(known.begin(), known.end(), v->text) != known.end())) return;
        auto near = nearest(v->text, known);
        w.problems.error(*v, pointer + pointer_step(name), "scenario.value", "`" + v->text + "` is no " + std::string(name), near.empty() ? "see the KeyMetadata of `aws kms describe-key`" : "did you mean `" + near + "`?");
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
        for (std::size_t i = 0; i < g.items.size(); ++i) grant(g.items[i], i, arn, pointer);
    }

    void grant(Value& g, std::size_t index, std::string const& arn, std::string const& list) {
        if (g.is(Kind::object) && !g.find("GrantId")) g.set("GrantId", derived_hex(arn + "#" + std::to_string(index)));
        check_grant(g, arn, list + "/" + std::to_string(index), w.problems);
    }

    void principal(Value& p, std::string const& pointer) {
        if (!object(p, pointer, {"arn", "uniqueId", "identityPolicies", "permissionsBoundary", "tags", "deleted"}, "a principal")) return;
        auto arn = parse_arn(p.string_or("arn"));
        if (!arn.valid || arn.service != "iam" || (arn.resource.substr(0, 5) != "role/" && arn.resource.substr(0, 5) != "user/"))
            w.problems.error(p.find("arn") ? *p.find("arn") : p, pointer + "/arn", "scenario.principalArn", "a principal here is an IAM user or role", "write arn:aws:iam::ACCOUNT:role/NAME");
        if (auto* b = p.find("permissionsBoundary")) named_policy(*b, PolicyType::permissionsBoundary, pointer + "/permissionsBoundary");
        if (auto* t = p.find("tags")) tags(*t, pointer + "/tags", "Key", "Value");
        list(p, pointer, "identityPolicies", [&](Value& entry, std::string const& at) { named_policy(entry, PolicyType::identityPolicy, at); });
    }

    void account(Value& a, std::string const& pointer) {
        if (!object(a, pointer, {"id", "organization", "serviceControlPolicies", "resourceControlPolicies", "enabledOptInRegions"}, "an account")) return;
        auto id = a.string_or("id");
        if (id.size() != 12 || !all_digits(id)) w.problems.error(a.find("id") ? *a.find("id") : a, pointer + "/id", "scenario.accountId", "an account id has twelve digits", "write it as a string, \"111122223333\"");
        if (auto* o = a.find("organization")) object(*o, pointer + "/organization", {"id", "path", "managementAccount"}, "`organization`");
        levels(a, pointer, "serviceControlPolicies", PolicyType::serviceControlPolicy);
        levels(a, pointer, "resourceControlPolicies", PolicyType::resourceControlPolicy);
    }
    void levels(Value& a, std::string const& pointer, std::string_view name, PolicyType type) {
        list(a, pointer, name, [&](Value& level, std::string const& at) {
            if (!level.is(Kind::array)) {
                w.problems.error(level, at, "scenario.type", "`" + std::string(name) + "` holds one list per level: root, organizational units, account", "put each level's policies in a list of their own");
                return;
            }
            for (std::size_t i = 0; i < level.items.size(); ++i) named_policy(level.items[i], type, at + "/" + std::to_string(i));
        });
    }
    void endpoint(Value& e, std::string const& pointer) {
        if (!object(e, pointer, {"id", "vpc", "policy"}, "a VPC endpoint")) return;
        if (auto* p = e.find("policy")) policy(*p, PolicyType::vpcEndpointPolicy, pointer + "/policy");
    }

    void step(Value& s, std::string const& pointer, std::vector<std::string>& ids) {
        if (!object(s, pointer, {"id", "title", "note", "rules", "request", "expect", "set", "remove", "recreate", "propagate"}, "a step")) return;
        auto id = std::string(s.string_or("id"));
        if (!id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end())
            w.problems.error(*s.find("id"), pointer + "/id", "scenario.duplicateStep", "another step has the id `" + id + "`", "give each step its own id");
        ids.push_back(id);
        if (!s.find("request") && !s.find("set") && !s.find("remove") && !s.find("recreate") && !s.find("propagate"))
            w.problems.error(s, pointer, "scenario.emptyStep", "the step does nothing", "add a `request`, or `set` or `remove`");
        if (auto* r = s.find("request")) request(*r, pointer + "/request");
        if (auto* e = s.find("expect"))
            object(*e, pointer + "/expect", {"decision", "decidedBy", "errorCode", "messageContains", "messageLacks", "assumptions", "response"}, "`expect`");
    }

    void request(Value& r, std::string const& pointer) {
        if (!object(r, pointer, {"principal", "operation", "parameters", "sessionPolicies", "sessionTags", "sessionOf", "context", "vpcEndpoint", "region", "at"}, "a request")) return;
        if (r.string_or("principal").empty()) w.problems.error(r, pointer, "request.missingPrincipal", "the request has no `principal`", "add the ARN of the caller");
        else if (!read_caller(w, r.string_or("principal"), r.string_or("sessionOf")))
            w.problems.error(*r.find("principal"), pointer + "/principal", "request.principal", "this names no caller that KMS could see",
                             "write the ARN of a user, of a role session (arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION), of a federated user or of a root user, or a service principal");
        operation(r, pointer);
        if (auto const* p = r.find("parameters"); p && !p->is(Kind::object)) w.problems.error(*p, pointer + "/parameters", "scenario.type", "`parameters` must be an object", "write {\"KeyId\": \"…\"}");
        if (auto const* c = r.find("context")) context(*c, pointer + "/context");
        if (auto* t = r.find("sessionTags"); t && !t->is(Kind::object)) w.problems.error(*t, pointer + "/sessionTags", "scenario.type", "`sessionTags` must be an object", "write {\"team\": \"red\"}");
        list(r, pointer, "sessionPolicies", [&](Value& p, std::string const& at) { policy(p, PolicyType::sessionPolicy, at); });
        if (auto const* at = r.find("at"); at && !is_time(at->text)) w.problems.error(*at, pointer + "/at", "request.time", "this is no UTC time", "write for example \"2026-01-01T00:00:00Z\"");
    }
    void operation(Value const& r, std::string const& pointer) {
        auto name = std::string(r.string_or("operation"));
        auto const* known = find_operation(name);
        if (known && known->api()) return;
        auto const* at = r.find("operation");
        std::string bare = name.compare(0, 4, "kms:") == 0 ? name.substr(4) : name;
        auto near = known ? std::string("ReEncrypt") : find_operation(bare) ? bare : nearest(bare, operation_names());
        w.problems.error(at ? *at : r, pointer + "/operation", at ? "request.operation" : "request.missingOperation", at ? "`" + name + "` is not an AWS KMS operation" : "the request has no `operation`",
                         near.empty() ? "write an API operation name such as \"Decrypt\"" : "did you mean `" + near + "`?");
    }
    void context(Value const& c, std::string const& pointer) {
        if (!c.is(Kind::object)) {
            w.problems.error(c, pointer, "scenario.type", "`context` must be an object", "write {\"aws:SourceIp\": \"192.0.2.1\"}");
            return;
        }
        for (auto const& m : c.items) {
            bool list_of_strings = m.is(Kind::array) && std::all_of(m.items.begin(), m.items.end(), [](auto const& v) { return v.is(Kind::string); });
            if (list_of_strings || m.is(Kind::string) || m.is(Kind::number) || m.is(Kind::boolean)) continue;
            w.problems.error(m, pointer + pointer_step(m.key), "request.contextValue", "a context value is a string, a number, a boolean or a list of strings", "correct the value of `" + m.key + "`");
        }
    }
    static bool is_time(std::string_view t) {
        std::string_view form = "dddd-dd-ddTdd:dd:dd";
        if (t.size() < 20 || t.back() != 'Z') return false;
        for (std::size_t i = 0; i < form.size(); ++i)
            if (form[i] == 'd' ? t[i] < '0' || t[i] > '9' : t[i] != form[i]) return false;
        return t.size() == 20 || (t[19] == '.' && all_digits(t.substr(20, t.size() - 21)));
    }
    void readings(Value const& r) {
        if (!r.is(Kind::object)) {
            w.problems.error(r, "/readings", "scenario.type", "`readings` must be an object", "write {\"A-1\": \"limited\"}");
            return;
        }
        for (auto const& m : r.items) {
            auto const& all = ambiguities();
            auto found = std::find_if(all.begin(), all.end(), [&](auto const& a) { return a.id == m.key; });
            if (found != all.end() && std::find(found->readings.begin(), found->readings.end(), m.text) != found->readings.end()) {
                w.readings.choose(found->id, m.text);
                continue;
            }
            std::string names;
            if (found == all.end())
                for (auto const& a : all) names += (names.empty() ? "" : ", ") + std::string(a.id);
            else
                for (auto name : found->readings) names += (names.empty() ? "" : ", ") + std::string(name);
            w.problems.key(m, "/readings" + pointer_step(m.key), "scenario.reading", found == all.end() ? "`" + m.key + "` is no ambiguity with a choice of readings" : "`" + m.text + "` is no reading of " + m.key, "choose one of: " + names);
        }
    }

    void scenario() {
        auto& root = w.root;
        if (!object(root, "", {"scenario", "title", "description", "tags", "rules", "keys", "principals", "accounts", "vpcEndpoints", "consistency", "readings", "steps"}, "a scenario")) return;
        auto const* version = root.find("scenario");
        if (!version || version->text != "1" || !version->is(Kind::number))
            w.problems.error(version ? *version : root, "/scenario", "scenario.version", "this is no scenario of format version 1", "begin it with \"scenario\": 1");
        list(root, "", "keys", [&](Value& k, std::string const& p) { key(k, p); });
        list(root, "", "principals", [&](Value& k, std::string const& p) { principal(k, p); });
        list(root, "", "accounts", [&](Value& a, std::string const& p) { account(a, p); });
        list(root, "", "vpcEndpoints", [&](Value& e, std::string const& p) { endpoint(e, p); });
        if (auto const* v = root.find("consistency"); v && v->text != "immediate" && v->text != "eventual")
            w.problems.error(*v, "/consistency", "scenario.consistency", "`consistency` is \"immediate\" or \"eventual\"", "correct it");
        w.readings = {};
        if (auto const* v = root.find("readings")) readings(*v);
        std::vector<std::string> ids;
        list(root, "", "steps", [&](Value& s, std::string const& p) { step(s, p, ids); });
    }
};
}    // namespace

World read_world_value(Value scenario, Texts texts, Problems problems) {
    World w;
    w.root = std::move(scenario);
    w.texts = std::move(texts);
    w.problems = std::move(problems);
    Reader{w}.scenario();
    return w;
}

void check_world(World& w) {
    w.problems = {};
    w.indexed_grants.clear();
    Reader{w}.scenario();
}

void check_request(World& w, Value& request, std::string const& pointer) { Reader{w}.request(request, pointer); }
void check_grant_list(World& w, Value& grants, std::string const& pointer) { Reader{w}.grants(grants, "", pointer); }
void check_step(World& w, Value& step, std::string const& pointer) {
    std::vector<std::string> ids;
    Reader{w}.step(step, pointer, ids);
}


namespace {
// Forgets what was found in the document at `pointer`.
void forget(World& w, std::string const& pointer) {
    auto& all = w.problems.all;
    all.erase(std::remove_if(all.begin(), all.end(), [&](auto const& d) { return d.pointer.compare(0, pointer.size(), pointer) == 0 && (d.pointer.size() == pointer.size() || d.pointer[pointer.size()] == '/'); }), all.end());
}
std::string first_steps(std::vector<std::string> const& steps, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += pointer_step(steps[i]);
    return out;
}
}    // namespace

// A change inside one document leaves the others as they were read.
void check_change(World& w, std::string const& pointer) {
    auto steps = split_pointer(pointer);
    auto unit = [&](std::size_t count) {
        auto at = first_steps(steps, count);
        forget(w, at);
        return std::pair(find_pointer(w.root, at), at);
    };
    bool in_key = steps.size() >= 3 && steps[0] == "keys", in_principal = steps.size() >= 3 && steps[0] == "principals";
    if (in_key && steps[2] == "policy") {
        auto [document, at] = unit(3);
        if (document) Reader{w}.policy(*document, PolicyType::keyPolicy, at, find_pointer(w.root, first_steps(steps, 2) + "/metadata"));
    } else if (in_key && steps[2] == "grants") {
        w.indexed_grants.clear();
        auto const* metadata = find_pointer(w.root, first_steps(steps, 2) + "/metadata");
        auto arn = metadata ? std::string(metadata->string_or("Arn")) : std::string();
        auto* list = find_pointer(w.root, first_steps(steps, 3));
        if (steps.size() >= 4 && list && list->is(Kind::array) && !list->items.empty()) {
            auto index = steps[3] == "-" ? list->items.size() - 1 : std::strtoull(steps[3].c_str(), nullptr, 10);
            forget(w, first_steps(steps, 3) + "/" + std::to_string(index));
            if (index < list->items.size()) Reader{w}.grant(list->items[index], index, arn, first_steps(steps, 3));
        } else {
            auto [document, at] = unit(3);
            if (document) Reader{w}.grants(*document, arn, at);
        }
    } else if (in_key && steps[2] == "metadata" && steps.size() == 4 && steps[3] != "Arn") {
        auto [value, at] = unit(4);
        if (auto* metadata = find_pointer(w.root, first_steps(steps, 3))) {
            forget(w, first_steps(steps, 3));
            Reader{w}.states(*metadata, first_steps(steps, 3));
        }
    } else if (in_principal && steps[2] == "identityPolicies" && steps.size() >= 4 && steps[3] != "-") {
        auto [entry, at] = unit(4);
        if (entry) Reader{w}.named_policy(*entry, PolicyType::identityPolicy, at);
    } else if (in_principal && steps[2] == "permissionsBoundary") {
        auto [entry, at] = unit(3);
        if (entry) Reader{w}.named_policy(*entry, PolicyType::permissionsBoundary, at);
    } else {
        check_world(w);
    }
}

}    // namespace kms
