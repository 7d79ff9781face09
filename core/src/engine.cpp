// The public face: reads scenarios, runs their steps, and keeps sessions.
#include <kms/engine.hpp>

#include <algorithm>

#include "import/import.hpp"
#include "report/report.hpp"

namespace kms {

std::string_view version() { return "0.1.0"; }

namespace {
Value diagnostics_of(std::vector<Diagnostic> const& all, Texts const& texts) {
    auto out = Value::array();
    for (auto const& d : all) out.push(write_diagnostic(d, texts));
    return out;
}
bool any_error(std::vector<Diagnostic> const& all) {
    return std::any_of(all.begin(), all.end(), [](auto const& d) { return d.severity == Severity::error; });
}

/// Carries out steps one by one, and gathers what there is to say of them.
class Runner {
public:
    explicit Runner(World& world) : w_(world), seen_(world.problems.all), diagnostics(world.problems.all) {}

    Value results = Value::array();
    bool failed = false;

    void step(Value const& s) {
        id_ = std::string(s.string_or("id"));
        if (auto const* set = s.find("set"); set && set->is(Kind::object))
            for (auto const& change : set->items) {
                set_at(w_, change.key, change, faults_);
                gather();
            }
        if (auto const* removed = s.find("remove"); removed && removed->is(Kind::array))
            for (auto const& pointer : removed->items) {
                remove_at(w_, pointer.text, pointer, faults_);
                gather();
            }
        if (auto const* r = s.find("recreate")) recreate(w_, r->text, *r, faults_);
        if (auto const* p = s.find("propagate"); p && p->text == "true") propagate(w_);
        gather();
    }

