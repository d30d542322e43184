package layout

import (
	"fmt"
	"go/token"
	"path"
	"slices"
	"strings"
)

// rule is one sentence about the shape of this repository that a program can check.
type rule struct {
	name  string
	why   string
	check func(*tree) []finding
	// plant is a small repository, path to source, that breaks this rule and no other.
	plant map[string]string
}

// finding is one place that breaks a rule.
type finding struct {
	where token.Position
	what  string
}

func (t *tree) at(pos token.Pos, what string) finding {
	return finding{t.fset.Position(pos), what}
}

const fyne = "fyne.io"

var rules = []rule{
	{
		name:  "arrows go one way",
		why:   "cmd → ui, hq → store, exchange, paper, sheets → journal, wire → fieldwork: what lies below can be read, tested and kept without what lies above",
		check: upwardImports,
		plant: map[string]string{"internal/journal/a.go": "// Package journal is planted.\npackage journal\n\nimport _ \"kandili/internal/store\"\n"},
	},
	{
		name:  "fieldwork imports the standard library only",
		why:   "the domain outlives every library, and a reader needs nothing else to understand it",
		check: forbidImports(in("internal/fieldwork"), func(imp string) bool { return !standard(imp) }, productionOnly),
		plant: map[string]string{"internal/fieldwork/a.go": "// Package fieldwork is planted.\npackage fieldwork\n\nimport _ \"golang.org/x/text/cases\"\n"},
	},
	{
		name:  "fieldwork, journal and wire are pure",
		why:   "rules and codecs that touch no file and no network give the same answer everywhere and can be fuzzed and simulated",
		check: forbidImports(in(pure...), isOneOf("os", "net", "syscall", "log", "golang.org/x/sys"), productionOnly),
		plant: map[string]string{"sync/wire/a.go": "// Package wire is planted.\npackage wire\n\nimport _ \"net/http\"\n"},
	},
	{
		name:  "fieldwork, journal, wire and models never ask the time",
		why:   "time comes in from outside, so that a test can hand in Tuesday and replicas with wrong clocks still agree",
		check: noClock,
		plant: map[string]string{"ui/people/model.go": "// Package people is planted.\npackage people\n\nimport \"time\"\n\nvar now = time.Now\n"},
	},
	{
		name:  "only store imports bbolt",
		why:   "one place knows how things lie on disk, one place checks, backs up and repairs them",
		check: forbidImports(notIn("internal/store"), isOneOf("go.etcd.io/bbolt"), productionOnly),
		plant: map[string]string{"internal/hq/a.go": "// Package hq is planted.\npackage hq\n\nimport _ \"go.etcd.io/bbolt\"\n"},
	},
	{
		name:  "only ui and cmd/kandili import Fyne",
		why:   "everything else builds without cgo and runs where there is no screen",
		check: forbidImports(notIn("ui", "cmd/kandili"), isOneOf(fyne), testsToo),
		plant: map[string]string{"internal/paper/a_test.go": "// Package paper is planted.\npackage paper\n\nimport _ \"fyne.io/fyne/v2\"\n"},
	},
	{
		name:  "ui/show imports no Fyne and no widgets",
		why:   "words, dates and numbers are the same in the window, on HQ's pages and on paper, and are tested without a window",
		check: forbidImports(in("ui/show"), isOneOf(fyne, module+"/ui/kit", module+"/ui/task"), testsToo),
		plant: map[string]string{"ui/show/a.go": "// Package show is planted.\npackage show\n\nimport _ \"fyne.io/fyne/v2/theme\"\n"},
	},
	{
		name:  "a model.go imports no Fyne and no widgets",
		why:   "a place's state and transitions are tested without widgets; view.go draws them",
		check: forbidImports(model, isOneOf(fyne, module+"/ui/kit"), testsToo),
		plant: map[string]string{"ui/lamps/model.go": "// Package lamps is planted.\npackage lamps\n\nimport _ \"kandili/ui/kit\"\n"},
	},
	{
		name: "in ui/task only fyne.go imports Fyne",
		why:  "the scheduler for tests must run step by step without a toolkit",
		check: forbidImports(func(f *file) bool { return under(f.dir, "ui/task") && f.path != onlyGoroutines && !f.test },
			isOneOf(fyne), productionOnly),
		plant: map[string]string{"ui/task/step.go": "// Package task is planted.\npackage task\n\nimport _ \"fyne.io/fyne/v2\"\n"},
	},
	{
		name:  "in ui only " + onlyGoroutines + " starts goroutines and calls fyne.Do",
		why:   "the test driver runs fyne.Do on the caller's goroutine and release builds do not warn: one file gets this right for all",
		check: strayGoroutines,
		plant: map[string]string{"ui/team/screen.go": "// Package team is planted.\npackage team\n\nimport f \"fyne.io/fyne/v2\"\n\nfunc show() { f.Do(func() {}) }\n"},
	},
	{
		name:  "ui does not import sync or hq",
		why:   "a place talks to the store and to small interfaces of its own; the network is never on the path of a person's work",
		check: forbidImports(in("ui"), isOneOf(module+"/sync", module+"/internal/hq"), productionOnly),
		plant: map[string]string{"ui/status/a.go": "// Package status is planted.\npackage status\n\nimport _ \"kandili/sync/exchange\"\n"},
	},
	{
		name:  "sync and hq do not import ui",
		why:   "HQ and the terminal tool sync without a window",
		check: forbidImports(in("sync", "internal/hq", "cmd/kandili-hq", "cmd/kandilictl"), windowed, testsToo),
		plant: map[string]string{"cmd/kandilictl/main.go": "// Command kandilictl is planted.\npackage main\n\nimport _ \"kandili/ui/kit\"\n"},
	},
	{
		name:  "no Go file stands directly in sync/",
		why:   "sync/ is a family; a package there would shadow the standard package of that name",
		check: goInSync,
		plant: map[string]string{"sync/a_test.go": "// Package sync is planted.\npackage sync\n"},
	},
	{
		name:  "no cgo of our own",
		why:   "Fyne's is the only one: HQ and the terminal tool cross-compile, and memory safety is the compiler's",
		check: forbidImports(everywhere, isOneOf("C"), testsToo),
		plant: map[string]string{"internal/vault/a.go": "// Package vault is planted.\npackage vault\n\nimport \"C\"\n"},
	},
	{
		name: "test helpers stay out of programs",
		why:  "what only tests need belongs in _test.go files or in a package whose name ends in test",
		check: forbidImports(func(f *file) bool { return !strings.HasSuffix(path.Base(f.dir), "test") },
			isOneOf("testing", "pgregory.net/rapid", "github.com/google/go-cmp"), productionOnly),
		plant: map[string]string{"internal/sheets/a.go": "// Package sheets is planted.\npackage sheets\n\nimport _ \"testing\"\n"},
	},
	{
		name:  "every package has exactly one doc comment",
		why:   "a reader who opens a folder learns in one place what it is for and who may import it",
		check: docComments,
		plant: map[string]string{"internal/store/a.go": "package store\n"},
	},
}

