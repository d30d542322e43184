//go:build ignore

// Command bench reads the output of `go test -bench`, prints it as a table and writes it as JSON to the file named by -o:
//
//	{"rows":[{"row":"bytes on the wire …","figure":12.9,"unit":"B/change","at_most":16,"reached":true}],
//	 "benchmarks":[{"package":"internal/store","name":"Search","runs":100,"figures":{"ns/op":812345,"ratio":0.2}}]}
//
// Benchmarks' figures are whatever they measured or reported, by its unit. Rows are those of DESIGN.md section 9, with the figure
// to reach; a row whose benchmark did not run is left out. Lines that are no figure, such as a failure, are printed as they are. It
// ends with 1 when a benchmark failed or none ran, not when a row is missed: that depends on the machine, and the table says it.
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
	rows := reach(results)
	printRows(rows)
	if *out != "" {
		text, err := json.MarshalIndent(map[string]any{"rows": rows, "benchmarks": results}, "", "  ")
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

// goal is a figure of DESIGN.md section 9.
type goal struct {
	what, name, unit string
	most, least      float64 // the figure to reach; 0: none
	against          string  // where set, the goal is below the same unit of this benchmark
}

var goals = []goal{
	{what: "bytes on the wire, all in, 10,000 changes sent to HQ", name: "Sync_reference", unit: "B/change", most: 16},
	{what: "… below zstd -19 of the same records as JSON lines", name: "Sync_reference", unit: "B/change", against: "Zstd19_reference"},
	{what: "time over 32 kbit/s, 600 ms, cut every 60 s, by bytes at line rate", name: "Sync_reference", unit: "x-line-rate", most: 1.3},
	{what: "nothing to sync at 10,000 changes: requests", name: "Sync_nothing", unit: "requests-at-10k", most: 1},
	{what: "… body both ways", name: "Sync_nothing", unit: "B-at-10k", most: 600},
	{what: "nothing to sync at 1,000,000 changes: requests", name: "Sync_nothing", unit: "requests-at-1M", most: 1},
	{what: "… body both ways", name: "Sync_nothing", unit: "B-at-1M", most: 600},
	{what: "… beyond that at 10,000", name: "Sync_nothing", unit: "B-more-at-1M", most: 0.5},
	{what: "photo chunks after a cut: sent twice", name: "Photos_cut", unit: "chunks-more/cut", most: 1},
	{what: "durable save of a form, p50 by one bare bbolt update", name: "Save_form", unit: "x-bare-update", most: 2},
	{what: "window with 100,000 people, passphrase to list, by one with nobody", name: "Window_with100000People", unit: "full/empty", most: 1.5},
	{what: "… memory over it", name: "Window_with100000People", unit: "MB-over", most: 120},
	{what: "search among 100,000 people, best 20 first: p99", name: "Search_people", unit: "p99-ms", most: 5},
	{what: "… p99 by SQLite FTS5 trigram, best 20 by rank", name: "Search_people", unit: "x-fts5", most: 0.25},
	{what: "check-in, last key to answer: p99", name: "Checkin_answer", unit: "p99-ms", most: 50},
	{what: "1,000 badges to PDF, vector codes", name: "Badges1000/mixed", unit: "ms/1000-badges", most: 500},
	{what: "HQ takes in changes of 1,000 laptops, signed, durable", name: "HQ_intake", unit: "changes/s", least: 20_000},
	{what: "HQ list page at 1,000,000 records: p95", name: "HQ_pages", unit: "p95-ms-list", most: 100},
	{what: "… overview", name: "HQ_pages", unit: "p95-ms-overview", most: 100},
	{what: "… search", name: "HQ_pages", unit: "p95-ms-search", most: 100},
	{what: "… list, while somebody writes", name: "HQ_pages", unit: "p95-ms-list-written-to", most: 100},
	{what: "… overview, while somebody writes", name: "HQ_pages", unit: "p95-ms-overview-written-to", most: 100},
	{what: "… search, while somebody writes", name: "HQ_pages", unit: "p95-ms-search-written-to", most: 100},
	{what: "backup while running, 1,000,000 records", name: "HQ_backup", unit: "s", most: 30},
	{what: "… requests refused meanwhile", name: "HQ_backup", unit: "refused", most: 0.5},
}

// row is a goal with what was measured.
type row struct {
	Row     string  `json:"row"`
	Figure  float64 `json:"figure"`
	Unit    string  `json:"unit"`
	AtMost  float64 `json:"at_most,omitempty"`
	AtLeast float64 `json:"at_least,omitempty"`
	Reached bool    `json:"reached"`
}

func reach(results []result) []row {
	figure := func(name, unit string) (float64, bool) {
		for _, r := range results {
			if f, ok := r.Figures[unit]; ok && r.Name == name {
				return f, true
			}
		}
		return 0, false
	}
	rows := []row{}
	for _, g := range goals {
		f, ok := figure(g.name, g.unit)
		if !ok {
			continue
		}
		if g.against != "" {
			if g.most, ok = figure(g.against, g.unit); !ok {
				continue
			}
		}
		reached := (g.most == 0 || f <= g.most) && (g.least == 0 || f >= g.least)
		rows = append(rows, row{g.what, f, g.unit, g.most, g.least, reached})
	}
	return rows
}

func printRows(rows []row) {
	if len(rows) == 0 {
		return
	}
	fmt.Println()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "row of DESIGN.md section 9\tfigure\tto reach\t")
	for _, r := range rows {
		reach, word := "≤ "+short(r.AtMost), "reached"
		if r.AtLeast > 0 {
			reach = "≥ " + short(r.AtLeast)
		}
		if !r.Reached {
			word = "MISSED"
		}
		fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\n", r.Row, short(r.Figure), r.Unit, reach, word)
	}
	table.Flush()
}

func short(figure float64) string { return strconv.FormatFloat(figure, 'f', digits(figure), 64) }
