package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// way is one way out of a place where a program chooses: a condition that is true, or false, or a case that is taken.
type way struct {
	file  string // from the top of the project
	line  int
	in    string // the function
	words string // the condition, or the case
	out   string // "true", "false" or "taken"
	n     int    // of those with the same words in the function, from 1
}

// String is how a way is named in [unreachable]: without its line, which moves.
func (w way) String() string {
	name := fmt.Sprintf("%s %s: %s is never %s", w.file, w.in, w.words, w.out)
	if w.n > 1 {
		name += fmt.Sprintf(" (%d)", w.n)
	}
	return name
}

// probes finds the ways of some files, and puts a call on each. The calls stand on the lines of what they look at, so that every
// line keeps its number.
type probes struct {
	ways []way

	fset  *token.FileSet
	file  string
	text  string
	in    string // the function that is looked at
	calls []call
}

// call is something to be put into a text.
type call struct {
	at    int
	words string
}

// probeFile is what is called, beside the files of a package. Who went a way for the first time notes it at once, in the file
// that PROBED names, so that programs that are killed, and those that tests start, tell it as well.
const probeFile = `package %s

import (
	"os"
	"sync"
)

var ways sync.Map

func went(way int64) {
	if _, known := ways.LoadOrStore(way, true); known {
		return
	}
	f, err := os.OpenFile(os.Getenv("PROBED"), os.O_WRONLY, 0)
	if err != nil {
		return
	}
	f.WriteAt([]byte{1}, way)
	f.Close()
}

func probed(is bool, yes, no int64) bool {
	if is {
		went(yes)
	} else {
		went(no)
	}
	return is
}
`

// source gives the text of a file with calls in it, and the package that it belongs to.
func (p *probes) source(t *testing.T, file, text string) (probed, pkg string) {
	t.Helper()
	p.fset, p.file, p.text, p.calls = token.NewFileSet(), file, text, nil
	f, err := parser.ParseFile(p.fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, p.look)
	return p.filled(), f.Name.Name
}

// filled is the text with the calls in it.
func (p *probes) filled() string {
	slices.SortFunc(p.calls, func(a, b call) int { return a.at - b.at })
	var out strings.Builder
	from := 0
	for _, c := range p.calls {
		out.WriteString(p.text[from:c.at] + c.words)
		from = c.at
	}
	return out.String() + p.text[from:]
}

// look finds what chooses. Constants choose nothing.
func (p *probes) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		p.in = n.Name.Name
	case *ast.GenDecl:
		return n.Tok != token.CONST
	case *ast.IfStmt:
		p.condition(n.Cond)
	case *ast.ForStmt:
		p.condition(n.Cond)
	case *ast.RangeStmt:
		p.taken(n.Body.Lbrace+1, p.between(n.Pos(), n.Body.Lbrace))
	case *ast.BinaryExpr:
		if n.Op == token.LAND || n.Op == token.LOR {
			p.condition(n)
		}
	case *ast.SwitchStmt:
		p.cases(p.between(n.Pos(), n.Body.Lbrace), n.Body, n.Tag == nil)
	case *ast.TypeSwitchStmt:
		p.cases(p.between(n.Pos(), n.Body.Lbrace), n.Body, false)
	case *ast.CommClause:
		p.taken(n.Colon+1, p.between(n.Pos(), n.Colon))
	}
	return true
}

// condition puts calls around each part of a condition that is neither "and" nor "or" nor "not".
func (p *probes) condition(e ast.Expr) {
	switch c := e.(type) {
	case nil:
	case *ast.ParenExpr:
		p.condition(c.X)
		return
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			p.condition(c.X)
			return
		}
	case *ast.BinaryExpr:
		if c.Op == token.LAND || c.Op == token.LOR {
			p.condition(c.X)
			p.condition(c.Y)
			return
		}
	}
	if e == nil || slices.Contains(p.calls, call{p.offset(e.Pos()), "probed("}) {
		return // it is part of one that was seen
	}
	words := p.between(e.Pos(), e.End())
	p.put(e.Pos(), "probed(")
	p.put(e.End(), ", "+p.way(e.Pos(), words, "true")+", "+p.way(e.Pos(), words, "false")+")")
}

// cases puts a call into each case, and a case for everything else where there is none. A switch without a tag has conditions
// instead, of which the last one that is false is everything else.
func (p *probes) cases(head string, body *ast.BlockStmt, conditions bool) {
	rest := true
	for _, s := range body.List {
		clause, is := s.(*ast.CaseClause)
		switch {
		case !is:
		case clause.List == nil:
			rest = false
			p.taken(clause.Colon+1, head+": default")
		case conditions:
			for _, e := range clause.List {
				p.condition(e)
			}
		default:
			p.taken(clause.Colon+1, head+": "+p.between(clause.Pos(), clause.Colon))
		}
	}
	if rest && !conditions {
		p.put(body.Rbrace, "default: went("+p.way(body.Rbrace, head+": none of the cases", "taken")+"); ")
	}
}

func (p *probes) taken(at token.Pos, words string) {
	p.put(at, " went("+p.way(at, words, "taken")+"); ")
}

// way notes one and gives its number.
func (p *probes) way(at token.Pos, words, out string) string {
	w := way{file: p.file, line: p.fset.Position(at).Line, in: p.in, words: words, out: out, n: 1}
	for _, other := range p.ways {
		if other.file == w.file && other.in == w.in && other.words == words && other.out == out {
			w.n++
		}
	}
	p.ways = append(p.ways, w)
	return strconv.Itoa(len(p.ways) - 1)
}

// between is what stands between two places, in one line.
func (p *probes) between(from, to token.Pos) string {
	return strings.Join(strings.Fields(p.text[p.offset(from):p.offset(to)]), " ")
}

func (p *probes) put(at token.Pos, words string) {
	p.calls = append(p.calls, call{p.offset(at), words})
}

func (p *probes) offset(at token.Pos) int { return p.fset.Position(at).Offset }

// Every way out of a choice is found once, and looking for them moves no line.
func TestWaysAreFound(t *testing.T) {
	const text = `package p

const fixed = true && false

func f(a, b bool, n int, v any) int {
	if a && (!b || n > 3) {
		return 1
	}
	for n < 9 {
		n++
	}
	for range 3 {
		n++
	}
	switch n {
	case 1, 2:
	}
	switch {
	case a:
	default:
	}
	switch v.(type) {
	case int:
	default:
	}
	return n
}
`
	p := &probes{}
	probed, pkg := p.source(t, "p.go", text)
	var found []string
	for _, w := range p.ways {
		found = append(found, fmt.Sprintf("%d %s: %s", w.line, w.words, w.out))
	}
	want := []string{
		"6 a: true", "6 a: false", "6 b: true", "6 b: false", "6 n > 3: true", "6 n > 3: false", "9 n < 9: true", "9 n < 9: false",
		"12 for range 3: taken", "16 switch n: case 1, 2: taken", "17 switch n: none of the cases: taken", "19 a: true", "19 a: false",
		"20 switch: default: taken", "23 switch v.(type): case int: taken", "24 switch v.(type): default: taken",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "p.go", probed, 0); err != nil || pkg != "p" {
		t.Errorf("%s: %v\n%s", pkg, err, probed)
	}
	if strings.Count(probed, "\n") != strings.Count(text, "\n") {
		t.Errorf("lines moved:\n%s", probed)
	}
}
