#include "import/import.hpp"

#include <algorithm>
#include <map>

#include "import/requests.hpp"

namespace kms {

namespace {
/// One pasted text and what it was recognised as.
struct Input {
    std::size_t index = 0;
    std::string kind, text;
    Value value;
    std::string pointer() const { return "/" + std::to_string(index); }
};

// The shapes of AWS command outputs, by the member that only they have.
std::string recognise(Value const& v) {
    if (!v.is(Kind::object)) return v.is(Kind::array) && !v.items.empty() && v.items[0].find("GrantId") ? "grants" : "";
    static constexpr std::pair<std::string_view, std::string_view> marks[] = {
        {"scenario", "scenario"},   {"Grants", "grants"},           {"KeyMetadata", "describeKey"}, {"Aliases", "aliases"},  {"Tags", "tags"}, {"Role", "role"}, {"User", "user"},
        {"RoleDetailList", "accountDetails"}, {"PolicyVersion", "policyVersion"}, {"PolicyDocument", "inlinePolicy"}, {"Records", "cloudTrail"}, {"eventSource", "cloudTrail"}};
    if (auto const* policy = v.find("Policy"); policy && !v.find("Statement")) return policy->find("PolicySummary") ? "organizationPolicy" : "keyPolicy";
    for (auto const& [mark, kind] : marks)
        if (v.find(mark)) return std::string(kind);
    auto const* statements = v.find("Statement");
    if (!statements) return v.find("GrantId") ? "grant" : "";
    auto const& first = statements->is(Kind::array) && !statements->items.empty() ? statements->items[0] : *statements;
    return first.find("Principal") || first.find("NotPrincipal") ? "keyPolicy" : "identityPolicy";
}

std::string url_decoded(std::string_view text) {
    std::string out;
    auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        out += escape ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        if (escape) i += 2;
    }
    return out;
}

struct Importer {
    World w{};    // for its texts and problems
    std::vector<Input> inputs{};
    Value keys = Value::array(), principals = Value::array(), steps = Value::array(), placed = Value::array();
    std::optional<Value> whole{};

    void place(Input const& in, std::string pointer) {
        auto v = Value::object();
        v.set("input", Value::num(in.index));
        v.set("kind", in.kind);
        v.set("pointer", pointer);
        placed.push(std::move(v));
    }
    Diagnostic& say(Severity severity, Input const& in, char const* code, std::string message, std::string help) {
        auto& d = w.problems.at(severity, in.value, in.pointer(), code, std::move(message), std::move(help));
        d.params.set("input", Value::num(in.index));
        d.params.set("kind", in.kind);
        return d;
    }

    std::pair<Value*, std::string> key(std::string_view arn) {
        for (std::size_t i = 0; i < keys.items.size(); ++i)
            if (keys.items[i].find("metadata")->string_or("Arn") == arn) return {&keys.items[i], "/keys/" + std::to_string(i)};
        auto k = Value::object();
        auto metadata = Value::object();
        metadata.set("Arn", arn);
        k.set("metadata", std::move(metadata));
        return {&keys.push(std::move(k)), "/keys/" + std::to_string(keys.items.size() - 1)};
    }
    std::pair<Value*, std::string> principal(std::string_view arn) {
        for (std::size_t i = 0; i < principals.items.size(); ++i)
            if (principals.items[i].string_or("arn") == arn) return {&principals.items[i], "/principals/" + std::to_string(i)};
        auto p = Value::object();
        p.set("arn", arn);
        return {&principals.push(std::move(p)), "/principals/" + std::to_string(principals.items.size() - 1)};
    }
    static Value& member(Value& parent, std::string_view name, Value otherwise) {
        if (auto* there = parent.find(name)) return *there;
        return parent.set(name, std::move(otherwise));
    }
    static std::string document_text(Value const& v) {    // the API prints policies escaped for URLs, the CLI as objects
        return v.text.compare(0, 3, "%7B") == 0 ? url_decoded(v.text) : v.text;
    }
    static void add_policy(Value& owner, std::string_view name, Value document) {
        auto entry = Value::object();
        entry.set("name", name);
        if (document.is(Kind::string)) document = Value::str(document_text(document));
        entry.set("document", std::move(document));
        member(owner, "identityPolicies", Value::array()).push(std::move(entry));
    }

