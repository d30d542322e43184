package training

import (
	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/ui/lists"
)

// Stages of somebody on the way to a certificate, in this order.
const (
	stageIssued     = "issued"
	stageCompetence = "competence"
	stageAttendance = "attendance"
	stageNotYet     = "notyet"
)

var stages = []string{stageIssued, stageCompetence, stageAttendance, stageNotYet}

func stage(e fieldwork.Earned) string {
	switch {
	case !e.Issued.IsZero():
		return stageIssued
	case e.Level() == fieldwork.CertifyCompetence:
		return stageCompetence
	case e.Level() == fieldwork.CertifyAttendance:
		return stageAttendance
	}
	return stageNotYet
}

// bar is the line above the list, for the menu's commands.
func (c *certsPage) bar() *lists.Bar { return c.line }

// each gives everybody of the course.
func (c *certsPage) each(f func(fieldwork.Record) bool) {
	for id := range *c.earned.Load() {
		if r, ok := c.p.m.store.Record(id); ok && !f(r) {
			return
		}
	}
}

func (c *certsPage) stageOf(r fieldwork.Record) string { return stage((*c.earned.Load())[r.ID]) }

func (c *certsPage) sorts() []lists.Sort {
	w := c.p.env.Words
	name := func(r fieldwork.Record) string { return fieldwork.Fold(fieldwork.Name(r)) }
	return []lists.Sort{
		{ID: "name", Word: w.T("list.name"), Key: name},
		{ID: "village", Word: w.T("list.village"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(c.p.m.NameOf(r.Get(fieldwork.TraineeSite).Ref())) + "\x00" + name(r)
		}},
		{ID: "status", Word: w.T("list.status"), Key: func(r fieldwork.Record) string {
			for i, s := range stages {
				if s == c.stageOf(r) {
					return string(rune('a'+i)) + name(r)
				}
			}
			return name(r)
		}},
	}
}

func (c *certsPage) filters() []lists.Filter {
	w := c.p.env.Words
	return []lists.Filter{{ID: "status", Word: w.T("list.status"), Options: func() (out []lists.Option) {
		for _, s := range stages {
			out = append(out, lists.Option{Value: s, Word: w.T("training.certs." + s)})
		}
		return out
	}, Keep: func(r fieldwork.Record, s string) bool { return c.stageOf(r) == s }}}
}

// table is what an export says: who, from where, how far, what is missing, and the number of the certificate.
func (c *certsPage) table() lists.Table {
	w := c.p.env.Words
	columns := []sheets.Column{{Head: "code"}, {Head: "name"}, {Head: "site"}, {Head: "certificate"}, {Head: "status"}, {Head: "note"}}
	return lists.Table{Name: w.T("training.certs.file"), Columns: columns, Row: func(r fieldwork.Record) []string {
		e := (*c.earned.Load())[r.ID]
		number := ""
		if !e.Issued.IsZero() {
			number = fieldwork.CodeOf(e.Issued)
		}
		return []string{fieldwork.CodeOf(r.ID), fieldwork.Name(r), c.p.m.NameOf(r.Get(fieldwork.TraineeSite).Ref()), number, w.T("training.certs." + stage(e)), c.missing(e)}
	}}
}
