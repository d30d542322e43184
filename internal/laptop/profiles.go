package laptop

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"slices"
	"time"
	"unicode"

	"golang.org/x/crypto/argon2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Profile is a volunteer who works on this laptop. What is unsent belongs to the laptop, never to a profile.
type Profile struct {
	Volunteer fieldwork.RecordID
	Name      string
	Pinned    bool  // a PIN was chosen
	Last      int64 // last time at work, seconds since 1970; 0: never
}

// heldProfile is a profile as it is kept, sealed, in the campaign's file.
type heldProfile struct {
	Volunteer []byte `json:"volunteer"`
	Salt      []byte `json:"salt,omitempty"`
	PIN       []byte `json:"pin,omitempty"` // Argon2id of it
	Last      int64  `json:"last"`
	Wrong     int    `json:"wrong,omitempty"` // wrong PINs in a row
	Until     int64  `json:"until,omitempty"` // no try before, seconds since 1970
}

const profilesNote = "laptop/profiles"

// Bounds of a PIN, and how often in a row it may be wrong before one has to wait, twice as long each time, an hour at most.
// A PIN only tells people apart on a laptop that is unlocked: what lies on the disk is under the passphrase.
const (
	LeastPIN  = 4
	MostPIN   = 8
	wrongPINs = 5
	firstHold = 30 * time.Second
	mostHold  = time.Hour
)

// ValidPIN says whether a text may be a PIN: four to eight digits.
func ValidPIN(pin string) bool {
	if len(pin) < LeastPIN || len(pin) > MostPIN {
		return false
	}
	return !slices.ContainsFunc([]rune(pin), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
}

// Profiles lists who works on this laptop, who worked last first, then all other volunteers of the campaign by name.
func (f *Folder) Profiles() []Profile {
	if f.store == nil {
		return nil
	}
	held := f.heldProfiles()
	var list []Profile
	f.store.Each(fieldwork.KindVolunteer, func(r fieldwork.Record) bool {
		p := Profile{Volunteer: r.ID, Name: fieldwork.Name(r)}
		if i := findProfile(held, r.ID); i >= 0 {
			p.Pinned, p.Last = len(held[i].PIN) > 0, held[i].Last
		}
		list = append(list, p)
		return true
	})
	slices.SortStableFunc(list, func(a, b Profile) int {
		switch {
		case a.Last != b.Last && a.Last > b.Last:
			return -1
		case a.Last != b.Last:
			return 1
		case fieldwork.Fold(a.Name) < fieldwork.Fold(b.Name):
			return -1
		}
		return 1
	})
	return list
}

// AtWork is the volunteer at work; false where nobody signed in.
func (f *Folder) AtWork() (Profile, bool) {
	if f.store == nil {
		return Profile{}, false
	}
	id := f.store.Author()
	for _, p := range f.Profiles() {
		if p.Volunteer == id {
			return p, true
		}
	}
	return Profile{}, false
}

// AddVolunteer puts somebody on the team list who is not there yet, by name only.
func (f *Folder) AddVolunteer(name string) (fieldwork.RecordID, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.RecordID{}, err
	}
	c, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindVolunteer, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.VolunteerName, Value: fieldwork.Text(name)}}}}})
	if err != nil {
		return fieldwork.RecordID{}, err
	}
	return c.Dot(0), nil
}

// SignIn lets a volunteer work: with the PIN, which is chosen at the first time here. It fails with a Problem of code "wrong-pin",
// "short-pin" or "pin-wait", and then nothing changes but the count of wrong tries.
func (f *Folder) SignIn(volunteer fieldwork.RecordID, pin string) error {
	s, err := f.Campaign()
	if err != nil {
		return err
	}
	held := f.heldProfiles()
	i := findProfile(held, volunteer)
	if i < 0 {
		held = append(held, heldProfile{Volunteer: fieldwork.AppendID(nil, volunteer)})
		i = len(held) - 1
	}
	p := &held[i]
	err = p.try(pin, f.now())
	if err == nil {
		p.Last = f.now().Unix()
	}
	if e := f.keepProfiles(held); err == nil {
		err = e
	}
	if err == nil {
		s.SetAuthor(volunteer)
	}
	return err
}

// SignOut ends somebody's work here; what is saved next has no author.
func (f *Folder) SignOut() {
	if f.store != nil {
		f.store.SetAuthor(fieldwork.RecordID{})
	}
}

// ForgetPIN lets a volunteer choose a new PIN, for whoever knows the laptop's passphrase.
func (f *Folder) ForgetPIN(volunteer fieldwork.RecordID, passphrase []byte) error {
	if err := f.CheckPassphrase(passphrase); err != nil {
		return err
	}
	held := f.heldProfiles()
	if i := findProfile(held, volunteer); i >= 0 {
		held[i] = heldProfile{Volunteer: held[i].Volunteer, Last: held[i].Last}
	}
	return f.keepProfiles(held)
}

// try compares a PIN, or takes it where none was chosen.
func (p *heldProfile) try(pin string, now time.Time) error {
	if !ValidPIN(pin) {
		return &fieldwork.Problem{Code: "short-pin", Sentence: "A PIN has four to eight digits.", Hint: "Type digits only."}
	}
	if now.Unix() < p.Until {
		return &fieldwork.Problem{Code: "pin-wait", Sentence: "This PIN was wrong too often.", Hint: "Wait a little, or let whoever knows the laptop's passphrase help."}
	}
	if len(p.PIN) == 0 {
		p.Salt = make([]byte, 16)
		rand.Read(p.Salt)
		p.PIN = hashPIN(pin, p.Salt)
		return nil
	}
	if subtle.ConstantTimeCompare(hashPIN(pin, p.Salt), p.PIN) == 1 {
		p.Wrong, p.Until = 0, 0
		return nil
	}
	p.Wrong++
	if over := p.Wrong - wrongPINs; over >= 0 {
		p.Until = now.Add(min(firstHold<<min(over, 10), mostHold)).Unix()
	}
	return &fieldwork.Problem{Code: "wrong-pin", Sentence: "This is not the PIN.", Hint: "Try again, or let whoever knows the laptop's passphrase choose a new one."}
}

// hashPIN costs about a tenth of a second, so that switching stays quick. 19 MiB, two passes: OWASP's least for Argon2id.
func hashPIN(pin string, salt []byte) []byte {
	return argon2.IDKey([]byte(pin), salt, 2, 19<<10, 1, 32)
}

func findProfile(held []heldProfile, volunteer fieldwork.RecordID) int {
	id := string(fieldwork.AppendID(nil, volunteer))
	return slices.IndexFunc(held, func(p heldProfile) bool { return string(p.Volunteer) == id })
}

func (f *Folder) heldProfiles() (held []heldProfile) {
	json.Unmarshal(f.store.Note(profilesNote), &held) // nothing or nonsense: nobody worked here yet
	return held
}

func (f *Folder) keepProfiles(held []heldProfile) error {
	b, err := json.Marshal(held)
	if err != nil {
		return err
	}
	return f.store.SetNote(profilesNote, b)
}
