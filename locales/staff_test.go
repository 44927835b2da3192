package locales

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// inFrench are texts of which French has those of residents.
func inFrench(t *testing.T, french string) *Texts {
	t.Helper()
	nl := "card.open: Open\ncard.seen.one: \"{count}\"\ncard.seen.other: \"{count}\"\ncard.told: Verteld\nhello: Hallo\nlate: Te laat\n"
	texts, err := LoadFS(fstest.MapFS{
		"nl.yaml": {Data: []byte(nl)}, "en.yaml": {Data: []byte(nl)}, "fr.yaml": {Data: []byte(french)},
		"staff.txt": {Data: []byte("# whose\ncard.\n!card.told\ncard.seen\nlate\ngone\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestLanguageForResidentsHasJustTheirTexts(t *testing.T) {
	used := []Use{{Key: "card.open"}, {Key: "card.seen"}, {Key: "card.told"}, {Key: "hello"}, {Key: "late"}}
	for french, want := range map[string][]string{
		"card.told: Dit\nhello: Bonjour\n": {"staff.txt:6: gone: there is no such text"},
		"hello: Bonjour\n":                 {"fr.yaml: card.told is missing", "staff.txt:6: gone: there is no such text"},
		"card.told: Dit\nhello: Bonjour\nlate: Trop tard\n": {
			"fr.yaml:3: late: only staff reads this, in nl or en", "staff.txt:6: gone: there is no such text",
		},
	} {
		if diff := cmp.Diff(want, inFrench(t, french).Check(used)); diff != "" {
			t.Errorf("%q: %s", french, diff)
		}
	}
}

func TestStaffIsWhatTheLongestLineSays(t *testing.T) {
	texts := inFrench(t, "hello: Bonjour\n")
	for key, want := range map[string]bool{
		"card.open": true, "card.told": false, "card.seen": true, "card.seen.other": true, "late": true, "later": false,
		"late.night": false, "hello": false, "card": false,
	} {
		if got := texts.Staff(key); got != want {
			t.Errorf("%s is staff's: %t", key, got)
		}
	}
	if diff := cmp.Diff([]string{"nl", "en"}, texts.Whole()); diff != "" {
		t.Error(diff)
	}
}
