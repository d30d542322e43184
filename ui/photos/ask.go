package photos

import (
	"path/filepath"
	"slices"
	"strings"

	"kandili/ui/kit"
	"kandili/ui/place"
)

// Ask lets a person choose a picture file: the newest ones are listed, any other can be typed, or dropped on the window without asking.
func Ask(env *place.Env, chosen func(path string)) {
	w := env.Words
	var all []string
	if env.Pictures != nil {
		all = env.Pictures()
	}
	shown := all
	rows := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: shown[i], Title: filepath.Base(shown[i]), Sub: filepath.Dir(shown[i])}
	})
	list := func() {
		rows.SetCount(len(shown))
		if len(shown) > 0 {
			rows.SelectID(shown[0])
		}
	}
	list()
	name := kit.NewEntry(w.T("photo.name"))
	field := kit.NewField(w.T("photo.file"), name, w.T("photo.file.hint"))
	name.OnKey = rows.Key
	name.OnChanged = func(s string) {
		field.SetError("")
		shown = matching(all, s)
		list()
	}
	var d *kit.Dialog
	name.OnSubmitted = func(string) { d.Yes() }
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(env.Canvas(), kit.Ask{Title: w.T("photo.ask"), Body: kit.Column(12, field, kit.Fixed(0, 224, rows)),
		Yes: w.T("photo.take"), No: w.T("do.cancel"), First: name, Width: 620, OnYes: func() bool {
			path := strings.TrimSpace(name.Text)
			if i := rows.SelectedIndex(); i >= 0 && i < len(shown) {
				path = shown[i]
			}
			if path == "" {
				field.SetError(w.T("photo.file.none"))
				return false
			}
			chosen(path)
			return true
		}})
}

// matching are the paths that hold what was typed, whatever the capitals.
func matching(all []string, text string) []string {
	text = strings.ToLower(strings.TrimSpace(text))
	return slices.DeleteFunc(slices.Clone(all), func(path string) bool { return !strings.Contains(strings.ToLower(path), text) })
}

// IsPicture says by its name that a file may be a picture, so that what is dropped on a form goes to its photo.
func IsPicture(path string) bool {
	return slices.Contains([]string{".jpg", ".jpeg", ".png", ".heic", ".gif", ".webp", ".bmp", ".tif", ".tiff"}, strings.ToLower(filepath.Ext(path)))
}
