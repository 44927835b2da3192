package flows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/locales"
)

// keyLike is what a key looks like; a literal of another form is none.
var keyLike = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)

// sources is what the program's own text says about the texts it asks for.
type sources struct {
	keyAt   map[string]int // functions that take a key, and the place of the parameter
	asked   []locales.Use
	strings []string // every literal that may be a key
	labels  []string // keys, and beginnings of keys, that stand on buttons
}

// walkSources reads the Go files of some folders.
func walkSources(t *testing.T, dirs ...string) *sources {
	t.Helper()
	s := &sources{keyAt: map[string]int{"T": 0, "Has": 0, "In": 1, "Text": 1, "text": 1}}
	var files []*ast.File
	for _, dir := range dirs {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no sources in %s: %v", dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	for _, f := range files {
		ast.Inspect(f, s.learn)
	}
	for _, f := range files {
		ast.Inspect(f, s.look)
	}
	return s
}

// learn notes functions of which a parameter is called key.
func (s *sources) learn(n ast.Node) bool {
	f, ok := n.(*ast.FuncDecl)
	if !ok {
		return true
	}
	at := 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if name.Name == "key" && isString(field.Type) {
				s.keyAt[f.Name.Name] = at
			}
			at++
		}
	}
	return true
}

func isString(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == "string"
}

// look notes what a piece of source asks for.
func (s *sources) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if key, ok := literal(n); ok {
			s.strings = append(s.strings, key)
		}
	case *ast.CallExpr:
		s.call(n)
	case *ast.AssignStmt:
		s.assign(n)
	case *ast.KeyValueExpr:
		s.label(n)
	}
	return true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil && keyLike.MatchString(value)
}

// call notes a key that is handed to a function which takes one, with the names that are filled in where all are told.
func (s *sources) call(c *ast.CallExpr) {
	name := ""
	switch f := c.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	at, takes := s.keyAt[name]
	if !takes || len(c.Args) <= at {
		return
	}
	key, ok := literal(c.Args[at])
	if !ok {
		return
	}
	use := locales.Use{Key: key, Optional: name == "Has"}
	if slices.Contains([]string{"T", "In", "Say", "Answer", "Refuse"}, name) && !c.Ellipsis.IsValid() {
		use.Args = names(c.Args[at+1:])
	}
	s.asked = append(s.asked, use)
}

// names are those that a call fills in, and the one that is filled in everywhere.
func names(args []ast.Expr) []string {
	all := []string{"emergency"}
	for i := 0; i < len(args); i += 2 {
		lit, ok := args[i].(*ast.BasicLit)
		if !ok {
			return nil
		}
		name, err := strconv.Unquote(lit.Value)
		if err != nil {
			return nil
		}
		all = append(all, name)
	}
	return all
}

// assign notes a key that a variable of that name gets.
func (s *sources) assign(a *ast.AssignStmt) {
	for i, left := range a.Lhs {
		name, ok := left.(*ast.Ident)
		if !ok || name.Name != "key" || i >= len(a.Rhs) {
			continue
		}
		if key, ok := literal(a.Rhs[i]); ok {
			s.asked = append(s.asked, locales.Use{Key: key})
		}
	}
}

// label notes what a button says: a key, or how a key begins that is put together.
func (s *sources) label(kv *ast.KeyValueExpr) {
	field, ok := kv.Key.(*ast.Ident)
	if !ok || field.Name != "Label" {
		return
	}
	ast.Inspect(kv.Value, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		value, err := strconv.Unquote(lit.Value)
		if err == nil && strings.Contains(value, ".") {
			s.labels = append(s.labels, value)
		}
		return true
	})
}

// uses are the texts that the sources ask for. A literal that nobody is seen to ask for counts if there is such a text.
func (s *sources) uses(known map[string]bool) []locales.Use {
	used := slices.Clone(s.asked)
	for i := range used {
		used[i].Button = slices.Contains(s.labels, used[i].Key)
	}
	for _, key := range s.strings {
		if known[key] {
			used = append(used, locales.Use{Key: key, Button: slices.Contains(s.labels, key)})
		}
	}
	return used
}
