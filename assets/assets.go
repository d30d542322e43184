// Package assets holds the files that are built into the programs: fonts, icons, label formats, the catalogues of words
// and the dictionaries of the wire. It has no logic and imports the standard library only; everyone may import it.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed fonts/*.ttf
var fonts embed.FS

//go:embed icons/*.svg icon.png
var icons embed.FS

//go:embed labels/labels.json
var labels []byte

//go:embed lang
var lang embed.FS

//go:embed help
var help embed.FS

//go:embed dictionaries/*.zdict
var dictionaries embed.FS

// Font is a TrueType file: "NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular", and for names on paper
// "NotoNaskhArabic-Regular" and "NotoSansDevanagari-Regular". It panics on any other name.
// The caller must not change the bytes.
func Font(name string) []byte { return must(fonts, "fonts/"+name+".ttf") }

// Icon is an SVG of 24 by 24 drawn in black: "home", "lamp", "check" and so on, the files of icons/. It panics on an unknown name.
func Icon(name string) []byte { return must(icons, "icons/"+name+".svg") }

// AppIcon is the mark of the program, a PNG of 512 by 512.
func AppIcon() []byte { return must(icons, "icon.png") }

// Labels is the table of label formats, JSON as internal/paper reads it. The caller must not change the bytes.
func Labels() []byte { return labels }

// Lang holds one folder for each language, and in it one JSON file for each place of the program.
func Lang() fs.FS {
	sub, err := fs.Sub(lang, "lang")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return sub
}

// Help holds one folder for each language, and in it one Markdown file for each place of the window.
func Help() fs.FS {
	sub, err := fs.Sub(help, "help")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return sub
}

// Dictionaries are the zstd dictionaries of sync/wire, the one to write with last. Each stays for ever, because what
// was packed with it can be read with it only. The caller must not change the bytes.
func Dictionaries() [][]byte {
	list := make([][]byte, len(dictionaryNames))
	for i, name := range dictionaryNames {
		list[i] = must(dictionaries, "dictionaries/"+name+".zdict")
	}
	return list
}

// dictionaryNames are the first 16 hexadecimal digits of the files' SHA-256, oldest first. Add at the end, remove
// nothing.
var dictionaryNames = []string{"30987b41cb66aeb9"}

// must panics: a name that is not built in is a mistake in our source, not something a person can cause.
func must(fsys embed.FS, name string) []byte {
	b, err := fsys.ReadFile(name)
	if err != nil {
		panic("assets: " + err.Error())
	}
	return b
}
