package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kandili/ui/uitest"
)

// TestReady_theTestPageIsPrintedByTheDialogOfAllPaper: on the format that is chosen, and no label of the sheet that was begun is used up.
func TestReady_theTestPageIsPrintedByTheDialogOfAllPaper(t *testing.T) {
	k := &walker{session: practising(t, 0), faults: map[string]string{}}
	k.wear("en", 1, 1280, 800)
	if err := k.desk.Remember([]byte(`{"layout":"Avery L7160","used":{"Avery L7160":5}}`)); err != nil {
		t.Fatal(err)
	}
	k.menu("Ready to travel or leave …")
	k.settle()
	for i, name := range uitest.Reading(k.root()) {
		if strings.Contains(name, "test page") {
			k.press(uitest.Stops(k.root())[i])
			break
		}
	}
	if got := k.over(); !strings.Contains(got, "Print a test page") || !strings.Contains(got, "Avery L7160") || strings.Contains(got, "Begin at label") {
		t.Fatalf("the dialog: %s", got)
	}
	k.canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	k.settle()
	home, _ := os.UserHomeDir()
	pdf, err := os.ReadFile(filepath.Join(home, "Kandili", "Test page.pdf"))
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("the page: %v %.20q", err, pdf)
	}
	if kept := string(k.desk.Remembered()); !strings.Contains(kept, `"Avery L7160":5`) {
		t.Errorf("the sheet that was begun is now %s", kept)
	}
}
