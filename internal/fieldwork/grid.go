package fieldwork

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Grid is who took part in what: people by sessions.
type Grid struct {
	Sessions []Record   // by their start
	People   []RecordID // by their names
	Names    []string   // of the people
	cells    [][]*Part  // by person, then session; nil: neither there nor expected
}

// NewGrid takes from a roll the sessions that keep says, and everybody who was in one of them or expected there.
func NewGrid(src Source, roll *Roll, keep func(session Record) bool) *Grid {
	g := &Grid{}
	for _, s := range roll.Sessions {
		if status, _ := s.Get(SessionStatus).Int(); status != SessionStatusCancelled && keep(s) {
			g.Sessions = append(g.Sessions, s)
		}
	}
	slices.SortStableFunc(g.Sessions, func(a, b Record) int { return cmp.Compare(startOf(a), startOf(b)) })
	g.readPeople(src, roll)
	g.cells = make([][]*Part, len(g.People))
	for i, p := range g.People {
		g.cells[i] = make([]*Part, len(g.Sessions))
		for j, s := range g.Sessions {
			g.cells[i][j] = roll.Parts[s.ID][p]
		}
	}
	return g
}

func startOf(session Record) int64 {
	n, _ := session.Get(SessionStart).Int()
	return n
}

func (g *Grid) readPeople(src Source, roll *Roll) {
	type named struct {
		key, name string
		id        RecordID
	}
	var list []named
	seen := map[RecordID]bool{}
	for _, s := range g.Sessions {
		for id := range roll.Parts[s.ID] {
			if seen[id] {
				continue
			}
			seen[id] = true
			if r, ok := src.Record(id); ok && !r.Deleted {
				name := Name(r)
				list = append(list, named{Fold(name), name, id})
			}
		}
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Or(strings.Compare(a.key, b.key), a.id.Compare(b.id)) })
	for _, n := range list {
		g.People, g.Names = append(g.People, n.id), append(g.Names, n.name)
	}
}

// At is how a person took part in a session; 0 where nothing can be said. Expected says that she has anything to do with it.
func (g *Grid) At(person, session int) (p Presence, expected bool) {
	if part := g.cells[person][session]; part != nil {
		return part.Presence, true
	}
	return 0, false
}

// PersonTotal is how many sessions a person came to, of those that have anything to do with her.
func (g *Grid) PersonTotal(person int) (came, of int) {
	for _, part := range g.cells[person] {
		if part != nil {
			of++
			if part.Presence.Came() {
				came++
			}
		}
	}
	return came, of
}

// SessionTotal is how many people came to a session, of those who have anything to do with it.
func (g *Grid) SessionTotal(session int) (came, of int) {
	for i := range g.People {
		if part := g.cells[i][session]; part != nil {
			of++
			if part.Presence.Came() {
				came++
			}
		}
	}
	return came, of
}

// GridWords are the words of an attendance table; what is empty or nil stands in English.
type GridWords struct {
	Code, Name, Total string
	Session           func(Record) string // head of a session's column
	Presence          func(Presence) string
}

// Table writes the grid as a table: a person a row, a session a column, totals to the right and below.
func (g *Grid) Table(w GridWords, zone *time.Location) (heads []string, rows [][]string) {
	w.fill(zone)
	heads = []string{w.Code, w.Name}
	for _, s := range g.Sessions {
		heads = append(heads, w.Session(s))
	}
	heads = append(heads, w.Total)
	for i, id := range g.People {
		row := []string{CodeOf(id), g.Names[i]}
		for j := range g.Sessions {
			p, _ := g.At(i, j)
			row = append(row, w.Presence(p))
		}
		came, _ := g.PersonTotal(i)
		rows = append(rows, append(row, strconv.Itoa(came)))
	}
	last, all := []string{"", w.Total}, 0
	for j := range g.Sessions {
		came, _ := g.SessionTotal(j)
		all += came
		last = append(last, strconv.Itoa(came))
	}
	return heads, append(rows, append(last, strconv.Itoa(all)))
}

func (w *GridWords) fill(zone *time.Location) {
	for text, word := range map[*string]string{&w.Code: "code", &w.Name: "name", &w.Total: "total"} {
		if *text == "" {
			*text = word
		}
	}
	if w.Session == nil {
		w.Session = func(s Record) string {
			head := CodeOf(s.ID)
			if n, ok := s.Get(SessionStart).Int(); ok {
				head = time.Unix(n, 0).In(zone).Format("2006-01-02 15:04") + " " + head
			}
			return head
		}
	}
	if w.Presence == nil {
		w.Presence = Presence.String
	}
}
