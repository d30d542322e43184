package laptop

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// nearby opens a laptop for others on loopback.
func nearby(t *testing.T, f *Folder, opt PeerOptions) *Peers {
	t.Helper()
	opt.Listen = "127.0.0.1:0"
	p, err := f.OpenPeers(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func problemCode(err error) string {
	var p *fieldwork.Problem
	if !errors.As(err, &p) {
		return fmt.Sprint(err)
	}
	return p.Code
}

func mustSync(t *testing.T, p *Peers, with *Peers) exchange.Result {
	t.Helper()
	res, err := p.Sync(t.Context(), with.Address(), nil, nil)
	if err != nil {
		t.Fatalf("%+v %v", res, err)
	}
	return res
}

func TestPeers_withoutHQAndThenOneBringsBothHome(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
		sync(t, a)
	})
	id := meet(t, a, 40)
	meet(t, b, 25)
	pa, pb := nearby(t, a, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true})
	res := mustSync(t, pa, pb)
	if res.Sent != 40 || res.Received != 25 || a.Store().Digest() != b.Store().Digest() {
		t.Fatalf("%+v, equal: %v", res, a.Store().Digest() == b.Store().Digest())
	}
	if res.Unsent != 40 || a.Store().Where(id) != store.OnThisLaptop {
		t.Errorf("%d unsent, the record is %q: another laptop is not HQ", res.Unsent, a.Store().Where(id))
	}
	if again := mustSync(t, pb, pa); again.Sent+again.Received != 0 || again.Requests > 2 {
		t.Errorf("once more, from the other side: %+v", again)
	}
	h.online(func() {
		if res := sync(t, b); res.Sent != 65 {
			t.Errorf("b brings both home: %+v", res)
		}
		if h.store.Count(fieldwork.KindTrainee) != 65 {
			t.Errorf("HQ has %d people", h.store.Count(fieldwork.KindTrainee))
		}
		if res := sync(t, a); res.Sent != 40 || res.Unsent != 0 || res.BytesUp > 1000 {
			t.Errorf("a only hears that its work is home: %+v", res)
		}
	})
	if a.Store().Where(id) != store.AtHQ || a.Store().Digest() != h.store.Digest() {
		t.Errorf("the record is %q", a.Store().Where(id))
	}
}

// HQ's receipts come home by the same road: a never meets HQ again and hears from b that its work is there.
func TestPeers_receiptsTravelBackFromLaptopToLaptop(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		for _, f := range []*Folder{b, a, b} {
			sync(t, f)
		}
	})
	id := meet(t, a, 4)
	pa, pb := nearby(t, a, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true})
	mustSync(t, pa, pb)
	h.ahead = time.Minute // HQ says what it has later than it said the last: it counts in seconds
	h.online(func() { sync(t, b); sync(t, b) })
	if a.Store().Where(id) != store.OnThisLaptop {
		t.Fatal("a cannot know yet")
	}
	mustSync(t, pb, pa) // b tells, and a hears as the one that is called
	if got := a.Store().Where(id); got != store.AtHQ || a.Store().Unsent() != 0 {
		t.Errorf("the record is %q, %d unsent", got, a.Store().Unsent())
	}
	meet(t, a, 1)
	mustSync(t, pa, pb)
	h.ahead = 2 * time.Minute
	h.online(func() { sync(t, b); sync(t, b) })
	mustSync(t, pa, pb) // and as the one that calls
	if a.Store().Unsent() != 0 {
		t.Errorf("%d unsent", a.Store().Unsent())
	}
}

