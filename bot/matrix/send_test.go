package matrix

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// bodies lists what the bot said in a room, edits included.
func (w *world) bodies(room string) []string {
	var all []string
	for _, e := range w.hs.Events(room, buurtbot, "m.room.message") {
		all = append(all, fmt.Sprint(e.Content["body"]))
	}
	return all
}

// seeds lists the bot's reactions that stand.
func (w *world) seeds(room string) []string {
	var all []string
	for _, e := range w.hs.Events(room, buurtbot, "m.reaction") {
		if about, is := e.Content["m.relates_to"].(map[string]any); is {
			all = append(all, fmt.Sprint(about["key"]))
		}
	}
	return all
}

func asked(id int64, room string, rows ...[]bot.Choice) bot.Letter {
	l := letter(id, room, "Is het nog bezig?")
	l.Token, l.About, l.Rows = "token", "form/report/still", rows
	return l
}

var (
	yes  = bot.Choice{Key: "yes", Label: "Ja"}
	no   = bot.Choice{Key: "no", Label: "Nee, <voorbij>"}
	stop = bot.Choice{Key: "_cancel", Label: "Stoppen"}
)

func TestChoicesAreNumberedAndSeeded(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	ref := w.send(asked(1, room, []bot.Choice{yes, no}, []bot.Choice{stop}))
	said := w.hs.Events(room, buurtbot, "m.room.message")
	if len(said) != 1 || said[0].ID != string(ref) {
		t.Fatalf("the bot said %v, and names %s", said, ref)
	}
	want := map[string]any{
		"msgtype": "m.text", "body": "Is het nog bezig?\n\n1. Ja\n2. Nee, <voorbij>\n3. Stoppen", "m.mentions": map[string]any{},
		letterKey: said[0].Content[letterKey],
	}
	if diff := cmp.Diff(want, said[0].Content); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"1️⃣", "2️⃣", "3️⃣"}, w.seeds(room)); diff != "" {
		t.Error(diff)
	}
}

func TestQuestionForWordsHasNoNumbers(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(asked(1, room, []bot.Choice{stop}))
	if diff := cmp.Diff([]string{"Is het nog bezig?\n\nStoppen"}, w.bodies(room)); diff != "" {
		t.Error(diff)
	}
	if got := w.seeds(room); len(got) != 0 {
		t.Errorf("seeds %v", got)
	}
}

func TestWaysOutStandApartWhereOneHoldsTheSignBetweenThem(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	back := bot.Choice{Key: "_back", Label: "Terug"}
	w.send(asked(1, room, []bot.Choice{back, stop}))
	w.send(asked(2, room, []bot.Choice{back, {Key: "_skip", Label: "Weet ik niet · sla over"}}))
	want := []string{"Is het nog bezig?\n\nTerug · Stoppen", "Is het nog bezig?\n\nTerug\nWeet ik niet · sla over"}
	if diff := cmp.Diff(want, w.bodies(room)); diff != "" {
		t.Error(diff)
	}
}

func TestManyChoicesAndManyPeopleGetNoSeeds(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	var many []bot.Choice
	for i := range seedChoices + 1 {
		many = append(many, bot.Choice{Key: fmt.Sprint(i), Label: fmt.Sprint("Keuze ", i)})
	}
	w.send(asked(1, room, many))
	crowd := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot)
	for i := range seedCrowd {
		w.hs.Member(crowd, bo, matrixfake.User(fmt.Sprint("p", i)), "join")
	}
	w.poll()
	l := asked(2, crowd, []bot.Choice{yes, no})
	l.To.Kind = bot.Group
	w.send(l)
	if got := append(w.seeds(room), w.seeds(crowd)...); len(got) != 0 {
		t.Errorf("seeds %v", got)
	}
}

func TestServerThatComplainsGetsNoSeeds(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Refuse = refusing("/send/m.reaction/", http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED"}`)
	w.send(asked(1, room, []bot.Choice{yes, no}))
	w.hs.Refuse = nil
	w.send(asked(2, room, []bot.Choice{yes, no}))
	if got := w.seeds(room); len(got) != 0 {
		t.Errorf("seeds %v", got)
	}
	w.now = w.now.Add(seedPause)
	w.send(asked(3, room, []bot.Choice{yes, no}))
	if got := w.seeds(room); len(got) != 2 {
		t.Errorf("seeds %v", got)
	}
}

func TestMarkupBecomesMatrixs(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "<b>Let op</b>\n&lt;script&gt; <a href=\"https://example.org/a\">kaart</a> <img src=x> [x](https://matrix.to/#/@ana:hs.test)"))
	c := w.hs.Events(room, buurtbot, "m.room.message")[0].Content
	want := "<b>Let op</b><br>&lt;script&gt; <a href=\"https://example.org/a\">kaart</a>  [x](https://matrix.to/#/@ana:hs.test)"
	if diff := cmp.Diff(want, c["formatted_body"]); diff != "" {
		t.Error(diff)
	}
	want = "Let op\n<script> kaart (https://example.org/a)  [x](https://matrix.to/#/@ana:hs.test)"
	if diff := cmp.Diff(want, c["body"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{}, c["m.mentions"]); diff != "" {
		t.Errorf("a pasted link mentions somebody: %s", diff)
	}
}

