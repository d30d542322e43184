package kit_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kandili/ui/kit"
	"kandili/ui/uitest"
)

// A notch of the wheel is ten units.
func BenchmarkRowList_wheel(b *testing.B) {
	b.Run("plain", func(b *testing.B) { wheel(b, false) })
	b.Run("marked", func(b *testing.B) { wheel(b, true) })
}

func wheel(b *testing.B, marked bool) {
	row := func(i int) kit.RowItem {
		item := kit.RowItem{ID: fmt.Sprint(i), Title: fmt.Sprint("Nasieku Parsitau ", i%500), Sub: fmt.Sprint("KJ4-0217-X · 1994 · Olkiramatian ", i%500),
			Status: kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: "at HQ"}}
		if marked {
			item.Marks = [][2]int{{0, 7}, {8, 11}}
		}
		return item
	}
	var l *kit.RowList
	w := uitest.New(b, 440, 700, func() fyne.CanvasObject { l = kit.NewRowList(row); l.SetCount(100_000); return kit.NewRoot(l) })
	for b.Loop() {
		test.Scroll(w.Canvas(), fyne.NewPos(100, 100), 0, -10)
	}
}
