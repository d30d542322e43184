package help

import (
	"fyne.io/fyne/v2"

	"kandili/ui/kit"
	"kandili/ui/show"
)

// drawings are the pictures of the pages by name. They are made of the parts that the window itself is made of, so that they look like
// it in every language, theme and size; none of them can be pressed or takes the focus.
var drawings = map[string]func(w *show.Words) fyne.CanvasObject{
	"places": func(w *show.Words) fyne.CanvasObject {
		row := kit.Flow(16)
		for _, p := range [][2]string{{"home", "today"}, {"people", "people"}, {"checkin", "checkin"}, {"lamp", "lamps"}, {"sync", "sync"}} {
			row.Add(kit.Labelled(p[0], w.T("nav."+p[1])))
		}
		return row
	},
	"todo": func(w *show.Words) fyne.CanvasObject {
		return kit.Column(8, todo(w, kit.Bad, kit.MarkQuestion, "contested"), todo(w, kit.Dim, "lessons", "draft"), todo(w, kit.Plain, "people", "consent"))
	},
	"search": func(w *show.Words) fyne.CanvasObject {
		return kit.Column(10, kit.Sketch("nasi"), kit.NewBold("Nasieku Ole Ntutu"), kit.NewSub("KJ2-0088-K · 1994 · Oldonyo Nyokie"), kit.NewBold("Nasieku Parsitau"), kit.NewSub("KJ4-0217-X · 1987 · Olkiramatian"))
	},
	"form": func(w *show.Words) fyne.CanvasObject {
		return kit.Wrong(w.T("field.trainee.birth_year"), "2031", w.T("fault.birth-year", "", "1907", "2027"))
	},
	"marks": func(w *show.Words) fyne.CanvasObject {
		return kit.Flow(20, mark(w, kit.Quiet, kit.MarkRing, "this_laptop"), mark(w, kit.Dim, kit.MarkHalf, "courier"), mark(w, kit.Good, kit.MarkFull, "hq"),
			mark(w, kit.Good, kit.MarkCheck, "accepted"), mark(w, kit.Bad, kit.MarkQuestion, "question"))
	},
	"good": func(w *show.Words) fyne.CanvasObject {
		return answer(kit.Good, kit.MarkCheck, "Nasieku Ole Ntutu", w.T("checkin.welcome")+" · "+w.T("checkin.here.of", "28", "34"))
	},
	"twice": func(w *show.Words) fyne.CanvasObject {
		return answer(kit.Dim, kit.MarkWarning, w.T("checkin.refused.already_in"), w.T("checkin.refused.already_in.at", "Nasieku Ole Ntutu", "08:41"))
	},
	"refused": func(w *show.Words) fyne.CanvasObject {
		return answer(kit.Bad, kit.MarkCross, w.T("checkin.refused.unknown"), w.T("checkin.refused.unknown.line"))
	},
}

// draw is the picture of that name, nil when there is none.
func draw(w *show.Words, name string) fyne.CanvasObject {
	make, ok := drawings[name]
	if !ok {
		return nil
	}
	return make(w)
}

func todo(w *show.Words, tone kit.Tone, sign, what string) fyne.CanvasObject {
	return kit.Row(12, kit.Sign(sign, tone), kit.Stretch(kit.NewText(w.N("today.todo."+what, 3))), kit.NewSub(w.T("today.do."+what)+" ›"))
}

func mark(w *show.Words, tone kit.Tone, sign, where string) fyne.CanvasObject {
	return kit.NewChip(kit.Status{Tone: tone, Mark: sign, Word: w.T("where." + where)})
}

func answer(tone kit.Tone, sign, name, line string) fyne.CanvasObject {
	b := kit.NewBanner()
	b.Answer(tone, sign, name, line)
	return kit.Fixed(0, 120, b)
}

// Drawn says whether there is a picture of that name.
func Drawn(name string) bool { return drawings[name] != nil }
