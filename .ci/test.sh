#!/usr/bin/env bash
# Runs the tests: test.sh [STEP...], all steps without a name. Every step runs, also after one has failed. The last line is
# "N passed, N failed, N skipped": top-level tests, fuzz targets, and each check of the first step counted as one.
#   lint     gofmt, go vet, staticcheck
#   go       everything without a window but the simulation, with the race detector
#   sim      the simulation and the fault matrix: thousands of histories, so without the race detector, and some dozen with it
#   ui       the window's packages on Fyne's software painter
#   build    the programs, into build/
#   journey  the real programs: a window on a virtual display, a browser, several laptops
#   fuzz     every fuzz target for FUZZTIME (3s)
# go test answers from its cache what has not changed; `go clean -testcache` makes it forget.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. .ci/env.sh

tally=$PWD/build/tally

count() { echo "$@" >>"$tally"; } # passed failed skipped

# tested FLAG...: a go test -json on standard input becomes lines for a person, and is counted.
tested() { go run .ci/tally.go -o "$tally" "$@"; }

# check NAME COMMAND...: one check of the first step.
check() {
  local name=$1
  shift
  if "$@"; then
    printf 'ok  \t%s\n' "$name"
    count 1 0 0
  else
    printf 'FAIL\t%s\n' "$name"
    count 0 1 0
    return 1
  fi
}

formatted() {
  local wrong
  # shellcheck disable=SC2046 # folders without spaces
  wrong=$(gofmt -l $(ls -d cmd ui sync internal assets .ci 2>/dev/null)) || return
  [ -z "$wrong" ] || { echo "Not formatted, run gofmt -w on:"; echo "$wrong"; return 1; }
}

# All tags at once and no cgo: nothing of GLFW is compiled for a look at the source.
vetted() { CGO_ENABLED=0 go vet -tags ci,journey,soak ./... && go vet .ci/tally.go && go vet .ci/bench.go; }
static() { CGO_ENABLED=0 go tool -modfile=.ci/tools.mod staticcheck -tags ci,journey,soak ./...; }

step_lint() {
  local bad=0
  check gofmt formatted || bad=1
  check 'go vet' vetted || bad=1
  check staticcheck static || bad=1
  return $bad
}

step_go() {
  # shellcheck disable=SC2046 # import paths have no spaces
  CGO_ENABLED=1 go test -json -race -vet=off $(windowless | grep -v '^kandili/sync/synctest$') | tested
}

# The race detector makes a history ten times as slow, and most of one runs in one goroutine: it looks at sixty of them.
step_sim() {
  go test -json -vet=off -timeout 20m ./sync/synctest | tested &&
    CGO_ENABLED=1 go test -json -race -vet=off -short -run 'Link|everyHistory' ./sync/synctest | tested
}

step_ui() {
  local packages
  packages=$(windowed)
  [ -n "$packages" ] || return 0
  # shellcheck disable=SC2086
  CGO_ENABLED=0 go test -json -tags ci -vet=off $packages | tested
}

# The window takes minutes to compile for the first time and leaves a core idle, so building begins with the first step and is
# awaited in its own.
begin_build() {
  .ci/build.sh >build/build.log 2>&1 &
  building=$!
}
built() { wait "$building" || { cat build/build.log; return 1; }; }
step_build() { check build built; }

# Journeys mostly wait for a window, so they go on beside the steps that compute, and are awaited in their own. What a journey needs
# was set up, so one that skips has failed.
journeys() {
  KANDILI_BUILD=$PWD/build LIBGL_ALWAYS_SOFTWARE=1 go test -json -tags journey -vet=off -timeout 20m ./internal/journey/... | tested -strict
}
begin_journeys() {
  journeys >build/journey.log 2>&1 &
  travelling=$!
}
step_journey() {
  case $failed in *build*) echo "Not run: the programs in build/ are not those of this source."; return 1 ;; esac
  [ -n "$travelling" ] || begin_journeys
  local result=0
  wait "$travelling" || result=1
  cat build/journey.log
  return $result
}

step_fuzz() { .ci/fuzz.sh "$tally"; }

mkdir -p build
rm -f "$tally"
[ $# -gt 0 ] || set -- lint go build sim ui fuzz journey
failed= travelling=
case " $* " in *' build '*) begin_build ;; esac
for step in "$@"; do
  printf '\n== %s\n' "$step"
  began=$SECONDS
  "step_$step" || failed="$failed $step"
  if [ "$step" = build ] && [[ " $* " == *' journey '* && $failed != *build* ]]; then begin_journeys; fi
  printf '== %s: %d s\n' "$step" $((SECONDS - began))
done
[ -z "$failed" ] || printf '\nNot good:%s\n' "$failed"
printf '\n'
[ ! -f "$tally" ] || awk '{ p += $1; f += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$tally"
[ -z "$failed" ]
