// Package show turns what the program knows into words, numbers and dates a person reads, in the five languages. It imports no
// Fyne: the window, HQ's pages and paper all use it.
package show

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"kandili/assets"
)

// Lang is one language of the program.
type Lang struct {
	Code string // the folder of its catalogue: "en", "fr", "pt-BR", "sw", "fil"
	Name string // what its speakers call it
}

// Langs are all languages, English, the source of the others, first.
func Langs() []Lang {
	return []Lang{{"en", "English"}, {"fr", "Français"}, {"pt-BR", "Português"}, {"sw", "Kiswahili"}, {"fil", "Filipino"}}
}

// Words are the sentences of one language. They never change after Load and are safe from several goroutines.
type Words struct {
	code  string
	words map[string]string
}

// Load reads the catalogue of a language, all its files merged. An unknown language is an error.
func Load(lang string) (*Words, error) {
	for _, l := range Langs() {
		if l.Code == lang {
			words, err := catalogue(assets.Lang(), lang)
			if err != nil {
				return nil, fmt.Errorf("load the words of %q: %w", lang, err)
			}
			return &Words{lang, words}, nil
		}
	}
	return nil, fmt.Errorf("there is no language %q", lang)
}

// catalogue merges <lang>/*.json. The same key in two files is an error: one place would change the words of another.
func catalogue(fsys fs.FS, lang string) (map[string]string, error) {
	names, err := fs.Glob(fsys, path.Join(lang, "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var some map[string]string
		if err := json.Unmarshal(b, &some); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range some {
			if _, twice := all[k]; twice {
				return nil, fmt.Errorf("%s: the key %q is in another file, too", name, k)
			}
			all[k] = v
		}
	}
	return all, nil
}

// Code is the language: "en", "pt-BR".
func (w *Words) Code() string { return w.code }

// T is the sentence of key with {0}, {1}, ... replaced by args. A key that is missing shows itself.
func (w *Words) T(key string, args ...any) string {
	s, ok := w.words[key]
	if !ok {
		return key
	}
	return fill(s, args)
}

// Has says whether the catalogue knows key.
func (w *Words) Has(key string) bool { _, ok := w.words[key]; return ok }

// N is the sentence of key for a count: the catalogue holds key+".one" and key+".other". {0} is n, written as the language
// writes numbers; args follow from {1} on.
func (w *Words) N(key string, n int, args ...any) string {
	form := ".other"
	if one(w.code, n) {
		form = ".one"
	}
	return w.T(key+form, append([]any{w.Number(n)}, args...)...)
}

// one follows the plural rules of CLDR 46 for whole numbers.
func one(lang string, n int) bool {
	switch lang {
	case "fr", "pt-BR":
		return n == 0 || n == 1
	case "fil":
		d := n % 10
		return d != 4 && d != 6 && d != 9
	}
	return n == 1
}

// fill replaces {0} to {9}. A placeholder without an argument stays, so that the mistake is seen.
func fill(s string, args []any) string {
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), fmt.Sprint(a))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
