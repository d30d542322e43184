package paper

import (
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

const pointMM = 25.4 / 72 // a point in millimetres

// setLine is a line of text as it is drawn, from left to right. Widths are for letters of the size 1.
type setLine struct {
	runs  []run
	width float64
}

// mm is how long the line is in letters of a size.
func (l setLine) mm(size float64) float64 { return l.width * size * pointMM }

// run is a part of a line: text that the PDF's own font can show, or glyphs.
type run struct {
	role   role
	text   string
	glyphs []glyph
	bold   bool // glyphs of a font that has one weight only, drawn fatter
	width  float64
}

// glyph is a shape of a font at its place in the run.
type glyph struct {
	role role
	id   font.GID
	em   float64 // how large it is drawn
	x, y float64
}

// largeness makes letters of the other scripts look as large as the Latin ones beside them.
var largeness = [roles]float64{regular: 1, bold: 1, mono: 1, arabic: 1.2, devanagari: 1.08}

// typesetter sets lines. It remembers what it has set, and belongs to one document.
type typesetter struct {
	faces    [roles]*font.Face
	advances [roles]map[rune]float64 // negative: not in the font
	lines    map[lineKey]setLine
	shapes   map[shapeKey]path // of the size 1, in millimetres
	shaper   shaping.HarfbuzzShaper
}

type lineKey struct {
	text string
	role role
}

type shapeKey struct {
	role role
	id   font.GID
}

func newTypesetter(p *Press) *typesetter {
	t := &typesetter{lines: map[lineKey]setLine{}, shapes: map[shapeKey]path{}}
	for r, f := range p.fonts {
		t.faces[r] = font.NewFace(f)
		t.advances[r] = map[rune]float64{}
	}
	return t
}

// set sets a text in one line. Line breaks and other control characters in it become blanks.
func (t *typesetter) set(text string, r role) setLine {
	key := lineKey{text, r}
	if l, ok := t.lines[key]; ok {
		return l
	}
	var l setLine
	if width, ok := t.plain(text, r); ok {
		l = setLine{runs: []run{{role: r, text: text, width: width}}, width: width}
	} else {
		l = t.hard(text, r)
	}
	t.lines[key] = l
	return l
}

// plain says that the font shows the text rune by rune, and how wide that is.
func (t *typesetter) plain(text string, r role) (width float64, ok bool) {
	for _, c := range text {
		a := t.advance(c, r)
		if a < 0 {
			return 0, false
		}
		width += a
	}
	return width, true
}

func (t *typesetter) advance(c rune, r role) float64 {
	a, known := t.advances[r][c]
	if known {
		return a
	}
	a = -1
	face := t.faces[r]
	if id, ok := face.NominalGlyph(c); ok && c <= 0xffff && c >= ' ' && !unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc, unicode.Arabic, unicode.Devanagari, unicode.Hebrew) {
		a = float64(face.HorizontalAdvance(id)) / float64(face.Upem())
	}
	t.advances[r][c] = a
	return a
}

// hard sets a text that needs more: letters put together from parts, another script, a script that runs from the right.
func (t *typesetter) hard(text string, r role) setLine {
	runes := []rune(norm.NFC.String(clean(text)))
	if s := string(runes); s != text {
		if width, ok := t.plain(s, r); ok {
			return setLine{runs: []run{{role: r, text: s, width: width}}, width: width}
		}
	}
	var l setLine
	for _, s := range inOrder(runes) {
		for _, part := range t.byFont(runes, s, r) {
			l.add(t.part(runes, part, r))
		}
	}
	return l
}

func (l *setLine) add(r run) {
	l.runs = append(l.runs, r)
	l.width += r.width
}

