package survey

import (
	"slices"
	"strings"
)

// Remark is something that a reader of a file, or of what it changes, should know. Its words stand among the texts.
type Remark struct {
	Kind  string   // names the text, "areas.remark." and this
	Names []string // what it is about, if that is a list
	Args  []any    // name, value, name, value
}

// Remarks lists the kinds of remarks: of what is new about a place, of how the file was read, and of what to look at.
var Remarks = []string{
	"respelt", "prefix", "code", "border", "border.other", "line", "line.other", "moved", "names", "point",
	"utf16", "windows", "unused", "again", "left.place", "left.several", "left.shape", "left.things", "left.roads",
	"left.nameless", "left.short", "left.abroad", "left.points", "left.towns",
	"file.two", "in.two", "unsure", "beyond", "outside", "overlap", "gap", "no.line", "no.street", "one.name", "spellings",
	"endings", "landmark.outside", "landmark.name", "landmark.street",
}

// markup is what was made of a text already.
type markup string

// HTML gives the markup.
func (m markup) HTML() string { return string(m) }

// mostNames is how many names a remark lists.
const mostNames = 10

// In gives the remark in the words of a language: text gives a text of that language by its key.
func (r Remark) In(text func(key string, args ...any) string) string {
	args := slices.Clip(r.Args)
	if len(r.Names) > 0 {
		names := any(strings.Join(r.Names[:min(len(r.Names), mostNames)], ", "))
		if more := len(r.Names) - mostNames; more > 0 {
			names = markup(text("areas.names", "names", names, "count", more))
		}
		args = append(args, "names", names)
	}
	return text("areas.remark."+r.Kind, args...)
}

// Together gives remarks in one line.
func Together(list []Remark, text func(key string, args ...any) string) string {
	var words []string
	for _, r := range list {
		words = append(words, r.In(text))
	}
	return strings.Join(words, ", ")
}

func remark(kind string, args ...any) Remark { return Remark{Kind: kind, Args: args} }
