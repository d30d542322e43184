package hq

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/vault"
)

// TestRecovery_aLostPassphraseOverTheTelephone: HQ reads the code out, the laptop gets a new passphrase with everything on it,
// the code works once, and the next contact brings another one to HQ.
func TestRecovery_aLostPassphraseOverTheTelephone(t *testing.T) {
	o, s := newOffice(t, &clock{time.Now()})
	at, _ := serve(t, o)
	f := newLaptop(t, o, s, at, "Kajiado 1")
	c := s.Self().Campaign
	if _, err := o.RecoveryCode(c, 1, ""); code(err) != "no-recovery" {
		t.Errorf("before the first sync: %v", err)
	}
	synced(t, f)
	person := added(t, f, "trainee", laptop.Cells{"given_name": "Nasieku"})
	first, err := o.RecoveryCode(c, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := f.Dir
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	other, err := o.RecoveryCode(c, 2, "")
	if err == nil || other != "" {
		t.Errorf("a code of a laptop that is none: %q %v", other, err)
	}
	wrong := fieldwork.RecoveryCode(make([]byte, fieldwork.RecoveryBytes))
	if _, err := laptop.Recover(dir, wrong, []byte("four new words here")); !errors.Is(err, vault.ErrWrongRecovery) {
		t.Errorf("another laptop's code: %v", err)
	}
	g, err := laptop.Recover(dir, first, []byte("four new words here"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := g.Store().Record(person.ID); !ok {
		t.Error("what was unsent is gone")
	}
	if _, err := laptop.Recover(dir, first, []byte("four other words here")); code(err) != "wrong-recovery" {
		t.Errorf("the code a second time: %v", err)
	}
	synced(t, g)
	second, err := o.RecoveryCode(c, 1, "")
	if err != nil || second == first {
		t.Errorf("after the next contact: %q %v", second, err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	h, err := laptop.Recover(dir, second, []byte("yet other words here"))
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	if !vaultOpens(filepath.Join(dir, "vault.json"), "yet other words here") || vaultOpens(filepath.Join(dir, "vault.json"), "four new words here") {
		t.Error("not the last passphrase alone opens the laptop")
	}
}

func vaultOpens(path, passphrase string) bool {
	keys, err := vault.Unlock(path, []byte(passphrase))
	if err == nil {
		keys.Wipe()
	}
	return err == nil
}
