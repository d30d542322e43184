package hq

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Reviewing says that the page belongs to the review.
func (v view) Reviewing() bool { return strings.HasPrefix(v.Path, "/review") || v.Path == "/backups" }

//go:embed page/*
var pageFiles embed.FS

// site is the pages and what they share.
type site struct {
	*Office
	shapes  *template.Template
	tongues tongues
	words   *show.Words // English, of the pages that are not translated yet
	tries   tries
	asks    asks
}

// view is what every page's template gets.
type view struct {
	W                      *show.Words // of the reader
	Spoken                 bool        // the page itself is in her language, too, and not in English
	Title, Path, Who, Role string
	Campaigns              []*overview
	Error, Hint            string
	Body                   any
}

// pages adds the pages for people to the mux.
func (o *Office) pages(mux *http.ServeMux) error {
	shapes, err := template.New("").Funcs(template.FuncMap{"thousands": thousands, "percent": percent, "words": words, "dict": dict}).ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return fmt.Errorf("HQ's pages: %w", err)
	}
	tongues, err := loadTongues()
	if err != nil {
		return err
	}
	p := &site{Office: o, shapes: shapes, tongues: tongues, words: tongues["en"]}
	mux.HandleFunc("GET /look.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pageFiles, "page/look.css") })
	mux.HandleFunc("GET /fonts/{name}", serveFont)
	mux.HandleFunc("GET /sign-in", func(w http.ResponseWriter, r *http.Request) { p.askToSignIn(w, r, http.StatusOK, "") })
	mux.HandleFunc("POST /sign-in", p.signInForm)
	mux.HandleFunc("POST /language", p.chooseLang)
	mux.HandleFunc("POST /sign-out", p.signOut)
	mux.HandleFunc("GET /{$}", p.guarded(p.overviewPage))
	mux.HandleFunc("GET /people", p.guarded(p.list(peopleList)))
	mux.HandleFunc("GET /lamps", p.guarded(p.list(lampList)))
	mux.HandleFunc("GET /laptops", p.guarded(p.laptopsPage))
	mux.HandleFunc("GET /c/{campaign}/record/{code}", p.guarded(p.recordPage))
	mux.HandleFunc("GET /c/{campaign}/photo/{file}", p.guarded(p.photoFile))
	mux.HandleFunc("GET /export/{kind}", p.guarded(p.exportCSV))
	p.courierPages(mux)
	p.forgetPages(mux)
	p.recoveryPages(mux)
	p.reviewPages(mux)
	p.verifyPages(mux)
	return nil
}

func thousands(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// dict gives a template several things at once: names and values by turns.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

func percent(x float64) string { return strconv.Itoa(int(100*x+0.5)) + " %" }

func (p *site) show(w http.ResponseWriter, status int, name string, v view) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	p.shapes.ExecuteTemplate(w, name, v) // the reader went away: nobody to tell
}

// askToSignIn shows the page that asks for name and password; problem is the key of what was wrong, empty for nothing.
func (p *site) askToSignIn(w http.ResponseWriter, r *http.Request, status int, problem string) {
	words := p.tongues.of(r)
	v := view{W: words, Spoken: true, Path: "/sign-in", Title: words.T("hq.sign-in")}
	if problem != "" {
		v.Error, v.Hint = words.T(problem), words.T(problem+".hint")
	}
	p.show(w, status, "sign-in.html", v)
}

func (p *site) signInForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	who := fieldwork.Fold(name) + "\n" + host
	if !p.tries.allowed(who, p.now()) {
		w.Header().Set("Retry-After", "900")
		p.askToSignIn(w, r, http.StatusTooManyRequests, "hq.too-many")
		return
	}
	a, ok := p.signIn(name, password)
	if !ok {
		p.tries.failed(who, p.now())
		p.askToSignIn(w, r, http.StatusForbidden, "hq.wrong")
		return
	}
	if err := p.begin(w, a); err != nil {
		p.askToSignIn(w, r, http.StatusInternalServerError, "hq.disk")
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (p *site) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		p.box.Put(sessionName(c.Value), nil)
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: -1})
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

// guarded lets in who is signed in. Whoever has the role of a donor sees the overview only.
func (p *site) guarded(f func(http.ResponseWriter, *http.Request, view)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, ok := p.session(r)
		if !ok {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		v := view{W: p.tongues.of(r), Path: r.URL.Path, Who: s.Name, Role: s.Role}
		if s.Role == "donor" && r.URL.Path != "/" {
			v.Spoken, v.Title, v.Error, v.Hint = true, v.W.T("hq.donor"), v.W.T("hq.donor.line"), v.W.T("hq.donor.hint")
			p.show(w, http.StatusForbidden, "message.html", v)
			return
		}
		f(w, r, v)
	}
}

