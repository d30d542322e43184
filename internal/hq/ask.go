package hq

import (
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// Ask sends a record back with a question, which becomes a to-do on a laptop: the node's, or with 0 the one that made
// the record. field 0 means the whole record.
func (o *Office) Ask(s *store.Store, record fieldwork.RecordID, field fieldwork.FieldID, text, who string, node uint32) (fieldwork.RecordID, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return fieldwork.RecordID{}, &fieldwork.Problem{Code: "no-question", Sentence: "A question needs words.", Hint: "Write what the laptop's people should look up or mend."}
	}
	fields := []fieldwork.FieldValue{
		{Field: fieldwork.QuestionRecord, Value: fieldwork.Ref(record)},
		{Field: fieldwork.QuestionText, Value: fieldwork.Text(text)},
		{Field: fieldwork.QuestionAskedBy, Value: fieldwork.Text(who)},
		{Field: fieldwork.QuestionAskedAt, Value: fieldwork.Int(o.now().Unix())},
	}
	if field != 0 {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.QuestionField, Value: fieldwork.Int(int64(field))})
	}
	if node == 0 {
		node = record.Log.Node
	}
	if node != 0 {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.QuestionForNode, Value: fieldwork.Int(int64(node))})
	}
	if faults := fieldwork.Check(fieldwork.SpecOf(fieldwork.KindQuestion), fields, o.now().Unix()/86400); len(faults) > 0 {
		return fieldwork.RecordID{}, &fieldwork.Problem{Code: "bad-question", Sentence: faults[0].Sentence, Hint: faults[0].Hint}
	}
	c, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindQuestion, Fields: fields}}})
	if err != nil {
		return fieldwork.RecordID{}, err
	}
	return c.Target(0), nil
}

// Settle closes a question: its answer was read, or it is taken back.
func (o *Office) Settle(s *store.Store, question fieldwork.RecordID) (journal.Change, error) {
	return s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindQuestion, Record: question,
		Fields: []fieldwork.FieldValue{{Field: fieldwork.QuestionSettledAt, Value: fieldwork.Int(o.now().Unix())}}}}})
}
