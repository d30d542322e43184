package paper

import "fmt"

// Roster is the attendance list of a session: people to tick, each with a code, and the roster's own code, under which it is
// entered afterwards.
type Roster struct {
	Page          Page
	Words         Words
	Campaign      string
	Title         string
	Facts         []string // below the title: when, where, who trains
	Code, Payload string   // of the roster
	Rows          []RosterRow
	Blank         int // lines for people who are not on the list
}

// RosterRow is one person.
type RosterRow struct {
	Name, Line string
	Code       string
	Payload    string
}

// Places on a roster, in millimetres.
const (
	sheetMargin = 14.0
	rosterRow   = 16.0
	rosterHead  = 53.0 // where the rows begin
	rosterFoot  = 17.0
	blankRow    = 11.0
	tickSide    = 5.6
)

func (r Roster) sheet() (Page, string) { return r.Page, r.Title }

// roster columns, from the right edge: signature, excused, late, here.
const (
	signColumn = 44.0
	tickColumn = 18.0
	numColumn  = 8.0
)

func (r Roster) draw(d *desk) error {
	codes, err := encodeAll(len(r.Rows), func(i int) string { return r.Rows[i].Payload }, func(i int) string { return r.Rows[i].Code })
	if err != nil {
		return err
	}
	own, err := encode(r.Payload)
	if err != nil {
		return fmt.Errorf("code of the roster: %w", err)
	}
	s := &rosterSheet{desk: d, of: r, own: own}
	s.perPage = int((r.Page.H - rosterHead - rosterFoot) / rosterRow)
	s.pages, s.rows = s.count(), len(r.Rows)
	s.next()
	for i := range r.Rows {
		if s.y+rosterRow > r.Page.H-rosterFoot {
			s.next()
		}
		s.rows--
		s.row(i, codes[i])
	}
	s.blanks()
	return nil
}

// rosterSheet is a roster under way.
type rosterSheet struct {
	*desk
	of          Roster
	own         [][]bool
	perPage     int
	page, pages int
	rows        int // people who are still to come
	y           float64
}

// count is how many pages it will have.
func (s *rosterSheet) count() int {
	pages := max(1, (len(s.of.Rows)+s.perPage-1)/s.perPage)
	onLast := len(s.of.Rows) - (pages-1)*s.perPage
	room := s.of.Page.H - rosterFoot - rosterHead - float64(onLast)*rosterRow
	for left := s.of.Blank; left > 0; {
		fits := int((room - walkHead) / blankRow)
		if left -= max(fits, 0); left > 0 {
			pages++
			room = s.of.Page.H - rosterFoot - rosterHead
		}
	}
	return pages
}

const walkHead = 13.0

func (s *rosterSheet) next() {
	s.page++
	s.desk.page()
	s.head()
	s.foot()
	s.y = rosterHead
}

func (s *rosterSheet) head() {
	w := s.of.Page.W
	const top = 12.0
	module := 25.0 / float64(len(s.own))
	x := w - sheetMargin - 25
	s.symbol(x, top, module, s.own)
	code := hand{mono, 9, ink}
	s.write(x+25, top+25+4*module+code.cap()*0.9, right, s.of.Code, code)
	room := x - 4*module - sheetMargin - 4
	small := hand{regular, 8.5, ink2}
	s.short(sheetMargin+s.brand(sheetMargin, top+small.cap(), hand{bold, 8.5, ink})+1.4, top+small.cap(), left, "· "+s.of.Campaign, room-20, small)
	title := s.fit(s.of.Title, room, hand{bold, 0, ink}, []float64{17, 15, 13, 11.5}, 1)
	y := top + small.cap() + 4.4
	for i, line := range title.lines {
		if i == 0 {
			y += title.hand.cap() + 1
		} else {
			y += title.hand.step()
		}
		s.short(sheetMargin, y, left, line, room, title.hand)
	}
	y += 1.6
	h := hand{regular, 9, ink2}
	for _, fact := range s.of.Facts {
		if y += h.step() + 0.3; y > rosterHead-9 {
			break
		}
		s.short(sheetMargin, y, left, fact, room, h)
	}
	if s.rows > 0 || len(s.of.Rows) == 0 {
		s.heads()
	}
}

