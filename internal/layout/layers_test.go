package layout

import (
	"fmt"
	"strings"
)

// layers puts every package of ours on a floor; a package may import its own floor and those below. The longest entry that fits
// a folder counts. A new package goes in here, with the people who know why it stands where it stands.
var layers = map[string]int{
	"assets":             0, // embedded files, no logic
	"internal/fieldwork": 0,

	"internal/blob":    1,
	"internal/journal": 1,
	"internal/vault":   1,
	"sync/wire":        1,

	"internal/photo":    2,
	"internal/store":    2,
	"internal/paper":    2,
	"internal/camera":   2,
	"internal/chime":    2,
	"internal/sheets":   2,
	"internal/lens":     2,
	"internal/practice": 2,
	"sync/exchange":     2,
	"sync/road":         2,
	"sync/synctest":     2,

	"internal/hq":     3,
	"internal/laptop": 3,
	"ui":              3,

	// Programs and what drives them from outside.
	"cmd":                       4,
	"internal/acceptance":       4,
	"internal/attacks":          4, // real HQs and laptops against somebody who means harm
	"internal/bench":            4,
	"internal/journey":          4,
	"internal/layout":           4,
	"internal/practice/playday": 4,
	"internal/practice/train":   4,
}

// floor is the layer of a folder, or false when no entry fits.
func floor(dir string) (int, bool) {
	best, at, found := -1, 0, false
	for root, layer := range layers {
		if under(dir, root) && len(root) > best {
			best, at, found = len(root), layer, true
		}
	}
	return at, found
}

// upwardImports finds imports that point to a higher floor, and packages that stand on none. Tests are free to fetch data and
// helpers from above.
func upwardImports(t *tree) []finding {
	var out []finding
	homeless := map[string]bool{}
	for _, f := range t.files {
		from, known := floor(f.dir)
		if !known && !homeless[f.dir] {
			homeless[f.dir] = true
			out = append(out, t.at(f.ast.Package, f.dir+" has no place in the layers yet: add it to layers_test.go"))
		}
		if !known || f.test {
			continue
		}
		for _, imp := range f.imports {
			dir, ours := strings.CutPrefix(imp.path, module+"/")
			if !ours {
				continue
			}
			if to, ok := floor(dir); ok && to > from {
				out = append(out, t.at(imp.pos, fmt.Sprintf("%s (floor %d) imports %s (floor %d)", f.dir, from, dir, to)))
			}
		}
	}
	return out
}
