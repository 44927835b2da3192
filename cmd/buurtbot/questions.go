package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// How long words of a question may be, in characters. An answer stands on a button, which shows that much on a phone.
const (
	longestQuestion = 200
	longestHeading  = 40
	longestButton   = 30
	mostButtons     = 8 // of a question
)

var (
	questionForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)
	reservedKeys = []string{"enough"} // what a button means already

	// neverAsked are words of what is asked of nobody (domain §5.6): origin, nationality, belief, colour of skin, names.
	neverAsked = regexp.MustCompile(`(?i)\b(afkomst|nationaliteit|herkomst|geloof|religie|huidskleur|huid|namen|naam|heet|` +
		`origin|nationality|ethnicity|religion|belief|skin|names?)\b`)
)

// questions reads what police ask in the place of what is built in, from a file of their own, and notes every mistake.
func (l *loader) questions() {
	name := l.config.Questions
	if name == "" {
		return
	}
	path := l.beside(name)
	data, err := os.ReadFile(path)
	if err != nil {
		l.wrong("questions", "the file %s cannot be read: %s", quote(name), reason(err))
		return
	}
	file, ok := l.parse(path, data)
	if !ok {
		return
	}
	asked := asker{tree: tree{l, path}, all: civic.Questionnaire{}}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			asked.categories(doc.Body)
		}
	}
	l.config.Asked = asked.all
}

// asker reads a file of questions.
type asker struct {
	tree
	all civic.Questionnaire
}

// pairs are the keys of a node with their values, each noted with its place; false when it has none.
func (a asker) pairs(key string, node ast.Node, meant string) (*ast.MapNodeIter, bool) {
	pairs, ok := node.(ast.MapNode)
	if !ok {
		a.places[key] = a.place(node)
		a.wrong(key, "here %s", meant)
		return nil, false
	}
	return pairs.MapRange(), true
}

// under notes the place of a key of a mapping, and gives its path and its name.
func (a asker) under(key string, at *ast.MapNodeIter) (path, name string) {
	name = at.Key().GetToken().Value
	path = join(key, name)
	a.places[path] = Place{a.file, at.Key().GetToken().Position.Line}
	return path, name
}

func (a asker) categories(node ast.Node) {
	at, ok := a.pairs("questions", node, "categories are meant, one per line, such as burglary:")
	for ok && at.Next() {
		key, name := a.under("questions", at)
		category := civic.Category(name)
		if _, known := category.Info(); !known {
			a.wrong(key, "there is no such category%s", likely(name, categoryKeys()))
			continue
		}
		if _, twice := a.all[category]; twice {
			a.wrong(key, "the category is there twice")
			continue
		}
		a.all[category] = a.list(key, category, at.Value())
	}
}

func categoryKeys() []string {
	var keys []string
	for _, c := range civic.Categories {
		keys = append(keys, string(c.Key))
	}
	return keys
}

// items are the parts of a list, with the path of each noted.
func (a asker) items(key string, node ast.Node, meant string) []ast.Node {
	if _, empty := node.(*ast.NullNode); empty {
		return nil
	}
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		a.places[key] = a.place(node)
		a.wrong(key, "here %s", meant)
		return nil
	}
	for i, n := range list.Values {
		a.places[item(key, i)] = a.place(n)
	}
	return list.Values
}

// list reads the questions of a category, in their order.
func (a asker) list(key string, category civic.Category, node ast.Node) []civic.AskedExtra {
	all := []civic.AskedExtra{}
	nodes := a.items(key, node, "a list of questions is meant, each line with a dash")
	switch most := civic.MostExtrasOf(category); {
	case len(nodes) > 0 && most == 0:
		a.wrong(key, "this category has no room for questions: it asks for a description, and with that a report is as long as "+
			"it may be; write %s: []", category)
	case len(nodes) > most:
		a.wrong(key, "a category has at most %d questions, so that a report stays short; these are %d", most, len(nodes))
	}
	for i, n := range nodes {
		at := item(key, i)
		q, ok := a.question(at, category, n)
		if !ok {
			continue
		}
		if slices.ContainsFunc(all, func(other civic.AskedExtra) bool { return other.Key == q.Key }) {
			a.wrong(at, "the question %s is there twice", q.Key)
			continue
		}
		all = append(all, q)
	}
	return all
}

// question reads one: the name of a question that is built in, or a question in words of its own.
func (a asker) question(key string, category civic.Category, node ast.Node) (civic.AskedExtra, bool) {
	if isWord(node) {
		return a.builtIn(key, category, word(node))
	}
	at, ok := a.pairs(key, node, "a question is meant: the name of one that is built in, or key, ask, label and answers")
	if !ok {
		return civic.AskedExtra{}, false
	}
	var q civic.AskedExtra
	for at.Next() {
		path, name := a.under(key, at)
		switch name {
		case "key":
			q.Key = word(at.Value())
		case "ask":
			q.Ask = a.words(path, at.Value(), longestQuestion)
		case "label":
			q.Label = a.words(path, at.Value(), longestHeading)
		case "answers":
			q.Answers = a.answers(path, at.Value())
		default:
			a.wrong(path, "there is no such key%s", likely(name, []string{"key", "ask", "label", "answers"}))
		}
	}
	return q, a.whole(key, q)
}

