package attacks

import (
	"bytes"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// doorAttacks try to get past HQ's TLS and its proof of who calls.
func doorAttacks(w *world) []attack {
	me, one, no := self(w.mallory), self(w.honest), self(w.newcome)
	at, body := exchangeOf(me.Campaign), frames(me, w.hq.s.Heads())
	client := pinned(w.hq.pin)
	as := func(name string, h http.Header, want string) attack {
		return attack{over: "HQ's door", name: name, want: want, try: func(w *world) string { return ask(client, w.hq.url, request{path: at, header: h, body: body}) }}
	}
	req := func(name, want string, q request) attack {
		return attack{over: "HQ's door", name: name, want: want, try: func(w *world) string { return ask(client, w.hq.url, q) }}
	}
	handshake := func(name string, c *tls.Config, want string) attack {
		return attack{over: "HQ's door", name: name, want: want, try: func(w *world) string {
			conn, err := tls.Dial("tcp", strings.TrimPrefix(w.hq.url, "https://"), c)
			if err != nil {
				return "refused"
			}
			conn.Close()
			return "connected"
		}}
	}
	good := authorization(me.Log.Node, me.Token)
	return []attack{
		as("nobody", nil, "401 unknown-node"),
		as("a password instead of a token", http.Header{"Authorization": {"Basic bWFsbG9yeTpx"}}, "401 unknown-node"),
		as("a bearer's token", http.Header{"Authorization": {"Bearer " + strings.TrimPrefix(road.Authorization(1, me.Token), "Kandili 1:")}}, "401 unknown-node"),
		as("a number without a token", authorization(me.Log.Node, nil), "403 unknown-node"),
		as("a token that is no base64", http.Header{"Authorization": {"Kandili 1:%%%"}}, "401 unknown-node"),
		as("a number beyond all numbers", http.Header{"Authorization": {"Kandili 99999999999:AAAA"}}, "401 unknown-node"),
		as("a number that nobody has", authorization(4711, me.Token), "403 unknown-node"),
		as("a wrong token", authorization(me.Log.Node, make([]byte, 32)), "403 unknown-node"),
		as("half of the right token", authorization(me.Log.Node, me.Token[:16]), "403 unknown-node"),
		as("another laptop's number", authorization(one.Log.Node, me.Token), "403 unknown-node"),
		as("another laptop's token", authorization(me.Log.Node, one.Token), "403 unknown-node"),
		as("HQ's number", authorization(0, me.Token), "403 unknown-node"),
		as("the sibling campaign's token", authorization(self(w.sibling).Log.Node, self(w.sibling).Token), "403 unknown-node"),
		as("the other HQ's token", authorization(self(w.foreign).Log.Node, self(w.foreign).Token), "403 unknown-node"),
		as("another laptop's number and token, in the own name", authorization(no.Log.Node, no.Token), "200 wrong-campaign"),
		req("the own token at the sibling campaign", "403 unknown-node", request{path: exchangeOf(w.twin.Self().Campaign), header: good, body: body}),
		req("a campaign that there is not", "404 wrong-campaign", request{path: exchangeOf(journal.Campaign{1}), header: good, body: body}),
		req("a campaign that is no number", "404 wrong-campaign", request{path: "/v1/campaigns/..%2f..%2fetc/exchange", header: good, body: body}),
		req("reading where one sends", "405", request{method: http.MethodGet, path: at, header: good}),
		req("putting", "405", request{method: http.MethodPut, path: at, header: good, body: body}),
		req("deleting a campaign", "405", request{method: http.MethodDelete, path: at, header: good}),
		req("TRACE", "405", request{method: "TRACE", path: at, header: good}),
		req("a path above, which leads to none", "307", request{method: http.MethodGet, path: "/v1/../../hq.key", header: good}),
		req("the key's file", "404", request{method: http.MethodGet, path: "/hq.key"}),
		req("another laptop's recovery secret", "403 unknown-node", request{path: "/v1/campaigns/" + me.Campaign.String() + "/recovery", header: authorization(one.Log.Node, me.Token), body: []byte("{}")}),
		req("a recovery secret of nobody", "401 unknown-node", request{path: "/v1/campaigns/" + me.Campaign.String() + "/recovery", body: []byte("{}")}),
		req("a recovery secret that is none", "400 bad-request", request{path: "/v1/campaigns/" + me.Campaign.String() + "/recovery", header: good, body: []byte(`{"secret":"AA=="}`)}),
		handshake("TLS 1.0", &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, "refused"),
		handshake("TLS 1.1", &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "refused"),
		handshake("a server with another key", road.Pinned(make([]byte, 32)), "refused"),
		{over: "HQ's door", name: "no TLS at all", want: "400", try: func(w *world) string {
			return ask(http.DefaultClient, strings.Replace(w.hq.url, "https", "http", 1), request{path: at, header: good, body: body})
		}},
		{over: "HQ's door", name: "another HQ's server in HQ's place", want: "key-changed", try: func(w *world) string {
			way := &road.HTTPS{URLs: []string{w.other.url}, Pin: w.hq.pin, Campaign: me.Campaign, Node: me.Log.Node, Token: me.Token}
			defer way.Close()
			_, err := way.Exchange(w.t.Context(), body)
			return codeOf(err)
		}},
		{over: "HQ's door", name: "a server without TLS in HQ's place", want: "unreachable", try: func(w *world) string {
			l := answering(w.t, "HTTP/1.1 200 OK\r\nX-Kandili: 1\r\nContent-Length: 0\r\n\r\n")
			way := &road.HTTPS{URLs: []string{"https://" + l}, Pin: w.hq.pin, Campaign: me.Campaign, Node: me.Log.Node, Token: me.Token}
			defer way.Close()
			_, err := way.Exchange(w.t.Context(), body)
			return codeOf(err)
		}},
	}
}

// exchangeAttacks are what a member sends as an exchange that it must not.
func exchangeAttacks(w *world) []attack {
	me, one, gone := self(w.mallory), self(w.honest), self(w.stolen)
	good := authorization(me.Log.Node, me.Token)
	client := pinned(w.hq.pin)
	raw := func(name, want string, body func() []byte) attack {
		return attack{over: "HQ exchange", name: name, want: want, try: func(w *world) string {
			return ask(client, w.hq.url, request{path: exchangeOf(me.Campaign), header: good, body: body()})
		}}
	}
	send := func(name, want string, list func() []wire.Frame) attack {
		return raw(name, want, func() []byte { return frames(me, w.hq.s.Heads(), list()...) })
	}
	one1 := func(f wire.Frame) []wire.Frame { return []wire.Frame{f} }
	like := func(name, want string, change func(*writing)) attack {
		return send(name, want, func() []wire.Frame {
			x := w.next(w.mallory)
			change(&x)
			return one1(x.frame())
		})
	}
	with := func(of store.Identity) []byte { return frames(of, w.hq.s.Heads()) }
	list := []attack{
		raw("nothing", "cut", func() []byte { return nil }),
		raw("JSON", "cut", func() []byte { return []byte(`{"campaign":"all"}`) }),
		raw("a gigabyte's claim", "cut", func() []byte { return append(hello(me, w.hq.s.Heads()), claim(wire.TypeChanges, 1<<30)...) }),
		raw("a length without end", "cut", func() []byte { return append(hello(me, w.hq.s.Heads()), bytes.Repeat([]byte{0xff}, 64)...) }),
		raw("nine megabytes", "cut", func() []byte {
			b := hello(me, w.hq.s.Heads())
			for len(b) < 9<<20 {
				b = wire.AppendFrame(b, wire.Frame{Type: 200, Body: make([]byte, wire.MaxBody)})
			}
			return b
		}),
		raw("a frame with a wrong sum", "cut", func() []byte {
			b := frames(me, w.hq.s.Heads(), w.next(w.mallory).frame())
			b[len(b)-20] ^= 1
			return b
		}),
		raw("a request that ends in the middle", "cut", func() []byte {
			b := frames(me, w.hq.s.Heads(), w.next(w.mallory).frame())
			return b[:len(b)-30]
		}),
		raw("no hello", "200 bad-request", func() []byte { return wire.AppendFrame(nil, wire.EndFrame(false)) }),
		raw("the other campaign's name", "200 wrong-campaign", func() []byte { return with(store.Identity{Campaign: w.twin.Self().Campaign, Log: me.Log}) }),
		raw("another laptop's name", "200 wrong-campaign", func() []byte { return with(store.Identity{Campaign: me.Campaign, Log: one.Log}) }),
		raw("HQ's name", "200 wrong-campaign", func() []byte { return with(store.Identity{Campaign: me.Campaign}) }),
		raw("five thousand logs", "cut", func() []byte {
			b := binary.AppendUvarint(nil, 5000)
			for i := range 5000 {
				b = fieldwork.AppendID(b, fieldwork.RecordID{Log: fieldwork.LogID{Node: uint32(i + 1)}, Seq: 1})
			}
			return frames(me, w.hq.s.Heads(), wire.Frame{Type: wire.TypeHeads, Body: b})
		}),
		like("a change in another laptop's name", "200 forged", func(x *writing) { x.log, x.after, x.prev = one.Log, w.hq.s.Heads()[one.Log], hashAt(w.hq.s, one.Log) }),
		like("a change in HQ's name", "200 forged", func(x *writing) {
			x.log, x.after, x.prev = fieldwork.LogID{}, w.hq.s.Heads()[fieldwork.LogID{}], hashAt(w.hq.s, fieldwork.LogID{})
		}),
		like("a change in a new incarnation of HQ", "200 forged", func(x *writing) { x.log, x.after, x.prev = fieldwork.LogID{Epoch: 7}, 0, journal.Hash{} }),
		like("a change in a new incarnation of another laptop", "200 forged", func(x *writing) {
			x.log, x.after, x.prev = fieldwork.LogID{Node: one.Log.Node, Epoch: 7}, 0, journal.Hash{}
		}),
		like("a laptop that nobody certified", "200 passed over", func(x *writing) {
			x.log, x.after, x.prev, x.key = fieldwork.LogID{Node: 4711}, 0, journal.Hash{}, w.thief
		}),
		like("a stranger's signature", "200 forged", func(x *writing) { x.key = w.thief }),
		like("no signature", "200 forged", func(x *writing) { x.key = nil }),
		like("a signature for another campaign", "200 forged", func(x *writing) { x.as = w.twin.Self().Campaign }),
		like("a gap in the numbers", "200 passed over", func(x *writing) { x.after += 10 }),
		send("a signature that was changed by a bit", "200 forged", func() []wire.Frame {
			p := w.next(w.mallory).piece()
			p.Sig = bytes.Clone(p.Sig)
			p.Sig[10] ^= 4
			return one1(changesFrame(p))
		}),
		send("a change after the signature", "200 forged", func() []wire.Frame {
			p := w.next(w.mallory).piece()
			p.Changes[0].Writes = []journal.Write{someone("Evil")}
			return one1(changesFrame(p))
		}),
		send("another time after the signature", "200 forged", func() []wire.Frame {
			p := w.next(w.mallory).piece()
			p.Changes[0].Wall -= 1000
			return one1(changesFrame(p))
		}),
		send("the signature of a head as a page's", "200 forged", func() []wire.Frame {
			p := w.next(w.mallory).piece()
			sig := p.Sig
			p.Covered, p.End = true, journal.Hash{}
			p.Sig = sig
			f, err := wire.Speaks{}.PageFrame(p)
			if err != nil {
				panic(err)
			}
			return one1(f)
		}),
		send("a page of another laptop's log", "200 forged", func() []wire.Frame {
			x := w.next(w.mallory)
			x.log, x.after = one.Log, w.hq.s.Heads()[one.Log]
			return one1(x.page(me.Key()))
		}),
		send("a page of HQ's log", "200 forged", func() []wire.Frame {
			x := w.next(w.mallory)
			x.log, x.after = fieldwork.LogID{}, w.hq.s.Heads()[fieldwork.LogID{}]
			return one1(x.page(me.Key()))
		}),
		send("a page in a stranger's name", "200 forged", func() []wire.Frame { return one1(w.next(w.mallory).page(w.thief)) }),
		send("a codec that nobody knows", "200 send-rows", func() []wire.Frame { return one1(codec(w.next(w.mallory).frame(), 77, 0)) }),
		send("a dictionary that nobody has", "200 send-rows", func() []wire.Frame { return one1(codec(w.next(w.mallory).frame(), byte(wire.CodecRows), 12345)) }),
		send("changes that are no changes", "cut", func() []wire.Frame { return one1(wire.Frame{Type: wire.TypeChanges, Body: []byte("changes")}) }),
		send("a bomb of zeros", "cut", func() []wire.Frame { return one1(bomb(me.Log)) }),
		send("receipts that HQ did not sign", "200 passed over", func() []wire.Frame {
			s := journal.Statement{At: 1 << 40, Held: journal.Heads{one.Log: 1 << 30}, Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
			s.Sign(me.Campaign, me.Key())
			f, _ := wire.StatementFrame(&s)
			return one1(f)
		}),
		send("a photo that no record names", "200 passed over", func() []wire.Frame {
			file := bytes.Repeat([]byte("no photo "), 3000)
			m := blob.Manifest{Images: []blob.Image{blob.NewImage(blob.Preview, 9, 9, file)}}
			c := wire.Chunk{Name: m.Name(), Size: blob.Preview, Bytes: file[:blob.ChunkSize]}
			return []wire.Frame{wire.ManifestFrame(&m), c.Frame()}
		}),
		send("a chunk without a photo", "200 passed over", func() []wire.Frame {
			c := wire.Chunk{Name: blob.Name{1}, Size: blob.Preview, Bytes: []byte("x")}
			return one1(c.Frame())
		}),
		send("a voucher for oneself", "200 passed over", func() []wire.Frame {
			v := journal.Voucher{Record: fieldwork.RecordID{Seq: 1 << 20}, Node: 4711, Key: w.thief.Public().(ed25519.PublicKey)}
			v.Sign(me.Campaign, me.Key())
			return one1(wire.VoucherFrame(v.Append(nil)))
		}),
		send("proof of a history that nobody wrote", "200 passed over", func() []wire.Frame {
			h := journal.Head{Log: one.Log, Seq: 1 << 20, Hash: journal.Hash{7}}
			h.Sign(me.Campaign, me.Key())
			return one1(wire.TraceFrame(&journal.Trace{Head: h}))
		}),
		send("frames that answer", "200 passed over", func() []wire.Frame {
			return []wire.Frame{wire.HeadsFrame(wire.TypeReceived, journal.Heads{one.Log: 1 << 30}), wire.TimeFrame(1), wire.Limits{RetryAfter: 1 << 30}.Frame()}
		}),
		{over: "HQ exchange", name: "a revoked laptop writes on", want: "200 quarantined", apart: true, try: func(w *world) string {
			return ask(client, w.hq.url, request{path: exchangeOf(gone.Campaign), header: authorization(gone.Log.Node, gone.Token), body: frames(gone, w.hq.s.Heads(), w.next(w.stolen).frame())})
		}},
		{over: "HQ exchange", name: "a revoked laptop writes in a new incarnation", want: "200 quarantined", apart: true, try: func(w *world) string {
			x := w.next(w.stolen)
			x.log, x.after, x.prev = fieldwork.LogID{Node: gone.Log.Node, Epoch: 9}, 0, journal.Hash{}
			return ask(client, w.hq.url, request{path: exchangeOf(gone.Campaign), header: authorization(gone.Log.Node, gone.Token), body: frames(gone, w.hq.s.Heads(), x.frame())})
		}},
		{over: "HQ exchange", name: "a member brings what the thief wrote later", want: "200 quarantined", apart: true, try: func(w *world) string {
			x := w.next(w.stolen)
			x.writes = []journal.Write{someone("The thief's, by another hand")}
			return ask(client, w.hq.url, request{path: exchangeOf(me.Campaign), header: good, body: frames(me, w.hq.s.Heads(), x.frame())})
		}},
	}
	return list
}

func hashAt(s *store.Store, log fieldwork.LogID) journal.Hash {
	h, _ := s.HashAt(log, s.Heads()[log])
	return h
}

// codec writes another codec and dictionary into a frame of changes.
func codec(f wire.Frame, c byte, dictionary uint64) wire.Frame {
	_, n, _ := fieldwork.ReadID(f.Body)
	b := bytes.Clone(f.Body[:n+96])
	b = append(b, c)
	b = binary.AppendUvarint(b, dictionary)
	_, k := binary.Uvarint(f.Body[n+97:])
	return wire.Frame{Type: f.Type, Body: append(b, f.Body[n+97+k:]...)}
}

// bomb is a frame of changes whose payload says that it becomes a gigabyte.
func bomb(log fieldwork.LogID) wire.Frame {
	b := fieldwork.AppendID(nil, fieldwork.RecordID{Log: log, Seq: 2})
	b = append(b, make([]byte, 96)...)
	b = append(b, byte(wire.CodecRows))
	for _, n := range []uint64{0, 1000, 1 << 30} { // no dictionary, changes, canonical bytes
		b = binary.AppendUvarint(b, n)
	}
	return wire.Frame{Type: wire.TypeChanges, Body: append(b, bytes.Repeat([]byte{0}, 500)...)}
}

// joiningAttacks are about invites.
func joiningAttacks(w *world) []attack {
	client := pinned(w.hq.pin)
	campaign := self(w.honest).Campaign
	path := "/v1/campaigns/" + campaign.String() + "/join"
	post := func(at *office, path string, j any) string {
		body, _ := json.Marshal(j)
		c := client
		if at != w.hq {
			c = pinned(at.pin)
		}
		return ask(c, at.url, request{path: path, header: http.Header{"Content-Type": {"application/json"}}, body: body})
	}
	key := w.thief.Public().(ed25519.PublicKey)
	invite := func(o *office, s *store.Store) road.Invite {
		inv, err := o.Invite(s, "volunteer", "", 7)
		if err != nil {
			w.t.Fatal(err)
		}
		return inv
	}
	try := func(name, want string, f func() string) attack {
		return attack{over: "joining", name: name, want: want, try: func(*world) string { return f() }}
	}
	return []attack{
		try("an invite that HQ never gave", "403 invite-unknown", func() string {
			return post(w.hq, path, road.Joining{Token: bytes.Repeat([]byte{7}, 16), Name: "Eve", PublicKey: key})
		}),
		try("no invite", "403 invite-unknown", func() string { return post(w.hq, path, road.Joining{Name: "Eve", PublicKey: key}) }),
		try("an invite a minute after it ran out", "403 invite-expired", func() string {
			inv := invite(w.hq, w.hq.s)
			w.hq.late.Store(7*24*3600 + 60)
			defer w.hq.late.Store(0)
			return post(w.hq, path, road.Joining{Token: inv.Token, Name: "Eve", PublicKey: key})
		}),
		try("the sibling campaign's invite", "403 invite-unknown", func() string {
			return post(w.hq, path, road.Joining{Token: invite(w.hq, w.twin).Token, Name: "Eve", PublicKey: key})
		}),
		try("the other HQ's invite", "403 invite-unknown", func() string {
			return post(w.hq, path, road.Joining{Token: invite(w.other, w.other.s).Token, Name: "Eve", PublicKey: key})
		}),
		try("a key that is too short", "403 bad-request", func() string {
			return post(w.hq, path, road.Joining{Token: invite(w.hq, w.hq.s).Token, Name: "Eve", PublicKey: key[:31]})
		}),
		try("no key", "403 bad-request", func() string {
			return post(w.hq, path, road.Joining{Token: invite(w.hq, w.hq.s).Token, Name: "Eve"})
		}),
		try("more than a request", "400 invite-unknown", func() string {
			return post(w.hq, path, road.Joining{Token: invite(w.hq, w.hq.s).Token, Name: strings.Repeat("Eve", 10_000), PublicKey: key})
		}),
		try("a number for a token", "400 invite-unknown", func() string { return post(w.hq, path, map[string]any{"token": 1, "public_key": 2}) }),
		try("a campaign that there is not", "400 invite-unknown", func() string {
			return post(w.hq, "/v1/campaigns/0000000000000000/join", road.Joining{Token: invite(w.hq, w.hq.s).Token, PublicKey: key})
		}),
		{over: "joining", name: "an invite that somebody else has used", want: "403 invite-used", grows: true, try: func(w *world) string {
			inv := invite(w.hq, w.hq.s)
			_, first, _ := ed25519.GenerateKey(nil)
			if got := post(w.hq, path, road.Joining{Token: inv.Token, Name: "First", PublicKey: first.Public().(ed25519.PublicKey)}); got != "200" {
				return "the first was refused: " + got
			}
			before := w.state()
			got := post(w.hq, path, road.Joining{Token: inv.Token, Name: "Eve", PublicKey: key})
			if w.state() != before {
				return "something moved"
			}
			return got
		}},
		try("an invite with another key of HQ", "key-changed", func() string {
			inv := invite(w.hq, w.hq.s)
			way := &road.HTTPS{URLs: inv.URLs, Pin: w.other.pin, Campaign: inv.Campaign}
			defer way.Close()
			_, err := way.Join(w.t.Context(), road.Joining{Token: inv.Token, Name: "Eve", PublicKey: key})
			return codeOf(err)
		}),
		try("a text that only looks like an invite", "bad-invite", func() string { _, err := road.ParseInvite("KANDILI1:bm8gaW52aXRl"); return codeOf(err) }),
		try("an invite with a short pin", "bad-invite", func() string {
			inv := invite(w.hq, w.hq.s)
			inv.Pin = inv.Pin[:16]
			_, err := road.ParseInvite(inv.String())
			return codeOf(err)
		}),
		try("an invite with a short token", "bad-invite", func() string {
			inv := invite(w.hq, w.hq.s)
			inv.Token = inv.Token[:4]
			_, err := road.ParseInvite(inv.String())
			return codeOf(err)
		}),
	}
}
