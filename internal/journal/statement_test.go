package journal

import (
	"bytes"
	"crypto/ed25519"
	"reflect"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

func someStatement(key ed25519.PrivateKey) Statement {
	one, two := fieldwork.LogID{Node: 1}, fieldwork.LogID{Node: 2, Epoch: 1 << 31}
	s := Statement{At: 1_800_000_000, Proven: 1_799_990_000, Held: Heads{one: 90, two: 7}, Durable: Heads{one: 80},
		Marks: map[fieldwork.LogID]uint32{one: 1<<20 - 1, two: 3},
		Apart: []Apart{{Log: two, First: 8, Last: 11, Reason: ReasonRevoked, Left: true, Text: "The laptop was stolen on the 3rd."}}}
	if err := s.Sign(Campaign{1}, key); err != nil {
		panic(err)
	}
	return s
}

func TestStatement_isReadBackAndProvesItself(t *testing.T) {
	pub, key, _ := ed25519.GenerateKey(nil)
	want := someStatement(key)
	got, err := ReadStatement(want.Append(nil))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v %v\nwant %+v", got, err, want)
	}
	if !got.SignedBy(Campaign{1}, pub) {
		t.Error("the signature does not hold")
	}
	if got.SignedBy(Campaign{2}, pub) {
		t.Error("it holds for another campaign")
	}
	later := want
	later.At++
	if later.SignedBy(Campaign{1}, pub) || later.Token() != want.Token() {
		t.Error("the time must be signed, and alone be no news")
	}
	more := want
	more.Held = Heads{{Node: 1}: 91}
	if more.SignedBy(Campaign{1}, pub) || more.Token() == want.Token() {
		t.Error("another content is neither signed nor the same")
	}
}

func TestStatement_everyDamageIsNoticed(t *testing.T) {
	pub, key, _ := ed25519.GenerateKey(nil)
	s := someStatement(key)
	whole := s.Append(nil)
	for i := range whole {
		for _, bit := range []byte{1, 0x80} {
			b := bytes.Clone(whole)
			b[i] ^= bit
			if got, err := ReadStatement(b); err == nil && got.SignedBy(Campaign{1}, pub) {
				t.Fatalf("byte %d: %+v", i, got)
			}
		}
		if _, err := ReadStatement(whole[:i]); err == nil {
			if got, _ := ReadStatement(whole[:i]); got.SignedBy(Campaign{1}, pub) {
				t.Fatalf("cut at %d and still signed", i)
			}
		}
	}
}

func TestStatement_aLongReasonIsCutBetweenLetters(t *testing.T) {
	s := Statement{Held: Heads{}, Apart: []Apart{{Log: fieldwork.LogID{Node: 1}, First: 1, Last: 1, Reason: ReasonFork, Text: strings.Repeat("é", 200)}}, Sig: make([]byte, 64)}
	got, err := ReadStatement(s.Append(nil))
	if want := strings.Repeat("é", 80); err != nil || got.Apart[0].Text != want {
		t.Errorf("%+v %v", got.Apart, err)
	}
}

func TestMark_belongsToOneLogOneNumberAndOneHQ(t *testing.T) {
	log := fieldwork.LogID{Node: 1}
	m := Mark([]byte("secret"), Campaign{1}, log, 90)
	for _, other := range []uint32{Mark([]byte("other"), Campaign{1}, log, 90), Mark([]byte("secret"), Campaign{2}, log, 90),
		Mark([]byte("secret"), Campaign{1}, fieldwork.LogID{Node: 1, Epoch: 1}, 90), Mark([]byte("secret"), Campaign{1}, log, 91)} {
		if other == m {
			t.Error("two receipts have the same mark")
		}
	}
}

func FuzzReadStatement(f *testing.F) {
	_, key, _ := ed25519.GenerateKey(bytes.NewReader(make([]byte, 32)))
	s := someStatement(key)
	f.Add(s.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ReadStatement(b)
		if err != nil {
			return
		}
		again, err := ReadStatement(got.Append(nil))
		if err != nil || !reflect.DeepEqual(got, again) {
			t.Fatalf("%+v %v\n%+v", got, err, again)
		}
	})
}