    void request(Value const& s, std::string const& pointer) {
        auto const& request = *s.find("request");
        auto a = answer(w_, request, pointer + "/request", id_.empty() ? std::string(s.string_or("id")) : id_);
        note_decision(w_, a);
        for (auto& d : a.request.problems.all) {
            d.step = id_;
            diagnostics.push_back(d);
        }
        auto result = write_result(a, w_.texts, Extent::full);
        auto const* expect = s.find("expect");
        std::vector<std::string> differences;
        bool met = !expect || meets(result, *expect, differences);
        result.set("expect", expect ? Value::str(met ? "pass" : "fail") : Value{});
        if (!met) {
            failed = true;
            result.set("differences", Value::strings(differences));
        }
        results.push(std::move(result));
        apply(w_, a);
        gather();
    }

private:
    // What a step's change brought to light.
    void gather() {
        for (auto& d : faults_.all) {
            d.step = id_;
            diagnostics.push_back(std::move(d));
        }
        faults_ = {};
        for (auto const& d : w_.problems.all) {
            bool known = std::any_of(seen_.begin(), seen_.end(), [&](auto const& k) { return k.code == d.code && k.pointer == d.pointer && k.message == d.message; });
            if (known) continue;
            seen_.push_back(d);
            diagnostics.push_back(d);
            diagnostics.back().step = id_;
        }
    }
    World& w_;
    std::string id_;
    Problems faults_;
    std::vector<Diagnostic> seen_;

public:
    std::vector<Diagnostic> diagnostics;
};

Value head() {
    auto v = Value::object();
    v.set("scenario", Value::num(1));
    v.set("engine", version());
    return v;
}

struct OneRun {
    Value value;
    bool invalid = false, failed = false;
};

/// The world is used up: it becomes part of the answer.
OneRun run_world(World& w) {
    Runner runner(w);
    if (!w.problems.errors()) {
        auto const* steps = w.root.find("steps");
        auto all = steps ? steps->items : std::vector<Value>();    // steps change the world, so they are read from a copy
        for (std::size_t i = 0; i < all.size(); ++i) {
            runner.step(all[i]);
            if (all[i].find("request")) runner.request(all[i], "/steps/" + std::to_string(i));
        }
    }
    OneRun out;
    out.invalid = any_error(runner.diagnostics);
    out.failed = runner.failed && !out.invalid;
    out.value = head();
    out.value.set("results", out.invalid ? Value::array() : std::move(runner.results));
    out.value.set("diagnostics", diagnostics_of(runner.diagnostics, w.texts));
    out.value.set("world", std::move(w.root));
    return out;
}

RunResult run_value(Value scenario, Texts& texts, Problems problems) {
    RunResult r;
    auto one = [&](Value v) {
        auto w = read_world_value(std::move(v), std::move(texts), {});
        auto result = run_world(w);
        texts = std::move(w.texts);
        texts.keep_first();
        r.invalid = r.invalid || result.invalid;
        r.failed = r.failed || result.failed;
        return std::move(result.value);
    };
    if (!problems.all.empty()) {
        r.invalid = true;
        auto v = head();
        v.set("results", Value::array());
        v.set("diagnostics", diagnostics_of(problems.all, texts));
        v.set("world", Value::object());
        r.json = write_json(v) + "\n";
        return r;
    }
    if (!scenario.is(Kind::array)) {
        r.json = write_json(one(std::move(scenario))) + "\n";
        return r;
    }
    auto all = Value::array();
    for (auto& s : scenario.items) all.push(one(std::move(s)));
    r.json = write_json(all) + "\n";
    return r;
}
}    // namespace

RunResult run(std::string_view text) {
    Texts texts;
    Problems problems;
    auto doc = texts.add("", std::string(text));
    auto parsed = parse_json(texts.text(doc), doc);
    for (auto const& p : parsed.problems) problems.json(p, doc, "");
    return run_value(std::move(parsed.value), texts, std::move(problems));
}

std::string check(std::string_view kind, std::string_view text) {
    World w;
    if (kind == "scenario") {
        Texts texts;
        Problems problems;
        auto doc = texts.add("", std::string(text));
        auto parsed = parse_json(texts.text(doc), doc);
        for (auto const& p : parsed.problems) problems.json(p, doc, "");
        auto all = problems.all;
        auto each = parsed.value.is(Kind::array) ? std::move(parsed.value.items) : std::vector<Value>{std::move(parsed.value)};
        auto out = Value::array();
        for (auto& s : each) {
            if (!problems.all.empty()) break;
            w = read_world_value(std::move(s), std::move(texts), {});
            for (auto const& d : w.problems.all) out.push(write_diagnostic(d, w.texts));
            texts = std::move(w.texts);
            texts.keep_first();
        }
        for (auto const& d : all) out.push(write_diagnostic(d, texts));
        auto answer = Value::object();
        answer.set("diagnostics", std::move(out));
        return write_json(answer) + "\n";
    }
    auto doc = w.texts.add("", std::string(text));
    auto parsed = parse_json(w.texts.text(doc), doc);
    for (auto const& p : parsed.problems) w.problems.json(p, doc, "");
    if (parsed.problems.empty()) {
        auto& v = parsed.value;
        if (kind == "keyPolicy") check_policy(v, PolicyType::keyPolicy, "", w.problems);
        else if (kind == "identityPolicy") check_policy(v, PolicyType::identityPolicy, "", w.problems);
        else if (kind == "grants") check_grant_list(w, v, "");
        else if (kind == "request") check_request(w, v, "");
        else w.problems.error(v, "", "check.kind", "`" + std::string(kind) + "` is no kind of text that can be checked", "use scenario, keyPolicy, identityPolicy, grants or request");
    }
    auto answer = Value::object();
    answer.set("diagnostics", diagnostics_of(w.problems.all, w.texts));
    return write_json(answer) + "\n";
}

std::string import_documents(std::vector<std::string> const& texts) { return write_json(import_texts(texts)) + "\n"; }
std::string import_documents(std::string_view json_array) {
    auto array = parse_json(json_array, no_text);
    if (!array.problems.empty() || !array.value.is(Kind::array)) return {};
    std::vector<std::string> texts;
    for (auto& text : array.value.items) {
        if (!text.is(Kind::string)) return {};
        texts.push_back(std::move(text.text));
    }
    return import_documents(texts);
}

struct Session::State {
    World world;
    bool reported = false;

