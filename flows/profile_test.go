package flows_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
)

const home = "nl" // the country the transcripts are written in

// zones are the clocks of countries.
var zones = map[string]string{"nl": "Europe/Amsterdam", "be": "Europe/Brussels"}

// lacks stands where somebody wants to press what is not offered in this country.
const lacks = "(nobody offers that here)\n"

// country is the profile that a mode plays under.
func (m mode) country() string {
	if m.profile == "" {
		return home
	}
	return m.profile
}

// spoken is a line of the script as it is said in the mode's country: people use the numbers and words they know.
func (m mode) spoken(line string) string {
	if m.country() == home {
		return line
	}
	here, there := numbers(home), numbers(m.country())
	for _, name := range numberNames {
		if here[name] != "" && there[name] != "" {
			line = replaceNumber(line, here[name], there[name])
		}
	}
	for usual, word := range words[m.country()] {
		line = strings.ReplaceAll(line, usual, word)
	}
	return line
}

// words are what people call things elsewhere.
var words = map[string]map[string]string{"be": {"kenteken": "nummerplaat", "wijkagent": "wijkinspecteur", "Woningcorporatie": "Huisvestingsmaatschappij"}}

// The numbers of a country, longest first, because one may begin another.
var numberNames = []string{"app", "police", "anonymous", "domestic_violence", "child", "suicide", "emergency"}

func numbers(country string) map[string]string {
	p, _ := civic.ProfileOf(country)
	found := map[string]string{"app": p.App, "police": p.Police, "anonymous": p.Anonymous, "emergency": p.Emergency}
	for _, line := range p.Helplines {
		found[line.Key] = line.Number
	}
	return found
}

func replaceNumber(text, number, by string) string {
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(number)+`\b`).ReplaceAllLiteralString(text, by)
}

// neutral is every exchange without what may differ between countries or between two runs: numbers, words of the country,
// references, and which of two chats is told first.
func neutral(texts *locales.Texts, all []exchange, country string) []string {
	names := neutralNames(texts, country)
	seen := map[string]string{}
	nth := func(ref string) string {
		if seen[ref] == "" {
			prefix, _, _ := strings.Cut(ref, "-")
			seen[ref] = fmt.Sprintf("%s-#%d", prefix, len(seen)+1)
		}
		return seen[ref]
	}
	var out []string
	for _, e := range all {
		said := slices.Clone(e.said)
		slices.SortStableFunc(said, func(a, b string) int { return strings.Compare(chatOf(a), chatOf(b)) })
		text := names.Replace(e.line + "\n" + strings.Join(said, ""))
		text = reference.ReplaceAllStringFunc(text, nth)
		out = append(out, invitation.ReplaceAllStringFunc(text, func(code string) string { return nth("CODE-" + code) }))
	}
	return out
}

// neutralNames puts names in the place of a country's numbers and words.
func neutralNames(texts *locales.Texts, country string) *strings.Replacer {
	var pairs []string
	for _, name := range numberNames {
		if number := numbers(country)[name]; number != "" {
			pairs = append(pairs, number, "{"+name+"}")
		}
	}
	p, _ := civic.ProfileOf(country)
	for _, lang := range texts.Languages() {
		if p.Police == "" {
			pairs = append(pairs, texts.Text(lang, "help.police.local"), "{police}")
		}
		for _, key := range texts.Keys(lang) {
			if strings.HasPrefix(key, "word.") {
				pairs = append(pairs, texts.Text(lang+"-"+p.Country, key), "{"+key+"}")
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// differences is what is said otherwise in another country than at home, line by line of the script.
func differences(texts *locales.Texts, plain, abroad []exchange, country string) string {
	here, there := neutral(texts, plain, home), neutral(texts, abroad, country)
	var b strings.Builder
	for i := range here {
		if here[i] != there[i] {
			b.WriteString(abroad[i].line + "\n" + strings.Join(abroad[i].said, "") + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (tr transcript) fileAbroad(country string) string {
	return filepath.Join("testdata", country, filepath.Base(tr.file))
}

func (tr transcript) writeAbroad(t *testing.T, country, differ string) {
	t.Helper()
	file := tr.fileAbroad(country)
	if differ == "" {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	archive := txtar.Format(&txtar.Archive{
		Comment: []byte("What is said otherwise under this profile than in the transcript of the same name.\n\n"),
		Files:   []txtar.File{{Name: "chat", Data: []byte(differ)}},
	})
	if err := os.WriteFile(file, archive, 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkAbroad compares what is said in another country with what is written down of it, and looks for numbers and words
// that are only known at home.
func (tr transcript) checkAbroad(t *testing.T, country string, plain, abroad []exchange) {
	t.Helper()
	want := ""
	if raw, err := os.ReadFile(tr.fileAbroad(country)); err == nil {
		want = string(txtar.Parse(raw).Files[0].Data)
	}
	if diff := cmp.Diff(want, differences(textsOf(t), plain, abroad, country)); diff != "" {
		t.Errorf("under the profile %s the bot says something else (-want +got):\n%s", country, diff)
	}
	foreign := foreignTo(t, country)
	for _, e := range abroad {
		for _, said := range e.said {
			// The name of an app holds a number that nobody is told to call.
			said = strings.ReplaceAll(said, numbers(country)["app"], "")
			if found := foreign.FindAllString(said, -1); found != nil {
				t.Errorf("under the profile %s nobody knows %q:\n%s\n%s", country, found, e.line, said)
			}
		}
	}
}

// foreignTo finds what is known at home only: its numbers, and the words that the country has others for.
func foreignTo(t *testing.T, country string) *regexp.Regexp {
	t.Helper()
	var known []string
	there := numbers(country)
	p, _ := civic.ProfileOf(country)
	for name, number := range numbers(home) {
		if number != "" && number != there[name] && number != p.Fire { // which is told of fire, as testdata/be has it
			known = append(known, regexp.QuoteMeta(number))
		}
	}
	texts := textsOf(t)
	for _, key := range []string{"word.officer", "word.plates", "member.role.housing", "member.role.enforcement"} {
		usual, here := texts.Text("nl", key), texts.Text("nl-"+p.Country, key)
		if usual == here {
			t.Errorf("%s is no word of its own under %s", key, country)
		}
		known = append(known, "(?i)"+regexp.QuoteMeta(strings.TrimSuffix(usual, "s")))
	}
	slices.Sort(known)
	return regexp.MustCompile(`\b(?:` + strings.Join(known, "|") + `)`)
}

// took is what was pressed in vain since the last time.
func (p *player) took() []string {
	lacking := p.lacking
	p.lacking = nil
	return lacking
}

// What is said otherwise in another country is said in a transcript that there is.
func TestNothingIsWrittenAbroadOfNoTranscript(t *testing.T) {
	abroad, err := filepath.Glob("testdata/be/*.txtar")
	if err != nil || len(abroad) == 0 {
		t.Fatal("none", err)
	}
	for _, file := range abroad {
		if _, err := os.Stat(filepath.Join("testdata", filepath.Base(file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
