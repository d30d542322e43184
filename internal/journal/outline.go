package journal

import "kandili/internal/fieldwork"

// Outline is a second chain over a log, which leaves out what its writes say: times, authors, contexts, kinds and records stand in it, and no
// field. It comes out the same before and after somebody in the log was forgotten, and tells nothing about anybody. So two histories of a log
// can be told apart where it is held as pages and the chain itself cannot be followed any more.
func Outline(before Hash, c *Change) Hash {
	bare := *c
	bare.Writes = make([]Write, len(c.Writes))
	for i, w := range c.Writes {
		bare.Writes[i] = Write{Kind: w.Kind, Record: w.Record}
	}
	return Link(before, bare.Append(nil))
}

// Outlines returns the outline at the end of each change of a log, from its first change on; nil where the list does not begin there or
// has gaps.
func Outlines(list []Change) map[uint64]Hash {
	out := make(map[uint64]Hash, len(list)+1)
	out[0] = Hash{}
	var at Hash
	next := uint64(1)
	for i := range list {
		if list[i].Seq != next {
			return nil
		}
		at = Outline(at, &list[i])
		out[list[i].Last()] = at
		next = list[i].Last() + 1
	}
	return out
}

// OutlineTrace tells the way through a log by its outline, so that whoever has another history of it finds where the two part: every end
// of a change at and right before a place, further back at growing distances.
func OutlineTrace(log fieldwork.LogID, list []Change, upTo uint64) *Trace {
	all := Outlines(list)
	if len(all) < 2 {
		return nil
	}
	t := &Trace{Head: Head{Log: log, Seq: list[len(list)-1].Last()}, Outlined: true}
	apart, next := uint64(1), upTo
	for i := len(list) - 1; i >= 0 && len(t.Points) < MaxPoints; i-- {
		last := list[i].Last()
		if last > next {
			continue
		}
		h := all[last]
		t.Points = append(t.Points, Point{Seq: last, Hash: [8]byte(h[:8])})
		if len(t.Points) < MaxPoints/2 {
			continue
		}
		if last <= apart {
			break
		}
		next, apart = last-apart, 2*apart
	}
	return t
}
