package help

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Kind is what a block of a page is.
type Kind int

// The kinds of blocks.
const (
	Text    Kind = iota // a paragraph
	Heading             // ## in the file
	Point               // - in the file
	Step                // 1. in the file; Number says which
	Picture             // ![name] in the file
)

// Block is one piece of a page.
type Block struct {
	Kind   Kind
	Text   string // a picture's name
	Number int
}

// Page is one page of the help.
type Page struct {
	Title  string
	Blocks []Block
}

// Start is the page for who is here for the first time, and for places without a page of their own.
const Start = "start"

// Read reads the page of a place in a language from assets.Help; a place without a page has that of the first day.
func Read(fsys fs.FS, lang, place string) (Page, error) {
	b, err := fs.ReadFile(fsys, path.Join(lang, place+".md"))
	if err != nil {
		b, err = fs.ReadFile(fsys, path.Join(lang, Start+".md"))
	}
	if err != nil {
		return Page{}, fmt.Errorf("read the help: %w", err)
	}
	return Parse(string(b)), nil
}

// Parse reads the few marks of Markdown that pages use: # title, ## heading, - point, 1. step, ![picture]; anything else is a paragraph,
// whose lines belong together until an empty one.
func Parse(text string) (p Page) {
	fresh := true // the next line begins a paragraph
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		number, step, isStep := cutStep(line)
		switch {
		case line == "":
			fresh = true
			continue
		case strings.HasPrefix(line, "# "):
			p.Title = line[2:]
		case strings.HasPrefix(line, "## "):
			p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: line[3:]})
		case strings.HasPrefix(line, "- "):
			p.Blocks = append(p.Blocks, Block{Kind: Point, Text: line[2:]})
		case strings.HasPrefix(line, "![") && strings.HasSuffix(line, "]"):
			p.Blocks = append(p.Blocks, Block{Kind: Picture, Text: line[2 : len(line)-1]})
		case isStep:
			p.Blocks = append(p.Blocks, Block{Kind: Step, Text: step, Number: number})
		case fresh:
			p.Blocks = append(p.Blocks, Block{Kind: Text, Text: line})
			fresh = false
			continue
		default:
			p.Blocks[len(p.Blocks)-1].Text += " " + line
			continue
		}
		fresh = true
	}
	return p
}

// cutStep reads "3. Press Enter".
func cutStep(line string) (number int, rest string, ok bool) {
	digits, rest, found := strings.Cut(line, ". ")
	if !found || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, "", false
	}
	if _, err := fmt.Sscan(digits, &number); err != nil {
		return 0, "", false
	}
	return number, rest, true
}
