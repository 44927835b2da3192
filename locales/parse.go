package locales

import (
	"errors"
	"fmt"
	"strings"
	"unique"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// forms are the names of the plural forms, as CLDR has them.
var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// parse reads the file of one language. An error begins with a colon and, where one is at fault, the line.
func parse(lang string, data []byte) (*tongue, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf(": %q is no language tag (BCP 47): %w", lang, err)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		if broken, ok := errors.AsType[yaml.Error](err); ok {
			return nil, fmt.Errorf(":%d: %s", broken.GetToken().Position.Line, broken.GetMessage())
		}
		return nil, fmt.Errorf(": %w", err)
	}
	t := &tongue{tag: tag, written: map[string]*text{}, counted: map[string]counted{}}
	for _, doc := range file.Docs {
		if err := t.learn(doc.Body); err != nil {
			return nil, err
		}
	}
	t.group()
	return t, nil
}

// learn takes the texts of a document.
func (t *tongue) learn(body ast.Node) error {
	if body == nil || body.Type() == ast.CommentType {
		return nil
	}
	lines, ok := body.(ast.MapNode)
	if !ok {
		return fmt.Errorf(":%d: write one text per line, as key: text", body.GetToken().Position.Line)
	}
	for at := lines.MapRange(); at.Next(); {
		key, line := at.Key().GetToken().Value, at.Key().GetToken().Position.Line
		words, ok := wordsOf(at.Value())
		if !ok {
			return fmt.Errorf(":%d: %s: what follows is not a text; put it in quotes", line, key)
		}
		if fromRight(t.tag) {
			words = apart(words)
		}
		written, err := newText(words, line)
		if err != nil {
			return fmt.Errorf(":%d: %s: %w", line, key, err)
		}
		t.written[unique.Make(key).Value()] = written // once for all languages
	}
	return nil
}

func wordsOf(value ast.Node) (string, bool) {
	switch v := value.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n"), true
	case *ast.NullNode:
		return "", true
	}
	return "", false
}

// group makes a message of plural forms: of two or more, the general one among them. A single "other" is an option that
// is called other.
func (t *tongue) group() {
	for key := range t.written {
		common, isOther := strings.CutSuffix(key, ".other")
		if !isOther || t.written[common] != nil {
			continue
		}
		if found := t.formsOf(common); len(found) > 1 {
			t.counted[common] = found
		}
	}
}

func (t *tongue) formsOf(key string) counted {
	found := counted{}
	for name, form := range forms {
		if written := t.written[key+"."+name]; written != nil {
			found[form] = written
		}
	}
	return found
}
