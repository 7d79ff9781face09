# Shared by scripts/serve and scripts/test: what the machine must have, and how each part is built. Source it with bash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A Node of our own, when the machine's is too old (see own_node), and programs of npm packages.
export PATH="$PWD/build/node/node_modules/.bin:$PATH"

yes=false
say() { printf '\n==> %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# need PACKAGE DESCRIPTION TEST…: notes the package as missing unless the test succeeds.
packages=() descriptions=()
need() {
  local package=$1 description=$2
  shift 2
  "$@" >/dev/null 2>&1 || { packages+=("$package"); descriptions+=("  $description (Debian 12: $package)"); }
}
has() { command -v "$1"; }
header() { c++ -E -x c++ - <<<"#include <$1>"; }
catch2() { header catch2/catch_all.hpp || header catch2/catch.hpp; }
sanitizer_libraries() { ls "$(clang++ -print-resource-dir)"/lib/*/libclang_rt.asan*; }
browser_without_window() { has chromium-headless-shell || has chromium; }
some_firefox() { has firefox-esr || has firefox; }
japanese() { fc-list :lang=ja family | grep .; }

need_for_building() {
  need g++ "a C++20 compiler as c++" has c++
  need cmake "CMake 3.23 or newer" has cmake
  need ninja-build "Ninja" has ninja
  need emscripten "Emscripten 3.1.6 or newer" has emcmake
  need ca-certificates "certificate authorities, for npm" compgen -G '/etc/ssl/certs/*'
  need nodejs "Node.js 20.19 or newer (an older one with npm will fetch it)" has node
  need npm "npm" has npm
}

need_for_testing() {
  need git "git" has git
  need nlohmann-json3-dev "nlohmann/json 3.11 or newer" header nlohmann/json.hpp
  need catch2 "Catch2 2.13 or 3" catch2
  need clang "clang" has clang++
  need libclang-rt-dev "clang's sanitizer libraries" sanitizer_libraries
  need chromium-headless-shell "Chromium, better without a window" browser_without_window
  need firefox-esr "Firefox as firefox-esr or firefox" some_firefox
  need webkit2gtk-driver "WebKitGTK's WebDriver" has WebKitWebDriver
  need xvfb "an X server without a screen" has xvfb-run
  need xauth "xauth, for xvfb-run" has xauth
  need fonts-noto-cjk "a Japanese font" japanese
}

# Installs what `need` noted: on Debian 12 by itself, after asking where somebody can answer; elsewhere it says what to install.
install_missing() {
  ((${#packages[@]})) || return 0
  local ID= VERSION_ID= as_root=()
  [ ! -r /etc/os-release ] || . /etc/os-release
  ((UID == 0)) || as_root=(sudo)
  if [ "$ID$VERSION_ID" != debian12 ] || ! has "${as_root[@]:-apt-get}" >/dev/null; then
    printf '%s\n' "Missing on this machine:" "${descriptions[@]}" "Install them, then run this again." >&2
    exit 1
  fi
  say "Missing packages: ${packages[*]}"
  if ! $yes && [ -z "${CI:-}" ] && [ -t 0 ] && [ -t 1 ]; then
    read -rp "Install them with ${as_root[*]:+sudo }apt-get? [Y/n] " answer
    case $answer in '' | [Yy]*) ;; *) die "Nothing was installed." ;; esac
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"
}

# Vite needs a newer Node than Debian 12 has; npm's `node` package brings one, into the build folder.
own_node() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number)
           process.exit((a == 20 && b >= 19) || (a == 22 && b >= 12) || a > 22 ? 0 : 1)' && return
  say "Node $(node --version) is too old: fetching Node 22 into build/node"
  npm install --prefix build/node --ignore-scripts=false --no-audit --no-fund node@22
}

set_up() {
  install_missing
  own_node
}

# build PRESET
build() {
  local emcmake=()
  [ "$1" != wasm ] || emcmake=(emcmake)
  say "Building $1"
  [ "build/$1/build.ninja" -nt CMakePresets.json ] || "${emcmake[@]}" cmake --preset "$1"
  cmake --build --preset "$1"
}

# packages_of FOLDER: its npm packages, exactly as locked; nothing to do when they are there and the lock has not changed since.
packages_of() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return
  say "Installing the npm packages of $1"
  (cd "$1" && npm ci)
  touch "$1/node_modules/.package-lock.json"
}

# The site, from the WebAssembly build and web/: nothing to do when it is newer than everything it is made from.
build_site() {
  build wasm
  packages_of web
  if [ -e web/dist/index.html ] && [ -z "$(find build/wasm/kms.mjs build/wasm/kms.wasm core/RULES.md tests/scenarios web \
      \( -path web/node_modules -o -path web/dist -o -path web/.vite \) -prune -o ! -path web -newer web/dist/index.html -print -quit)" ]; then
    return
  fi
  say "Building the site"
  (cd web && npm run build)
}
