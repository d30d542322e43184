//go:build ignore

// Command bench reads the output of `go test -bench`, prints it as a table and writes it as JSON to the file named by -o:
//
//	[{"package":"internal/store","name":"Search","runs":100,"figures":{"ns/op":812345,"ratio":0.2}}]
//
// A figure is whatever the benchmark measured or reported, by its unit. Lines that are no figure, such as a failure, are printed as
// they are. It ends with 1 when a benchmark failed or none ran.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

type result struct {
	Package string             `json:"package"` // folder, from the top of the repository
	Name    string             `json:"name"`    // without "Benchmark" and the number of cores
	Runs    int                `json:"runs"`
	Figures map[string]float64 `json:"figures"` // by unit
}

func main() {
	out := flag.String("o", "", "write the figures as JSON to this `file`")
	flag.Parse()
	results, failed := read()
	print(results)
	if *out != "" {
		text, err := json.MarshalIndent(results, "", "  ")
		if err == nil {
			err = os.WriteFile(*out, append(text, '\n'), 0o666)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			failed = true
		}
	}
	if failed || len(results) == 0 {
		os.Exit(1)
	}
}

func read() (results []result, failed bool) {
	pkg := ""
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		line := lines.Text()
		if r, ok := parse(line); ok {
			r.Package = pkg
			results = append(results, r)
			continue
		}
		first, rest, _ := strings.Cut(line, " ")
		switch {
		case first == "pkg:":
			pkg = strings.TrimPrefix(rest, "kandili/")
		case first == "goos:" || first == "goarch:" || first == "cpu:" || line == "PASS":
		case strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "? ") || strings.Contains(line, "no test files"):
		default:
			failed = failed || strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "--- FAIL")
			fmt.Println(line)
		}
	}
	return results, failed
}

// parse reads "BenchmarkSearch-2   100   812345 ns/op   0.2 ratio".
func parse(line string) (result, bool) {
	words := strings.Fields(line)
	if len(words) < 4 || len(words)%2 != 0 || !strings.HasPrefix(words[0], "Benchmark") {
		return result{}, false
	}
	runs, err := strconv.Atoi(words[1])
	if err != nil {
		return result{}, false
	}
	name := strings.TrimPrefix(words[0], "Benchmark")
	if at := strings.LastIndexByte(name, '-'); at > 0 {
		if _, err := strconv.Atoi(name[at+1:]); err == nil {
			name = name[:at]
		}
	}
	r := result{Name: name, Runs: runs, Figures: map[string]float64{}}
	for i := 2; i < len(words); i += 2 {
		if r.Figures[words[i+1]], err = strconv.ParseFloat(words[i], 64); err != nil {
			return result{}, false
		}
	}
	return r, true
}

func print(results []result) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%s", r.Package, r.Name)
		for _, unit := range slices.Sorted(maps.Keys(r.Figures)) {
			fmt.Fprintf(table, "\t%s %s", strconv.FormatFloat(r.Figures[unit], 'f', digits(r.Figures[unit]), 64), unit)
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}

// digits after the point: three for what is below ten, none above a hundred.
func digits(figure float64) int {
	switch {
	case figure >= 100 || figure == float64(int64(figure)):
		return 0
	case figure >= 10:
		return 1
	default:
		return 3
	}
}
