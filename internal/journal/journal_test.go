package journal

import (
	"bytes"
	"crypto/ed25519"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kandili/internal/fieldwork"
)

const (
	fieldReview = fieldwork.FieldID(10)
	fieldLast   = fieldwork.FieldID(11)
	fieldSticky = fieldwork.FieldID(12)
	fieldWith   = fieldwork.FieldID(13)
)

func testPolicy(_ fieldwork.Kind, f fieldwork.FieldID) *fieldwork.Field {
	switch f {
	case fieldLast:
		return &fieldwork.Field{Policy: fieldwork.PolicyLast}
	case fieldSticky:
		return &fieldwork.Field{Policy: fieldwork.PolicySticky, Sticky: []int64{7, 8}}
	case fieldWith:
		return &fieldwork.Field{Policy: fieldwork.PolicyLast, With: fieldSticky}
	}
	return &fieldwork.Field{Policy: fieldwork.PolicyReview}
}

// replica is the smallest thing that merges: what a store does, without its file.
type replica struct {
	id    fieldwork.LogID
	heads Heads
	logs  map[fieldwork.LogID][]Change
	ctx   *Contexts
	state map[fieldwork.RecordID]*State
	last  Stamp
}

func newReplica(node uint32) *replica {
	return &replica{id: fieldwork.LogID{Node: node}, heads: Heads{}, logs: map[fieldwork.LogID][]Change{}, ctx: NewContexts(), state: map[fieldwork.RecordID]*State{}}
}

func (r *replica) write(wall int64, w ...Write) *Change {
	seq := r.heads[r.id] + 1
	r.last = Next(r.last, wall)
	c := Change{Log: r.id, Seq: seq, Wall: wall, Stamp: r.last, Seen: r.ctx.News(r.id, seq, r.heads), Writes: w}
	r.apply(c)
	return &c
}

func (r *replica) apply(c Change) {
	if c.Seq != r.heads[c.Log]+1 {
		return
	}
	r.ctx.Add(c.Log, c.Seq, c.Seen)
	for i := range c.Writes {
		id := c.Target(i)
		if r.state[id] == nil {
			r.state[id] = &State{ID: id}
		}
		r.state[id].Add(c.Writes[i].Kind, VersionOf(&c, i))
	}
	r.heads[c.Log] = c.Last()
	r.logs[c.Log] = append(r.logs[c.Log], c)
}

// pull takes up to limit changes that from has and r lacks, log after log.
func (r *replica) pull(from *replica, limit int) {
	for _, log := range from.heads.Logs() {
		for _, c := range from.logs[log] {
			if c.Seq == r.heads[log]+1 && limit > 0 {
				r.apply(c)
				limit--
			}
		}
	}
}

func (r *replica) digest() Digest {
	var d Digest
	for _, s := range r.state {
		v := s.View(r.ctx, testPolicy)
		d.Add(&v)
	}
	return d
}

// history plays people on several laptops, with partial exchanges between them, and returns the laptops.
func history(t *rapid.T) []*replica {
	nodes := make([]*replica, rapid.IntRange(2, 4).Draw(t, "nodes"))
	for i := range nodes {
		nodes[i] = newReplica(uint32(i + 1))
	}
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		r := nodes[rapid.IntRange(0, len(nodes)-1).Draw(t, "who")]
		if rapid.Bool().Draw(t, "exchange") {
			r.pull(nodes[rapid.IntRange(0, len(nodes)-1).Draw(t, "from")], rapid.IntRange(1, 5).Draw(t, "limit"))
			continue
		}
		w := Write{Kind: 3, Fields: []fieldwork.FieldValue{{
			Field: fieldwork.FieldID(rapid.IntRange(10, 13).Draw(t, "field")),
			Value: fieldwork.Int(int64(rapid.IntRange(5, 8).Draw(t, "value"))),
		}}}
		if w.Fields[0].Field == fieldSticky && rapid.Bool().Draw(t, "dated") {
			w.Fields = append(w.Fields, fieldwork.FieldValue{Field: fieldWith, Value: fieldwork.Int(int64(rapid.IntRange(5, 8).Draw(t, "date")))})
		}
		if ids := known(r); len(ids) > 0 && rapid.IntRange(0, 3).Draw(t, "edit") > 0 {
			w.Record = ids[rapid.IntRange(0, len(ids)-1).Draw(t, "which")]
		}
		wall := int64(rapid.IntRange(-1000, 1000).Draw(t, "clock")) + 1_700_000_000
		r.write(wall, w)
	}
	return nodes
}

