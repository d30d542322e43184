package main

import (
	"flag"
	"fmt"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/paper"
	"kandili/internal/store"
)

func labelFlags(fs *flag.FlagSet, o *options) {
	fs.StringVar(&o.out, "out", "", "the PDF to write")
	fs.StringVar(&o.layout, "layout", "", "format of the labels, see “kandilictl labels”, or a grid such as a4:3x8:10:2 (columns × rows, margin, gap); default a4-3x8")
	fs.IntVar(&o.start, "start", 0, "how many labels of the first sheet are used up already")
	fs.StringVar(&o.lang, "lang", "", "language of the print: en, fr, pt-BR, sw or fil; default the laptop's")
}

func pageFlags(fs *flag.FlagSet, o *options) {
	fs.StringVar(&o.out, "out", "", "where to write")
	fs.StringVar(&o.page, "page", "A4", "A4 or Letter")
	fs.StringVar(&o.lang, "lang", "", "language of the print: en, fr, pt-BR, sw or fil; default the laptop's")
}

func (s *session) how() laptop.Print {
	return laptop.Print{Layout: s.opt.layout, Start: s.opt.start, Page: s.opt.page, Lang: s.opt.lang}
}

// warn tells on stderr what the print is good for, where that is less than usual.
func (s *session) warnSmall() {
	l, ok := paper.FindLayout(s.opt.layout)
	if ok && l.SymbolSize() < paper.GoodSymbol {
		fmt.Fprintf(s.err, "On %s a code is %.0f mm wide only: hold it close to the scanner. From %.0f mm on it is read at arm's length.\n", l.Name, l.SymbolSize(), paper.GoodSymbol)
	}
}

