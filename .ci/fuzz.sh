#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (3s), one after the other: fuzz.sh [TALLY]. Inputs that broke one are left in its
# testdata/fuzz; commit them with the cure. Adds "passed failed 0" to the file TALLY.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. .ci/env.sh

time=${FUZZTIME:-3s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() { # run FOLDER NAME
  local tags=()
  case $1 in ui*) tags=(-tags ci) ;; esac
  CGO_ENABLED=0 go test "${tags[@]+"${tags[@]}"}" -vet=off -run '^$' -fuzz "^$2\$" -fuzztime "$time" "./$1" >"$log" 2>&1 </dev/null
}

# The go command sometimes takes the end of its time for a failure (golang/go#75804, cured in Go 1.27); a real one has
# written its input down.
only_late() { grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"; }

targets=$(grep -rEo '^func Fuzz[A-Za-z0-9_]*\(' --include='*_test.go' assets cmd internal sync ui 2>/dev/null | sed 's/:func /:/; s/($//' | sort)
passed=0 failed=0
for target in $targets; do
  file=${target%%:*} name=${target##*:}
  folder=$(dirname "$file")
  if run "$folder" "$name" || { only_late && run "$folder" "$name"; }; then
    passed=$((passed + 1))
    printf 'ok  \t%s %s\t%s\n' "$folder" "$name" "$(grep -Eo 'execs: [0-9]+' "$log" | tail -n 1)"
  else
    failed=$((failed + 1))
    printf 'FAIL\t%s %s\n' "$folder" "$name"
    tail -n 60 "$log"
  fi
done
printf '%d fuzz targets for %s each, %d failed\n' $((passed + failed)) "$time" "$failed"
[ $# = 0 ] || echo "$passed $failed 0" >>"$1"
[ "$failed" = 0 ]
