package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"kandili/internal/fieldwork"
)

// PickItem is one thing to pick: the value for the program, the word that stands in the entry afterwards, and what tells it from
// others of that word.
type PickItem struct{ Value, Word, Sub string }

// Picker chooses one of many by typing a part of it. A list of what was found opens below while typing, or with Down; the focus
// stays in the entry. Up and Down move, Enter or a click takes, Esc closes the list and changes nothing.
//
// What was typed and not picked goes when the focus does, except for the whole word of a single thing, which is taken. An emptied
// entry picks nothing.
type Picker struct {
	widget.BaseWidget
	OnPicked func(value string) // after a person picked, not after SetValue; empty for nothing
	None     string             // stands in the list when nothing is found; empty opens no list then

	find        func(text string) []PickItem
	entry       *Entry
	list        *pickList
	root        *Root // the list floats in it; nil makes room below the entry
	value, word string
	open        bool
	typed       bool // by a person, since something was last picked
	loading     bool
}

// NewPicker is a picker with nothing picked. find gives what fits a text, the best first; an empty text asks for what to offer
// before anything is typed. It is called with every letter and must be quick; a few dozen items are plenty.
func NewPicker(placeholder string, find func(text string) []PickItem) *Picker {
	p := &Picker{find: find, entry: NewEntry(placeholder)}
	p.list = newPickList(p.take)
	p.entry.ActionItem = newOpener(p.toggle)
	p.entry.OnChanged = p.changed
	p.entry.OnKey = p.key
	p.entry.settle, p.entry.entered = p.settle, p.entry.selectAll
	p.ExtendBaseWidget(p)
	return p
}

// Value is what is picked, empty for nothing.
func (p *Picker) Value() string { return p.value }

// Word is the word of what is picked.
func (p *Picker) Word() string { return p.word }

// SetValue picks without telling OnPicked.
func (p *Picker) SetValue(value, word string) {
	p.value, p.word = value, word
	p.write(word)
	p.close()
}

// SetWrong draws the edge in the colour of errors.
func (p *Picker) SetWrong(wrong bool) { p.entry.SetWrong(wrong) }

// Target is what takes the focus.
func (p *Picker) Target() fyne.Focusable { return p.entry }

// write puts text into the entry as the program's, not a person's.
func (p *Picker) write(text string) {
	p.loading = true
	p.entry.SetText(text)
	p.loading = false
	p.typed = false
}

func (p *Picker) changed(text string) {
	if p.loading {
		return
	}
	p.typed = true
	first := 0
	if strings.TrimSpace(text) == "" {
		first = -1 // Enter in an emptied entry picks nothing
	}
	p.show(text, first)
}

// show opens the list with what fits text, the item at an index marked.
func (p *Picker) show(text string, at int) {
	items := p.find(strings.TrimSpace(text))
	if len(items) == 0 && p.None == "" {
		p.close()
		return
	}
	p.list.set(items, min(at, len(items)-1), p.None)
	if !p.open {
		p.root = rootOf(path(p))
	}
	p.open = true
	if p.root != nil {
		p.root.float(p.list, p.place)
		return
	}
	p.Refresh()
}

// offer opens the list for choosing without typing, what is picked marked.
func (p *Picker) offer() {
	text := ""
	if p.typed {
		text = p.entry.Text
	}
	p.show(text, 0)
	p.list.mark(p.value)
}

func (p *Picker) close() {
	if !p.open {
		return
	}
	p.open = false
	if p.root != nil {
		p.root.sink(p.list)
		return
	}
	p.Refresh()
}

func (p *Picker) toggle() {
	open := p.open
	Focus(p.entry)
	if open {
		p.close()
		return
	}
	p.offer()
}

// take picks an item as a person did.
func (p *Picker) take(item PickItem) {
	p.SetValue(item.Value, item.Word)
	p.entry.selectAll()
	if p.OnPicked != nil {
		p.OnPicked(item.Value)
	}
}

// settle ends typing: nothing for an emptied entry, the one thing that is called so, else what was picked before.
func (p *Picker) settle() {
	p.close()
	if !p.typed {
		return
	}
	text := strings.TrimSpace(p.entry.Text)
	if text == "" {
		p.clear()
		return
	}
	if item, ok := p.named(text); ok && item.Value != p.value {
		p.take(item)
		return
	}
	p.write(p.word)
}

func (p *Picker) clear() {
	was := p.value
	p.SetValue("", "")
	if was != "" && p.OnPicked != nil {
		p.OnPicked("")
	}
}

// named is the only item whose word is the text but for capitals and accents.
func (p *Picker) named(text string) (found PickItem, ok bool) {
	want := fieldwork.Fold(text)
	for _, item := range p.find(text) {
		if fieldwork.Fold(item.Word) != want {
			continue
		}
		if ok {
			return PickItem{}, false
		}
		found, ok = item, true
	}
	return found, ok
}

// key is asked before the entry itself.
func (p *Picker) key(ev *fyne.KeyEvent) bool {
	if !p.open {
		return p.keyWhileClosed(ev)
	}
	switch ev.Name {
	case fyne.KeyUp:
		p.list.move(-1)
	case fyne.KeyDown:
		p.list.move(1)
	case fyne.KeyPageUp:
		p.list.move(-p.list.rows)
	case fyne.KeyPageDown:
		p.list.move(p.list.rows)
	case fyne.KeyEscape:
		p.close()
		p.putBack()
	case fyne.KeyReturn, fyne.KeyEnter:
		p.enter()
	default:
		return false
	}
	return true
}

func (p *Picker) keyWhileClosed(ev *fyne.KeyEvent) bool {
	switch {
	case ev.Name == fyne.KeyDown:
		p.offer()
	case ev.Name == fyne.KeyEscape && p.typed:
		p.putBack()
	default:
		return false
	}
	return true
}

// putBack shows what is picked in place of what was typed; the focus stays.
func (p *Picker) putBack() {
	p.write(p.word)
	p.entry.selectAll()
}

// enter takes the marked item. Without one it stays: a dialog must not close over a word that means nothing.
func (p *Picker) enter() {
	if item, ok := p.list.marked(); ok {
		p.take(item)
		return
	}
	if strings.TrimSpace(p.entry.Text) == "" {
		p.close()
		p.clear()
	}
}

func (p *Picker) children() []fyne.CanvasObject { return []fyne.CanvasObject{p.entry} }

// CreateRenderer implements fyne.Widget.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer { return &pickerRenderer{p} }

type pickerRenderer struct{ of *Picker }

// inline says whether the list takes room of its own.
func (r *pickerRenderer) inline() bool { return r.of.open && r.of.root == nil }

func (r *pickerRenderer) MinSize() fyne.Size {
	m := r.of.entry.MinSize()
	if r.inline() {
		m.Height += listGap + r.of.list.high(pickRows)
	}
	return m
}

func (r *pickerRenderer) Layout(s fyne.Size) {
	high := r.of.entry.MinSize().Height
	r.of.entry.Resize(fyne.NewSize(s.Width, high))
	if r.inline() {
		r.of.list.show(fyne.NewPos(0, high+listGap), s.Width, pickRows)
	}
}

func (r *pickerRenderer) Refresh() {
	r.of.entry.Refresh()
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *pickerRenderer) Objects() []fyne.CanvasObject {
	if r.inline() {
		return []fyne.CanvasObject{r.of.entry, r.of.list}
	}
	return []fyne.CanvasObject{r.of.entry}
}
func (r *pickerRenderer) Destroy() {}