func TestUrgentLetterWakesThePerson(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(1, room, "Blijf binnen")
	l.Lane = bot.LaneUrgent
	w.send(l)
	quiet := letter(2, room, "Overzicht")
	quiet.Silent = true
	w.send(quiet)
	said := w.hs.Events(room, buurtbot, "m.room.message")
	if diff := cmp.Diff(map[string]any{"user_ids": []any{ana}}, said[0].Content["m.mentions"]); diff != "" {
		t.Error(diff)
	}
	if said[0].Content["msgtype"] != "m.text" || said[1].Content["msgtype"] != "m.notice" {
		t.Errorf("urgent is %v, silent is %v", said[0].Content["msgtype"], said[1].Content["msgtype"])
	}
}

func TestEditReplacesAndDropsOldNumbers(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	card := w.send(asked(1, room, []bot.Choice{yes, no, stop}))
	edit := asked(2, room, []bot.Choice{yes})
	edit.Op, edit.Edits, edit.Text = bot.OpEdit, card, "Het is voorbij"
	if ref := w.send(edit); ref != card {
		t.Errorf("the edit is of %s, not of %s", ref, card)
	}
	said := w.hs.Events(room, buurtbot, "m.room.message")
	last := said[len(said)-1].Content
	about := map[string]any{"rel_type": "m.replace", "event_id": string(card)}
	if diff := cmp.Diff(about, last["m.relates_to"]); diff != "" {
		t.Error(diff)
	}
	if inner, _ := last["m.new_content"].(map[string]any); inner == nil || inner["body"] != "Het is voorbij\n\n1. Ja" {
		t.Errorf("the new words are %v", last["m.new_content"])
	}
	if diff := cmp.Diff([]string{"1️⃣"}, w.seeds(room)); diff != "" {
		t.Error(diff)
	}
}

func TestPicturesAreUploadedAndShown(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	ref, err := w.m.Send(t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte("een"), []byte("twee")})
	if err != nil {
		t.Fatal(err)
	}
	said := w.hs.Events(room, buurtbot, "m.room.message")
	if len(said) != 3 || said[2].ID != string(ref) {
		t.Fatalf("%d messages, %s is shown", len(said), ref)
	}
	for i, want := range []string{"een", "twee"} {
		if got := string(w.hs.File(fmt.Sprint(said[i].Content["url"]))); got != want || said[i].Content["msgtype"] != "m.image" {
			t.Errorf("picture %d is %q", i, got)
		}
	}
}

func TestRecordingsAreUploadedAndShownAsWhatTheyAre(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	spoken, filmed := "OggS\x00\x02 hallo", "\x00\x00\x00\x10ftypisom....vmhd"
	if _, err := w.m.Send(t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte(spoken), []byte(filmed)}); err != nil {
		t.Fatal(err)
	}
	said := w.hs.Events(room, buurtbot, "m.room.message")
	if len(said) != 3 {
		t.Fatalf("%d messages", len(said))
	}
	for i, want := range []struct{ kind, name, data string }{{"m.audio", "1.ogg", spoken}, {"m.video", "2.mp4", filmed}} {
		c := said[i].Content
		if c["msgtype"] != want.kind || c["body"] != want.name || string(w.hs.File(fmt.Sprint(c["url"]))) != want.data {
			t.Errorf("recording %d is shown as %v", i, c)
		}
	}
}

