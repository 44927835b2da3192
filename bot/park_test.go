package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// fragile is a platform that breaks down over certain words, however often it reads them.
type fragile struct{ *sandbox.Sandbox }

func (f fragile) Decode(body []byte) (bot.Update, error) {
	if strings.Contains(string(body), "poison") {
		panic("cannot bear it")
	}
	return f.Sandbox.Decode(body)
}

// An update that breaks the platform's reading of it is parked, although nobody can apologise for it, and the next one is
// handled.
func TestUpdateThatAlwaysPanicsIsParked(t *testing.T) {
	k := newKitchen(t)
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	handled := 0
	engine := bot.New(k.store, spoken{texts}, []bot.Platform{fragile{k.show}}, k.feature())
	engine.Now, engine.Rand = func() time.Time { return k.now }, zeros{}
	engine.Fallback = func(context.Context, *bot.Turn, bot.Input) error { handled++; return nil }
	for _, words := range []string{"poison", "soup, please"} {
		raw, err := k.show.Say("ana", "ana", words, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := k.show.Inject(t.Context(), k.store, raw); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		if _, err := engine.HandleNext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if handled != 1 {
		t.Errorf("%d of the good updates were handled", handled)
	}
	err = k.store.Do(t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Waiting(t.Context(), 9)
		if len(rows) > 0 {
			t.Errorf("%d updates still wait", len(rows))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Somebody whose words took the turn down every time is told so once, with the number under which they are kept, and reads the
// emergency number; the next words are heard.
func TestApologyIsReadOnce(t *testing.T) {
	k := newKitchen(t)
	k.engine.Fallback = func(ctx context.Context, turn *bot.Turn, in bot.Input) error {
		if in.Text == "poison" {
			panic("cannot bear it")
		}
		return turn.Say(ctx, "form.resumed")
	}
	var external string
	for _, words := range []string{"poison", "soup, please"} {
		raw, err := k.show.Say("ana", "ana", words, "")
		if err != nil {
			t.Fatal(err)
		}
		if external == "" {
			external = strings.TrimLeft(raw.External, "0")
		}
		if err := k.show.Inject(t.Context(), k.store, raw); err != nil {
			t.Fatal(err)
		}
	}
	for range 8 {
		if _, err := k.engine.HandleNext(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.deliver()
	}
	var read []string
	for _, m := range k.show.Messages("ana") {
		if m.From == "" {
			read = append(read, m.Text)
		}
	}
	want := []string{
		"Er ging bij mij iets mis. Je bericht is bewaard, met nummer " + external + ". Wij kijken ernaar." +
			" Bel bij gevaar altijd meteen 112.",
		"We gaan verder waar je was gebleven.",
	}
	if !slices.Equal(read, want) {
		t.Errorf("Ana reads %q, want %q", read, want)
	}
}