func badges(s *session, args []string) error {
	if err := want(args, 0, "badges --out FILE.pdf"); err != nil || s.opt.out == "" {
		return usageError{"Usage: kandilictl badges --out FILE.pdf [--layout NAME] [--site S]"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	ids, err := s.records(st, fieldwork.SpecOf(fieldwork.KindTrainee))
	if err != nil {
		return err
	}
	if s.opt.fresh {
		ids = s.folder.WithoutBadge(ids)
	}
	if err := writeFile(s.opt.out, func(w io.Writer) error { return s.folder.Badges(w, ids, s.how()) }); err != nil {
		return err
	}
	s.warnSmall()
	if doc, err := s.folder.BadgeSheet(ids, s.how()); err == nil {
		if n := len(laptop.Unshown(doc)); n > 0 {
			fmt.Fprintf(s.err, "%d names have letters that this version cannot print: they are empty boxes. Write them in Latin, Cyrillic, Arabic or Devanagari letters as well.\n", n)
		}
	}
	return s.print(map[string]any{"file": s.opt.out, "badges": len(ids)}, func(w io.Writer) { fmt.Fprintf(w, "%d badges written to %s.\n", len(ids), s.opt.out) })
}

func tags(s *session, args []string) error {
	if err := want(args, 0, "tags --count N --out FILE.pdf"); err != nil || s.opt.out == "" || s.opt.count == 0 {
		return usageError{"Usage: kandilictl tags --count N --out FILE.pdf [--layout NAME]"}
	}
	var made []fieldwork.Tag
	err := writeFile(s.opt.out, func(w io.Writer) (err error) {
		made, err = s.folder.Tags(w, s.opt.count, s.how())
		return err
	})
	if err != nil {
		return err
	}
	s.warnSmall()
	first, last := made[0].String(), made[len(made)-1].String()
	return s.print(map[string]any{"file": s.opt.out, "tags": len(made), "first": first, "last": last}, func(w io.Writer) {
		fmt.Fprintf(w, "%d lamp tags, %s to %s, written to %s.\n", len(made), first, last, s.opt.out)
	})
}

// labels lists the formats; with --out it writes a page that shows one, to be held against a sheet.
func labels(s *session, args []string) error {
	if err := want(args, 0, "labels [--out FILE.pdf --layout NAME]"); err != nil {
		return err
	}
	if s.opt.out != "" {
		if err := writeFile(s.opt.out, func(w io.Writer) error { return s.folder.TestPage(w, s.how()) }); err != nil {
			return err
		}
		return s.print(map[string]any{"file": s.opt.out}, func(w io.Writer) { fmt.Fprintf(w, "A test page was written to %s.\n", s.opt.out) })
	}
	type format struct {
		Name    string  `json:"name"`
		Page    string  `json:"page"`
		Columns int     `json:"columns"`
		Rows    int     `json:"rows"`
		Width   float64 `json:"width_mm"`
		Height  float64 `json:"height_mm"`
		Code    float64 `json:"code_mm"`
	}
	var list []format
	for _, l := range paper.Layouts() {
		list = append(list, format{l.Name, l.PageName, l.Columns, l.Rows, l.CellW, l.CellH, l.SymbolSize()})
	}
	return s.print(map[string]any{"labels": list}, func(w io.Writer) {
		for _, l := range list {
			fmt.Fprintf(w, "%-14s %-7s %2d × %-2d  %6.1f × %-5.1f mm, code %.0f mm\n", l.Name, l.Page, l.Columns, l.Rows, l.Width, l.Height, l.Code)
		}
		fmt.Fprintln(w, "Free grids: a4:3x8, letter:2x4:12:3 (columns × rows, margin, gap in mm), a4:2x5:10x15:4x0 (across first).")
	})
}

func roster(s *session, args []string) error {
	if err := want(args, 0, "roster --session CODE --out FILE.pdf"); err != nil || s.opt.out == "" || s.opt.session == "" {
		return usageError{"Usage: kandilictl roster --session CODE --out FILE.pdf [--page A4|Letter]"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	r, err := st.ByCode(s.opt.session)
	if err != nil {
		return err
	}
	doc, err := s.folder.RosterSheet(r.ID, s.how(), fieldwork.RecordID{})
	if err != nil {
		return err
	}
	if err := writeFile(s.opt.out, func(w io.Writer) error { return laptop.WritePDF(w, doc) }); err != nil {
		return err
	}
	return s.print(map[string]any{"file": s.opt.out, "people": len(doc.Rows), "code": doc.Code}, func(w io.Writer) {
		fmt.Fprintf(w, "A roster of %d people was written to %s. Enter it afterwards with “kandilictl enter %s”.\n", len(doc.Rows), s.opt.out, doc.Code)
	})
}

func certificates(s *session, args []string) error {
	if err := want(args, 0, "certificates --out FILE.pdf"); err != nil || s.opt.out == "" {
		return usageError{"Usage: kandilictl certificates --out FILE.pdf [--course CODE] [--site S] [--issue] [--page A4|Letter]"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	site, err := s.site(st)
	if err != nil {
		return err
	}
	course, err := s.courseOf(st)
	if err != nil {
		return err
	}
	issued := 0
	if s.opt.issue {
		if issued, err = s.issueEarned(st, course, site); err != nil {
			return err
		}
	}
	ids, err := s.folder.Certificates(course, site)
	if err != nil {
		return err
	}
	if err := writeFile(s.opt.out, func(w io.Writer) error { return s.folder.PrintCertificates(w, ids, s.how()) }); err != nil {
		return err
	}
	return s.print(map[string]any{"file": s.opt.out, "certificates": len(ids), "issued": issued}, func(w io.Writer) {
		fmt.Fprintf(w, "%d certificates written to %s, %d of them issued now.\n", len(ids), s.opt.out, issued)
	})
}

// courseOf is the course of --course. Without it: zero where all certificates are meant, else the only course that there is.
func (s *session) courseOf(st *store.Store) (fieldwork.RecordID, error) {
	if s.opt.course != "" {
		r, err := st.ByCode(s.opt.course)
		return r.ID, err
	}
	if !s.opt.issue {
		return fieldwork.RecordID{}, nil
	}
	ids := st.IDs(fieldwork.KindCourse)
	if len(ids) != 1 {
		return fieldwork.RecordID{}, &fieldwork.Problem{Code: "which-course", Sentence: fmt.Sprintf("There are %d courses: certificates are issued for one of them.", len(ids)),
			Hint: "Give --course CODE; see “kandilictl list course”. A new one: kandilictl add course title=… modules=\"assembly;installation\"."}
	}
	return ids[0], nil
}

// issueEarned gives certificates to people of the site, or to all where it is zero, who earned one.
func (s *session) issueEarned(st *store.Store, course, site fieldwork.RecordID) (int, error) {
	earned, err := s.folder.Earned(course)
	if err != nil {
		return 0, err
	}
	var people []fieldwork.RecordID
	for _, e := range earned {
		p, _ := st.Record(e.Person)
		if e.Issued.IsZero() && e.Level() != fieldwork.CertifyNothing && (site.IsZero() || st.Canonical(p.Get(fieldwork.TraineeSite).Ref()) == site) {
			people = append(people, e.Person)
		}
	}
	ids, err := s.folder.Certify(course, people, fieldwork.RecordID{})
	return len(ids), err
}

func handover(s *session, args []string) error {
	if err := want(args, 0, "handover --site S --out FOLDER"); err != nil || s.opt.out == "" || s.opt.site == "" {
		return usageError{"Usage: kandilictl handover --site S --out FOLDER [--page A4|Letter]"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	site, err := s.site(st)
	if err != nil {
		return err
	}
	files, err := s.folder.WriteHandOver(s.opt.out, site, s.how())
	if err != nil {
		return err
	}
	return s.print(map[string]any{"folder": s.opt.out, "files": files}, func(w io.Writer) {
		for _, f := range files {
			fmt.Fprintln(w, f)
		}
	})
}
