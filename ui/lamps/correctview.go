package lamps

import (
	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/marks"
	"kandili/ui/photos"
	"kandili/ui/place"
)

// correcting is the page with the forms of a lamp and its place.
type correcting struct {
	of          *kit.Text
	lamp, place *form.View
	pic         *photos.Field
	hangs       *fyne.Container // what says where it hangs
	scroll      *kit.Scroller
	page        fyne.CanvasObject
}

func newCorrecting(env *place.Env, m *Model, acts actions) *correcting {
	w := env.Words
	c := &correcting{of: kit.NewTitle(""), lamp: form.NewView(w, fieldwork.KindLamp), place: form.NewView(w, fieldwork.KindInstallation)}
	l, p := c.lamp, c.place
	c.pic = photos.Attach(env, m.store, p, "photo")
	people := func(text string) []kit.PickItem { return finder(func() []Named { return m.Homes(m.fixSite()) })(text) }
	c.hangs = kit.Column(16, kit.NewHeading(w.T("lamps.hangs")),
		two(p.Choice("place"), p.Ref("site", finder(m.Sites), m.NameOf)),
		p.Refs("households", people, func(id fieldwork.RecordID) string {
			h, _ := m.store.Record(id)
			return m.homeName(h)
		}),
		two(p.Date("date", env.Today), p.Choice("replaces")),
		two(p.Entry("people_lit", w.T("lamps.people_lit.hint")), p.Choice("still_in_place")),
		c.pic.Object, p.Area("note", "", 2))
	c.scroll = kit.Scroll(kit.Column(16, c.of,
		two(l.Entry("tag_code", w.T("lamps.tag.hint")), l.Entry("serial", "")),
		two(l.Ref("model", finder(m.Models), m.NameOf), l.Entry("batch", "")),
		two(l.Choice("status"), l.Date("status_date", env.Today)),
		two(l.Entry("donor", ""), l.Ref("site", finder(m.Sites), m.NameOf)),
		l.Area("note", "", 2), c.hangs))
	c.page = kit.FillAbove(16, c.scroll, l.Form.Summary, p.Form.Summary, kit.Flow(12, kit.Primary(w.T("do.save"), acts.saveVisit).WithHint("Ctrl S"),
		kit.Secondary(w.T("do.cancel"), acts.back).WithHint(w.T("key.esc"))))
	return c
}

// fixSite is the village of the place that is being corrected.
func (m *Model) fixSite() fieldwork.RecordID {
	if m.Fix == nil || m.Fix.Place == nil {
		return fieldwork.RecordID{}
	}
	return m.Fix.Place.Ref("site")
}

// correct opens the forms of the lamp that is open.
func (p *Screen) correct() {
	l, ok := p.m.Lamp()
	if !ok {
		return
	}
	p.keep()
	resumed := p.m.StartCorrect()
	c := p.v.fix
	c.of.SetText(p.env.Words.T("lamps.correct.of", l.Title))
	c.lamp.Load(p.m.Fix.Lamp)
	if c.hangs.Hidden = p.m.Fix.Place == nil; !c.hangs.Hidden {
		c.place.Load(p.m.Fix.Place)
	}
	c.lamp.Form.Field("site").Hidden = !c.hangs.Hidden // where it hangs is where it is
	p.show()
	c.scroll.ToTop()
	kit.Focus(c.lamp.Form.Field("tag_code").Target)
	if resumed {
		p.env.Say(kit.Dim, p.env.Words.T("people.draft.resumed"))
	}
}

// saveCorrect saves what was corrected, or says at the fields what is wrong.
func (p *Screen) saveCorrect() {
	wrong, err := p.m.SaveCorrect(p.env.Today())
	if err != nil {
		p.env.Tell(err)
		return
	}
	p.v.fix.place.Wrong(wrong.Place)
	p.v.fix.lamp.Wrong(wrong.Lamp)
	if !wrong.any() {
		p.read()
		p.saved("lamps.corrected")
	}
}

// history shows who wrote what about the lamp that is open, its places and its visits.
func (p *Screen) history() {
	if l, ok := p.m.Lamp(); ok {
		marks.ShowHistory(p.env, p.store, l.Title, l.Records...)
	}
}
