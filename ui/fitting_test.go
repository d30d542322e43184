package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestFitting_theWindowStandsInTheScreen(t *testing.T) {
	for room, want := range map[fyne.Size]fyne.Size{
		{}:                                fyne.NewSize(1280, 770), // not known
		fyne.NewSize(1024, 568):           fyne.NewSize(1024, 568), // an old netbook
		fyne.NewSize(1920, 1048):          fyne.NewSize(1280, 770),
		fyne.NewSize(1366, 736):           fyne.NewSize(1280, 736),
		{Width: 1024, Height: -titleOnly}: fyne.NewSize(1280, 770),
	} {
		if got := Fitting(room); got != want {
			t.Errorf("in %v it opens at %v, want %v", room, got, want)
		}
	}
}

// titleOnly is what is left of a screen that says it has no height.
const titleOnly = 32