// whole notes what a question in words of its own lacks.
func (a asker) whole(key string, q civic.AskedExtra) bool {
	switch {
	case !questionForm.MatchString(q.Key):
		a.wrong(key+".key", "a question needs a key of small letters, digits and _, such as camera")
	case q.Ask == nil:
		a.wrong(key, "a question needs ask, its words in each language")
	case q.Label == nil:
		a.wrong(key, "a question needs label, which heads its answer on the card")
	default:
		return true
	}
	return false
}

// builtIn is the question of that name.
func (a asker) builtIn(key string, category civic.Category, name string) (civic.AskedExtra, bool) {
	if q, known := civic.BuiltInQuestionOf(category, civic.Extra(name)); known {
		return q, true
	}
	a.wrong(key, "there is no question %s; there are %s", quote(name), strings.Join(civic.Askable(), ", "))
	return civic.AskedExtra{}, false
}

// words reads words in each language of the network.
func (a asker) words(key string, node ast.Node, longest int) map[string]string {
	words := map[string]string{}
	at, ok := a.pairs(key, node, "a line for each language is meant, such as nl: words")
	for ok && at.Next() {
		path, lang := a.under(key, at)
		if !slices.Contains(a.config.Network.Languages, lang) {
			a.wrong(path, "%s is no language of the network; those are %s", quote(lang),
				strings.Join(a.config.Network.Languages, ", "))
			continue
		}
		words[lang] = a.text(path, at.Value(), longest)
	}
	a.spoken(key, words)
	return words
}

// spoken notes the languages of the network in which words are missing.
func (a asker) spoken(key string, words map[string]string) {
	for _, lang := range a.config.Network.Languages {
		if _, there := words[lang]; !there {
			a.wrong(key, "the words in the language %s are missing", lang)
		}
	}
}

// text is words on one line that may be asked.
func (a asker) text(key string, node ast.Node, longest int) string {
	if !isWord(node) {
		a.wrong(key, "here words are meant")
		return ""
	}
	said := civic.Clean(word(node), longest+1)
	switch n := utf8.RuneCountInString(said); {
	case civic.Blank(said):
		a.wrong(key, "words are needed here")
	case n > longest:
		a.wrong(key, "%s is too long: at most %d characters fit", quote(said), longest)
	case strings.ContainsAny(said, "\n\r"):
		a.wrong(key, "this goes on one line")
	default:
		a.asksAfter(key, said)
	}
	return said
}

// asksAfter notes words that ask for what is asked of nobody.
func (a asker) asksAfter(key, said string) {
	origin := neverAsked.FindString(said)
	if _, is := civic.WithoutOrigin(said); is && origin == "" {
		origin = said
	}
	if origin != "" {
		a.wrong(key, "%s asks for what is never asked: origin, nationality, belief, colour of skin or a name", quote(origin))
	}
}

// answers reads the usual answers of a question, for buttons.
func (a asker) answers(key string, node ast.Node) []civic.QuickAnswer {
	var all []civic.QuickAnswer
	nodes := a.items(key, node, "a list of answers is meant, each line with a dash")
	if len(nodes) > mostButtons {
		a.wrong(key, "a question has at most %d answers; these are %d", mostButtons, len(nodes))
	}
	taken := map[string]bool{}
	for i, n := range nodes {
		if answer, ok := a.answer(item(key, i), n); ok {
			a.once(item(key, i), answer, taken)
			all = append(all, answer)
		}
	}
	return all
}

// answer reads one: its key, its words in each language, and parts of words by which a story tells it.
func (a asker) answer(key string, node ast.Node) (civic.QuickAnswer, bool) {
	answer := civic.QuickAnswer{Words: map[string]string{}}
	at, ok := a.pairs(key, node, "an answer is meant: key, and a line for each language")
	if !ok {
		return answer, false
	}
	for at.Next() {
		path, name := a.under(key, at)
		switch {
		case name == "key":
			answer.Key = word(at.Value())
		case name == "told":
			answer.Stems = strings.Fields(strings.ToLower(word(at.Value())))
		case slices.Contains(a.config.Network.Languages, name):
			answer.Words[name] = a.text(path, at.Value(), longestButton)
		default:
			a.wrong(path, "%s is neither key, told nor a language of the network", quote(name))
		}
	}
	if !questionForm.MatchString(answer.Key) || slices.Contains(reservedKeys, answer.Key) {
		a.wrong(key+".key", "an answer needs a key of small letters, digits and _, such as yes; %s are taken",
			strings.Join(reservedKeys, ", "))
	}
	a.spoken(key, answer.Words)
	return answer, true
}

// once notes an answer of which the key or the words are there already: nobody could tell the buttons apart.
func (a asker) once(key string, answer civic.QuickAnswer, taken map[string]bool) {
	marks := []string{"key " + answer.Key}
	for lang, words := range answer.Words {
		marks = append(marks, fmt.Sprintf("%s %s", lang, strings.ToLower(words)))
	}
	for _, mark := range marks {
		if taken[mark] {
			a.wrong(key, "the answer %s is there twice", quote(answer.Key))
		}
		taken[mark] = true
	}
}