// onlyGoroutines is the one file of ui that may start goroutines.
const onlyGoroutines = "ui/task/fyne.go"

// pure are the packages that open no file, ask no clock and reach no network.
var pure = []string{"internal/fieldwork", "internal/journal", "sync/wire"}

// Whether a rule about imports speaks about _test.go files, too.
const (
	productionOnly = false
	testsToo       = true
)

func forbidImports(who func(*file) bool, bad func(string) bool, tests bool) func(*tree) []finding {
	return func(t *tree) []finding {
		var out []finding
		for _, f := range t.files {
			if f.test && !tests || !who(f) {
				continue
			}
			for _, imp := range f.imports {
				if bad(imp.path) {
					out = append(out, t.at(imp.pos, "imports "+imp.path))
				}
			}
		}
		return out
	}
}

func in(roots ...string) func(*file) bool {
	return func(f *file) bool { return under(f.dir, roots...) }
}
func notIn(roots ...string) func(*file) bool {
	return func(f *file) bool { return !under(f.dir, roots...) }
}
func everywhere(*file) bool { return true }
func isOneOf(roots ...string) func(string) bool {
	return func(imp string) bool { return under(imp, roots...) }
}

// model says whether f is the state of a place; its tests, model_test.go, are held to the same.
func model(f *file) bool {
	return under(f.dir, "ui") && slices.Contains([]string{"model.go", "model_test.go"}, path.Base(f.path))
}

// standard says whether imp is in the standard library: no host name in front, and not ours.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".") && first != module
}

// windowed says whether imp needs the toolkit; ui/show does not.
func windowed(imp string) bool {
	return under(imp, module+"/ui") && !under(imp, module+"/ui/show")
}

func noClock(t *tree) []finding {
	var out []finding
	for _, f := range t.files {
		if f.test || !under(f.dir, pure...) && !model(f) {
			continue
		}
		for _, pos := range f.calls("time", "Now", "Since", "Until") {
			out = append(out, t.at(pos, "asks the clock"))
		}
	}
	return out
}

func strayGoroutines(t *tree) []finding {
	var out []finding
	for _, f := range t.files {
		if f.test || f.path == onlyGoroutines || !under(f.dir, "ui") {
			continue
		}
		for _, pos := range f.goroutines() {
			out = append(out, t.at(pos, "starts a goroutine"))
		}
		for _, pos := range f.calls("fyne.io/fyne/v2", "Do", "DoAndWait") {
			out = append(out, t.at(pos, "calls fyne.Do"))
		}
	}
	return out
}

func goInSync(t *tree) []finding {
	var out []finding
	for _, f := range t.files {
		if f.dir == "sync" {
			out = append(out, t.at(f.ast.Package, "a Go file directly in sync/"))
		}
	}
	return out
}

// docComments counts, per folder, the files whose package clause has a comment. A folder with nothing but tests has it in a test.
func docComments(t *tree) []finding {
	folders := map[string][]*file{}
	for _, f := range t.files {
		folders[f.dir] = append(folders[f.dir], f)
	}
	var out []finding
	for dir, files := range folders {
		if slices.ContainsFunc(files, func(f *file) bool { return !f.test }) {
			files = slices.DeleteFunc(files, func(f *file) bool { return f.test })
		}
		documented := slices.DeleteFunc(slices.Clone(files), func(f *file) bool { return f.ast.Doc.Text() == "" })
		if len(documented) == 0 {
			out = append(out, t.at(files[0].ast.Package, dir+" has no package comment"))
		}
		for _, f := range documented[min(1, len(documented)):] {
			out = append(out, t.at(f.ast.Package, fmt.Sprintf("%s has a second package comment, the first is in %s", dir, documented[0].path)))
		}
		for _, f := range documented {
			if text := f.ast.Doc.Text(); !opensWell(text, f) {
				out = append(out, t.at(f.ast.Package, "the package comment begins "+firstWords(text)))
			}
		}
	}
	return out
}

// opensWell: "Package journal ...", and for a program "Command kandilictl ..." .
func opensWell(text string, f *file) bool {
	if f.ast.Name.Name == "main" {
		return strings.HasPrefix(text, "Command "+path.Base(f.dir)+" ")
	}
	return strings.HasPrefix(text, "Package "+f.ast.Name.Name+" ")
}

func firstWords(text string) string {
	words := strings.Fields(text)
	return fmt.Sprintf("%q", strings.Join(words[:min(3, len(words))], " "))
}
