package storage_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// called are the names of all methods that the tests of this package call.
func called(t *testing.T) map[string]bool {
	t.Helper()
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range tests {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if method, ok := call.Fun.(*ast.SelectorExpr); ok {
					names[method.Sel.Name] = true
				}
			}
			return true
		})
	}
	return names
}

// Whatever package bot promises of its store, a test here asks for.
func TestEveryPromiseIsAskedFor(t *testing.T) {
	asked := called(t)
	for _, promise := range []reflect.Type{reflect.TypeFor[bot.Store](), reflect.TypeFor[bot.Tx]()} {
		for method := range promise.Methods() {
			if !asked[method.Name] {
				t.Errorf("%s.%s is asked for in no test", promise.Name(), method.Name)
			}
		}
	}
}
