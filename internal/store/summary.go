package store

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// A summary is what Open works out of a large campaign's records, written as one sealed file when the campaign is closed: reading
// it takes a tenth of the time. It can always be missing. The bbolt file says by a random name which summary is of the records
// that it holds; whatever writes to a record takes that name out in the same transaction (see touch), so after a kill at any moment
// there is a summary of exactly these records or none. Nothing is written on the strength of it: until every record was compared
// with the bbolt file, which happens beside the work (see prove), what a save builds on is read from there.
const summaryName = "summary.sealed"

// summaryVersion says how the summary is laid out and by which rules its lines, links and marks are made. Whoever changes one of them
// adds one; TestSummary_versionFollowsTheRules tells.
const summaryVersion = 2

// leastSummary is how many records are read so quickly that there is nothing to spare.
const leastSummary = 5000

// summaryRoom is how many bytes have to be free on the disk for a summary to be written: what is left on a full one is for people's work.
const summaryRoom = 256 << 20

// keySummary is where the meta bucket has the name of the summary.
var keySummary = []byte("s")

var summaryMagic = []byte("KANDSUM1")

// summaryFrame is how many bytes of the summary are sealed together, so that all cores can open it.
const summaryFrame = 256 << 10

// Sections of a summary, in their order. Numbers are varints, a record is its place in the section of records.
const (
	sectionHead    = iota // what must be equal, see summaryHead; digest; the journal file's length and sum
	sectionRecords        // count; by log: node, epoch, count, and of each: sequence less the one before, kind × 2 + deleted, length of the state
	sectionLinks          // links, questions and acceptances, each: count, and of each: id, count, records
	sectionValues         // unique values, same-as statements, contested records, photos
	sectionLines          // by kind: count, and of each: record, line
	sectionNames          // by kind: records by name; see ByName
	sectionStates         // the states of all records
	sections
)

// touch says that the records are about to differ from the summary.
func touch(tx *bbolt.Tx) error { return tx.Bucket(bucketMeta).Delete(keySummary) }

// summaryOf returns the name of the summary that the file says is of its records; nil: of none.
func (s *Store) summaryOf(tx *bbolt.Tx) []byte {
	v := tx.Bucket(bucketMeta).Get(keySummary)
	if v == nil {
		return nil
	}
	name, err := s.seal.get(bucketMeta, keySummary, v)
	if err != nil || len(name) != 16 {
		return nil
	}
	return name
}

// leastToSummarise is from how many records on a summary is kept; negative: none is.
func (s *Store) leastToSummarise() int {
	if s.opt.Summary == 0 {
		return leastSummary
	}
	return s.opt.Summary
}

// keepSummary writes a summary of the records where there is none of them. What goes wrong costs the next start some time and nothing
// else. The caller holds saving.
func (s *Store) keepSummary() {
	least := s.leastToSummarise()
	if s.db == nil || s.file == nil || s.broken != nil || s.opt.scratch || s.gap || least < 0 || len(s.records.state) < least {
		return
	}
	if free, err := s.opt.Free(s.dir); err == nil && free < summaryRoom {
		return
	}
	kept, orders := false, s.ordered()
	if s.read(func(tx *bbolt.Tx) error { kept = s.summaryOf(tx) != nil; return nil }) != nil || kept && s.believed && len(orders) <= s.orders {
		return
	}
	s.order(orders)
	name := make([]byte, 16)
	rand.Read(name) // never fails
	if s.writeSummary(name) != nil {
		return
	}
	s.update(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketMeta).Put(keySummary, s.seal.put(bucketMeta, keySummary, name))
	})
}

// dropSummary removes the file, so that nobody believes it.
func (s *Store) dropSummary() error {
	for _, name := range []string{summaryName, summaryName + ".new"} {
		if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return diskProblem("remove the summary", err)
		}
	}
	return nil
}

// writeSummary replaces the file. It is not flushed: one that was torn does not open.
func (s *Store) writeSummary(name []byte) error {
	tmp := s.path(summaryName + ".new")
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = s.packSummary(f, name)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp, s.path(summaryName))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

