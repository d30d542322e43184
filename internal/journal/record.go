package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"kandili/internal/fieldwork"
)

// Version is one write to a record with its circumstances.
type Version struct {
	Dot    fieldwork.RecordID // of the write
	Wall   int64              // the writing laptop's clock, seconds since 1970 UTC
	Boot   uint32             // of the writing laptop's program; see Change
	Up     uint32             // seconds since that start
	Stamp  Stamp
	Author fieldwork.RecordID
	Fields []fieldwork.FieldValue
}

// State is a record on a replica: all writes to it, ascending by dot. What it shows follows from the set alone, so
// the order of arrival cannot matter.
type State struct {
	ID       fieldwork.RecordID
	Kind     fieldwork.Kind // 0 while the write that made the record has not arrived
	Versions []Version
}

// MaxVersions is how many writes of one record a reader takes.
const MaxVersions = 1 << 16

// VersionOf returns the i-th write of a change as a version. It shares the field list with the change.
func VersionOf(c *Change, i int) Version {
	return Version{Dot: c.Dot(i), Wall: c.Wall, Boot: c.Boot, Up: c.Up, Stamp: c.Stamp, Author: c.Author, Fields: c.Writes[i].Fields}
}

// Add adds a write of the kind; adding the same one again changes nothing and returns false. The write that made the record says of which kind
// it is.
func (s *State) Add(kind fieldwork.Kind, v Version) bool {
	i, had := slices.BinarySearchFunc(s.Versions, v.Dot, func(v Version, dot fieldwork.RecordID) int { return v.Dot.Compare(dot) })
	if had {
		return false
	}
	s.Versions = slices.Insert(s.Versions, i, v)
	if s.Kind == 0 || v.Dot == s.ID {
		s.Kind = kind
	}
	return true
}

// Drop takes writes away and says whether there were any.
func (s *State) Drop(which func(*Version) bool) bool {
	before := len(s.Versions)
	s.Versions = slices.DeleteFunc(s.Versions, func(v Version) bool { return which(&v) })
	return len(s.Versions) < before
}

// Mark tells this record from another one under the same number, which a folder that was put back to an earlier day may have given again. It
// says nothing of what the record says, so it outlives that. All zeros: the write that made the record is not here.
func (s *State) Mark() (m [8]byte) {
	i, had := slices.BinarySearchFunc(s.Versions, s.ID, func(v Version, dot fieldwork.RecordID) int { return v.Dot.Compare(dot) })
	if !had {
		return m
	}
	return s.Versions[i].mark(s.Kind)
}

// MarkOf is the mark of the record that a write of a change makes.
func MarkOf(c *Change, i int) [8]byte {
	v := VersionOf(c, i)
	return v.mark(c.Writes[i].Kind)
}

func (v *Version) mark(kind fieldwork.Kind) [8]byte {
	b := fieldwork.AppendID([]byte("kandili/mark/v1"), v.Dot)
	b = binary.AppendVarint(b, v.Wall)
	b = binary.AppendVarint(b, int64(v.Stamp))
	b = fieldwork.AppendID(b, v.Author)
	sum := sha256.Sum256(binary.AppendUvarint(b, uint64(kind)))
	return [8]byte(sum[:8])
}

// Append appends the state's bytes for storing.
func (s *State) Append(b []byte) []byte {
	b = fieldwork.AppendID(b, s.ID)
	b = binary.AppendUvarint(b, uint64(s.Kind))
	b = binary.AppendUvarint(b, uint64(len(s.Versions)))
	for i := range s.Versions {
		v := &s.Versions[i]
		b = fieldwork.AppendID(b, v.Dot)
		b = binary.AppendVarint(b, v.Wall)
		b = binary.AppendUvarint(b, uint64(v.Boot))
		b = binary.AppendUvarint(b, uint64(v.Up))
		b = binary.AppendVarint(b, int64(v.Stamp)-int64(StampOf(v.Wall)))
		b = fieldwork.AppendID(b, v.Author)
		w := Write{Fields: v.Fields}
		b = w.append(b)
	}
	return b
}

