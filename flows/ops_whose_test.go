package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/flows"
)

// An administrator sees and does nothing of what another network's people were not told, nor of what went to a chat that
// became another network's since. What belongs to no network is the first one's.
func TestAnAdministratorLooksAfterTheirOwnNetworkAlone(t *testing.T) {
	p := openTwo(t)
	defer p.close()
	alsoThere(p, "rachid", civic.Admin, 0)
	alsoThere(p, "kees", civic.Admin, 1)
	for _, line := range []string{"rachid > hoi", "kees > hoi", "bea > hoi"} {
		p.line(line)
	}
	desk := p.chatOf("berkdesk", bot.Group)
	for _, chat := range []int64{p.chatOf("niemand", bot.Group), desk, p.chatOf("bea", bot.Private)} {
		p.enqueueTo(chat)
	}
	p.parkOne()
	p.putBackACopy()

	const private, aside = "iemand, in een privégesprek", "Niet verwerkt"
	here := strings.Join(p.line("rachid > /ops"), "")
	tells(t, "the first network's administrator", here, []string{"niemand", aside}, []string{"berkdesk", private})
	there := strings.Join(p.line("kees > /ops"), "")
	tells(t, "the second's", there, []string{"berkdesk", private}, []string{"niemand", aside})

	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		return tx.BindRoom(p.ctx, networks[0].ID, civic.RoomOperators, desk, p.now)
	}))
	says(p, "Alleen een beheerder bekijkt wat is blijven liggen", nil, "kees > [Laten vallen]") // the newest card is the one of that room
	tells(t, "the first's", strings.Join(p.line("rachid > /ops"), ""), []string{"berkdesk"}, []string{private})
}

// That something lies aside is told to those who find it in /ops, once an hour, and to nobody whose /ops is empty.
func TestThatSomethingLiesAsideIsToldWhereItIsLookedAfter(t *testing.T) {
	p := openTwo(t)
	defer p.close()
	alsoThere(p, "rachid", civic.Admin, 0)
	alsoThere(p, "kees", civic.Admin, 1)
	for _, line := range []string{"rachid > hoi", "kees > hoi"} {
		p.line(line)
	}
	const told = "Er ligt iets dat ik niet kon verwerken of bezorgen"
	ring := func() string {
		p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
			return tx.Wake(p.ctx, bot.Timer{Kind: flows.OpsNotice, Ref: flows.OpsAside + "/", At: p.now})
		}))
		return strings.Join(p.line("… 1m later"), "")
	}
	tells(t, "nobody", ring(), nil, []string{told})

	p.enqueueTo(p.chatOf("berkdesk", bot.Group))
	p.putBackACopy()
	tells(t, "the second's administrator", ring(), []string{"kees < ⚠️ " + told}, []string{"rachid < ⚠️"})

	p.parkOne()
	tells(t, "the first's as well, within that hour", ring(), []string{"rachid < ⚠️ " + told}, []string{"kees < ⚠️"})
	tells(t, "nobody again", ring(), nil, []string{told})
}

// enqueueTo lets a letter wait in a chat.
func (p *player) enqueueTo(chat int64) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		return tx.Enqueue(p.ctx, &bot.Letter{
			Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine, Message: bot.Message{Text: "De lamp is kapot"},
		})
	}))
}

func tells(t *testing.T, who, said string, want, not []string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("%s reads no %q in:\n%s", who, w, said)
		}
	}
	for _, w := range not {
		if strings.Contains(said, w) {
			t.Errorf("%s reads %q in:\n%s", who, w, said)
		}
	}
}

// chatOf is a chat, which is made when it is not known.
func (p *player) chatOf(id string, kind bot.ChatKind) (found int64) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		chat, err := tx.Enter(p.ctx, bot.ChatRef{Platform: sandbox.Name, ID: id, Kind: kind, Title: id}, p.now)
		found = chat.ID
		return err
	}))
	return found
}

// parkOne sets aside something of which nobody knows whose it is.
func (p *player) parkOne() {
	p.t.Helper()
	rows := []bot.Raw{{External: "odd", Body: []byte("odd")}}
	p.check(p.store.Receive(p.ctx, sandbox.Name, "odd", rows, "odd"))
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		waiting, err := tx.Waiting(p.ctx, 9)
		if err != nil {
			return err
		}
		for _, u := range waiting {
			if err := tx.Park(p.ctx, u.ID, p.now, "cannot be read"); err != nil {
				return err
			}
		}
		return nil
	}))
}
