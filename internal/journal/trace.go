package journal

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"kandili/internal/fieldwork"
)

// Tip says how far a log goes somewhere and begins the hash there: enough to notice another history, not to prove one.
type Tip struct {
	Log  fieldwork.LogID
	Seq  uint64
	Hash [8]byte
}

// TipOf returns the tip of a head.
func TipOf(log fieldwork.LogID, seq uint64, h Hash) Tip {
	return Tip{Log: log, Seq: seq, Hash: [8]byte(h[:8])}
}

// Point is a place of a log and the beginning of the hash there.
type Point struct {
	Seq  uint64
	Hash [8]byte
}

// Trace proves how far a log goes somewhere, and tells the way there, so that whoever has another history of it finds
// where the two part. The points are of the same log, the latest first; those of the last changes are all there, further
// back they stand apart.
type Trace struct {
	Head     Head // signed, unless outlined
	Points   []Point
	Outlined bool // the points are of the outline, see there, and nothing is signed: only who may be believed by word is
}

// MaxPoints is how many points a trace has at most.
const MaxPoints = 4096

// Parting returns the latest point up to which both histories are the same; 0: from the first change on they differ.
// at tells the own hash at a sequence number, where it is known.
func (t *Trace) Parting(at func(seq uint64) (Hash, bool)) uint64 {
	best := uint64(0)
	for _, p := range t.Points {
		if h, ok := at(p.Seq); ok && p.Seq > best && [8]byte(h[:8]) == p.Hash {
			best = p.Seq
		}
	}
	if h, ok := at(t.Head.Seq); ok && h == t.Head.Hash && !t.Outlined {
		best = max(best, t.Head.Seq)
	}
	return best
}

// Add adds a point where there is none yet.
func (t *Trace) Add(p Point) {
	i, had := slices.BinarySearchFunc(t.Points, p.Seq, func(q Point, seq uint64) int { return cmp.Compare(seq, q.Seq) })
	if !had {
		t.Points = slices.Insert(t.Points, i, p)
	}
}

// Ends is a short name of where all logs end and of the hashes there. Two replicas that hold as much as each other, and of which the names
// differ, have different histories under the same numbers.
func Ends(h Heads, at func(fieldwork.LogID) Hash) [8]byte {
	var b []byte
	for _, log := range h.Logs() {
		b = fieldwork.AppendID(b, fieldwork.RecordID{Log: log, Seq: h[log]})
		end := at(log)
		b = append(b, end[:]...)
	}
	sum := sha256.Sum256(b)
	return [8]byte(sum[:8])
}
