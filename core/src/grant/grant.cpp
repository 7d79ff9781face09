#include "grant/grant.hpp"

#include <algorithm>

#include "catalog/operations.hpp"

namespace kms {

// G-20, G-21, G-24, L-15
bool constraint_holds(EncryptionContext const& expected, EncryptionContext const& actual, bool exact_set, KeyCase key_case, Difference& d) {
    auto same_name = [&](Pair const& a, Pair const& b) { return key_case == KeyCase::ignored ? equal_ignore_case(a.name, b.name) : a.name == b.name; };
    auto in = [&](EncryptionContext const& all, Pair const& pair) {
        return std::any_of(all.begin(), all.end(), [&](Pair const& other) { return same_name(other, pair) && other.value == pair.value; });
    };
    for (auto const& e : expected) {
        if (in(actual, e)) continue;
        auto found = std::find_if(actual.begin(), actual.end(), [&](Pair const& a) { return a.name == e.name; });
        if (found == actual.end()) found = std::find_if(actual.begin(), actual.end(), [&](Pair const& a) { return same_name(a, e); });
        if (found == actual.end()) d = {actual.empty() ? "noContext" : "missingKey", e.name, e.value, ""};
        else d = {equal_ignore_case(found->value, e.value) ? "valueCase" : "value", e.name, e.value, found->value};
        return false;
    }
    if (!exact_set) return true;
    auto named = [&](Pair const& a) { return std::any_of(expected.begin(), expected.end(), [&](Pair const& e) { return e.name == a.name; }); };
    for (auto const& a : actual)
        if (!in(expected, a) || (actual.size() > expected.size() && !named(a))) {
            d = {"extraKey", a.name, "", a.value};
            return false;
        }
    return actual.size() == expected.size();
}

namespace {
constexpr std::string_view equals = "EncryptionContextEquals", subset = "EncryptionContextSubset", source_arn = "SourceArn";

void check_constraints(Value const& c, std::string const& pointer, Problems& problems) {    // there are no others (G-32)
    if (!c.is(Kind::object)) {
        problems.error(c, pointer, "grant.type", "`Constraints` must be an object", "paste the entry as list-grants prints it");
        return;
    }
    if (c.find(equals) && c.find(subset))    // G-22
        problems.error(c, pointer, "grant.constraints", "a grant has only one of the two encryption context constraints", "keep one of them");
    for (auto const& m : c.items) {
        auto here = pointer + pointer_step(m.key);
        if (m.key == source_arn) {
            if (!m.is(Kind::string) || !source_arn_valid(m.text))    // G-29
                problems.error(m, here, "grant.sourceArn", "a `SourceArn` constraint is the ARN of one resource, with its account id", "write for example arn:aws:dynamodb:us-east-1:111122223333:table/Books");
        } else if (m.key != equals && m.key != subset) {
            problems.key(m, here, "grant.constraint", "`" + m.key + "` is not a grant constraint", "constraints are EncryptionContextEquals, EncryptionContextSubset and SourceArn");
        } else {
            auto wrong = std::find_if(m.items.begin(), m.items.end(), [](auto const& p) { return !p.is(Kind::string); });
            bool pair = m.is(Kind::object) && wrong != m.items.end();
            if (!m.is(Kind::object) || pair)
                problems.error(pair ? *wrong : m, pair ? here + pointer_step(wrong->key) : here, "grant.type", "an encryption context maps names to strings", "write {\"name\": \"value\"}");
        }
    }
}



Value map_of(EncryptionContext const& c) {
    auto v = Value::object();
    for (auto const& p : c) v.set(p.name, Value::str(p.value));
    return v;
}
}    // namespace

void check_grant(Value const& g, std::string const& key_arn, std::string const& pointer, Problems& problems) {
    if (!g.is(Kind::object)) {
        problems.error(g, pointer, "grant.type", "a grant is a JSON object", "paste the entry as list-grants prints it");
        return;
    }
    auto key_id = g.string_or("KeyId");
    if (key_id.empty()) {
        problems.error(g, pointer, "grant.missingKeyId", "the grant has no `KeyId`", "add the key's ARN");
    } else if (!key_arn.empty() && key_id != key_arn && key_id != std::string_view(key_arn).substr(key_arn.rfind('/') + 1)) {
        problems.at(Severity::warning, *g.find("KeyId"), pointer + "/KeyId", "grant.otherKey", "this grant belongs to another key, so it counts for nothing here", "paste it under that key, or correct the KeyId");
    }
    if (g.string_or("GranteePrincipal").empty() && g.string_or("GranteeServicePrincipal").empty())
        problems.error(g, pointer, "grant.missingGrantee", "the grant has no `GranteePrincipal`", "add it as list-grants prints it");
    auto const* operations = g.find("Operations");
    if (!operations || !operations->is(Kind::array) || operations->items.empty()) {
        problems.error(operations ? *operations : g, pointer, "grant.missingOperations", "the grant has no list of `Operations`", "add for example \"Operations\": [\"Decrypt\"]");
    } else {
        for (std::size_t i = 0; i < operations->items.size(); ++i) {
            auto const& o = operations->items[i];
            auto const* known = find_operation(o.text);
            if (o.is(Kind::string) && known && known->grantable()) continue;
            auto near = nearest(o.text, operation_names());
            problems.error(o, pointer + "/Operations/" + std::to_string(i), "grant.operation", "`" + o.text + "` is not a grant operation",
                           near.empty() || near == o.text ? "see the grant operations of CreateGrant" : "did you mean `" + near + "`?");
        }
    }
    if (auto const* c = g.find("Constraints")) check_constraints(*c, pointer + "/Constraints", problems);
}

EncryptionContext pairs_of(Value const* map) {
    EncryptionContext out;
    if (map)
        for (auto const& m : map->items) out.push_back({m.key, m.text});
    return out;
}

std::string issuing_account(Value const& grant, std::string_view key_account) {
    auto written = grant.string_or("IssuingAccount");
    auto arn = parse_arn(written);
    return std::string(arn.valid ? arn.account : written.empty() ? key_account : written);
}

NamedBy named_service(std::string_view service, Caller const& c) {    // P-22
    bool same = c.form == CallerForm::service && service == c.arn;
    return {same ? GrantNamed::directly : GrantNamed::no, "service", same ? "grantee.match" : "grantee.noMatch", "", "P-22"};
}

NamedBy named_in_grant(std::string_view principal, Caller const& c) {
    if (c.form == CallerForm::service) {    // P-23
        if (principal == c.arn) return {GrantNamed::directly, "service", "grantee.match", "P-23", "P-23"};
        return {GrantNamed::no, "", principal.substr(0, 4) == "arn:" ? "grantee.noMatch" : "grantee.service", "", "P-23"};
    }
    if (principal.substr(0, 4) == "AROA" || principal.substr(0, 4) == "AIDA") {    // P-25, L-09
        auto colon = principal.find(':');
        bool session = colon == std::string_view::npos || principal.substr(colon + 1) == c.session_name;
        bool mine = !c.unique_id.empty() && principal.substr(0, colon) == c.unique_id;
        if (mine && session && c.form != CallerForm::federatedUser)
            return {GrantNamed::directly, colon != std::string_view::npos ? "session" : c.form == CallerForm::user ? "user" : "role", "grantee.match", "", "P-25"};
        return {GrantNamed::no, "", "grantee.orphaned", "", "P-25"};
    }
    auto arn = parse_arn(principal);
    if (!arn.valid) return {GrantNamed::no, "", "grantee.service", "", "P-23"};
    if (arn.account == c.account && arn.service == "iam" && arn.resource == "root") return {GrantNamed::account, "account", "grantee.match", "", "A-4"};
    if (principal == c.arn)    // whoever chose that session name (P-28, L-04, L-08)
        return {GrantNamed::directly, c.form == CallerForm::session ? "session" : c.form == CallerForm::federatedUser ? "federatedUser" : "user", "grantee.match", "", c.form == CallerForm::session ? "P-27" : "P-29"};
    if (is_role_of(c, principal)) return {GrantNamed::directly, "role", "grantee.match", "", "P-26"};
    auto prefix = "assumed-role/" + c.role_name + "/";
    bool other_session = c.form == CallerForm::session && arn.service == "sts" && arn.account == c.account && arn.resource.substr(0, prefix.size()) == prefix;
    return {GrantNamed::no, "", other_session ? "grantee.otherSession" : "grantee.noMatch", "", other_session ? "P-27" : "P-20"};
}

namespace {
// Whoever a grantee may name has one of its marks: an account, a role by account and name, anybody where a unique id has no name, or the text itself.
std::uint32_t mark(std::string_view account, std::string_view name) {
    std::uint32_t h = 0x811c9dc5U;
    for (auto part : {account, std::string_view("/"), name})
        for (char c : part) h = (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
    return h;
}

std::uint32_t mark_of(std::string_view grantee) {
    if (grantee.substr(0, 4) == "AROA" || grantee.substr(0, 4) == "AIDA") return mark({}, {});    // P-25
    auto arn = parse_arn(grantee);
    auto slash = arn.resource.find('/');
    auto kind = arn.resource.substr(0, slash);
    if (arn.resource == "root") return mark(arn.account, {});
    if (kind == "role") return mark(arn.account, arn.resource.substr(arn.resource.rfind('/') + 1));    // its path may be unknown (P-26)
    if (kind == "assumed-role" && slash != std::string_view::npos) return mark(arn.account, arn.resource.substr(slash + 1, arn.resource.find('/', slash + 1) - slash - 1));
    return mark({}, grantee);
}
}    // namespace

GrantIndex::GrantIndex(Value const& list, std::string_view key_arn) {
    std::size_t chains = 1;
    while (chains < list.items.size()) chains *= 2;
    first_ = std::vector<std::uint32_t>(chains);
    next_ = std::vector<std::uint32_t>(list.items.size());
    for (auto i = list.items.size(); i-- > 0;) {    // from the end, so that chains ascend
        auto const& g = list.items[i];
        auto of = g.string_or("KeyId");
        if (of != key_arn && of != key_arn.substr(key_arn.rfind('/') + 1)) continue;    // G-01
        auto const* service = g.find("GranteeServicePrincipal");
        auto& first = first_[mark_of(service ? std::string_view(service->text) : g.string_or("GranteePrincipal")) % chains];
        next_[i] = first;
        first = static_cast<std::uint32_t>(i + 1);
        ++size_;
    }
}

GrantIndex::Next GrantIndex::concerning(Caller const& c) const {
    auto first = [&](std::string_view account, std::string_view name) { return made() ? first_[mark(account, name) % first_.size()] : 0; };
    return {first({}, {}), first({}, c.arn), first(c.account, {}), first(c.account, c.role_name)};
}

std::uint32_t GrantIndex::take(Next& next) const {
    std::uint32_t least = 0;
    for (auto n : next)
        if (n != 0 && (least == 0 || n < least)) least = n;
    for (auto& n : next)
        if (n != 0 && n == least) n = next_[n - 1];
    return least;
}

bool source_arn_valid(std::string_view text) {
    auto arn = parse_arn(text);
    return text.size() >= 20 && text.size() <= 512 && arn.valid && !arn.service.empty() && arn.account.size() == 12 && all_digits(arn.account) && !arn.resource.empty();
}

namespace {
struct Matching {
    Value const& g;
    std::string const& pointer;
    GrantAsk const& ask;
    Texts const& texts;
    GrantMatch out{};
    Value tests = Value::array();
    std::string reason{}, rule{};
    Value params{};
    std::vector<std::string> flips{};    // ambiguities that alone would turn the one test they stand in
    int failed = 0;

