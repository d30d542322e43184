package main

import (
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

func checkinFlags(fs *flag.FlagSet, o *options) {
	fs.StringVar(&o.session, "session", "", "code of the session")
	fs.BoolVar(&o.goesOut, "leaves", false, "she goes out")
	fs.BoolVar(&o.anyway, "anyway", false, "let in also from another site or off the roster")
	fs.StringVar(&o.picture, "picture", "", "a picture file with the badge, instead of BADGE")
	fs.StringVar(&o.nonce, "nonce", "", "32 hexadecimal digits of this scan: sent again, it counts once")
	fs.Int64Var(&o.at, "at", 0, "when it was scanned, in seconds since 1970; default: now")
}

func checkin(s *session, args []string) error {
	usage := usageError{"Usage: kandilictl checkin --session CODE BADGE, or --picture FILE"}
	p := fieldwork.Pass{Out: s.opt.goesOut, Anyway: s.opt.anyway, At: s.opt.at}
	switch {
	case s.opt.session == "":
		return usage
	case s.opt.picture != "" && len(args) == 0:
		text, err := laptop.ReadBadgePicture(s.opt.picture)
		if err != nil {
			return err
		}
		p.Text, p.Method = text, fieldwork.MethodImage
	case s.opt.picture == "" && len(args) == 1:
		p.Text = args[0]
	default:
		return usage
	}
	if s.opt.nonce != "" {
		b, err := hex.DecodeString(s.opt.nonce)
		if err != nil || len(b) != 16 {
			return usageError{"--nonce has 32 hexadecimal digits."}
		}
		p.Nonce = b
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	session, err := st.ByCode(s.opt.session)
	if err != nil {
		return err
	}
	p.Session = session.ID
	a, err := s.folder.Admit(p)
	if err != nil {
		return err
	}
	out := map[string]any{"ok": a.OK, "reason": a.Reason.String()}
	name := ""
	if person, ok := st.Record(a.Person); ok {
		name = fieldwork.Name(person)
		out["person"], out["name"] = fieldwork.CodeOf(a.Person), name
	}
	return s.print(out, func(w io.Writer) {
		if a.OK {
			fmt.Fprintf(w, "ok: %s\n", name)
			return
		}
		fmt.Fprintf(w, "refused: %s %s\n", strings.ReplaceAll(a.Reason.String(), "_", " "), name)
	})
}

// sitting is the command session, a word that is taken here.
func sitting(s *session, args []string) error {
	if len(args) != 2 {
		return usageError{"Usage: kandilictl session show|open|plan|close|cancel CODE"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	r, err := st.ByCode(args[1])
	if err != nil {
		return err
	}
	status := map[string]int64{"open": fieldwork.SessionStatusOpen, "plan": fieldwork.SessionStatusPlanned, "cancel": fieldwork.SessionStatusCancelled}
	switch {
	case args[0] == "close":
		err = s.folder.CloseSession(r.ID, s.opt.headcount, fieldwork.RecordID{})
	case status[args[0]] != 0:
		err = s.folder.SetSessionStatus(r.ID, status[args[0]], fieldwork.RecordID{})
	case args[0] != "show":
		return usageError{"Usage: kandilictl session show|open|plan|close|cancel CODE"}
	}
	if err != nil {
		return err
	}
	return s.printSession(r.ID)
}

// took is how one person took part in a session.
type took struct {
	Person   string `json:"person"`
	Name     string `json:"name"`
	Presence string `json:"presence"` // empty: nothing can be said yet
	Minutes  int64  `json:"minutes"`
}

func (s *session) printSession(id fieldwork.RecordID) error {
	roll, r, err := s.folder.RollOf(id)
	if err != nil {
		return err
	}
	h := roll.Headcount(id)
	var people []took
	for person, part := range roll.Parts[id] {
		p, _ := s.folder.Store().Record(person)
		people = append(people, took{fieldwork.CodeOf(person), fieldwork.Name(p), part.Presence.String(), part.Minutes})
	}
	slices.SortFunc(people, func(a, b took) int { return strings.Compare(fieldwork.Fold(a.Name), fieldwork.Fold(b.Name)) })
	f := fieldwork.SpecOf(fieldwork.KindSession).Field(fieldwork.SessionStatus)
	status := fieldwork.FormatValue(f, r.Get(fieldwork.SessionStatus))
	out := map[string]any{"session": fieldwork.CodeOf(id), "status": status, "came": h.Came, "here": h.Here, "expected": h.Expected, "missing": h.Missing,
		"refused": h.Refused, "counted": h.ByHand, "without_badge": h.Without(), "people": append([]took{}, people...)}
	return s.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "%s  %s: %d came of %d expected, %d here, %d refused\n", fieldwork.CodeOf(id), status, h.Came, h.Expected, h.Here, h.Refused)
		if n := h.Without(); n != 0 {
			fmt.Fprintf(w, "%d were counted, %d came by badge, list or paper.\n", h.ByHand, h.Came)
		}
		for _, p := range people {
			fmt.Fprintf(w, "  %-14s %-8s %s\n", p.Person, p.Presence, p.Name)
		}
	})
}

func grid(s *session, args []string) error {
	if err := want(args, 0, "grid --out FILE"); err != nil || s.opt.out == "" {
		return usageError{"Usage: kandilictl grid --out FILE [--format csv|xlsx] [--site S]"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	site, err := s.site(st)
	if err != nil {
		return err
	}
	g := fieldwork.NewGrid(st, fieldwork.NewRoll(st, time.Now().Unix(), s.folder.LateAfter()), func(r fieldwork.Record) bool {
		return site.IsZero() || st.Canonical(r.Get(fieldwork.SessionSite).Ref()) == site
	})
	write := func(w io.Writer) error {
		return laptop.WriteGrid(w, s.opt.format, g, fieldwork.GridWords{}, time.Local)
	}
	if s.opt.out == "-" {
		return write(s.out)
	}
	if err := writeFile(s.opt.out, write); err != nil {
		return err
	}
	return s.print(map[string]any{"file": s.opt.out, "people": len(g.People), "sessions": len(g.Sessions)}, func(w io.Writer) {
		fmt.Fprintf(w, "%d people by %d sessions written to %s.\n", len(g.People), len(g.Sessions), s.opt.out)
	})
}

func enterRoster(s *session, args []string) error {
	if err := want(args, 1, "enter ROSTER --here ROWS"); err != nil {
		return err
	}
	sheet, err := s.folder.Roster(args[0])
	if err != nil {
		return err
	}
	rows := make([]fieldwork.PaperRow, len(sheet.People))
	for i, id := range sheet.People {
		rows[i].Person = id
	}
	for _, x := range []struct {
		text string
		tick fieldwork.Tick
	}{{s.opt.here, fieldwork.TickHere}, {s.opt.late, fieldwork.TickLate}, {s.opt.excused, fieldwork.TickExcused}} {
		list, err := numbers(x.text, len(rows))
		if err != nil {
			return err
		}
		for _, n := range list {
			rows[n-1].Tick = x.tick
		}
	}
	n, err := s.folder.EnterRoster(sheet.Session, rows, fieldwork.RecordID{})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"session": fieldwork.CodeOf(sheet.Session), "rows": len(rows), "changed": n}, func(w io.Writer) {
		fmt.Fprintf(w, "%d rows, %d people changed.\n", len(rows), n)
	})
}

// numbers reads "1-12,15": numbers from 1 to most.
func numbers(text string, most int) (list []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, ranged := strings.Cut(part, "-")
		a, err1 := strconv.Atoi(from)
		b := a
		var err2 error
		if ranged {
			b, err2 = strconv.Atoi(to)
		}
		if err1 != nil || err2 != nil || a < 1 || b < a || b > most {
			return nil, usageError{fmt.Sprintf("%q names no rows between 1 and %d.", part, most)}
		}
		for n := a; n <= b; n++ {
			list = append(list, n)
		}
	}
	return list, nil
}

