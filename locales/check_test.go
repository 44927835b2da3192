package locales

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckFindsEveryMistake(t *testing.T) {
	texts := load(t, "bad")
	used := []Use{
		{Key: "good"},
		{Key: "bold"},
		{Key: "break"},
		{Key: "amp"},
		{Key: "link"},
		{Key: "long"},
		{Key: "empty"},
		{Key: "label", Button: true},
		{Key: "label.bold", Button: true},
		{Key: "fill", Args: []string{"name"}},
		{Key: "differ"},
		{Key: "half", Args: []string{"count"}},
		{Key: "plural", Args: []string{"count"}},
		{Key: "maybe", Optional: true},
		{Key: "nowhere"},
		{Key: "good"},
	}
	want, err := os.ReadFile("testdata/bad/findings.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), texts.Check(used)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckAsksForThePluralFormsOfTheLanguage(t *testing.T) {
	texts := load(t, "good")
	delete(texts.languages["sr"].written, "cases.open.few")
	delete(texts.languages["sr"].counted["cases.open"], forms["few"])
	var got []string
	for _, line := range texts.Check([]Use{{Key: "cases.open", Args: []string{"count"}}}) {
		if strings.HasPrefix(line, "sr.yaml") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff([]string{"sr.yaml: cases.open.few is missing"}, got); diff != "" {
		t.Error(diff)
	}
}

// Which texts are used is known where the bot is put together; here every written key counts as used, and what is left
// is what a text can have wrong by itself.
func TestShippedTextsAreWellWritten(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var used []Use
	for _, lang := range texts.Languages() {
		for _, key := range texts.Keys(lang) {
			if texts.languages[lang].isForm(key) {
				key = key[:strings.LastIndexByte(key, '.')]
			}
			used = append(used, Use{Key: key})
		}
	}
	for _, line := range texts.Check(used) {
		t.Error(line)
	}
	for _, lang := range []string{"nl", "en"} {
		if !slices.Contains(texts.Languages(), lang) {
			t.Errorf("%s is not spoken", lang)
		}
	}
}