    bool test(std::string_view element, bool yes, std::string_view why, Value p, std::string_view r, std::string const& where, Value const* value) {
        tests.push(trace_test(element, yes, why, p, r, pointer + where, value, texts));
        failed += yes ? 0 : 1;
        if (!yes && reason.empty()) {
            reason = std::string(why);
            rule = std::string(r);
            params = std::move(p);
        }
        return yes;
    }
    // A failing test that another reading would pass, or the other way round.
    void hinges(std::string_view ambiguity, bool passes) {
        flips.emplace_back(ambiguity);
        flipped_failures.push_back(passes ? 0 : 1);
    }
    std::vector<int> flipped_failures{};

    bool grantee() {
        auto const* field = g.find("GranteePrincipal");
        auto const* service = g.find("GranteeServicePrincipal");
        auto const* used = service ? service : field;
        auto by = service ? named_service(service->text, ask.policy.caller) : named_in_grant(field ? field->text : "", ask.policy.caller);
        bool displayed = by.assumption == "P-23";
        bool yes = by.named != GrantNamed::no;
        out.named = by.named;
        out.form = by.form;
        out.concerns_caller = yes || by.reason == "grantee.otherSession" || by.reason == "grantee.orphaned";
        if (displayed) {
            yes = ask.readings.is("P-23", "matches");
            hinges("P-23", yes);
        }
        if (!out.concerns_caller) return false;
        auto who = params_of({{"expected", Value::str(used->text)}, {"actual", Value::str(ask.policy.caller.arn)}});
        if (yes) who.set("form", by.form);
        auto why = yes || !displayed ? by.reason : std::string_view("grantee.service");
        test("grantee", yes, why, std::move(who), by.rule, service ? "/GranteeServicePrincipal" : "/GranteePrincipal", used);
        return yes || displayed;
    }

