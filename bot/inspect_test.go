package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// watchman is a platform that can look at chats.
type watchman struct {
	*sandbox.Sandbox
	see func(chat bot.ChatRef, use bot.Use) ([]bot.Finding, error)
}

func (w watchman) Inspect(_ context.Context, chat bot.ChatRef, use bot.Use) ([]bot.Finding, error) {
	return w.see(chat, use)
}

// inspects sends for an inspection in a turn, runs the errand, and gives what came back.
func (k *kitchen) inspects(p bot.Platform) []bot.Inspected {
	k.t.Helper()
	texts, err := locales.Load()
	if err != nil {
		k.t.Fatal(err)
	}
	var got []bot.Inspected
	then := func(_ context.Context, _ *bot.Turn, found bot.Inspected) error {
		got = append(got, found)
		return nil
	}
	engine := bot.New(k.store, spoken{texts}, []bot.Platform{p}, bot.Feature{
		Name: "setup", Tasks: []bot.Task{bot.Inspection("setup.seen", then)},
	})
	engine.Now, engine.Rand = func() time.Time { return k.now }, zeros{}
	engine.Fallback = func(ctx context.Context, turn *bot.Turn, _ bot.Input) error {
		return turn.Inspect(ctx, "setup.seen", "step/2", turn.Chat, bot.UseClosed)
	}
	raw, err := k.show.Say("ana", "ana", "look", "")
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.show.Inject(k.t.Context(), k.store, raw); err != nil {
		k.t.Fatal(err)
	}
	if _, err := engine.HandleNext(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	for range 12 {
		if _, err := engine.RunErrand(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		k.now = k.now.Add(10 * time.Minute)
	}
	return got
}

func TestInspectionComesBackWithWhatIsGraveFirst(t *testing.T) {
	k := newKitchen(t)
	tries := 0
	got := k.inspects(watchman{k.show, func(chat bot.ChatRef, use bot.Use) ([]bot.Finding, error) {
		if tries++; tries == 1 {
			return nil, errors.New("nobody there")
		}
		if chat.Kind != bot.Private || use != bot.UseClosed {
			t.Errorf("asked to look at %v for %q", chat, use)
		}
		return []bot.Finding{{Key: bot.FindNoPin}, {Key: bot.FindPublic, Grave: true}}, nil
	}})
	want := []bot.Inspected{{
		Ref: "step/2", Chat: 1, Use: bot.UseClosed, Seen: true,
		Findings: []bot.Finding{{Key: bot.FindPublic, Grave: true}, {Key: bot.FindNoPin}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInspectionThatIsNotPossibleComesBackAsWell(t *testing.T) {
	want := []bot.Inspected{{Ref: "step/2", Chat: 1, Use: bot.UseClosed}}
	blind := []bot.Inspected{{Ref: "step/2", Chat: 1, Use: bot.UseClosed, Blind: true}}
	k := newKitchen(t)
	if diff := cmp.Diff(blind, k.inspects(k.show)); diff != "" {
		t.Errorf("a platform that cannot look (-want +got)\n%s", diff)
	}
	k = newKitchen(t)
	refused := watchman{k.show, func(bot.ChatRef, bot.Use) ([]bot.Finding, error) {
		return nil, &bot.FinalError{Err: errors.New("refused")}
	}}
	if diff := cmp.Diff(want, k.inspects(refused)); diff != "" {
		t.Errorf("a network that refuses (-want +got)\n%s", diff)
	}
	k = newKitchen(t)
	silent := watchman{k.show, func(bot.ChatRef, bot.Use) ([]bot.Finding, error) { return nil, errors.New("silence") }}
	if diff := cmp.Diff(want, k.inspects(silent)); diff != "" {
		t.Errorf("a network that never answers (-want +got)\n%s", diff)
	}
}
