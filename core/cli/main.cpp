// kms-playground run | check | import | --version. It sees only the engine's public header; what it prints for people is made here.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kms/engine.hpp>
#include <nlohmann/json.hpp>

namespace {
using Json = nlohmann::ordered_json;

constexpr char const* usage =
    "kms-playground: what would AWS KMS answer, and why?\n"
    "\n"
    "  kms-playground run FILE…      evaluate scenarios and print the results as JSON\n"
    "      --format text             … as text for people\n"
    "      --ndjson                  … one scenario per line, one result per line\n"
    "  kms-playground check FILE…    report what is wrong with a file\n"
    "      --kind KIND               scenario (default), keyPolicy, identityPolicy, grants, request\n"
    "      --format json             … as JSON\n"
    "  kms-playground import FILE…   make a scenario of pasted AWS command outputs\n"
    "  kms-playground --version\n"
    "\n"
    "FILE - is standard input. Exit status: 0; 1 when an expectation fails; 2 when input is invalid.\n"
    "This is a simulation of documented behaviour. It asks AWS nothing.\n";

struct Arguments {
    std::string command, format, kind = "scenario";
    bool ndjson = false;
    std::vector<std::string> files;
};

int complain(std::string const& what) {
    std::cerr << "kms-playground: " << what << "\n\n" << usage;
    return 2;
}

std::optional<std::string> read(std::string const& file) {
    if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream in(file, std::ios::binary);
    if (!in) return {};
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (in.bad()) return {};
    return text;
}

std::string line_of(std::string const& text, int number) {
    std::size_t begin = 0;
    for (int i = 1; i < number && begin != std::string::npos; ++i) {
        begin = text.find('\n', begin);
        if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos) return {};
    auto line = text.substr(begin, text.find('\n', begin) - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

/// The line that a diagnostic is about, with a caret under its start. Only texts of the file itself can be shown.
void print_snippet(Json const& d, std::string const& text) {
    if (!d.contains("range") || d.value("document", "") != "") return;
    int line = d["range"]["start"]["line"], column = d["range"]["start"]["column"];
    auto source = line_of(text, line);
    constexpr int width = 100;
    if (source.size() > 2000 || static_cast<int>(source.size()) < column - 1) return;
    int skip = column > width ? column - width / 2 : 0;
    auto number = std::to_string(line);
    std::cout << "  " << number << " | " << source.substr(static_cast<std::size_t>(skip), width) << "\n  " << std::string(number.size(), ' ') << " | " << std::string(static_cast<std::size_t>(column - 1 - skip), ' ') << "^\n";
}

void print_diagnostic(Json const& d, std::string const& file, std::string const& text) {
    std::cout << file;
    if (d.value("document", "") != "") std::cout << " " << d.value("document", "");
    if (d.contains("range")) std::cout << ":" << d["range"]["start"]["line"] << ":" << d["range"]["start"]["column"];
    std::cout << ": " << d.value("severity", "") << ": " << d.value("message", "") << " [" << d.value("code", "") << "]\n";
    print_snippet(d, text);
    if (d.contains("help")) std::cout << "  help: " << d.value("help", "") << "\n";
}

std::string joined(Json const& list) {
    std::string out;
    for (auto const& item : list) out += (out.empty() ? "" : ", ") + item.get<std::string>();
    return out;
}

void print_result(Json const& r) {
    auto decision = r["decision"].is_null() ? std::string("no decision") : r["decision"].get<std::string>();
    std::cout << r.value("step", "?") << ": " << decision;
    if (!r["decidedBy"].empty()) std::cout << " by " << joined(r["decidedBy"]);
    std::cout << "\n";
    for (auto const& d : r["determining"]) {
        std::cout << "  " << d.value("kind", "") << " " << d.value("pointer", "");
        if (d.contains("range")) std::cout << " (line " << d["range"]["start"]["line"] << ")";
        if (d.contains("sid")) std::cout << " \"" << d.value("sid", "") << "\"";
        std::cout << " [" << d.value("rule", "") << "]\n";
    }
    if (!r["error"].is_null()) std::cout << "  " << r["error"].value("code", "") << ": " << r["error"].value("message", "") << "\n";
    if (!r["assumptions"].empty()) std::cout << "  assumed: " << joined(r["assumptions"]) << "\n";
    if (!r["missingContextKeys"].empty()) std::cout << "  not in the request: " << joined(r["missingContextKeys"]) << "\n";
    if (r["expect"] == "fail") {
        std::cout << "  expectation failed\n";
        for (auto const& d : r["differences"]) std::cout << "    " << d.get<std::string>() << "\n";
    }
}

void print_run(std::string const& json, std::string const& file, std::string const& text) {
    auto all = Json::parse(json);
    if (!all.is_array()) all = Json::array({all});
    for (auto const& one : all) {
        if (one["world"].contains("title")) {
            auto const& title = one["world"]["title"];
            std::cout << (title.is_string() ? title.get<std::string>() : title.value("en", "")) << "\n";
        }
        for (auto const& r : one["results"]) print_result(r);
        for (auto const& d : one["diagnostics"]) print_diagnostic(d, file, text);
    }
}

int run(Arguments const& a) {
    int status = 0;
    for (auto const& file : a.files) {
        auto text = read(file);
        if (!text) {
            std::cerr << "kms-playground: cannot read " << file << "\n";
            status = 2;
            continue;
        }
        auto answer = [&](std::string_view scenario, std::string const& name) {
            auto result = kms::run(scenario);
            if (a.format == "text") print_run(result.json, name, std::string(scenario));
            else std::cout << result.json;
            status = result.invalid ? 2 : status == 0 && result.failed ? 1 : status;
        };
        if (!a.ndjson) {
            answer(*text, file);
            continue;
        }
        std::string_view rest = *text;    // an invalid line does not stop the others
        for (int number = 1; !rest.empty(); ++number) {
            auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (line.find_first_not_of(" \t\r") != std::string_view::npos) answer(line, file + " line " + std::to_string(number));
        }
    }
    return status;
}

int check(Arguments const& a) {
    int status = 0;
    for (auto const& file : a.files) {
        auto text = read(file);
        if (!text) {
            std::cerr << "kms-playground: cannot read " << file << "\n";
            status = 2;
            continue;
        }
        auto json = kms::check(a.kind, *text);
        auto diagnostics = Json::parse(json)["diagnostics"];
        if (a.format == "json") std::cout << json;
        for (auto const& d : diagnostics) {
            if (a.format != "json") print_diagnostic(d, file, *text);
            if (d["severity"] == "error") status = 2;
        }
        if (a.format != "json" && diagnostics.empty()) std::cout << file << ": nothing to report\n";
    }
    return status;
}

int import(Arguments const& a) {
    std::vector<std::string> texts;
    for (auto const& file : a.files) {
        auto text = read(file);
        if (!text) return complain("cannot read " + file);
        texts.push_back(std::move(*text));
    }
    auto json = kms::import_documents(texts);
    std::cout << json;
    auto const answer = Json::parse(json);
    for (auto const& d : answer["diagnostics"])
        if (d["severity"] == "error") return 2;
    return 0;
}
}    // namespace

int main(int count, char** values) {
    std::vector<std::string> all(values + 1, values + count);
    Arguments a;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& word = all[i];
        bool has_value = i + 1 < all.size();
        if (word == "--version") {
            std::cout << kms::version() << "\n";
            return 0;
        }
        if (word == "--help" || word == "-h") {
            std::cout << usage;
            return 0;
        }
        if (word == "--ndjson") a.ndjson = true;
        else if ((word == "--format" || word == "--kind") && has_value) (word == "--format" ? a.format : a.kind) = all[++i];
        else if (word.size() > 1 && word[0] == '-') return complain("unknown option " + word);
        else if (a.command.empty()) a.command = word;
        else a.files.push_back(word);
    }
    if (a.command.empty()) return complain("say what to do");
    if (a.command != "run" && a.command != "check" && a.command != "import") return complain("unknown command " + a.command);
    if (a.files.empty()) return complain("name a file, or - for standard input");
    if (!a.format.empty() && a.format != "text" && a.format != "json") return complain("--format is text or json");
    if (a.command == "run") return run(a);
    return a.command == "check" ? check(a) : import(a);
}