    bool operation() {
        auto const* operations = g.find("Operations");
        Value const* hit = nullptr;
        auto all = Value::array();
        for (auto const& o : operations->items) {
            all.push(Value::str(o.text));
            if (o.text == ask.operation) hit = &o;
        }
        return test("operation", hit != nullptr, hit ? "operation.match" : "operation.noMatch",
                    params_of({{"expected", hit ? Value::str(hit->text) : all}, {"actual", Value::str(ask.operation)}}), "G-14", "/Operations", hit ? hit : operations);
    }

    // a map without pairs is taken as no constraint
    Value const* context_constraint() {
        auto const* constraints = g.find("Constraints");
        if (!constraints) return nullptr;
        auto const* eq = constraints->find(equals);
        auto const* sub = constraints->find(subset);
        if (eq && (!eq->items.empty() || ask.readings.is("A-16", "emptyContext"))) return eq;
        if (eq && ask.context_use == ContextUse::carried && !ask.context.empty()) hinges("A-16", true);
        return sub && !sub->items.empty() ? sub : nullptr;
    }

    void encryption_context() {
        auto const* used = context_constraint();
        if (!used) {
            test("constraint", true, "constraint.none", Value::object(), "G-20", "/Constraints", g.find("Constraints"));
            return;
        }
        auto here = "/Constraints" + pointer_step(used->key);
        auto name = Value::str(used->key);
        if (ask.context_use == ContextUse::unsupported && !used->items.empty()) {    // G-28
            bool applies = ask.readings.is("A-11", "notApplied");
            hinges("A-11", applies);
            test("constraint", applies, applies ? "constraint.notApplicable" : "constraint.unsupportedKey", params_of({{"constraint", name}, {"action", Value::str(ask.policy.action)}}), "A-11", here, used);
            return;
        }
        if (ask.context_use != ContextUse::carried) {
            test("constraint", true, "constraint.notApplicable", params_of({{"constraint", name}, {"action", Value::str(ask.policy.action)}}), "G-26", here, used);
            return;
        }
        auto expected = pairs_of(used);
        bool exact = used->key == equals;
        Difference d, ignored;
        auto chosen = ask.readings.is("A-10", "keyIgnoresCase") ? KeyCase::ignored : KeyCase::matched;
        bool holds = constraint_holds(expected, ask.context, exact, chosen, d);
        bool otherwise = constraint_holds(expected, ask.context, exact, chosen == KeyCase::ignored ? KeyCase::matched : KeyCase::ignored, ignored);
        if (holds != otherwise) hinges("A-10", holds);
        if (used->items.empty() && !holds) hinges("A-16", false);
        auto p = holds ? params_of({{"constraint", name}, {"expected", map_of(expected)}, {"actual", map_of(ask.context)}})
                       : params_of({{"constraint", name}, {"difference", Value::str(d.kind)}, {"key", Value::str(d.name)}, {"expected", Value::str(d.expected)}, {"actual", Value::str(d.actual)}});
        test("constraint", holds, holds ? "constraint.match" : "constraint.noMatch", std::move(p), exact ? "G-20" : "G-21", here, used);
    }

