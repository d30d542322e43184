package main

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/settings"
	"kandili/ui/show"
	"kandili/ui/uitest"
)

// walker goes through the window by its keys and looks at every page it comes to.
type walker struct {
	*session
	faults map[string]string // where each fault was seen first
	pages  int
}

func (k *walker) canvas() fyne.Canvas { return k.window().Canvas() }

// settle ends what runs beside the window and lays everything out, as the real window does by itself.
func (k *walker) settle() {
	k.steps.Settle()
	k.layOut(1)
}

func (k *walker) layOut(times int) {
	s := k.canvas().Size()
	for range times {
		k.window().Resize(s.AddWidthHeight(1, 1))
		k.window().Resize(s)
	}
}

// root is what is in front: the dialog, or the content.
func (k *walker) root() fyne.CanvasObject {
	if top := k.canvas().Overlays().Top(); top != nil {
		return top
	}
	return k.canvas().Content()
}

// look looks at what is in front.
func (k *walker) look(where string) {
	k.settle()
	k.pages++
	c := k.canvas()
	if m, s := k.root().MinSize(), c.Size(); k.root() == c.Content() && (m.Width > s.Width+1 || m.Height > s.Height+1) {
		k.fault(where, fmt.Sprintf("needs %v, the window has %v", m, s))
	}
	faults := uitest.Faults(k.root())
	if len(faults) > 0 { // columns in columns know their heights after as many layouts
		k.layOut(3)
		faults = uitest.Faults(k.root())
	}
	for _, f := range faults {
		k.fault(where, f)
	}
}

func (k *walker) fault(where, what string) {
	if _, known := k.faults[what]; !known {
		k.faults[what] = where
	}
}

// wear dresses the window in a language and size. 38 units are the menu's, as the desktop driver takes them.
func (k *walker) wear(lang string, scale, width, height float32) {
	k.t.Helper()
	if err := k.w.Choose(settings.Choices{Lang: lang, Theme: "light", Scale: scale}); err != nil {
		k.t.Fatal(err)
	}
	k.window().Resize(fyne.NewSize(width, height-menuHigh(scale)))
	k.settle()
}

func menuHigh(scale float32) float32 { return 20*scale + 18 }

// places are the items of the menu's list of places.
func (k *walker) places() (out []*fyne.MenuItem) {
	m := k.window().MainMenu()
	out = append(out, m.Items[1].Items...)
	return append(out, m.Items[0].Items[0])
}

// crawl looks at a place and at what every stop of Tab in it leads to when it is pressed, and once more at what the stops lead to that
// came up then: the buttons of a form, of a record's page.
func (k *walker) crawl(it *fyne.MenuItem, deep bool) {
	where := k.t.Name() + " " + it.Label
	it.Action()
	k.look(where)
	if !deep {
		return
	}
	further := false
	for i := range uitest.Stops(k.canvas().Content()) {
		f, name := k.again(it, i)
		if f == nil {
			break
		}
		base := len(uitest.Stops(k.canvas().Content()))
		k.press(f)
		k.look(where + " › " + name)
		more := len(uitest.Stops(k.canvas().Content()))
		dialog := k.canvas().Overlays().Top() != nil
		k.back()
		if further || dialog || more < base+3 || !wordy(k.words()) {
			continue
		}
		further = true
		for j := more - 1; j >= more-(more-base) && j > i; j-- {
			if f, _ := k.again(it, i); f != nil {
				k.press(f)
			}
			stops := uitest.Stops(k.canvas().Content())
			if j >= len(stops) {
				continue
			}
			inner := uitest.Reading(k.canvas().Content())[j]
			k.press(stops[j])
			k.look(where + " › " + name + " › " + inner)
			k.back()
		}
	}
}

// wordy is the language whose forms are walked through button by button: its words are the longest.
func wordy(lang string) bool { return lang == "fr" }

func (k *walker) words() string { return k.desk.Choices().Lang }

// again comes to a place anew and gives its i-th stop with its name; nil when there are fewer.
func (k *walker) again(it *fyne.MenuItem, i int) (fyne.Focusable, string) {
	it.Action()
	k.settle()
	stops := uitest.Stops(k.canvas().Content())
	if i >= len(stops) {
		return nil, ""
	}
	return stops[i], uitest.Reading(k.canvas().Content())[i]
}

func (k *walker) press(f fyne.Focusable) {
	k.canvas().Focus(f)
	if _, rows := f.(*kit.RowList); rows {
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	if _, nav := f.(*kit.Nav); nav {
		return
	}
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	k.settle()
}

// back leaves what was opened.
func (k *walker) back() {
	for range 3 {
		top := k.canvas().Overlays().Top()
		if top == nil {
			return
		}
		if f := k.canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		}
		if k.canvas().Overlays().Top() == top {
			top.Hide()
			k.canvas().Overlays().Remove(top)
		}
		k.settle()
	}
}

func (k *walker) tell() {
	list := make([]string, 0, len(k.faults))
	for what, where := range k.faults {
		list = append(list, where+": "+what)
	}
	sort.Strings(list)
	if len(list) > 0 {
		k.t.Errorf("%d faults on %d pages:\n%s", len(list), k.pages, strings.Join(list, "\n"))
	}
}

// No text of any place is cut, in any language and size of letters, in the smallest window and in a usual one.
func TestWindow_noTextIsCut(t *testing.T) {
	s := practising(t, 20)
	for _, l := range show.Langs() {
		for _, scale := range []float32{1, 1.3, 1.6} {
			for _, size := range [][2]float32{{1024, 600}, {1280, 800}} {
				t.Run(fmt.Sprintf("%s-%.0f-%.0f", l.Code, scale*100, size[0]), func(t *testing.T) {
					s.t = t
					k := &walker{session: s, faults: map[string]string{}}
					k.wear(l.Code, scale, size[0], size[1])
					for _, it := range k.places() {
						k.crawl(it, scale == 1.6 && size[0] == 1024)
					}
					k.tell()
				})
			}
		}
	}
}

// The pages before the places: a new laptop, a locked one, one without a campaign.
func TestStart_noTextIsCut(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	walk := func(page string, s *session) {
		t.Helper()
		k := &walker{session: s, faults: map[string]string{}}
		for _, l := range show.Langs() {
			for _, scale := range []float32{1, 1.3, 1.6} {
				if err := s.w.Choose(settings.Choices{Lang: l.Code, Theme: "light", Scale: scale}); err != nil {
					t.Fatal(err)
				}
				k.window().Resize(fyne.NewSize(1024, 600))
				k.settle()
				k.look(fmt.Sprintf("%s %s %.0f", page, l.Code, scale*100))
				for i := range uitest.Stops(k.canvas().Content()) { // as when a person goes on without having answered
					if b, ok := uitest.Stops(k.canvas().Content())[i].(*kit.Button); ok && b.Primary() {
						k.press(b)
						k.look(fmt.Sprintf("%s %s %.0f › %s", page, l.Code, scale*100, b.Text()))
						break
					}
				}
			}
		}
		k.tell()
	}
	s := open(t, dir)
	walk("new", s)
	if err := s.desk.Create("Kajiado 1", []byte("four words are good")); err != nil {
		t.Fatal(err)
	}
	s.desk.Close()
	s = open(t, dir)
	walk("locked", s)
	s.desk.Close()
	s = open(t, dir)
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	walk("no campaign", s)
}
