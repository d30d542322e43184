package kit_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kandili/ui/kit"
	"kandili/ui/uitest"
)

// longForm is more than fits on a small screen, as a place has it: a panel that scrolls beside one that does not.
func longForm() fyne.CanvasObject {
	form := kit.NewForm()
	for i := range 10 {
		form.Add(fmt.Sprint(i), kit.NewField(fmt.Sprint("Question ", i+1), kit.NewEntry("Answer"), "A hint that stands below."))
	}
	all := kit.Column(16, kit.NewTitle("Visit to a lamp"), form.Object(), kit.Row(12, kit.Primary("Save", nil).WithHint("Ctrl S"), kit.Secondary("Cancel", nil)))
	left := kit.Fill(0, kit.Panel(kit.NewText("Stays where it is.")))
	return kit.NewRoot(kit.Inset(24, kit.Columns(20, []float32{1, 2}, left, kit.Scroll(kit.Panel(all)))))
}

// topOf is where o begins on the canvas.
func topOf(c fyne.Canvas, o fyne.CanvasObject) float32 {
	d := fyne.CurrentApp().Driver()
	return d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(c.Content()).Y
}

// inSight says whether o lies wholly within the canvas.
func inSight(c fyne.Canvas, o fyne.CanvasObject) bool {
	top := topOf(c, o)
	return top >= 0 && top+o.Size().Height <= c.Size().Height
}

func TestScroll_followsTheFocusBothWays(t *testing.T) {
	w := uitest.New(t, 1024, 600, longForm)
	for i, step := range []func(fyne.Canvas){test.FocusNext, test.FocusPrevious} {
		for n := range 12 {
			step(w.Canvas())
			o, ok := w.Canvas().Focused().(fyne.CanvasObject)
			if !ok {
				t.Fatalf("way %d, step %d: nothing has the focus", i, n)
			}
			if !inSight(w.Canvas(), o) {
				t.Errorf("way %d, step %d: what has the focus is out of sight", i, n)
			}
		}
	}
}

func TestScroll_showsTheLabelAndTheProblemToo(t *testing.T) {
	var field *kit.Field
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject {
		field = kit.NewField("Last", kit.NewEntry(""), "")
		return kit.NewRoot(kit.Scroll(kit.Column(16, kit.Fixed(0, 500, kit.NewText("Above")), field, kit.Fixed(0, 500, kit.NewText("Below")))))
	})
	field.SetError("A birth year lies between 1907 and 2027.")
	w.Settle()
	if w.Tab(); !inSight(w.Canvas(), field) {
		t.Error("the field is not wholly in sight")
	}
}

func TestScroll_pageKeysTurnThePage(t *testing.T) {
	var first *kit.Button
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject {
		first = kit.Secondary("First", nil)
		return kit.NewRoot(kit.Scroll(kit.Column(0, first, kit.Fixed(0, 900, kit.NewText("A long text")))))
	})
	w.Tab()
	for range 9 {
		w.Key(fyne.KeyPageDown)
	}
	if inSight(w.Canvas(), first) {
		t.Error("Page Down did nothing")
	}
	for range 9 {
		w.Key(fyne.KeyPageUp)
	}
	if !inSight(w.Canvas(), first) {
		t.Error("Page Up did not come back")
	}
}

func TestScroll_givesTheWholeHeightToWhatFits(t *testing.T) {
	var o *fyne.Container
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject {
		o = kit.Column(0, kit.NewText("Short"))
		return kit.NewRoot(kit.Scroll(o))
	})
	if got, want := o.Size(), w.Canvas().Size(); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestScroll_looks(t *testing.T) {
	w := uitest.New(t, 1024, 600, longForm)
	for range 11 {
		w.Tab()
	}
	w.Golden("scroll.png")
}

func TestScroll_wheelOverAnEntryTurnsTheForm(t *testing.T) {
	var e *kit.Entry
	w := uitest.New(t, 400, 300, func() fyne.CanvasObject {
		e = kit.NewEntry("Answer")
		return kit.NewRoot(kit.Scroll(kit.Column(0, kit.Fixed(0, 100, kit.NewText("Above")), e, kit.Fixed(0, 900, kit.NewText("Below")))))
	})
	before := topOf(w.Canvas(), e)
	test.Scroll(w.Canvas(), fyne.NewPos(200, before+20), 0, -30)
	if after := topOf(w.Canvas(), e); after != before-30 {
		t.Errorf("the entry went from %v to %v, want 30 up", before, after)
	}
}
