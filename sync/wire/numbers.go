package wire

import (
	"encoding/binary"
	"math/bits"
)

// A column of numbers is written as the difference of each from a prediction. The high part of the differences goes
// as varints into the packed part of the payload, where zstd sees them one after the other; the lowest bits, which
// look like noise, go into the bits part, in the order in which rows need them.
//
// On the wire for ever: the predictions are never renumbered.
const (
	fromNothing = 0 // the number itself
	fromBefore  = 1 // the number before it in the column; of references, the one before it in the same log
	fromNear    = 2 // what stands near it: the wall time, or for references and numbers in texts the write's own sequence
	fromNearBy  = 3 // the difference to what stands near, from that difference of the number before
	fromDay     = 4 // the day of the wall time, days since 1970
	predictions = 5
)

// The bits of a column's first byte above the prediction.
const (
	hasZigzag = 1 << 3 // differences go both ways: 0 -1 1 -2 2 … are 0 1 2 3 4 …
	hasBase   = 1 << 4 // a varint follows that is added to every difference
	hasLow    = 1 << 5 // a byte follows: how many low bits stand in the bits part, 1 to 64
	hasHigh   = 1 << 6 // a uvarint follows: bytes of the high parts; without it they are all zero
)

// near is what a prediction may use of a number's surroundings.
type near struct {
	before int64 // only for references: the number before it in the same log
	value  int64
	day    int64
}

// numbers is a column being read.
type numbers struct {
	how    byte
	base   int64
	low    uint
	high   []byte
	length uint64 // of high
	last   int64  // the number before, or with fromNearBy its difference to what stands near
	perLog bool   // last is kept by whoever reads references
	begun  bool
}

// readHead reads a column's head. What follows in r is the next column's head.
func (c *numbers) readHead(r *reader) {
	if h := r.take(1); h != nil {
		c.how = h[0]
	}
	if c.how&7 >= predictions || c.how >= hasHigh<<1 {
		r.fail()
		return
	}
	if p := c.how & 7; p == fromBefore || p == fromNearBy {
		c.last = r.varint()
	}
	if c.how&hasBase != 0 {
		c.base = r.varint()
	}
	if c.how&hasLow != 0 {
		if n := r.take(1); n != nil {
			c.low = uint(n[0])
		}
	}
	if c.how&hasHigh != 0 {
		c.length = r.uvarint()
	}
	if c.low > 64 || c.length > uint64(len(r.b)) {
		r.fail()
	}
}

// next returns the next number.
func (c *numbers) next(bits *bitReader, n near) int64 {
	p := c.how & 7
	if !c.begun {
		c.begun = true
		switch p {
		case fromBefore:
			return c.last
		case fromNearBy:
			return c.last + n.value
		}
	}
	d := c.difference(bits)
	switch p {
	case fromBefore:
		if c.perLog {
			return n.before + d
		}
		c.last += d
		return c.last
	case fromNear:
		return n.value + d
	case fromNearBy:
		c.last += d
		return n.value + c.last
	case fromDay:
		return n.day + d
	}
	return d
}

func (c *numbers) difference(bits *bitReader) int64 {
	var u uint64
	if c.how&hasHigh != 0 {
		x, n := binary.Uvarint(c.high)
		if n <= 0 {
			bits.fail = true
			return 0
		}
		c.high = c.high[n:]
		u = x << c.low
	}
	if c.low > 0 {
		u |= bits.take(c.low)
	}
	if c.how&hasZigzag != 0 {
		return int64(u>>1) ^ -int64(u&1) + c.base
	}
	return int64(u) + c.base
}

// plan is how a column will be written.
type plan struct {
	how     byte
	base    int64
	low     uint
	start   int64
	cost    float64  // bits, about
	numbers []uint64 // differences without base and sign; with a start, the first number has none
}

// head appends the column's head; high and low parts are written apart.
func (p *plan) head(b []byte, high int) []byte {
	b = append(b, p.how)
	if k := p.how & 7; k == fromBefore || k == fromNearBy {
		b = binary.AppendVarint(b, p.start)
	}
	if p.how&hasBase != 0 {
		b = binary.AppendVarint(b, p.base)
	}
	if p.how&hasLow != 0 {
		b = append(b, byte(p.low))
	}
	if p.how&hasHigh != 0 {
		b = binary.AppendUvarint(b, uint64(high))
	}
	return b
}

// high appends the high parts.
func (p *plan) high(b []byte) []byte {
	if p.how&hasHigh == 0 {
		return b
	}
	for _, u := range p.numbers {
		b = binary.AppendUvarint(b, u>>p.low)
	}
	return b
}

// list is a column being collected.
type list struct {
	values []int64
	nears  []near
	perLog bool // near.before is set
	days   bool // near.day is set
	plan   plan
	at     int
}

func (l *list) add(v int64, n near) {
	l.values = append(l.values, v)
	l.nears = append(l.nears, n)
}

// low writes the low bits of the next number.
func (l *list) low(w *bitWriter) {
	i := l.at
	l.at++
	if k := l.plan.how & 7; k == fromBefore || k == fromNearBy {
		i--
	}
	if i >= 0 {
		w.put(l.plan.numbers[i], l.plan.low)
	}
}

// choose finds the cheapest way to write the column.
func (l *list) choose() {
	l.plan = plan{}
	if len(l.values) == 0 {
		return
	}
	best := plan{cost: -1}
	for p := byte(0); p < predictions; p++ {
		if p == fromDay && !l.days {
			continue
		}
		start, d := l.differences(p)
		for _, q := range fit(d) {
			q.how, q.start = q.how|p, start
			if best.cost < 0 || q.cost+headCost(&q) < best.cost {
				q.cost += headCost(&q)
				best = q
			}
		}
		if best.cost < 24 {
			break
		}
	}
	l.plan = best
}

// headCost is the size of the head, in bits.
func headCost(p *plan) float64 { return 8 * float64(len(p.head(nil, len(p.numbers)))) }

func (l *list) differences(p byte) (start int64, d []int64) {
	d = make([]int64, 0, len(l.values))
	last := int64(0)
	for i, v := range l.values {
		n := &l.nears[i]
		now := v
		switch p {
		case fromNothing:
			d = append(d, v)
			continue
		case fromNear:
			d = append(d, v-n.value)
			continue
		case fromDay:
			d = append(d, v-n.day)
			continue
		case fromNearBy:
			now = v - n.value
		case fromBefore:
			if l.perLog {
				last = n.before
			}
		}
		if i == 0 {
			start = now
		} else {
			d = append(d, now-last)
		}
		last = now
	}
	return start, d
}

// lowBits is the number of bits that x needs.
func lowBits(x uint64) uint { return uint(bits.Len64(x)) }
