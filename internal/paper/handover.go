package paper

// HandOver is what the village committee keeps when the team leaves: lamps, who is trained, spare parts, whom to call.
type HandOver struct {
	Page     Page
	Words    Words
	Campaign string
	Site     string
	Line     string // where the site is
	Date     string
	Figures  []Figure
	Contacts []Contact
	Lamps    [][]string // tag, model, where, household, status
	People   [][]string // name, code, can do
	Parts    [][]string // part, quantity, note
	Care     []string   // how to care for a lamp
	Files    string     // names of the open files that belong to it
}

// Contact is whom to call.
type Contact struct{ Name, What, Phone string }

func (h HandOver) sheet() (Page, string) { return h.Page, h.Site }

func (h HandOver) draw(d *desk) error {
	d.flow(h.Words, h.Campaign, join(h.Site, h.Date), h.write)
	return nil
}

func (h HandOver) write(r *report) {
	t := h.Words.T
	r.title(t("print.handover.title", h.Site))
	r.para(join(h.Line, h.Date), hand{regular, 10, ink2})
	r.para(t("print.handover.line"), hand{regular, 10.5, ink})
	r.figures(h.Figures)
	r.heading(t("print.handover.call"), 20)
	if len(h.Contacts) == 0 {
		r.para(t("print.handover.nocall"), hand{regular, 10, ink2})
	}
	for _, c := range h.Contacts {
		r.contact(c)
	}
	r.heading(t("print.handover.care"), 30)
	r.numbered(h.Care)
	r.signatures(t("print.handover.committee"), t("print.handover.team"), t("print.cert.date"))
	r.heading(t("print.handover.lamps"), 24)
	r.listOr(h.Lamps, t("print.handover.nolamps"), []column{{t("print.handover.tag"), 3, left, mono}, {t("print.handover.model"), 3.2, left, regular},
		{t("print.handover.where"), 2.2, left, regular}, {t("print.handover.home"), 4, left, regular}, {t("print.handover.status"), 2.2, left, regular}})
	r.heading(t("print.handover.people"), 24)
	r.listOr(h.People, t("print.handover.nopeople"), []column{{t("print.roster.name"), 4.2, left, bold}, {t("print.handover.code"), 2.4, left, mono}, {t("print.handover.can"), 8.4, left, regular}})
	r.heading(t("print.handover.parts"), 24)
	r.listOr(h.Parts, t("print.handover.noparts"), []column{{t("print.handover.part"), 6, left, regular}, {t("print.handover.count"), 2, right, bold}, {"", 6, left, regular}})
	r.para("", hand{regular, 4, ink})
	r.para(t("print.handover.files", h.Files), hand{regular, 9, ink2})
}

func (r *report) listOr(rows [][]string, none string, columns []column) {
	if len(rows) == 0 {
		r.para(none, hand{regular, 10, ink2})
		return
	}
	r.table(columns, rows)
}

// contact is one line: who, and a number to call, large.
func (r *report) contact(c Contact) {
	r.need(11)
	big := hand{bold, 12, ink}
	r.y += 7
	phone := r.write(r.size.W-sheetMargin, r.y, right, c.Phone, hand{mono, 13, ink})
	wide := r.write(sheetMargin, r.y, left, r.cut(c.Name, r.width()*0.45, big), big)
	r.short(sheetMargin+wide+4, r.y, left, c.What, r.width()-wide-phone-10, hand{regular, 9.5, ink2})
	r.y += 3
	r.line(sheetMargin, r.y, r.size.W-sheetMargin, r.y, 0.15, sand)
}
