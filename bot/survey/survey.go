package survey

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// MostBytes is how large a file may be: 100 MB, some twenty times the streets of a large city.
const MostBytes = 100 << 20

// Survey is what a file tells of the places of one network.
type Survey struct {
	Map       bool // lines and borders, and not a list
	Root      orb.MultiPolygon
	Groups    []Group
	Streets   []Street
	Landmarks []Landmark
	Notes     []Remark // how the file was read, and what of it was left out
}

// Group is a street group as a file describes it.
type Group struct {
	Name   string
	Prefix string // may be empty
	Border orb.MultiPolygon
	At     string // where it stands: "line 3", "feature 12"
}

// Street is a street, or a piece of one, as a file describes it.
type Street struct {
	Name  string
	Group string // may be empty: then the map decides
	Lines orb.MultiLineString
	At    string
}

// Mistakes are all the reasons why a file cannot be taken, each with its place and its remedy.
type Mistakes []string

// Error lists the first of them; a file that is wrong throughout is told as much.
func (m Mistakes) Error() string {
	const enough = 20
	if len(m) <= enough {
		return strings.Join(m, "\n")
	}
	return strings.Join(m[:enough], "\n") + fmt.Sprintf("\nand %d more", len(m)-enough)
}

func (m *Mistakes) add(format string, args ...any) { *m = append(*m, fmt.Sprintf(format, args...)) }

// orNil is the mistakes as an error; nil when there are none.
func (m Mistakes) orNil() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// Read understands a file. The name serves to tell a list of features from one big one; the profile tells where on earth
// the network lies. The error is of type [Mistakes].
func Read(name string, data []byte, profile civic.Profile) (Survey, error) {
	if len(data) > MostBytes {
		return Survey{}, Mistakes{"the file is larger than 100 MB. Cut out the part round your network before you import it"}
	}
	if err := foreign(data); err != nil {
		return Survey{}, err
	}
	text, notes, err := decode(data)
	if err != nil {
		return Survey{}, err
	}
	var s Survey
	switch bytes.TrimLeft(text, " \t\r\n")[0] {
	case '{', '[', recordMark:
		s, err = readMap(filepath.Ext(name), text, profile)
	default:
		s, err = readList(text)
	}
	s.Notes = append(notes, s.Notes...)
	return s, err
}

// foreign recognises the files that are often given instead, and says how to come from there to one that can be read.
func foreign(data []byte) error {
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(start) == 0:
		return Mistakes{"the file is empty"}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return Mistakes{"this is a spreadsheet or a zip file. In the spreadsheet choose Save as, CSV UTF-8; unpack a zip file " +
			"first"}
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		return Mistakes{"this file is packed with gzip. Unpack it first"}
	case bytes.HasPrefix(start, []byte("<")):
		return Mistakes{"this is XML, such as OpenStreetMap, KML or GML files are. Export it as GeoJSON, with longitude and " +
			"latitude"}
	}
	return nil
}

// fold is what two spellings of a name have in common: letters and digits in lower case.
func fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(name)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// longestName is how long the name of a place may be, in characters.
const longestName = 80

// tidy is a name as it is stored, and what is wrong with it if anything is.
func tidy(name string) (string, string) {
	clean := norm.NFC.String(civic.Clean(name, 1000))
	switch {
	case len([]rune(clean)) > longestName:
		return clean, fmt.Sprintf("the name %s is longer than %d characters", quote(clean), longestName)
	case clean != "" && fold(clean) == "":
		return clean, fmt.Sprintf("the name %s has no letter in it", quote(clean))
	case garbled(clean):
		return clean, fmt.Sprintf("the name %s was spoilt by a wrong encoding. Export the file again, as UTF-8", quote(clean))
	}
	return clean, ""
}

// quote shows a name, but not at any length.
func quote(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40]) + "…"
	}
	return `"` + name + `"`
}
