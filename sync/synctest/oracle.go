package synctest

import (
	"errors"
	"fmt"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// oracle knows what was written, by whom, and what was in view then. It uses none of the product's causality: what was in view is
// the heads of the store at that moment.
type oracle struct {
	writes    map[fieldwork.RecordID]*wrote
	byRecord  map[fieldwork.RecordID][]*wrote
	promised  journal.Heads               // what HQ ever said to hold
	excused   map[fieldwork.RecordID]bool // lost with the only disk that held it
	forgotten map[fieldwork.RecordID]bool // people whom HQ forgot
	twice     journal.Heads               // logs of which honest people wrote two histories, and after which number
	open      map[string]opened           // texts written under such numbers: under which they are in the end is open
	mixed     map[fieldwork.RecordID]bool // records to which something was written under such a number: what they show is open
	shared    bool                        // two folders hold what has to be written again, and neither knows of the other
}

// opened is a text that must be somewhere in the end.
type opened struct {
	record fieldwork.RecordID // that it was written to, as that was known then
}

// wrote is one acknowledged write.
type wrote struct {
	dot    fieldwork.RecordID
	record fieldwork.RecordID
	kind   fieldwork.Kind
	fields []fieldwork.FieldValue
	seen   journal.Heads
}

func (o *oracle) init() {
	o.writes = map[fieldwork.RecordID]*wrote{}
	o.byRecord = map[fieldwork.RecordID][]*wrote{}
	o.promised = journal.Heads{}
	o.excused = map[fieldwork.RecordID]bool{}
	o.forgotten = map[fieldwork.RecordID]bool{}
	o.twice = journal.Heads{}
	o.open = map[string]opened{}
	o.mixed = map[fieldwork.RecordID]bool{}
}

// saw says whether the one write had the other in view.
func (a *wrote) saw(b *wrote) bool {
	if a.dot.Log == b.dot.Log {
		return b.dot.Seq < a.dot.Seq
	}
	return a.seen[b.dot.Log] >= b.dot.Seq
}

// save saves on a node and remembers what was acknowledged.
func (w *World) save(n *Node, d store.Draft) {
	before := n.Store.Heads()
	if w.Bug != nil && w.Bug.Unwritten && n.full {
		c := journal.Change{Log: n.Store.Self().Log, Seq: before[n.Store.Self().Log] + 1, Writes: d.Writes}
		w.acknowledged(&c, before)
		return
	}
	c, err := n.Store.Save(d)
	if err != nil {
		w.fail("%v cannot save: %v", n, err)
		return
	}
	w.acknowledged(&c, before)
}

func (w *World) acknowledged(c *journal.Change, seen journal.Heads) {
	o := &w.oracle
	for i := range c.Writes {
		x := &wrote{dot: c.Dot(i), record: c.Target(i), kind: c.Writes[i].Kind, fields: c.Writes[i].Fields, seen: seen}
		if o.isTwice(x.dot) {
			o.loosen(x)
			continue
		}
		if o.writes[x.dot] != nil {
			w.fail("the number %v was given twice", x.dot)
			return
		}
		o.writes[x.dot] = x
		o.byRecord[x.record] = append(o.byRecord[x.record], x)
	}
}

// received hears what HQ says to hold. It must be true at this moment.
func (w *World) received(n *Node, h journal.Heads) error {
	held := w.HQ.Store.Heads()
	for log, seq := range h {
		if held[log] < seq {
			w.fail("HQ told %v that it holds %v up to %d, and holds %d", n, log, seq, held[log])
		}
		w.oracle.promised[log] = max(w.oracle.promised[log], seq)
	}
	return n.Store.SetReceived(h)
}

// excuse lets go of what only a lost disk held: nothing in the world can bring it back.
func (w *World) excuse(lost journal.Heads, held []*Node) {
	for log, seq := range lost {
		kept := uint64(0)
		for _, n := range held {
			kept = max(kept, n.Store.Heads()[log])
		}
		for s := kept + 1; s <= seq; s++ {
			w.oracle.excused[fieldwork.RecordID{Log: log, Seq: s}] = true
		}
	}
	w.oracle.excuseOpen(held)
}

// check holds HQ, to which all others are equal by now, against what was acknowledged.
func (w *World) check() {
	o := &w.oracle
	held := w.HQ.Store.Heads()
	for dot := range o.writes {
		if held[dot.Log] < dot.Seq && !o.excused[dot] {
			w.fail("acknowledged and missing at HQ: %v (it holds %v up to %d)", dot, dot.Log, held[dot.Log])
			return
		}
	}
	for log, seq := range o.promised {
		for s := held[log] + 1; s <= seq; s++ {
			if dot := (fieldwork.RecordID{Log: log, Seq: s}); !o.excused[dot] && !o.isTwice(dot) {
				w.fail("HQ confirmed %v up to %d and holds %d", log, seq, held[log])
				return
			}
		}
	}
	w.checkValues(held)
	w.checkForgotten()
	w.checkOpen()
	w.checkNothingMadeUp(held)
	w.checkApart(held)
	for _, n := range w.present() {
		if left := n.Store.Unsent(); left != 0 {
			w.fail("%v shows %d unsent, and HQ has all", n, left)
		}
	}
}

// checkValues: every field shows exactly the values that nobody overwrote knowingly.
func (w *World) checkValues(held journal.Heads) {
	for record, list := range w.oracle.byRecord {
		list = slices.DeleteFunc(slices.Clone(list), func(x *wrote) bool { return held[x.dot.Log] < x.dot.Seq })
		if len(list) == 0 || w.HQ.Store.Gone(record) || w.oracle.isTwice(record) || w.oracle.mixed[record] {
			continue
		}
		want := maximal(list)
		got := w.shown(record)
		if len(got) == 0 {
			w.fail("record %v is not there at all", record)
			return
		}
		for field, values := range want {
			if field == fieldwork.NodeRevokedAfterSeq || field == fieldwork.NodeCounted {
				if r, _ := w.HQ.Store.Record(record); r.Kind == fieldwork.KindNode {
					continue // a restored HQ may have counted more by itself
				}
			}
			if fmt.Sprint(values) != fmt.Sprint(got[field]) {
				w.fail("record %v, field %d: shows %v, must show %v", record, field, got[field], values)
				return
			}
		}
	}
}

// maximal works out from the set of writes which values nobody overwrote knowingly, per field in a fixed order.
func maximal(list []*wrote) map[fieldwork.FieldID][]string {
	out := map[fieldwork.FieldID][]string{}
	for _, a := range list {
		for _, f := range a.fields {
			over := slices.ContainsFunc(list, func(b *wrote) bool {
				return b.saw(a) && slices.ContainsFunc(b.fields, func(g fieldwork.FieldValue) bool { return g.Field == f.Field })
			})
			if !over {
				out[f.Field] = append(out[f.Field], spell(f.Value))
			}
		}
	}
	for f := range out {
		slices.Sort(out[f])
		out[f] = slices.Compact(out[f])
	}
	return out
}

// shown is what HQ shows of a record.
func (w *World) shown(record fieldwork.RecordID) map[fieldwork.FieldID][]string {
	v, ok := w.HQ.Store.View(record)
	if !ok {
		return nil
	}
	if w.Bug != nil && w.Bug.View != nil {
		w.Bug.View(&v)
	}
	out := map[fieldwork.FieldID][]string{}
	for i := range v.Fields {
		for _, h := range v.Fields[i].Values {
			out[v.Fields[i].Field] = append(out[v.Fields[i].Field], spell(h.Value))
		}
		slices.Sort(out[v.Fields[i].Field])
	}
	return out
}

func spell(v fieldwork.Value) string { return fmt.Sprintf("%x", v.Append(nil)) }

// isTwice says whether two histories of a log may have the number.
func (o *oracle) isTwice(dot fieldwork.RecordID) bool {
	after, ok := o.twice[dot.Log]
	return ok && dot.Seq > after
}

// parted notes that from a number on two histories of a log are written, by honest people. Nobody can say which of them keeps the numbers,
// so what was written under them has to be somewhere, and no more is known.
func (o *oracle) parted(log fieldwork.LogID, after uint64) {
	if before, had := o.twice[log]; had && before <= after {
		return
	}
	o.twice[log] = after
	for dot, x := range o.writes {
		if o.isTwice(dot) {
			delete(o.writes, dot)
			o.byRecord[x.record] = slices.DeleteFunc(o.byRecord[x.record], func(y *wrote) bool { return y == x })
			if !o.excused[dot] {
				o.loosen(x)
			} else {
				o.mixed[x.record] = true
			}
		}
	}
}

func (o *oracle) loosen(x *wrote) {
	o.mixed[x.record] = true
	for _, f := range x.fields {
		if t := f.Value.Text(); t != "" {
			o.open[t] = opened{x.record}
		}
	}
}

// checkOpen: what was written under numbers that were given twice is there, under whatever number, and nothing is there twice.
func (w *World) checkOpen() {
	if len(w.oracle.twice) > 0 && !w.oracle.shared {
		w.checkOnce()
	}
	for text := range w.oracle.open {
		if w.oracle.isForgotten(w.HQ, text) || w.HQ.says(text) {
			continue
		}
		w.fail("written under a number that was given twice, and nowhere at HQ: %s", text)
		return
	}
}

// checkOnce: every text was drawn once, so no two writes have it.
func (w *World) checkOnce() {
	by := map[string]fieldwork.RecordID{}
	for _, kind := range []fieldwork.Kind{fieldwork.KindTrainee, unknownKind} {
		for _, id := range w.HQ.Store.IDs(kind) {
			for _, h := range w.HQ.Store.History(id) {
				for _, f := range h.Fields {
					t := f.Value.Text()
					if other, had := by[t]; had && t != "" && other != h.Dot {
						w.fail("%v and %v are the same, written twice", other, h.Dot)
						return
					}
					by[t] = h.Dot
				}
			}
		}
	}
}

// isForgotten says whether a text was about somebody whom HQ forgot.
func (o *oracle) isForgotten(hq *Node, text string) bool {
	of := o.open[text].record
	return o.forgotten[of] || hq.Store.Gone(of)
}

// says looks for a text in all records of a node.
func (n *Node) says(text string) bool {
	for _, kind := range []fieldwork.Kind{fieldwork.KindTrainee, fieldwork.KindVolunteer, unknownKind} {
		for _, id := range n.Store.IDs(kind) {
			for _, h := range n.Store.History(id) {
				if slices.ContainsFunc(h.Fields, func(f fieldwork.FieldValue) bool { return f.Value.Text() == text }) {
					return true
				}
			}
		}
	}
	return false
}

// keepsApart looks for a text in what a node keeps apart.
func (n *Node) keepsApart(text string) bool {
	list, err := n.Store.Awaiting()
	n.world.must(err)
	for i := range list {
		for j := range list[i].Changes {
			for _, x := range list[i].Changes[j].Writes {
				if slices.ContainsFunc(x.Fields, func(f fieldwork.FieldValue) bool { return f.Value.Text() == text }) {
					return true
				}
			}
		}
	}
	return false
}

// excuseOpen lets go of texts that only a lost disk held.
func (o *oracle) excuseOpen(held []*Node) {
	for text := range o.open {
		if !slices.ContainsFunc(held, func(n *Node) bool { return n.says(text) || n.keepsApart(text) }) {
			delete(o.open, text)
		}
	}
}

// checkForgotten: nothing that was said of a forgotten person is left anywhere, neither in records nor in logs.
func (w *World) checkForgotten() {
	said := map[string]fieldwork.RecordID{}
	for id := range w.oracle.forgotten {
		if w.oracle.isTwice(id) {
			continue // two people have this number, and what was said of which is open
		}
		if !w.HQ.Store.Gone(id) {
			continue // an HQ that was restored from a backup may have forgotten that it forgot, if nobody else had heard of it
		}
		for _, x := range w.oracle.byRecord[id] {
			for _, f := range x.fields {
				if t := f.Value.Text(); t != "" && fieldwork.Goes(x.kind, f) {
					said[t] = id
				}
			}
		}
	}
	if len(said) == 0 {
		return
	}
	for _, n := range w.replicas() {
		for id := range w.oracle.forgotten {
			v, _ := n.Store.View(id)
			for i := range v.Fields {
				for _, h := range v.Fields[i].Values {
					if of, ok := said[h.Value.Text()]; ok {
						w.fail("%v shows what was said of the forgotten %v", n, of)
						return
					}
				}
			}
		}
		if of, found := n.holds(said); found {
			w.fail("a log of %v still has what was said of the forgotten %v", n, of)
			return
		}
	}
}

// holds looks for texts in all logs of a node.
func (n *Node) holds(said map[string]fieldwork.RecordID) (of fieldwork.RecordID, found bool) {
	for _, log := range n.Store.Heads().Logs() {
		for after := uint64(0); ; {
			p, err := n.Store.Piece(log, after, 1<<20)
			if errors.Is(err, journal.ErrCovered) {
				p, err = n.Store.Page(log, after)
			}
			if err != nil {
				break // nothing more of this log is here
			}
			for i := range p.Changes {
				for _, x := range p.Changes[i].Writes {
					for _, f := range x.Fields {
						if of, found = said[f.Value.Text()]; found {
							n.world.tell("%v: log %v, piece %d to %d, covered %v", n, log, p.First, p.Last(), p.Covered)
							return of, true
						}
					}
				}
			}
			after = p.Last()
		}
	}
	return of, false
}

// checkApart: what was put apart is there still, unless it was let in.
func (w *World) checkApart(held journal.Heads) {
	list, err := w.HQ.Store.Awaiting()
	w.must(err)
	for dot := range w.HQ.apart {
		kept := held[dot.Log] >= dot.Seq || slices.ContainsFunc(list, func(p store.AwaitingPiece) bool {
			return p.Log == dot.Log && p.First <= dot.Seq && dot.Seq <= p.Last()
		})
		if !kept {
			w.fail("HQ put %v apart and has it no more", dot)
			return
		}
	}
}

// checkNothingMadeUp: no record is there that nobody made.
func (w *World) checkNothingMadeUp(held journal.Heads) {
	for _, kind := range []fieldwork.Kind{fieldwork.KindTrainee, fieldwork.KindNode, unknownKind} {
		for _, id := range w.HQ.Store.IDs(kind) {
			x := w.oracle.writes[id]
			if (x == nil || x.record != id) && !w.oracle.isTwice(id) {
				w.fail("there is a %v that nobody made: %v", kind, id)
				return
			}
		}
	}
}
