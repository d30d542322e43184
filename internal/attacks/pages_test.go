package attacks

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"kandili/internal/fieldwork"
)

// browser is somebody before HQ's pages.
type browser struct {
	*http.Client
	at string
}

func (w *world) browser() browser {
	jar, _ := cookiejar.New(nil) // cannot fail
	return browser{&http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, w.hq.url}
}

// account makes one, and signs in.
func (w *world) account(role string) browser {
	b := w.browser()
	w.codes++
	name := fmt.Sprintf("%s-%d", role, w.codes)
	password, err := w.hq.CreateAccount(name, role, "")
	if err != nil {
		w.t.Fatal(err)
	}
	if got := b.post("/sign-in", nil, "name", name, "password", password); got != "303 /" {
		w.t.Fatalf("%s cannot sign in: %s", name, got)
	}
	return b
}

// said is how an answer counts: status, where it leads, and whether it says what is not for everybody.
func said(resp *http.Response, err error) string {
	if err != nil {
		return "cut"
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	text := fmt.Sprint(resp.StatusCode)
	if to := resp.Header.Get("Location"); to != "" {
		text += " " + to
	}
	if bytes.Contains(body, []byte(secretName)) {
		text += " with the secret"
	}
	return text
}

func (b browser) get(path string) string { return said(b.Get(b.at + path)) }

func (b browser) post(path string, header http.Header, pairs ...string) string {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, b.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "no request"
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range header {
		r.Header[k] = v
		if k == "Host" {
			r.Host = v[0]
		}
	}
	return said(b.Do(r))
}

// pages are all that HQ shows to whoever is signed in; decisions are all that it lets officers do.
func (w *world) pages() []string {
	id := self(w.honest).Campaign.String()
	record := "/c/" + id + "/record/" + fieldwork.CodeOf(w.secret)
	return []string{"/", "/people", "/people?q=Nasieku", "/lamps", "/laptops", record, record + "/forget", "/c/" + id + "/photo/00000000000000000000000000000000.jpg", "/export/trainee",
		"/courier", "/courier/" + id, "/review", "/review/accept", "/review/conflicts", "/review/questions", "/review/duplicates", "/review/quarantine", "/backups"}
}

var decisions = []string{"/review/accept", "/review/decide", "/review/belongs", "/review/ask", "/review/settle", "/review/same", "/review/quarantine", "/review/undo", "/backups"}

// pageAttacks are about HQ's pages.
func pageAttacks(w *world) (list []attack) {
	id := self(w.honest).Campaign.String()
	forget := "/c/" + id + "/record/" + fieldwork.CodeOf(w.secret) + "/forget"
	nobody, viewer, donor, officer := w.browser(), w.account("viewer"), w.account("donor"), w.account("officer")
	add := func(name, want string, f func() string) {
		list = append(list, attack{over: "HQ's pages", name: name, want: want, try: func(*world) string { return f() }})
	}
	for _, path := range w.pages() {
		add("nobody opens "+path, "303 /sign-in", func() string { return nobody.get(path) })
		if path != "/" {
			add("a donor opens "+path, "403", func() string { return donor.get(path) })
		}
	}
	for _, path := range append(decisions[:len(decisions):len(decisions)], forget) {
		add("nobody sends "+path, "303 /sign-in", func() string {
			return nobody.post(path, nil, "c", id, "all", "1", "what", "in", "code", fieldwork.CodeOf(w.secret))
		})
		add("a donor sends "+path, "403", func() string { return donor.post(path, nil, "c", id, "all", "1", "code", fieldwork.CodeOf(w.secret)) })
	}
	for _, path := range decisions {
		add("a viewer sends "+path, "403", func() string {
			return viewer.post(path, nil, "c", id, "all", "1", "record", w.secret.String(), "reason", "Because.", "upto", "1.0.1")
		})
	}
	for name, h := range map[string]http.Header{
		"another site's form":           {"Origin": {"https://evil.example"}},
		"another site's form by script": {"Sec-Fetch-Site": {"cross-site"}},
		"a sandboxed frame's form":      {"Origin": {"null"}},
		"a neighbour's form":            {"Origin": {w.other.url}, "Sec-Fetch-Site": {"same-site"}},
	} {
		add(name+", with an officer's cookie", "403", func() string { return officer.post("/review/accept", h, "c", id, "all", "1") })
		add(name+", to forget somebody", "403", func() string { return officer.post(forget, h, "code", fieldwork.CodeOf(w.secret)) })
	}
	add("a viewer forgets somebody", "403", func() string { return viewer.post(forget, nil, "code", fieldwork.CodeOf(w.secret)) })
	add("a viewer brings a courier file", "403", func() string { return viewer.upload("/courier", "x.kcourier", []byte("x")) })
	add("a viewer takes an answer for the laptops", "403", func() string { return viewer.get("/courier/" + id) })
	add("forgetting by another code", "400 with the secret" /* which officers may see */, func() string { return officer.post(forget, nil, "code", "KJ4-0217-X") })
	add("a form of a campaign that there is not", "404", func() string { return officer.post("/review/accept", nil, "c", "0000000000000000", "all", "1") })
	add("a form of a megabyte", "400", func() string { return officer.post("/review/accept", nil, "c", id, "r", strings.Repeat("x", 1<<20)) })
	add("undoing a laptop's change as if it were HQ's", "422", func() string { return officer.post("/review/undo", nil, "c", id, "undo", w.secret.String()) })
	add("leading elsewhere after a decision", "303 /review", func() string {
		return strings.Split(officer.post("/review/accept", nil, "c", id, "back", "https://evil.example/"), "?")[0]
	})
	add("leading elsewhere by two slashes", "303 /review", func() string {
		return strings.Split(officer.post("/review/accept", nil, "c", id, "back", "//evil.example/"), "?")[0]
	})
	add("words put into HQ's mouth", "not said", func() string {
		return officer.says("/review?said=Call+0800+EVIL&undo=0.0.1&of="+id+"&sign=00", "0800 EVIL")
	})
	add("the record of this campaign under the other's address", "404", func() string {
		return officer.get("/c/" + w.twin.Self().Campaign.String() + "/record/" + fieldwork.CodeOf(w.secret))
	})
	add("a photo's path upwards", "404", func() string { return officer.get("/c/" + id + "/photo/..%2f..%2f..%2fhq.key") })
	add("a font's path upwards", "404", func() string { return nobody.get("/fonts/..%2f..%2fhq.key") })
	add("a cookie that HQ never gave", "303 /sign-in", func() string { return w.browser().with("__Host-kandili", strings.Repeat("A", 43)).get("/people") })
	add("a cookie under a name without protection", "303 /sign-in", func() string {
		b := w.account("viewer")
		return w.browser().with("kandili", b.cookie()).get("/people")
	})
	add("a cookie after signing out", "303 /sign-in", func() string {
		b := w.account("viewer")
		stolen := b.cookie()
		b.post("/sign-out", nil)
		return w.browser().with("__Host-kandili", stolen).get("/people")
	})
	add("a cookie of yesterday", "303 /sign-in", func() string {
		b := w.account("viewer")
		w.hq.late.Store(13 * 3600)
		defer w.hq.late.Store(0)
		return b.get("/people")
	})
	add("the other HQ's cookie", "303 /sign-in", func() string {
		theirs := *w
		theirs.hq = w.other
		b := theirs.account("admin")
		return w.browser().with("__Host-kandili", b.cookie()).get("/people")
	})
	add("guessing a password", "429", func() string { return guesses(w, nil) })
	add("guessing under made-up addresses", "429", func() string {
		return guesses(w, http.Header{"X-Forwarded-For": {"203.0.113.7"}, "X-Real-Ip": {"203.0.113.8"}})
	})
	add("guessing under another spelling of the name", "429", func() string {
		return guesses(w, nil, "ÓFFICER-1", "officer-1", "OFFICER-1", "Officer-1", "oFFicer-1", "OFFICEr-1")
	})
	add("no password", "403", func() string { return nobody.post("/sign-in", nil, "name", "officer-9") })
	add("a role of one's own", "403", func() string {
		b := w.browser()
		return b.post("/sign-in", nil, "name", "viewer-1", "password", "x", "role", "admin")
	})
	add("TRACE of a cookie", "405", func() string {
		r, _ := http.NewRequest("TRACE", officer.at+"/people", nil)
		return said(officer.Do(r))
	})
	add("a script in a name", "not said", func() string { return officer.says("/people?q=<script>alert(1)</script>", "<script>alert(1)") })
	add("a page in another's frame", "forbidden", func() string {
		resp, err := officer.Get(officer.at + "/people")
		if err != nil {
			return "cut"
		}
		resp.Body.Close()
		if strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") && strings.Contains(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			return "forbidden"
		}
		return "allowed"
	})
	add("a made-up number of a certificate", "not said", func() string { return nobody.says("/verify/KJ4-0217-X/AAAAAAAA", secretName) })
	return list
}

