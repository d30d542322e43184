package synctest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/wire"
)

// Of a program that is newer than this one.
const (
	unknownKind  fieldwork.Kind    = 60_000
	unknownField fieldwork.FieldID = 60_001
)

// step lets one thing happen.
func (w *World) step() {
	w.Now = w.Now.Add(time.Duration(w.rnd.IntN(6*3600)) * time.Second)
	if w.rnd.IntN(40) == 0 {
		w.Now = w.Now.Add(100 * 24 * time.Hour) // a rainy season without visits
	}
	n := w.anyOf(w.present())
	switch d := w.rnd.IntN(100); {
	case d < 34:
		w.write(n)
	case d < 54:
		w.tell("%v syncs: %v", n, w.Sync(n, w.HQ, w.rnd.IntN(3) > 0))
	case d < 64:
		if other := w.anyOf(w.present()); other != n {
			w.tell("%v syncs with %v: %v", n, other, w.Sync(n, other, w.rnd.IntN(2) > 0))
		}
	case d < 70:
		w.fillStick(w.anyOf(w.replicas()))
	case d < 77:
		w.readStick(w.anyOf(w.replicas()))
	case d < 83:
		w.crash(w.anyOf(w.replicas()))
	case d < 87:
		w.turnClock(n)
	case d < 91:
		w.anyOf(w.replicas()).KeepBackup()
	case d < 94:
		w.restore(w.anyOf(w.replicas()))
	case d < 95:
		n.full = !n.full
	case d < 97:
		w.steal(n)
	case d < 98:
		w.forget()
	case d < 99:
		w.putBack(n)
	case w.rnd.IntN(2) == 0:
		w.twin(n)
	default:
		if len(w.laptops) < 12 {
			w.join()
		}
	}
	w.learnAgain()
}

// meanwhile lets people write while an exchange is under way.
func (w *World) meanwhile(t *trip) {
	if w.inside || w.rnd.IntN(4) > 0 {
		return
	}
	w.inside = true
	defer func() { w.inside = false }()
	if t.client.Gone || t.server.Gone {
		return
	}
	w.write(w.anyOf([]*Node{t.client, t.server}))
}

// write lets the person at a node make or change a record.
func (w *World) write(n *Node) {
	d := w.draft(n)
	switch {
	case w.rnd.IntN(12) > 0 || w.inside:
		w.save(n, d)
	default:
		w.crashWhileSaving(n, d)
	}
}

func (w *World) draft(n *Node) store.Draft {
	text := fieldwork.Text(fmt.Sprintf("v%x", w.rnd.Uint64()))
	if n.Number == 0 && w.rnd.IntN(4) == 0 {
		return w.roleChange()
	}
	ids := n.Store.IDs(fieldwork.KindTrainee)
	d := w.rnd.IntN(10)
	switch {
	case len(ids) == 0 || d < 3:
		return draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, text)
	case d < 4:
		return draftOf(unknownKind, fieldwork.RecordID{}, unknownField, text)
	}
	id := ids[w.rnd.IntN(len(ids))]
	switch d {
	case 4:
		return draftOf(fieldwork.KindTrainee, id, fieldwork.FieldDeleted, fieldwork.Bool(w.rnd.IntN(2) == 0))
	case 5:
		return draftOf(fieldwork.KindTrainee, id, unknownField, text)
	case 6:
		return draftOf(fieldwork.KindTrainee, id, fieldwork.TraineeGivenName, text)
	}
	return draftOf(fieldwork.KindTrainee, id, fieldwork.TraineePhone, text)
}

// roleChange gives a volunteer another role at HQ, or makes one.
func (w *World) roleChange() store.Draft {
	role := fieldwork.Int(int64(1 + w.rnd.IntN(3)))
	if ids := w.HQ.Store.IDs(fieldwork.KindVolunteer); len(ids) > 0 && w.rnd.IntN(3) > 0 {
		return draftOf(fieldwork.KindVolunteer, ids[w.rnd.IntN(len(ids))], fieldwork.VolunteerRole, role)
	}
	return draftOf(fieldwork.KindVolunteer, fieldwork.RecordID{}, fieldwork.VolunteerRole, role)
}

