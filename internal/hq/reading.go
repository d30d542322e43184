package hq

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// piece is a bit of text on a page; with a URL it is a link.
type piece struct{ Text, URL string }

// reading turns what one campaign holds into words for a page.
type reading struct {
	s     *store.Store
	words *show.Words
	zone  *time.Location
	nodes map[uint32]string // laptops' names by node number
}

func newReading(s *store.Store, words *show.Words) *reading {
	r := &reading{s: s, words: words, zone: time.UTC, nodes: map[uint32]string{0: "HQ"}}
	// A name that this system does not know leaves the times in UTC; the page says which zone it uses.
	if name := campaignRecord(s).Get(fieldwork.CampaignTimeZone).Text(); name != "" && name != "Local" {
		if zone, err := time.LoadLocation(name); err == nil {
			r.zone = zone
		}
	}
	s.Each(fieldwork.KindNode, func(n fieldwork.Record) bool {
		if number, ok := n.Get(fieldwork.NodeNumber).Int(); ok && number > 0 {
			r.nodes[uint32(number)] = n.Get(fieldwork.NodeName).Text()
		}
		return true
	})
	return r
}

// recordURL is where a record's page is.
func recordURL(s *store.Store, id fieldwork.RecordID) string {
	return "/c/" + s.Self().Campaign.String() + "/record/" + fieldwork.CodeOf(id)
}

// link is a record's name and the way to its page; a record that has not arrived is its code alone.
func (r *reading) link(id fieldwork.RecordID) piece {
	rec, ok := r.s.Record(id)
	if !ok {
		return piece{Text: r.words.T("apart.missing", fieldwork.CodeOf(id))}
	}
	return piece{Text: shorter(fieldwork.Name(rec)), URL: recordURL(r.s, id)}
}