// guesses tries six wrong passwords for one account and says how the last was answered.
func guesses(w *world, h http.Header, names ...string) (last string) {
	w.codes++
	name := fmt.Sprintf("guessed-%d", w.codes)
	if _, err := w.hq.CreateAccount(name, "admin", ""); err != nil {
		w.t.Fatal(err)
	}
	b := w.browser()
	for i := range 6 {
		if len(names) > 0 {
			name = names[i%len(names)]
		}
		for k := range h {
			h[k] = []string{fmt.Sprintf("203.0.113.%d", i+1)}
		}
		last = b.post("/sign-in", h, "name", name, "password", fmt.Sprintf("a wrong password %d", i))
	}
	return last
}

// says tells whether a page holds a text as it is.
func (b browser) says(path, text string) string {
	resp, err := b.Get(b.at + strings.ReplaceAll(path, " ", "+"))
	if err != nil {
		return "cut"
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if bytes.Contains(body, []byte(text)) {
		return "said"
	}
	return "not said"
}

func (b browser) cookie() string {
	at, _ := url.Parse(b.at)
	for _, c := range b.Jar.Cookies(at) {
		if strings.Contains(c.Name, "kandili") {
			return c.Value
		}
	}
	return ""
}

// with is the browser with a cookie put in by hand.
func (b browser) with(name, value string) browser {
	at, _ := url.Parse(b.at)
	b.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
	return b
}

func (b browser) upload(path, name string, content []byte) string {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, _ := m.CreateFormFile("files", name) // a buffer takes everything
	part.Write(content)
	m.Close()
	r, err := http.NewRequest(http.MethodPost, b.at+path, &body)
	if err != nil {
		return "no request"
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return said(b.Do(r))
}
