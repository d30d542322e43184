package photos

import (
	"bytes"
	"context"

	"fyne.io/fyne/v2"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/photo"
	"kandili/ui/form"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Field is the photo of a form: what is chosen shows small; it can be replaced, removed and seen large. What the picture file tells
// of place and time is offered to the form and kept nowhere else.
type Field struct {
	Object *kit.Field

	env    *place.Env
	store  Store
	form   *form.View
	name   string // of the field
	picked func(text string)

	frame                   *Frame
	choose, remove, enlarge *kit.Button
	work                    *kit.Work
	offers                  *fyne.Container
	at                      blob.Name
	stop                    context.CancelFunc // of what is being made; nil: nothing
}

// Attach adds a photo field to a form.
func Attach(env *place.Env, s Store, v *form.View, name string) *Field {
	w := env.Words
	f := &Field{env: env, store: s, form: v, name: name, frame: NewFrame(env, s, 168, 126), work: kit.NewWork(w.T("sync.stop")), offers: kit.Column(8)}
	f.choose = kit.Secondary(w.T("photo.choose"), f.Choose)
	f.enlarge = kit.Secondary(w.T("photo.large"), func() { Large(env, s, f.at) })
	f.remove = kit.Secondary(w.T("photo.remove"), func() { f.set(blob.Name{}) })
	control := kit.Row(16, f.frame.Object, kit.Stretch(kit.Column(10, kit.Flow(8, f.choose, f.enlarge, f.remove), f.work, f.offers)))
	f.Object, f.picked = v.Own(name, control, f.put)
	f.put("")
	return f
}

// put shows what the form holds.
func (f *Field) put(text string) {
	f.cancel()
	f.at, _ = blob.ParseName(text)
	f.offers.RemoveAll()
	f.show()
}

func (f *Field) show() {
	w := f.env.Words
	f.frame.Show(f.at, w.T("photo.none"))
	f.choose.SetText(w.T("photo.choose"))
	if !f.at.IsZero() {
		f.choose.SetText(w.T("photo.replace"))
	}
	f.enlarge.Hidden, f.remove.Hidden = f.at.IsZero(), f.at.IsZero()
	kit.Relay(f.Object)
}

// set takes another photo, or none, as a person chose.
func (f *Field) set(name blob.Name) {
	if name.IsZero() {
		kit.Focus(f.choose) // the button that was pressed goes away
	}
	f.at = name
	f.offers.RemoveAll()
	text := ""
	if !name.IsZero() {
		text = name.String()
	}
	f.picked(text)
	f.show()
}

// Choose asks for a picture file.
func (f *Field) Choose() { Ask(f.env, f.Take) }

// Take makes a photo of a picture file beside the window. What is wrong with the file stands at the field, and what was there before
// stays.
func (f *Field) Take(path string) {
	f.from(func(ctx context.Context) (photo.Made, error) { return photo.ReadFile(ctx, path) })
}

// TakeShot is Take for a picture that a camera took: the content of a JPEG or PNG file.
func (f *Field) TakeShot(file []byte) {
	f.from(func(ctx context.Context) (photo.Made, error) { return photo.Make(ctx, bytes.NewReader(file)) })
}

func (f *Field) from(source func(context.Context) (photo.Made, error)) {
	f.cancel()
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.Object.SetError("")
	f.work.Begin(f.env.Words.T("photo.making"), f.cancel)
	kit.Relay(f.Object)
	kit.Focus(f.choose) // what was dropped is seen, too
	var name blob.Name
	var hints photo.Hints
	f.env.Sched.Run(ctx, func(ctx context.Context, _ task.Progress) error {
		made, err := source(ctx)
		if err != nil {
			return err
		}
		hints = made.Hints
		name, err = f.store.AddPhoto(made.Manifest, made.Files())
		return err
	}, func(err error) {
		f.cancel()
		if err != nil {
			f.Object.SetError(place.Sentences(f.env.Words.Problem(err)))
			kit.Reveal(f.choose) // the error stands below, where the form may end in sight
			f.env.Tell(err)      // the field may be out of sight by now
			return
		}
		f.set(name)
		f.offer(hints)
	})
}

func (f *Field) cancel() {
	if f.stop == nil {
		return
	}
	f.stop()
	f.stop = nil
	f.work.End()
	kit.Relay(f.Object)
}

// Arrived looks whether a photo that was waited for has come.
func (f *Field) Arrived() { f.frame.Again() }

// offer shows what the picture tells that the form does not say yet, each with a button that takes it over.
func (f *Field) offer(h photo.Hints) {
	w, m := f.env.Words, f.form.Model()
	if position := m.Spec().FieldByName("position"); position != nil && h.Located && m.Get("position") == "" {
		text := fieldwork.FormatValue(position, h.Position())
		f.offerButton(w.T("photo.position", w.Decimal(h.Lat, 4), w.Decimal(h.Lon, 4)), func() {
			f.form.Put("position", text)
			if m.Spec().FieldByName("position_source") != nil {
				f.form.Put("position_source", "photo")
			}
		})
	}
	day := h.Taken.Unix() / 86400
	if name := dayField(m.Spec()); name != "" && !h.Taken.IsZero() && day <= f.env.Today() {
		text := fieldwork.FormatValue(m.Spec().FieldByName(name), fieldwork.Int(day))
		if m.Get(name) != text {
			f.offerButton(w.T("photo.day", w.Day(day)), func() { f.form.Put(name, text) })
		}
	}
	kit.Relay(f.Object)
}

// dayField is the field that says when it happened what the photo shows; empty for none.
func dayField(spec *fieldwork.Spec) string {
	switch spec.Kind {
	case fieldwork.KindInstallation:
		return "date"
	case fieldwork.KindVisit:
		return "done"
	}
	return ""
}

func (f *Field) offerButton(word string, take func()) {
	var row fyne.CanvasObject
	row = kit.Flow(8, kit.Secondary(word, func() {
		kit.Focus(f.choose)
		take()
		f.offers.Remove(row)
		kit.Relay(f.Object)
	}))
	f.offers.Add(row)
}
