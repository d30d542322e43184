package practice

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// referenceStart is the first day of the reference campaign, in days since 1970.
const referenceStart = 20_000

// Reference returns the reference campaign of the figures: 3,000 trainees, 5,000 attendances and 2,000 installations,
// an eighth of them in the log of each laptop, 1 to 8. What they refer to was written elsewhere before.
func Reference() ([][]journal.Change, error) {
	o := Options{Seed: 1, Start: referenceStart, Scale: 3000}
	var logs [][]journal.Change
	for _, c := range Generate(o).Countries {
		for _, rows := range c.Laptops {
			all, err := Changes(rows, ByHand, fieldwork.LogID{Node: uint32(len(logs) + 1)}, o)
			if err != nil {
				return nil, fmt.Errorf("reference campaign: %w", err)
			}
			logs = append(logs, pickOut(all, map[fieldwork.Kind]int{fieldwork.KindTrainee: 375, fieldwork.KindAttendance: 625, fieldwork.KindInstallation: 250}))
		}
	}
	return logs, nil
}

// pickOut keeps so many changes of each kind and numbers them anew; the others move to another log.
func pickOut(l []journal.Change, want map[fieldwork.Kind]int) []journal.Change {
	elsewhere := fieldwork.LogID{Node: l[0].Log.Node + 100}
	moved := map[fieldwork.RecordID]fieldwork.RecordID{}
	var out []journal.Change
	other := uint64(0)
	for _, c := range l {
		old := c.Dot(0)
		if want[c.Writes[0].Kind] == 0 {
			other++
			moved[old] = fieldwork.RecordID{Log: elsewhere, Seq: other}
			continue
		}
		want[c.Writes[0].Kind]--
		c.Seq = uint64(len(out) + 1)
		moved[old] = c.Dot(0)
		c.Author = follow(moved, c.Author)
		w := journal.Write{Kind: c.Writes[0].Kind}
		for _, f := range c.Writes[0].Fields {
			w.Fields = append(w.Fields, fieldwork.FieldValue{Field: f.Field, Value: followValue(moved, f.Value)})
		}
		c.Writes = []journal.Write{w}
		out = append(out, c)
	}
	return out
}

func follow(moved map[fieldwork.RecordID]fieldwork.RecordID, id fieldwork.RecordID) fieldwork.RecordID {
	if to, ok := moved[id]; ok {
		return to
	}
	return id
}

func followValue(moved map[fieldwork.RecordID]fieldwork.RecordID, v fieldwork.Value) fieldwork.Value {
	refs := v.Refs()
	for i := range refs {
		refs[i] = follow(moved, refs[i])
	}
	switch {
	case len(refs) == 0:
		return v
	case !v.Ref().IsZero():
		return fieldwork.Ref(refs[0])
	}
	return fieldwork.Refs(refs...)
}

// JSONLines are the records that changes of one write each make, with names instead of numbers, the way a program
// would export them: one line each.
func JSONLines(logs ...[]journal.Change) ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	for _, l := range logs {
		for _, c := range l {
			w := c.Writes[0]
			line := map[string]any{"id": c.Dot(0).String(), "kind": w.Kind.String(), "saved": c.Wall}
			if !c.Author.IsZero() {
				line["author"] = c.Author.String()
			}
			for _, f := range w.Fields {
				line[fieldwork.SpecOf(w.Kind).Field(f.Field).Name] = Plain(f.Value)
			}
			if err := out.Encode(line); err != nil {
				return nil, fmt.Errorf("write a line: %w", err)
			}
		}
	}
	return b.Bytes(), nil
}

// Plain returns a value as JSON holds it: numbers, texts, lists, ids in words, bytes in hexadecimal.
func Plain(v fieldwork.Value) any {
	n, isInt := v.Int()
	switch {
	case isInt:
		return n
	case v.IsText():
		return v.Text()
	case v.Ints() != nil:
		return v.Ints()
	case v.Bytes() != nil:
		return hex.EncodeToString(v.Bytes())
	case !v.Ref().IsZero():
		return v.Ref().String()
	}
	var list []string
	for _, id := range v.Refs() {
		list = append(list, id.String())
	}
	return list
}