func TestPeers_firstMeetingNeedsAPersonOnBothSides(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, a)
		sync(t, b)
		sync(t, a)
	})
	meet(t, a, 3)
	asked := make(chan struct{}, 10)
	pa := nearby(t, a, PeerOptions{})
	pb := nearby(t, b, PeerOptions{Changed: func() { asked <- struct{}{} }})

	// Here nobody agreed yet: nothing leaves the laptop, and the code is told.
	_, err := pa.Sync(t.Context(), pb.Address(), nil, nil)
	var u *Unconfirmed
	if !errors.As(err, &u) || problemCode(err) != "peer-confirm" || u.Name != "Kajiado 2" || u.Code == "" {
		t.Fatalf("%v", err)
	}
	if b.Store().Count(fieldwork.KindTrainee) != 0 {
		t.Fatal("something was sent before anybody agreed")
	}
	if err := pa.Confirm(u.Node); err != nil {
		t.Fatal(err)
	}

	// There somebody declines.
	declined := make(chan error, 1)
	go func() { _, err := pa.Sync(t.Context(), pb.Address(), nil, nil); declined <- err }()
	<-asked
	q := pb.Asking()
	if len(q) != 1 || q[0].Name != "Kajiado 1" || q[0].Code != u.Code {
		t.Fatalf("asked: %+v, want the code %s", q, u.Code)
	}
	pb.Decline(q[0].Node)
	if err := <-declined; problemCode(err) != "peer-declined" {
		t.Fatalf("declined: %v", err)
	}
	if b.Store().Count(fieldwork.KindTrainee) != 0 {
		t.Fatal("something was sent although the other person declined")
	}

	// There somebody agrees, after a while.
	pb.mu.Lock()
	pb.questions = map[uint32]*question{}
	pb.mu.Unlock()
	agreed := make(chan error, 1)
	go func() { _, err := pa.Sync(t.Context(), pb.Address(), nil, nil); agreed <- err }()
	for len(pb.Asking()) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	if err := pb.Confirm(pb.Asking()[0].Node); err != nil {
		t.Fatal(err)
	}
	if err := <-agreed; err != nil || b.Store().Count(fieldwork.KindTrainee) != 3 {
		t.Fatalf("agreed: %v", err)
	}

	// Remembered, from both sides, until somebody takes it back.
	meet(t, b, 2)
	mustSync(t, pb, pa)
	if a.Store().Count(fieldwork.KindTrainee) != 5 {
		t.Error("the way back")
	}
	if err := pb.Forget(a.Store().Self().Log.Node); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if res, err := pa.Sync(ctx, pb.Address(), nil, nil); err == nil {
		t.Errorf("after it was taken back: %+v", res)
	}
}

func TestPeers_cutAnywhereGoesOnFromThere(t *testing.T) {
	h := newHQ(t)
	var a, b *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		for _, f := range []*Folder{b, a, b} {
			sync(t, f)
		}
	})
	meet(t, a, 900)
	meet(t, b, 300)
	pa := nearby(t, a, PeerOptions{Anybody: true})
	for at := range 4 { // the person presses Stop; the other laptop's lid is closed
		pb := nearby(t, b, PeerOptions{Anybody: true})
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		pa.Sync(ctx, pb.Address(), nil, func(exchange.Progress) {
			if seen++; seen == 1+2*at {
				if at%2 == 0 {
					cancel()
				} else {
					go func() { pb.Close(); cancel() }() // nobody waits for it to come back
				}
			}
		})
		cancel()
		pb.Close()
	}
	pb := nearby(t, b, PeerOptions{Anybody: true})
	mustSync(t, pa, pb)
	if a.Store().Digest() != b.Store().Digest() || a.Store().Count(fieldwork.KindTrainee) != 1200 {
		t.Errorf("%d and %d people", a.Store().Count(fieldwork.KindTrainee), b.Store().Count(fieldwork.KindTrainee))
	}
}

