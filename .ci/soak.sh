#!/usr/bin/env bash
# The long reliability figures: the tests again with KANDILI_SOAK=1 and the tag soak, by which they run ten times and more of
# everything (kills, torn writes, damaged files, cuts, histories), then each fuzz target for SOAK_FUZZTIME (5m). Never from the cache.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. .ci/env.sh

.ci/build.sh || exit 1
mkdir -p build
rm -f build/tally
failed=0
# shellcheck disable=SC2046 # import paths have no spaces
KANDILI_SOAK=1 KANDILI_BUILD=$PWD/build go test -json -tags soak -count=1 -vet=off -timeout 12h $(windowless) | go run .ci/tally.go -o build/tally || failed=1
FUZZTIME=${SOAK_FUZZTIME:-5m} .ci/fuzz.sh build/tally || failed=1
awk '{ p += $1; f += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' build/tally
exit $failed
