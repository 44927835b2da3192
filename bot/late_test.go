package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// siren is a command of the police that breaks down as long as broken says so, and counts how often it sounds.
func siren(broken *bool, sounded *int) bot.Feature {
	return bot.Feature{Name: "siren", Commands: []bot.CommandSpec{{
		Name: "alarm", Needs: civic.SendAlert, Do: func(context.Context, *bot.Turn, string) error {
			if *broken {
				panic("no current")
			}
			*sounded++
			return nil
		},
	}}}
}

// An update that was set aside, and that an operator lets be handled once more, does what whoever sent it may do by then: with a
// role that ended meanwhile, by date or otherwise, nothing.
func TestWhatIsRetriedIsDoneByWhoMayByThen(t *testing.T) {
	for name, c := range map[string]struct {
		until   time.Duration
		ended   bool
		sounded int
	}{
		"the role goes on":  {sounded: 1},
		"its day has come":  {until: time.Hour},
		"it was taken away": {ended: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			broken, sounded := true, 0
			texts, err := locales.Load()
			if err != nil {
				t.Fatal(err)
			}
			engine := bot.New(p.store, texts, []bot.Platform{p.platform}, siren(&broken, &sounded))
			engine.Now, engine.Rand = func() time.Time { return p.now }, zeros{}
			where, until := p.network(t), time.Time{}
			if c.until > 0 {
				until = p.now.Add(c.until)
			}
			p.officer(t, where, until)
			id := p.setAside(t, engine, "/alarm")
			p.now, broken = p.now.Add(2*time.Hour), false
			err = p.store.Do(t.Context(), func(tx bot.Tx) error {
				if c.ended {
					who, err := tx.Identify(t.Context(), bot.UserRef{Platform: sandbox.Name, ID: "ana"})
					if err != nil {
						return err
					}
					if err := tx.Revoke(t.Context(), who.ID, civic.Police, where.Network, p.now); err != nil {
						return err
					}
				}
				return tx.RetryUpdate(t.Context(), id)
			})
			if err != nil {
				t.Fatal(err)
			}
			p.handle(t, engine)
			if sounded != c.sounded {
				t.Errorf("it sounded %d times, not %d", sounded, c.sounded)
			}
			told := slices.ContainsFunc(p.platform.Messages("ana"), func(m sandbox.Message) bool {
				return strings.HasPrefix(m.Text, "Een alarm of oproep komt alleen van de politie.")
			})
			if told == (c.sounded > 0) {
				t.Errorf("she reads that it is for the police: %t, in %v", told, p.platform.Messages("ana"))
			}
		})
	}
}

// setAside lets Ana say something that the engine breaks down over, and gives the update that is set aside.
func (p *post) setAside(t *testing.T, engine *bot.Engine, words string) int64 {
	t.Helper()
	raw, err := p.platform.Say("ana", "ana", words, "")
	if err == nil {
		err = p.platform.Inject(t.Context(), p.store, raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.handle(t, engine)
	var parked []bot.ParkedUpdate
	err = p.store.Do(t.Context(), func(tx bot.Tx) (err error) {
		parked, err = tx.ParkedUpdates(t.Context(), 9)
		return err
	})
	if err != nil || len(parked) != 1 {
		t.Fatalf("set aside are %v, %v", parked, err)
	}
	return parked[0].ID
}

// handle lets the engine do what waits, and delivers what it says.
func (p *post) handle(t *testing.T, engine *bot.Engine) {
	t.Helper()
	for range 5 {
		if _, err := engine.HandleNext(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.now = p.now.Add(time.Second)
	}
}