    /// The world's own diagnostics, with the first answer only.
    std::vector<Diagnostic> first() {
        if (reported) return {};
        reported = true;
        return world.problems.all;
    }
};

Session::Session(std::string_view scenario) : state_(new State{read_world(scenario)}) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

namespace {
/// A text given to a session: its value, or what is wrong with it.
struct Given {
    Value value;
    std::vector<Diagnostic> problems;
};
Given read_given(std::string_view text) {
    Given g;
    auto parsed = parse_json(text, no_text);
    Problems problems;
    for (auto const& p : parsed.problems) problems.json(p, no_text, "");
    g.problems = std::move(problems.all);
    g.value = std::move(parsed.value);
    return g;
}

Value decide_one(World const& w, Value request, Extent extent, std::vector<Diagnostic> before) {
    World checked;    // a request's own faults are found without touching the session's world
    checked.root = Value::object();
    if (auto const* principals = w.root.find("principals")) checked.root.set("principals", *principals);
    check_request(checked, request, "");
    auto all = std::move(before);
    all.insert(all.end(), checked.problems.all.begin(), checked.problems.all.end());
    Value result;
    if (any_error(checked.problems.all)) {
        Answer refused;
        refused.request.problems = checked.problems;
        result = write_result(refused, w.texts, extent);
    } else {
        auto a = answer(w, request, "", "", extent == Extent::full);
        note_decision(w, a);
        for (auto& d : a.request.problems.all) all.push_back(d);
        result = write_result(a, w.texts, extent);
    }
    result.set("diagnostics", diagnostics_of(all, w.texts));
    return result;
}

std::string answer_like_run(Value results, std::vector<Diagnostic> const& diagnostics, Texts const& texts) {
    auto v = head();
    v.set("results", std::move(results));
    v.set("diagnostics", diagnostics_of(diagnostics, texts));
    return write_json(v) + "\n";
}
}    // namespace

std::string Session::decide(std::string_view request, Detail detail) const {
    auto extent = detail == Detail::full ? Extent::full : Extent::decision;
    auto given = read_given(request);
    auto before = state_->first();
    if (!given.problems.empty()) {
        Answer refused;
        refused.request.problems.all = given.problems;
        auto result = write_result(refused, state_->world.texts, extent);
        before.insert(before.end(), given.problems.begin(), given.problems.end());
        result.set("diagnostics", diagnostics_of(before, state_->world.texts));
        return write_json(result) + "\n";
    }
    if (!given.value.is(Kind::array)) return write_json(decide_one(state_->world, std::move(given.value), extent, std::move(before))) + "\n";
    auto all = Value::array();
    for (auto& one : given.value.items) {
        all.push(decide_one(state_->world, std::move(one), extent, std::move(before)));
        before.clear();
    }
    return write_json(all) + "\n";
}

std::string Session::edit(std::string_view changes) {
    auto given = read_given(changes);
    auto& w = state_->world;
    state_->reported = true;
    Problems extra;
    extra.all = given.problems;
    if (given.problems.empty() && !given.value.is(Kind::object)) extra.error(given.value, "", "edit.type", "an edit is an object with `set` and `remove`", "write {\"set\": {\"/keys/0/policy\": \"…\"}}");
    if (auto const* set = given.value.find("set"); set && extra.all.empty())
        for (auto const& change : set->items) set_at(w, change.key, change, extra);
    bool sound = std::all_of(extra.all.begin(), extra.all.end(), [](auto const& d) { return d.code == "scenario.pointer"; });
    if (auto const* removed = given.value.find("remove"); removed && sound)
        for (auto const& pointer : removed->items) remove_at(w, pointer.text, pointer, extra);
    auto all = w.problems.all;
    all.insert(all.end(), extra.all.begin(), extra.all.end());
    return answer_like_run(Value::array(), all, w.texts);
}

std::string Session::perform(std::string_view step) {
    auto given = read_given(step);
    auto& w = state_->world;
    auto before = state_->first();
    if (given.problems.empty()) {
        World checked;
        if (auto const* principals = w.root.find("principals")) checked.root.set("principals", *principals);
        check_step(checked, given.value, "");
        given.problems = checked.problems.all;
    }
    if (any_error(given.problems)) {
        before.insert(before.end(), given.problems.begin(), given.problems.end());
        return answer_like_run(Value::array(), before, w.texts);
    }
    Runner runner(w);
    runner.diagnostics = std::move(before);
    runner.step(given.value);
    if (given.value.find("request")) runner.request(given.value, "");
    return answer_like_run(std::move(runner.results), runner.diagnostics, w.texts);
}

std::string Session::matrix(std::string_view query) const {
    auto given = read_given(query);
    auto rows = Value::array();
    auto const* principals = given.value.find("principals");
    auto const* operations = given.value.find("operations");
    auto const* base = given.value.find("request");
    Problems problems;
    problems.all = given.problems;
    if (given.problems.empty() && (!principals || !operations)) problems.error(given.value, "", "matrix.query", "a matrix needs `principals` and `operations`", "write {\"principals\": […], \"operations\": […], \"request\": {…}}");
    if (principals && operations)
        for (auto const& p : principals->items) {
            auto row = Value::array();
            for (auto const& o : operations->items) {
                auto request = base ? *base : Value::object();
                request.set("principal", p);
                request.set("operation", o);
                auto result = decide_one(state_->world, std::move(request), Extent::decision, {});
                auto cell = Value::object();
                for (char const* name : {"decision", "decidedBy", "assumptions"}) cell.set(name, *result.find(name));
                if (auto const* error = result.find("error"); error && error->find("code")) cell.set("errorCode", *error->find("code"));
                row.push(std::move(cell));
            }
            rows.push(std::move(row));
        }
    auto v = Value::object();
    v.set("rows", std::move(rows));
    v.set("diagnostics", diagnostics_of(problems.all, state_->world.texts));
    return write_json(v) + "\n";
}

std::string Session::world() const {
    state_->reported = true;
    auto v = Value::object();
    v.set("world", state_->world.root);
    v.set("diagnostics", diagnostics_of(state_->world.problems.all, state_->world.texts));
    return write_json(v) + "\n";
}

}    // namespace kms
