package telegram

import (
	"html"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestThrottledChatIsLeftAloneAndOthersAreNot(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }})
	s.Say(noor, noor, "/start")
	s.Fail(botapi.Fault{Kind: botapi.TooMany, Chat: noor, RetryAfter: 17})
	if diff := cmp.Diff(remedy{Remedy: bot.Later, After: 17 * time.Second}, remedyOf(s.refuse(letterTo(noor, "a")))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s.send(letterTo(street, "b"))
	now = now.Add(17 * time.Second)
	s.send(letterTo(noor, "a"))
	if got := s.shown(noor); s.Doubled() != 0 || len(got) != 1 {
		t.Errorf("%d calls while the chat was closed, %v shown", s.Doubled(), got)
	}
}

func TestAnswerThatIsLostLeavesTheLetterUncertain(t *testing.T) {
	for _, c := range []struct {
		kind  botapi.FaultKind
		shown int
		want  bot.Remedy
	}{
		{botapi.DropAfterEffect, 1, bot.Uncertain},
		{botapi.DropBefore, 0, bot.Uncertain},
		{botapi.Reset, 0, bot.Uncertain},
		{botapi.Status500, 0, bot.Uncertain},
		{botapi.Status502HTML, 0, bot.Uncertain},
		{botapi.Refuse, 0, bot.Later},
	} {
		s := newStrict(t, botapi.Config{})
		s.Fail(botapi.Fault{Kind: c.kind, Method: "sendMessage"})
		if e := s.refuse(letterTo(street, "a")); e.Remedy != c.want {
			t.Errorf("fault %d: %+v", c.kind, e)
		}
		if got := s.shown(street); len(got) != c.shown {
			t.Errorf("fault %d: %v", c.kind, got)
		}
	}
}

func TestSilentServerLeavesTheLetterUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.Fail(botapi.Fault{Kind: botapi.Hang})
		if e := s.refuse(letterTo(street, "a")); e.Remedy != bot.Uncertain {
			t.Errorf("%+v", e)
		}
	})
}

