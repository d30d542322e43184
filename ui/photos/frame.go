package photos

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"

	"fyne.io/fyne/v2"

	"kandili/internal/blob"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/task"
)

// Frame shows the preview of a photo, or says that it has not come yet. What it shows is read and decoded beside the window.
type Frame struct {
	Object *kit.Photo

	env   *place.Env
	store Store
	name  blob.Name
	turn  int // the last reading counts
}

// NewFrame is an empty frame.
func NewFrame(env *place.Env, s Store, width, height float32) *Frame {
	return &Frame{Object: kit.NewPhoto(width, height), env: env, store: s}
}

// Show shows a photo; none is the words for the zero name.
func (f *Frame) Show(name blob.Name, none string) {
	if name == f.name && f.Object.HasImage() {
		return
	}
	f.name = name
	f.turn++
	if name.IsZero() {
		f.Object.SetImage(nil)
		f.Object.SetNote(none)
		return
	}
	turn := f.turn
	Preview(f.env, f.store, name, func(pic image.Image) {
		if turn != f.turn {
			return
		}
		f.Object.SetImage(pic)
		if pic == nil {
			f.Object.SetNote(f.env.Words.T("photo.waits"))
		}
	})
}

// Again looks whether a photo that was waited for has come.
func (f *Frame) Again() {
	if !f.name.IsZero() && !f.Object.HasImage() {
		f.Show(f.name, "")
	}
}

// Reader gives the images that are here; *store.Store is one. It may be called from any goroutine.
type Reader interface {
	Photo(name blob.Name, size blob.Size) ([]byte, error)
}

// Preview reads the small image of a photo beside the window; done gets nil where it is not here.
func Preview(env *place.Env, s Reader, name blob.Name, done func(image.Image)) {
	load(env, s, name, blob.Preview, done)
}

// load reads an image beside the window; done gets nil where it is not here or is no picture. An image may come from a stranger's
// laptop, so its size is looked at before it is decoded.
func load(env *place.Env, s Reader, name blob.Name, size blob.Size, done func(image.Image)) {
	var pic image.Image
	env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		file, err := s.Photo(name, size)
		if err != nil {
			return nil
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(file)); err != nil || c.Width*c.Height > mostPixels {
			return nil
		}
		if p, err := jpeg.Decode(bytes.NewReader(file)); err == nil {
			pic = p
		}
		return nil
	}, func(error) { done(pic) })
}

// mostPixels is more than any image has that this program makes.
const mostPixels = 4 << 20

// Large shows a photo as large as the window lets it. Where only the preview is here, the large one is asked for.
func Large(env *place.Env, s Store, name blob.Name) {
	w := env.Words
	size := env.Canvas().Size()
	frame := kit.NewPhoto(min(size.Width-160, 960), min(size.Height-240, 720))
	frame.SetNote(w.T("photo.opening"))
	said := kit.NewSub("")
	kit.ShowDialog(env.Canvas(), kit.Ask{Title: w.T("photo.title"), Body: kit.Column(8, frame, said), Yes: w.T("do.close"), Width: min(size.Width-120, 1000)})
	from := blob.Working
	if !s.PhotoState(name).Of(blob.Working).Whole {
		from = blob.Preview
		if err := s.WishPhoto(name); err != nil {
			env.Tell(err)
		}
		said.SetText(w.T("photo.small.only"))
	}
	load(env, s, name, from, func(pic image.Image) {
		frame.SetImage(pic)
		if pic == nil {
			frame.SetNote(w.T("photo.waits"))
		}
		kit.Relay(frame)
	})
}

// Plate is a framed photo of a record with a button to see it large; nil where the record has none.
func Plate(env *place.Env, s Store, name blob.Name) fyne.CanvasObject {
	if name.IsZero() {
		return nil
	}
	f := NewFrame(env, s, 240, 180)
	f.Show(name, "")
	return kit.Row(16, f.Object, kit.Secondary(env.Words.T("photo.large"), func() { Large(env, s, name) }))
}
