// Package gallery shows every widget of ui/kit in every theme: for who builds a place, and as the pictures that tests compare with.
// Its words are English only, since nobody in the field sees them. Only cmd/kandili and tests import it.
package gallery

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/ui/kit"
	"kandili/ui/task"
	"kandili/ui/theme"
)

// Themes are the variants in the order in which F2 goes through them; Scales those of the letters, for F3.
var (
	Themes = []string{theme.Light, theme.Dark, theme.Sunlight}
	Scales = []float32{1, 1.3, 1.6}
)

// Gallery is the window's content.
type Gallery struct {
	win      fyne.Window
	sched    task.Scheduler
	settings fyne.Settings
	look     int
	scale    int
	page     string
}

// Open fills a window with the gallery and makes its keys work: Ctrl 1 … 9 the pages, F2 the next theme, F3 the next size of letters.
func Open(win fyne.Window, settings fyne.Settings, sched task.Scheduler) *Gallery {
	g := &Gallery{win: win, sched: sched, settings: settings, page: Pages[0].ID}
	win.Canvas().SetOnTypedKey(g.key)
	g.build()
	return g
}

func (g *Gallery) key(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyF2:
		g.look = (g.look + 1) % len(Themes)
	case fyne.KeyF3:
		g.scale = (g.scale + 1) % len(Scales)
	default:
		return
	}
	g.build()
}

// build makes everything anew: widgets ask the theme for colours when they are made.
func (g *Gallery) build() {
	g.settings.SetTheme(theme.New(Themes[g.look], Scales[g.scale]))
	var items []kit.NavItem
	for _, p := range Pages {
		items = append(items, kit.NavItem{ID: p.ID, Icon: p.Icon, Word: p.Title})
	}
	nav := kit.NewNav("Gallery", items...)
	nav.Select(g.page)
	nav.OnPicked = func(id string) { g.page = id; g.build() }
	toast := kit.NewToast(g.sched)
	body := container.NewStack()
	for _, p := range Pages {
		if p.ID == g.page {
			body.Add(kit.Inset(24, kit.Fill(16, kit.NewTitle(p.Title), kit.Scroll(p.Build(Tools{toast, g.sched, g.win.Canvas})))))
		}
	}
	status := kit.NewStatusBar()
	status.SetLeft(Themes[g.look])
	status.SetRight("F2 theme   F3 size of letters   Tab next   ↑ ↓ Enter pages")
	g.win.SetContent(kit.NewRoot(container.NewStack(container.NewBorder(nil, nil, nav, nil, container.NewBorder(nil, status, nil, nil, body)), toast)))
	kit.Focus(nav)
}

// Page is one page of the gallery.
type Page struct {
	ID, Icon, Title string
	Build           func(Tools) fyne.CanvasObject
}

// Tools are what a page needs besides the kit.
type Tools struct {
	Toast  *kit.Toast
	Sched  task.Scheduler
	Canvas func() fyne.Canvas
}

// part is one widget of a page under its name.
func part(name string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.Column(10, append([]fyne.CanvasObject{kit.NewCode(strings.ToUpper(name))}, objects...)...)
}

// sides puts two columns of parts side by side.
func sides(left, right []fyne.CanvasObject) fyne.CanvasObject {
	return kit.Columns(24, []float32{1, 1}, kit.Column(24, left...), kit.Column(24, right...))
}

// Bare is a page alone, for its picture.
func Bare(p Page) fyne.CanvasObject {
	step := task.NewStep()
	return kit.NewRoot(container.NewStack(kit.Ground(), kit.Inset(24, kit.Fill(16, kit.NewTitle(p.Title), p.Build(Tools{kit.NewToast(step), step, nil})))))
}
