package attacks

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// answering is a server that answers everybody with the same bytes, without TLS.
func answering(t *testing.T, text string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte(text))
			c.Close()
		}
	}()
	return l.Addr().String()
}

// peerAttacks are about a laptop's door, and what a laptop that was let in may say.
func peerAttacks(w *world) (list []attack) {
	me, one, late, gone, foreign := self(w.mallory), self(w.honest), self(w.newcome), self(w.stolen), self(w.foreign)
	hq := w.hq.s.Self()
	at := "https://" + w.door.Address()
	add := func(name, want string, f func() string) {
		list = append(list, attack{over: "a laptop's door", name: name, want: want, try: func(*world) string { return f() }})
	}
	knocking := func(name, want string, key ed25519.PrivateKey, voucher func() []byte) {
		add(name, want, func() string {
			_, err := w.knock(key, voucher()).Meet(w.t.Context(), false)
			return codeOf(err)
		})
	}
	none := func() []byte { return nil }
	forge := func(sign ed25519.PrivateKey, change func(*journal.Voucher)) func() []byte {
		return func() []byte {
			v, err := journal.ReadVoucher(late.Voucher)
			if err != nil {
				w.t.Fatal(err)
			}
			if change(&v); sign != nil {
				v.Sign(late.Campaign, sign)
			}
			return v.Append(nil)
		}
	}
	public := func(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
	lateKey, meKey := late.Key(), me.Key()
	knocking("a stranger", "peer-unknown", w.thief, none)
	knocking("a laptop of another HQ", "peer-unknown", foreign.Key(), none)
	sibling := self(w.sibling)
	knocking("a laptop of the sibling campaign", "peer-unknown", sibling.Key(), none)
	knocking("a revoked laptop", "peer-revoked", gone.Key(), none)
	knocking("the laptop's own key", "peer-self", one.Key(), none)
	knocking("HQ's key", "peer-unknown", hq.Key(), none)
	knocking("a newcomer without a voucher", "peer-unknown", lateKey, none)
	knocking("a newcomer's voucher in a stranger's hand", "peer-unknown", w.thief, func() []byte { return late.Voucher })
	knocking("a voucher that is none", "peer-unknown", w.thief, func() []byte { return []byte("let me in") })
	knocking("a voucher of one's own making", "peer-unknown", w.thief, forge(w.thief, func(v *journal.Voucher) { v.Key = public(w.thief) }))
	knocking("a voucher that a member signed", "peer-unknown", w.thief, forge(meKey, func(v *journal.Voucher) { v.Key = public(w.thief) }))
	knocking("a voucher with another key", "peer-unknown", w.thief, forge(nil, func(v *journal.Voucher) { v.Key = public(w.thief) }))
	knocking("a voucher with another number", "peer-unknown", lateKey, forge(nil, func(v *journal.Voucher) { v.Node++ }))
	knocking("a voucher with another place", "peer-unknown", lateKey, forge(nil, func(v *journal.Voucher) { v.Record.Seq += 3 }))
	knocking("a voucher of HQ for a number that is known", "peer-unknown", w.thief, forge(hq.Key(), func(v *journal.Voucher) { v.Key, v.Node = public(w.thief), me.Log.Node }))
	knocking("a voucher of HQ from before it was restored", "peer-unknown", w.thief, forge(hq.Key(), func(v *journal.Voucher) { v.Key, v.Node, v.Record.Seq = public(w.thief), 4711, 1 }))
	knocking("a voucher of the other HQ", "peer-unknown", foreign.Key(), func() []byte { return foreign.Voucher })
	knocking("a voucher of the sibling campaign", "peer-unknown", sibling.Key(), func() []byte { return sibling.Voucher })
	knocking("a revoked laptop's old voucher", "peer-revoked", gone.Key(), func() []byte { return gone.Voucher })
	knocking("a voucher with a byte more", "peer-unknown", lateKey, func() []byte { return append(bytes.Clone(late.Voucher), 0) })
	knocking("a voucher that was cut", "peer-unknown", lateKey, func() []byte { return late.Voucher[:60] })
	knocking("a voucher of 60 KB", "peer-unknown", lateKey, func() []byte { return append(bytes.Clone(late.Voucher), make([]byte, 60_000)...) })

	add("no TLS", "cut", func() string {
		return ask(&http.Client{Timeout: 15 * time.Second}, "http://"+w.door.Address(), request{path: exchangeOf(one.Campaign), body: frames(me, nil)})
	})
	add("TLS without a key", "cut", func() string {
		return ask(&http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}, at, request{path: exchangeOf(one.Campaign), body: frames(me, nil)})
	})
	add("TLS 1.2 with a member's key", "refused", func() string {
		c, err := tls.Dial("tcp", w.door.Address(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
		if err != nil {
			return "refused"
		}
		c.Close()
		return "connected"
	})
	add("a key of another kind", "403 peer-unknown", func() string {
		key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // cannot fail
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			w.t.Fatal(err)
		}
		return ask(&http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true,
			Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}}, at, request{path: exchangeOf(one.Campaign), body: frames(me, nil)})
	})

	heads := func() journal.Heads { return w.honest.Store().Heads() }
	friend := nearby(meKey)
	inside := func(name, want string, body func() []byte) {
		add(name, want, func() string { return ask(friend, at, request{path: exchangeOf(one.Campaign), body: body()}) })
	}
	send := func(name, want string, make func() wire.Frame) {
		inside(name, want, func() []byte { return frames(me, heads(), make()) })
	}
	add("a member whom nobody let in", "403 peer-unconfirmed", func() string {
		other := w.hq.join(w.t, w.hq.s, "Unconfirmed")
		o := self(other)
		_, err := w.knock(o.Key(), o.Voucher).Exchange(w.t.Context(), frames(o, heads()))
		return "403 " + codeOf(err)
	})
	list[len(list)-1].grows = true // HQ certifies one more
	add("another campaign's path", "404 peer-unknown", func() string {
		return ask(friend, at, request{path: exchangeOf(journal.Campaign{1}), body: frames(me, heads())})
	})
	add("HQ's pages at a laptop", "404 peer-unknown", func() string { return ask(friend, at, request{method: http.MethodGet, path: "/people"}) })
	add("a question that is none", "400 bad-request", func() string {
		return ask(friend, at, request{path: "/v1/campaigns/" + one.Campaign.String() + "/meet", body: []byte("nonsense")})
	})
	add("joining at a laptop", "404 peer-unknown", func() string {
		return ask(friend, at, request{path: "/v1/campaigns/" + one.Campaign.String() + "/join", body: []byte("{}")})
	})
	inside("another laptop's name", "200 wrong-campaign", func() []byte { return frames(late, heads()) })
	inside("HQ's name", "200 wrong-campaign", func() []byte { return frames(hq, heads()) })
	inside("the honest laptop's own name", "200 wrong-campaign", func() []byte { return frames(one, heads()) })
	inside("another campaign's name", "200 wrong-campaign", func() []byte { other := me; other.Campaign = journal.Campaign{1}; return frames(other, heads()) })
	inside("no frames", "cut", func() []byte { return []byte("not frames at all") })
	inside("a gigabyte's claim", "cut", func() []byte { return append(hello(me, heads()), claim(wire.TypeChanges, 1<<30)...) })
	send("a change in HQ's name", "200 forged", func() wire.Frame {
		x := w.next(w.mallory)
		x.log, x.after, x.prev = fieldwork.LogID{}, heads()[fieldwork.LogID{}], hashAt(w.honest.Store(), fieldwork.LogID{})
		return x.frame()
	})
	send("a change in the honest laptop's own name", "200 forged", func() wire.Frame {
		x := w.next(w.mallory)
		x.log, x.after, x.prev = one.Log, heads()[one.Log], hashAt(w.honest.Store(), one.Log)
		return x.frame()
	})
	send("a page of another laptop's log", "200 forged", func() wire.Frame {
		x := w.next(w.mallory)
		x.log, x.after = late.Log, 0
		return x.page(meKey)
	})
	send("a page of one's own log, which only HQ vouches for", "200 passed over", func() wire.Frame { return w.next(w.mallory).page(meKey) })
	send("receipts of one's own making", "200 passed over", func() wire.Frame {
		s := journal.Statement{At: 1 << 40, Held: journal.Heads{one.Log: 1 << 30}, Durable: journal.Heads{one.Log: 1 << 30}, Marks: map[fieldwork.LogID]uint32{}}
		s.Sign(me.Campaign, meKey)
		f, _ := wire.StatementFrame(&s)
		return f
	})
	send("receipts of HQ for the sibling campaign", "200 passed over", func() wire.Frame {
		s := journal.Statement{At: 1 << 40, Held: journal.Heads{one.Log: 1 << 30}, Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
		s.Sign(w.twin.Self().Campaign, hq.Key())
		f, _ := wire.StatementFrame(&s)
		return f
	})
	send("an old statement of HQ", "200 passed over", func() wire.Frame {
		s := journal.Statement{At: 1, Held: journal.Heads{}, Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
		s.Sign(me.Campaign, hq.Key())
		f, _ := wire.StatementFrame(&s)
		return f
	})
	send("that HQ has it, by a laptop's word", "200 passed over", func() wire.Frame {
		return wire.HeadsFrame(wire.TypeReceived, journal.Heads{one.Log: 1 << 30})
	})
	return list
}
