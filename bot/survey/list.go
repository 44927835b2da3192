package survey

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// The columns of a list, and what towns call them.
var columns = []struct {
	key   string
	names []string
}{
	{"name", []string{"name", "naam", "street", "straat", "straatnaam", "street name", "openbareruimtenaam"}},
	{"group", []string{"group", "groep", "straatgroep", "street group"}},
	{"prefix", []string{"prefix", "voorvoegsel", "afkorting"}},
}

// prefixForm is what a reference can begin with.
var prefixForm = regexp.MustCompile(`^[A-Z]{2,5}$`)

const example = "naam;groep;prefix (or name,group,prefix)"

// listing is a list being read.
type listing struct {
	Survey
	Mistakes
	reader  *csv.Reader
	at      map[string]int // the column of each key
	groups  map[string]int // of Groups, by folded name
	streets map[string]int // of Streets, by folded name
}

// readList reads a CSV list: a street, its street group, and that group's prefix in each line.
func readList(text []byte) (Survey, error) {
	l := &listing{groups: map[string]int{}, streets: map[string]int{}}
	skipped := 0
	if first, rest, ok := bytes.Cut(text, []byte("\n")); ok && bytes.HasPrefix(first, []byte("sep=")) {
		text, skipped = rest, 1 // spreadsheets write the separator above the list
	}
	l.reader = csv.NewReader(bytes.NewReader(text))
	l.reader.Comma, l.reader.FieldsPerRecord = separator(text), -1
	if err := l.header(); err != nil {
		return Survey{}, err
	}
	for {
		record, err := l.reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Survey{}, broken(err, skipped)
		}
		line, _ := l.reader.FieldPos(0)
		l.row(fmt.Sprintf("line %d", line+skipped), record)
	}
	if len(l.Streets) == 0 && len(l.Mistakes) == 0 {
		l.add("there is no street in the list. Below the line %s comes a line for each street", example)
	}
	return l.Survey, l.orNil()
}

// separator is what stands most often between the columns of the first line.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(first, []byte(string(r))) > bytes.Count(first, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// broken says what is wrong with a list that is no CSV.
func broken(err error, skipped int) error {
	bad, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return Mistakes{err.Error()}
	}
	line := bad.Line + skipped
	switch {
	case errors.Is(bad, csv.ErrBareQuote):
		return Mistakes{fmt.Sprintf("line %d: a quote stands in the middle of a name. "+
			`Write the name in quotes, and each quote in it twice: "a ""b"" c"`, line)}
	case errors.Is(bad, csv.ErrQuote) && bad.StartLine != bad.Line:
		return Mistakes{fmt.Sprintf(`line %d: the quote that opens in this line is never closed`, bad.StartLine+skipped)}
	case errors.Is(bad, csv.ErrQuote):
		return Mistakes{fmt.Sprintf(`line %d: the quotes are not in pairs`, line)}
	}
	return Mistakes{fmt.Sprintf("line %d: %v", line, bad.Err)}
}

// header finds the columns.
func (l *listing) header() error {
	record, err := l.reader.Read()
	if err != nil {
		return broken(err, 0)
	}
	l.at = map[string]int{}
	var unused []string
	for i, cell := range record {
		name := fold(cell)
		at := slices.IndexFunc(columns, func(c struct {
			key   string
			names []string
		},
		) bool {
			return slices.Contains(c.names, name)
		})
		switch {
		case at < 0 && name != "":
			unused = append(unused, quote(cell))
		case at >= 0:
			if _, twice := l.at[columns[at].key]; twice {
				return Mistakes{fmt.Sprintf("line 1: there are two columns %s", columns[at].key)}
			}
			l.at[columns[at].key] = i
		}
	}
	for _, key := range []string{"name", "group"} {
		if _, ok := l.at[key]; !ok {
			return Mistakes{fmt.Sprintf("line 1: no column is called %s. The first line must be %s", key, example)}
		}
	}
	if len(unused) > 0 {
		l.Notes = append(l.Notes, Remark{Kind: "unused", Names: unused})
	}
	return nil
}

// cell is what a line says in a column.
func (l *listing) cell(record []string, key string) string {
	i, ok := l.at[key]
	if !ok || i >= len(record) {
		return ""
	}
	return record[i]
}

// row takes one line of the list.
func (l *listing) row(at string, record []string) {
	name, wrong := tidy(l.cell(record, "name"))
	group, wrongGroup := tidy(l.cell(record, "group"))
	prefix := strings.ToUpper(strings.TrimSpace(l.cell(record, "prefix")))
	switch {
	case name == "" && group == "" && prefix == "":
		return
	case wrong+wrongGroup != "":
		l.add("%s: %s", at, wrong+wrongGroup)
	case name == "":
		l.add("%s: the street has no name", at)
	case group == "":
		l.add("%s: %s has no street group", at, quote(name))
	case prefix != "" && !prefixForm.MatchString(prefix):
		l.add("%s: the prefix %s is not 2 to 5 letters, such as KAS", at, quote(prefix))
	default:
		l.group(at, group, prefix)
		l.street(at, name, group)
	}
}

func (l *listing) group(at, name, prefix string) {
	i, known := l.groups[fold(name)]
	if !known {
		l.groups[fold(name)] = len(l.Groups)
		l.Groups = append(l.Groups, Group{Name: name, Prefix: prefix, At: at})
		return
	}
	g := &l.Groups[i]
	switch {
	case g.Prefix == "":
		g.Prefix = prefix
	case prefix != "" && prefix != g.Prefix:
		l.add("%s: the prefix of %s is %s here and %s in %s. A street group has one", at, name, prefix, g.Prefix, g.At)
	}
}

func (l *listing) street(at, name, group string) {
	i, known := l.streets[fold(name)]
	if !known {
		l.streets[fold(name)] = len(l.Streets)
		l.Streets = append(l.Streets, Street{Name: name, Group: group, At: at})
		return
	}
	before := l.Streets[i]
	if fold(before.Group) != fold(group) {
		l.add("%s: %s is in %s here and in %s in %s. A street belongs to one street group. "+
			"If they are two streets of one name, put the village behind it: %s (%s)",
			at, name, group, before.Group, before.At, name, group)
		return
	}
	l.Notes = append(l.Notes, remark("again", "line", inLine(at), "name", name, "before", inLine(before.At)))
}

// inLine is the number of "line 3".
func inLine(at string) string { return strings.TrimPrefix(at, "line ") }
