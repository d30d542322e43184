//go:build !ci

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// titleBar is about what the system puts above a window.
const titleBar = 32

// room is what the first screen has for a window, in the toolkit's units, without panels and title bar; zero where it is not known. The
// toolkit itself does not tell, and would open a window that stands out of a small screen. It is called on the main goroutine, before
// the app runs; the toolkit starts the same library once more, which does nothing then.
func room() fyne.Size {
	if err := glfw.Init(); err != nil {
		return fyne.Size{} // the toolkit will say so
	}
	m := glfw.GetPrimaryMonitor()
	if m == nil {
		return fyne.Size{}
	}
	_, _, width, height := m.GetWorkarea()
	across, down := m.GetContentScale()
	if across <= 0 || down <= 0 {
		return fyne.Size{}
	}
	return fyne.NewSize(float32(width)/across, float32(height)/down-titleBar)
}
