#!/usr/bin/env bash
# Opens the app; where there is no display, plays the practice day on a virtual one and leaves its pictures in build/run/.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh

if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  .ci/setup.sh build
  .ci/build.sh kandili
  unset LC_ALL # the app speaks the person's language
  exec "build/kandili$(go env GOEXE)" "$@"
fi

echo "There is no display here, so the practice day is played on a virtual one. Its pictures and what HQ received go to build/run/."
.ci/setup.sh test
.ci/build.sh
mkdir -p build/run
KANDILI_BUILD=$PWD/build LIBGL_ALWAYS_SOFTWARE=1 exec go run ./internal/practice/playday --out build/run