// ReadState reads what Append wrote. Read from a slice the state shares nothing with it; read from a string it shares the values.
func ReadState[B fieldwork.Encoded](b B) (State, error) { return readState(b, true) }

// ReadStateV1 reads what Append wrote before versions knew the run of the program in which they were made; that stays zero.
func ReadStateV1(b []byte) (State, error) { return readState(b, false) }

func readState[B fieldwork.Encoded](b B, runs bool) (State, error) {
	r := reader[B]{b: b}
	s := State{ID: r.id(), Kind: fieldwork.Kind(r.upTo(math.MaxUint16))}
	count := int(r.upTo(MaxVersions))
	s.Versions = make([]Version, 0, min(count, (len(b)-r.at)/leastVersion+1))
	for range count {
		v := r.version(runs)
		if r.err != nil {
			return State{}, r.err
		}
		s.Versions = append(s.Versions, v)
	}
	if r.err != nil || r.at != len(b) {
		return State{}, ErrChange
	}
	if count == 0 {
		s.Versions = nil
	}
	return s, nil
}

// leastVersion is how many bytes a version of a state takes at least.
const leastVersion = 10

func (r *reader[B]) version(runs bool) Version {
	v := Version{Dot: r.id(), Wall: r.varint()}
	if runs {
		v.Boot, v.Up = uint32(r.upTo(math.MaxUint32)), uint32(r.upTo(math.MaxUint32))
	}
	v.Stamp = Stamp(int64(StampOf(v.Wall)) + r.varint())
	v.Author = r.id()
	w := r.write()
	v.Fields = w.Fields
	if w.Kind != 0 || w.Record != (fieldwork.RecordID{}) { // the state says both; here they would be a second form
		r.err = ErrChange
	}
	return v
}

// PolicyOf tells how the values of a field are ranked: its Policy, Sticky and With count. It never returns nil.
type PolicyOf func(fieldwork.Kind, fieldwork.FieldID) *fieldwork.Field

// Held is one of the values that a field holds, with the write that it comes from.
type Held struct {
	Value fieldwork.Value
	By    *Version
}

// FieldView is a field with its maximal values, the winner first.
type FieldView struct {
	Field     fieldwork.FieldID
	Values    []Held // different ones; equal concurrent values collapse into the latest
	Contested bool
}

// View is a record as it shows: for every field ever written its maximal values.
type View struct {
	ID      fieldwork.RecordID
	Kind    fieldwork.Kind
	Fields  []FieldView // ascending by field
	Deleted bool
}

// View works out what the record shows. It points into the state.
func (s *State) View(ctx *Contexts, policy PolicyOf) View {
	if len(s.Versions) == 1 && ascending(s.Versions[0].Fields) {
		view := View{ID: s.ID, Kind: s.Kind}
		view.alone(&s.Versions[0])
		return view
	}
	return s.viewOfMany(ctx, policy)
}

func (s *State) viewOfMany(ctx *Contexts, policy PolicyOf) View {
	view := View{ID: s.ID, Kind: s.Kind}
	for _, f := range s.fields() {
		fv := FieldView{Field: f, Values: s.maximal(ctx, f)}
		rule := policy(s.Kind, f)
		rank(fv.Values, rule, view.wroteWith(rule.With, f))
		fv.Contested = len(fv.Values) > 1 && (rule.Policy == fieldwork.PolicyReview || rule.Policy == fieldwork.PolicyUnique)
		if f == fieldwork.FieldDeleted && fv.Values[0].Value.Bool() {
			view.Deleted = s.allSeenBy(ctx, fv.Values[0].By)
			fv.Contested = !view.Deleted
		}
		view.Fields = append(view.Fields, fv)
	}
	return view
}

// alone is what a record shows that was written once, as most are: what that write says.
func (v *View) alone(by *Version) {
	v.Fields = make([]FieldView, len(by.Fields))
	held := make([]Held, len(by.Fields))
	for i, f := range by.Fields {
		held[i] = Held{f.Value, by}
		v.Fields[i] = FieldView{Field: f.Field, Values: held[i : i+1 : i+1]}
		if f.Field == fieldwork.FieldDeleted && f.Value.Bool() {
			v.Deleted = true
		}
	}
}

