package flows_test

import (
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
)

// order does what a line after ! asks for.
func (p *player) order(words []string) {
	p.t.Helper()
	switch words[0] {
	case "restart":
		p.restart()
	case "role":
		p.check(p.endRoles(words[1]))
	case "invite":
		p.check(p.invite(words[1:]))
	case "confirm":
		p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
			_, err := flows.Confirm(p.ctx, tx, words[1], p.now)
			return err
		}))
	case "restored": // a copy of now is put back so much later
		after, err := time.ParseDuration(words[1])
		p.check(err)
		p.check(p.store.Do(p.ctx, func(tx bot.Tx) error { return flows.Restored(p.ctx, tx, p.now.Add(after)) }))
	case "away": // where somebody or a room is, for so long
		p.check(p.away(words[1], words[2]))
	case "letters": // wait, or go
		if p.waiting = words[1] == "wait"; !p.waiting {
			p.drain()
		}
	case "mute":
		p.check(p.mute(words[1]))
	case "rules":
		p.check(p.agreed(words[1], 0))
	case "room":
		if words[2] == "lacks" {
			p.lack(words[1], words[3:])
			return
		}
		p.check(p.stage.throwOut(p.ctx, p.inbox(), words[1]))
	default:
		p.t.Fatalf("nobody knows how to %q", words[0])
	}
}

// home is the platform on which a person is.
func (p *player) home(person string) string {
	if both, is := p.stage.(*bothStages); is {
		return both.of(person).platform().Name()
	}
	return p.stage.platform().Name()
}

func (p *player) endRoles(person string) error {
	return p.store.Do(p.ctx, func(tx bot.Tx) error {
		m, err := tx.Identify(p.ctx, bot.UserRef{Platform: p.home(person), ID: p.stage.account(person)})
		if err != nil {
			return err
		}
		if len(m.Grants) == 0 {
			return errors.New("no role to end")
		}
		for _, g := range m.Grants {
			if err := tx.Revoke(p.ctx, m.ID, g.Role, g.Area, p.now); err != nil {
				return err
			}
		}
		return nil
	})
}

// said gives what was said since the last time, as lines of a transcript.
func (p *player) said() []string {
	var out []string
	seen := p.stage.shown()
	if p.office != nil {
		seen = append(seen, p.office.shown()...)
	}
	for _, s := range seen {
		s.text = ofPlatform.ReplaceAllString(s.text, `{"platform":"(its own)"}`)
		s.text = ofMessages.ReplaceAllString(s.text, "")
		out = append(out, s.String())
		for _, ref := range reference.FindAllStringSubmatch(s.text, -1) {
			p.refs[ref[1]] = ref[0]
		}
		if code := invitation.FindString(s.text); code != "" {
			p.refs["(code)"] = code
		}
	}
	return out
}
