#!/usr/bin/env bash
# Measures: every benchmark that matches BENCH, for BENCHTIME, first those without a window, then the window's. Figures go to
# build/bench.json, the go command's own output to build/bench.txt. Packages run one after the other, so that none takes the cores
# of another. PouchDB is measured where node and npm are; npm fetches it once, into the folder of sync/synctest/peers.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh

mkdir -p build
measure=(-p 1 -vet=off -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -timeout 2h)
.ci/build.sh # some benchmarks start the real programs
export KANDILI_BUILD=$PWD/build
if command -v node >/dev/null && command -v npm >/dev/null && [ ! -d sync/synctest/peers/node_modules ]; then
  npm ci --prefix sync/synctest/peers --no-audit --no-fund || echo "npm did not get PouchDB: it is not measured"
fi
{
  # shellcheck disable=SC2046 # import paths have no spaces
  go test "${measure[@]}" $(windowless) 2>&1 || true
  window=$(windowed)
  # shellcheck disable=SC2086
  [ -z "$window" ] || CGO_ENABLED=0 go test "${measure[@]}" -tags ci $window 2>&1 || true
} | tee build/bench.txt | go run .ci/bench.go -o build/bench.json
