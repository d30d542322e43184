package hq

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/show"
)

// Anybody may ask whether a certificate is genuine: an employer, a village, whoever holds the paper. The page says so, with as
// little as will show that the paper is another's: initials, course, day.

// verdict is what HQ knows of a number.
type verdict string

const (
	verdictNone      verdict = ""          // nothing was asked yet
	verdictValid     verdict = "valid"     // it was issued and stands
	verdictWaiting   verdict = "waiting"   // the paper proves itself, its record has not arrived
	verdictWithdrawn verdict = "withdrawn" // it was issued and taken back
	verdictForged    verdict = "forged"    // the number is known, the paper's seal is wrong
	verdictUnknown   verdict = "unknown"   // no such number
	verdictNumber    verdict = "number"    // a slip: this can be no number
)

// verifyView is what the page shows.
type verifyView struct {
	Words    *show.Words
	Asked    string
	Verdict  verdict
	Sealed   bool // the paper's seal was looked at, and is right
	Initials string
	Course   string
	Day      string
	Campaign string
}

// Key is the word of the verdict in the catalogues.
func (v verifyView) Key(part string) string { return "verify." + string(v.Verdict) + part }

// Good says that the paper may be trusted.
func (v verifyView) Good() bool { return v.Verdict == verdictValid || v.Verdict == verdictWaiting }

// verifyPages adds the page to the mux. Capital letters are what a smaller QR holds.
func (p *site) verifyPages(mux *http.ServeMux) {
	for _, path := range []string{"/verify", "/VERIFY"} {
		mux.HandleFunc("GET "+path, p.verifyPage)
		mux.HandleFunc("GET "+path+"/{number}", p.verifyPage)
		mux.HandleFunc("GET "+path+"/{number}/{seal}", p.verifyPage)
	}
}

func (p *site) verifyPage(w http.ResponseWriter, r *http.Request) {
	words := p.tongues.of(r)
	v := verifyView{Words: words}
	number, seal := r.PathValue("number"), r.PathValue("seal")
	if text := strings.TrimSpace(r.FormValue("number")); number == "" && text != "" {
		number = text
		if _, path, ok := strings.Cut(strings.ToUpper(text), "/VERIFY/"); ok { // somebody pasted the whole address
			number, seal, _ = strings.Cut(path, "/")
		}
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	status := http.StatusOK
	switch {
	case number == "":
	case !p.asks.allowed(host, p.now()):
		w.Header().Set("Retry-After", "60")
		p.show(w, http.StatusTooManyRequests, "verify.html", view{Title: words.T("verify.title"), Error: words.T("verify.often"), Body: v})
		return
	default:
		if v = p.verify(number, seal, words); !v.Good() {
			status = http.StatusNotFound
		}
	}
	p.show(w, status, "verify.html", view{Title: words.T("verify.title"), Body: v})
}

// verify looks a number up in all campaigns. Seal may be empty, where somebody typed the number.
func (p *site) verify(number, seal string, words *show.Words) verifyView {
	v := verifyView{Words: words, Asked: number, Verdict: verdictNumber}
	if len(number) > 64 || len(seal) > 64 {
		v.Asked = ""
		return v
	}
	code, err := fieldwork.ParseCode(number)
	if err != nil {
		return v
	}
	v.Asked, v.Verdict = code.String(), verdictUnknown
	for _, s := range p.Campaigns() {
		keys := fieldwork.BadgeKeys(campaignRecord(s))
		proven := seal != "" && fieldwork.ProvesCertificate(v.Asked, seal, keys)
		r, err := s.ByCode(v.Asked)
		switch known := err == nil && r.Kind == fieldwork.KindCertificate; {
		case known && seal != "" && !proven:
			v.Verdict = verdictForged
		case known && r.Deleted:
			v.Verdict = verdictWithdrawn
			return v
		case known:
			return v.valid(s, r, proven)
		case proven:
			v.Verdict, v.Sealed, v.Campaign = verdictWaiting, true, campaignRecord(s).Get(fieldwork.CampaignName).Text()
			return v
		}
	}
	return v
}

func (v verifyView) valid(s *store.Store, r fieldwork.Record, proven bool) verifyView {
	person, _ := s.Record(s.Canonical(r.Get(fieldwork.CertificatePerson).Ref()))
	course, _ := s.Record(s.Canonical(r.Get(fieldwork.CertificateCourse).Ref()))
	v.Verdict, v.Sealed, v.Campaign = verdictValid, proven, campaignRecord(s).Get(fieldwork.CampaignName).Text()
	if !person.Deleted {
		v.Initials = initials(person)
	}
	if !course.ID.IsZero() {
		v.Course = fieldwork.Name(course)
	}
	if day, ok := r.Get(fieldwork.CertificateDate).Int(); ok {
		v.Day = v.Words.Day(day)
	}
	return v
}

// initials are the first letters of a person's names.
func initials(r fieldwork.Record) string {
	var out []string
	for _, f := range []fieldwork.FieldID{fieldwork.TraineeGivenName, fieldwork.TraineeFamilyName} {
		for _, c := range strings.TrimSpace(r.Get(f).Text()) {
			out = append(out, string(unicode.ToUpper(c))+".")
			break
		}
	}
	return strings.Join(out, " ")
}

// asks counts how often somebody asked, so that numbers cannot be tried one after the other.
type asks struct {
	mu   sync.Mutex
	list map[string]askedBy
}

type askedBy struct {
	since time.Time
	n     int
}

// askedAMinute is how many certificates may be looked up from one address in a minute.
const askedAMinute = 30

func (a *asks) allowed(host string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.list == nil || len(a.list) > 10_000 {
		a.list = map[string]askedBy{}
	}
	was := a.list[host]
	if now.Sub(was.since) > time.Minute || now.Before(was.since) {
		was = askedBy{since: now}
	}
	was.n++
	a.list[host] = was
	return was.n <= askedAMinute
}
