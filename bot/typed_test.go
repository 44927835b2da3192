package bot_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

type meal struct{ Dish, Size, Note string }

// kitchen is an engine with one form and one card, whose updates come as they would from a platform without buttons.
type kitchen struct {
	t      *testing.T
	store  *storage.Store
	show   *sandbox.Sandbox
	engine *bot.Engine
	post   *bot.Courier
	now    time.Time
	done   []meal
	deeds  []string
}

type spoken struct{ *locales.Texts }

func (s spoken) Text(lang, key string, args ...any) string {
	if s.Has(lang, key) {
		return s.Texts.Text(lang, key, args...)
	}
	return key
}

func newKitchen(t *testing.T) *kitchen {
	t.Helper()
	k := &kitchen{t: t, now: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)}
	now := func() time.Time { return k.now }
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	k.store, err = storagetest.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "k.db"), AuditKey: []byte("k"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.store.Close() })
	k.show, err = sandbox.New(sandbox.Config{Now: now, People: []sandbox.Person{{ID: "ana", Name: "Ana"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.show.Close() })
	k.engine = bot.New(k.store, spoken{texts}, []bot.Platform{buttonless{k.show}}, k.feature())
	k.engine.Now, k.engine.Rand = now, zeros{}
	k.engine.Fallback = func(ctx context.Context, turn *bot.Turn, _ bot.Input) error {
		return turn.Begin(ctx, "meal", bot.Input{})
	}
	k.post = bot.NewCourier(k.store, k.show, now)
	return k
}

// buttonless is the sandbox as a platform on which choices are typed.
type buttonless struct{ *sandbox.Sandbox }

// Caps says so.
func (b buttonless) Caps() bot.Caps {
	c := b.Sandbox.Caps()
	c.Typed = true
	return c
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func (k *kitchen) feature() bot.Feature {
	return bot.Feature{
		Name: "meal",
		Cards: []bot.Card{{Kind: "plate", Render: func(context.Context, *bot.Turn, string, string) (bot.Message, error) {
			return bot.Message{Text: "Bord", Version: 1, Rows: [][]bot.Choice{{{Key: "wash", Label: "Was"}, {Key: "drop", Label: "Gooi"}}}}, nil
		}}, {Kind: "oven", Render: func(context.Context, *bot.Turn, string, string) (bot.Message, error) {
			return bot.Message{Text: "Oven", Version: 1, Rows: [][]bot.Choice{{{Key: "burn", Label: "Verbrand"}}}}, nil
		}}},
		Actions: []bot.Action{k.deed("plate.wash"), k.deed("plate.drop"), k.deed("oven.burn")},
		Flows: []bot.Flow{k.feast(), k.party(), bot.Form[meal]{
			Name: "meal", Needs: civic.AskHelp,
			Steps: []bot.Step[meal]{
				bot.Pick("dish", func(m *meal) *string { return &m.Dish }, "soup", "bread"),
				bot.Pick("size", func(m *meal) *string { return &m.Size }, "small", "large"),
				bot.Write("note", func(m *meal) *string { return &m.Note }, 40),
			},
			Done: func(_ context.Context, _ *bot.Turn, m meal) error {
				k.done = append(k.done, m)
				return nil
			},
		}},
	}
}

func (k *kitchen) deed(name string) bot.Action {
	word := map[string]string{"oven.burn": "oven.word"}[name]
	return bot.Action{
		Name: name, Needs: civic.AskHelp, Decides: name != "plate.wash", Word: word,
		On: func(context.Context, *bot.Turn, bot.Ref) (bot.Thing, error) { return bot.Thing{Version: 1}, nil },
		Do: func(context.Context, *bot.Turn, bot.Ref) error {
			k.deeds = append(k.deeds, name)
			return nil
		},
	}
}

// say hands an event of Ana's to the engine and delivers what comes of it.
func (k *kitchen) say(e bot.Event) {
	k.t.Helper()
	u := bot.Update{
		At: k.now, Chat: bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private},
		From: bot.UserRef{Platform: sandbox.Name, ID: "ana", Name: "Ana", Language: "nl"}, Event: e,
	}
	err := k.store.Do(k.t.Context(), func(tx bot.Tx) error {
		_, err := k.engine.Handle(k.t.Context(), tx, u)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.deliver()
}

func (k *kitchen) deliver() {
	k.t.Helper()
	for range 20 {
		k.now = k.now.Add(2 * time.Second)
		if _, err := k.post.DeliverNext(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
	}
}

// plate puts the card into Ana's chat, and edit changes it there.
func (k *kitchen) plate() bot.MessageRef {
	k.t.Helper()
	k.card(bot.OpPost, "")
	return k.last().Ref
}

// oven puts another card there, whose only deed takes a word.
func (k *kitchen) oven() bot.MessageRef {
	k.t.Helper()
	k.letter(bot.Letter{Op: bot.OpPost, Card: "oven/1", Message: bot.Message{
		Text: "Oven", About: "oven/1", Version: 1, Rows: [][]bot.Choice{{{Key: "burn", Label: "Verbrand"}}},
	}})
	return k.last().Ref
}

func (k *kitchen) edit(on bot.MessageRef) {
	k.t.Helper()
	k.card(bot.OpEdit, on)
}

func (k *kitchen) card(op bot.Op, on bot.MessageRef) {
	k.t.Helper()
	k.letter(bot.Letter{Op: op, Edits: on, Card: "plate/1", Message: bot.Message{
		Text: "Bord " + string(op), About: "plate/1", Version: 1,
		Rows: [][]bot.Choice{{{Key: "wash", Label: "Was"}, {Key: "drop", Label: "Gooi"}}},
	}})
}

// letter delivers a letter to Ana.
func (k *kitchen) letter(l bot.Letter) {
	k.t.Helper()
	err := k.store.Do(k.t.Context(), func(tx bot.Tx) error {
		chat, err := tx.Enter(k.t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private}, k.now)
		if err != nil {
			return err
		}
		l.Chat, l.Lane, l.Expires = chat.ID, bot.LaneRoutine, k.now.Add(time.Hour)
		return tx.Enqueue(k.t.Context(), &l)
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.deliver()
}

func (k *kitchen) last() sandbox.Message {
	k.t.Helper()
	all := k.show.Messages("ana")
	if len(all) == 0 {
		k.t.Fatal("Ana reads nothing")
	}
	return all[len(all)-1]
}

func TestTypedNumberOfAWayLeadsOutOfAQuestion(t *testing.T) {
	k := newKitchen(t)
	k.say(bot.Text{Body: "hoi"})
	k.say(bot.Text{Body: "1"}) // soup
	k.say(bot.Text{Body: "3"}) // back: small, large, back, stop
	k.say(bot.Text{Body: "2"}) // bread
	k.say(bot.Text{Body: "2"}) // large
	k.say(bot.Text{Body: "1"}) // words, although the way back stands first under the question
	want := []meal{{Dish: "bread", Size: "large", Note: "1"}}
	if diff := cmp.Diff(want, k.done); diff != "" {
		t.Error(diff)
	}
}

func TestReactionTakenBackWithdrawsTheAnswer(t *testing.T) {
	k := newKitchen(t)
	k.say(bot.Text{Body: "hoi"})
	first := k.last().Ref
	k.say(bot.Press{On: first, Key: "1"})
	k.say(bot.Withdrawn{On: first, Key: "2"}) // not the answer that was given
	second := k.last().Ref
	k.say(bot.Withdrawn{On: first, Key: "1"})
	k.say(bot.Withdrawn{On: second, Key: "1"}) // never given
	k.say(bot.Press{On: k.last().Ref, Key: "2"})
	k.say(bot.Press{On: k.last().Ref, Key: "1"})
	k.say(bot.Text{Body: "zout"})
	want := []meal{{Dish: "bread", Size: "small", Note: "zout"}}
	if diff := cmp.Diff(want, k.done); diff != "" {
		t.Error(diff)
	}
}

// A number on a message that was edited says nothing of what the person saw: a deed that decides is asked for once more.
func TestNumberOnAnEditedCardIsConfirmed(t *testing.T) {
	k := newKitchen(t)
	card := k.plate()
	k.edit(card)
	k.say(bot.Press{On: card, Key: "1"}) // does not decide
	k.say(bot.Press{On: card, Key: "2"})
	if diff := cmp.Diff([]string{"plate.wash"}, k.deeds); diff != "" {
		t.Fatal(diff)
	}
	sure := k.last()
	if sure.Ref == card || len(sure.Rows) != 1 {
		t.Fatalf("Ana is asked %+v", sure)
	}
	k.say(bot.Press{On: sure.Ref, Key: "1"})
	if diff := cmp.Diff([]string{"plate.wash", "plate.drop"}, k.deeds); diff != "" {
		t.Error(diff)
	}
}

func TestNumberByItselfChoosesOnWhatWasShownLast(t *testing.T) {
	k := newKitchen(t)
	k.plate()
	k.say(bot.Text{Body: "1"})
	if diff := cmp.Diff([]string{"plate.wash"}, k.deeds); diff != "" {
		t.Fatal(diff)
	}
	k.say(bot.Text{Body: "3"}) // no such choice, so it is the beginning of something
	k.say(bot.Text{Body: "1"}) // soup
	k.plate()                  // comes in between
	k.say(bot.Text{Body: "2"}) // large
	if diff := cmp.Diff([]string{"plate.wash"}, k.deeds); diff != "" {
		t.Fatal(diff)
	}
	k.say(bot.Text{Body: "stop"}) // asks what is to become of the answers
	k.say(bot.Text{Body: "1"})    // nothing
	k.say(bot.Text{Body: "zout"})
	if len(k.done) != 0 {
		t.Errorf("a form that was stopped is done: %v", k.done)
	}
}

// Who reads "2. Gooi" may type the word as well as the number: in answer to the message, or by itself when it is the last.
func TestWordsOfAChoiceChooseIt(t *testing.T) {
	for _, words := range []string{"Was", "was", " WAS! ", "„was”"} {
		k := newKitchen(t)
		card := k.plate()
		k.say(bot.Text{Body: words})
		k.say(bot.Text{Body: "hoi"}) // the form asks, and is what was shown last
		k.say(bot.Text{Body: words, ReplyTo: card})
		if diff := cmp.Diff([]string{"plate.wash", "plate.wash"}, k.deeds); diff != "" {
			t.Errorf("%q: %s", words, diff)
		}
		if len(k.done) != 0 {
			t.Errorf("%q is an answer: %v", words, k.done)
		}
	}
}

// Only the words alone are a choice: with more of them somebody tells something, and so does who answers a question.
func TestMoreWordsThanAChoiceAreNoChoice(t *testing.T) {
	for _, words := range []string{"Was de borden", "Gooi maar", "Wa", "!", "Was Gooi"} {
		k := newKitchen(t)
		card := k.plate()
		k.say(bot.Text{Body: words, ReplyTo: card})
		k.say(bot.Text{Body: "2"})     // bread, of the form that it began
		k.say(bot.Text{Body: "large"}) // an answer
		k.plate()                      // comes in between
		k.say(bot.Text{Body: "Was"})   // the last answer, and no choice on what came in between
		if diff := cmp.Diff([]meal{{Dish: "bread", Size: "large", Note: "Was"}}, k.done); diff != "" {
			t.Errorf("%q: %s", words, diff)
		}
		if len(k.deeds) != 0 {
			t.Errorf("%q does %v", words, k.deeds)
		}
	}
}

// The words of a choice do not say which version of an edited card they were read on, either.
func TestWordsOnAnEditedCardAreConfirmed(t *testing.T) {
	k := newKitchen(t)
	card := k.plate()
	k.edit(card)
	k.say(bot.Text{Body: "gooi", ReplyTo: card})
	if len(k.deeds) != 0 || k.last().Ref == card {
		t.Fatalf("done: %v; the last message is %+v", k.deeds, k.last())
	}
	k.say(bot.Text{Body: "gooi"})
	if diff := cmp.Diff([]string{"plate.drop"}, k.deeds); diff != "" {
		t.Error(diff)
	}
}

func TestReactionTakenBackUndoesNoDeed(t *testing.T) {
	k := newKitchen(t)
	card := k.plate()
	k.say(bot.Press{On: card, Key: "1"})
	k.say(bot.Withdrawn{On: card, Key: "1"})
	k.say(bot.Text{Body: "2.", ReplyTo: card})
	if diff := cmp.Diff([]string{"plate.wash", "plate.drop"}, k.deeds); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadableMessageIsAskedForAgain(t *testing.T) {
	k := newKitchen(t)
	k.say(bot.Unreadable{})
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := k.last().Text, texts.Text("nl", "error.unreadable"); got != want {
		t.Errorf("Ana reads %q, not %q", got, want)
	}
}

func TestNewestPrivateChatIsWhereAPersonIsReached(t *testing.T) {
	k := newKitchen(t)
	who := bot.UserRef{Platform: sandbox.Name, ID: "ana", Name: "Ana"}
	var person, first, second int64
	err := k.store.Do(t.Context(), func(tx bot.Tx) error {
		chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: "old", Kind: bot.Private}, k.now)
		if err != nil {
			return err
		}
		n := civic.Network{Name: "Vlierdam", Profile: "nl", Languages: []string{"nl"}}
		if err := tx.SaveNetwork(t.Context(), &n); err != nil {
			return err
		}
		m, err := tx.Adopt(t.Context(), who, chat.ID, n.ID, k.now)
		if err != nil {
			return err
		}
		person, first = m.ID, chat.ID
		u := bot.Update{At: k.now, Chat: bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private}, From: who, Event: bot.Joined{}}
		turn, err := k.engine.Handle(t.Context(), tx, u)
		if err != nil {
			return err
		}
		second, err = tx.PrivateChat(t.Context(), person)
		if second != turn.Chat.ID {
			t.Errorf("Ana is reached in %d, not in %d", second, turn.Chat.ID)
		}
		return err
	})
	if err != nil || first == second {
		t.Errorf("the old chat is %d, the new %d, %v", first, second, err)
	}
}
