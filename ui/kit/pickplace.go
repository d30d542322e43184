package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	fynetheme "fyne.io/fyne/v2/theme"

	"kandili/ui/theme"
)

// place lays the floating list below the entry, above it where there is more room, and always within the window. An entry that was
// scrolled out of sight has no list.
func (p *Picker) place() {
	c := canvasOf(p)
	if c == nil || p.root == nil {
		return
	}
	if p.list.Hidden = !p.inSight(); p.list.Hidden {
		return
	}
	d := fyne.CurrentApp().Driver()
	entry, root := d.AbsolutePositionForObject(p.entry), d.AbsolutePositionForObject(p.root)
	window := d.AbsolutePositionForObject(c.Content())
	high := p.entry.Size().Height
	const air = 8
	above := entry.Y - window.Y - listGap - air
	below := window.Y + c.Content().Size().Height - entry.Y - high - listGap - air
	wanted := p.list.high(pickRows)
	at := entry.Subtract(root)
	if below >= wanted || below >= above {
		p.list.show(fyne.NewPos(at.X, at.Y+high+listGap), p.entry.Size().Width, rowsIn(below))
		return
	}
	rows := rowsIn(above)
	p.list.show(fyne.NewPos(at.X, at.Y-listGap-p.list.high(rows)), p.entry.Size().Width, rows)
}

// rowsIn is how many rows of the list a height has room for.
func rowsIn(height float32) int {
	return min(max(int((height-2)/pickHeight()), 1), pickRows)
}

// inSight says whether any of the entry shows: it is on the window, nothing around it is hidden, no scroll cut it away.
func (p *Picker) inSight() bool {
	way := path(p)
	for _, o := range way {
		if !o.Visible() {
			return false
		}
		switch o.(type) {
		case *view, *container.Scroll:
			if top := positionIn(p.entry, o); top+p.entry.Size().Height <= 0 || top >= o.Size().Height {
				return false
			}
		}
	}
	return len(way) > 0
}

// opener is the small mark in the entry that opens the list with the mouse. It is no stop of Tab: Down does the same.
type opener struct {
	widget.BaseWidget
	tapped func()
}

func newOpener(tapped func()) *opener {
	o := &opener{tapped: tapped}
	o.ExtendBaseWidget(o)
	return o
}

// Tapped implements fyne.Tappable.
func (o *opener) Tapped(*fyne.PointEvent) { o.tapped() }

// CreateRenderer implements fyne.Widget.
func (o *opener) CreateRenderer() fyne.WidgetRenderer {
	return &openerRenderer{of: o, mark: canvas.NewImageFromResource(icon("down", theme.Ink))}
}

type openerRenderer struct {
	of   *opener
	mark *canvas.Image
}

// MinSize puts the mark where a Choice has its own.
func (r *openerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(size(fynetheme.SizeNameInlineIcon)+2*size(fynetheme.SizeNameInnerPadding)-2, 28)
}

func (r *openerRenderer) Layout(s fyne.Size) {
	side := size(fynetheme.SizeNameInlineIcon)
	r.mark.Resize(fyne.NewSquareSize(side))
	r.mark.Move(fyne.NewPos(snap((s.Width-side)/2), snap((s.Height-side)/2)))
}
func (r *openerRenderer) Refresh() {
	r.mark.Resource = icon("down", theme.Ink)
	r.mark.Refresh()
}
func (r *openerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.mark} }
func (r *openerRenderer) Destroy()                     {}