// forget has HQ forget one of the people whom it knows.
func (w *World) forget() {
	if ids := w.HQ.Store.IDs(fieldwork.KindTrainee); len(ids) > 0 {
		w.forgetPerson(ids[w.rnd.IntN(len(ids))])
	}
}

// forgetPerson has HQ forget somebody and prove a backup without her.
func (w *World) forgetPerson(id fieldwork.RecordID) {
	before := w.HQ.Store.Heads()
	for _, h := range w.HQ.Store.History(id) {
		for _, f := range h.Fields {
			delete(w.oracle.open, f.Value.Text())
		}
	}
	if _, err := w.HQ.Store.Forget(id); err != nil {
		w.fail("HQ cannot forget %v: %v", id, err)
		return
	}
	w.tell("HQ forgets %v", id)
	w.oracle.forgotten[id] = true
	w.stated(before, fieldwork.KindForgotten)
	w.HQ.KeepBackup()
}

// stated: what HQ writes into its log by itself is a write like others.
func (w *World) stated(before journal.Heads, kind fieldwork.Kind) {
	log := w.HQ.Store.Own()
	for seq := before[log] + 1; seq <= w.HQ.Store.Heads()[log]; seq++ {
		w.acknowledged(&journal.Change{Log: log, Seq: seq, Writes: []journal.Write{{Kind: kind}}}, before)
	}
}

func draftOf(k fieldwork.Kind, id fieldwork.RecordID, f fieldwork.FieldID, v fieldwork.Value) store.Draft {
	return store.Draft{Writes: []journal.Write{{Kind: k, Record: id, Fields: []fieldwork.FieldValue{{Field: f, Value: v}}}}}
}

func (w *World) crash(n *Node) {
	w.tell("%v loses its power", n)
	n.Crash()
}

// crashWhileSaving cuts the power in the middle of a save, sometimes before it was acknowledged.
func (w *World) crashWhileSaving(n *Node, d store.Draft) {
	before := n.Store.Heads()
	tail := w.rnd.IntN(2) * (1 + w.rnd.IntN(60))
	c, err := n.CrashWhileSaving(d, tail)
	if err != nil {
		w.fail("%v cannot save: %v", n, err)
		return
	}
	w.tell("%v loses its power while it saves, %d bytes are missing", n, tail)
	if tail == 0 || n.Store.Heads()[c.Log] >= c.Last() {
		w.acknowledged(&c, before)
	}
}

// turnClock sets a laptop's clock wrong, by up to ten years, or right.
func (w *World) turnClock(n *Node) {
	n.skew = []time.Duration{0, time.Hour, -time.Hour, 24 * 365 * time.Hour, -24 * 365 * time.Hour, 87_600 * time.Hour, -87_600 * time.Hour}[w.rnd.IntN(7)]
	w.tell("the clock of %v is off by %v", n, n.skew)
}

// restore gives a node a new disk with its last backup on it.
func (w *World) restore(n *Node) {
	if n.backup == "" {
		return
	}
	w.tell("%v is restored from its backup", n)
	if n.Number == 0 && len(w.oracle.twice) > 0 {
		w.oracle.shared = true // it may take another history than it did before, and both have been written again by then
	}
	others := slices.DeleteFunc(w.replicas(), func(o *Node) bool { return o == n })
	lost := n.Store.Heads()
	n.Restore()
	w.mayShare(n)
	n.apart = nil
	list, err := n.Store.Awaiting()
	w.must(err)
	for i := range list {
		n.putApart(list[i].Piece)
	}
	w.excuse(lost, append(others, n))
}

// mayShare notes that a copy from an earlier day may hold what was written again since, and writes it once more.
func (w *World) mayShare(n *Node) {
	for log, seq := range n.Store.Heads() {
		if after, had := w.oracle.twice[log]; had && log.Node == n.Number && seq > after {
			w.oracle.shared = true
		}
	}
}

