package people

import (
	"cmp"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
)

// Twin is somebody who may be the same person as the one being typed.
type Twin struct {
	ID    fieldwork.RecordID
	Name  string
	Phone bool // has the same phone number
	score float64
}

// alike is from when on two names are asked about; see fieldwork.Similar.
const alike = 0.9

// Twins looks for people who may be the one being typed, the likeliest first, three at most. self is left out. It only reads the
// store and may run anywhere.
func Twins(s Store, self fieldwork.RecordID, name, phone string) []Twin {
	name, phone = strings.TrimSpace(name), digits(phone)
	if len(name) < 3 && len(phone) < 6 {
		return nil
	}
	seen := map[fieldwork.RecordID]bool{self: true}
	var out []Twin
	look := func(text string) {
		for _, id := range s.Search(fieldwork.KindTrainee, text, 40) {
			if seen[id] {
				continue
			}
			seen[id] = true
			if t, ok := twin(s, id, name, phone); ok {
				out = append(out, t)
			}
		}
	}
	look(name)
	for _, word := range strings.Fields(name) {
		if len(word) > 2 {
			look(word)
		}
	}
	if len(phone) >= 6 {
		look(phone[len(phone)-6:])
	}
	slices.SortStableFunc(out, func(a, b Twin) int { return cmp.Compare(b.score, a.score) })
	return out[:min(len(out), 3)]
}

func twin(s Store, id fieldwork.RecordID, name, phone string) (Twin, bool) {
	r, ok := s.Record(id)
	if !ok || r.Deleted {
		return Twin{}, false
	}
	t := Twin{ID: id, Name: fieldwork.Name(r)}
	t.score = max(fieldwork.Similar(t.Name, name), fieldwork.Similar(turned(t.Name), name))
	if len(strings.Fields(name)) < 2 {
		t.score = 0 // one name alone is everybody's
	}
	for _, f := range []fieldwork.FieldID{fieldwork.TraineePhone, fieldwork.TraineePhone2} {
		other := digits(r.Get(f).Text())
		if len(phone) >= 6 && len(other) >= 6 && other[len(other)-6:] == phone[len(phone)-6:] {
			t.Phone = true
		}
	}
	if t.Phone {
		t.score++
	}
	return t, t.score >= alike
}

// turned puts the last word first: family names are typed first as often as last.
func turned(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name
	}
	return strings.Join(append(words[len(words)-1:], words[:len(words)-1]...), " ")
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
