package place

import (
	"kandili/internal/store"
	"kandili/ui/kit"
)

// Where shows where a record is: a word, a shape and a colour.
func (e *Env) Where(p store.Place) kit.Status {
	switch p {
	case store.InCourier:
		return kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: e.Words.T("where.courier")}
	case store.AtHQ:
		return kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: e.Words.T("where.hq")}
	case store.Accepted:
		return kit.Status{Tone: kit.Good, Mark: kit.MarkCheck, Word: e.Words.T("where.accepted")}
	case store.KeptApart:
		return kit.Status{Tone: kit.Bad, Mark: kit.MarkWarning, Word: e.Words.T("where.quarantined")}
	case store.Question:
		return kit.Status{Tone: kit.Bad, Mark: kit.MarkQuestion, Word: e.Words.T("where.question")}
	}
	return kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: e.Words.T("where.this_laptop")}
}