    // G-29: as aws:SourceArn in a policy would be; it does not gate retiring (M-15)
    void source() {
        auto const* constraints = g.find("Constraints");
        auto const* c = constraints ? constraints->find(source_arn) : nullptr;
        if (!c || ask.operation == "RetireGrant") return;
        auto const* actual = ask.policy.context.find("aws:SourceArn");
        auto expected = Value::str(c->text);
        if (!actual || actual->values.empty()) {
            bool direct = ask.policy.caller.form != CallerForm::service && !ask.policy.context.find("kms:ViaService");
            bool skipped = direct && ask.readings.is("A-13", "servicesOnly");
            if (direct) hinges("A-13", skipped);
            test("sourceArn", skipped, "sourceArn.absent", params_of({{"expected", expected}}), "A-13", "/Constraints/SourceArn", c);
            return;
        }
        bool exact = actual->values[0] == c->text;
        bool wild = arn_like(c->text, actual->values[0]);
        bool holds = ask.readings.is("A-18", "exact") ? exact : wild;
        if (exact != wild) hinges("A-18", holds);
        test("sourceArn", holds, holds ? "sourceArn.match" : "sourceArn.noMatch", params_of({{"expected", expected}, {"actual", Value::str(actual->values[0])}}), "G-29", "/Constraints/SourceArn", c);
    }

