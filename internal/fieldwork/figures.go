package fieldwork

import (
	"cmp"
	"math"
	"slices"
)

// Label says how a figure came about. The zero value is Measured.
type Label uint8

// The labels. A figure is estimated as soon as one number in it was not asked or counted.
const (
	Measured Label = iota
	Estimated
)

// String returns "measured" or "estimated".
func (l Label) String() string {
	if l == Estimated {
		return "estimated"
	}
	return "measured"
}

// Scope says what a figure is about.
type Scope struct {
	Site   RecordID // zero: all sites
	Today  int64    // days since 1970-01-01
	Lately int64    // how long a visit counts as lately, in days; 0: DefaultLately
}

// DefaultLately is half a year, in days.
const DefaultLately = 183

func (s Scope) lately() int64 {
	if s.Lately == 0 {
		return DefaultLately
	}
	return s.Lately
}

// Count is a number of records.
type Count struct {
	N       int
	Label   Label
	Records []RecordID // those counted
}

// Share is a part of a whole with its uncertainty.
type Share struct {
	Part, N   int     // Part of N; N 0: nothing to say
	Low, High float64 // 95 % Wilson interval of Part/N
	Label     Label
	Records   []RecordID // the Part
}

// Value returns Part/N, or 0 where N is 0.
func (s Share) Value() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.Part) / float64(s.N)
}

// Ratio is so many of one thing for each of another.
type Ratio struct {
	Of, N   int // Of for N; N 0: nothing to say
	Label   Label
	Records []RecordID // the Of
}

// Value returns Of/N, or 0 where N is 0.
func (r Ratio) Value() float64 {
	if r.N == 0 {
		return 0
	}
	return float64(r.Of) / float64(r.N)
}

func newShare(part []RecordID, n int) Share {
	low, high := Wilson(len(part), n)
	return Share{Part: len(part), N: n, Low: low, High: high, Records: part}
}

// Wilson returns the 95 % score interval of Wilson (1927) for k of n, without continuity correction. For n 0 it is 0 to 1.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	whole := 1 + z*z/m
	return max(0, (centre-half)/whole), min(1, (centre+half)/whole)
}

// Life is how long one lamp was watched.
type Life struct {
	Days   int64 // from its installation
	Failed bool  // it failed then; false: it was last seen then
}

// SurvivalPoint is one step of a survival curve.
type SurvivalPoint struct {
	Days   int64   // age
	AtRisk int     // lamps watched up to this age
	Failed int     // of those, failed at this age
	Share  float64 // estimated share of lamps that live longer than this age
}

// KaplanMeier returns the survival curve (Kaplan and Meier 1958), one point for each age at which lamps failed. A lamp
// last seen at the age at which another failed counts as at risk then.
func KaplanMeier(lives []Life) []SurvivalPoint {
	list := slices.Clone(lives)
	slices.SortFunc(list, func(a, b Life) int { return cmp.Compare(a.Days, b.Days) })
	var curve []SurvivalPoint
	share := 1.0
	for i := 0; i < len(list); {
		p := SurvivalPoint{Days: list[i].Days, AtRisk: len(list) - i}
		for ; i < len(list) && list[i].Days == p.Days; i++ {
			if list[i].Failed {
				p.Failed++
			}
		}
		if p.Failed > 0 {
			share *= 1 - float64(p.Failed)/float64(p.AtRisk)
			p.Share = share
			curve = append(curve, p)
		}
	}
	return curve
}

// median returns the middle of the numbers, the mean of the two in the middle where their count is even; 0 for none.
func median(list []int64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	m := len(list) / 2
	if len(list)%2 == 1 {
		return float64(list[m])
	}
	return float64(list[m-1]+list[m]) / 2
}