func known(r *replica) []fieldwork.RecordID {
	var ids []fieldwork.RecordID
	for _, log := range r.heads.Logs() {
		for _, c := range r.logs[log] {
			for i := range c.Writes {
				if c.Writes[i].Record.IsZero() {
					ids = append(ids, c.Dot(i))
				}
			}
		}
	}
	return ids
}

func TestMerge_anyOrderOfArrivalGivesTheSameDigest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := history(t)
		seed := rapid.Uint64().Draw(t, "order")
		var want Digest
		for round := range 3 {
			rnd := rand.New(rand.NewPCG(seed, uint64(round)))
			all := newReplica(99)
			for !coversAll(all, nodes) {
				all.pull(nodes[rnd.IntN(len(nodes))], 1+rnd.IntN(3))
			}
			if got := all.digest(); round == 0 {
				want = got
			} else if got != want {
				t.Fatalf("digest %v, want %v", got, want)
			}
		}
	})
}

func coversAll(r *replica, nodes []*replica) bool {
	for _, n := range nodes {
		if !r.heads.Covers(n.heads) {
			return false
		}
	}
	return true
}

// TestMerge_noConcurrentValueDisappears checks every write against the definition, by brute force: it shows, or a
// write to the same field was made with it in view, or an equal value shows.
func TestMerge_noConcurrentValueDisappears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := history(t)
		all := newReplica(99)
		for !coversAll(all, nodes) {
			for _, n := range nodes {
				all.pull(n, 100)
			}
		}
		for _, s := range all.state {
			view := s.View(all.ctx, testPolicy)
			for i := range s.Versions {
				v := &s.Versions[i]
				for _, fv := range v.Fields {
					if !shows(&view, fv) && !overwritten(all, s, v, fv.Field) {
						t.Fatalf("%v of %v vanished: %+v", fv, s.ID, view)
					}
				}
			}
		}
	})
}

func shows(v *View, fv fieldwork.FieldValue) bool {
	for _, f := range v.Fields {
		for _, h := range f.Values {
			if f.Field == fv.Field && h.Value == fv.Value {
				return true
			}
		}
	}
	return false
}

func overwritten(r *replica, s *State, v *Version, f fieldwork.FieldID) bool {
	for i := range s.Versions {
		o := &s.Versions[i]
		for _, fv := range o.Fields {
			if fv.Field == f && sawByReplay(r, o.Dot, v.Dot) {
				return true
			}
		}
	}
	return false
}

// sawByReplay is Saw without its index: it reads the log from its beginning.
func sawByReplay(r *replica, by, dot fieldwork.RecordID) bool {
	if by.Log == dot.Log {
		return dot.Seq < by.Seq
	}
	for _, c := range r.logs[by.Log] {
		for _, s := range c.Seen {
			if c.Seq <= by.Seq && s.Log == dot.Log && s.Seq >= dot.Seq {
				return true
			}
		}
	}
	return false
}

func TestView_twoPeopleSetOneFieldUnawares(t *testing.T) {
	a, b := newReplica(1), newReplica(2)
	made := a.write(100, Write{Kind: 3, Fields: []fieldwork.FieldValue{{Field: fieldReview, Value: fieldwork.Text("0712")}}})
	id := made.Dot(0)
	b.pull(a, 10)
	a.write(110, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldReview, Value: fieldwork.Text("0713")}}})
	b.write(120, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldReview, Value: fieldwork.Text("0714")}}})
	a.pull(b, 10)
	b.pull(a, 10)
	va, vb := a.state[id].View(a.ctx, testPolicy), b.state[id].View(b.ctx, testPolicy)
	if d := cmp.Diff(va.Record(), vb.Record(), cmp.Comparer(func(x, y fieldwork.Value) bool { return x == y })); d != "" {
		t.Fatal(d)
	}
	if got := va.Record(); len(got.Contested) != 1 || got.Get(fieldReview).Text() != "0714" {
		t.Fatalf("got %+v, want 0714 in front and contested", got)
	}
	a.write(130, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldReview, Value: fieldwork.Text("0713")}}})
	v := a.state[id].View(a.ctx, testPolicy)
	if got := v.Record(); len(got.Contested) != 0 || got.Get(fieldReview).Text() != "0713" {
		t.Fatalf("got %+v, want the decision for 0713", got)
	}
}