func (s *Store) packSummary(w io.Writer, name []byte) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := packer{place: make(map[fieldwork.RecordID]uint32, len(s.records.state))}
	size, sum, err := journalSum(s.path(journalName), -1)
	if err != nil {
		return err
	}
	head := append(s.summaryHead(), appendDigest(nil, s.digest)...)
	head = append(binary.AppendUvarint(head, uint64(size)), sum[:]...)
	parts := [sections][]byte{sectionHead: head}
	parts[sectionRecords] = p.records(&s.records)
	parts[sectionLinks] = p.relations(s.records.links, s.records.truth.asked, s.records.truth.accepted)
	parts[sectionValues] = p.values(&s.records)
	parts[sectionLines] = p.lines(s.index)
	parts[sectionNames] = p.names(s.records.names)
	if p.err != nil {
		return p.err
	}
	states := 0
	for _, id := range p.ids {
		states += len(s.records.state[id].raw)
	}
	out := sealedFrames{w: bufio.NewWriterSize(w, 1<<20), s: s, name: name}
	var begin []byte
	for i := range parts {
		n := len(parts[i])
		if i == sectionStates {
			n = states
		}
		begin = binary.LittleEndian.AppendUint64(begin, uint64(n))
	}
	out.add(string(begin))
	for i := range sectionStates {
		out.add(string(parts[i]))
	}
	for _, id := range p.ids {
		out.add(s.records.state[id].raw)
	}
	return out.end()
}

// summaryHead is what a summary has in common with the campaign that it is of: the layout, the rules, and the end of every log.
func (s *Store) summaryHead() []byte {
	rules := sha256.New()
	fmt.Fprint(rules, summaryVersion)
	for _, spec := range fieldwork.Specs() {
		fmt.Fprintf(rules, "%+v", *spec)
	}
	ends := sha256.New()
	ends.Write(AppendHeads(nil, s.heads))
	for _, log := range s.heads.Logs() {
		h := s.hashes[log]
		ends.Write(h[:])
	}
	return ends.Sum(rules.Sum(nil))
}

func appendDigest(b []byte, d journal.Digest) []byte {
	for _, word := range d {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

// journalSum is the length of the journal file, or as much of it as is asked for, and its SHA-256.
func journalSum(path string, size int64) (int64, [32]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, [32]byte{}, err
	}
	defer f.Close()
	var r io.Reader = f
	if size >= 0 {
		r = io.LimitReader(f, size)
	}
	h := sha256.New()
	n, err := io.Copy(h, r)
	return n, [32]byte(h.Sum(nil)), err
}

// packer writes the sections that speak of records by their place.
type packer struct {
	ids   []fieldwork.RecordID
	place map[fieldwork.RecordID]uint32
	err   error
}

// at is the place of a record, which there must be.
func (p *packer) at(id fieldwork.RecordID) uint64 {
	n, ok := p.place[id]
	if !ok {
		p.err = errSummary
	}
	return uint64(n)
}

func (p *packer) records(r *records) []byte {
	for id := range r.state {
		p.ids = append(p.ids, id)
	}
	slices.SortFunc(p.ids, fieldwork.RecordID.Compare)
	b := binary.AppendUvarint(nil, uint64(len(p.ids)))
	for from := 0; from < len(p.ids); {
		log, to := p.ids[from].Log, from
		for to < len(p.ids) && p.ids[to].Log == log {
			to++
		}
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: uint64(to - from)})
		before := uint64(0)
		for i := from; i < to; i++ {
			h := r.state[p.ids[i]]
			p.place[p.ids[i]] = uint32(i)
			flags := uint64(h.kind) << 1
			if h.deleted {
				flags |= 1
			}
			b = binary.AppendUvarint(b, p.ids[i].Seq-before)
			b = binary.AppendUvarint(b, flags)
			b = binary.AppendUvarint(b, uint64(len(h.raw)))
			before = p.ids[i].Seq
		}
		from = to
	}
	return b
}