// putBack puts a laptop's folder back to an earlier day, as a tool that "cleans" a disk does, lets people work on it, and most often syncs
// with HQ then: whoever knows of later work under the same numbers, HQ, a colleague or nobody, nothing gets lost.
func (w *World) putBack(n *Node) {
	if n.whole == "" || n.full {
		return
	}
	log, lost := n.Store.Own(), n.Store.Heads()
	w.tell("the folder of %v is put back, which wrote %v", n, log)
	n.PutBack()
	w.mayShare(n)
	w.excuse(lost, w.replicas())
	w.oracle.parted(n.Store.Own(), n.Store.Heads()[n.Store.Own()])
	for range w.rnd.IntN(4) {
		w.newName(n)
	}
	if w.rnd.IntN(3) > 0 {
		w.tell("%v syncs as %v: %v", n, n.Store.Own(), w.Sync(n, w.HQ, w.rnd.IntN(2) == 0))
	}
}

// newName registers somebody on a folder that may have a twin.
func (w *World) newName(n *Node) {
	w.save(n, draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text(fmt.Sprintf("again%x", w.rnd.Uint64()))))
}

// twin copies a laptop's folder to a second one, and both go on: somebody took a disk image, or lent the folder out.
func (w *World) twin(n *Node) {
	if len(w.laptops) >= 12 || n.twin || n.full {
		return
	}
	t := w.copyFolder(n)
	for range w.rnd.IntN(3) {
		w.newName(t)
	}
}

// copyFolder lets a laptop's folder live on twice.
func (w *World) copyFolder(n *Node) *Node {
	w.tell("the folder of %v lives on twice", n)
	t := &Node{world: w, Number: n.Number, dir: w.folder(), skew: n.skew, rows: n.rows, twin: true}
	n.twin = true
	n.copyTo(t.dir)
	s, err := store.Open(t.dir, w.keys, t.options())
	w.must(err)
	t.Store = s
	w.laptops = append(w.laptops, t)
	if after, had := w.oracle.twice[n.Store.Own()]; had && n.Store.Heads()[n.Store.Own()] > after {
		w.oracle.shared = true // a program that has to write something again cannot know that its twin does the same at this moment
	}
	w.oracle.parted(n.Store.Own(), n.Store.Heads()[n.Store.Own()])
	return t
}

// learnAgain takes in what laptops wrote again under new numbers, of whose logs there are two histories.
func (w *World) learnAgain() {
	for _, log := range w.oracle.twice.Logs() {
		for _, n := range w.replicas() {
			for _, own := range n.Store.Heads().Logs() {
				if own.Node == log.Node && n.Number == own.Node {
					w.learn(n, own)
				}
			}
		}
	}
}

// learn takes what a node holds of a log into what is known to be written.
func (w *World) learn(n *Node, log fieldwork.LogID) {
	seen := journal.Heads{}
	for after := uint64(0); ; {
		p, err := n.Store.Piece(log, after, 1<<20)
		if errors.Is(err, journal.ErrCovered) {
			p, err = n.Store.Page(log, after)
		}
		if err != nil {
			return
		}
		for i := range p.Changes {
			c := &p.Changes[i]
			seen = seen.Clone()
			for _, s := range c.Seen {
				seen[s.Log] = max(seen[s.Log], s.Seq)
			}
			if w.oracle.writes[c.Dot(0)] == nil && !w.oracle.isTwice(c.Dot(0)) {
				w.acknowledged(c, seen)
				for i := range c.Writes {
					w.oracle.mixed[c.Target(i)] = true // it was written with less in view than the numbers say
				}
			}
		}
		after = p.Last()
	}
}

// steal takes a laptop away. HQ revokes it some time later; the thief goes on writing and syncing.
func (w *World) steal(n *Node) {
	if n.twin || len(w.present()) < 3 || !slices.ContainsFunc(w.HQ.Store.Certificates(), func(c store.Certificate) bool { return c.Node == n.Number }) {
		return // an HQ that was just restored may not know it yet, and cannot revoke it
	}
	w.tell("%v is stolen", n)
	n.Gone = true
	w.excuse(n.Store.Heads(), w.replicas())
	w.revoke(n)
	for range w.rnd.IntN(4) {
		d := w.draft(n)
		if _, err := n.Store.Save(d); err != nil {
			w.fail("the thief cannot save: %v", err)
		}
	}
	err := w.Sync(n, w.HQ, w.rnd.IntN(2) > 0)
	w.tell("the thief syncs: %v", err)
	if err == nil {
		w.keptOf(n)
	}
}