func lostBadge(s *session, args []string) error {
	if err := want(args, 1, "lost CODE [--out FILE.pdf]"); err != nil {
		return err
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	r, err := st.ByCode(args[0])
	if err != nil {
		return err
	}
	issue, err := s.folder.NewBadge(r.ID, fieldwork.RecordID{})
	if err != nil {
		return err
	}
	if s.opt.out != "" {
		if err := writeFile(s.opt.out, func(w io.Writer) error { return s.folder.Badges(w, []fieldwork.RecordID{r.ID}, s.how()) }); err != nil {
			return err
		}
	}
	return s.print(map[string]any{"person": fieldwork.CodeOf(r.ID), "issue": issue, "file": s.opt.out}, func(w io.Writer) {
		fmt.Fprintf(w, "Older badges of %s are refused from now on.\n", fieldwork.Name(r))
	})
}

// certificateLevels are the names of what somebody earned.
var certificateLevels = map[fieldwork.CertificateLevel]string{
	fieldwork.CertifyNothing: "nothing", fieldwork.CertifyAttendance: "attendance", fieldwork.CertifyCompetence: "competence",
}

func certify(s *session, args []string) error {
	if err := want(args, 1, "certify COURSE [--issue]"); err != nil {
		return err
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	course, err := st.ByCode(args[0])
	if err != nil {
		return err
	}
	earned, err := s.folder.Earned(course.ID)
	if err != nil {
		return err
	}
	issued := 0
	if s.opt.issue {
		var people []fieldwork.RecordID
		for _, e := range earned {
			if e.Issued.IsZero() && e.Level() != fieldwork.CertifyNothing {
				people = append(people, e.Person)
			}
		}
		ids, err := s.folder.Certify(course.ID, people, fieldwork.RecordID{})
		if err != nil {
			return err
		}
		issued = len(ids)
		if earned, err = s.folder.Earned(course.ID); err != nil {
			return err
		}
	}
	type line struct {
		Person      string `json:"person"`
		Name        string `json:"name"`
		Earned      string `json:"earned"`
		Certificate string `json:"certificate"` // its number; empty: none issued
	}
	lines := []line{}
	for _, e := range earned {
		p, _ := st.Record(e.Person)
		l := line{Person: fieldwork.CodeOf(e.Person), Name: fieldwork.Name(p), Earned: certificateLevels[e.Level()]}
		if !e.Issued.IsZero() {
			l.Certificate = fieldwork.CodeOf(e.Issued)
		}
		lines = append(lines, l)
	}
	return s.print(map[string]any{"issued": issued, "people": lines}, func(w io.Writer) {
		for _, l := range lines {
			fmt.Fprintf(w, "%-14s %-12s %-14s %s\n", l.Person, l.Earned, l.Certificate, l.Name)
		}
	})
}
