package laptop

import (
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Questions returns HQ's questions that wait for an answer, those for this laptop first.
func (f *Folder) Questions() ([]fieldwork.Record, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, err
	}
	var mine, others []fieldwork.Record
	s.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
		switch {
		case !fieldwork.IsOpen(q):
		case fieldwork.AskedOf(q) == s.Self().Log.Node:
			mine = append(mine, q)
		default:
			others = append(others, q)
		}
		return true
	})
	return slices.Concat(mine, others), nil
}

// Answer answers a question of HQ; the code is the question's, or that of the record it is about.
func (f *Folder) Answer(code, text string) (fieldwork.Record, error) {
	s, err := f.Campaign()
	if err != nil {
		return fieldwork.Record{}, err
	}
	q, err := s.ByCode(code)
	if err != nil {
		return q, err
	}
	if q.Kind != fieldwork.KindQuestion {
		open := s.OpenQuestions(q.ID)
		if len(open) != 1 {
			return q, &fieldwork.Problem{Code: "which-question", Sentence: "There is not exactly one question about this record.", Hint: "Use the question's own code; “kandilictl questions” lists them."}
		}
		q = open[0]
	}
	if text = strings.TrimSpace(text); text == "" {
		return q, &fieldwork.Problem{Code: "no-answer", Sentence: "An answer needs words. Nothing was saved.", Hint: "Say what you looked up or mended."}
	}
	fields := fieldwork.Answered(text, s.Author(), f.now().Unix())
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindQuestion, Record: q.ID, Fields: fields}}}); err != nil {
		return q, err
	}
	q, _ = s.Record(q.ID)
	return q, nil
}