    std::string account() const {
        for (auto const& k : keys.items) return std::string(parse_arn(k.find("metadata")->string_or("Arn")).account);
        for (auto const& p : principals.items) return std::string(parse_arn(p.string_or("arn")).account);
        return {};
    }

    std::map<std::string, Value> placed_grants{};    ///< by key and id; the values say nothing
    void grants(Input& in, Value const& list) {
        std::vector<std::string> pointers;
        for (auto const& g : list.items) {
            auto arn = std::string(g.string_or("KeyId"));
            if (!parse_arn(arn).valid) {
                auto known = std::find_if(keys.items.begin(), keys.items.end(), [&](auto const& k) {
                    auto text = k.find("metadata")->string_or("Arn");
                    return text.substr(text.rfind('/') + 1) == arn;
                });
                arn = known != keys.items.end() ? std::string(known->find("metadata")->string_or("Arn")) : std::string();
            }
            if (arn.empty()) {
                say(Severity::warning, in, "import.grantKey", "a grant does not say by ARN which key it is on", "add the output of `aws kms describe-key`");
                continue;
            }
            auto [k, pointer] = key(arn);
            auto& all = member(*k, "grants", Value::array());
            auto id = g.string_or("GrantId");
            auto name = arn + " " + std::string(id);
            bool twice = !id.empty() && placed_grants.find(name) != placed_grants.end();
            if (!twice) all.push(g);
            placed_grants[name] = {};
            if (std::find(pointers.begin(), pointers.end(), pointer) == pointers.end()) pointers.push_back(pointer);
        }
        for (auto const& p : pointers) place(in, p + "/grants");
    }

    /// What belongs to a key but does not name it, such as get-key-policy, goes to the only key.
    void on_the_key(Input& in, std::string_view field, Value value) {
        if (keys.items.size() == 1) {
            member(keys.items[0], field, Value{}) = with_key(std::move(value), field);
            return place(in, "/keys/0/" + std::string(field));
        }
        auto account_id = keys.items.empty() ? policy_account(value) : std::string();
        if (!account_id.empty()) {
            auto arn = "arn:aws:kms:us-east-1:" + account_id + ":key/00000000-0000-0000-0000-000000000000";
            say(Severity::warning, in, "import.keyUnknown", "this does not say which key it is of; it was given to a key made up for it", "add the output of `aws kms describe-key`, or correct the key's ARN").params.set("key", arn);
            auto [k, pointer] = key(arn);
            member(*k, field, Value{}) = with_key(std::move(value), field);
            return place(in, pointer + "/" + std::string(field));
        }
        say(Severity::error, in, "import.whichKey", keys.items.empty() ? "this does not say which key it is of, and nothing else does" : "this does not say which of the keys it is of", "add the output of `aws kms describe-key`, or paste one key's documents at a time");
    }
    static Value with_key(Value v, std::string_view field) {
        v.key = std::string(field);
        return v;
    }
    static std::string policy_account(Value const& v) {    // the account named in a key policy's principals
        if (v.is(Kind::string)) {
            for (std::size_t at = v.text.find(":iam::"); at != std::string::npos; at = v.text.find(":iam::", at + 1))
                if (auto id = v.text.substr(at + 6, 12); id.size() == 12 && all_digits(id)) return id;
            return {};
        }
        for (auto const& item : v.items)
            if (auto id = policy_account(item); !id.empty()) return id;
        return {};
    }

    void entity(Input& in, Value const& e, char const* id_field) {
        auto arn = std::string(e.string_or("Arn"));
        if (arn.empty()) {
            say(Severity::error, in, "import.noArn", "this has no Arn", "paste the whole output");
            return;
        }
        auto [p, pointer] = principal(arn);
        if (auto id = e.string_or(id_field); !id.empty()) p->set("uniqueId", Value::str(id));
        if (auto const* tags = e.find("Tags")) p->set("tags", *tags);
        if (auto const* boundary = e.find("PermissionsBoundary")) boundaries.push_back({in.index, arn, std::string(boundary->string_or("PermissionsBoundaryArn"))});
        place(in, pointer);
    }
    struct Boundary {
        std::size_t input;
        std::string principal, policy;
    };
    std::vector<Boundary> boundaries{};

