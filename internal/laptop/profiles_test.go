package laptop

import (
	"testing"
	"time"

	"kandili/internal/fieldwork"
)

func TestSignIn_theAuthorStandsOnEveryChange(t *testing.T) {
	f := practiceLaptop(t)
	now := time.Unix(1_800_000_000, 0)
	f.Now = func() time.Time { return now }
	lea, err := f.AddVolunteer("Léa Diop")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SignIn(lea, "12"); code(err) != "short-pin" {
		t.Errorf("a short PIN: %v", err)
	}
	if err := f.SignIn(lea, "1234"); err != nil { // chosen now
		t.Fatal(err)
	}
	r, err := f.Add("site", Cells{"name": "Oldonyo"})
	if err != nil {
		t.Fatal(err)
	}
	shown, _ := f.Show(r.ID, true)
	if got, want := shown.History[0].Author, fieldwork.CodeOf(lea); got != want {
		t.Errorf("written by %q, want %q", got, want)
	}
	if p, ok := f.AtWork(); !ok || p.Name != "Léa Diop" || !p.Pinned || f.Profiles()[0].Volunteer != lea {
		t.Errorf("at work: %+v %v", p, ok)
	}
	f.SignOut()
	if _, ok := f.AtWork(); ok {
		t.Error("somebody is at work after signing out")
	}
	for range wrongPINs {
		if err := f.SignIn(lea, "9999"); code(err) != "wrong-pin" {
			t.Fatalf("a wrong PIN: %v", err)
		}
	}
	if err := f.SignIn(lea, "1234"); code(err) != "pin-wait" {
		t.Errorf("after %d wrong tries: %v", wrongPINs, err)
	}
	now = now.Add(firstHold + time.Second)
	if err := f.SignIn(lea, "1234"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if err := f.ForgetPIN(lea, []byte("not the passphrase")); code(err) != "wrong-passphrase" {
		t.Errorf("forgetting a PIN without the passphrase: %v", err)
	}
}
