# What a person does with Kandili from its source. The work is done by the scripts in .ci/, each of which says what it does.
SHELL := bash

# How long each fuzz target runs in `make test` and `make fuzz`.
FUZZTIME ?= 3s
# What `make bench` measures: a pattern of benchmark names, and how long or how often (go help testflag).
BENCH ?= .
BENCHTIME ?= 1s
# Where `make hq` answers, on this machine only.
HQ_LISTEN ?= 127.0.0.1:8437
export FUZZTIME BENCH BENCHTIME

.PHONY: help run test build hq bench soak lint test-go test-ui journey fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## set up what is missing, build, open the app (without a display: play the practice day into build/run/)
	@.ci/play.sh

test: ## set up what is missing and run every test
	@.ci/setup.sh test
	@.ci/test.sh

build: ## the programs, into build/
	@.ci/setup.sh build
	@.ci/build.sh

hq: ## an HQ on this machine only, its data in build/hq/
	@.ci/setup.sh go
	@.ci/build.sh kandili-hq
	@mkdir -p build/hq
	@build/kandili-hq serve --data build/hq --listen $(HQ_LISTEN)

bench: ## the figures, as a table and as build/bench.json
	@.ci/setup.sh test
	@.ci/bench.sh

soak: ## the long reliability figures, an hour or more
	@.ci/setup.sh test
	@.ci/soak.sh

lint: ## gofmt, go vet, staticcheck
	@.ci/setup.sh go
	@.ci/test.sh lint

test-go: ## the tests without a window, with the race detector
	@.ci/setup.sh build
	@.ci/test.sh go sim

test-ui: ## the window's tests on the software painter
	@.ci/setup.sh go
	@.ci/test.sh ui

journey: ## the real programs, driven on a virtual display and in a browser
	@.ci/setup.sh test
	@.ci/test.sh build journey

fuzz: ## every fuzz target for FUZZTIME (3s)
	@.ci/setup.sh go
	@.ci/fuzz.sh

clean: ## remove build/, practice data of `make hq` included
	rm -rf build
