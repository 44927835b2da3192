package telegram

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// What cannot be written as Telegram wants it is given up at once, and nothing of it is shown.
func TestALetterThatCannotBeWrittenIsGivenUp(t *testing.T) {
	pressed := letterTo(street, "Kies")
	pressed.Token, pressed.Rows = "token", [][]bot.Choice{{{Key: strings.Repeat("k", maxData), Label: "Ja"}}}
	foreign := letterTo(street, "Anders")
	foreign.Op, foreign.Edits = bot.OpEdit, "$event:example.org"
	for name, l := range map[string]bot.Letter{
		"nothing in it": letterTo(street, " \n"), "a button that says too much": pressed, "a message of another platform": foreign,
	} {
		s := newStrict(t, botapi.Config{})
		if e := s.refuse(l); e.Remedy != bot.Never {
			t.Errorf("%s: %+v", name, e)
		}
		if got := s.shown(street); len(got) != 0 {
			t.Errorf("%s: %q is shown", name, got)
		}
	}
}

// Where markup is refused, links stay readable; a choice that nothing can be traced by has no button.
func TestAPlainLetterSaysWhereItsLinksLead(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	l := letterTo(street, `Lees <a href="https://voorbeeld.nl/a?b=1&amp;c=2">dit</a>`+
		` of <a href="https://voorbeeld.nl">https://voorbeeld.nl</a>, <a href="half>niet</a>`)
	l.Plain, l.Token, l.Rows = true, "", [][]bot.Choice{{{Key: "ja", Label: "Ja"}}}
	s.send(l)
	const want = "Lees dit (https://voorbeeld.nl/a?b=1&c=2) of https://voorbeeld.nl, niet"
	if got := s.shown(street); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, m := range s.Messages(street) {
		if m.From == ourBot && len(m.Keyboard) != 0 {
			t.Errorf("it has the buttons %v", m.Keyboard)
		}
	}
}

// A card that got half way and says something else by then is shown as it is, whole.
func TestALetterThatChangedHalfWayIsShownWhole(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	s.Fail(botapi.Fault{Kind: botapi.DropBefore, Method: "sendMessage"})
	s.refuse(letterTo(street, "met foto's"), jpegOf(t, 40, 30, 1), jpegOf(t, 40, 30, 2))
	if ref := s.send(letterTo(street, "gesloten")); ref == "" {
		t.Error("it has no message")
	}
	if m, _ := s.Last(street); m.Text != "gesloten" {
		t.Errorf("shown is %q", m.Text)
	}
}