    void inline_policy(Input& in) {
        auto const& v = in.value;
        bool role = v.find("RoleName") != nullptr;
        auto name = std::string(v.string_or(role ? "RoleName" : "UserName"));
        if (name.empty()) {
            say(Severity::error, in, "import.whichPrincipal", "this policy does not say whose it is", "paste the output of `aws iam get-role-policy` or `get-user-policy` whole");
            return;
        }
        auto suffix = "/" + name;
        std::string arn;
        for (auto const& p : principals.items) {
            auto text = std::string(p.string_or("arn"));
            if (text.size() > suffix.size() && text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0 && (text.find(":role/") != std::string::npos) == role) arn = text;
        }
        if (arn.empty()) {
            auto id = account();
            if (id.empty()) {
                say(Severity::error, in, "import.whichAccount", "nothing says which account `" + name + "` is in", std::string("add the output of `aws iam ") + (role ? "get-role`" : "get-user`"));
                return;
            }
            arn = "arn:aws:iam::" + id + (role ? ":role/" : ":user/") + name;
        }
        auto [p, pointer] = principal(arn);
        add_policy(*p, v.string_or("PolicyName"), *v.find("PolicyDocument"));
        place(in, pointer + "/identityPolicies/" + std::to_string(p->find("identityPolicies")->items.size() - 1));
    }

    void loose_policy(Input& in, Value document, std::string const& name) {
        if (principals.items.size() == 1) {
            add_policy(principals.items[0], name, std::move(document));
            return place(in, "/principals/0/identityPolicies/" + std::to_string(principals.items[0].find("identityPolicies")->items.size() - 1));
        }
        say(Severity::error, in, "import.whichPrincipal", principals.items.empty() ? "this policy does not say whose it is, and no user or role is known" : "this policy does not say which of the principals it belongs to",
            "add the output of `aws iam get-role`, or paste one principal's policies at a time");
    }

    void account_details(Input& in) {
        auto const* managed = in.value.find("Policies");
        auto document = [&](std::string_view arn) -> Value const* {
            if (!managed) return nullptr;
            for (auto const& p : managed->items)
                if (p.string_or("Arn") == arn)
                    if (auto const* versions = p.find("PolicyVersionList"))
                        for (auto const& v : versions->items)
                            if (auto const* chosen = v.find("IsDefaultVersion"); chosen && chosen->text == "true") return v.find("Document");
            return nullptr;
        };
        auto attach = [&](Value& owner, Value const& from) {
            auto const* attached = from.find("AttachedManagedPolicies");
            for (auto const& a : attached ? attached->items : std::vector<Value>()) {
                if (auto const* d = document(a.string_or("PolicyArn"))) add_policy(owner, a.string_or("PolicyName"), *d);
                else say(Severity::warning, in, "import.policyMissing", "the attached policy " + std::string(a.string_or("PolicyArn")) + " is not in the output", "run get-account-authorization-details without a filter");
            }
        };
        for (auto const& [list, id, inline_list] : {std::tuple("RoleDetailList", "RoleId", "RolePolicyList"), std::tuple("UserDetailList", "UserId", "UserPolicyList")}) {
            auto const* all = in.value.find(list);
            for (auto const& e : all ? all->items : std::vector<Value>()) {
                entity(in, e, id);
                auto* p = principal(e.string_or("Arn")).first;
                auto const* own = e.find(inline_list);
                for (auto const& one : own ? own->items : std::vector<Value>())
                    if (one.find("PolicyDocument")) add_policy(*p, one.string_or("PolicyName"), *one.find("PolicyDocument"));
                attach(*p, e);
                groups(in, *p, e, attach);
            }
        }
        for (auto& b : boundaries)
            if (auto const* d = document(b.policy)) {
                auto entry = Value::object();
                entry.set("name", b.policy.substr(b.policy.rfind('/') + 1));
                entry.set("document", d->is(Kind::string) ? Value::str(document_text(*d)) : *d);
                principal(b.principal).first->set("permissionsBoundary", std::move(entry));
                b.policy.clear();
            }
    }
    template <class F>
    void groups(Input& in, Value& user, Value const& from, F attach) {    // IL:E-27
        auto const* names = from.find("GroupList");
        auto const* all = in.value.find("GroupDetailList");
        if (!names || !all) return;
        for (auto const& name : names->items)
            for (auto const& group : all->items) {
                if (group.string_or("GroupName") != name.text) continue;
                auto const* own = group.find("GroupPolicyList");
                for (auto const& one : own ? own->items : std::vector<Value>())
                    if (one.find("PolicyDocument")) add_policy(user, one.string_or("PolicyName"), *one.find("PolicyDocument"));
                attach(user, group);
            }
    }

