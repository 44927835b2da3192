package matrix

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// A letter with nothing in it is given up at once, and nothing is shown.
func TestALetterWithNothingInItIsGivenUp(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	before := len(w.bodies(room))
	if _, err := w.m.Send(t.Context(), letter(1, room, " \n"), nil); remedy(t, err).Remedy != bot.Never {
		t.Errorf("%v", err)
	}
	if got := w.bodies(room); len(got) != before {
		t.Errorf("Ana reads %q", got)
	}
}

// Markup of ours is kept, what could lead elsewhere is not, and a text without markup, or with too much of it, goes plain.
func TestMarkupIsKeptAsFarAsItIsSafe(t *testing.T) {
	for text, want := range map[string]string{
		`<a title="x" href="https://voorbeeld.nl">dit</a>`: `<a href="https://voorbeeld.nl">dit</a>`,
		`<a href="javascript:alert(1)">dit</a>`:            `<a href="">dit</a>`,
		`<script>dit</script>`:                             `dit`,
		`dit<br/><!-- dat --><!doctype x>`:                 `dit`,
	} {
		if got := render(text).html; got != want {
			t.Errorf("%s becomes %s, not %s", text, got, want)
		}
	}
	if got := render("<b>" + strings.Repeat("&lt;", htmlLimit/4) + "</b>").within(); got.html != "" || got.plain == "" {
		t.Errorf("%d bytes of markup are kept", len(got.html))
	}
	l := letter(1, "!r", "<b>dit</b>")
	if got := words(l, "@b"); got.html != "<b>dit</b>" || got.plain != "dit" {
		t.Errorf("%+v", got)
	}
	l.Plain = true
	if got := words(l, "@b"); got.html != "" || got.plain != "dit" {
		t.Errorf("plain: %+v", got)
	}
}

// A link that is shown as it is stands once in the plain words; one with other words has both.
func TestPlainWordsSayWhereALinkLeadsOnce(t *testing.T) {
	for text, want := range map[string]string{
		`<a href="https://voorbeeld.nl">https://voorbeeld.nl</a>`: "https://voorbeeld.nl",
		`<a href="https://voorbeeld.nl">dit</a>`:                  "dit (https://voorbeeld.nl)",
		`<a href="javascript:alert(1)">dit</a>`:                   "dit",
	} {
		if got := render(text).plain; got != want {
			t.Errorf("%s becomes %s, not %s", text, got, want)
		}
	}
}

// Nothing can be chosen on what carries no token: a press could not be traced.
func TestChoicesWithoutATokenAreNotOffered(t *testing.T) {
	l := asked(1, "!r", []bot.Choice{yes, no})
	l.Token = ""
	if got := words(l, "@b").plain; got != "Is het nog bezig?" {
		t.Errorf("offered is %q", got)
	}
}

// A correction of an alert wakes people, though it changes what stands there; other changes do not.
func TestOnlyAnUrgentChangeWakes(t *testing.T) {
	for _, c := range []struct {
		op   bot.Op
		lane bot.Lane
		want string
	}{
		{bot.OpEdit, bot.LaneUrgent, "m.text"},
		{bot.OpEdit, bot.LaneRoutine, "m.notice"},
		{bot.OpPost, bot.LaneUrgent, "m.text"},
		{bot.OpPost, bot.LaneRoutine, "m.text"},
	} {
		l := letter(1, "!r", "Let op")
		l.Op, l.Lane = c.op, c.lane
		if got := msgType(l); got != c.want {
			t.Errorf("%s in lane %d is %s", c.op, c.lane, got)
		}
	}
}
