package show

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

var (
	asked   = regexp.MustCompile(`\.T\("([^"]+)"[,)]`)
	counted = regexp.MustCompile(`\.N\("([^"]+)"[,)]`)
)

// Every key that the window asks for by its name is in the catalogue; a key put together while running is seen by the walk through the
// window (cmd/kandili).
func TestCatalogue_hasEveryKeyThatTheWindowAsksFor(t *testing.T) {
	w := load(t, "en")
	n := 0
	for _, root := range []string{"..", "../../cmd/kandili"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range asked.FindAllStringSubmatch(string(b), -1) {
				if n++; !w.Has(m[1]) {
					t.Errorf("%s asks for %q, which is in no catalogue", path, m[1])
				}
			}
			for _, m := range counted.FindAllStringSubmatch(string(b), -1) {
				if n++; !w.Has(m[1]+".one") || !w.Has(m[1]+".other") {
					t.Errorf("%s counts by %q, of which a form is in no catalogue", path, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Errorf("only %d keys were found in the source: has the call another name?", n)
	}
}

// What a form or a history shows has a word in the catalogue: fields and options of the kinds that people fill in.
func TestCatalogue_namesTheFieldsThatPeopleFillIn(t *testing.T) {
	w := load(t, "en")
	for _, kind := range []fieldwork.Kind{fieldwork.KindTrainee, fieldwork.KindHousehold, fieldwork.KindConsent, fieldwork.KindSession, fieldwork.KindLamp, fieldwork.KindInstallation, fieldwork.KindVisit} {
		spec := fieldwork.SpecOf(kind)
		for _, f := range spec.Fields {
			if key := "field." + spec.Name + "." + f.Name; !w.Has(key) {
				t.Errorf("no word for %s", key)
			}
			for _, o := range f.Options {
				if !w.Has("option."+o.Name) && !w.Has("lamp.status."+o.Name) {
					t.Errorf("no word for option.%s of %s.%s", o.Name, spec.Name, f.Name)
				}
			}
		}
	}
}
