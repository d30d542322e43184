# shellcheck shell=bash
# What all scripts here agree on; they read this file, it is not run by itself. The current folder is the top of the repository.

# A clone that belongs to another user makes git refuse, and with it the go command's stamp of the revision.
GOFLAGS="$(go env GOFLAGS) -buildvcs=false"
export GOFLAGS=${GOFLAGS# }

# Texts, sort order and messages of tools are the same everywhere.
export LC_ALL=C

# Our packages, a broken one included: go test says what is wrong with it. Each is in one of the two halves below.
packages() { go list -e ./...; }

# What is tested without a window, with the race detector: all but ui and cmd/kandili, and of ui the part that needs no toolkit.
windowless() { packages | awk '/^kandili\/ui\/(show|task)(\/|$)/ || !/^kandili\/(ui|cmd\/kandili)(\/|$)/'; }

# What is tested with Fyne's software painter, without cgo.
windowed() { packages | awk '/^kandili\/(ui|cmd\/kandili)(\/|$)/ && !/^kandili\/ui\/(show|task)(\/|$)/'; }