// keptOf: HQ has all that a stolen laptop sent, as records or apart.
func (w *World) keptOf(n *Node) {
	list, err := w.HQ.Store.Awaiting()
	w.must(err)
	held := w.HQ.Store.Heads()
	for log, seq := range n.Store.Heads() {
		for s := held[log] + 1; s <= seq && log.Node == n.Number; s++ {
			if !slices.ContainsFunc(list, func(p store.AwaitingPiece) bool { return p.Log == log && p.First <= s && s <= p.Last() }) {
				w.fail("the thief sent %v up to %d, HQ has neither taken %d nor put it apart", log, seq, s)
				return
			}
		}
	}
}

// revoke says in HQ's log what counts of a laptop: all that HQ holds now.
func (w *World) revoke(n *Node) { w.count(n, w.HQ.Store.Heads()) }

// count says in HQ's log up to where a revoked laptop's logs count.
func (w *World) count(n *Node, heads journal.Heads) {
	for _, c := range w.HQ.Store.Certificates() {
		if c.Node != n.Number {
			continue
		}
		var refs []fieldwork.RecordID
		for _, log := range heads.Logs() {
			if log.Node == n.Number {
				refs = append(refs, fieldwork.RecordID{Log: log, Seq: heads[log]})
			}
		}
		fields := []fieldwork.FieldValue{{Field: fieldwork.NodeRevokedAfterSeq, Value: fieldwork.Int(int64(heads[fieldwork.LogID{Node: n.Number}]))}}
		if len(refs) > 0 {
			fields = append(fields, fieldwork.FieldValue{Field: fieldwork.NodeCounted, Value: fieldwork.Refs(refs...)})
		}
		w.save(w.HQ, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: c.Record, Fields: fields}}})
	}
}

// letIn is the person at HQ who looks at what is kept apart of stolen laptops and lets in what honest laptops have, too: it was
// written before the theft.
func (w *World) letIn() {
	for _, n := range w.laptops {
		if !n.Gone {
			continue
		}
		held := journal.Heads{}
		for _, o := range w.replicas() {
			for log, seq := range o.Store.Heads() {
				if log.Node == n.Number {
					held[log] = max(held[log], seq)
				}
			}
		}
		if w.HQ.Store.Heads().Covers(held) && w.counted(n).Covers(held) {
			continue // an HQ that was restored may hold what its own revocation, which came back to it, does not count
		}
		w.tell("HQ counts of %v: %v", n, held)
		w.count(n, held)
		for log := range held {
			if _, err := w.HQ.Store.LetIn(log); err != nil && !errors.Is(err, journal.ErrGap) {
				w.fail("HQ cannot let in %v: %v", log, err)
			}
		}
	}
}

// copyIn is the person at HQ who lets in what else was written under numbers that were given twice, once the laptops had the time to
// write it again themselves.
func (w *World) copyIn() {
	list, err := w.HQ.Store.Awaiting()
	w.must(err)
	for i := len(list) - 1; i >= 0; i-- { // the last first: it brings what it builds on
		p := &list[i].Piece
		if list[i].Reason != journal.ReasonFork || w.HQ.Store.WrittenAgain(p) > 0 {
			continue
		}
		n, err := w.HQ.Store.CopyIn(p)
		if err != nil {
			w.fail("HQ cannot let in another history of %v: %v", p.Log, err)
			return
		}
		w.tell("HQ writes %d changes of another history of %v again", n, p.Log)
		w.learn(w.HQ, w.HQ.Store.Own())
	}
}

