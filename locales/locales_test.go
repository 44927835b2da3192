package locales

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func load(t testing.TB, dir string) *Texts {
	t.Helper()
	texts, err := LoadFS(os.DirFS("testdata/" + dir))
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestTextIsSaidInTheLanguageAskedFor(t *testing.T) {
	texts := load(t, "good")
	for _, c := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{"nl", "plain", nil, "Goedendag"},
		{"en", "plain", nil, "Good day"},
		{"nl-BE", "plain", nil, "Goedendag"},
		{"en-GB", "plain", nil, "Good day"},
		{"fr", "plain", nil, "Goedendag"},
		{"", "plain", nil, "Goedendag"},
		{"en", "only.dutch", nil, "Alleen hier"},
		{"en", "no.such.text", nil, "[no.such.text]"},
		{"nl", "report.what", nil, "[report.what]"},
		{"nl", "report.what.other", nil, "Iets anders"},
		{"nl", "several", nil, "Regel een\nRegel twee"},
		{"nl", "cases.open", []any{"count", 1}, "Er is één zaak open."},
		{"nl", "cases.open", []any{"count", 0}, "Er zijn 0 zaken open."},
		{"nl", "cases.open", []any{"count", int64(12)}, "Er zijn 12 zaken open."},
		{"nl", "cases.open", nil, "Er zijn {count} zaken open."},
		{"nl", "cases.open.one", nil, "Er is één zaak open."},
		{"sr", "cases.open", []any{"count", 21}, "21 slučaj"},
		{"sr", "cases.open", []any{"count", 3}, "3 slučaja"},
		{"sr", "cases.open", []any{"count", -3}, "-3 slučaja"},
		{"sr", "cases.open", []any{"count", 11}, "11 slučajeva"},
		{"en", "case.taken", []any{"ref", "KAS-7F3K", "name", "Ana"}, "<b>KAS-7F3K</b> was taken by Ana."},
		{"en", "case.taken", []any{"name", "Ana"}, "<b>{ref}</b> was taken by Ana."},
		{"en", "case.taken", []any{"ref", 3.5, "name"}, "<b>3.5</b> was taken by {name}."},
	} {
		if diff := cmp.Diff(c.want, texts.Text(c.lang, c.key, c.args...)); diff != "" {
			t.Errorf("%s %s %v:\n%s", c.lang, c.key, c.args, diff)
		}
	}
}

// elsewhere is how another package may mark its own HTML.
type elsewhere string

func (e elsewhere) HTML() string { return string(e) }

func TestOnlyStringsAreEscaped(t *testing.T) {
	texts := load(t, "good")
	for _, c := range []struct {
		name any
		want string
	}{
		{`Ana & "Bo" <b>`, "Ana &amp; &quot;Bo&quot; &lt;b&gt;"},
		{HTML("<i>Ana</i>"), "<i>Ana</i>"},
		{elsewhere("<i>Ana</i>"), "<i>Ana</i>"},
		{Escape("1 < 2"), "1 &lt; 2"},
		{[]string{"<"}, "[&lt;]"},
		{7, "7"},
	} {
		got := texts.Text("en", "case.taken", "ref", "K", "name", c.name)
		if diff := cmp.Diff("<b>K</b> was taken by "+c.want+".", got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNoStringBringsMarkupIntoAText(t *testing.T) {
	texts := load(t, "good")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		got := texts.Text("en", "case.taken", "ref", "K", "name", name)
		got = strings.TrimPrefix(got, "<b>K</b>")
		if strings.ContainsAny(got, `<>"`) || len(markup(got)) > 0 {
			t.Fatalf("%q became %q", name, got)
		}
	})
}

func TestTextsAreListed(t *testing.T) {
	texts := load(t, "good")
	if diff := cmp.Diff([]string{"nl", "en", "sr"}, texts.Languages()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"cases.open.few", "cases.open.one", "cases.open.other"}, texts.Keys("sr")); diff != "" {
		t.Error(diff)
	}
	if got := texts.Keys("fr"); got != nil {
		t.Errorf("French has %v", got)
	}
	for key, want := range map[string]bool{"cases.open": true, "cases.open.one": true, "report.what": false, "plain": false} {
		if got := texts.Has("sr", key) || texts.Has("fr", key); got != (want && key != "plain") {
			t.Errorf("Has(%s) = %v", key, got)
		}
	}
}

func TestBrokenFileIsNamedWithItsLine(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"nl.yaml", "a: x\nb: {y: z}\n", "texts: nl.yaml:2: b: what follows is not a text; put it in quotes"},
		{"nl.yaml", "a: 112\n", "texts: nl.yaml:1: a: what follows is not a text; put it in quotes"},
		{"nl.yaml", "a: x\n\nb: hi {Name}\n", "texts: nl.yaml:3: b: a placeholder is written {name}, in small letters"},
		{"nl.yaml", "a: x\nb: y\na: z\n", `texts: nl.yaml:3: mapping key "a" already defined at [1:1]`},
		{"nl.yaml", "a: x\nb: 'y\n", "texts: nl.yaml:2: could not find end character of single-quoted text"},
		{"nl.yaml", "- a\n", "texts: nl.yaml:1: write one text per line, as key: text"},
		{"dutch!.yaml", "a: x\n", `texts: dutch!.yaml: "dutch!" is no language tag (BCP 47): language: tag is not well-formed`},
		{"en.yaml", "a: x\n", "texts: there is no nl.yaml"},
	} {
		_, err := LoadFS(fstest.MapFS{c.name: {Data: []byte(c.file)}})
		if err == nil {
			t.Errorf("%q was taken", c.file)
			continue
		}
		if diff := cmp.Diff(c.want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEmptyFileIsALanguageWithoutTexts(t *testing.T) {
	for _, file := range []string{"", "# nothing yet\n"} {
		texts, err := LoadFS(fstest.MapFS{"nl.yaml": {Data: []byte(file)}})
		if err != nil || len(texts.Keys("nl")) != 0 {
			t.Errorf("%q: %v, %v", file, texts, err)
		}
	}
}

func BenchmarkText(b *testing.B) {
	texts := load(b, "good")
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			texts.Text("nl", "report.what.ask")
		}
	})
	b.Run("filled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			texts.Text("en", "case.taken", "ref", "KAS-7F3K", "name", "Ana & Bo")
		}
	})
	b.Run("plural", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			texts.Text("sr", "cases.open", "count", 3)
		}
	})
}

// Words that people may type stand in lower case, as what is typed is compared with them.
func TestListsOfWordsAreInLowerCase(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	lists := 0
	for _, lang := range texts.Languages() {
		for _, key := range texts.Keys(lang) {
			list := texts.Text(lang, key)
			if !heard(key, list) {
				continue
			}
			if lists++; list != strings.ToLower(list) {
				t.Errorf("%s, %s: %s", lang, key, list)
			}
		}
	}
	if lists < 100 {
		t.Errorf("only %d lists were found", lists)
	}
}