// clean makes blanks of control characters and drops marks that only steer the direction of embedded texts.
func clean(text string) string {
	out := make([]rune, 0, len(text))
	for _, c := range text {
		switch {
		case c == '\u200e' || c == '\u200f' || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' || c == '\ufeff':
		case unicode.IsControl(c):
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// fontPart is a stretch of a span that one font shows.
type fontPart struct {
	span
	role role
}

// byFont parts a span where the font changes, in the order in which it is drawn.
func (t *typesetter) byFont(runes []rune, s span, r role) []fontPart {
	var parts []fontPart
	for i := s.from; i < s.to; i++ {
		f := t.fontOf(runes[i], r, parts)
		if n := len(parts); n > 0 && parts[n-1].role == f {
			parts[n-1].to = i + 1
			continue
		}
		parts = append(parts, fontPart{span{i, i + 1, s.level}, f})
	}
	if s.level%2 == 1 {
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	return parts
}

// fontOf is which font shows a rune; what belongs to no script, a joiner for example, stays with what stands before it.
func (t *typesetter) fontOf(c rune, r role, before []fontPart) role {
	switch {
	case unicode.Is(unicode.Arabic, c):
		return arabic
	case unicode.Is(unicode.Devanagari, c):
		return devanagari
	}
	if n := len(before); n > 0 && before[n-1].role != r && !unicode.IsLetter(c) {
		last := before[n-1].role
		if _, ok := t.faces[last].NominalGlyph(c); ok || c == '\u200c' || c == '\u200d' {
			return last
		}
	}
	return r
}

// part sets one stretch: as text where that will do, else as shapes.
func (t *typesetter) part(runes []rune, p fontPart, r role) run {
	text := string(runes[p.from:p.to])
	if p.level%2 == 0 && p.role == r {
		if width, ok := t.plain(text, r); ok {
			return run{role: r, text: text, width: width}
		}
	}
	in := shaping.Input{Text: runes, RunStart: p.from, RunEnd: p.to, Direction: di.DirectionLTR, Face: t.faces[p.role],
		Size: fixed.I(int(t.faces[p.role].Upem())), Script: scriptOf(runes[p.from:p.to]), Language: language.NewLanguage("en")}
	if p.level%2 == 1 {
		in.Direction = di.DirectionRTL
	}
	out := t.shaper.Shape(in)
	em := float64(t.faces[p.role].Upem()) / largeness[p.role]
	made := run{role: r, bold: r == bold && p.role != bold}
	for _, g := range out.Glyphs {
		made.glyphs = append(made.glyphs, glyph{p.role, g.GlyphID, largeness[p.role], made.width + float64(g.XOffset)/64/em, float64(g.YOffset) / 64 / em})
		made.width += float64(g.XAdvance) / 64 / em
	}
	return made
}

// shows says that some font has every letter of a text.
func (p *Press) shows(text string) bool {
	for _, c := range norm.NFC.String(clean(text)) {
		if c == ' ' || unicode.In(c, unicode.Cf) {
			continue
		}
		found := false
		for _, r := range []role{regular, arabic, devanagari} {
			if _, ok := p.fonts[r].NominalGlyph(c); ok {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// Unshown are which of the texts have letters that no font has: they are printed as empty boxes.
func (p *Press) Unshown(texts []string) (list []string) {
	for _, t := range texts {
		if !p.shows(t) {
			list = append(list, t)
		}
	}
	return list
}

func scriptOf(runes []rune) language.Script {
	for _, c := range runes {
		if s := language.LookupScript(c); s != language.Common && s != language.Inherited {
			return s
		}
	}
	return language.Latin
}

// simple are the glyphs of a run that is text.
func (t *typesetter) simple(r run) []glyph {
	var list []glyph
	at := 0.0
	for _, c := range r.text {
		id, _ := t.faces[r.role].NominalGlyph(c)
		list = append(list, glyph{r.role, id, 1, at, 0})
		at += t.advance(c, r.role)
	}
	return list
}

func (t *typesetter) glyphs(all path, list []glyph, size, x, y float64) path {
	mm := size * pointMM
	for _, g := range list {
		for _, s := range t.shape(g.role, g.id) {
			for i := range s.n {
				s.p[i] = point{x + (g.x+s.p[i].x*g.em)*mm, y - (g.y+s.p[i].y*g.em)*mm}
			}
			all = append(all, s)
		}
	}
	return all
}

// shape is a glyph's outline, of the size 1, upwards.
func (t *typesetter) shape(r role, id font.GID) path {
	key := shapeKey{r, id}
	if p, ok := t.shapes[key]; ok {
		return p
	}
	var p path
	em := float64(t.faces[r].Upem())
	if data, ok := t.faces[r].GlyphData(id).(font.GlyphOutline); ok {
		for _, s := range data.Segments {
			made := step{move: s.Op == opentype.SegmentOpMoveTo, n: len(s.ArgsSlice())}
			for i, a := range s.ArgsSlice() {
				made.p[i] = point{float64(a.X) / em, float64(a.Y) / em}
			}
			p = append(p, made)
		}
	}
	t.shapes[key] = p
	return p
}
