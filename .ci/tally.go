//go:build ignore

// Command tally reads `go test -json` and prints what a person wants to see of it: one line for each package, everything that a
// failed test said, and why a test was skipped. It adds "passed failed skipped", counted in top-level tests, as a line to the file
// named by -o, and ends with 1 when something failed.
//
//	go test -json ./... | go run .ci/tally.go -o build/tally
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

// event is one line of `go test -json`; `go doc test2json` tells the fields.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // in place of Package, while building
}

type test struct{ pkg, name string }

// tally counts top-level tests; a package that fails without a failed test (it did not compile, it ran out of time) counts as one.
type tally struct {
	passed, failed, skipped int
	strict                  bool
	said                    map[test][]string // the output of tests that are still running; name is empty for the package itself
	failedIn                map[string]int    // failed tests by package
	built                   map[string][]string
}

func main() {
	out := flag.String("o", "", "append `passed failed skipped` to this file")
	strict := flag.Bool("strict", false, "a skipped test is a failed one: the world that it needs has been set up")
	flag.Parse()

	t := tally{strict: *strict, said: map[test][]string{}, failedIn: map[string]int{}, built: map[string][]string{}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20) // a test may print a whole document in one line
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" {
			fmt.Println(lines.Text()) // the go command's own words, such as a pattern that matches nothing
			continue
		}
		t.take(e)
	}
	if err := lines.Err(); err != nil {
		fmt.Println("tally: reading the results:", err)
		t.failed++
	}
	if *out != "" {
		if err := add(*out, fmt.Sprintln(t.passed, t.failed, t.skipped)); err != nil {
			fmt.Println("tally:", err)
			t.failed++
		}
	}
	if t.failed > 0 {
		os.Exit(1)
	}
}

func (t *tally) take(e event) {
	key := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		t.said[key] = append(t.said[key], e.Output)
	case "build-output":
		t.built[e.ImportPath] = append(t.built[e.ImportPath], e.Output)
	case "build-fail":
		fmt.Print(strings.Join(t.built[e.ImportPath], ""))
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endOfPackage(e)
		} else {
			t.endOfTest(e)
		}
		delete(t.said, key)
	}
}

func (t *tally) endOfTest(e event) {
	failed := e.Action == "fail" || e.Action == "skip" && t.strict
	if failed || e.Action == "skip" {
		fmt.Print(strings.Join(t.said[test{e.Package, e.Test}], ""))
	}
	if failed && e.Action == "skip" {
		fmt.Printf("    %s: counts as failed: what it needs has been set up\n", e.Test)
	}
	if strings.Contains(e.Test, "/") {
		if failed && e.Action == "skip" {
			t.failed++ // its parent will pass
			t.failedIn[e.Package]++
		}
		return
	}
	switch {
	case failed:
		t.failed++
		t.failedIn[e.Package]++
	case e.Action == "skip":
		t.skipped++
	default:
		t.passed++
	}
}

// endOfPackage prints the package's line. Packages without tests say nothing. A failed one prints what its unfinished tests said,
// too: a panic or a time-out is in there.
func (t *tally) endOfPackage(e event) {
	if e.Action == "fail" {
		for key, said := range t.said {
			if key.pkg == e.Package && key.name != "" {
				fmt.Print(strings.Join(said, ""))
			}
		}
		if t.failedIn[e.Package] == 0 {
			t.failed++
		}
	}
	for _, line := range t.said[test{e.Package, ""}] {
		if e.Action == "fail" && line != "FAIL\n" || strings.HasPrefix(line, "ok ") && !strings.Contains(line, "[no tests to run]") {
			fmt.Print(line)
		}
	}
}

func add(name, line string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
