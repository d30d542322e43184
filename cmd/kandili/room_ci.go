//go:build ci

package main

import "fyne.io/fyne/v2"

// room is not known without a screen.
func room() fyne.Size { return fyne.Size{} }
