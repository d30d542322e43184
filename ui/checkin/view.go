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
	way     *kit.Button // coming in or going out
	anyway  *kit.Button // lets in who was refused last
	camera  *kit.Button
	sound   *kit.Button
	content fyne.CanvasObject
	door    fyne.CanvasObject
	closed  *fyne.Container // before a session is chosen
}

type actions struct{ choose, find, walkIn, start, way, lost, picture, camera, sound, anyway func() }

// Keys of what is done at the door, since the menu has none for a single place.
const (
	keyWay     = fyne.KeyF2
	keyAnyway  = fyne.KeyF3
	keyLost    = fyne.KeyF4
	keyPicture = fyne.KeyF6
	keyCamera  = fyne.KeyF7
	keySound   = fyne.KeyF8
)

func newView(env *place.Env, row func(int) kit.RowItem, acts actions) *view {
	w := env.Words
	button := func(key string, k fyne.KeyName, act func()) *kit.Button {
		return kit.Secondary(w.T(key), act).WithHint(string(k))
	}
	v := &view{title: kit.NewTitle(""), line: kit.NewSub(""), banner: kit.NewBanner(), code: kit.NewEntry(""), recent: kit.NewRowList(row)}
	v.recent.SetEmpty(w.T("checkin.recent.none"))
	v.open = kit.Primary(w.T("checkin.open"), acts.choose)
	v.here = kit.Pill(kit.Status{Word: "0"}, nil)
	v.way = button("checkin.way.in", keyWay, acts.way)
	v.camera, v.sound = button("checkin.camera", keyCamera, acts.camera), button("checkin.sound.on", keySound, acts.sound)
	v.anyway = button("checkin.anyway", keyAnyway, acts.anyway)
	v.anyway.Hide()
	head := kit.Row(16, kit.Stretch(kit.Column(2, v.title, v.line)), v.way, kit.Secondary(w.T("checkin.change"), acts.choose), v.here)
	field := kit.NewField(w.T("checkin.code"), kit.Large(v.code), w.T("checkin.code.hint"))
	left := kit.Column(14, field, kit.Flow(12,
		v.anyway,
		kit.Secondary(w.T("checkin.find"), acts.find).WithHint("Ctrl F"),
		kit.Secondary(w.T("checkin.walkin"), acts.walkIn).WithHint("Ctrl N"),
		button("checkin.lost", keyLost, acts.lost),
		button("checkin.picture", keyPicture, acts.picture), v.camera, v.sound))
	below := kit.Columns(20, []float32{7, 5}, left, kit.Fixed(0, 180, v.recent))
	// In large letters the head scrolls away: the answer and the code, which has the focus, stay in sight together.
	v.door = kit.Scroll(kit.FillAbove(16, kit.Fill(12, head, v.banner), below))
	v.closed = container.NewStack()
	v.content = kit.Inset(24, container.NewStack(v.closed, v.door))
	return v
}
