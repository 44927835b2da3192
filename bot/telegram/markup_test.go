package telegram

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// What only looks like markup is seen as it stands, and counts.
func TestWhatOnlyLooksLikeMarkupIsSeen(t *testing.T) {
	for text, want := range map[string]int{
		"<b>vet</b>": 3, "<3 jij>": 7, "<>": 2, "a < b": 5, "&amp;": 1, "&;": 2, "&zz;": 4, "&amp": 4,
		"&geenbekendnaampje;": 19, "&#128512;": 2, "😀": 2, "<a href=\"x\">y</a>": 1, "</b>": 0, "<b": 2,
	} {
		if got := seen(text); got != want {
			t.Errorf("of %s %d units are seen, not %d", text, got, want)
		}
	}
}

// A text is cut where it reads best: between paragraphs, else lines, else words, else anywhere, and never within a character.
// What has nothing to see in it is no part, and a tag that closes nothing does no harm.
func TestTextIsCutWhereItReadsBest(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		limit int
		want  []string
	}{
		"it fits":              {"een twee", 8, []string{"een twee"}},
		"between paragraphs":   {"eentwee\n\ndrie vier", 12, []string{"eentwee", "drie vier"}},
		"much room between":    {"eentwee\n\n\n\ndrie", 10, []string{"eentwee", "drie"}},
		"between lines":        {"een twee\ndrie", 11, []string{"een twee", "drie"}},
		"between words":        {"een twee drie", 10, []string{"een twee", "drie"}},
		"only in the first":    {"ab cdefghijkl", 10, []string{"ab cdefghi", "jkl"}},
		"one at a time":        {"ab", 1, []string{"a", "b"}},
		"no half a character":  {"a😀", 2, []string{"a", "😀"}},
		"nothing to see first": {strings.Repeat(" ", 9) + "een", 5, []string{"een"}},
		"within a tag":         {"<b>een twee</b>", 5, []string{"<b>een</b>", "<b>twee</b>"}},
		"closes nothing":       {"</i>een twee", 5, []string{"</i>een", "twee"}},
	} {
		if diff := cmp.Diff(c.want, split(c.text, c.limit)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A picture without words is shown without words.
func TestPictureWithoutWordsIsShown(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	s.send(letterTo(street, ""), jpegOf(t, 40, 30, 1))
	if m, _ := s.Last(street); m.Kind != "photo" || m.Raw != "" {
		t.Errorf("shown is %+v", m)
	}
}
