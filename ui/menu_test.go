package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestMenu_undoIsFoundUnderTheNameThatTheDriverSends: Ctrl+Z comes as Fyne's own shortcut, never as a custom one.
func TestMenu_undoIsFoundUnderTheNameThatTheDriverSends(t *testing.T) {
	if got, want := ctrl(fyne.KeyZ).ShortcutName(), (&fyne.ShortcutUndo{}).ShortcutName(); got != want {
		t.Errorf("the menu waits for %q, the driver sends %q", got, want)
	}
	if got, want := ctrl(fyne.KeyN).ShortcutName(), "CustomDesktop:Control+N"; got != want {
		t.Errorf("Ctrl+N is %q, want %q", got, want)
	}
}
