package journal

// Stamp is a hybrid time: seconds since 1970 in the upper 44 bits, a counter in the lower 20. It breaks ties between
// concurrent values and decides nothing else.
type Stamp uint64

const stampCounterBits = 20

// StampOf returns the first stamp of the second.
func StampOf(wall int64) Stamp { return Stamp(max(wall, 0)) << stampCounterBits }

// Wall returns the stamp's second.
func (s Stamp) Wall() int64 { return int64(s >> stampCounterBits) }

// maxLead is how far, in seconds, a stamp from elsewhere may run ahead of our own clock and still move ours: 15
// minutes. A laptop with its clock years ahead must not drag everybody there.
const maxLead = 15 * 60

// Next returns a stamp later than last, and not before the wall clock.
func Next(last Stamp, wall int64) Stamp { return max(last+1, StampOf(wall)) }

// Witness returns our last stamp after having met another one at the wall time.
func Witness(last, met Stamp, wall int64) Stamp {
	if met.Wall() > wall+maxLead {
		return last
	}
	return max(last, met)
}
