package attacks

import (
	"archive/tar"
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// courier writes a courier file of a laptop for everybody, with changes to how that is done.
func (w *world) courier(of *laptop.Folder, change func(*road.CourierOut)) string {
	me := self(of)
	own, err := road.CourierIdentity(me.Seed)
	if err != nil {
		w.t.Fatal(err)
	}
	var readers []string
	for _, c := range w.hq.s.Certificates() {
		if c.Courier != "" {
			readers = append(readers, c.Courier)
		}
	}
	w.codes++
	out := road.CourierOut{To: filepath.Join(w.files, fmt.Sprintf("%d.kcourier", w.codes)), For: readers, Self: own,
		Courier: exchange.Courier{Replica: of.Store(), Campaign: me.Campaign, Log: me.Log, Key: me.Key(), Program: "attack", Now: time.Now, Have: w.hq.s.Heads()}}
	change(&out)
	sent, err := road.WriteCourier(w.t.Context(), out)
	if err != nil {
		w.t.Fatal(err)
	}
	return sent.Files[0]
}

// stream writes a courier file of frames of one's own making, for HQ and the honest laptop, without a seal.
func (w *world) stream(list ...wire.Frame) string {
	var b []byte
	for _, f := range list {
		b = wire.AppendFrame(b, f)
	}
	return w.sealed(b)
}

func (w *world) sealed(content []byte) string {
	var to []age.Recipient
	for _, c := range w.hq.s.Certificates() {
		if r, err := age.ParseX25519Recipient(c.Courier); err == nil {
			to = append(to, r)
		}
	}
	w.codes++
	name := filepath.Join(w.files, fmt.Sprintf("%d.kcourier", w.codes))
	var b bytes.Buffer
	enc, err := age.Encrypt(&b, to...)
	if err == nil {
		_, err = enc.Write(content)
	}
	if err == nil {
		err = enc.Close()
	}
	if err == nil {
		err = os.WriteFile(name, b.Bytes(), 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return name
}

// begin is how each part begins.
func begin(of store.Identity) []wire.Frame {
	h := wire.Hello{Version: wire.Version, Campaign: of.Campaign, Log: of.Log, Program: "attack", Wall: time.Now().Unix()}
	return []wire.Frame{wire.Part{Needs: wire.CourierVersion, Number: 1}.Frame(), h.Frame()}
}

// bend changes a file's bytes.
func bend(name string, how func([]byte) []byte) string {
	b, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, how(b), 0o600)
	}
	if err != nil {
		panic(err) // the attack itself is wrong
	}
	return name
}

// atHQ and atLaptop take a file in and say how that went.
func (w *world) atHQ(file string) string {
	n, err := w.hq.CourierIn(w.t.Context(), []string{file})
	return taken(n, err)
}

func (w *world) atLaptop(file string) string {
	n, err := w.honest.CourierIn(w.t.Context(), []string{file}, nil)
	if n.Receipts {
		return "receipts believed"
	}
	return taken(n.CourierTaken, err)
}

func taken(n road.CourierTaken, err error) string {
	switch {
	case n.Received > 0:
		return fmt.Sprintf("%d writes taken", n.Received)
	case err != nil:
		return codeOf(err)
	case n.Quarantined > 0:
		return "kept apart"
	case len(n.Files) > 0 && n.Files[0].Waits:
		return "waits"
	}
	return "nothing in it"
}

// courierAttacks are about files on sticks.
func courierAttacks(w *world) (list []attack) {
	me, one := self(w.mallory), self(w.honest)
	hqSelf := w.hq.s.Self()
	add := func(over, name, want string, f func() string) {
		list = append(list, attack{over: over, name: name, want: want, try: func(*world) string { return f() }})
	}
	for over, in := range map[string]func(string) string{"a courier file at HQ": w.atHQ, "a courier file at a laptop": w.atLaptop} {
		like := func(name, want string, change func(*writing)) {
			add(over, name, want, func() string {
				x := w.next(w.mallory)
				change(&x)
				return in(w.stream(append(begin(me), x.frame(), wire.EndFrame(false), wire.SealFrame(make([]byte, 64)))...))
			})
		}
		add(over, "cut in the middle", "courier-damaged", func() string {
			return in(bend(w.courier(w.mallory, everything), func(b []byte) []byte { return b[:len(b)/2] }))
		})
		add(over, "a byte changed", "courier-damaged", func() string {
			return in(bend(w.courier(w.mallory, everything), func(b []byte) []byte { b[len(b)-100] ^= 1; return b }))
		})
		add(over, "for somebody else", "not-for-us", func() string {
			return in(w.courier(w.mallory, func(c *road.CourierOut) { c.For = nil }))
		})
		add(over, "of another HQ", "not-for-us", func() string {
			return in(w.courier(w.foreign, func(c *road.CourierOut) { c.For = nil }))
		})
		add(over, "of another HQ's campaign, for us", "wrong-campaign", func() string { return in(w.courier(w.foreign, func(*road.CourierOut) {})) })
		add(over, "a letter", "not-courier", func() string {
			return in(bend(w.sealed(nil), func([]byte) []byte { return []byte("Dear HQ, let us in.") }))
		})
		add(over, "a letter in an envelope of ours", "courier-damaged", func() string { return in(w.sealed([]byte("Dear HQ, let us in."))) })
		add(over, "of the far future", "newer-version", func() string { return in(w.stream(wire.Part{Needs: 99, Number: 1}.Frame())) })
		add(over, "a gigabyte's claim", "courier-damaged", func() string {
			b := []byte{}
			for _, f := range begin(me) {
				b = wire.AppendFrame(b, f)
			}
			return in(w.sealed(append(b, claim(wire.TypeChanges, 1<<30)...)))
		})
		like("a change in another laptop's name", "forged", func(x *writing) {
			x.log, x.after, x.prev = one.Log, w.hq.s.Heads()[one.Log], hashAt(w.hq.s, one.Log)
		})
		like("a change in HQ's name", "forged", func(x *writing) {
			x.log, x.after, x.prev = fieldwork.LogID{}, w.honest.Store().Heads()[fieldwork.LogID{}], hashAt(w.honest.Store(), fieldwork.LogID{})
		})
		like("a stranger's signature", "forged", func(x *writing) { x.key = w.thief })
		like("a signature for another campaign", "forged", func(x *writing) { x.as = w.twin.Self().Campaign })
		add(over, "a page of somebody else's log", "forged", func() string {
			x := w.next(w.mallory)
			x.log = self(w.newcome).Log
			if over == "a courier file at a laptop" {
				x.log = fieldwork.LogID{}
			}
			x.after = 0
			return in(w.stream(append(begin(me), x.page(me.Key()), wire.EndFrame(false), wire.SealFrame(make([]byte, 64)))...))
		})
		add(over, "with a voucher of one's own making", "waits", func() string {
			v := journal.Voucher{Record: fieldwork.RecordID{Seq: 1 << 20}, Node: 4711, Key: w.thief.Public().(ed25519.PublicKey)}
			v.Sign(me.Campaign, w.thief)
			x := w.next(w.mallory)
			x.log, x.after, x.prev, x.key = fieldwork.LogID{Node: 4711}, 0, journal.Hash{}, w.thief
			return in(w.stream(append(begin(me), wire.VoucherFrame(v.Append(nil)), x.frame(), wire.EndFrame(false), wire.SealFrame(make([]byte, 64)))...))
		})
		list = append(list, attack{over: over, name: "what a revoked laptop wrote later", want: "kept apart", apart: true, try: func(*world) string {
			x := w.next(w.stolen)
			x.writes = []journal.Write{someone("By stick " + over)}
			return in(w.stream(append(begin(self(w.stolen)), x.frame(), wire.EndFrame(false), wire.SealFrame(make([]byte, 64)))...))
		}})
	}
	// What HQ says, said by others.
	receipts := func(change func(*road.CourierOut)) func() string {
		return func() string {
			return w.atLaptop(w.courier(w.mallory, func(c *road.CourierOut) { c.Receipts = true; change(c) }))
		}
	}
	over := "a courier file at a laptop"
	add(over, "receipts in one's own name", "nothing in it", receipts(func(*road.CourierOut) {}))
	add(over, "receipts in HQ's name under a member's seal", "nothing in it", receipts(func(c *road.CourierOut) { c.Log = fieldwork.LogID{} }))
	add(over, "receipts in HQ's name under a stranger's seal", "nothing in it", receipts(func(c *road.CourierOut) { c.Log, c.Key = fieldwork.LogID{}, w.thief }))
	add(over, "a statement that a member signed", "nothing in it", receipts(func(c *road.CourierOut) {
		s := journal.Statement{At: 1 << 40, Held: journal.Heads{one.Log: 1 << 30}, Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
		s.Sign(me.Campaign, me.Key())
		c.Statement = &s
	}))
	add(over, "HQ's seal from another file", "nothing in it", func() string {
		answer, err := w.hq.CourierOut(w.t.Context(), w.hq.s, hq.CourierAnswer{Path: w.t.TempDir(), Node: "Honest"})
		if err != nil {
			w.t.Fatal(err)
		}
		own, _ := road.CourierIdentity(one.Seed)
		b, err := os.ReadFile(answer.Files[0])
		if err != nil {
			w.t.Fatal(err)
		}
		open, err := age.Decrypt(bytes.NewReader(b), own)
		if err != nil {
			w.t.Fatal(err)
		}
		var seal wire.Frame
		for in := wire.NewReader(open); ; {
			f, err := in.Next()
			if err != nil {
				break
			}
			seal = f
		}
		return w.atLaptop(w.stream(append(begin(hqSelf), wire.HeadsFrame(wire.TypeReceived, journal.Heads{one.Log: 1 << 30}), wire.EndFrame(false), seal)...))
	})
	add(over, "HQ's old answer after a newer one", "nothing in it", func() string {
		answer := func() []string {
			a, err := w.hq.CourierOut(w.t.Context(), w.hq.s, hq.CourierAnswer{Path: w.t.TempDir(), Node: "Honest"})
			if err != nil {
				w.t.Fatal(err)
			}
			return a.Files
		}
		old := answer()
		w.hq.late.Store(3600)
		defer w.hq.late.Store(0)
		if n, err := w.honest.CourierIn(w.t.Context(), answer(), nil); err != nil || !n.Receipts {
			return "HQ's newer answer was not believed"
		}
		before := w.state()
		got := w.atLaptop(old[0])
		if w.state() != before {
			return "something moved"
		}
		return got
	})
	list[len(list)-1].grows = true // by the newer answer
	return list
}

func everything(c *road.CourierOut) { c.Have = journal.Heads{} }

// paperAttacks are about packs, badges and receipts that people carry.
func paperAttacks(w *world) (list []attack) {
	add := func(over, name, want string, f func() string) {
		list = append(list, attack{over: over, name: name, want: want, try: func(*world) string { return f() }})
	}
	pack := func(code string, bendIt func([]byte) []byte) string {
		made, right, err := w.hq.Pack(w.t.Context(), w.hq.s, "Packed", "volunteer", w.hq.url, fieldwork.RecordID{})
		if err != nil {
			w.t.Fatal(err)
		}
		if code == "" {
			code = right
		}
		_, err = road.ReadPack(bytes.NewReader(bendIt(made)), code)
		return codeOf(err)
	}
	same := func(b []byte) []byte { return b }
	for _, a := range []struct {
		name, want, code string
		bend             func([]byte) []byte
	}{
		{"a code of another pack", "pack-code", fieldwork.RecoveryCode(bytes.Repeat([]byte{9}, fieldwork.RecoveryBytes)), same},
		{"a byte changed", "no-pack", "", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }},
		{"cut short", "no-pack", "", func(b []byte) []byte { return b[:len(b)*2/3] }},
		{"an envelope with other things", "no-pack", "", func([]byte) []byte { return []byte("age-encryption.org/v1\n-> scrypt AAAA 12\n") }},
	} {
		add("a campaign pack", a.name, a.want, func() string { return pack(a.code, a.bend) })
		list[len(list)-1].grows = true // HQ certified the pack's laptop
	}
	add("a backup", "of names that lead elsewhere", "error", func() string {
		var b bytes.Buffer
		t := tar.NewWriter(&b)
		t.WriteHeader(&tar.Header{Name: "campaigns/../../evil", Size: 4, Mode: 0o600})
		io.WriteString(t, "evil")
		t.Close()
		file := filepath.Join(w.t.TempDir(), "x.hqbackup")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			w.t.Fatal(err)
		}
		return codeOf(hq.Restore(filepath.Join(w.t.TempDir(), "new"), file, false))
	})

	campaign, _ := w.hq.s.Record(w.hq.s.IDs(fieldwork.KindCampaign)[0])
	short, key := campaign.Get(fieldwork.CampaignShort).Text(), fieldwork.BadgeKeys(campaign)
	print, ok := fieldwork.PrintKey(campaign)
	if !ok {
		w.t.Fatal("the campaign prints no badges")
	}
	code := fieldwork.CodeOf(w.secret)
	real := print.Payload(code, 1)
	read := func(text string) string {
		b, reason := fieldwork.ReadBadge(text, short, key)
		if reason == 0 && !b.Proven {
			return "proves nothing"
		}
		return reason.String()
	}
	if read(real) != "" {
		w.t.Fatalf("the real badge is refused: %s", read(real))
	}
	theirs, _ := w.other.s.Record(w.other.s.IDs(fieldwork.KindCampaign)[0])
	otherKey, _ := fieldwork.PrintKey(theirs)
	swap := func(text string, at int, to byte) string {
		b := []byte(text)
		if b[at] == to {
			to++
		}
		b[at] = to
		return string(b)
	}
	add("a badge", "with another seal", "forged", func() string { return read(swap(real, len(real)-1, 'A')) })
	add("a badge", "with another number of issue", "forged", func() string { return read(swap(real, len(real)-18, '7')) })
	add("a badge", "of another campaign", fieldwork.Refusal(fieldwork.RefusalWrongCampaign).String(), func() string { return read("KD:ZZ9" + real[len("KD:")+len(short):]) })
	add("a badge", "sealed with another HQ's key", "forged", func() string {
		return read(otherKey.Payload(code, 1)[:3] + short + otherKey.Payload(code, 1)[3+len(theirs.Get(fieldwork.CampaignShort).Text()):])
	})
	add("a badge", "by typing the code", "proves nothing", func() string { return read(code) })
	add("a badge", "of nonsense", fieldwork.Refusal(fieldwork.RefusalUnknown).String(), func() string { return read("KD:" + short + ":please") })
	add("a receipt", "made up", "never given", func() string {
		r, err := w.hq.CheckReceipt(w.hq.s, fieldwork.ReceiptNumber(self(w.honest).Log, 1, 12345))
		if err != nil || !r.Given {
			return "never given"
		}
		return "given"
	})
	return list
}