// shorter keeps a name on one line: what happened in a lesson can be two thousand characters.
func shorter(s string) string {
	const most = 80 // characters
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// laptop says which replica wrote a log: the name that people gave it, and the letters of its codes.
func (r *reading) laptop(log fieldwork.LogID) string {
	name, letters := r.nodes[log.Node], fieldwork.LettersOf(log)
	if name == "" || name == letters {
		return letters
	}
	return name + " (" + letters + ")"
}

// moment writes seconds since 1970 as a day and a time of the campaign's zone.
func (r *reading) moment(seconds int64) string {
	t := time.Unix(seconds, 0).In(r.zone)
	return r.words.Date(t) + ", " + r.words.Clock(t)
}

// wrote writes when something was written, as well as that is known.
func (r *reading) wrote(v *journal.Version) string { return r.clocked(v, v.Wall) }

// clocked writes a time that a write tells, corrected where the laptop took it from its clock and HQ knows by how much
// that was off.
func (r *reading) clocked(v *journal.Version, seconds int64) string {
	at, trust := r.s.TimeIn(v, seconds)
	return r.words.Moment(time.Unix(at, 0).In(r.zone), trust == journal.Doubtful)
}

// label is a field's name as a page shows it.
func label(kind fieldwork.Kind, id fieldwork.FieldID) string {
	f := fieldOf(kind, id)
	if f == nil {
		return "Field " + fieldwork.FormatValue(&fieldwork.Field{Type: fieldwork.TypeInt}, fieldwork.Int(int64(id))) + " of a newer version"
	}
	return capital(f.Label())
}

// label is a field's name in the reader's language.
func (r *reading) label(kind fieldwork.Kind, id fieldwork.FieldID) string {
	if spec := fieldwork.SpecOf(kind); spec != nil && spec.Field(id) != nil {
		return r.words.Label(spec, spec.Field(id))
	}
	return label(kind, id)
}

// spoken is value with the words of the reader's language for what was chosen from a list.
func (r *reading) spoken(kind fieldwork.Kind, id fieldwork.FieldID, v fieldwork.Value) []piece {
	f := fieldOf(kind, id)
	n, isInt := v.Int()
	switch {
	case v.IsZero():
		return []piece{{Text: r.words.T("hq.emptied")}}
	case f == nil:
	case f.Type == fieldwork.TypeEnum && isInt:
		return []piece{{Text: r.words.Option(f, n)}}
	case f.Type == fieldwork.TypeEnums:
		var list []string
		for _, n := range v.Ints() {
			list = append(list, r.words.Option(f, n))
		}
		return []piece{{Text: strings.Join(list, ", ")}}
	case f.Type == fieldwork.TypeBool && isInt:
		return []piece{{Text: r.words.T(map[bool]string{true: "option.yes", false: "option.no"}[v.Bool()])}}
	}
	return r.value(kind, id, v)
}

// fieldOf finds a field's table, those that all kinds have included; nil for one that this version does not know.
func fieldOf(kind fieldwork.Kind, id fieldwork.FieldID) *fieldwork.Field {
	switch id {
	case fieldwork.FieldDeleted:
		return &fieldwork.Field{ID: id, Name: "deleted", Type: fieldwork.TypeBool}
	case fieldwork.FieldSameAs:
		return &fieldwork.Field{ID: id, Name: "the_same_as", Type: fieldwork.TypeRef}
	}
	if spec := fieldwork.SpecOf(kind); spec != nil {
		return spec.Field(id)
	}
	return nil
}

func capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// value writes a field's value in words, references as links. Keys and the like are never shown: the badge key on a
// page would let anybody forge badges.
func (r *reading) value(kind fieldwork.Kind, id fieldwork.FieldID, v fieldwork.Value) []piece {
	if v.IsZero() {
		return []piece{{Text: "emptied"}}
	}
	if refs := v.Refs(); len(refs) > 0 {
		list := make([]piece, len(refs))
		for i, to := range refs {
			list[i] = r.link(to)
		}
		return list
	}
	f := fieldOf(kind, id)
	if f == nil {
		if v.IsText() {
			return []piece{{Text: v.Text()}}
		}
		return []piece{{Text: "kept; this version cannot show it"}}
	}
	return []piece{{Text: r.text(f, v)}}
}

func (r *reading) text(f *fieldwork.Field, v fieldwork.Value) string {
	n, isInt := v.Int()
	switch {
	case f.Type == fieldwork.TypePhoto:
		return "a photo"
	case f.Type == fieldwork.TypeBytes:
		return "kept, not shown"
	case f.Type == fieldwork.TypeDate && isInt:
		return r.words.Day(n)
	case f.Type == fieldwork.TypeTime && isInt:
		return r.moment(n)
	case f.Type == fieldwork.TypeEnum && isInt && r.words.Code() != "en":
		return r.words.Option(f, n)
	case f.Type == fieldwork.TypeEnum:
		return words(fieldwork.FormatValue(f, v))
	case f.Type == fieldwork.TypeEnums:
		return strings.ReplaceAll(words(fieldwork.FormatValue(f, v)), ";", ", ")
	case f.Type == fieldwork.TypeTexts && v.IsText():
		return v.Text() // a line each, which the page keeps
	case f.Type == fieldwork.TypePosition && len(v.Ints()) == 3:
		return position(fieldwork.FormatValue(f, v))
	}
	return fieldwork.FormatValue(f, v)
}

// position puts a blank after each comma and names the third number.
func position(text string) string {
	parts := strings.Split(text, ",")
	if len(parts) == 3 {
		return parts[0] + ", " + parts[1] + " (to " + parts[2] + " m)"
	}
	return strings.Join(parts, ", ")
}

// gist is a record in a few words, for a list of what refers to another one: the first facts of its table that say
// what, when, who and where.
func (r *reading) gist(rec fieldwork.Record, not fieldwork.RecordID) string {
	const most = 3
	spec := fieldwork.SpecOf(rec.Kind)
	if spec == nil {
		return ""
	}
	var parts []string
	for i := range spec.Fields {
		f := &spec.Fields[i]
		v := rec.Get(f.ID)
		if v.IsZero() || len(parts) == most {
			continue
		}
		switch f.Type {
		case fieldwork.TypeEnum, fieldwork.TypeDate, fieldwork.TypeTime:
			parts = append(parts, r.text(f, v))
		case fieldwork.TypeRef:
			if v.Ref() != not {
				parts = append(parts, r.link(v.Ref()).Text)
			}
		}
	}
	return strings.Join(parts, " · ")
}
