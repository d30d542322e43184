package lamps

import (
	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/printing"
)

// usualTags is how many lamp tags are offered to be printed: two sheets of the usual format.
const usualTags = 48

// Print prints new lamp tags, or what stays with the village where the laptop is at work.
func (p *Screen) Print() {
	site := p.env.Site()
	if site.IsZero() {
		p.tags()
		return
	}
	w := p.env.Words
	r, _ := p.store.Record(site)
	what := kit.NewChoice("", kit.Option{Value: "tags", Word: w.T("print.lamps.tags")}, kit.Option{Value: "packet", Word: w.T("print.lamps.handover", fieldwork.Name(r))})
	what.SetValue("tags")
	kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("print.lamps.title"), Body: kit.NewField(w.T("print.lamps.what"), what, ""), Yes: w.T("do.choose"), No: w.T("do.cancel"), First: what,
		OnYes: func() bool {
			next := p.tags
			if what.Value() == "packet" {
				next = func() { p.packet(site) }
			}
			p.env.Sched.Do(next)
			return true
		}})
}

// tags prints a batch of tags that no lamp has yet.
func (p *Screen) tags() {
	w := p.env.Words
	p.env.Print(printing.Job{Title: w.T("print.tags.title"), File: w.T("print.tags.file"), Label: true, Many: usualTags, Make: func(c printing.Wish) (printing.Paper, error) {
		return p.env.Papers.TagPaper(c.Many, c.How)
	}})
}

// packet prints the village's hand-over packet.
func (p *Screen) packet(site fieldwork.RecordID) {
	w := p.env.Words
	r, _ := p.store.Record(site)
	p.env.Print(printing.Job{Title: w.T("print.lamps.handover", fieldwork.Name(r)), File: w.T("print.handover.file"), Make: func(c printing.Wish) (printing.Paper, error) {
		return p.env.Papers.HandOverPaper(site, c.How)
	}})
}
