package gallery

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"

	"kandili/ui/kit"
)

// Pages are all widgets, by what they are for. A new widget goes in here.
var Pages = []Page{
	{"controls", "checkin", "Buttons and fields", controls},
	{"form", "badge", "Form with errors", form},
	{"lists", "people", "Lists", lists},
	{"states", "sync", "States and messages", states},
	{"numbers", "impact", "Numbers, charts, photos", numbers},
}

func controls(t Tools) fyne.CanvasObject {
	say := func(s string) func() { return func() { t.Toast.Say(kit.Plain, s) } }
	silent := kit.Secondary("Cannot be pressed", nil)
	silent.Disable()
	buttons := kit.Flow(12, kit.Primary("Main action", say("The one amber button of a place.")).WithHint("Ctrl N"), kit.Secondary("Another", say("Any other.")).WithHint("Ctrl P"),
		kit.Secondary("With an icon", say("An icon and its word.")).WithIcon("badge"), silent)
	tall := kit.Column(12, kit.Primary("Check in", say("Tall")).WithHint("Ctrl 3").Tall(), kit.Secondary("Register someone", say("Tall")).Tall())
	typed := kit.NewEntry("")
	typed.SetText("Nasieku")
	wrong := kit.NewEntry("")
	wrong.SetText("2031")
	bad := kit.NewField("Birth year", wrong, "")
	bad.SetError("A birth year lies between 1907 and 2027. Unknown? Choose an age band.")
	choice := kit.NewChoice("Choose", kit.Option{Value: "a", Word: "under 25"}, kit.Option{Value: "b", Word: "25 to 40"}, kit.Option{Value: "c", Word: "over 40"})
	village := kit.NewPicker("Village", findVillage)
	village.SetValue("2", "Entasopia")
	day := kit.NewDateField(func() int64 { return 20886 }, func(d int64) string { return fmt.Sprintf("day %d since 1970", d) })
	day.SetDay(20886)
	secret := kit.NewSecret("")
	secret.SetText("four words")
	area := kit.NewArea(2)
	area.SetText("Speaks Maa and Swahili. Comes with her sister.")
	pills := kit.Flow(12, kit.Pill(kit.Status{Word: "Oldonyo Nyokie ▾"}, nil), kit.Pill(kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: "HQ 2 minutes ago"}, nil),
		kit.Pill(kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: "214 to send"}, nil))
	left := []fyne.CanvasObject{part("button", buttons, tall), part("pill", pills),
		part("text", kit.NewTitle("Title of a place"), kit.NewHeading("Heading of a part"), kit.NewText("A plain sentence that wraps at words where its place ends."), kit.NewSub("A hint in the second colour"), kit.NewCode("KJ2-0088-K"))}
	right := []fyne.CanvasObject{part("field and entry", kit.NewField("Given name", typed, "As she says it herself."), bad), part("choice", kit.NewField("Age band", choice, "")),
		part("picker with search", kit.NewField("Village", village, "Type the first letters.")), part("date", kit.NewField("Date of the visit", day, "")),
		part("secret", kit.NewField("Passphrase", secret, "")), part("several lines", kit.NewField("Note", area, ""))}
	return sides(left, right)
}

func findVillage(text string) (out []kit.PickItem) {
	for i, name := range []string{"Olkiramatian", "Entasopia", "Entarara", "Oldonyo Nyokie", "Magadi"} {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(text)) {
			out = append(out, kit.PickItem{Value: fmt.Sprint(i + 1), Word: name, Sub: fmt.Sprint(12+i*7) + " people"})
		}
	}
	return out
}

