package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the first element of every import path of ours.
const module = "kandili"

// tree is all Go source of a repository, parsed but not type-checked.
type tree struct {
	fset  *token.FileSet
	files []*file
}

// file is one Go file. Paths have forward slashes and are relative to the top of the repository.
type file struct {
	path    string
	dir     string
	test    bool // a _test.go file
	ast     *ast.File
	imports []imported
}

// imported is one import line; name is what the file calls the package, "." and "_" included.
type imported struct {
	path, name string
	pos        token.Pos
}

// readTree parses every Go file below fsys that the go command would see: not those in testdata, nor in folders whose name
// begins with a dot or an underscore. build/ holds what make built.
func readTree(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(p, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		src, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		return t.add(p, src)
	})
	return t, err
}

func skipped(p, name string) bool {
	if p == "." {
		return false
	}
	return name[0] == '.' || name[0] == '_' || name == "testdata" || name == "node_modules" || p == "build"
}

func (t *tree) add(p string, src []byte) error {
	parsed, err := parser.ParseFile(t.fset, p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := &file{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), ast: parsed}
	for _, spec := range parsed.Imports {
		imp := imported{pos: spec.Pos()}
		if imp.path, err = strconv.Unquote(spec.Path.Value); err != nil {
			return err
		}
		imp.name = usualName(imp.path)
		if spec.Name != nil {
			imp.name = spec.Name.Name
		}
		f.imports = append(f.imports, imp)
	}
	t.files = append(t.files, f)
	return nil
}

// usualName guesses the name of a package from its path, without a major version at the end: ".../fyne/v2" is fyne.
func usualName(importPath string) string {
	base := path.Base(importPath)
	if _, err := strconv.Atoi(strings.TrimPrefix(base, "v")); err == nil && base[0] == 'v' {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// calls lists where f calls one of the named functions of the package importPath, under whatever name f imports it.
func (f *file) calls(importPath string, names ...string) []token.Pos {
	local := ""
	for _, imp := range f.imports {
		if imp.path == importPath {
			local = imp.name
		}
	}
	if local == "" {
		return nil
	}
	var at []token.Pos
	ast.Inspect(f.ast, func(n ast.Node) bool {
		// The function counts when it is passed on as a value, too.
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, sel.Sel.Name) {
			at = append(at, sel.Pos())
		}
		return true
	})
	return at
}

// goroutines lists where f starts one: a go statement, a method named Go (of a WaitGroup or an error group), time.AfterFunc.
func (f *file) goroutines() []token.Pos {
	at := f.calls("time", "AfterFunc")
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			at = append(at, n.Pos())
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" {
				at = append(at, n.Pos())
			}
		}
		return true
	})
	return at
}

// under says whether p, a folder or an import path, is one of the roots or lies below one.
func under(p string, roots ...string) bool {
	for _, root := range roots {
		if p == root || strings.HasPrefix(p, root+"/") {
			return true
		}
	}
	return false
}
