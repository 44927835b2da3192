package flows_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/locales"
)

func textsOf(t *testing.T) *locales.Texts {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

var draftFile = flag.String("draft", "", "check this language as well, which is not shipped yet: /path/to/fr.yaml")

// drafted are the shipped texts with those of a language that is being written.
func drafted(t *testing.T, file string) *locales.Texts {
	t.Helper()
	files := fstest.MapFS{}
	names, err := filepath.Glob("../locales/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "../locales/staff.txt", file) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	texts, err := locales.LoadFS(files)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// Every text that is asked for is there in every language, and every text that is there is asked for; a language for
// residents does without those of staff.
func TestTexts(t *testing.T) {
	texts := textsOf(t)
	if *draftFile != "" {
		texts = drafted(t, *draftFile)
	}
	walk := walkSources(t, ".", "../bot", "../bot/sandbox", "../bot/matrix")
	used := slices.Concat(structured(registered(t), walk.labels), core(), walk.uses(known(texts)))
	findings := texts.Check(used)
	for _, line := range findings {
		t.Error("locales/" + line)
	}
	if len(findings) > 0 {
		t.Log("A key that is missing: write it in each file of locales. One that nobody uses: delete it, or, when it is " +
			"put together at run time, name it in the Keys of its bot.Feature. A label that is too long: say it shorter.")
	}
}

// known are the keys that stand in some language, plural forms under what they have in common.
func known(texts *locales.Texts) map[string]bool {
	all := map[string]bool{}
	for _, lang := range texts.Languages() {
		for _, key := range texts.Keys(lang) {
			all[key] = true
			if i := strings.LastIndexByte(key, '.'); i > 0 && texts.Has(lang, key[:i]) {
				all[key[:i]] = true
			}
		}
	}
	return all
}

// questions are how the keys of steps end that are no labels: what is asked at first, and once there is an answer.
var questions = []string{"ask", "suggest", "change"}

// structured are the texts that registered things need by their structure. Those of steps are labels, but for the
// questions; a key that a feature names is a label when the sources put it on a button.
func structured(e *bot.Engine, labels []string) []locales.Use {
	named := map[string]bool{}
	for _, f := range flows.Features(flows.Options{}) {
		for _, key := range f.Keys {
			named[key] = true
		}
	}
	var used []locales.Use
	for _, key := range e.Keys() {
		onButton := slices.ContainsFunc(labels, func(label string) bool {
			return label == key || strings.HasSuffix(label, ".") && strings.HasPrefix(key, label)
		})
		step := !named[key] && !strings.HasPrefix(key, "command.") && !strings.HasPrefix(key, "help.")
		asks := slices.Contains(questions, key[strings.LastIndexByte(key, '.')+1:])
		used = append(used, locales.Use{Key: key, Button: onButton || step && !asks})
	}
	return used
}

// core are the texts whose keys the engine and the sandbox make at run time.
func core() []locales.Use {
	var used []locales.Use
	for _, kind := range []bot.MediaKind{
		bot.MediaPhoto, bot.MediaDocument, bot.MediaVideo, bot.MediaVoice, bot.MediaSticker, bot.MediaPoll, bot.MediaContact,
		bot.MediaOther,
	} {
		used = append(used, locales.Use{Key: "media." + string(kind)})
	}
	for p := range maps.Keys(civic.Grants) {
		used = append(used, locales.Use{Key: "refused." + string(p), Optional: true})
	}
	for _, key := range sandbox.Keys() {
		used = append(used, locales.Use{Key: key})
	}
	return used
}
