package store

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// searchIndex holds one folded line of text for every record that people look for, all in one slice that is scanned
// from end to end: at this size memory is faster than any index structure, and nothing of it is ever on the disk.
// It is guarded by Store.mu.
type searchIndex struct {
	kinds map[fieldwork.Kind]*lines
}

// lines are the lines of one kind. A line is "\n", words parted by spaces, and ends before the next "\n".
type lines struct {
	text  []byte
	at    []int                      // where each line begins, ascending
	ids   []fieldwork.RecordID       // of each line; the zero id marks a line that was replaced
	place map[fieldwork.RecordID]int // of those that are not replaced; nil: to be worked out
	dead  int
}

// places works out where each record's line is, once after a start from a summary.
func (l *lines) places() map[fieldwork.RecordID]int {
	if l.place == nil {
		l.place = make(map[fieldwork.RecordID]int, len(l.ids))
		for i, id := range l.ids {
			if !id.IsZero() {
				l.place[id] = i
			}
		}
	}
	return l.place
}

func newSearchIndex() *searchIndex { return &searchIndex{kinds: map[fieldwork.Kind]*lines{}} }

// put replaces the record's line; an empty one takes it away.
func (x *searchIndex) put(kind fieldwork.Kind, id fieldwork.RecordID, line string) {
	l := x.kinds[kind]
	if l == nil {
		if line == "" {
			return
		}
		l = &lines{place: map[fieldwork.RecordID]int{}}
		x.kinds[kind] = l
	}
	l.replace(id, line)
}

// searchLine folds what people look a record up by: names, phones, codes, tags, and where it belongs, as nameOf names it. Deleted
// records and those of unknown kinds have none.
func searchLine(v *journal.View, nameOf func(site fieldwork.RecordID) string) string {
	spec := fieldwork.SpecOf(v.Kind)
	if v.Deleted || spec == nil {
		return ""
	}
	var b strings.Builder
	for i := range v.Fields {
		f := spec.Field(v.Fields[i].Field)
		if f == nil {
			continue
		}
		for _, h := range v.Fields[i].Values {
			addWords(&b, f, h.Value, nameOf)
		}
	}
	b.WriteString(" " + strings.ToLower(fieldwork.CodeOf(v.ID)))
	return strings.TrimSpace(b.String())
}

func addWords(b *strings.Builder, f *fieldwork.Field, v fieldwork.Value, nameOf func(fieldwork.RecordID) string) {
	switch f.Type {
	case fieldwork.TypeName:
		b.WriteString(" " + fieldwork.Fold(v.Text()))
	case fieldwork.TypePhone:
		b.WriteString(" " + digits(v.Text()))
	case fieldwork.TypeText:
		if f.Policy == fieldwork.PolicyUnique || f.Name == "serial" || f.Name == "title" || f.Name == "code" || f.Name == "company" {
			b.WriteString(" " + fieldwork.Fold(v.Text()))
		}
	case fieldwork.TypeRef:
		if f.Of == fieldwork.KindSite {
			b.WriteString(" " + nameOf(v.Ref()))
		}
	}
}