func (p *packer) list(b []byte, ids []fieldwork.RecordID) []byte {
	b = binary.AppendUvarint(b, uint64(len(ids)))
	for _, id := range ids {
		b = binary.AppendUvarint(b, p.at(id))
	}
	return b
}

func (p *packer) relations(of ...map[fieldwork.RecordID][]fieldwork.RecordID) (b []byte) {
	for _, m := range of {
		total := 0
		for _, ids := range m {
			total += len(ids)
		}
		b = binary.AppendUvarint(b, uint64(len(m)))
		b = binary.AppendUvarint(b, uint64(total))
		for to, ids := range m {
			b = p.list(fieldwork.AppendID(b, to), ids)
		}
	}
	return b
}

func (p *packer) values(r *records) (b []byte) {
	b = binary.AppendUvarint(b, uint64(len(r.unique)))
	for k, ids := range r.unique {
		b = binary.AppendUvarint(b, uint64(k.kind))
		b = binary.AppendUvarint(b, uint64(k.field))
		b = p.list(k.value.Append(b), ids)
	}
	b = binary.AppendUvarint(b, uint64(len(r.same)))
	for id, as := range r.same {
		b = fieldwork.AppendID(fieldwork.AppendID(b, id), as)
	}
	b = p.list(b, slices.Collect(maps.Keys(r.truth.contested)))
	b = binary.AppendUvarint(b, uint64(len(r.photos)))
	for name, n := range r.photos {
		b = binary.AppendUvarint(append(b, name[:]...), uint64(n))
	}
	return b
}

// names are those orders that are up to date.
func (p *packer) names(of map[fieldwork.Kind]*byName) (b []byte) {
	for kind, o := range of {
		if len(o.stale) == 0 {
			b = p.list(binary.AppendUvarint(b, uint64(kind)), o.ids)
		}
	}
	return b
}

func (p *packer) lines(x *searchIndex) (b []byte) {
	b = binary.AppendUvarint(b, uint64(len(x.kinds)))
	for kind, l := range x.kinds {
		b = binary.AppendUvarint(b, uint64(kind))
		count, size := 0, 0
		for i, id := range l.ids {
			if !id.IsZero() {
				count, size = count+1, size+len(l.line(i))+1
			}
		}
		b = binary.AppendUvarint(b, uint64(count))
		b = binary.AppendUvarint(b, uint64(size))
		for i, id := range l.ids {
			if id.IsZero() {
				continue
			}
			line := l.line(i)
			b = binary.AppendUvarint(b, p.at(id))
			b = append(binary.AppendUvarint(b, uint64(len(line))), line...)
		}
	}
	return b
}

// sealedFrames cuts what is added into frames, each sealed with its place: length u32, sealed bytes.
type sealedFrames struct {
	w     *bufio.Writer
	s     *Store
	name  []byte
	plain []byte
	count uint32
	err   error
}

func (f *sealedFrames) add(b string) {
	for len(b) > 0 && f.err == nil {
		n := min(len(b), summaryFrame-len(f.plain))
		f.plain = append(f.plain, b[:n]...)
		if b = b[n:]; len(f.plain) == summaryFrame {
			f.flush(false)
		}
	}
}

func (f *sealedFrames) flush(last bool) {
	sealed := f.s.seal.data.Seal(make([]byte, 4), frameAAD(f.name, f.count, last), f.plain)
	binary.LittleEndian.PutUint32(sealed, uint32(len(sealed)-4))
	if _, err := f.w.Write(sealed); f.err == nil {
		f.err = err
	}
	f.plain, f.count = f.plain[:0], f.count+1
}

func (f *sealedFrames) end() error {
	f.flush(true)
	return errors.Join(f.err, f.w.Flush())
}

// frameAAD is where a frame lies: nothing can be left out, added, or come from another summary.
func frameAAD(name []byte, at uint32, last bool) []byte {
	b := binary.LittleEndian.AppendUint32(append(bytes.Clone(summaryMagic), name...), at)
	if last {
		return append(b, 1)
	}
	return append(b, 0)
}
