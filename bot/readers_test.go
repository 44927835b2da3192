package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// network stores a network and gives where it is.
func (p *post) network(t *testing.T) civic.Scope {
	t.Helper()
	n := civic.Network{Name: "De Vlier", Profile: "nl", Languages: []string{"nl"}}
	if err := p.store.Do(t.Context(), func(tx bot.Tx) error { return tx.SaveNetwork(t.Context(), &n) }); err != nil {
		t.Fatal(err)
	}
	return civic.Scope{Network: n.ID}
}

// officer lets Ana be police from now until a time, in place of any such role that she has.
func (p *post) officer(t *testing.T, where civic.Scope, until time.Time) {
	t.Helper()
	err := p.store.Do(t.Context(), func(tx bot.Tx) error {
		who := bot.UserRef{Platform: sandbox.Name, ID: "ana", Name: "Ana"}
		m, err := tx.Identify(t.Context(), who)
		if err == nil && m.ID == 0 {
			chat, failed := tx.Enter(t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private}, p.now)
			if failed != nil {
				return failed
			}
			m, err = tx.Adopt(t.Context(), who, chat.ID, where.Network, p.now)
		}
		if err != nil {
			return err
		}
		for _, g := range m.Grants {
			g.Until = p.now
			if err := tx.Grant(t.Context(), m.ID, g, 0); err != nil {
				return err
			}
		}
		return tx.Grant(t.Context(), m.ID, civic.Grant{Role: civic.Police, Area: where.Network, From: p.now, Until: until}, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What was written to somebody for their role, and waits because nobody can be reached, is not sent once the role is over, however
// it ended; what is said to them as themselves is, and what waits for others is not held up.
func TestWhatIsForARoleIsNotReadOnceItIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(p *post, where civic.Scope)
		until     time.Duration // of the role, from the beginning; 0 = it has no end
		read      []string
	}{
		"the role goes on": {read: []string{"Hoi", "voor de politie", "voor Ana"}},
		"its day has come": {until: time.Hour, read: []string{"Hoi", "voor Ana"}},
		"it was ended": {
			meanwhile: func(p *post, where civic.Scope) { p.officer(t, where, p.now) },
			read:      []string{"Hoi", "voor Ana"},
		},
		"it was ended and given anew": {
			meanwhile: func(p *post, where civic.Scope) {
				p.officer(t, where, p.now)
				p.officer(t, where, time.Time{})
			},
			read: []string{"Hoi", "voor de politie", "voor Ana"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			if err := p.deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			where, until := p.network(t), time.Time{}
			if c.until > 0 {
				until = p.now.Add(c.until)
			}
			p.officer(t, where, until)
			p.enqueue(t, "ana", bot.Letter{Lane: bot.LaneRoutine, Message: bot.Message{
				Text: "voor de politie", For: bot.ForRoles(where, civic.Police),
			}})
			p.enqueue(t, "ana", bot.Letter{Lane: bot.LaneRoutine, Message: bot.Message{Text: "voor Ana"}})
			p.platform.FailNext(sandbox.Failure{Remedy: bot.Down})
			if err := p.deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.now = p.now.Add(3 * time.Hour)
			if c.meanwhile != nil {
				c.meanwhile(p, where)
			}
			for range 4 {
				if err := p.deliver(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			var read []string
			for _, m := range p.platform.Messages("ana") {
				read = append(read, m.Text)
			}
			if !slices.Equal(read, c.read) {
				t.Errorf("Ana reads %q, not %q", read, c.read)
			}
			if n := p.lost(t); n != 0 {
				t.Errorf("operators see %d letters that were given up, and could send them", n)
			}
		})
	}
}