// counted is what HQ says to count of a stolen laptop.
func (w *World) counted(n *Node) journal.Heads {
	h := journal.Heads{}
	for _, c := range w.HQ.Store.Certificates() {
		if c.Node != n.Number || !c.Revoked {
			continue
		}
		h[fieldwork.LogID{Node: n.Number}] = uint64(max(c.After, 0))
		for _, last := range c.Counted {
			h[last.Log] = last.Seq
		}
	}
	return h
}

// stick is a courier file in somebody's pocket.
type stick struct {
	parts [][]byte
	from  uint32
}

// fillStick writes what a node believes others lack. There are three sticks; the oldest is lost.
func (w *World) fillStick(n *Node) {
	c := exchange.Courier{Replica: n.replica(), Campaign: campaign, Log: n.Store.Self().Log, Key: n.key(), Program: "simulation", Now: n.now}
	if n.Number == 0 {
		c.Receipts = true
		c.Statement = nil
	} else if w.rnd.IntN(2) == 0 {
		c.Have = n.Store.Received()
	}
	s := stick{from: n.Number}
	_, err := c.Write(context.Background(), 0, func(int) (io.WriteCloser, error) {
		return &part{stick: &s}, nil
	})
	if err != nil {
		w.fail("%v cannot fill a stick: %v", n, err)
		return
	}
	if n.Number != 0 {
		w.must(exchange.AskFirst(n.replica(), "hq"))
	}
	w.tell("%v fills a stick", n)
	w.sticks = append(w.sticks, s)
	if len(w.sticks) > 3 {
		w.sticks = w.sticks[1:]
	}
}

// part collects one part of a courier file.
type part struct {
	bytes.Buffer
	stick *stick
}

func (p *part) Close() error {
	p.stick.parts = append(p.stick.parts, p.Bytes())
	return nil
}

// readStick reads one of the sticks, whole, cut, damaged, or parts in any order; a stick may be read again later.
func (w *World) readStick(n *Node) {
	if len(w.sticks) == 0 {
		return
	}
	s := w.sticks[w.rnd.IntN(len(w.sticks))]
	w.tell("%v reads a stick of node %d", n, s.from)
	for _, i := range w.rnd.Perm(len(s.parts)) {
		b := s.parts[i]
		switch w.rnd.IntN(7) {
		case 2:
			b = w.doctored(b)
		case 0:
			b = b[:w.rnd.IntN(len(b))]
		case 1:
			b = w.flipped(b)
		}
		p, err := exchange.OpenPart(bytes.NewReader(b))
		if err != nil {
			continue
		}
		_, told, err := p.Take(context.Background(), n.replica())
		if err == nil && told.SealedBy(publicOf(told.Hello.Log.Node)) {
			w.heard(n, told)
		}
	}
}

// doctored is a part in which somebody wrote something else and signed it with a key that is not the log's.
func (w *World) doctored(b []byte) (out []byte) {
	in := wire.NewReader(bytes.NewReader(b))
	for {
		f, err := in.Next()
		if err != nil {
			return out
		}
		if p, err := wire.ReadChanges(f.Body); f.Type == wire.TypeChanges && err == nil {
			p.Changes[0].Writes[0].Fields = []fieldwork.FieldValue{{Field: fieldwork.TraineePhone, Value: fieldwork.Text("made up")}}
			end, err := p.Head()
			w.must(err)
			w.must(end.Sign(campaign, ed25519.NewKeyFromSeed(seedOf(9999))))
			p.Sig = end.Sig
			f, err = wire.Speaks{}.ChangesFrame(&p)
			w.must(err)
		}
		out = wire.AppendFrame(out, f)
	}
}

// heard believes what a whole part with the right seal says besides its changes.
func (w *World) heard(n *Node, t exchange.Told) {
	from := t.Hello.Log
	switch {
	case n.Number == 0 && from.Node != 0:
		w.must(exchange.HeardHeads(n.Store, from, t.Heads))
	case n.Number != 0 && t.Receipts && from.Node == 0:
		newer, err := n.Store.TakeReceipts(t.Heads, t.Hello.Wall)
		w.must(err)
		if newer {
			w.must(exchange.Heard(n.Store, "hq", t.Heads))
		}
	}
}
