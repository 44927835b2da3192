package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// post shows a letter of the bot.
func post(t testing.TB, box *sandbox.Sandbox, room, text string, rows ...[]bot.Choice) bot.MessageRef {
	t.Helper()
	return send(t, box, bot.Letter{
		To: bot.ChatRef{ID: room}, Op: bot.OpPost, Token: "one", Message: bot.Message{Text: text, Rows: rows},
	})
}

func send(t testing.TB, box *sandbox.Sandbox, l bot.Letter, photos ...[]byte) bot.MessageRef {
	t.Helper()
	ref, err := box.Send(t.Context(), l, photos)
	check(t, err)
	return ref
}

func TestDecodeSaysWhatHappened(t *testing.T) {
	box := open(t, town())
	on := post(t, box, "desk", "Wie pakt dit op?", []bot.Choice{{Key: "take", Label: "Oppakken"}})
	mine := must(box.Say("ana", "ana", "Er staat een bus", ""))
	here := orb.Point{5.604, 51.6021}
	shot := picture(4, 3, color.White)
	for name, c := range map[string]struct {
		raw  bot.Raw
		want bot.Event
	}{
		"text":           {mine, bot.Text{Body: "Er staat een bus"}},
		"reply":          {must(box.Say("rachid", "desk", " Waar? ", on)), bot.Text{Body: "Waar?", ReplyTo: on}},
		"forwarded":      {must(box.Forward("ana", "ana", "/alarm")), bot.Command{Name: "alarm", Forwarded: true}},
		"command":        {must(box.Say("ana", "ana", "/START KAS1", "")), bot.Command{Name: "start", Args: "KAS1"}},
		"addressed":      {must(box.Say("ana", "ana", "/help@buurtbot mij", "")), bot.Command{Name: "help", Args: "mij"}},
		"exclamation":    {must(box.Say("ana", "ana", "!help", "")), bot.Command{Name: "help"}},
		"path":           {must(box.Say("ana", "ana", "/etc/passwd", "")), bot.Text{Body: "/etc/passwd"}},
		"lone sign":      {must(box.Say("ana", "ana", "/", "")), bot.Text{Body: "/"}},
		"shout":          {must(box.Say("ana", "ana", "!!", "")), bot.Text{Body: "!!"}},
		"link":           {must(box.Open("rachid", "ask-17")), bot.Command{Name: "start", Args: "ask-17"}},
		"press":          {must(box.Press("wim", "desk", on, "take")), bot.Press{On: on, Key: "take", Query: "11/wim/desk"}},
		"older press":    {must(box.PressToken("wim", "desk", "zero", "take")), bot.Press{Token: "zero", Key: "take", Query: "12/wim/desk"}},
		"pin":            {must(box.Pin("ana", "ana", here, "Het plein")), bot.Point{At: here, Name: "Het plein"}},
		"sticker":        {must(box.Media("ana", "ana", bot.MediaSticker, "")), bot.Media{Kind: bot.MediaSticker}},
		"edit":           {must(box.Edit("ana", "ana", "m2", "Er staat een busje")), bot.Edited{On: "m2", Body: "Er staat een busje"}},
		"edited command": {must(box.Edit("ana", "ana", "m2", "/stop nu")), bot.Command{Name: "stop", Args: "nu", Edited: true}},
		"join":           {must(box.Join("ana", "kastanje")), bot.Joined{}},
		"leave":          {must(box.Leave("ana", "kastanje")), bot.Left{Why: "removed by a member"}},
		"photo": {
			must(box.Photo("ana", "ana", "a1", shot, "de bus")),
			bot.Media{Kind: bot.MediaPhoto, File: "f1", Size: int64(len(shot)), Caption: "de bus", Album: "a1"},
		},
	} {
		u, err := box.Decode(c.raw.Body)
		if diff := cmp.Diff(c.want, u.Event); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestDecodeNamesPersonAndChat(t *testing.T) {
	box := open(t, town())
	u, err := box.Decode(must(box.Say("rachid", "desk", "Dag", "")).Body)
	check(t, err)
	want := bot.Update{
		Chat:  bot.ChatRef{Platform: "sandbox", ID: "desk", Kind: bot.Group, Title: "BINCO De Vlier"},
		From:  bot.UserRef{Platform: "sandbox", ID: "rachid", Name: "Rachid", Language: "nl"},
		Event: bot.Text{Body: "Dag"},
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
	for _, body := range []string{"", "{", `{"do":"dance"}`, `{"do":"pin"}`} {
		if _, err := box.Decode([]byte(body)); err == nil {
			t.Errorf("%q was read", body)
		}
	}
}

func TestPeopleCannotDoEverything(t *testing.T) {
	box := open(t, town())
	card := post(t, box, "desk", "Een kaart")
	long := strings.Repeat("ë", 4097)
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"nobody":               {last2(box.Say("piet", "ana", "hoi", "")), sandbox.ErrUnknown},
		"nowhere":              {last2(box.Say("ana", "attic", "hoi", "")), sandbox.ErrUnknown},
		"somebody else's chat": {last2(box.Say("ana", "joris", "hoi", "")), sandbox.ErrOutside},
		"not a member":         {last2(box.Press("ana", "desk", card, "take")), sandbox.ErrOutside},
		"nothing":              {last2(box.Say("ana", "ana", " \n\t ", "")), sandbox.ErrEmpty},
		"no button":            {last2(box.Press("wim", "desk", card, "")), sandbox.ErrEmpty},
		"4097 characters":      {last2(box.Say("ana", "ana", long, "")), sandbox.ErrLong},
		"emoji count twice":    {last2(box.Say("ana", "ana", strings.Repeat("🚨", 2049), "")), sandbox.ErrLong},
		"reply to nothing":     {last2(box.Say("ana", "ana", "ja", "m99")), sandbox.ErrUnknown},
		"reply elsewhere":      {last2(box.Say("ana", "ana", "ja", card)), sandbox.ErrUnknown},
		"edit of the bot's":    {last2(box.Edit("wim", "desk", card, "anders")), sandbox.ErrUnknown},
		"not a picture":        {last2(box.Photo("ana", "ana", "", []byte("GIF89a"), "")), sandbox.ErrPicture},
		"an empty picture":     {last2(box.Photo("ana", "ana", "", nil, "")), sandbox.ErrPicture},
		"a huge picture":       {last2(box.Photo("ana", "ana", "", make([]byte, 10<<20+1), "")), sandbox.ErrPicture},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if waiting := box.Waiting(); len(waiting) != 0 {
		t.Errorf("%d updates wait of what nobody could do", len(waiting))
	}
	check(t, last2(box.Say("ana", "ana", strings.Repeat("ë", 4096), "")))
}

func last2[V any](_ V, err error) error { return err }

func TestPollStoresAllThatWaits(t *testing.T) {
	box := open(t, town())
	in := &inbox{clock: box.Clock()}
	first, second := must(box.Say("ana", "ana", "een", "")), must(box.Say("joris", "joris", "twee", ""))
	check(t, box.PollOnce(t.Context(), in))
	if diff := cmp.Diff([]bot.Raw{first, second}, in.rows); diff != "" {
		t.Error(diff)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := box.PollOnce(ended, in); !errors.Is(err, context.Canceled) {
		t.Errorf("a poll that is ended says %v", err)
	}
}

func TestPollWaitsUntilSomebodySpeaks(t *testing.T) {
	box := open(t, town())
	in := &inbox{clock: box.Clock()}
	polled := make(chan error)
	go func() { polled <- box.PollOnce(t.Context(), in) }()
	check(t, last2(box.Say("ana", "ana", "hoi", "")))
	if check(t, <-polled); len(in.rows) != 1 {
		t.Errorf("%d updates were stored", len(in.rows))
	}
}

func TestWhatWasNotStoredComesAgain(t *testing.T) {
	box := open(t, town())
	in := &inbox{clock: box.Clock(), fail: errors.New("the disk is full")}
	said := must(box.Say("ana", "ana", "een", ""))
	if err := box.PollOnce(t.Context(), in); !errors.Is(err, in.fail) {
		t.Fatalf("a full disk is %v", err)
	}
	in.fail = nil
	check(t, box.PollOnce(t.Context(), in))
	if diff := cmp.Diff([]bot.Raw{said}, in.rows); diff != "" {
		t.Error(diff)
	}
}

// A program may end after the inbox stored something and before the journal knows it.
func TestCheckpointTellsWhatTheJournalDoesNot(t *testing.T) {
	c := town()
	c.Journal = filepath.Join(t.TempDir(), "journal")
	box := open(t, c)
	in := &inbox{clock: box.Clock()}
	check(t, last2(box.Say("ana", "ana", "een", "")))
	copyFile(t, c.Journal, c.Journal+".before")
	check(t, box.PollOnce(t.Context(), in))
	c.Journal += ".before"
	again := open(t, c)
	if len(again.Waiting()) != 1 {
		t.Fatalf("%d updates wait", len(again.Waiting()))
	}
	in.clock, in.rows = again.Clock(), nil
	two := must(again.Say("ana", "ana", "twee", ""))
	check(t, again.PollOnce(t.Context(), in))
	if diff := cmp.Diff([]bot.Raw{two}, in.rows); diff != "" {
		t.Error(diff)
	}
}

func TestInjectRepeatsAnUpdate(t *testing.T) {
	box := open(t, town())
	in := &inbox{clock: box.Clock()}
	raw := must(box.Say("ana", "ana", "een", ""))
	check(t, box.Inject(t.Context(), in, raw, raw))
	check(t, box.Inject(t.Context(), in, raw))
	if len(in.rows) != 3 || len(box.Waiting()) != 0 {
		t.Errorf("%d stored, %d wait", len(in.rows), len(box.Waiting()))
	}
}

func TestSendChangesAMessageInPlace(t *testing.T) {
	box := open(t, town())
	shot := picture(4, 3, color.Black)
	to := bot.ChatRef{ID: "desk"}
	ref := send(t, box, bot.Letter{ID: 7, To: to, Op: bot.OpPost, Message: bot.Message{Text: "Nieuw", Silent: true}}, shot)
	edit := bot.Letter{ID: 8, To: to, Op: bot.OpEdit, Edits: ref, Message: bot.Message{Text: "Opgepakt", Silent: true}}
	if again := send(t, box, edit); again != ref {
		t.Errorf("the changed message is %s, not %s", again, ref)
	}
	got := box.Messages("desk")
	want := []sandbox.Message{{
		Ref: ref, Room: "desk", At: noon, Edited: noon, Text: "Opgepakt", Silent: true, Photos: []string{"f1"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var deeds []bot.Op
	for _, d := range box.Deliveries() {
		deeds = append(deeds, d.Op)
	}
	if diff := cmp.Diff([]bot.Op{bot.OpPost, bot.OpEdit}, deeds); diff != "" {
		t.Error(diff)
	}
	remedies(t, box, map[string]refused{
		"the same once more":   {edit, bot.Unchanged},
		"a message not there":  {bot.Letter{To: to, Op: bot.OpEdit, Edits: "m99"}, bot.Lost},
		"a message elsewhere":  {bot.Letter{To: bot.ChatRef{ID: "ana"}, Op: bot.OpEdit, Edits: ref}, bot.Lost},
		"a room not there":     {bot.Letter{To: bot.ChatRef{ID: "attic"}, Op: bot.OpPost}, bot.Gone},
		"somebody else's text": {bot.Letter{To: bot.ChatRef{ID: "ana"}, Op: bot.OpEdit, Edits: saidBy(t, box, "ana")}, bot.Lost},
	})
}

type refused struct {
	letter bot.Letter
	remedy bot.Remedy
}

func remedies(t *testing.T, box *sandbox.Sandbox, cases map[string]refused) {
	t.Helper()
	for name, c := range cases {
		_, err := box.Send(t.Context(), c.letter, nil)
		var failure *bot.SendError
		if !errors.As(err, &failure) || failure.Remedy != c.remedy {
			t.Errorf("%s: %v, want %v", name, err, c.remedy)
		}
	}
}

func saidBy(t *testing.T, box *sandbox.Sandbox, person string) bot.MessageRef {
	t.Helper()
	check(t, last2(box.Say(person, person, "Hoi", "")))
	said := box.Messages(person)
	return said[len(said)-1].Ref
}

func TestALetterIsKnownWhenItComesTwice(t *testing.T) {
	box := open(t, town())
	l := bot.Letter{ID: 3, To: bot.ChatRef{ID: "ana"}, Op: bot.OpPost, Message: bot.Message{Text: "Hoi"}}
	send(t, box, l)
	send(t, box, l)
	d := box.Deliveries()
	if len(d) != 2 || d[0].Again || !d[1].Again {
		t.Errorf("deliveries: %+v", d)
	}
}

func TestBlockedUntilTakenBack(t *testing.T) {
	box := open(t, town())
	l := bot.Letter{To: bot.ChatRef{ID: "ana"}, Op: bot.OpPost, Message: bot.Message{Text: "Hoi"}}
	check(t, last2(box.Leave("ana", "ana")))
	remedies(t, box, map[string]refused{"blocked": {l, bot.Gone}})
	check(t, last2(box.Join("ana", "ana")))
	send(t, box, l)
}

func TestDeliveriesFailAsTold(t *testing.T) {
	box := open(t, town())
	l := bot.Letter{To: bot.ChatRef{ID: "ana"}, Op: bot.OpPost, Message: bot.Message{Text: "Hoi"}}
	box.FailNext(
		sandbox.Failure{Remedy: bot.Later, After: 7 * time.Second}, sandbox.Failure{Remedy: bot.Uncertain, Shown: true},
		sandbox.Failure{Remedy: bot.MovedTo, To: "kastanje"},
	)
	for _, want := range []bot.SendError{
		{Remedy: bot.Later, After: 7 * time.Second}, {Remedy: bot.Uncertain}, {Remedy: bot.MovedTo, To: "kastanje"},
	} {
		_, err := box.Send(t.Context(), l, nil)
		var got *bot.SendError
		if !errors.As(err, &got) || got.Remedy != want.Remedy || got.After != want.After || got.To != want.To {
			t.Errorf("%v, want %+v", err, want)
		}
	}
	if shown := box.Messages("ana"); len(shown) != 1 {
		t.Errorf("%d messages are shown", len(shown))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := box.Send(ended, l, nil); err == nil {
		t.Error("a letter went out after the end")
	}
}

func TestAnswerIsReadByThePresser(t *testing.T) {
	box := open(t, town())
	on := post(t, box, "desk", "Een kaart", []bot.Choice{{Key: "take", Label: "Oppakken"}})
	u := must(box.Decode(must(box.Press("wim", "desk", on, "take")).Body))
	query := u.Event.(bot.Press).Query
	check(t, box.Answer(t.Context(), query, strings.Repeat("é", 250)))
	check(t, box.Answer(t.Context(), query, ""))
	want := []sandbox.Answer{{Person: "wim", Room: "desk", Text: strings.Repeat("é", 199) + "…"}}
	if diff := cmp.Diff(want, box.Answers()); diff != "" {
		t.Error(diff)
	}
	if err := box.Answer(t.Context(), "17", "hoi"); err == nil {
		t.Error("a press of nobody was answered")
	}
}

func TestFetchGivesAPicture(t *testing.T) {
	box := open(t, town())
	shot := picture(40, 30, color.White)
	check(t, last2(box.Photo("ana", "ana", "", shot, "")))
	got, err := box.Fetch(t.Context(), "f1", int64(len(shot)))
	if err != nil || !bytes.Equal(got, shot) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := box.Fetch(t.Context(), "f1", int64(len(shot))-1); err == nil {
		t.Error("more than was asked for")
	}
	if _, err := box.Fetch(t.Context(), "f2", 1000); !errors.Is(err, sandbox.ErrUnknown) {
		t.Errorf("no file is %v", err)
	}
}
