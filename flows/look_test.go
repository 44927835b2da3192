package flows_test

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// looking is a platform on which the transcript says what is missing in a chat, so that it reads the same on each; what
// the adapters themselves see, and do at the doors of chats, is tested in their own packages and by the tests of the guide.
type looking struct {
	bot.Platform
	lacks map[string][]bot.Finding // by the platform's id of the chat
}

// Inspect implements [bot.Inspector].
func (l looking) Inspect(_ context.Context, chat bot.ChatRef, _ bot.Use) ([]bot.Finding, error) {
	return l.lacks[chat.ID], nil
}

// lack notes what is missing in a room from now on; a finding with a ! behind it is grave.
func (p *player) lack(room string, findings []string) {
	var list []bot.Finding
	for _, f := range findings {
		key, grave := strings.CutSuffix(f, "!")
		list = append(list, bot.Finding{Key: key, Grave: grave})
	}
	const some = civic.RoomCoordinators
	w := p.stage.rename(sandbox.World{Rooms: map[civic.RoomKind]string{some: room}})
	p.lacks[w.Rooms[some]] = list
}

// agreed makes the version of the house rules that a person agreed to another one.
func (p *player) agreed(person string, version int) error {
	return p.store.Do(p.ctx, func(tx bot.Tx) error {
		m, err := tx.Identify(p.ctx, bot.UserRef{Platform: p.home(person), ID: p.stage.account(person)})
		if err != nil {
			return err
		}
		return tx.AgreeRules(p.ctx, m.ID, m.Network, version, p.now)
	})
}
