package gallery_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kandili/ui/gallery"
	"kandili/ui/task"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// Every page in every theme.
func TestGallery_looksAsAgreed(t *testing.T) {
	for _, look := range gallery.Themes {
		for _, p := range gallery.Pages {
			t.Run(p.ID+"-"+look, func(t *testing.T) {
				w := uitest.NewIn(t, theme.New(look, 1), 1040, 100, func() fyne.CanvasObject { return page(p) })
				w.Fit()
				w.Golden(p.ID + "-" + look + ".png")
			})
		}
	}
}

func page(p gallery.Page) fyne.CanvasObject {
	return gallery.Bare(p)
}

func TestGallery_isOperatedByKeys(t *testing.T) {
	app := test.NewTempApp(t)
	win := test.NewTempWindow(t, nil)
	win.Resize(fyne.NewSize(1280, 770))
	gallery.Open(win, app.Settings(), task.NewStep())
	key := func(k fyne.KeyName) { win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }
	if got := look(app); got != theme.Light {
		t.Errorf("begins in %s", got)
	}
	key(fyne.KeyF2)
	key(fyne.KeyF2)
	if got := look(app); got != theme.Sunlight {
		t.Errorf("F2 twice leads to %s", got)
	}
	key(fyne.KeyDown)
	key(fyne.KeyReturn)
	if got := strings.Join(uitest.Texts(win.Canvas().Content()), "|"); !strings.Contains(got, "To mend: Given name, Birth year") {
		t.Errorf("Down and Enter lead to %s", got)
	}
}

func look(app fyne.App) string { return app.Settings().Theme().(*theme.Theme).Variant() }