// heads are the columns' heads.
func (s *rosterSheet) heads() {
	y := rosterHead - 2.2
	h := hand{regular, 7.5, ink2}
	end := s.of.Page.W - sheetMargin
	s.short(sheetMargin+numColumn+rosterRow+2, y, left, s.of.Words.T("print.roster.name"), 60, h)
	for i, key := range []string{"print.roster.here", "print.roster.late", "print.roster.excused"} {
		s.short(s.tickX(i), y, centre, s.of.Words.T(key), tickColumn-1, h)
	}
	s.short(end-signColumn+3, y, left, s.of.Words.T("print.roster.sign"), signColumn-3, h)
	s.line(sheetMargin, rosterHead, end, rosterHead, 0.35, ink)
}

// tickX is the middle of a column of boxes.
func (s *rosterSheet) tickX(i int) float64 {
	return s.of.Page.W - sheetMargin - signColumn - tickColumn*(3-float64(i)) + tickColumn/2
}

func (s *rosterSheet) foot() {
	y := s.of.Page.H - 8
	h := hand{regular, 7.5, ink2}
	end := s.of.Page.W - sheetMargin
	number := fmt.Sprintf("%d/%d", s.page, s.pages)
	wide := s.write(end, y, right, number, h)
	s.short(sheetMargin, y, left, s.of.Words.T("print.roster.how", s.of.Code), end-sheetMargin-wide-4, h)
}

func (s *rosterSheet) row(i int, code [][]bool) {
	r, y, end := s.of.Rows[i], s.y, s.of.Page.W-sheetMargin
	s.write(sheetMargin+numColumn-2.5, y+rosterRow/2+1.1, right, fmt.Sprint(i+1), hand{bold, 9, ink2})
	module := rosterRow / float64(len(code)+2*quiet)
	s.symbol(sheetMargin+numColumn+quiet*module, y+quiet*module, module, code)
	x := sheetMargin + numColumn + rosterRow + 2
	room := s.tickX(0) - tickColumn/2 - x - 1
	name := s.fit(r.Name, room, hand{bold, 0, ink}, []float64{11, 10, 9, 8}, 2)
	small := hand{mono, 8, ink2}
	tall := name.hand.cap() + float64(len(name.lines)-1)*name.hand.step() + small.step() + 0.6
	at := y + (rosterRow-tall)/2 + name.hand.cap()
	for j, line := range name.lines[:min(2, len(name.lines))] {
		s.short(x, at+float64(j)*name.hand.step(), left, line, room, name.hand)
	}
	at += float64(min(2, len(name.lines))-1)*name.hand.step() + small.step() + 0.6
	wide := s.write(x, at, left, r.Code, small)
	if r.Line != "" {
		s.short(x+wide+2, at, left, "· "+r.Line, room-wide-2, hand{regular, 8, ink2})
	}
	for j := range 3 {
		s.tickBox(s.tickX(j)-tickSide/2, y+(rosterRow-tickSide)/2, tickSide)
	}
	s.line(end-signColumn+3, y+rosterRow-4, end, y+rosterRow-4, 0.2, ink2)
	s.y += rosterRow
	s.line(sheetMargin, s.y, end, s.y, 0.15, sand)
}

// blanks are lines for people who come and are not on the list.
func (s *rosterSheet) blanks() {
	left, titled := s.of.Blank, false
	for left > 0 {
		if s.y+blankRow+walkHead*cond(!titled) > s.of.Page.H-rosterFoot {
			s.next()
			titled = false
		}
		if !titled {
			s.walkTitle()
			titled = true
		}
		s.blank()
		left--
	}
}

func cond(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (s *rosterSheet) walkTitle() {
	s.write(sheetMargin, s.y+7.5, left, s.of.Words.T("print.roster.walkins"), hand{bold, 9.5, ink})
	s.y += walkHead
	h := hand{regular, 7.5, ink2}
	for i, key := range []string{"print.roster.name", "print.roster.village", "print.roster.phone"} {
		s.short(s.blankX(i), s.y-1.6, left, s.of.Words.T(key), 40, h)
	}
}

func (s *rosterSheet) blankX(i int) float64 {
	wide := s.of.Page.W - 2*sheetMargin
	return sheetMargin + []float64{0, 0.46, 0.74}[i]*wide
}

func (s *rosterSheet) blank() {
	s.y += blankRow
	ends := []float64{s.blankX(1) - 4, s.blankX(2) - 4, s.of.Page.W - sheetMargin}
	for i, end := range ends {
		s.line(s.blankX(i), s.y-2, end, s.y-2, 0.2, ink2)
	}
}
