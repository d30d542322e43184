package layout

import (
	"os"
	"testing"
	"testing/fstest"
)

// top is the top of the repository as seen from this package's folder, where go test runs it.
const top = "../.."

func TestRepository_keepsEveryRule(t *testing.T) {
	got, err := readTree(os.DirFS(top))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		for _, f := range r.check(got) {
			t.Errorf("%v: %s\n\trule: %s\n\twhy:  %s", f.where, f.what, r.name, r.why)
		}
	}
}

// A rule that cannot go red guards nothing: each one finds its own planted violation, and no other rule mistakes it for its own.
func TestRules_findWhatIsPlanted(t *testing.T) {
	for _, planted := range rules {
		t.Run(planted.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, source := range planted.plant {
				fsys[name] = &fstest.MapFile{Data: []byte(source)}
			}
			got, err := readTree(fsys)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rules {
				found := r.check(got)
				if r.name == planted.name && len(found) == 0 {
					t.Errorf("%q did not go red", r.name)
				}
				if r.name != planted.name && len(found) != 0 && !alsoBreaks(planted.name, r.name) {
					t.Errorf("%q went red, too: %v", r.name, found)
				}
			}
		})
	}
}

// alsoBreaks names the pairs where one import is wrong for two reasons.
func alsoBreaks(planted, other string) bool {
	return planted == "no Go file stands directly in sync/" && other == "arrows go one way" // it stands on no floor either
}

func TestLayers_newPackageMustSayWhereItStands(t *testing.T) {
	got, err := readTree(fstest.MapFS{"internal/newcomer/a.go": {Data: []byte("package newcomer\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if found := upwardImports(got); len(found) != 1 {
		t.Errorf("got %v, want one finding about internal/newcomer", found)
	}
}

func TestTree_leavesOutWhatGoLeavesOut(t *testing.T) {
	broken := &fstest.MapFile{Data: []byte("not Go")}
	got, err := readTree(fstest.MapFS{
		"build/a.go":                       broken,
		"internal/store/testdata/a.go":     broken,
		".ci/a.go":                         broken,
		"internal/store/build/a.go":        {Data: []byte("package build\n")}, // only the top's build/ is make's
		"internal/store/a_test.go":         {Data: []byte("package store\n")},
		"internal/store/_old/abandoned.go": broken,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.files) != 2 {
		t.Errorf("got %d files, want 2", len(got.files))
	}
}

func TestGoroutines_areSeenInEveryForm(t *testing.T) {
	forms := map[string]string{
		"go statement": "package people\n\nfunc f() { go f() }\n",
		"wait group":   "package people\n\nimport \"sync\"\n\nfunc f() { var wg sync.WaitGroup; wg.Go(f) }\n",
		"timer":        "package people\n\nimport \"time\"\n\nfunc f() { time.AfterFunc(1, f) }\n",
		"fyne.Do":      "package people\n\nimport \"fyne.io/fyne/v2\"\n\nfunc f() { fyne.DoAndWait(f) }\n",
		"as a value":   "package people\n\nimport \"fyne.io/fyne/v2\"\n\nvar later = fyne.Do\n",
	}
	for name, source := range forms {
		t.Run(name, func(t *testing.T) {
			for path, want := range map[string]int{"ui/people/screen.go": 1, onlyGoroutines: 0, "ui/people/screen_test.go": 0} {
				got, err := readTree(fstest.MapFS{path: {Data: []byte(source)}})
				if err != nil {
					t.Fatal(err)
				}
				if found := strayGoroutines(got); len(found) != want {
					t.Errorf("%s: got %d findings, want %d", path, len(found), want)
				}
			}
		})
	}
}
