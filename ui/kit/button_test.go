package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func tallButtons() fyne.CanvasObject {
	return kit.Inset(24, kit.Column(12, kit.Primary("Check in", nil).WithHint("Ctrl 3").Tall(), kit.Secondary("Register someone", nil).Tall(),
		kit.Secondary("Install a lamp", nil).WithIcon("lamp").Tall(), kit.Secondary("Write down a lesson", nil).Tall()))
}

func TestButton_tallAsOnToday(t *testing.T) {
	w := uitest.New(t, 420, 330, tallButtons)
	w.Tab()
	w.Golden("tall.png")
}

func TestButton_tallGrowsWithTheLetters(t *testing.T) {
	var b *kit.Button
	uitest.NewIn(t, theme.New(theme.Light, 2), 420, 330, func() fyne.CanvasObject { b = kit.Primary("Check in", nil).Tall(); return b })
	if got := b.MinSize().Height; got < 72 {
		t.Errorf("%v high, want at least 72", got)
	}
	if got, plain := b.MinSize().Height, kit.Primary("Check in", nil).MinSize().Height; got < plain {
		t.Errorf("%v high, a plain one %v", got, plain)
	}
}
