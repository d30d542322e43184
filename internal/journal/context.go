package journal

import (
	"slices"
	"sort"

	"kandili/internal/fieldwork"
)

// Contexts remembers what every log had seen at every point, so that "before" and "concurrent" are exact. It is not
// safe for use from several goroutines while Add is called.
type Contexts struct {
	seen map[fieldwork.LogID]map[fieldwork.LogID][]sight // by the log that saw, then by the log that was seen
}

// sight says that from own sequence number at on, the other log had been seen up to seq.
type sight struct{ at, seq uint64 }

// NewContexts returns an empty memory.
func NewContexts() *Contexts {
	return &Contexts{seen: map[fieldwork.LogID]map[fieldwork.LogID][]sight{}}
}

// Add remembers what a change says it had seen. Changes of one log may be added in any order, and twice.
func (c *Contexts) Add(log fieldwork.LogID, at uint64, seen []Seen) {
	for _, s := range seen {
		others := c.seen[log]
		if others == nil {
			others = map[fieldwork.LogID][]sight{}
			c.seen[log] = others
		}
		others[s.Log] = put(others[s.Log], sight{at, s.Seq})
	}
}

// put inserts a sight and keeps the list ascending in both: whoever had seen up to 9 has, later on, seen up to 9.
func put(list []sight, s sight) []sight {
	i := sort.Search(len(list), func(i int) bool { return list[i].at >= s.at })
	if i > 0 {
		s.seq = max(s.seq, list[i-1].seq)
	}
	if i == len(list) || list[i].at != s.at {
		list = slices.Insert(list, i, s)
	}
	for ; i < len(list) && list[i].seq < s.seq; i++ {
		list[i].seq = s.seq
	}
	return list
}

// Saw says whether the write by had been made with the write dot in view: earlier in the same log, or seen there
// before. A write does not see itself. What is asked is what the person had in view, not what follows from it: a
// value that passed by somebody's laptop on another road was not seen, and stays visible beside the newer one.
func (c *Contexts) Saw(by, dot fieldwork.RecordID) bool {
	if by.Log == dot.Log {
		return dot.Seq < by.Seq
	}
	list := c.seen[by.Log][dot.Log]
	i := sort.Search(len(list), func(i int) bool { return list[i].at > by.Seq })
	return i > 0 && list[i-1].seq >= dot.Seq
}

// Known returns what the log had stated to have seen up to and including its own sequence number at.
func (c *Contexts) Known(log fieldwork.LogID, at uint64) Heads {
	h := Heads{}
	for other, list := range c.seen[log] {
		for _, s := range list {
			if s.at <= at {
				h[other] = max(h[other], s.seq)
			}
		}
	}
	return h
}

// News returns what heads has beyond what the log had stated so far: the context of its next change. The log itself
// is never part of it.
func (c *Contexts) News(log fieldwork.LogID, at uint64, heads Heads) []Seen {
	known := c.Known(log, at)
	var news []Seen
	for _, other := range heads.Logs() {
		if other != log && heads[other] > known[other] {
			news = append(news, Seen{Log: other, Seq: heads[other]})
		}
	}
	return news
}

func sortedLogs(h Heads) []fieldwork.LogID {
	logs := make([]fieldwork.LogID, 0, len(h))
	for log := range h {
		logs = append(logs, log)
	}
	slices.SortFunc(logs, fieldwork.LogID.Compare)
	return logs
}