func TestView_deleteAgainstEditKeepsTheEdit(t *testing.T) {
	a, b := newReplica(1), newReplica(2)
	id := a.write(100, Write{Kind: 3, Fields: []fieldwork.FieldValue{{Field: fieldReview, Value: fieldwork.Text("x")}}}).Dot(0)
	b.pull(a, 10)
	a.write(200, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.FieldDeleted, Value: fieldwork.Bool(true)}}})
	if v := a.state[id].View(a.ctx, testPolicy); !v.Deleted {
		t.Fatal("a plain delete must delete")
	}
	b.write(150, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldLast, Value: fieldwork.Text("y")}}})
	a.pull(b, 10)
	v := a.state[id].View(a.ctx, testPolicy)
	if r := v.Record(); r.Deleted || len(r.Contested) != 1 || r.Get(fieldLast).Text() != "y" {
		t.Fatalf("got %+v, want the record kept, the edit in it, and a question", r)
	}
}

func TestView_stickyValueWinsOverALaterOne(t *testing.T) {
	a, b := newReplica(1), newReplica(2)
	id := a.write(100, Write{Kind: 3, Fields: []fieldwork.FieldValue{{Field: fieldSticky, Value: fieldwork.Int(1)}}}).Dot(0)
	b.pull(a, 10)
	a.write(110, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldSticky, Value: fieldwork.Int(7)}}})
	b.write(900, Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldSticky, Value: fieldwork.Int(2)}}})
	b.pull(a, 10)
	v := b.state[id].View(b.ctx, testPolicy)
	if n, _ := v.Fields[0].Values[0].Value.Int(); n != 7 {
		t.Fatalf("got %d, want the sticky 7", n)
	}
}

// TestView_whatSticksWinsAndTakesItsDateAlong: while a value that sticks is among those that nobody overwrote, one that sticks shows, and
// with it what was written together with it.
func TestView_whatSticksWinsAndTakesItsDateAlong(t *testing.T) {
	sticks := func(h Held) bool { n, _ := h.Value.Int(); return n == 7 || n == 8 }
	rapid.Check(t, func(t *rapid.T) {
		nodes := history(t)
		all := newReplica(99)
		for !coversAll(all, nodes) {
			for _, n := range nodes {
				all.pull(n, 100)
			}
		}
		for _, s := range all.state {
			view := s.View(all.ctx, testPolicy)
			at := func(f fieldwork.FieldID) []Held {
				for _, x := range view.Fields {
					if x.Field == f {
						return x.Values
					}
				}
				return nil
			}
			states, dates := at(fieldSticky), at(fieldWith)
			if len(states) == 0 {
				continue
			}
			if slices.ContainsFunc(states, sticks) && !sticks(states[0]) {
				t.Fatalf("%v shows over one that sticks: %+v", states[0].Value, states)
			}
			for _, fv := range states[0].By.Fields {
				kept := func(h Held) bool { return h.Value == fv.Value }
				if fv.Field == fieldWith && slices.ContainsFunc(dates, kept) && dates[0].Value != fv.Value {
					t.Fatalf("the state is of %v and its date of another write: %v, not %v", states[0].By.Dot, dates[0].Value, fv.Value)
				}
			}
		}
	})
}

