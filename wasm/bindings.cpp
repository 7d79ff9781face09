// The engine for JavaScript: text in, text out, sessions as whole numbers.
//
// build/wasm/kms.mjs exports one function, `create(options?)`, and a promise of this module comes back (kms.wasm lies beside kms.mjs;
// another place is given as `locateFile: () => url`, bytes already at hand as `wasmBinary: bytes`):
//
//   _malloc(size): number                     0 when memory is used up
//   _free(pointer): void
//   HEAPU8: Uint8Array                        read it anew after every call: growing memory replaces it
//
//   version(): string                                       "1.2.3"
//   run(pointer, length): string
//   check(kind: string, pointer, length): string
//   importDocuments(pointer, length): string                the text is a JSON array of strings, JSON.stringify(texts)
//   open(pointer, length): number                           a session, never 0
//   decide(session, pointer, length, detail: string): string         detail is "full" or "decision"
//   edit(session, pointer, length): string
//   perform(session, pointer, length): string
//   matrix(session, pointer, length): string
//   world(session): string
//   close(session): void                                    closing twice does no harm
//
// `pointer, length` is UTF-8 that the caller has put into memory from _malloc and frees itself, after the call:
//
//   const bytes = new TextEncoder().encode(text);           // makes lone surrogates U+FFFD; Emscripten's own conversion loses text
//   const pointer = module._malloc(bytes.length || 1);
//   module.HEAPU8.set(bytes, pointer);
//   try { return module.run(pointer, bytes.length); } finally { module._free(pointer); }
//
// Texts for importDocuments must be well formed one by one, before JSON.stringify (text.toWellFormed()): it escapes a lone surrogate.
// Answers are those of kms/engine.hpp, byte for byte. A session that is closed or was never open, and an importDocuments text that is
// no array of strings, are mistakes of the caller and answer "". Bad input never throws. If something is thrown all the same (memory
// used up), the module is broken: make a new one.

#include <kms/engine.hpp>

#include <emscripten/bind.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace {

using Pointer = std::uintptr_t;
using Handle = int;

std::string_view text_at(Pointer pointer, std::size_t length) {
    return {reinterpret_cast<char const*>(pointer), length};
}

std::map<Handle, kms::Session>& sessions() {
    static std::map<Handle, kms::Session> open;
    return open;
}

/// What `ask` answers about an open session, "" about any other.
template <typename Ask>
std::string with_session(Handle handle, Ask ask) {
    auto const found = sessions().find(handle);
    return found == sessions().end() ? std::string() : ask(found->second);
}

std::string version() {
    return std::string(kms::version());
}

std::string run(Pointer pointer, std::size_t length) {
    return kms::run(text_at(pointer, length)).json;
}

std::string check(std::string const& kind, Pointer pointer, std::size_t length) {
    return kms::check(kind, text_at(pointer, length));
}

std::string import_documents(Pointer pointer, std::size_t length) {
    return kms::import_documents(text_at(pointer, length));
}

Handle open(Pointer pointer, std::size_t length) {
    static Handle last = 0;
    sessions().emplace(++last, kms::Session(text_at(pointer, length)));
    return last;
}

std::string decide(Handle session, Pointer pointer, std::size_t length, std::string const& detail) {
    auto const wanted = detail == "decision" ? kms::Detail::decision : kms::Detail::full;
    return with_session(session, [&](kms::Session const& s) { return s.decide(text_at(pointer, length), wanted); });
}

std::string edit(Handle session, Pointer pointer, std::size_t length) {
    return with_session(session, [&](kms::Session& s) { return s.edit(text_at(pointer, length)); });
}

std::string perform(Handle session, Pointer pointer, std::size_t length) {
    return with_session(session, [&](kms::Session& s) { return s.perform(text_at(pointer, length)); });
}

std::string matrix(Handle session, Pointer pointer, std::size_t length) {
    return with_session(session, [&](kms::Session const& s) { return s.matrix(text_at(pointer, length)); });
}

std::string world(Handle session) {
    return with_session(session, [](kms::Session const& s) { return s.world(); });
}

void close(Handle session) {
    sessions().erase(session);
}

}    // namespace

EMSCRIPTEN_BINDINGS(kms) {
    emscripten::function("version", &version);
    emscripten::function("run", &run);
    emscripten::function("check", &check);
    emscripten::function("importDocuments", &import_documents);
    emscripten::function("open", &open);
    emscripten::function("decide", &decide);
    emscripten::function("edit", &edit);
    emscripten::function("perform", &perform);
    emscripten::function("matrix", &matrix);
    emscripten::function("world", &world);
    emscripten::function("close", &close);
}
