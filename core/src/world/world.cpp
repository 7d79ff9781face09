#include "world/world.hpp"

#include <algorithm>

#include "catalog/operations.hpp"

namespace kms {

World read_world(std::string_view text) {
    Texts texts;
    Problems problems;
    auto doc = texts.add("", std::string(text));
    auto parsed = parse_json(texts.text(doc), doc);
    for (auto const& p : parsed.problems) problems.json(p, doc, "");
    if (!parsed.problems.empty()) {
        World broken;
        broken.texts = std::move(texts);
        broken.problems = std::move(problems);
        return broken;
    }
    return read_world_value(std::move(parsed.value), std::move(texts), std::move(problems));
}

void set_at(World& w, std::string const& pointer, Value value, Problems& faults) {
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
        faults.error(value, pointer, "scenario.pointer", "`" + pointer + "` names nothing in this scenario", "check the pointer against the world");
        return;
    }
    check_change(w, pointer);
}

void remove_at(World& w, std::string const& pointer, Value const& where, Problems& faults) {
    auto* parent = find_pointer(w.root, pointer.substr(0, pointer.rfind('/')));
    auto* at = find_pointer(w.root, pointer);
    if (!parent || !at || parent == at) {
        faults.error(where, pointer, "scenario.pointer", "`" + pointer + "` names nothing in this scenario", "check the pointer against the world");
        return;
    }
    parent->items.erase(parent->items.begin() + (at - parent->items.data()));
    auto list = pointer.substr(0, pointer.rfind('/'));
    w.indexed_grants.clear();
    bool grant = list.size() > 7 && list.compare(list.size() - 7, 7, "/grants") == 0;
    if (!grant || w.problems.any_under(list)) check_world(w);    // the places of later grants have moved
}

GrantIndex const& World::grants_of(KeyRef const& key) const {
    if (indexed_grants.size() <= key.index) indexed_grants.resize(key.index + 1);
    auto& index = indexed_grants[key.index];
    auto const* list = key.value->find("grants");
    if (!index.made() && list && list->is(Kind::array)) index = {*list, key.arn};
    return index;
}

std::string World::make_id(std::string_view what) { return derived_hex(std::string(what) + "#" + std::to_string(++made)); }

namespace {
// Every string in `v` that names the entity becomes its old unique id.
void orphan(Value& v, std::string const& arn, std::string const& id) {
    if (v.is(Kind::string) && v.text == arn) v.text = id;
    for (auto& item : v.items) orphan(item, arn, id);
}
void orphan_in_policy(Value& policy, std::string const& arn, std::string const& id) {
    auto* statements = policy.find("Statement");
    if (!statements) return;
    auto one = [&](Value& s) {
        for (char const* name : {"Principal", "NotPrincipal"})
            if (auto* p = s.find(name)) orphan(*p, arn, id);
    };
    if (statements->is(Kind::array))
        for (auto& s : statements->items) one(s);
    else
        one(*statements);
}
void orphan_in_grant(Value& grant, std::string const& arn, std::string const& role_name, std::string_view account, std::string const& id) {
    for (char const* name : {"GranteePrincipal", "RetiringPrincipal"}) {
        auto* p = grant.find(name);
        if (!p) continue;
        auto session = ":sts::" + std::string(account) + ":assumed-role/" + role_name + "/";
        auto at = role_name.empty() ? std::string::npos : p->text.find(session);
        if (p->text == arn) p->text = id;
        else if (at != std::string::npos) p->text = id + ":" + p->text.substr(at + session.size());
    }
}
}    // namespace

