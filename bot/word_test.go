package bot_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// feast is a form that ends in a question without other answers, and party one that ends in a review. Both take a word,
// unless they are small.
func (k *kitchen) feast() bot.Flow {
	return bot.Form[meal]{
		Name: "feast", Needs: civic.AskHelp, Done: k.eaten, Start: started,
		Steps: []bot.Step[meal]{
			bot.ByWord(bot.Pick("sure", func(m *meal) *string { return &m.Dish }, "yes"), "yes", feastWord),
		},
	}
}

func (k *kitchen) party() bot.Flow {
	summary := func(context.Context, *bot.Turn, meal) (string, error) { return "Klopt het?", nil }
	return bot.Form[meal]{
		Name: "party", Needs: civic.AskHelp, Done: k.eaten, Start: started,
		Steps: []bot.Step[meal]{
			bot.Pick("size", func(m *meal) *string { return &m.Size }, "small", "large"),
			bot.ByWord(bot.Review(summary, func(meal) []string { return []string{"size"} }), bot.Send, feastWord),
		},
	}
}

func started(_ context.Context, _ *bot.Turn, in bot.Input) (meal, []string, error) {
	return meal{Size: in.Args}, nil, nil
}

func feastWord(_ context.Context, _ *bot.Turn, m meal) (string, error) {
	if m.Size == "small" {
		return "", nil
	}
	return "feast.word", nil
}

func (k *kitchen) eaten(_ context.Context, _ *bot.Turn, m meal) error {
	k.done = append(k.done, m)
	return nil
}

// begin opens one of the forms for Ana.
func (k *kitchen) begin(flow, args string) {
	k.t.Helper()
	k.engine.Fallback = func(ctx context.Context, t *bot.Turn, _ bot.Input) error {
		return t.Begin(ctx, flow, bot.Input{Args: args})
	}
	k.say(bot.Text{Body: "hoi"})
}

// asksWord reports whether the last message says what to type, and offers nothing that does the deed by a tap.
func (k *kitchen) asksWord(word string) {
	k.t.Helper()
	if last := k.last(); !strings.Contains(last.Text, "Typ <b>"+word+"</b> ") {
		k.t.Errorf("Ana reads %q, and not to type %s", last.Text, word)
	}
}

// The word counts in any case, in quotes, with a dot, and as though it were a command; nothing else does.
func TestADeedThatTakesAWordIsDoneByTypingIt(t *testing.T) {
	for _, said := range []bot.Event{
		bot.Text{Body: "oven.word"}, bot.Text{Body: " “Oven.Word”. "}, bot.Command{Name: "ovenword"}, bot.Text{Body: "OVENWORD!"},
	} {
		k := newKitchen(t)
		card := k.oven()
		k.say(bot.Press{On: card, Key: "1"})
		k.asksWord("oven.word")
		asked := k.last().Ref
		k.say(bot.Press{On: asked, Key: "1"})
		k.asksWord("oven.word")
		if len(k.deeds) != 0 {
			t.Fatalf("a tap did %v", k.deeds)
		}
		k.say(bot.Press{On: card, Key: "1"}) // asks anew
		k.say(said)
		if diff := cmp.Diff([]string{"oven.burn"}, k.deeds); diff != "" {
			t.Errorf("%+v: %s", said, diff)
		}
	}
}

func TestOtherWordsThanTheOneAskedForAreToldIt(t *testing.T) {
	for _, said := range []bot.Event{
		bot.Text{Body: "1"},
		bot.Text{Body: "7."},
		bot.Text{Body: "ja"},
		bot.Text{Body: "oven word?!"},
		bot.Text{Body: "oven.wordt"},
		bot.Command{Name: "ja"},
		bot.Press{Key: "1"},
		bot.Press{Key: "4"},
	} {
		k := newKitchen(t)
		k.say(bot.Press{On: k.oven(), Key: "1"})
		asked := k.last().Ref
		if p, is := said.(bot.Press); is {
			p.On = asked
			said = p
		}
		k.say(said)
		k.asksWord("oven.word")
		if len(k.deeds) != 0 || k.last().Ref == asked {
			t.Errorf("%+v does %v; Ana reads %q", said, k.deeds, k.last().Text)
		}
	}
}

// What is longer is something that somebody tells, and an open question gets its answer.
func TestAWordThatIsAskedForTakesNothingElseAway(t *testing.T) {
	k := newKitchen(t)
	k.say(bot.Press{On: k.oven(), Key: "1"})
	k.say(bot.Text{Body: "er staat hier een oven"})
	k.say(bot.Text{Body: "soup"})
	k.say(bot.Press{On: k.oven(), Key: "1"})
	k.say(bot.Text{Body: "large"})
	k.say(bot.Press{On: k.oven(), Key: "1"})
	k.say(bot.Text{Body: "oven.word"})
	k.say(bot.Text{Body: "zout"})
	if diff := cmp.Diff([]meal{{Dish: "soup", Size: "large", Note: "zout"}}, k.done); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"oven.burn"}, k.deeds); diff != "" {
		t.Error(diff)
	}
}

func TestAQuestionThatTakesAWord(t *testing.T) {
	k := newKitchen(t)
	k.begin("feast", "")
	k.asksWord("feast.word")
	for _, said := range []bot.Event{
		bot.Text{Body: "1"},
		bot.Text{Body: "feast.sure.yes"},
		bot.Text{Body: "yes"},
		bot.Command{Name: "ja"},
		bot.Press{Key: "1"},
		bot.Press{Key: "2"},
	} {
		if p, is := said.(bot.Press); is {
			p.On = k.last().Ref
			said = p
		}
		k.say(said)
		k.asksWord("feast.word")
		if len(k.done) != 0 {
			t.Fatalf("%+v is enough", said)
		}
	}
	k.say(bot.Command{Name: "feastword"})
	if diff := cmp.Diff([]meal{{Dish: "yes"}}, k.done); diff != "" {
		t.Error(diff)
	}
	k.begin("feast", "small") // a tap is enough
	k.say(bot.Press{On: k.last().Ref, Key: "1"})
	if len(k.done) != 2 {
		t.Errorf("done: %v", k.done)
	}
}

// A review has other answers, which are numbered as ever: the word is asked for after the one that takes it.
func TestAReviewThatTakesAWord(t *testing.T) {
	k := newKitchen(t)
	k.begin("party", "")
	k.say(bot.Text{Body: "large"})
	k.say(bot.Press{On: k.last().Ref, Key: "1"})
	k.asksWord("feast.word")
	k.say(bot.Press{On: k.last().Ref, Key: "1"})
	k.asksWord("feast.word")
	if len(k.done) != 0 {
		t.Fatal("taps are enough")
	}
	k.say(bot.Text{Body: "terug"})
	k.say(bot.Text{Body: "large"})
	k.say(bot.Text{Body: "Feast.word"}) // who knows it need not be asked
	if diff := cmp.Diff([]meal{{Size: "large"}}, k.done); diff != "" {
		t.Error(diff)
	}
	k.begin("party", "")
	k.say(bot.Text{Body: "small"})
	k.say(bot.Press{On: k.last().Ref, Key: "1"}) // a tap is enough
	if len(k.done) != 2 {
		t.Errorf("done: %v", k.done)
	}
}
