package layout

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pin is what go.mod must say about one module.
type pin struct {
	module  string
	exactly string // when not empty, this version and no other
	atLeast string // when not empty, the oldest version that will do
	why     string
}

var pins = []pin{
	{module: "fyne.io/fyne/v2", exactly: "v2.7.1",
		why: "widgets, tests and pictures were made for this version; a newer one is a change of its own"},
	{module: "github.com/go-text/typesetting", exactly: "v0.2.1",
		why: "with v0.3 Fyne 2.7.1 compiles, but draws Devanagari, Ethiopic and Bengali names as empty boxes"},
	{module: "github.com/yuin/goldmark", atLeast: "v1.7.17",
		why: "GO-2026-5320; Fyne alone would bring v1.7.8"},
	{module: "golang.org/x/image", atLeast: "v0.45.0",
		why: "hostile pictures could exhaust memory (up to GO-2026-6222); Fyne alone would bring v0.24"},
	{module: "github.com/xuri/excelize/v2", atLeast: "v2.11.0",
		why: "GO-2026-5960: a hostile workbook could exhaust memory"},
	{module: "github.com/klauspost/compress", atLeast: "v1.18.7",
		why: "GO-2026-5841"},
	{module: "github.com/miekg/dns", atLeast: "v1.1.73",
		why: "it reads packets that anybody on a network sends; dnssd alone would bring one of 2024"},
}

func TestModules_keepTheirPins(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(top, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range checkPins(string(text)) {
		t.Error(complaint)
	}
}

func TestPins_goRedWhenBroken(t *testing.T) {
	good := "module kandili\n\nrequire fyne.io/fyne/v2 v2.7.1\n\nrequire (\n" +
		"\tgithub.com/go-text/typesetting v0.2.1 // indirect\n\tgithub.com/yuin/goldmark v1.8.7\n\tgolang.org/x/image v0.45.0\n" +
		"\tgithub.com/xuri/excelize/v2 v2.11.1\n\tgithub.com/klauspost/compress v1.20.3\n\tgithub.com/miekg/dns v1.1.73\n)\n"
	if got := checkPins(good); len(got) != 0 {
		t.Fatalf("a good go.mod was refused: %v", got)
	}
	for situation, change := range map[string][2]string{
		"raised":        {"typesetting v0.2.1", "typesetting v0.3.5"},
		"too old":       {"goldmark v1.8.7", "goldmark v1.7.8"},
		"older by ten":  {"goldmark v1.8.7", "goldmark v1.7.9"},
		"pre-release":   {"x/image v0.45.0", "x/image v0.45.0-rc1"},
		"dropped":       {"\tgithub.com/xuri/excelize/v2 v2.11.1\n", ""},
		"went round it": {"module kandili\n", "module kandili\n\nreplace golang.org/x/image => ../image\n"},
	} {
		t.Run(situation, func(t *testing.T) {
			broken := strings.Replace(good, change[0], change[1], 1)
			if broken == good {
				t.Fatal("nothing was changed")
			}
			if got := checkPins(broken); len(got) != 1 {
				t.Errorf("got %v, want one complaint", got)
			}
		})
	}
}

func checkPins(goMod string) []string {
	versions, replaced := required(goMod)
	var out []string
	for _, line := range replaced {
		out = append(out, "go.mod replaces a module, which goes round the pins: "+line)
	}
	for _, p := range pins {
		got := versions[p.module]
		switch {
		case got == "":
			out = append(out, p.module+" is not in go.mod; it is pinned because: "+p.why)
		case p.exactly != "" && got != p.exactly:
			out = append(out, p.module+" is "+got+", must be "+p.exactly+": "+p.why)
		case p.atLeast != "" && older(got, p.atLeast):
			out = append(out, p.module+" is "+got+", must be at least "+p.atLeast+": "+p.why)
		}
	}
	return out
}

// required reads the versions that go.mod requires, and its replace lines. The go command refuses to build when go.mod does not
// name the versions that it uses, so these are the versions in the programs.
func required(goMod string) (versions map[string]string, replaced []string) {
	versions = map[string]string{}
	block := ""
	for line := range strings.Lines(goMod) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == ")" {
			block = ""
			continue
		}
		if len(words) == 2 && words[1] == "(" {
			block = words[0]
			continue
		}
		if block != "" {
			words = append([]string{block}, words...)
		}
		switch {
		case words[0] == "require" && len(words) >= 3:
			versions[words[1]] = words[2]
		case words[0] == "replace":
			replaced = append(replaced, strings.Join(words[1:], " "))
		}
	}
	return versions, replaced
}

// older compares two versions of the form v1.2.3; a pre-release (v1.2.3-rc1) is older than its release.
func older(a, b string) bool {
	numbersA, preA := split(a)
	numbersB, preB := split(b)
	if c := slices.Compare(numbersA, numbersB); c != 0 {
		return c < 0
	}
	return preA && !preB
}

func split(version string) (numbers []int, pre bool) {
	release, _, pre := strings.Cut(strings.TrimPrefix(version, "v"), "-")
	for _, part := range strings.Split(release, ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	return numbers, pre
}
