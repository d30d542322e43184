// Package importing brings a list of people from a file of somebody else's making into the campaign: it guesses which column is
// what, shows what would happen, and does it. Only ui and its places import it.
package importing

import (
	"regexp"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

// Table is a file as it was read.
type Table struct {
	Heads []string
	Rows  [][]string
	Lines []int // where each row stands in the file
}

// Matcher guesses columns by their heads, in every language of the program, and by what stands in them.
type Matcher struct {
	spec   *fieldwork.Spec
	heads  map[string]string            // folded head to field
	values map[string]map[string]string // of fields with options: folded word to option
}

// NewMatcher learns the words of all languages.
func NewMatcher(kind fieldwork.Kind, all []*show.Words) *Matcher {
	m := &Matcher{spec: fieldwork.SpecOf(kind), heads: map[string]string{}, values: map[string]map[string]string{}}
	for i := range m.spec.Fields {
		f := &m.spec.Fields[i]
		m.heads[key(f.Name)] = f.Name
		for _, w := range all {
			m.learn(w, f)
		}
	}
	return m
}

// learn takes a language's words for a field: its label, other heads that people write, and its options.
func (m *Matcher) learn(w *show.Words, f *fieldwork.Field) {
	names := []string{w.Label(m.spec, f)}
	if more := "import.head." + f.Name; w.Has(more) {
		names = append(names, strings.Split(w.T(more), ";")...)
	}
	for _, name := range names {
		if k := key(name); m.heads[k] == "" {
			m.heads[k] = f.Name
		}
	}
	if len(f.Options) == 0 {
		return
	}
	if m.values[f.Name] == nil {
		m.values[f.Name] = map[string]string{}
	}
	for _, o := range f.Options {
		words := []string{o.Name, w.Option(f, o.N)}
		if more := "import.value." + f.Name + "." + o.Name; w.Has(more) {
			words = append(words, strings.Split(w.T(more), ";")...)
		}
		for _, word := range words {
			if k := key(word); m.values[f.Name][k] == "" {
				m.values[f.Name][k] = o.Name
			}
		}
	}
}

// key makes heads comparable: without case, accents, blanks and signs.
func key(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' || r == '.' || r == ':' || r == '\'' || r == '’' || r == '/' || r == '(' || r == ')' || r == '*' {
			return -1
		}
		return r
	}, fieldwork.Fold(text))
}

// Guess says for each column which field it is, empty for one to leave out. No field is given twice.
func (m *Matcher) Guess(t Table) []string {
	out := make([]string, len(t.Heads))
	used := map[string]bool{}
	for i, head := range t.Heads {
		if f := m.heads[key(head)]; f != "" && !used[f] {
			out[i], used[f] = f, true
		}
	}
	for i := range t.Heads {
		if out[i] != "" {
			continue
		}
		if f := m.byContent(column(t, i)); f != "" && !used[f] {
			out[i], used[f] = f, true
		}
	}
	return out
}

// column is what stands in a column, without what is empty; fifty cells tell enough.
func column(t Table, i int) (cells []string) {
	for _, row := range t.Rows {
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			cells = append(cells, strings.TrimSpace(row[i]))
		}
		if len(cells) == 50 {
			break
		}
	}
	return cells
}

var (
	year  = regexp.MustCompile(`^(19|20)\d\d$`)
	phone = regexp.MustCompile(`^[+0(][\d\s()/.-]{6,}$`)
	mail  = regexp.MustCompile(`^\S+@\S+\.\S+$`)
)

// byContent recognises what has a shape of its own.
func (m *Matcher) byContent(cells []string) string {
	if len(cells) == 0 {
		return ""
	}
	most := func(good func(string) bool) bool {
		n := 0
		for _, c := range cells {
			if good(c) {
				n++
			}
		}
		return 10*n >= 8*len(cells)
	}
	for field, good := range map[string]func(string) bool{"birth_year": year.MatchString, "phone": phone.MatchString, "email": mail.MatchString,
		"gender": func(s string) bool { return m.values["gender"][key(s)] != "" }} {
		if m.spec.FieldByName(field) != nil && most(good) {
			return field
		}
	}
	return ""
}

// Apply makes the table that the import takes: the matched columns under the fields' own names, words of options in ours.
func (m *Matcher) Apply(t Table, fields []string) Table {
	out := Table{Lines: t.Lines}
	var from []int
	for i, f := range fields {
		if f != "" {
			from = append(from, i)
			out.Heads = append(out.Heads, f)
		}
	}
	for _, row := range t.Rows {
		cells := make([]string, len(from))
		for k, i := range from {
			if i < len(row) {
				cells[k] = m.value(out.Heads[k], strings.TrimSpace(row[i]))
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

func (m *Matcher) value(field, cell string) string {
	if o := m.values[field][key(cell)]; o != "" {
		return o
	}
	return cell
}

// Fields are what a column can be: those that a file can hold, in the order of the form.
func (m *Matcher) Fields() (names []string) {
	for i := range m.spec.Fields {
		f := &m.spec.Fields[i]
		if !slices.Contains([]fieldwork.Type{fieldwork.TypePhoto, fieldwork.TypeBytes, fieldwork.TypeRefs}, f.Type) {
			names = append(names, f.Name)
		}
	}
	return names
}