func form(t Tools) fyne.CanvasObject {
	f := kit.NewForm()
	f.Mend = func(labels string) string { return "To mend: " + labels }
	entry := func(text string) *kit.Entry {
		e := kit.NewEntry("")
		e.SetText(text)
		return e
	}
	two := func(a, b *kit.Field) fyne.CanvasObject { return kit.Columns(16, []float32{1, 1}, a, b) }
	body := kit.Column(16,
		two(f.Add("given", kit.NewField("Given name", entry(""), "")), f.Add("family", kit.NewField("Family name", entry("Ole Ntutu"), ""))),
		two(f.Add("year", kit.NewField("Birth year", entry("2031"), "")), f.Add("phone", kit.NewField("Phone", entry("0712 345 678"), "Kenya, +254 712 345678"))),
		kit.Note(kit.Row(12, kit.Stretch(kit.NewText("Perhaps the same person: Nasieku Ntutu, KJ1-0031-8, same phone")), kit.Secondary("Compare", nil))),
		f.Summary, kit.Flow(12, kit.Primary("Save", func() { f.FocusFirstError() }).WithHint("Ctrl S"), kit.Secondary("Consent", nil), kit.Secondary("History", nil)))
	f.SetErrors(map[string]string{"given": "Please fill this in: at least one name.", "year": "A birth year lies between 1907 and 2027. Unknown? Choose an age band.",
		"": "Somebody under 18 needs a guardian."})
	ask := kit.Secondary("Open a dialog", func() {
		first := kit.NewEntry("")
		kit.ShowDialog(t.Canvas(), kit.Ask{Title: "Lost badge?", Line: "The old code is refused from now on, on every laptop that hears of it.", Body: kit.NewField("Why", first, ""), First: first,
			Yes: "Block it and print a new one", No: "Cancel"})
	})
	danger := kit.Secondary("Open one about danger", func() {
		kit.ShowDialog(t.Canvas(), kit.Ask{Title: "Throw away what you typed?", Line: "It is not saved yet.", Yes: "Throw away", No: "Stay here", Danger: true})
	})
	return kit.Column(24, part("form", kit.Panel(body)), part("dialog", kit.Flow(12, ask, danger)))
}

func lists(t Tools) fyne.CanvasObject {
	rows := []kit.RowItem{
		{ID: "1", Title: "Nasieku Parsitau", Sub: "KJ4-0217-X · 1994 · Olkiramatian", Marks: [][2]int{{0, 7}}, Status: kit.Status{Tone: kit.Good, Mark: kit.MarkFull, Word: "at HQ"}},
		{ID: "2", Title: "Nasieku Leshan", Sub: "KJ4-0219-4 · 1908 · Oldonyo Nyokie", Marks: [][2]int{{0, 7}}, Status: kit.Status{Tone: kit.Bad, Mark: kit.MarkQuestion, Word: "question"}},
		{ID: "3", Title: "Nasieku Ole Ntutu", Sub: "KJ2-0088-K · under 25 · Entasopia", Marks: [][2]int{{0, 7}}, Status: kit.Status{Tone: kit.Quiet, Mark: kit.MarkRing, Word: "this laptop"}},
		{ID: "4", Title: "Aïssatou Nasieku Sow", Sub: "KJ4-0231-7 · 1987 · Magadi", Marks: [][2]int{{9, 16}}, Status: kit.Status{Tone: kit.Dim, Mark: kit.MarkHalf, Word: "courier file"}},
	}
	list := func() *kit.RowList {
		l := kit.NewRowList(func(i int) kit.RowItem { return rows[i] })
		l.SetCount(len(rows))
		return l
	}
	one, many := list(), list()
	one.SelectID("3")
	many.SetHeader("Name", "Where")
	many.OnMarked = func(n int) { t.Toast.Say(kit.Plain, fmt.Sprintf("%d marked", n)) }
	many.Mark("1", "4")
	huge := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: fmt.Sprint(i), Title: fmt.Sprintf("Person %d", i+1), Sub: fmt.Sprintf("KJ4-%05d", i)}
	})
	huge.SetIDs(func(i int) string { return fmt.Sprint(i) })
	huge.SetCount(100_000)
	todo := kit.NewTodo("To do here", kit.TodoItem{Mark: kit.MarkQuestion, Tone: kit.Bad, Text: "HQ asks about Naserian Leshan: “Born 1908?”", Strong: "Naserian Leshan", Action: "answer"},
		kit.TodoItem{Mark: kit.MarkWarning, Tone: kit.Dim, Text: "Two phone numbers for Wanjiru Kamau, from KJ2 and KJ4", Strong: "Wanjiru Kamau", Action: "decide"})
	left := []fyne.CanvasObject{part("list with a search's marks", kit.Fixed(0, 240, one)), part("to do", todo)}
	right := []fyne.CanvasObject{part("list for work on many", kit.Fixed(0, 280, many)), part("100,000 rows", kit.Fixed(0, 200, huge))}
	return sides(left, right)
}