    void add_step(Input& in, Value request, std::string title) {
        auto s = Value::object();
        s.set("id", "request-" + std::to_string(steps.items.size() + 1));
        s.set("title", title);
        s.set("request", std::move(request));
        steps.push(std::move(s));
        place(in, "/steps/" + std::to_string(steps.items.size() - 1));
    }

    void ask(Input& in, FoundRequest found) {
        for (auto& note : found.notes) {
            auto& d = say(note.severity, in, note.code.c_str(), std::move(note.message), std::move(note.help));
            for (auto const& p : note.params.items) d.params.set(p.key, p);
        }
        if (!found.request) return;
        known_key(*found.request);
        add_step(in, std::move(*found.request), std::move(found.title));
    }
    void known_key(Value const& request) {
        auto const* parameters = request.find("parameters");
        auto arn = parameters ? parse_arn(parameters->string_or("KeyId")) : Arn{};
        if (arn.valid && arn.resource.substr(0, 4) == "key/") key(parameters->string_or("KeyId"));
    }

    /// "{account-id}" or "<key-id>", as published documents have them; "${…}" is a policy variable.
    void placeholders(Input const& in) {
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < in.text.size(); ++i) {
            char open = in.text[i];
            if ((open != '{' && open != '<') || (i > 0 && in.text[i - 1] == '$')) continue;
            auto end = in.text.find(open == '{' ? '}' : '>', i);
            if (end == std::string::npos || end - i > 60 || end == i + 1) continue;
            auto name = in.text.substr(i, end - i + 1);
            bool plain = std::all_of(name.begin() + 1, name.end() - 1, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ' '; });
            if (!plain || all_digits(name.substr(1, name.size() - 2)) || std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
            seen.push_back(name);
            say(Severity::warning, in, "import.placeholder", "`" + name + "` is a placeholder to be filled in", "replace it everywhere by your own value").params.set("placeholder", name);
        }
    }

    // The session tells its role's name, its issuer the role's path as well.
    void event(Input& in, Value const& e) {
        ask(in, request_of_event(e));
        auto const* issuer = find_pointer(e, "/userIdentity/sessionContext/sessionIssuer");
        auto arn = parse_arn(issuer ? issuer->string_or("arn") : std::string_view());
        if (arn.valid && arn.resource.substr(0, 5) == "role/" && arn.resource.find('/', 5) != std::string_view::npos) place(in, principal(issuer->string_or("arn")).second);
    }

    void sort_out(Input& in) {
        auto& v = in.value;
        if (in.kind == "scenario") whole = v;
        else if (in.kind == "describeKey") {
            auto [k, pointer] = key(v.find("KeyMetadata")->string_or("Arn"));
            auto metadata = *v.find("KeyMetadata");
            k->set("metadata", std::move(metadata));
            place(in, pointer + "/metadata");
        } else if (in.kind == "grants") grants(in, v.is(Kind::array) ? v : *v.find("Grants"));
        else if (in.kind == "grant") {
            auto list = Value::array();
            list.push(v);
            grants(in, list);
        } else if (in.kind == "role") entity(in, *v.find("Role"), "RoleId");
        else if (in.kind == "user") entity(in, *v.find("User"), "UserId");
        else if (in.kind == "accountDetails") account_details(in);
        else if (in.kind == "cloudTrail") {
            if (auto const* records = v.find("Records")) {
                for (auto const& e : records->items) event(in, e);
            } else {
                event(in, v);
            }
        } else if (in.kind == "accessDenied") ask(in, request_of_message(in.text));
        else if (in.kind == "aliases") aliases(in);
        else if (in.kind == "tags") on_the_key(in, "tags", *v.find("Tags"));
        else if (in.kind == "keyPolicy") on_the_key(in, "policy", v.find("Statement") ? v : *v.find("Policy"));
        else if (in.kind == "inlinePolicy") inline_policy(in);
        else if (in.kind == "policyVersion") loose_policy(in, v.find("PolicyVersion")->find("Document") ? *v.find("PolicyVersion")->find("Document") : Value::object(), std::string(v.find("PolicyVersion")->string_or("VersionId", "v1")));
        else if (in.kind == "identityPolicy") loose_policy(in, v, "pasted policy");
    }
    void aliases(Input& in) {
        for (auto const& a : in.value.find("Aliases")->items) {
            auto id = a.string_or("TargetKeyId");
            for (std::size_t i = 0; i < keys.items.size(); ++i) {
                auto arn = keys.items[i].find("metadata")->string_or("Arn");
                if (id.empty() || arn.substr(arn.rfind('/') + 1) != id) continue;
                member(keys.items[i], "aliases", Value::array()).push(Value::str(a.string_or("AliasName")));
                place(in, "/keys/" + std::to_string(i) + "/aliases");
            }
        }
    }

