package checkin

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kandili/ui/kit"
	"kandili/ui/place"
)

// view is what stands in the place.
type view struct {
	title   *kit.Text
	line    *kit.Text
	here    *kit.PillButton
	banner  *kit.Banner
	code    *kit.Entry
	recent  *kit.RowList
	open    *kit.Button // chooses the first session
	content fyne.CanvasObject
	door    fyne.CanvasObject
	closed  *fyne.Container // before a session is chosen
}

type actions struct{ choose, find, walkIn, start func() }

func newView(env *place.Env, row func(int) kit.RowItem, acts actions) *view {
	w := env.Words
	v := &view{title: kit.NewTitle(""), line: kit.NewSub(""), banner: kit.NewBanner(), code: kit.NewEntry(""), recent: kit.NewRowList(row)}
	v.open = kit.Primary(w.T("checkin.open"), acts.choose)
	v.here = kit.Pill(kit.Status{Word: "0"}, nil)
	head := kit.Row(16, kit.Stretch(kit.Column(2, v.title, v.line)), kit.Secondary(w.T("checkin.change"), acts.choose), v.here)
	field := kit.NewField(w.T("checkin.code"), kit.Large(v.code), w.T("checkin.code.hint"))
	left := kit.Column(14, field, kit.Flow(12,
		kit.Secondary(w.T("checkin.find"), acts.find).WithHint("Ctrl F"),
		kit.Secondary(w.T("checkin.walkin"), acts.walkIn).WithHint("Ctrl N")))
	below := kit.Columns(20, []float32{6, 5}, left, kit.Fixed(0, 180, v.recent))
	v.door = kit.FillAbove(16, kit.Fill(12, head, v.banner), below)
	v.closed = container.NewStack()
	v.content = kit.Inset(24, container.NewStack(v.closed, v.door))
	return v
}