// memberAttacks are what a member writes into its own log to become more than it is. Such changes are taken, as any are; they
// must not count.
func memberAttacks(w *world) (list []attack) {
	node := func(f *laptop.Folder) fieldwork.RecordID {
		for _, c := range w.hq.s.Certificates() {
			if c.Node == self(f).Log.Node {
				return c.Record
			}
		}
		w.t.Fatal("no such node")
		return fieldwork.RecordID{}
	}
	write := func(name string, counts func() string, writes ...journal.Write) {
		list = append(list, attack{over: "a member's own log", name: name, want: "does not count", grows: true, try: func(w *world) string {
			if _, err := w.mallory.Store().Save(store.Draft{Writes: writes}); err != nil {
				return "refused here: " + codeOf(err)
			}
			for _, f := range []*laptop.Folder{w.mallory, w.honest} {
				if _, err := f.Sync(w.t.Context(), nil); err != nil {
					return codeOf(err)
				}
			}
			return counts()
		}})
	}
	field := func(id fieldwork.FieldID, v fieldwork.Value) fieldwork.FieldValue {
		return fieldwork.FieldValue{Field: id, Value: v}
	}
	both := func(counts func(s *store.Store) bool) func() string {
		return func() string {
			for name, s := range map[string]*store.Store{"HQ": w.hq.s, "the honest laptop": w.honest.Store()} {
				if counts(s) {
					return "counts at " + name
				}
			}
			return "does not count"
		}
	}
	certificate := func(s *store.Store, n uint32) (c store.Certificate) {
		for _, x := range s.Certificates() {
			if x.Node == n {
				return x
			}
		}
		return c
	}
	stolen, honest := self(w.stolen).Log.Node, self(w.honest).Log.Node
	write("takes a revocation back", both(func(s *store.Store) bool { return !certificate(s, stolen).Revoked }),
		journal.Write{Kind: fieldwork.KindNode, Record: node(w.stolen), Fields: []fieldwork.FieldValue{field(fieldwork.NodeRevokedAfterSeq, fieldwork.Value{}), field(fieldwork.NodeRevokedAt, fieldwork.Value{})}})
	write("lets a thief's later work count", both(func(s *store.Store) bool { n, _ := w.hq.s.Quarantined(); return n == 0 }),
		journal.Write{Kind: fieldwork.KindNode, Record: node(w.stolen), Fields: []fieldwork.FieldValue{field(fieldwork.NodeCounted, fieldwork.Refs(fieldwork.RecordID{Log: self(w.stolen).Log, Seq: 1 << 20}))}})
	write("revokes somebody else", both(func(s *store.Store) bool { return certificate(s, honest).Revoked }),
		journal.Write{Kind: fieldwork.KindNode, Record: node(w.honest), Fields: []fieldwork.FieldValue{field(fieldwork.NodeRevokedAfterSeq, fieldwork.Int(0)), field(fieldwork.NodeRevokedAt, fieldwork.Int(1))}})
	write("gives somebody else another key", both(func(s *store.Store) bool {
		return bytes.Equal(certificate(s, honest).Key, w.thief.Public().(ed25519.PublicKey))
	}),
		journal.Write{Kind: fieldwork.KindNode, Record: node(w.honest), Fields: []fieldwork.FieldValue{field(fieldwork.NodePublicKey, fieldwork.Bytes(w.thief.Public().(ed25519.PublicKey)))}})
	write("certifies a stranger", both(func(s *store.Store) bool { _, good := s.KeyOf(4711); return good }),
		journal.Write{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{field(fieldwork.NodeNumber, fieldwork.Int(4711)), field(fieldwork.NodePublicKey, fieldwork.Bytes(w.thief.Public().(ed25519.PublicKey)))}})
	write("certifies a second HQ", both(func(s *store.Store) bool { return certificate(s, 0).Courier == "age1evil" }),
		journal.Write{Kind: fieldwork.KindNode, Fields: []fieldwork.FieldValue{field(fieldwork.NodeNumber, fieldwork.Int(0)), field(fieldwork.NodeCourierKey, fieldwork.Text("age1evil"))}})
	write("takes HQ's courier key", both(func(s *store.Store) bool { return certificate(s, 0).Courier == "age1evil" }),
		journal.Write{Kind: fieldwork.KindNode, Record: certificateRecord(w.hq.s, 0), Fields: []fieldwork.FieldValue{field(fieldwork.NodeCourierKey, fieldwork.Text("age1evil"))}})
	write("accepts its own record", both(func(s *store.Store) bool {
		return len(s.AcceptedBy(w.secret)) > 0 && s.Where(w.secret) == store.Accepted
	}),
		journal.Write{Kind: fieldwork.KindAcceptance, Fields: []fieldwork.FieldValue{field(fieldwork.AcceptanceRecords, fieldwork.Refs(w.secret)), field(fieldwork.AcceptanceBy, fieldwork.Text("HQ"))}})
	write("forgets somebody", both(func(s *store.Store) bool { r, ok := s.Record(w.secret); return !ok || fieldwork.Name(r) != secretName }),
		journal.Write{Kind: fieldwork.KindForgotten, Fields: []fieldwork.FieldValue{field(fieldwork.ForgottenRecords, fieldwork.Refs(w.secret))}})
	write("covers everybody's logs", both(func(s *store.Store) bool { _, err := s.Piece(self(w.mallory).Log, 0, 1<<20); return err != nil }),
		journal.Write{Kind: fieldwork.KindSnapshot, Fields: []fieldwork.FieldValue{field(fieldwork.SnapshotHeads, fieldwork.Bytes(store.AppendHeads(nil, w.hq.s.Heads())))}})
	write("sets somebody's clock", both(func(s *store.Store) bool {
		h := s.History(w.secret)
		return len(h) != 1 || h[0].At-h[0].Wall > 3600 || h[0].Wall-h[0].At > 3600
	}), journal.Write{Kind: fieldwork.KindClock, Fields: []fieldwork.FieldValue{field(fieldwork.ClockNode, fieldwork.Int(int64(honest))), field(fieldwork.ClockBoot, fieldwork.Int(1)),
		field(fieldwork.ClockUp, fieldwork.Int(1)), field(fieldwork.ClockWall, fieldwork.Int(1)), field(fieldwork.ClockOffset, fieldwork.Int(1<<30))}})
	write("leaves changes apart in HQ's place", both(func(s *store.Store) bool {
		runs, err := w.hq.s.Apart()
		for _, r := range runs {
			if r.Left {
				return true
			}
		}
		return err != nil
	}), journal.Write{Kind: fieldwork.KindRevocation, Fields: []fieldwork.FieldValue{field(fieldwork.RevocationNode, fieldwork.Int(int64(stolen))),
		field(fieldwork.RevocationLeft, fieldwork.Ref(fieldwork.RecordID{Log: self(w.stolen).Log, Seq: 1 << 20}))}})
	return list
}

func certificateRecord(s *store.Store, n uint32) fieldwork.RecordID {
	for _, c := range s.Certificates() {
		if c.Node == n {
			return c.Record
		}
	}
	return fieldwork.RecordID{}
}