// ascending says that the fields stand in order, each once.
func ascending(list []fieldwork.FieldValue) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1].Field >= list[i].Field {
			return false
		}
	}
	return true
}

func (s *State) fields() []fieldwork.FieldID {
	var list []fieldwork.FieldID
	for i := range s.Versions {
		for _, fv := range s.Versions[i].Fields {
			list = append(list, fv.Field)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// maximal returns the values of the field that no other write to the field had in view.
func (s *State) maximal(ctx *Contexts, f fieldwork.FieldID) []Held {
	var all, top []Held
	for i := range s.Versions {
		for _, fv := range s.Versions[i].Fields {
			if fv.Field == f {
				all = append(all, Held{fv.Value, &s.Versions[i]})
			}
		}
	}
	for _, h := range all {
		if !slices.ContainsFunc(all, func(o Held) bool { return ctx.Saw(o.By.Dot, h.By.Dot) }) {
			top = collapse(top, h)
		}
	}
	if top != nil {
		return top
	}
	for _, h := range all { // writes that claim to have seen each other: somebody made that up, and nothing vanishes by it
		top = collapse(top, h)
	}
	return top
}

// collapse adds a value, unless it is there already: then the later write stands for both.
func collapse(top []Held, h Held) []Held {
	i := slices.IndexFunc(top, func(o Held) bool { return o.Value == h.Value })
	if i < 0 {
		return append(top, h)
	}
	if later(h.By, top[i].By) {
		top[i] = h
	}
	return top
}

// wroteWith is the value that the write which won the field other gave to f, too: a date goes with the state that it dates. It is nil
// where it gave none.
func (v *View) wroteWith(other, f fieldwork.FieldID) *fieldwork.Value {
	at := slices.IndexFunc(v.Fields, func(x FieldView) bool { return x.Field == other })
	if other == 0 || at < 0 {
		return nil
	}
	by := v.Fields[at].Values[0].By
	for i := range by.Fields {
		if by.Fields[i].Field == f {
			return &by.Fields[i].Value
		}
	}
	return nil
}

// rank puts the winner first: the value that goes with another field's winner, else one that sticks, else the latest by hybrid clock,
// else by dot; the same everywhere.
func rank(values []Held, rule *fieldwork.Field, with *fieldwork.Value) {
	if len(values) < 2 {
		return
	}
	wins := func(h Held) bool {
		n, ok := h.Value.Int()
		return with != nil && h.Value == *with || rule.Policy == fieldwork.PolicySticky && ok && slices.Contains(rule.Sticky, n)
	}
	slices.SortFunc(values, func(a, b Held) int {
		switch {
		case wins(a) != wins(b) && wins(a), wins(a) == wins(b) && later(a.By, b.By):
			return -1
		case a.By == b.By:
			return 0
		}
		return 1
	})
}

func later(a, b *Version) bool {
	if a.Stamp != b.Stamp {
		return a.Stamp > b.Stamp
	}
	return a.Dot.Compare(b.Dot) > 0
}

// allSeenBy says that every other write was in view of the one, or had that one in view: nobody edited unawares.
func (s *State) allSeenBy(ctx *Contexts, by *Version) bool {
	for i := range s.Versions {
		v := &s.Versions[i]
		if v != by && !ctx.Saw(by.Dot, v.Dot) && !ctx.Saw(v.Dot, by.Dot) {
			return false
		}
	}
	return true
}

// Record returns the winners as a plain record.
func (v *View) Record() fieldwork.Record {
	r := fieldwork.Record{ID: v.ID, Kind: v.Kind, Deleted: v.Deleted, Fields: make([]fieldwork.FieldValue, 0, len(v.Fields))}
	for i := range v.Fields {
		f := &v.Fields[i]
		if f.Contested {
			r.Contested = append(r.Contested, f.Field)
		}
		if win := f.Values[0].Value; !win.IsZero() {
			r.Fields = append(r.Fields, fieldwork.FieldValue{Field: f.Field, Value: win})
		}
	}
	return r
}

// KindOf returns the kind of a stored state; 0 while the write that made the record has not arrived.
func KindOf(b string) (fieldwork.Kind, error) {
	r := reader[string]{b: b}
	r.id()
	kind := fieldwork.Kind(r.upTo(math.MaxUint16))
	return kind, r.err
}

// RecordOf returns what View.Record returns of a stored state. b must be what Append wrote: no more of it is looked at than is needed, and
// the record shares its bytes. Fields are put into room as far as it goes, which is returned without them; nil makes new memory.
func RecordOf(b string, ctx *Contexts, policy PolicyOf, room []fieldwork.FieldValue) (fieldwork.Record, []fieldwork.FieldValue, error) {
	r := reader[string]{b: b}
	rec := fieldwork.Record{ID: r.id(), Kind: fieldwork.Kind(r.upTo(math.MaxUint16))}
	if r.upTo(MaxVersions) == 1 && r.err == nil {
		r.skip(numbersOfVersion)
		if list := r.fields(room); r.err == nil && r.at == len(b) && ascending(list) {
			rec.Fields, rec.Deleted = shown(list)
			return rec, room[min(len(room), len(list)):], nil
		}
	}
	s, err := ReadState(b)
	if err != nil {
		return fieldwork.Record{}, room, err
	}
	v := s.View(ctx, policy)
	return v.Record(), room, nil
}

// numbersOfVersion is how many varints stand before the fields of a version: dot, clocks, author, and what says kind and record again.
const numbersOfVersion = 3 + 4 + 3 + 4

// skip goes over so many varints.
func (r *reader[B]) skip(n int) {
	for ; n > 0 && r.at < len(r.b); r.at++ {
		if r.b[r.at] < 0x80 {
			n--
		}
	}
	if n > 0 {
		r.err = ErrChange
	}
}

// shown takes cleared fields out of the list, which it writes into, and says whether the record is deleted.
func shown(list []fieldwork.FieldValue) (left []fieldwork.FieldValue, deleted bool) {
	left = list[:0]
	for _, f := range list {
		if f.Field == fieldwork.FieldDeleted && f.Value.Bool() {
			deleted = true
		}
		if !f.Value.IsZero() {
			left = append(left, f)
		}
	}
	if left == nil {
		left = []fieldwork.FieldValue{}
	}
	return left, deleted
}

// Digest is a sum over records, modulo 2^256, of a hash of what each shows. Being a sum it can be kept up to date
// record by record, in any order.
type Digest [4]uint64

// Add adds what the record shows.
func (d *Digest) Add(v *View) { d.sum(v.hash(), 0) }

// Remove takes away what the record showed.
func (d *Digest) Remove(v *View) { d.sum(v.hash(), math.MaxUint64) }

// AddAll adds all that another digest is the sum of.
func (d *Digest) AddAll(o Digest) {
	var x [32]byte
	for i, word := range o {
		binary.LittleEndian.PutUint64(x[8*i:], word)
	}
	d.sum(x, 0)
}

func (v *View) hash() [32]byte {
	b := fieldwork.AppendID(make([]byte, 0, 256), v.ID)
	b = binary.AppendUvarint(b, uint64(v.Kind))
	for i := range v.Fields {
		f := &v.Fields[i]
		b = binary.AppendUvarint(b, uint64(f.Field))
		b = binary.AppendUvarint(b, uint64(len(f.Values)))
		for _, h := range f.Values { // the winner first, the others ordered as everywhere
			b = h.Value.Append(b)
		}
	}
	return sha256.Sum256(b)
}

// sum adds x, or with mask all ones subtracts it, by adding its two's complement.
func (d *Digest) sum(x [32]byte, mask uint64) {
	carry := mask & 1
	for i := range d {
		word := binary.LittleEndian.Uint64(x[8*i:]) ^ mask
		sum := d[i] + word
		over := sum < word
		total := sum + carry
		if over || total < sum {
			d[i], carry = total, 1
			continue
		}
		d[i], carry = total, 0
	}
}

// String returns the digest in hexadecimal.
func (d Digest) String() string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 64)
	for _, word := range d {
		for shift := 60; shift >= 0; shift -= 4 {
			out = append(out, digits[word>>shift&15])
		}
	}
	return string(out)
}
