#!/usr/bin/env bash
# Builds programs into build/: build.sh [NAME...], by default one for each folder in cmd/. A program that came out the same keeps its file and its
# time, so that go test may answer from its cache for tests that drive it.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh

end=$(go env GOEXE)
# migrated_fynedo: five to ten times faster refresh; no_animations: a blinking cursor costs a tenth of a core without a GPU;
# no_metadata: FyneApp.toml of the current folder is not read; no_emoji: 4 MB less.
window_tags=migrated_fynedo,no_emoji,no_metadata,no_animations
link="-s -w"
mkdir -p build/fresh
# shellcheck disable=SC2046 # one word a folder
[ $# -gt 0 ] || set -- $(ls cmd)
for name in "$@"; do
  fresh=build/fresh/$name$end
  if [ "$name" = kandili ]; then
    [ "$(go env GOOS)" != windows ] || link="$link -H windowsgui"
    CGO_ENABLED=1 go build -trimpath -tags "$window_tags" -ldflags "$link" -o "$fresh" ./cmd/kandili
  else
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$fresh" "./cmd/$name"
  fi
  if ! cmp -s "$fresh" "build/$name$end"; then
    cp "$fresh" "build/$name$end.new"
    mv -f "build/$name$end.new" "build/$name$end"
  fi
done