func states(t Tools) fyne.CanvasObject {
	banner := kit.NewBanner()
	banner.Answer(kit.Good, kit.MarkCheck, "Nasieku Ole Ntutu", "Welcome · 28 of 34 here")
	refused := kit.NewBanner()
	refused.Answer(kit.Bad, kit.MarkCross, "Not one of our badges", "The check letters do not fit. Type the code below the picture.")
	line := kit.NewProgressLine()
	line.Set(2, 3, "2 of 3 packs sent")
	work := kit.NewWork("Stop")
	work.Begin("Making 1,000 badges", func() { t.Toast.Say(kit.Plain, "Stopped. Nothing was changed.") })
	work.Line.Set(412, 1000, "412 of 1,000 badges")
	say := kit.Secondary("Say something", func() { t.Toast.Say(kit.Good, "Saved on this laptop.") })
	undo := kit.Secondary("Say it with Undo", func() {
		t.Toast.Offer(kit.Good, "34 people moved to Entasopia.", "Undo", "Ctrl Z", func() { t.Toast.Say(kit.Plain, "Taken back.") })
	})
	left := []fyne.CanvasObject{part("nothing there", kit.Panel(kit.NewEmpty("people", "Nobody is registered here yet", "Register the first person, or bring a list from a file.", kit.Primary("Register someone", nil)))),
		part("something failed", kit.Panel(kit.NewFailed("The list could not be read", "Nothing was lost. Try again; if it fails again, call HQ.", kit.Secondary("Try again", nil)))),
		part("being read", kit.Panel(kit.NewLoading("Reading 100,000 people …")))}
	right := []fyne.CanvasObject{part("answer to a scan", banner, refused), part("progress", line), part("work that can be stopped", work), part("message that goes by itself", kit.Flow(12, say, undo)),
		part("status", kit.Flow(16, chip(kit.Good, kit.MarkFull, "at HQ"), chip(kit.Dim, kit.MarkHalf, "courier file"), chip(kit.Quiet, kit.MarkRing, "this laptop"), chip(kit.Bad, kit.MarkQuestion, "question")))}
	return sides(left, right)
}

func chip(tone kit.Tone, mark, word string) fyne.CanvasObject {
	return kit.NewChip(kit.Status{Tone: tone, Mark: mark, Word: word})
}

func numbers(Tools) fyne.CanvasObject {
	here := kit.NewCard("Here now", "27", "")
	here.SetAfter("of 34")
	here.SetBar(27, 34)
	lit := kit.NewCard("People lit, measured", "1,046", "of 2,750 · show how this is counted ›")
	lit.SetAmber(true)
	cards := kit.Columns(16, []float32{1, 1, 1}, here, kit.NewCard("Trained so far", "112", "61 women · 38 under 25"), lit)
	bars := kit.NewBars([]kit.Bar{{Label: "Working", Value: 203, Text: "203", Tone: kit.Good}, {Label: "Dim", Value: 12, Text: "12", Tone: kit.Dim}, {Label: "Broken", Value: 6, Text: "6", Tone: kit.Bad},
		{Label: "Not seen since they were installed", Value: 84, Text: "84"}})
	photo := func(note string, i image.Image) *kit.Photo {
		p := kit.NewPhoto(240, 180)
		p.SetNote(note)
		p.SetImage(i)
		return p
	}
	photos := kit.Flow(16, photo("", evening(480, 360)), photo("", evening(240, 360)), photo("This photo is still at HQ. It comes with the next sync.", nil))
	return kit.Column(24, part("card", cards), part("chart", kit.Panel(bars)), part("photo", photos))
}
