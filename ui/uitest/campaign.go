package uitest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/printing"
	"kandili/ui/show"
	"kandili/ui/task"
)

// Noon is when tests happen: Tuesday, 9 March 2027.
var Noon = time.Date(2027, 3, 9, 12, 0, 0, 0, time.UTC)

// Store is a real campaign in a folder of its own, verified when the test ends.
func Store(t testing.TB) *store.Store {
	t.Helper()
	dir := t.TempDir()
	keys, err := vault.Create(filepath.Join(dir, "vault.json"), []byte("four words are good"), vault.TestParams)
	if err != nil {
		t.Fatal(err)
	}
	self := store.Identity{Campaign: journal.Campaign{1}, Log: fieldwork.LogID{Node: 7}, Name: "Kajiado 1", Seed: store.NewSeed()}
	s, err := store.Create(filepath.Join(dir, "campaign"), self, keys, store.Options{Now: func() time.Time { return Noon }, Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r, err := s.Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("after the test: %v %q", err, r.Damage)
		}
		s.Close()
	})
	return s
}

// Save saves one record and returns its id.
func Save(t testing.TB, s *store.Store, kind fieldwork.Kind, fields ...fieldwork.FieldValue) fieldwork.RecordID {
	t.Helper()
	c, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: kind, Fields: fields}}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Target(0)
}

// Field is short for a field with a value.
func Field(f fieldwork.FieldID, v fieldwork.Value) fieldwork.FieldValue {
	return fieldwork.FieldValue{Field: f, Value: v}
}

// Desk is what a place under test works with: its Env, the steps of its background work, and what it said.
type Desk struct {
	Env   *place.Env
	Steps *task.Step
	Said  []string // the short messages
	Went  []string // places it went to
	Files []string // paths of what was saved, and what was opened after that
	Press *Press   // what prints
}

// NewDesk is a desk in a language, at Noon. The window that the place is shown in comes with Show.
func NewDesk(t testing.TB, lang string) *Desk {
	t.Helper()
	w, err := show.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{Steps: task.NewStep()}
	d.Env = &place.Env{Words: w, Sched: d.Steps, Now: func() time.Time { return Noon }, Canvas: func() fyne.Canvas { return nil },
		Say:   func(_ kit.Tone, s string) { d.Said = append(d.Said, s) },
		Saved: func() {}, GoTo: func(p string, _ fieldwork.RecordID) { d.Went = append(d.Went, p) },
		Site: func() fieldwork.RecordID { return fieldwork.RecordID{} }}
	saved := &files{d, t.TempDir()}
	d.Env.Files = saved
	d.Press = newPress(t, w, saved)
	d.Env.Papers = d.Press
	d.Env.Print = func(job printing.Job) {
		printing.Ask(printing.Env{Words: w, Sched: d.Steps, Canvas: d.Env.Canvas(), Printer: d.Press, Say: d.Env.Say, Tell: d.Env.Tell}, job)
	}
	d.Env.Done = func(s string) { d.Said = append(d.Said, s) }
	d.Env.Offer = func(_ kit.Tone, s, _, _ string, _ func()) { d.Said = append(d.Said, s) }
	return d
}

// files puts papers into a folder of the test's.
type files struct {
	desk *Desk
	dir  string
}

// SavePaper implements place.Files.
func (f *files) SavePaper(name string, write func(io.Writer) error) (string, error) {
	path := filepath.Join(f.dir, name)
	out, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer out.Close()
	if err := write(out); err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	f.desk.Files = append(f.desk.Files, path)
	return path, nil
}

// OpenFile implements place.Files.
func (f *files) OpenFile(path string) error {
	f.desk.Files = append(f.desk.Files, "opened "+path)
	return nil
}

// Show shows a place as the window does, in its middle: beside the column and between the bars.
func (d *Desk) Show(t testing.TB, th fyne.Theme, width, height float32, build func() place.Place) (*Window, place.Place) {
	t.Helper()
	var p place.Place
	w := NewIn(t, th, width-200, height-88, func() fyne.CanvasObject {
		p = build()
		return p.Content()
	})
	d.Env.Canvas = w.Canvas
	p.Enter(fieldwork.RecordID{})
	d.Steps.Settle()
	w.Settle()
	return w, p
}
