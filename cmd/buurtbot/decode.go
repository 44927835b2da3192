package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A decoder of its own over goccy's syntax tree, because the library's stops at the first mistake, and because it is
// here that each key learns its place.

// yaml reads a file into the value of a key, the empty key being the whole configuration, and notes every mistake.
func (l *loader) yaml(name string, data []byte, key string, into reflect.Value) {
	file, ok := l.parse(name, data)
	if !ok {
		return
	}
	tree := tree{l, name}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			tree.put(key, doc.Body, into)
		}
	}
}

// parse reads the syntax of a file; false when it is no YAML.
func (l *loader) parse(name string, data []byte) (*ast.File, bool) {
	file, err := parser.ParseBytes(data, 0)
	if broken, ok := errors.AsType[yaml.Error](err); ok {
		l.reject(Place{name, broken.GetToken().Position.Line}, "this is not YAML: %s", broken.GetMessage())
		return nil, false
	}
	if err != nil {
		l.reject(Place{Name: name}, "this is not YAML: %s", err)
		return nil, false
	}
	return file, true
}

// tree is a file of which the nodes are put into a configuration.
type tree struct {
	*loader
	file string
}

// put sets a value from a node, and notes where it came from.
func (t tree) put(key string, node ast.Node, into reflect.Value) {
	if key != "" {
		t.places[key] = t.place(node)
	}
	switch {
	case into.Kind() == reflect.Struct && into.Type() != secretType:
		t.fields(key, node, into)
	case into.Kind() == reflect.Slice:
		t.list(key, node, into)
	case into.Kind() == reflect.Array:
		t.array(key, node, into)
	case !isWord(node):
		t.wrong(key, "here a single value is meant")
	default:
		if err := assign(into, word(node)); err != nil {
			t.wrong(key, "%s", err)
		}
	}
}

// place is the line of a value, or of the first key of several.
func (t tree) place(node ast.Node) Place {
	line := node.GetToken().Position.Line
	if pairs, ok := node.(ast.MapNode); ok {
		if at := pairs.MapRange(); at.Next() {
			line = at.Key().GetToken().Position.Line
		}
	}
	return Place{t.file, line}
}

// fields fills a struct; a key without anything after it leaves the defaults.
func (t tree) fields(key string, node ast.Node, into reflect.Value) {
	if _, empty := node.(*ast.NullNode); empty {
		return
	}
	pairs, ok := node.(ast.MapNode)
	if !ok {
		t.wrong(key, "here keys are meant, indented, one per line: %s", strings.Join(tags(into.Type()), ", "))
		return
	}
	for at := pairs.MapRange(); at.Next(); {
		name := at.Key().GetToken().Value
		under := join(key, name)
		i := field(into.Type(), name)
		if i < 0 {
			t.places[under] = Place{t.file, at.Key().GetToken().Position.Line}
			t.wrong(under, "there is no such key%s", likely(name, tags(into.Type())))
			continue
		}
		if under == "areas" && isWord(at.Value()) {
			t.places[under] = t.place(at.Value())
			t.areasFile(word(at.Value()))
			continue
		}
		t.put(under, at.Value(), into.Field(i))
	}
}

// list fills a list, which replaces that of the defaults.
func (t tree) list(key string, node ast.Node, into reflect.Value) {
	if _, empty := node.(*ast.NullNode); empty {
		into.SetZero()
		return
	}
	items, ok := node.(*ast.SequenceNode)
	if !ok {
		t.wrong(key, "here a list is meant, each line with a dash")
		return
	}
	made := reflect.MakeSlice(into.Type(), len(items.Values), len(items.Values))
	for i, item := range items.Values {
		t.put(fmt.Sprintf("%s[%d]", key, i), item, made.Index(i))
	}
	into.Set(made)
}

// array fills a point, which has as many numbers as it has.
func (t tree) array(key string, node ast.Node, into reflect.Value) {
	items, ok := node.(*ast.SequenceNode)
	if !ok || len(items.Values) != into.Len() {
		t.wrong(key, "here [longitude, latitude] is meant")
		return
	}
	for i, item := range items.Values {
		t.put(fmt.Sprintf("%s[%d]", key, i), item, into.Index(i))
	}
}

// areasFile reads the list of street groups from a file of its own.
func (l *loader) areasFile(name string) {
	if name == "" {
		l.config.Areas = nil
		return
	}
	path := l.beside(name)
	data, err := os.ReadFile(path)
	if err != nil {
		l.wrong("areas", "the file %s cannot be read: %s", quote(name), reason(err))
		return
	}
	l.yaml(path, data, "areas", reflect.ValueOf(&l.config.Areas).Elem())
}

// isWord reports whether the node is a single value; nothing at all is the empty one.
func isWord(node ast.Node) bool {
	switch node.(type) {
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode,
		*ast.InfinityNode, *ast.NanNode:
		return true
	}
	return false
}

// word is a single value as it was written: 0123 stays 0123.
func word(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n")
	case *ast.NullNode:
		return ""
	}
	return node.GetToken().Value
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}
