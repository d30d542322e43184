// Package uitest shows parts of the window in tests: a fixed theme and size, keys, visible texts, the order of Tab and pictures to
// compare with. Only tests of ui import it. One window for each test, and no t.Parallel: the toolkit keeps globals.
package uitest

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"image"
	"image/png"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"kandili/ui/theme"
)

// Window is a part of the program under test.
type Window struct {
	t   testing.TB
	win fyne.Window
}

// New shows what build makes at a size, in the light theme. build is called when the theme stands, which widgets ask for colours.
func New(t testing.TB, width, height float32, build func() fyne.CanvasObject) *Window {
	return NewIn(t, theme.New(theme.Light, 1), width, height, build)
}

// NewIn is New in another theme.
func NewIn(t testing.TB, th fyne.Theme, width, height float32, build func() fyne.CanvasObject) *Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(th)
	win := test.NewTempWindow(t, build())
	win.SetPadded(false)
	w := &Window{t, win}
	win.Resize(fyne.NewSize(width, height))
	w.Settle()
	return w
}

// Settle lays everything out again: the test canvas does not do so by itself when a text grows.
func (w *Window) Settle() {
	s := w.win.Canvas().Size()
	for range 2 { // wrapped text knows its height only once it knows its width
		w.win.Resize(s.AddWidthHeight(1, 1))
		w.win.Resize(s)
	}
}

// Fit makes the window as high as its content.
func (w *Window) Fit() {
	for range 3 { // wrapped texts know their height once they know their width
		w.win.Resize(fyne.NewSize(w.Canvas().Size().Width, w.Canvas().Content().MinSize().Height))
		w.Settle()
	}
}

// Canvas is where dialogs go.
func (w *Window) Canvas() fyne.Canvas { return w.win.Canvas() }

// Type types into what has the focus.
func (w *Window) Type(s string) {
	w.t.Helper()
	for _, r := range s {
		f := w.Canvas().Focused()
		if f == nil {
			w.t.Fatalf("nothing has the focus to type %q into", s)
		}
		f.TypedRune(r)
	}
}

// Key presses a key on what has the focus, or on the window when nothing has.
func (w *Window) Key(name fyne.KeyName) {
	ev := &fyne.KeyEvent{Name: name}
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(ev)
	} else if h := w.Canvas().OnTypedKey(); h != nil {
		h(ev)
	}
}

// Tab moves the focus on.
func (w *Window) Tab() {
	w.Settle() // what came or went since is in the order, too
	test.FocusNext(w.Canvas())
}

// Golden compares the window with testdata/name; UPDATE_GOLDEN=1 writes it instead. A picture that differs is kept below
// testdata/failed.
func (w *Window) Golden(name string) {
	w.t.Helper()
	w.Settle()
	Golden(w.t, w.Canvas(), name)
}

// Golden is Window.Golden for any canvas that is laid out.
func Golden(t testing.TB, c fyne.Canvas, name string) {
	t.Helper()
	got := capture(c)
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		write(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if share := differing(got, want); share > 0.002 {
		failed := filepath.Join("testdata", "failed", name)
		write(t, failed, got)
		t.Errorf("%.1f %% of the picture differ from %s; see %s", 100*share, path, failed)
	}
}

func write(t testing.TB, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// differing is the share of pixels that look different, 1 for pictures of different sizes. Processors round differently by a hair.
func differing(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	const hair = 6 << 8 // of 65,535
	apart := func(x, y uint32) bool { return max(x, y)-min(x, y) > hair }
	n := 0
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if apart(r1, r2) || apart(g1, g2) || apart(b1, b2) {
				n++
			}
		}
	}
	return float64(n) / float64(r.Dx()*r.Dy())
}

// TapText presses the first visible thing whose text is s.
func (w *Window) TapText(s string) {
	w.t.Helper()
	for _, root := range w.roots() {
		if o := tappableWith(root, s, nil); o != nil {
			o.Tapped(&fyne.PointEvent{})
			w.Settle()
			return
		}
	}
	w.t.Fatalf("nothing to press says %q; there is %q", s, w.Texts())
}

// roots are what can be reached: the dialog on top, or the content.
func (w *Window) roots() []fyne.CanvasObject {
	if top := w.Canvas().Overlays().Top(); top != nil {
		return []fyne.CanvasObject{top}
	}
	return []fyne.CanvasObject{w.Canvas().Content()}
}

// Texts are the visible texts of what can be reached.
func (w *Window) Texts() []string {
	var out []string
	for _, root := range w.roots() {
		out = append(out, Texts(root)...)
	}
	return out
}

// Texts are the visible texts below root in the order of the tree.
func Texts(root fyne.CanvasObject) []string {
	var out []string
	walk(root, func(o fyne.CanvasObject) {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" {
			out = append(out, t.Text)
		}
	})
	return out
}

// TabOrder names what Tab stops at: the text of a button, else the first text within, else the kind of widget.
func TabOrder(root fyne.CanvasObject) []string {
	var out []string
	walk(root, func(o fyne.CanvasObject) {
		f, ok := o.(fyne.Focusable)
		if !ok {
			return
		}
		if d, ok := f.(fyne.Disableable); ok && d.Disabled() {
			if _, asked := f.(interface{ SetWrong(bool) }); asked {
				return // Fyne's own inputs are left out while disabled
			}
		}
		name := reflect.TypeOf(o).Elem().Name()
		if texts := Texts(o); len(texts) > 0 {
			name = texts[0]
		}
		out = append(out, name)
	})
	return out
}

// Stops are the widgets that Tab stops at below root, in order.
func Stops(root fyne.CanvasObject) (out []fyne.Focusable) {
	walk(root, func(o fyne.CanvasObject) {
		if f, ok := o.(fyne.Focusable); ok {
			out = append(out, f)
		}
	})
	return out
}

// walk visits the visible objects below o, those that widgets draw included.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	for _, child := range below(o) {
		walk(child, visit)
	}
}

func below(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *widget.PopUp:
		return []fyne.CanvasObject{o.Content}
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// tappableWith finds the innermost tappable object around the text s.
func tappableWith(o fyne.CanvasObject, s string, around fyne.Tappable) fyne.Tappable {
	if o == nil || !o.Visible() {
		return nil
	}
	if t, ok := o.(*canvas.Text); ok && t.Text == s {
		return around
	}
	if t, ok := o.(fyne.Tappable); ok {
		around = t
	}
	for _, child := range below(o) {
		if found := tappableWith(child, s, around); found != nil {
			return found
		}
	}
	return nil
}