void recreate(World& w, std::string const& arn_text, Value const& where, Problems& faults) {
    auto arn = parse_arn(arn_text);
    bool role = arn.valid && arn.service == "iam" && arn.resource.substr(0, 5) == "role/", user = arn.valid && arn.service == "iam" && arn.resource.substr(0, 5) == "user/";
    if (!role && !user) {
        faults.error(where, "", "scenario.recreate", "only a user or a role can be recreated", "write arn:aws:iam::ACCOUNT:role/NAME");
        return;
    }
    auto fresh_id = [&] {
        auto hex = w.make_id(arn_text);
        for (auto& c : hex) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        return (role ? "AROA" : "AIDA") + hex.substr(0, 17);
    };
    auto listed = find_entry(w, "principals", "arn", arn_text);
    auto old_id = listed.value ? std::string(listed.value->string_or("uniqueId")) : std::string();
    if (old_id.empty()) old_id = fresh_id();
    auto name = role ? std::string(arn.resource.substr(arn.resource.rfind('/') + 1)) : std::string();
    if (auto* keys = w.root.find("keys"))
        for (auto& k : keys->items) {
            if (auto* p = k.find("policy"); p && p->is(Kind::object)) orphan_in_policy(*p, arn_text, old_id);
            if (auto* g = k.find("grants"); g && g->is(Kind::array))
                for (auto& grant : g->items) orphan_in_grant(grant, arn_text, name, arn.account, old_id);
        }
    for (auto& f : w.former) orphan_in_grant(f.grant, arn_text, name, arn.account, old_id);
    auto entry = Value::object();
    entry.set("arn", arn_text);
    entry.set("uniqueId", fresh_id());
    if (listed.value) {
        *find_pointer(w.root, listed.pointer) = std::move(entry);
    } else {
        if (!w.root.find("principals")) w.root.set("principals", Value::array());
        w.root.find("principals")->push(std::move(entry));
    }
    check_world(w);
}

void propagate(World& w) {
    w.unpropagated.clear();
    w.former.clear();
}

Entry find_entry(World const& w, std::string_view list, std::string_view field, std::string_view value) {
    auto const* all = w.root.find(list);
    if (!all || !all->is(Kind::array)) return {};
    for (std::size_t i = 0; i < all->items.size(); ++i)
        if (all->items[i].string_or(field) == value) return {&all->items[i], "/" + std::string(list) + "/" + std::to_string(i)};
    return {};
}

bool is_service_linked(Caller const& c) {
    if (c.form != CallerForm::session) return false;
    if (!c.entity_pointer.empty()) return c.entity_arn.find(":role/aws-service-role/") != std::string::npos;
    return c.role_name.compare(0, 17, "AWSServiceRoleFor") == 0;
}

std::string KeyRef::usage() const { return metadata("KeyUsage", spec().compare(0, 5, "HMAC_") == 0 ? "GENERATE_VERIFY_MAC" : "ENCRYPT_DECRYPT"); }
bool KeyRef::multi_region() const {
    auto const* m = value->find("metadata")->find("MultiRegion");
    return m && m->text == "true";
}
std::optional<KeyRef> find_key(World const& w, std::string_view arn) {
    for (auto const& k : all_keys(w))
        if (k.arn == arn) return k;
    return {};
}

std::string KeyRef::metadata(std::string_view name, std::string_view otherwise) const {
    return std::string(value->find("metadata")->string_or(name, otherwise));
}

std::vector<KeyRef> all_keys(World const& w) {
    std::vector<KeyRef> out;
    if (auto const* keys = w.root.find("keys"); keys && keys->is(Kind::array))
        for (std::size_t i = 0; i < keys->items.size(); ++i) {
            auto const& k = keys->items[i];
            auto const* metadata = k.find("metadata");
            auto text = metadata ? std::string(metadata->string_or("Arn")) : std::string();
            auto arn = parse_arn(text);
            if (!arn.valid) continue;
            out.push_back({i, text, std::string(arn.account), std::string(arn.region), text.substr(text.rfind('/') + 1), "/keys/" + std::to_string(i), &k, ""});
        }
    return out;
}

std::optional<Caller> read_caller(World const& w, std::string_view principal, std::string_view session_of) {
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
        if (resource.size() == 15) return {};
        c.form = CallerForm::federatedUser;
        c.session_name = resource.substr(15);
        c.entity_arn = std::string(session_of);
    } else {
        return {};
    }
    if (auto const* all = w.root.find("principals"); all && all->is(Kind::array))
        for (std::size_t i = 0; i < all->items.size(); ++i) {
            auto const& p = all->items[i];
            auto text = p.string_or("arn");
            auto a = parse_arn(text);
            bool role = c.form == CallerForm::session && a.account == c.account && a.resource.substr(0, 5) == "role/" && a.resource.substr(a.resource.rfind('/') + 1) == c.role_name;
            bool user = (c.form == CallerForm::user || c.form == CallerForm::federatedUser) && text == c.entity_arn && !text.empty();
            if (!role && !user) continue;
            c.entity_arn = std::string(text);
            c.unique_id = std::string(p.string_or("uniqueId"));
            c.entity_pointer = "/principals/" + std::to_string(i);
            c.has_boundary = p.find("permissionsBoundary") != nullptr && !is_service_linked(c);
            c.deleted = p.find("deleted") && p.find("deleted")->text == "true";
        }
    return c;
}

}    // namespace kms
