package wire

import (
	"math"
	"slices"
)

// fit offers two ways to write differences: upwards from the smallest, and both ways from the middle one. Which low
// bits go into the bits part is decided by the estimated cost. No choice made here can be wrong, only dear.
func fit(d []int64) []plan {
	if len(d) == 0 {
		return []plan{{}}
	}
	sorted := slices.Clone(d)
	slices.Sort(sorted)
	up := make([]uint64, len(d))
	for i, x := range d {
		up[i] = uint64(x - sorted[0])
	}
	order := make([]uint64, len(d))
	for i, x := range sorted {
		order[i] = uint64(x - sorted[0])
	}
	p := split(up, order)
	p.base = sorted[0]
	plans := []plan{p}
	if p.how&hasHigh != 0 {
		mid := sorted[len(sorted)/2]
		both := make([]uint64, len(d))
		for i, x := range d {
			y := x - mid
			both[i] = uint64(y<<1) ^ uint64(y>>63)
		}
		order = append(order[:0], both...)
		slices.Sort(order)
		q := split(both, order)
		q.base, q.how = mid, q.how|hasZigzag
		plans = append(plans, q)
	}
	for i := range plans {
		if plans[i].base != 0 {
			plans[i].how |= hasBase
		}
	}
	return plans
}

// split decides how many low bits go into the bits part. sorted holds the same numbers in ascending order.
func split(u, sorted []uint64) plan {
	best := plan{numbers: u, cost: math.Inf(1)}
	most := sorted[len(sorted)-1]
	try := func(low uint, high float64) {
		if cost := float64(low)*float64(len(u)) + high; cost < best.cost {
			best.cost, best.low = cost, low
		}
	}
	for low := uint(0); low < lowBits(most); low++ {
		try(low, entropyCost(sorted, low))
	}
	try(lowBits(most), 0)
	for _, low := range []uint{0, best.low} { // looking for repeats takes long, so only where it is likely to tell
		if most>>low != 0 {
			try(low, repeatCost(u, low, entropyCost(sorted, low)))
		}
	}
	if best.low > 0 {
		best.how |= hasLow
	}
	if most>>best.low != 0 {
		best.how |= hasHigh
	}
	return best
}

// What zstd makes of the high parts, by experience with practice data.
const (
	mixing    = 1.3  // one Huffman table serves all columns
	perSymbol = 6.0  // bits for each different symbol
	perMatch  = 22.0 // bits of a repeat
	perColumn = 40.0 // bits of a column with high parts, at least
)

// entropyCost estimates the bits that high parts take when each stands for itself: the entropy of their symbols.
func entropyCost(sorted []uint64, low uint) float64 {
	n := float64(len(sorted))
	cost := 0.0
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j]>>low == sorted[i]>>low {
			j++
		}
		run := float64(j - i)
		bytes := float64((lowBits(sorted[i]>>low|1) + 6) / 7)
		cost += run*math.Log2(n/run) + perSymbol*bytes + (bytes-1)*run*2
		i = j
	}
	return perColumn + mixing*cost
}

// repeatCost follows the high parts as a compressor does that looks for runs of four; all are what they cost when
// each stands for itself.
func repeatCost(u []uint64, low uint, all float64) float64 {
	const run, slots = 4, 1 << 10
	literal := (all - perColumn) / float64(len(u))
	var last [slots]int32 // position of a run that was seen, counted from 1; 0: none
	cost := perColumn
	for i := 0; i < len(u); {
		if i+run > len(u) {
			cost += literal
			i++
			continue
		}
		h := uint64(0)
		for _, x := range u[i : i+run] {
			h = (h + x>>low + 1) * 0x9E3779B97F4A7C15
		}
		slot := &last[h>>54]
		from := int(*slot) - 1
		*slot = int32(i + 1)
		length := 0
		for from >= 0 && i+length < len(u) && u[from+length]>>low == u[i+length]>>low {
			length++
		}
		if length >= run && float64(length)*literal > perMatch {
			cost += perMatch
			i += length
			continue
		}
		cost += literal
		i++
	}
	return cost
}
