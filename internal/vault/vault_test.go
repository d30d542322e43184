package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

var phrase = []byte("four words are good")

func newVault(t testing.TB) (path string, k *Keys) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "vault.json")
	k, err := Create(path, phrase, TestParams)
	if err != nil {
		t.Fatal(err)
	}
	return path, k
}

// same says whether two keys open each other's values.
func same(t testing.TB, a, b *Keys) bool {
	t.Helper()
	sealed := a.Sealer("test").Seal(nil, []byte("here"), []byte("hello"))
	plain, err := b.Sealer("test").Open(nil, []byte("here"), sealed)
	return err == nil && string(plain) == "hello"
}

func TestUnlock_wrongPassphraseHasNoSideEffects(t *testing.T) {
	path, k := newVault(t)
	before, _ := os.ReadFile(path)
	if _, err := Unlock(path, []byte("something else")); !errors.Is(err, ErrWrongPassphrase) {
		t.Fatalf("got %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Fatal("the file was changed")
	}
	again, err := Unlock(path, phrase)
	if err != nil || !same(t, k, again) {
		t.Fatalf("the right one afterwards: %v", err)
	}
	if _, err := Create(path, phrase, TestParams); !errors.Is(err, ErrExists) {
		t.Errorf("making it twice: %v", err)
	}
}

func TestUnlock_aCutOrChangedFileNeverOpensToOtherKeys(t *testing.T) {
	path, k := newVault(t)
	whole, _ := os.ReadFile(path)
	try := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Unlock(path, phrase); err == nil && !same(t, k, got) {
			t.Errorf("%s opens, to other keys", what)
		}
	}
	for i := 0; i < len(whole); i += 7 { // each try that gets past the form costs a passphrase's work
		try("cut", whole[:i])
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		try("flipped", flipped)
	}
}

func TestUnlock_doctoredParametersAreRefused(t *testing.T) {
	path, _ := newVault(t)
	whole, _ := os.ReadFile(path)
	for name, change := range map[string]func(map[string]any){
		"all the memory": func(s map[string]any) { s["memory_kib"] = 1 << 30 },
		"all day":        func(s map[string]any) { s["time"] = 1000 },
		"no work":        func(s map[string]any) { s["memory_kib"] = 8 },
		"a little more":  func(s map[string]any) { s["memory_kib"] = minMemoryKiB + 1024 },
		"another name":   func(s map[string]any) { s["name"] = "other" },
	} {
		var f map[string]any
		if err := json.Unmarshal(whole, &f); err != nil {
			t.Fatal(err)
		}
		slots, ok := f["slots"].([]any)
		if !ok || len(slots) == 0 {
			t.Fatalf("the file has no slots: %s", whole)
		}
		change(slots[0].(map[string]any))
		b, _ := json.Marshal(f)
		os.WriteFile(path, b, 0o600)
		if _, err := Unlock(path, phrase); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestSlots_severalPassphrasesOpenOneKey(t *testing.T) {
	path, k := newVault(t)
	if err := AddSlot(path, k, "Léa", []byte("another passphrase"), TestParams); err != nil {
		t.Fatal(err)
	}
	if err := ChangePassphrase(path, phrase, []byte("a new passphrase")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"another passphrase", "a new passphrase"} {
		if got, err := Unlock(path, []byte(p)); err != nil || !same(t, k, got) {
			t.Errorf("%s: %v", p, err)
		}
	}
	if _, err := Unlock(path, phrase); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("the old one: %v", err)
	}
}

func TestKeyFile_opensItsVaultOnly(t *testing.T) {
	dir := t.TempDir()
	v1, k1, v2, k2 := filepath.Join(dir, "v1"), filepath.Join(dir, "k1"), filepath.Join(dir, "v2"), filepath.Join(dir, "k2")
	a, err := CreateWithKeyFile(v1, k1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CreateWithKeyFile(v2, k2); err != nil {
		t.Fatal(err)
	}
	if got, err := UnlockWithKeyFile(v1, k1); err != nil || !same(t, a, got) {
		t.Errorf("its own: %v", err)
	}
	if _, err := UnlockWithKeyFile(v1, k2); !errors.Is(err, ErrWrongKeyFile) {
		t.Errorf("another's: %v", err)
	}
	if st, err := os.Stat(k1); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("anybody may read the key file: %v %v", st.Mode(), err)
	}
}

func TestSealer_aValueOpensAtItsPlaceOnly(t *testing.T) {
	_, k := newVault(t)
	s, other := k.Sealer("data"), k.Sealer("journal")
	rapid.Check(t, func(t *rapid.T) {
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "place")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed := s.Seal(nil, aad, plain)
		got, err := s.Open(nil, aad, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%x %v", got, err)
		}
		if _, err := s.Open(nil, append(aad, 1), sealed); err == nil {
			t.Fatal("it opens at another place")
		}
		if _, err := other.Open(nil, aad, sealed); err == nil {
			t.Fatal("it opens for another purpose")
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1
		if _, err := s.Open(nil, aad, sealed); err == nil {
			t.Fatal("it opens although it was changed")
		}
	})
}

func TestWipe_nothingOpensAfterwards(t *testing.T) {
	_, k := newVault(t)
	k.Wipe()
	if k.data != [keySize]byte{} {
		t.Error("the key is still in memory")
	}
}

func FuzzParseFile(f *testing.F) {
	path, _ := newVault(f)
	whole, _ := os.ReadFile(path)
	f.Add(whole)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := parseFile(b); err == nil && p == nil {
			t.Fatal("neither a file nor an error")
		}
	})
}
