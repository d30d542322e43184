#!/usr/bin/env bash
# Installs what this machine lacks: setup.sh go | build | test
#   go     checks that Go is there, and that it can fetch modules
#   build  that, and what the window needs to be compiled: a C compiler, the headers of OpenGL and X11
#   test   that, and what the tests drive: a virtual display, a browser, readers of codes and PDF
# When nothing is missing it does nothing and prints nothing. On Debian and Ubuntu it installs the rest, as root or through
# sudo without a password; elsewhere it says what is missing and ends with 1. It never asks.
set -euo pipefail
cd "$(dirname "$0")/.."

# Packages of Debian and Ubuntu, without what they only recommend.
build_set="gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
test_set="xvfb xauth xdotool imagemagick libgl1-mesa-dri zbar-tools poppler-utils chromium"

say() { printf '%s\n' "$*" >&2; }
found() { command -v "$1" >/dev/null 2>&1; }

# have PACKAGE: what it brings is here, wherever it came from.
have() {
  case $1 in
    ca-certificates) [ -n "${SSL_CERT_FILE:-}${SSL_CERT_DIR:-}" ] || [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ] || [ -s /etc/ssl/cert.pem ] || [ -s /etc/ssl/ca-bundle.pem ] ;;
    gcc) found "${CC:-gcc}" || found gcc ;;
    libc6-dev) echo '#include <stdlib.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1 ;;
    libgl-dev) pkg-config --exists gl 2>/dev/null ;;
    libx*-dev) name=${1#lib} && pkg-config --exists "${name%-dev}" 2>/dev/null ;;
    xvfb) found Xvfb && found xvfb-run ;;
    imagemagick) found import ;; # `convert` alone may be something else
    libgl1-mesa-dri) compgen -G '/usr/lib*/dri/*_dri.so' >/dev/null || compgen -G '/usr/lib/*/dri/*_dri.so' >/dev/null ;;
    zbar-tools) found zbarimg ;;
    poppler-utils) found pdftoppm && found pdftotext ;;
    chromium) found chromium || found chromium-browser || found google-chrome || found google-chrome-stable ;;
    *) found "$1" ;;
  esac
}

missing_of() {
  local package
  for package in "$@"; do
    have "$package" || printf '%s ' "$package"
  done
}

need_go() {
  found go && return
  say "Go is missing: install Go $(sed -n 's/^go //p' go.mod) or newer from https://go.dev/dl/ and put its bin folder on the PATH, then run this again."
  exit 1
}

need_compiler() {
  case $(uname -s) in
    Darwin) xcode-select -p >/dev/null 2>&1 || { say "A C compiler is missing: run \`xcode-select --install\`, then this again."; exit 1; } ;;
    *) found "${CC:-gcc}" || found clang || { say "A C compiler is missing: install MSYS2's mingw-w64 gcc and put its bin folder on the PATH, then run this again."; exit 1; } ;;
  esac
}

# install PACKAGE...: with the package lists that are there, and only when that fails with new ones.
install() {
  local admin=() log=build/setup.log
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -y -q)
  if [ "$(id -u)" != 0 ]; then
    if ! found sudo || ! sudo -n true 2>/dev/null; then
      say "This machine lacks $*, and only an administrator can install that: run \`sudo apt-get install --no-install-recommends $*\`, then this again."
      exit 1
    fi
    admin=(sudo -n)
  fi
  say "Installing what this machine lacks: $*"
  mkdir -p build
  if ! "${admin[@]+"${admin[@]}"}" "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
    "${admin[@]+"${admin[@]}"}" "${apt[@]}" update >>"$log" 2>&1 </dev/null || true # one source of many may be out of reach
    if ! "${admin[@]+"${admin[@]}"}" "${apt[@]}" install --no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
      tail -n 15 "$log" >&2
      say "These packages could not be installed: $*. The whole output is in $log; nothing else was changed. Check the network, then run this again."
      exit 1
    fi
  fi
}

main() {
  local wanted missing
  case ${1:-} in
    go) wanted="ca-certificates" ;;
    build) wanted="ca-certificates $build_set" ;;
    test) wanted="ca-certificates $build_set $test_set" ;;
    *) say "usage: $0 go|build|test"; exit 2 ;;
  esac
  need_go
  if [ "$(uname -s)" != Linux ]; then
    [ "$1" = go ] || need_compiler
    return
  fi
  # shellcheck disable=SC2086 # the lists are words
  missing=$(missing_of $wanted)
  [ -n "$missing" ] || return 0
  if ! found apt-get; then
    say "This machine lacks what Debian calls ${missing% }: install your system's packages of that kind, then run this again."
    exit 1
  fi
  # Ubuntu's browser has another name.
  if ! grep -qi '^ID=debian' /etc/os-release 2>/dev/null && grep -qi ubuntu /etc/os-release 2>/dev/null; then
    missing=${missing/chromium /chromium-browser }
  fi
  # shellcheck disable=SC2086
  install $missing
  # shellcheck disable=SC2086
  missing=$(missing_of $wanted)
  [ -z "$missing" ] || { say "Installed, but still not found: ${missing% }. See build/setup.log."; exit 1; }
}

main "$@"