func TestPeers_strangersAreRefusedWithASentence(t *testing.T) {
	h, other := newHQ(t), newHQ(t)
	var a, b, c, late *Folder
	h.online(func() {
		a, b, c = h.join("Kajiado 1"), h.join("Kajiado 2"), h.join("Kajiado 3")
		for _, f := range []*Folder{a, b, c} {
			sync(t, f)
		}
		late = h.join("Kajiado 4") // a has not met HQ since
		sync(t, late)
	})
	var foreign *Folder
	other.online(func() { foreign = other.join("Enugu 1"); sync(t, foreign) })
	meet(t, a, 1)
	meet(t, foreign, 1)
	h.online(func() { sync(t, a) }) // a knows b, c and late now
	pa := nearby(t, a, PeerOptions{Anybody: true})
	pf, pb := nearby(t, foreign, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true})
	pl := nearby(t, late, PeerOptions{Anybody: true})

	if _, err := pf.Sync(t.Context(), pa.Address(), nil, nil); problemCode(err) != "peer-unknown" {
		t.Errorf("a laptop of another campaign calls: %v", err)
	}
	if _, err := pa.Sync(t.Context(), pf.Address(), nil, nil); problemCode(err) != "peer-unknown" {
		t.Errorf("a laptop of another campaign is called: %v", err)
	}
	if _, err := pa.Sync(t.Context(), pa.Address(), nil, nil); problemCode(err) != "peer-self" {
		t.Errorf("the laptop calls itself: %v", err)
	}
	// b has not heard of late, which shows no voucher: the sentence comes from b's door, over the wire.
	if err := late.Store().UpdateIdentity(func(i *store.Identity) { i.Voucher = nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := pl.Sync(t.Context(), pb.Address(), nil, nil); problemCode(err) != "peer-unknown" || fieldwork.Hint(err) == "" {
		t.Errorf("a laptop that b has not heard of: %v", err)
	}

	if err := h.office.Revoke(h.store, "Kajiado 3"); err != nil {
		t.Fatal(err)
	}
	h.online(func() { sync(t, a) })
	pc := nearby(t, c, PeerOptions{Anybody: true})
	meet(t, c, 1)
	if _, err := pc.Sync(t.Context(), pa.Address(), nil, nil); problemCode(err) != "peer-revoked" {
		t.Errorf("a revoked laptop calls: %v", err)
	}
	if _, err := pa.Sync(t.Context(), pc.Address(), nil, nil); problemCode(err) != "peer-revoked" {
		t.Errorf("a revoked laptop is called: %v", err)
	}
	if n := a.Store().Count(fieldwork.KindTrainee); n != 1 {
		t.Errorf("a has %d people, one is its own", n)
	}
	if _, err := pa.Sync(t.Context(), "127.0.0.1:1", nil, nil); problemCode(err) != "peer-unreachable" {
		t.Errorf("nobody there: %v", err)
	}
	for _, bad := range []string{"", "http://x", "a b", "127.0.0.1:0", "127.0.0.1:99999999", "https://x/y"} {
		if _, err := pa.Sync(t.Context(), bad, nil, nil); problemCode(err) != "bad-address" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A revocation travels from laptop to laptop: b never met HQ again.
func TestPeers_revocationsTravel(t *testing.T) {
	h := newHQ(t)
	var a, b, c *Folder
	h.online(func() {
		a, b, c = h.join("Kajiado 1"), h.join("Kajiado 2"), h.join("Kajiado 3")
		for _, f := range []*Folder{c, b, a, c, b, a} {
			sync(t, f)
		}
	})
	if err := h.office.Revoke(h.store, "Kajiado 3"); err != nil {
		t.Fatal(err)
	}
	h.online(func() { sync(t, a) })
	pa, pb, pc := nearby(t, a, PeerOptions{Anybody: true}), nearby(t, b, PeerOptions{Anybody: true}), nearby(t, c, PeerOptions{Anybody: true})
	mustSync(t, pb, pa)
	if _, err := pc.Sync(t.Context(), pb.Address(), nil, nil); problemCode(err) != "peer-revoked" {
		t.Errorf("the revoked laptop calls b: %v", err)
	}
}

// A stranger who speaks HTTP without a key, with a wrong one, or not at all, gets no further than the door.
func TestPeerDoor_readsNothingBeforeTheProof(t *testing.T) {
	h := newHQ(t)
	var a *Folder
	h.online(func() { a = h.join("Kajiado 1"); sync(t, a) })
	pa := nearby(t, a, PeerOptions{Anybody: true})
	plain, err := net.Dial("tcp", pa.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	fmt.Fprintf(plain, "POST / HTTP/1.1\r\n\r\n")
	plain.SetReadDeadline(time.Now().Add(10 * time.Second))
	buf := make([]byte, 256)
	if n, _ := plain.Read(buf); bytes.Contains(buf[:n], []byte("HTTP/1.1 4")) && bytes.Contains(buf[:n], []byte("X-Kandili")) {
		t.Errorf("without TLS it said %q", buf[:n])
	}
	if conn, err := tls.Dial("tcp", pa.Address(), &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}); err == nil {
		conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Read(buf); err == nil {
			t.Errorf("without a key it said %q", buf)
		}
		conn.Close()
	}
	_, stranger, _ := ed25519.GenerateKey(nil)
	own, err := road.PeerCertificate(stranger, nil)
	if err != nil {
		t.Fatal(err)
	}
	// What is no HTTP at all is not read as HTTP either: the same refusal, and not "400 Bad Request".
	conn, err := tls.Dial("tcp", pa.Address(), road.PeerConfig(own, func(ed25519.PublicKey, []byte) (uint32, error) { return 1, nil }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "\x00\x00 nonsense\r\n\r\n")
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if said, _ := io.ReadAll(conn); !bytes.HasPrefix(said, []byte("HTTP/1.1 403")) || !bytes.Contains(said, []byte("peer-unknown")) {
		t.Errorf("to nonsense of a stranger it said %q", said)
	}
	way := &road.HTTPS{URLs: []string{"https://" + pa.Address()}, Campaign: a.Store().Self().Campaign,
		Peer: road.PeerConfig(own, func(ed25519.PublicKey, []byte) (uint32, error) { return 1, nil })}
	defer way.Close()
	if _, err := way.Exchange(t.Context(), bytes.Repeat([]byte{1}, 500_000)); problemCode(err) != "peer-unknown" {
		t.Errorf("a stranger with a key: %v", err)
	}
}

func TestMeetingCode_isTheSameFromBothSides(t *testing.T) {
	a, _, _ := ed25519.GenerateKey(nil)
	b, _, _ := ed25519.GenerateKey(nil)
	c, _, _ := ed25519.GenerateKey(nil)
	ab, ba, ac := road.MeetingCode([8]byte{1}, a, b), road.MeetingCode([8]byte{1}, b, a), road.MeetingCode([8]byte{1}, a, c)
	if ab != ba || ab == ac || len(ab) != 7 {
		t.Errorf("%q %q %q", ab, ba, ac)
	}
}