func TestView_aTheftAndItsDaySurviveALaterEditOfSomebodyUnaware(t *testing.T) {
	const stolen, working = 8, 1
	a, b := newReplica(1), newReplica(2)
	id := a.write(100, Write{Kind: 3, Fields: []fieldwork.FieldValue{{Field: fieldSticky, Value: fieldwork.Int(working)}}}).Dot(0)
	b.pull(a, 10)
	dated := func(state, day int64) Write {
		return Write{Kind: 3, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldSticky, Value: fieldwork.Int(state)}, {Field: fieldWith, Value: fieldwork.Int(day)}}}
	}
	a.write(110, dated(stolen, 120))
	b.write(900, dated(working, 150))
	b.pull(a, 10)
	v := b.state[id].View(b.ctx, testPolicy)
	state, _ := v.Fields[0].Values[0].Value.Int()
	day, _ := v.Fields[1].Values[0].Value.Int()
	if state != stolen || day != 120 || v.Fields[0].Contested || v.Fields[1].Contested {
		t.Fatalf("state %d since %d, want stolen since 120: %+v", state, day, v.Fields)
	}
	b.write(1000, dated(working, 160)) // somebody who knew of the theft found it
	v = b.state[id].View(b.ctx, testPolicy)
	if state, _ := v.Fields[0].Values[0].Value.Int(); state != working || len(v.Fields[0].Values) != 1 {
		t.Fatalf("found again, it is still %d", state)
	}
}

func TestChange_readsBackWhatItWrote(t *testing.T) {
	c := Change{
		Log: fieldwork.LogID{Node: 3, Epoch: 9}, Seq: 7, Wall: 1_800_000_000, Boot: 2, Up: 55, Stamp: StampOf(1_800_000_000) + 3,
		Author: fieldwork.RecordID{Log: fieldwork.LogID{Node: 1}, Seq: 4},
		Seen:   []Seen{{Log: fieldwork.LogID{Node: 1}, Seq: 900}},
		Writes: []Write{
			{Kind: 5, Fields: []fieldwork.FieldValue{{Field: 10, Value: fieldwork.Text("Aïssatou")}, {Field: 11}, {Field: 4000, Value: fieldwork.Ints(-1, 5)}}},
			{Kind: 999, Record: fieldwork.RecordID{Log: fieldwork.LogID{Node: 8}, Seq: 2}},
		},
	}
	b := c.Append(nil)
	got, n, err := ReadChange(append(b, "rest"...), c.Log, c.Seq)
	if err != nil || n != len(b) {
		t.Fatalf("read %d of %d bytes: %v", n, len(b), err)
	}
	if !bytes.Equal(got.Append(nil), b) {
		t.Fatalf("got %+v, want %+v", got, c)
	}
}

func FuzzReadChange(f *testing.F) {
	c := Change{Wall: 5, Stamp: StampOf(5), Writes: []Write{{Kind: 1, Fields: []fieldwork.FieldValue{{Field: 10, Value: fieldwork.Text("x")}}}}}
	f.Add(c.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, n, err := ReadChange(b, fieldwork.LogID{Node: 1}, 1)
		if err == nil && !bytes.Equal(c.Append(nil), b[:n]) {
			t.Fatalf("%x is read as %+v, which is written as %x", b[:n], c, c.Append(nil))
		}
	})
}

func FuzzReadState(f *testing.F) {
	s := State{ID: fieldwork.RecordID{Seq: 1}, Kind: 3, Versions: []Version{{Dot: fieldwork.RecordID{Seq: 1}}}}
	f.Add(s.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadState(b)
		if err == nil && !bytes.Equal(s.Append(nil), b) {
			t.Fatalf("%x is not read back as it was written", b)
		}
		if _, _, short := RecordOf(string(b), NewContexts(), reviewAll, nil); err == nil && short != nil { // it may read more, and must not panic
			t.Fatalf("%x: all of it can be read, the record not: %v", b, short)
		}
	})
}

func reviewAll(fieldwork.Kind, fieldwork.FieldID) *fieldwork.Field {
	return &fieldwork.Field{Policy: fieldwork.PolicyReview}
}