    // G-43 … G-48: until a change has propagated
    void visibility() {
        if (ask.visibility == Visibility::active) return;
        bool needs_token = ask.visibility == Visibility::needsToken;
        bool gone = ask.visibility == Visibility::stillVisible && ask.readings.is("A-25", "gone");
        if (ask.visibility == Visibility::stillVisible) hinges("A-25", !gone);
        test("visibility", !needs_token && !gone, needs_token ? "visibility.needsToken" : ask.visibility == Visibility::token ? "visibility.token" : "visibility.stillVisible", Value::object(),
             needs_token || ask.visibility == Visibility::token ? "G-45" : "A-25", "", &g);
    }

    GrantMatch run() {
        if (grantee() && operation()) {
            encryption_context();
            source();
            visibility();
        }
        if (!out.concerns_caller) return std::move(out);
        out.applies = failed == 0;
        for (std::size_t i = 0; i < flips.size(); ++i)    // a flip counts when nothing else stands in the way
            if (failed == flipped_failures[i]) out.hinges.push_back(flips[i]);
        bool yes = out.applies;
        out.trace = Value::object();
        out.trace.set("kind", "grant");
        out.trace.set("action", ask.policy.action);
        out.trace.set("grantId", g.string_or("GrantId"));
        out.trace.set("outcome", yes ? "matched" : "notMatched");
        out.trace.set("reason", yes ? "grant.matched" : reason);
        out.trace.set("params", yes ? Value::object() : std::move(params));
        out.trace.set("rule", yes ? "E-26" : rule);
        out.trace.set("pointer", pointer);
        texts.place(out.trace, g.doc, g.begin, g.end);
        out.trace.set("tests", std::move(tests));
        return std::move(out);
    }
};
}    // namespace

GrantMatch match_grant(Value const& grant, std::string const& pointer, GrantAsk const& ask, Texts const& texts) { return Matching{grant, pointer, ask, texts}.run(); }

}    // namespace kms