func (p *site) overviewPage(w http.ResponseWriter, _ *http.Request, v view) {
	v.Spoken, v.Title = true, v.W.T("hq.overview")
	for _, s := range p.Campaigns() {
		o := p.overview(s)
		v.Campaigns = append(v.Campaigns, &o)
	}
	p.show(w, http.StatusOK, "overview.html", v)
}

// table is a list as its template shows it.
type table struct {
	Query      string
	Heads      []string
	Rows       []tableRow
	From, To   int
	Total      int
	Prev, Next int // page numbers; 0: none
	Export     string
}

// tableRow is a record's line in a list.
type tableRow struct {
	URL   string // of the record's page
	Link  int    // which cell leads there: the first that says something
	Cells []string
}

func newRow(url string, cells []string) tableRow {
	return tableRow{URL: url, Link: max(slices.IndexFunc(cells, func(c string) bool { return c != "" }), 0), Cells: cells}
}

const pageRows = 50

// kindList says which list a page shows.
type kindList struct {
	title string // key of the catalogue, as those of the heads
	kind  fieldwork.Kind
	heads []string
	row   func(*show.Words, *store.Store, fieldwork.Record) []string
}

var peopleList = kindList{"nav.people", fieldwork.KindTrainee, []string{"hq.head.name", "hq.head.code", "hq.head.born", "hq.head.phone", "hq.site"}, func(_ *show.Words, s *store.Store, r fieldwork.Record) []string {
	born := ""
	if y, ok := r.Get(fieldwork.TraineeBirthYear).Int(); ok {
		born = strconv.FormatInt(y, 10)
	}
	return []string{fieldwork.Name(r), fieldwork.CodeOf(r.ID), born, r.Get(fieldwork.TraineePhone).Text(), nameOf(s, r.Get(fieldwork.TraineeSite).Ref())}
}}

var lampList = kindList{"nav.lamps", fieldwork.KindLamp, []string{"hq.head.tag", "hq.head.code", "hq.head.serial", "hq.head.status", "hq.head.where"}, func(w *show.Words, s *store.Store, r fieldwork.Record) []string {
	installations := s.Referring(r.ID, fieldwork.KindInstallation)
	state := fieldwork.StateOf(r, installations, s.Referring(r.ID, fieldwork.KindVisit))
	where := nameOf(s, r.Get(fieldwork.LampSite).Ref())
	if n := len(installations); n > 0 {
		where = nameOf(s, installations[n-1].Get(fieldwork.InstallationSite).Ref())
	}
	return []string{r.Get(fieldwork.LampTagCode).Text(), fieldwork.CodeOf(r.ID), r.Get(fieldwork.LampSerial).Text(), w.LampStatus(state.Status), where}
}}

func nameOf(s *store.Store, id fieldwork.RecordID) string {
	r, _ := s.Record(id)
	return fieldwork.Name(r)
}

// onPage cuts a list to what lies between two places, of which either may be outside of it.
func onPage(ids []fieldwork.RecordID, from, to int) []fieldwork.RecordID {
	from, to = min(max(from, 0), len(ids)), min(max(to, 0), len(ids))
	return ids[from:to]
}

// shownOf leaves out what lists do not show.
func shownOf(s *store.Store, ids []fieldwork.RecordID) []fieldwork.RecordID {
	return slices.DeleteFunc(ids, func(id fieldwork.RecordID) bool {
		rec, ok := s.Record(id)
		return !ok || rec.Deleted || s.Canonical(id) != id
	})
}