// The short ways of reading a record show what the long one shows.
func TestRecordOf_showsWhatTheViewShows(t *testing.T) {
	value := rapid.OneOf(rapid.Just(fieldwork.Value{}), rapid.Just(fieldwork.Bool(true)), rapid.Map(rapid.StringN(0, 9, 40), fieldwork.Text),
		rapid.Map(rapid.Int64(), fieldwork.Int), rapid.Just(fieldwork.Refs(fieldwork.RecordID{Seq: 3}, fieldwork.RecordID{Seq: 300})))
	field := rapid.SampledFrom([]fieldwork.FieldID{fieldwork.FieldDeleted, fieldwork.FieldSameAs, 10, 11, 200})
	rapid.Check(t, func(t *rapid.T) {
		s := State{ID: fieldwork.RecordID{Log: fieldwork.LogID{Node: 7}, Seq: rapid.Uint64Range(1, 1<<20).Draw(t, "id")}, Kind: 5}
		ctx := NewContexts()
		for i := range rapid.SampledFrom([]int{1, 1, 1, 0, 2, 3}).Draw(t, "versions") {
			v := Version{Dot: fieldwork.RecordID{Log: fieldwork.LogID{Node: uint32(i % 2)}, Seq: uint64(i + 1)}, Wall: rapid.Int64Range(0, 1<<33).Draw(t, "wall"), Stamp: Stamp(i), Up: uint32(i)}
			for range rapid.IntRange(0, 5).Draw(t, "fields") {
				v.Fields = append(v.Fields, fieldwork.FieldValue{Field: field.Draw(t, "field"), Value: value.Draw(t, "value")})
			}
			s.Add(s.Kind, v)
			ctx.Add(v.Dot.Log, v.Dot.Seq, []Seen{{Log: fieldwork.LogID{Node: uint32(1 - i%2)}, Seq: rapid.Uint64Range(0, 3).Draw(t, "seen")}})
		}
		long := s.viewOfMany(ctx, reviewAll)
		if view := s.View(ctx, reviewAll); !reflect.DeepEqual(long, view) && len(long.Fields)+len(view.Fields) > 0 {
			t.Fatalf("the view is %+v, not %+v", view, long)
		}
		for n := range 6 {
			room := make([]fieldwork.FieldValue, n)
			got, left, err := RecordOf(string(s.Append(nil)), ctx, reviewAll, room)
			if want := long.Record(); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("got %+v (%v), want %+v", got, err, want)
			}
			for i := range left {
				left[i] = fieldwork.FieldValue{Field: 999}
			}
			got.Fields = append(got.Fields, fieldwork.FieldValue{Field: 998}) // whoever gets it owns it
			if want := long.Record(); !reflect.DeepEqual(got.Fields[:len(got.Fields)-1], want.Fields) || len(left) > 0 && left[0].Field != 999 {
				t.Fatalf("with room for %d the record shares memory with the next one", n)
			}
		}
	})
}

func TestHead_signatureCoversCampaignLogSequenceAndHash(t *testing.T) {
	pub, key, _ := ed25519.GenerateKey(nil)
	camp := Campaign{1}
	h := Head{Log: fieldwork.LogID{Node: 4}, Seq: 9, Hash: Link(Hash{}, []byte("x"))}
	if err := h.Sign(camp, key); err != nil || !h.Verify(camp, pub) {
		t.Fatal("an honest head must verify", err)
	}
	for name, forge := range map[string]func(h *Head, c *Campaign){
		"campaign": func(_ *Head, c *Campaign) { c[0] = 2 },
		"log":      func(h *Head, _ *Campaign) { h.Log.Epoch = 1 },
		"sequence": func(h *Head, _ *Campaign) { h.Seq++ },
		"hash":     func(h *Head, _ *Campaign) { h.Hash[31] ^= 1 },
		"cut":      func(h *Head, _ *Campaign) { h.Sig = h.Sig[:63] },
	} {
		f, c := h, camp
		forge(&f, &c)
		if f.Verify(c, pub) {
			t.Errorf("a head with another %s must not verify", name)
		}
	}
}

func TestDigest_removeUndoesAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d Digest
		views := make([]View, rapid.IntRange(1, 20).Draw(t, "n"))
		for i := range views {
			views[i].ID.Seq = rapid.Uint64().Draw(t, "id")
			d.Add(&views[i])
		}
		for i := range views {
			d.Remove(&views[i])
		}
		if d != (Digest{}) {
			t.Fatalf("got %v, want nothing", d)
		}
	})
}

func TestWitness_clockYearsAheadDoesNotDragOurs(t *testing.T) {
	ours := StampOf(1_800_000_000)
	if got := Witness(ours, StampOf(1_900_000_000), 1_800_000_000); got != ours {
		t.Fatalf("got %v, want ours", got)
	}
	if got, want := Witness(ours, ours+5, 1_800_000_000), ours+5; got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}