    void read(std::size_t index, std::string const& text) {
        Input in;
        in.index = index;
        in.text = text;
        auto doc = w.texts.add(in.pointer(), text);
        auto parsed = parse_json(text, doc);
        if (parsed.problems.empty()) {
            in.value = std::move(parsed.value);
            in.kind = recognise(in.value);
        } else if (text.find(" is not authorized to perform: ") != std::string::npos) {
            in.kind = "accessDenied";
            in.value.doc = doc;
            in.value.end = static_cast<std::uint32_t>(text.size());
        } else {
            for (auto const& p : parsed.problems) w.problems.json(p, doc, in.pointer());
            return;
        }
        if (in.kind.empty()) {
            say(Severity::error, in, "import.unknown", "this is no AWS output that can be placed", "paste the output of list-grants, get-key-policy, describe-key, get-role, get-role-policy, a policy, a CloudTrail event or an AccessDenied message");
            return;
        }
        if (in.kind == "organizationPolicy") {
            say(Severity::error, in, "import.organizationPolicy", "this policy of AWS Organizations does not say for which account it counts", "add its `Content` as a service control or resource control policy of that account");
            return;
        }
        placeholders(in);
        inputs.push_back(std::move(in));
    }

    Value run(std::vector<std::string> const& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) read(i, texts[i]);
        // what names its key or principal first, then what must be given to one
        static constexpr std::string_view order[] = {"scenario", "describeKey", "role", "user", "accountDetails", "grants", "grant", "cloudTrail", "accessDenied", "keyPolicy", "aliases", "tags", "inlinePolicy", "policyVersion", "identityPolicy"};
        for (auto kind : order)
            for (auto& in : inputs)
                if (in.kind == kind) sort_out(in);
        for (auto& in : inputs)    // an empty list names no key
            if (in.kind == "grants" && in.value.find("Grants") && in.value.find("Grants")->items.empty() && !keys.items.empty()) on_the_key(in, "grants", Value::array());
        for (auto const& b : boundaries)
            if (!b.policy.empty()) say(Severity::warning, *std::find_if(inputs.begin(), inputs.end(), [&](auto const& in) { return in.index == b.input; }), "import.boundaryMissing", "the permissions boundary " + b.policy + " of " + b.principal + " is not among the texts", "add its document under `permissionsBoundary`");
        auto answer = Value::object();
        answer.set("scenario", scenario());
        auto diagnostics = Value::array();
        for (auto const& d : w.problems.all) diagnostics.push(write_diagnostic(d, w.texts));
        answer.set("diagnostics", std::move(diagnostics));
        answer.set("placed", std::move(placed));
        return answer;
    }
    Value scenario() {
        if (whole) return *whole;
        auto s = Value::object();
        s.set("scenario", Value::num(1));
        s.set("keys", std::move(keys));
        if (!principals.items.empty()) s.set("principals", std::move(principals));
        s.set("steps", std::move(steps));
        return s;
    }
};
}    // namespace

Value import_texts(std::vector<std::string> const& texts) { return Importer{}.run(texts); }

}    // namespace kms
