package locales

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// country is texts of a language with a variety of it.
func country(t *testing.T, usual, variety string) *Texts {
	t.Helper()
	texts, err := LoadFS(fstest.MapFS{"nl.yaml": {Data: []byte(usual)}, "nl-BE.yaml": {Data: []byte(variety)}})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestVarietySaysWhatDiffersAndItsLanguageTheRest(t *testing.T) {
	texts := country(t, "a: Dag {name}, deel geen {plates}.\nb: Tot ziens\nword.plates: kentekens\n", "b: Salut\nword.plates: nummerplaten\n")
	var got []string
	for _, lang := range []string{"nl", "nl-NL", "nl-BE"} {
		got = append(got, texts.Text(lang, "a", "name", "Ana")+" "+texts.Text(lang, "b"))
	}
	want := []string{
		"Dag Ana, deel geen kentekens. Tot ziens",
		"Dag Ana, deel geen kentekens. Tot ziens",
		"Dag Ana, deel geen nummerplaten. Salut",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"nl"}, texts.Languages()); diff != "" {
		t.Errorf("a variety is part of its language: %s", diff)
	}
	if got := texts.Text("nl", "a", "name", "Ana", "plates", "borden"); !strings.Contains(got, "borden") {
		t.Errorf("what is filled in comes before the word: %s", got)
	}
}

func TestCheckFindsMistakesInVarieties(t *testing.T) {
	texts := country(t,
		"a: Dag {name}, deel geen {plates}.\nb: Tot ziens\nc: Ja\nword.idle: niets\nword.plates: kentekens\n",
		"a: Dag.\nb: Tot ziens\nc: Een knop die veel te lang is om op een telefoon te passen\nd: Nieuw\nword.plates: \"{a}\"\n")
	got := texts.Check([]Use{{Key: "a", Args: []string{"name"}}, {Key: "b"}, {Key: "c", Button: true}})
	want := []string{
		"nl.yaml:4: word.idle: nobody uses this text",
		"nl-BE.yaml:1: a: filled in is nothing, but in nl.yaml {name}, {plates}",
		"nl-BE.yaml:2: b: nl.yaml says the same",
		"nl-BE.yaml:3: c: a button has room for 40 characters, this has 57",
		"nl-BE.yaml:4: d: nl.yaml has no such text",
		"nl-BE.yaml:5: word.plates: filled in is {a}, but in nl.yaml nothing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
