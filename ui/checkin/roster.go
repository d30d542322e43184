package checkin

import (
	"kandili/ui/printing"
)

// roster prints the session's list for ticking on paper.
func (p *Screen) roster() {
	session, open := p.m.Session()
	if !open {
		p.choose()
		return
	}
	w := p.env.Words
	p.env.Print(printing.Job{Title: w.T("print.roster.title"), File: w.T("print.roster.file"), Make: func(c printing.Wish) (printing.Paper, error) {
		return p.env.Papers.RosterPaper(session.ID, c.How)
	}})
}
