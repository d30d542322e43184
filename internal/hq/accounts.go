package hq

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"kandili/internal/fieldwork"
)

// account is somebody who may sign in.
type account struct {
	Name string `json:"name"`
	Role string `json:"role"`
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
}

// Roles of accounts. A donor sees figures and no person.
var roles = []string{"admin", "officer", "viewer", "donor"}

func accountName(name string) string { return "account/" + fieldwork.Fold(name) }

// hashPassword is Argon2id at OWASP's second recommendation: 19 MiB, two passes, one thread.
func hashPassword(password string, salt []byte) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, 2, 19<<10, 1, 32)
}

// hashing lets two passwords at a time be hashed: each takes 19 MiB, and strangers can ask for it.
var hashing = make(chan struct{}, 2)

// CreateAccount makes an account; an empty password is drawn and returned.
func (o *Office) CreateAccount(name, role, password string) (string, error) {
	known := false
	for _, r := range roles {
		known = known || r == role
	}
	if !known {
		return "", &fieldwork.Problem{Code: "unknown-role", Sentence: "There is no role “" + role + "”.", Hint: "Use one of: " + strings.Join(roles, ", ") + "."}
	}
	if password == "" {
		b := make([]byte, 12)
		rand.Read(b)
		password = base64.RawURLEncoding.EncodeToString(b)
	}
	if len(password) < 12 {
		return "", &fieldwork.Problem{Code: "short-password", Sentence: "The password is too short.", Hint: "Take twelve characters or more."}
	}
	a := account{Name: name, Role: role, Salt: make([]byte, 16)}
	rand.Read(a.Salt)
	a.Hash = hashPassword(password, a.Salt)
	return password, o.box.Update(accountName(name), func(old []byte) ([]byte, error) {
		if old != nil {
			return nil, &fieldwork.Problem{Code: "account-exists", Sentence: "There is an account “" + name + "” already.", Hint: "Choose another name."}
		}
		return json.Marshal(a)
	})
}

func (o *Office) accounts() (n int) {
	o.box.Each("account/", func(string, []byte) error { n++; return nil })
	return n
}

// signedIn is a session of a browser.
type signedIn struct {
	Name  string `json:"name"`
	Role  string `json:"role"`
	Began int64  `json:"began"` // seconds since 1970
}

const (
	sessionCookie = "__Host-kandili"
	sessionTime   = 12 * time.Hour
)

func sessionName(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "session/" + hex.EncodeToString(sum[:])
}

// tries slows guessing down: so many wrong passwords for one account from one address, then a wait.
type tries struct {
	mu   sync.Mutex
	list map[string][]time.Time
}

const (
	maxTries  = 5
	triesTime = 15 * time.Minute
)

func (t *tries) allowed(who string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.list[who][:0]
	for _, at := range t.list[who] {
		if now.Sub(at) < triesTime {
			kept = append(kept, at)
		}
	}
	if t.list == nil || len(t.list) > 10_000 {
		t.list = map[string][]time.Time{}
	}
	t.list[who] = kept
	return len(kept) < maxTries
}

func (t *tries) failed(who string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list[who] = append(t.list[who], now)
}

// signIn checks a password. An unknown name takes as long as a wrong password.
func (o *Office) signIn(name, password string) (account, bool) {
	a := account{Salt: make([]byte, 16), Hash: make([]byte, 32)}
	known := json.Unmarshal(o.box.Get(accountName(name)), &a) == nil
	right := subtle.ConstantTimeCompare(hashPassword(password, a.Salt), a.Hash) == 1
	return a, known && right
}

func (o *Office) begin(w http.ResponseWriter, a account) error {
	b := make([]byte, 32)
	rand.Read(b)
	token := base64.RawURLEncoding.EncodeToString(b)
	if err := o.put(sessionName(token), signedIn{Name: a.Name, Role: a.Role, Began: o.now().Unix()}); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionTime.Seconds())})
	return nil
}

func (o *Office) session(r *http.Request) (signedIn, bool) {
	var s signedIn
	c, err := r.Cookie(sessionCookie)
	if err != nil || json.Unmarshal(o.box.Get(sessionName(c.Value)), &s) != nil {
		return s, false
	}
	return s, o.now().Unix()-s.Began < int64(sessionTime.Seconds())
}