func (p *site) list(k kindList) func(http.ResponseWriter, *http.Request, view) {
	return func(w http.ResponseWriter, r *http.Request, v view) {
		v.Spoken, v.Title = true, v.W.T(k.title)
		t := table{Query: r.FormValue("q"), Export: "/export/" + k.kind.String()}
		for _, head := range k.heads {
			t.Heads = append(t.Heads, v.W.T(head))
		}
		page, _ := strconv.Atoi(r.FormValue("page"))
		page = max(page, 1)
		for _, s := range p.Campaigns() {
			ids := s.Shown(k.kind)
			if t.Query != "" {
				ids = shownOf(s, s.Search(k.kind, t.Query, 1000))
			}
			for _, id := range onPage(ids, (page-1)*pageRows-t.Total, page*pageRows-t.Total) {
				if rec, ok := s.Record(id); ok {
					t.Rows = append(t.Rows, newRow(recordURL(s, id), k.row(v.W, s, rec)))
				}
			}
			t.Total += len(ids)
		}
		t.From, t.To = min((page-1)*pageRows+1, t.Total), min(page*pageRows, t.Total)
		if page > 1 {
			t.Prev = page - 1
		}
		if t.To < t.Total {
			t.Next = page + 1
		}
		v.Body = t
		p.show(w, http.StatusOK, "list.html", v)
	}
}

// laptopLine is a laptop as the page shows it.
type laptopLine struct {
	Name, Letters, Program, State, Heard string
	Unsent                               uint64
	Clock                                string
	Recovery                             string // the page with its recovery code; empty: not for this account
}

func (p *site) laptopsPage(w http.ResponseWriter, _ *http.Request, v view) {
	v.Spoken, v.Title = true, v.W.T("hq.laptops")
	var lines []laptopLine
	for _, s := range p.Campaigns() {
		s.Each(fieldwork.KindNode, func(r fieldwork.Record) bool {
			n, _ := r.Get(fieldwork.NodeNumber).Int()
			if n == 0 {
				return true // HQ itself
			}
			var held laptopHeld
			json.Unmarshal(p.box.Get(laptopName(s.Self().Campaign, uint32(n))), &held) // nothing there: never heard of
			l := laptopLine{Name: r.Get(fieldwork.NodeName).Text(), Letters: r.Get(fieldwork.NodeLetters).Text(), Program: held.Program, Heard: v.W.T("hq.never"), State: v.W.T("hq.laptop.waiting"), Unsent: held.Unsent}
			if held.Last > 0 {
				l.Heard, l.State = v.W.Ago(p.now(), time.Unix(held.Last, 0)), v.W.T("hq.laptop.touch")
			}
			if held.Clock > 600 || held.Clock < -600 {
				l.Clock = v.W.T("hq.clock.off", v.W.Duration(max(held.Clock, -held.Clock)/60))
			}
			if !r.Get(fieldwork.NodeRevokedAt).IsZero() {
				l.State = v.W.T("hq.laptop.revoked")
			}
			if mayReview(v.Role) {
				l.Recovery = recoveryURL(s, n)
			}
			lines = append(lines, l)
			return true
		})
	}
	v.Body = lines
	p.show(w, http.StatusOK, "laptops.html", v)
}

// exportCSV sends all records of a kind as a table that spreadsheets open, and that holds no formula.
func (p *site) exportCSV(w http.ResponseWriter, r *http.Request, v view) {
	kind, ok := fieldwork.KindByName(r.PathValue("kind"))
	if !ok {
		v.Title, v.Error, v.Hint = "Export", "There is no such kind of record.", "Choose one from the lists."
		p.show(w, http.StatusNotFound, "message.html", v)
		return
	}
	spec := fieldwork.SpecOf(kind)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", "attachment; filename="+spec.Name+".csv")
	w.Header().Set("Cache-Control", "no-store")
	writeCSV(w, spec, p.Campaigns()) // the reader went away: nobody to tell
}

func writeCSV(w io.Writer, spec *fieldwork.Spec, campaigns []*store.Store) error {
	heads := []string{"code"}
	for _, f := range spec.Fields {
		if f.Type != fieldwork.TypeBytes {
			heads = append(heads, f.Name)
		}
	}
	return sheets.WriteCSV(w, heads, func(yield func([]string) bool) {
		for _, s := range campaigns {
			s.Each(spec.Kind, func(rec fieldwork.Record) bool {
				row := []string{fieldwork.CodeOf(rec.ID)}
				for i := range spec.Fields {
					if f := &spec.Fields[i]; f.Type != fieldwork.TypeBytes {
						row = append(row, cell(f, rec.Get(f.ID)))
					}
				}
				return yield(row)
			})
		}
	})
}

func cell(f *fieldwork.Field, v fieldwork.Value) string {
	if f.Type != fieldwork.TypeRef && f.Type != fieldwork.TypeRefs {
		return fieldwork.FormatValue(f, v)
	}
	var codes []string
	for _, id := range v.Refs() {
		codes = append(codes, fieldwork.CodeOf(id))
	}
	return strings.Join(codes, ";")
}