// nameOf returns a site's name as it is found by; the caller holds mu.
func (s *Store) nameOf(site fieldwork.RecordID) string {
	r, ok := s.record(site)
	if !ok || r.Kind != fieldwork.KindSite {
		return ""
	}
	return fieldwork.Fold(r.Get(fieldwork.SiteName).Text())
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func (l *lines) replace(id fieldwork.RecordID, line string) {
	if i, had := l.places()[id]; had {
		if string(l.line(i)) == line {
			return
		}
		l.ids[i] = fieldwork.RecordID{}
		delete(l.place, id)
		l.dead++
	}
	if line != "" {
		l.append(id, []byte(line))
	}
	if l.dead > 1000 && l.dead > len(l.at)/2 {
		l.compact()
	}
}

func (l *lines) append(id fieldwork.RecordID, line []byte) {
	l.place[id] = len(l.at)
	l.at = append(l.at, len(l.text))
	l.ids = append(l.ids, id)
	l.text = append(append(l.text, '\n'), line...)
}

func (l *lines) compact() {
	old := *l
	*l = lines{text: make([]byte, 0, len(old.text)), place: make(map[fieldwork.RecordID]int, len(old.place))}
	for i, id := range old.ids {
		if !id.IsZero() {
			l.append(id, old.line(i))
		}
	}
}

func (l *lines) line(i int) []byte {
	end := len(l.text)
	if i+1 < len(l.at) {
		end = l.at[i+1]
	}
	return l.text[l.at[i]+1 : end]
}

// find returns up to limit records whose line holds every word, the best first: the line begins with the first word,
// a word begins with it, it lies inside a word.
func (l *lines) find(words []string, limit int) []fieldwork.RecordID {
	var best [3][]fieldwork.RecordID
	first := []byte(words[0])
	for at := 0; len(best[0]) < limit; {
		hit := bytes.Index(l.text[at:], first)
		if hit < 0 {
			break
		}
		hit += at
		i := sort.SearchInts(l.at, hit+1) - 1
		next := len(l.text)
		if i+1 < len(l.at) {
			next = l.at[i+1]
		}
		at = next
		if l.ids[i].IsZero() || !holdsAll(l.text[l.at[i]:next], words[1:]) {
			continue
		}
		rank := rankOf(l.text[l.at[i]:next], first)
		if len(best[rank]) < limit {
			best[rank] = append(best[rank], l.ids[i])
		}
	}
	all := slices.Concat(best[0], best[1], best[2])
	return all[:min(len(all), limit)]
}

func holdsAll(line []byte, words []string) bool {
	for _, w := range words {
		if !bytes.Contains(line, []byte(w)) {
			return false
		}
	}
	return true
}

// rankOf looks at how the word stands in the line, which begins with "\n".
func rankOf(line, word []byte) int {
	if bytes.HasPrefix(line[1:], word) {
		return 0
	}
	for at := 1; ; {
		i := bytes.Index(line[at:], word)
		if i < 0 {
			return 2
		}
		if line[at+i-1] == ' ' {
			return 1
		}
		at += i + 1
	}
}

// near returns records with words that are one typing slip away from those asked for.
func (l *lines) near(words []string, limit int) []fieldwork.RecordID {
	var list []fieldwork.RecordID
	for i, id := range l.ids {
		if id.IsZero() || !allNear(l.line(i), words) {
			continue
		}
		if list = append(list, id); len(list) == limit {
			break
		}
	}
	return list
}

func allNear(line []byte, words []string) bool {
	for _, w := range words {
		if !bytes.Contains(line, []byte(w)) && !anyNear(line, w) {
			return false
		}
	}
	return true
}

func anyNear(line []byte, word string) bool {
	if len(word) < 4 {
		return false
	}
	for len(line) > 0 {
		end := bytes.IndexByte(line, ' ')
		if end < 0 {
			end = len(line)
		}
		if oneSlip(line[:end], word) {
			return true
		}
		line = line[min(end+1, len(line)):]
	}
	return false
}

// oneSlip says that a and b differ by one letter too many, too few, wrong, or by two neighbours swapped.
func oneSlip(a []byte, b string) bool {
	if d := len(a) - len(b); d < -1 || d > 1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	ra, rb := string(a[i:]), b[i:]
	switch {
	case ra == "" && rb == "":
		return true
	case len(ra) == len(rb):
		return ra[1:] == rb[1:] || len(ra) > 1 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2:] == rb[2:]
	case len(ra) > len(rb):
		return ra[1:] == rb
	}
	return rb[1:] == ra
}

// Search returns up to limit records of the kind that a person may mean by the text, the best first: all words in
// any order, whatever the accents; where few are found, also those one typing slip away. An empty text finds nothing.
func (s *Store) Search(kind fieldwork.Kind, text string, limit int) []fieldwork.RecordID {
	words := strings.Fields(fieldwork.Fold(text))
	if len(words) == 0 || limit <= 0 {
		return nil
	}
	if d := digits(text); len(d) >= 5 && len(d) >= len(strings.ReplaceAll(text, " ", ""))-2 {
		words = []string{d} // a phone number, however it was spaced
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // the rarest first
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := s.index.kinds[kind]
	if l == nil {
		return nil
	}
	found := l.find(words, limit)
	const few = 3
	if len(found) >= few {
		return found
	}
	for _, id := range l.near(words, limit) {
		if len(found) < limit && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}
