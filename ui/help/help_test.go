package help_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/assets"
	"kandili/ui/help"
	"kandili/ui/kit"
	"kandili/ui/show"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestParse_readsTheMarksThatPagesUse(t *testing.T) {
	got := help.Parse("# People\n\nOne sentence\nthat goes on.\n\nAnother.\n\n## How\n\n1. Press.\n2. Wait.\n- A point.\n![marks]\n3.5 metres\n")
	want := help.Page{Title: "People", Blocks: []help.Block{{Kind: help.Text, Text: "One sentence that goes on."}, {Kind: help.Text, Text: "Another."}, {Kind: help.Heading, Text: "How"},
		{Kind: help.Step, Text: "Press.", Number: 1}, {Kind: help.Step, Text: "Wait.", Number: 2}, {Kind: help.Point, Text: "A point."}, {Kind: help.Picture, Text: "marks"}, {Kind: help.Text, Text: "3.5 metres"}}}
	if got.Title != want.Title || !slices.Equal(got.Blocks, want.Blocks) {
		t.Errorf("got %+v", got)
	}
}

// Every page is there in every language, and says as much: the same headings, steps, points and pictures in the same order.
func TestPages_areTheSameInEveryLanguage(t *testing.T) {
	files, err := fs.Glob(assets.Help(), "en/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := path.Base(file)
		want := shape(t, "en", name)
		for _, l := range show.Langs()[1:] {
			if got := shape(t, l.Code, name); got != want {
				t.Errorf("%s/%s:\n%s\nEnglish:\n%s", l.Code, name, got, want)
			}
		}
	}
	for _, l := range show.Langs() {
		all, _ := fs.Glob(assets.Help(), l.Code+"/*.md")
		if len(all) != len(files) {
			t.Errorf("%s has %d pages, English %d", l.Code, len(all), len(files))
		}
	}
}

// shape tells what a page is made of.
func shape(t *testing.T, lang, name string) string {
	b, err := fs.ReadFile(assets.Help(), path.Join(lang, name))
	if err != nil {
		t.Errorf("%s lacks the page %s", lang, name)
		return ""
	}
	p := help.Parse(string(b))
	if p.Title == "" {
		t.Errorf("%s/%s has no title", lang, name)
	}
	var out []string
	for _, x := range p.Blocks {
		s := [...]string{"text", "heading", "point", "step", "picture"}[x.Kind]
		if x.Kind == help.Picture {
			s += " " + x.Text
			if !help.Drawn(x.Text) {
				t.Errorf("%s/%s: there is no picture %q", lang, name, x.Text)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestShow_isReadByKeysAndInTheLanguage(t *testing.T) {
	w, err := show.Load("sw")
	if err != nil {
		t.Fatal(err)
	}
	win := uitest.NewIn(t, theme.New(theme.Light, 1), 1024, 640, func() fyne.CanvasObject { return kit.NewRoot(kit.NewEntry("")) })
	if err := help.Show(win.Canvas(), w, "checkin", [][2]string{{"Esc", w.T("help.key.esc")}}, nil); err != nil {
		t.Fatal(err)
	}
	win.Golden("checkin-sw.png")
	if got := uitest.Faults(win.Canvas().Overlays().Top()); len(got) > 0 {
		t.Errorf("%q", got)
	}
	win.Key(fyne.KeyEnd)
	if got := strings.Join(win.Texts(), "|"); !strings.Contains(got, "Esc") {
		t.Errorf("the end shows %s", got)
	}
	if win.Key(fyne.KeyEscape); win.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close it")
	}
	if err := help.Show(win.Canvas(), w, "none-such", nil, nil); err != nil || !slices.Contains(win.Texts(), "Siku yako ya kwanza") {
		t.Errorf("a place without a page: %v, %q", err, win.Texts())
	}
}