func TestEditWhoseAnswerIsLostIsRepeatedWithoutHarm(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	ref := s.send(letterTo(street, "een"))
	s.Fail(botapi.Fault{Kind: botapi.DropAfterEffect, Method: "editMessageText"})
	edit := editOf(street, ref, "twee")
	if e := s.refuse(edit); e.Remedy != bot.Uncertain {
		t.Errorf("%+v", e)
	}
	if e := s.refuse(edit); e.Remedy != bot.Unchanged {
		t.Errorf("%+v", e)
	}
	if diff := cmp.Diff([]string{"twee"}, s.shown(street)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLetterOfSeveralCallsGoesOnWhereItStopped(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	photos := [][]byte{jpegOf(t, 40, 30, 1), jpegOf(t, 40, 30, 2)}
	s.Fail(botapi.Fault{Kind: botapi.DropBefore, Method: "sendMessage"})
	if e := s.refuse(letterTo(street, "twee foto's"), photos...); e.Remedy != bot.Uncertain {
		t.Errorf("%+v", e)
	}
	s.send(letterTo(street, "twee foto's"), photos...)
	if diff := cmp.Diff([]string{"", "", "twee foto's"}, s.shown(street)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEveryTextIsTakenWhateverItsLength(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	for _, text := range []string{
		strings.Repeat("a", 4097), strings.Repeat("😀", 4096), strings.Repeat("woord ", 3000), "kapot\xff\xfe", "  a  ",
		strings.Repeat("<b>vet</b> &amp; ", 1500), strings.Repeat("é\n\n", 5000),
	} {
		s.send(letterTo(street, text))
	}
	before := len(s.Requests())
	for _, text := range []string{"", " \n ", "<b></b>"} {
		if e := s.refuse(letterTo(street, text)); e.Remedy != bot.Never {
			t.Errorf("%q: %+v", text, e)
		}
	}
	if n := len(s.Requests()) - before; n != 0 {
		t.Errorf("%d calls for nothing", n)
	}
}

// TestWhateverPeopleWriteIsShownAsTheyWroteIt puts any words into any markup of ours, and cuts it into parts.
func TestWhateverPeopleWriteIsShownAsTheyWroteIt(t *testing.T) {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"<b>", "</b>", "&", "&amp;", "_*[`", `\`, "\u202e", "😀", "\u200b", "a<b", "\"", "'", "5 < 6 > 4", "</", "&#60;"}),
		rapid.StringN(1, 30, 200),
	)
	tags := rapid.SampledFrom([]string{"", "b", "i", "code", `a href="https://example.org/?a=1&amp;b=2"`})
	rapid.Check(t, func(r *rapid.T) {
		s := strictIn(t, r, botapi.Config{})
		var markup, plain strings.Builder
		markup.WriteString("x") // a text in which nothing can be seen is refused, and so it should be
		plain.WriteString("x")
		for range rapid.IntRange(1, 20).Draw(r, "parts") {
			said, times := rapid.SliceOfN(word, 1, 12).Draw(r, "said"), rapid.SampledFrom([]int{1, 1, 1, 50, 400}).Draw(r, "times")
			words, tag := strings.Repeat(strings.Join(said, " ")+"x", times), tags.Draw(r, "tag")
			plain.WriteString(words)
			if tag == "" {
				markup.WriteString(html.EscapeString(words))
				continue
			}
			name, _, _ := strings.Cut(tag, " ")
			markup.WriteString("<" + tag + ">" + html.EscapeString(words) + "</" + name + ">")
		}
		l := letterTo(street, markup.String())
		_, err := s.tg.Send(t.Context(), l, nil)
		if err != nil {
			r.Fatalf("%v: %q", err, markup.String())
		}
		if got, want := blankless(strings.Join(s.shown(street), "")), blankless(plain.String()); got != want {
			r.Fatalf("shown %q, want %q", got, want)
		}
	})
}

// blankless drops what is lost where a text is cut, and what Telegram drops itself.
func blankless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r) || (r >= '\u2028' && r <= '\u202e') {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func TestBrokenMarkupIsSentPlainOnce(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	for _, text := range []string{"<b>open", "<p>alinea</p>", "5 < 6", "sluit</i>"} {
		l := letterTo(street, text)
		if e := s.refuse(l); e.Remedy != bot.Markup {
			t.Errorf("%s: %+v", text, e)
		}
		l.Plain = true
		s.send(l)
	}
	if got := s.shown(street); len(got) != 4 || got[0] != "open" {
		t.Errorf("%q", got)
	}
}

func TestEveryClosedDoorHasItsRemedy(t *testing.T) {
	hold := remedy{Remedy: bot.Later, After: rightsPause, Right: true}
	gone := remedy{Remedy: bot.Gone}
	for _, c := range []struct {
		name string
		do   func(s strict)
		chat int64
		want remedy
	}{
		{"unknown", func(strict) {}, 404, gone},
		{"never wrote", func(strict) {}, ivo, gone},
		{"blocked", func(s strict) { s.Block(noor) }, noor, gone},
		{"deactivated", func(s strict) { s.Deactivate(noor) }, noor, remedy{Remedy: bot.Gone, Ended: true}},
		{"kicked", func(s strict) { s.Kick(noor, street) }, street, gone},
		{"kicked from a group", func(s strict) { s.Kick(noor, yard) }, yard, gone},
		{"deleted", func(s strict) { s.DeleteGroup(yard) }, yard, gone},
		{"silenced", func(s strict) { s.Forbid(street, botapi.Deny{Text: true}) }, street, hold},
		{"channel", func(s strict) { s.AddGroup(botapi.Group{ID: -1001300000001, Type: "channel"}) }, -1001300000001, hold},
	} {
		s := newStrict(t, botapi.Config{})
		s.Say(noor, noor, "/start")
		c.do(s)
		if diff := cmp.Diff(c.want, remedyOf(s.refuse(letterTo(c.chat, "a")))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
		if c.want.Remedy == bot.Gone {
			if diff := cmp.Diff(c.want, remedyOf(s.refuse(letterTo(c.chat, "a"), jpegOf(t, 40, 30, 1)))); diff != "" {
				t.Errorf("%s, with a picture (-want +got)\n%s", c.name, diff)
			}
		}
	}
}

func TestBlockingAndTakingBackAreHeard(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Say(noor, noor, "/start")
	s.Block(noor)
	s.StartLink(noor, "abc")
	s.poll()
	var got []bot.Event
	for _, u := range s.updates() {
		got = append(got, u.Event)
	}
	want := []bot.Event{bot.Command{Name: "start"}, bot.Left{Why: "blocked"}, bot.Joined{}, bot.Command{Name: "start", Args: "abc"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s.send(letterTo(noor, "welkom terug"))
}

func TestGroupThatMovedIsFollowed(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	next := s.Migrate(yard)
	want := remedy{Remedy: bot.MovedTo, To: formatID(next)}
	for _, photos := range [][][]byte{nil, {jpegOf(t, 40, 30, 1)}} {
		if diff := cmp.Diff(want, remedyOf(s.refuse(letterTo(yard, "a"), photos...))); diff != "" {
			t.Errorf("%d photos (-want +got)\n%s", len(photos), diff)
		}
	}
	s.send(letterTo(next, "a"))
	s.poll()
	for _, u := range s.updates() {
		if diff := cmp.Diff(bot.Event(bot.Moved{To: formatID(next)}), u.Event); diff != "" || u.Chat.ID != formatID(yard) {
			t.Errorf("%+v (-want +got)\n%s", u, diff)
		}
	}
	if n := len(s.updates()); n != 2 {
		t.Errorf("%d messages tell of the move", n)
	}
}

func TestPressIsAnsweredWhileItsChatIsThrottled(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }, Impatient: true, Limits: true})
	s.Say(noor, noor, "/start")
	l := letterTo(noor, "Kies")
	l.Rows = [][]bot.Choice{{{Key: "yes", Label: "Ja"}}}
	ref := s.send(l)
	for range 5 {
		_, _ = s.tg.Send(t.Context(), letterTo(noor, "meer"), nil)
	}
	if s.Throttled() == 0 {
		t.Fatal("the chat is still open")
	}
	query, err := s.Press(noor, noor, messageNumber(ref), "Ja")
	if err != nil {
		t.Fatal(err)
	}
	s.poll()
	updates := s.updates()
	press, is := updates[len(updates)-1].Event.(bot.Press)
	if want := (bot.Press{Query: query, Token: pressed, Key: "yes", On: ref}); !is || press != want {
		t.Errorf("%+v, want %+v", press, want)
	}
	for _, answer := range []string{"", "kort", strings.Repeat("é😀", 300)} {
		if err := s.tg.Answer(t.Context(), query, answer); err != nil {
			t.Errorf("%.10s: %v", answer, err)
		}
	}
	now = now.Add(time.Hour)
	if err := s.tg.Answer(t.Context(), query, "te laat"); err != nil {
		t.Errorf("a press that is too old: %v", err)
	}
	if e := s.Events(); e[len(e)-1].Kind != botapi.Answered || !e[len(e)-1].Alert {
		t.Errorf("%+v", e[len(e)-1])
	}
}

func TestForgedPressesAreDecoded(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Say(noor, noor, "/start")
	for _, message := range []int64{0, 1, 999} {
		s.PressData(noor, noor, message, "forged")
		s.PressData(noor, noor, message, pressed+".yes")
	}
	s.poll()
	var tokens []string
	for _, u := range s.updates()[1:] {
		press, _ := u.Event.(bot.Press)
		tokens = append(tokens, press.Token)
		if u.From.ID != "5001" || u.Chat.ID != "5001" || press.Query == "" {
			t.Errorf("%+v", u)
		}
	}
	if diff := cmp.Diff([]string{"", pressed, "", pressed, "", pressed}, tokens); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMaskedAuthorsHaveNoName(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.AddGroup(botapi.Group{ID: -1001300000001, Title: "Krant", Type: "channel"})
	s.Say(noor, street, "/alert a", botapi.AsAnonymousAdmin())
	s.Say(noor, street, "/alert b", botapi.AsChannel(-1001300000001))
	s.Say(noor, street, "/alert c", botapi.Forwarded())
	own := s.Say(noor, street, "/alert d")
	s.Edit(noor, street, own, "/alert e")
	s.poll()
	type seen struct {
		ID                           string
		Anonymous, Forwarded, Edited bool
	}
	var got []seen
	for _, u := range s.updates() {
		c, _ := u.Event.(bot.Command)
		got = append(got, seen{u.From.ID, u.From.Anonymous, c.Forwarded, c.Edited})
	}
	want := []seen{
		{ID: formatID(street), Anonymous: true},
		{ID: "-1001300000001", Anonymous: true},
		{ID: "5001", Forwarded: true},
		{ID: "5001"},
		{ID: "5001", Edited: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnswerIsLostOnASocketToo(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	server := httptest.NewServer(s)
	defer server.Close()
	s.tg = New(Config{Token: testToken, URL: server.URL})
	defer s.tg.Close()
	s.send(letterTo(street, "a"))
	for _, kind := range []botapi.FaultKind{botapi.DropAfterEffect, botapi.Reset, botapi.DropBefore} {
		s.Fail(botapi.Fault{Kind: kind})
		if e := s.refuse(letterTo(street, "b")); e.Remedy != bot.Uncertain {
			t.Errorf("fault %d: %+v", kind, e)
		}
	}
	if diff := cmp.Diff([]string{"a", "b"}, s.shown(street)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