func TestRefusalsAreClassified(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   bot.SendError
	}{
		"too fast, in the answer": {
			429, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}`,
			bot.SendError{Remedy: bot.Later, After: 1500 * time.Millisecond, Global: true},
		},
		"too fast, without a number": {429, `{"errcode":"M_LIMIT_EXCEEDED"}`, bot.SendError{Remedy: bot.Later, After: limitedPause, Global: true}},
		"too large":                  {413, `{"errcode":"M_BAD_JSON"}`, bot.SendError{Remedy: bot.Never}},
		"no right to write":          {403, `{"errcode":"M_FORBIDDEN"}`, bot.SendError{Remedy: bot.Later, After: rightsPause, Right: true}},
		"no such room":               {404, `{"errcode":"M_NOT_FOUND"}`, bot.SendError{Remedy: bot.Gone}},
		"bad event":                  {400, `{"errcode":"M_BAD_JSON"}`, bot.SendError{Remedy: bot.Never}},
		"server trouble":             {502, `{"errcode":"M_UNKNOWN"}`, bot.SendError{Remedy: bot.Uncertain}},
		"nobody behind the proxy":    {502, `bad gateway`, bot.SendError{Remedy: bot.Uncertain, After: firstPause, Global: true}},
		"a server that was too slow": {504, `<html>`, bot.SendError{Remedy: bot.Uncertain, After: firstPause, Global: true}},
		"an answer that says little": {200, `<html>`, bot.SendError{Remedy: bot.Uncertain}},
		"a login that is over":       {401, `{"errcode":"M_UNKNOWN_TOKEN"}`, bot.SendError{Remedy: bot.Later, After: firstPause, Global: true}},
		"a captive portal":           {403, `<html>`, bot.SendError{Remedy: bot.Down, After: foreignPause, Global: true}},
		"an account that is off":     {403, `{"errcode":"M_USER_DEACTIVATED"}`, bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			w.hs.Refuse = refusing("/send/", c.status, c.body)
			_, err := w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
			e := *remedy(t, err)
			e.Err = nil
			if e != c.want {
				t.Errorf("%+v, not %+v", e, c.want)
			}
		})
	}
}

func TestOutageIsWaitedOutLongerEachTime(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Lose = func(*http.Request) bool { return true }
	last := time.Duration(0)
	for range 9 {
		_, err := w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
		e := remedy(t, err)
		if e.Remedy != bot.Uncertain || !e.Global || e.After < last {
			t.Fatalf("%v after %v", e, e.After)
		}
		last = e.After
	}
	if last != longestPause {
		t.Errorf("the last pause is %v", last)
	}
}

func TestLetterToWhoeverIsNotThereIsGone(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Member(room, ana, ana, "leave")
	_, err := w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
	if err != nil {
		t.Fatal(err) // not known yet
	}
	if err := w.pollOnce(); err != nil {
		t.Fatal(err)
	}
	_, err = w.m.Send(t.Context(), letter(2, room, "Hoi"), nil)
	if e := remedy(t, err); e.Remedy != bot.Gone {
		t.Errorf("%v", e)
	}
	_, err = w.m.Send(t.Context(), letter(3, "!nowhere:hs.test", "Hoi"), nil)
	if e := remedy(t, err); e.Remedy != bot.Gone {
		t.Errorf("%v", e)
	}
}

func TestNothingPlainGoesIntoAnEncryptedRoom(t *testing.T) {
	w := newWorld(t)
	w.poll()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.poll()
	w.send(letter(1, room, "open"))
	w.hs.State(room, ana, "m.room.encryption", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
	w.poll()
	_, err := w.m.Send(t.Context(), letter(2, room, "geheim"), nil)
	if e := remedy(t, err); e.Remedy != bot.Later || e.After != rightsPause {
		t.Errorf("%v", e)
	}
	if diff := cmp.Diff([]string{"open"}, w.bodies(room)); diff != "" {
		t.Error(diff)
	}
}

func TestHugeTextIsCut(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "<b>"+strings.Repeat("é", 20000)+"</b>"))
	c := w.hs.Events(room, buurtbot, "m.room.message")[0].Content
	if n := len(fmt.Sprint(c["body"])); n > bodyLimit+3 || c["formatted_body"] != nil || !strings.HasSuffix(fmt.Sprint(c["body"]), "…") {
		t.Errorf("a body of %d bytes", n)
	}
}

func TestFileIsFetchedUpToTheLimit(t *testing.T) {
	w := newWorld(t)
	w.poll()
	address := w.hs.Keep([]byte("0123456789"))
	if data, err := w.m.Fetch(t.Context(), address, 10); err != nil || string(data) != "0123456789" {
		t.Errorf("%q, %v", data, err)
	}
	var final *bot.FinalError
	if _, err := w.m.Fetch(t.Context(), address, 9); !errors.As(err, &final) || !errors.As(err, new(TooBig)) {
		t.Errorf("too big: %v", err)
	}
	for _, file := range []string{"mxc://hs.test/none", "http://hs.test/x", `{"url":1}`, ""} {
		if _, err := w.m.Fetch(t.Context(), file, 10); !errors.As(err, &final) {
			t.Errorf("%q: %v", file, err)
		}
	}
	w.hs.Refuse = refusing("/download/", 503, "")
	if _, err := w.m.Fetch(t.Context(), address, 10); remedy(t, err).Remedy != bot.Later {
		t.Errorf("a busy server: %v", err)
	}
}

func TestOperatorIsToldOfTheServersLimitOnce(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	var said strings.Builder
	w.m.log = slog.New(slog.NewTextHandler(&said, nil))
	w.hs.Refuse = refusing("/send/", http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":5000}`)
	for range 3 {
		_, _ = w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
	}
	if n := strings.Count(said.String(), "limits how fast"); n != 1 || !strings.Contains(said.String(), "alert_takes_at_least=5s") {
		t.Errorf("said %d times: %s", n, said.String())
	}
	w.now = w.now.Add(time.Hour)
	_, _ = w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
	if n := strings.Count(said.String(), "limits how fast"); n != 2 {
		t.Errorf("an hour later: said %d times", n)
	}
}
