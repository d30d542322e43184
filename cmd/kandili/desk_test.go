package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A village is called as its people call it; its papers stay in their folder.
func TestSavePaper_staysInItsFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	d := &desk{}
	for name, want := range map[string]string{
		"Oldonyo Nyokie lamps.csv": "Oldonyo Nyokie lamps.csv",
		"../../A/B lamps.csv":      "-..-A-B lamps.csv",
		"C:\\x?.pdf":               "C--x-.pdf",
		"..":                       "Kandili",
		"Aïssatou فاطمة.pdf":       "Aïssatou فاطمة.pdf",
	} {
		path, err := d.SavePaper(name, func(w io.Writer) error {
			_, err := io.WriteString(w, name)
			return err
		})
		if err != nil || path != filepath.Join(home, "Kandili", want) {
			t.Errorf("%q is saved as %q, %v, want %q", name, path, err, want)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != name {
			t.Errorf("%s: %q %v", path, b, err)
		}
	}
}
