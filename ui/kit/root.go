package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Root goes around all that a window shows. What floats over the rest without taking the focus is drawn in it: Fyne's own overlays
// take the keyboard away from what lies below. Dialogs have one of their own.
type Root struct {
	widget.BaseWidget
	content fyne.CanvasObject
	layer   *fyne.Container // has no layout; comes last in the tree and so on top
	place   func()          // puts what floats where it belongs; nil when nothing does
}

// NewRoot is a root around the content of a window.
func NewRoot(content fyne.CanvasObject) *Root {
	r := &Root{content: content, layer: container.NewWithoutLayout()}
	r.ExtendBaseWidget(r)
	return r
}

// rootOf is the innermost root of a path, or nil.
func rootOf(way []fyne.CanvasObject) *Root {
	for i := len(way) - 1; i >= 0; i-- {
		if r, ok := way[i].(*Root); ok {
			return r
		}
	}
	return nil
}

// float shows o in place of what floated before; place is called whenever things may have moved.
func (r *Root) float(o fyne.CanvasObject, place func()) {
	r.layer.Objects, r.place = []fyne.CanvasObject{o}, place
	place()
	r.layer.Refresh()
}

// sink takes o away, if it floats.
func (r *Root) sink(o fyne.CanvasObject) {
	if len(r.layer.Objects) == 0 || r.layer.Objects[0] != o {
		return
	}
	r.layer.Objects, r.place = nil, nil
	r.layer.Refresh()
}

func (r *Root) follow() {
	if r.place != nil {
		r.place()
	}
}

func (r *Root) children() []fyne.CanvasObject { return []fyne.CanvasObject{r.content} }

// CreateRenderer implements fyne.Widget.
func (r *Root) CreateRenderer() fyne.WidgetRenderer { return &rootRenderer{r} }

type rootRenderer struct{ of *Root }

func (r *rootRenderer) MinSize() fyne.Size { return r.of.content.MinSize() }

func (r *rootRenderer) Layout(s fyne.Size) {
	r.of.content.Resize(s)
	r.of.layer.Resize(s)
	r.of.follow()
}

func (r *rootRenderer) Refresh() { r.of.content.Refresh(); r.of.layer.Refresh() }
func (r *rootRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.of.content, r.of.layer}
}
func (r *rootRenderer) Destroy() {}
