package bot

import (
	"slices"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
)

// Lists of what may be typed are found in the words of the network's country and in every language that a person may speak,
// and in a room in those of its network alone.
func TestWordsAreFoundInTheLanguagesOfTheChat(t *testing.T) {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{texts: texts, languages: texts.Languages(), whole: texts.Whole()}
	e.dialects = newDialects(e.languages)
	turn := func(kind ChatKind) *Turn {
		return &Turn{
			engine: e, Chat: Chat{ID: 1, Ref: ChatRef{Kind: kind}},
			Network: civic.Network{Profile: "nl", Languages: []string{"nl", "en"}},
		}
	}
	alone, room := turn(Private), turn(Group)
	for _, c := range []struct {
		words     string
		yes, said bool
	}{
		{"Ja hoor!", true, true},
		{"NEE", false, true},
		{"yes", true, true},
		{"tak", true, true},
		{"ja en nee", false, false},
		{"…", false, false},
		{"", false, false},
	} {
		if yes, said := alone.YesOrNo(c.words); yes != c.yes || said != c.said {
			t.Errorf("%q: %v, %v", c.words, yes, said)
		}
	}
	if _, said := room.YesOrNo("tak"); said {
		t.Error("a room heard a language that its network does not speak")
	}
	list := alone.Words("form.cancel.words")
	if len(list) < 2 || slices.Contains(list, "") || !slices.Contains(list, "stop") {
		t.Errorf("words to stop: %q", list)
	}
	if got := e.typedWay(alone, " Stop. "); got != choiceCancel {
		t.Errorf("a typed word to stop is %q", got)
	}
	if !alone.OneOf("form.yes.words", "ja graag") || alone.OneOf("form.yes.words", "nee") {
		t.Error("one of the words for yes")
	}
	if !alone.BeginsOneOf("form.yes.words", "ja") || alone.BeginsOneOf("form.yes.words", "hoor") {
		t.Error("the first of the words for yes")
	}
}
