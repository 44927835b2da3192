package flows_test

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/storage"
)

// A group that the bot may not write to leaves dead letters. The administrator sees where they were going, not what they
// say, and lets them go once the group is open again.
func TestAnAdministratorLetsADeadLetterGo(t *testing.T) {
	p := open(t, transcript{about: "# cast: bea admin; ana resident Kastanje nl\n", lines: []string{"bea > hoi", "ana > hoi"}}, mode{telegram: true})
	defer p.close()
	s := p.stage.(*telegramStage)
	said := func(where string) string {
		var all []string
		for _, m := range s.server.Messages(s.ids[where]) {
			all = append(all, m.Text)
		}
		return strings.Join(all, "\n---\n")
	}
	p.line("bea > /ops")
	if got := said("bea"); !strings.Contains(got, "Er ligt niets.") {
		t.Errorf("with nothing set aside she reads:\n%s", got)
	}
	desk := s.ids["desk"]
	s.server.Fail(botapi.Fault{Method: "sendMessage", Chat: desk, Kind: botapi.Puzzled})
	for _, line := range []string{
		"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]", "bea > /ops",
	} {
		p.line(line)
	}
	got := said("bea")
	if !strings.Contains(got, "Niet bezorgd") || !strings.Contains(got, "MESSAGE_TOO_ODD") || strings.Contains(got, "lamp") {
		t.Errorf("of a dead letter she reads:\n%s", got)
	}
	if got := said("desk"); strings.Contains(got, "lamp") {
		t.Fatalf("the coordinators read it all the same:\n%s", got)
	}
	p.line("bea > [Opnieuw proberen]")
	if got := said("desk"); !strings.Contains(got, "De lamp op de Kastanjelaan is kapot") {
		t.Errorf("after another try the coordinators read:\n%s", got)
	}
	p.line("bea > /ops")
	if got := said("bea"); !strings.HasSuffix(got, "Er ligt niets. Alles is verwerkt en bezorgd.") {
		t.Errorf("in the end she reads:\n%s", got)
	}
}

// toDesk puts a letter that can wait in the line of the coordinators.
func (p *player) toDesk(l bot.Letter) {
	l.Op, l.Lane, l.Message = bot.OpPost, bot.LaneRoutine, bot.Message{Text: "De lamp is kapot"}
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		if l.Chat, err = tx.Room(p.ctx, networks[0].ID, civic.RoomCoordinators); err != nil {
			return err
		}
		return tx.Enqueue(p.ctx, &l)
	}))
}

// What waited in a copy that was put back may have been delivered since. The administrator sees where it was going, not what it
// says, and lets it go.
func TestAnAdministratorDecidesAboutWhatWaitedInACopy(t *testing.T) {
	p := open(t, transcript{about: "# cast: bea admin; rachid network_coordinator\n"}, mode{})
	defer p.close()
	p.line("bea > hoi")
	p.toDesk(bot.Letter{})
	p.putBackACopy()
	said := strings.Join(p.line("bea > /ops"), "")
	if !strings.Contains(said, "Wacht sinds er een kopie is teruggezet: coordinators") || strings.Contains(said, "lamp") {
		t.Errorf("of what was held she reads:\n%s", said)
	}
	if said = strings.Join(p.line("bea > [Opnieuw proberen]"), ""); !strings.Contains(said, "desk < De lamp is kapot") {
		t.Errorf("when she lets it go:\n%s", said)
	}
}

// The operators' room gets a mark of the audit trail each morning, and nobody else does. It belongs to the trail.
func TestOperatorsRoomGetsAMarkOfTheTrail(t *testing.T) {
	p := open(t, transcript{about: "# cast: bea admin; ana resident Kastanje\n"}, mode{})
	defer p.close()
	p.line("bea > hoi")
	if said := strings.Join(p.line("… 24h"), ""); strings.Contains(said, "🔏") {
		t.Errorf("without a room somebody reads %s", said)
	}
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		chat, err := tx.Enter(p.ctx, bot.ChatRef{Platform: p.stage.platform().Name(), ID: "nieuw", Kind: bot.Group}, p.now)
		if err != nil {
			return err
		}
		err = tx.BindRoom(p.ctx, networks[0].ID, civic.RoomOperators, chat.ID, p.now)
		return errors.Join(err, tx.Audit(p.ctx, bot.AuditEntry{At: p.now, Action: "room.bound"}))
	}))
	said := strings.Join(p.line("… 24h"), "")
	mark := regexp.MustCompile(`nieuw < 🔏 Merkteken van het logboek: (\d+-[0-9a-f]{16})\. `).FindStringSubmatch(said)
	if mark == nil || strings.Count(said, "🔏") != 1 {
		t.Fatalf("in the morning the room reads %s", said)
	}
	if err := p.store.TrailHas(p.ctx, mark[1]); err != nil {
		t.Error(err)
	}
}

// putBackACopy makes a copy of now and puts it back.
func (p *player) putBackACopy() {
	p.t.Helper()
	copied := filepath.Join(p.dir, "copy.db")
	p.check(p.store.Backup(p.ctx, copied))
	p.check(p.store.Close())
	o := storage.Options{Path: p.path, AuditKey: testKey, Sync: storage.SyncOff}
	_, err := storage.Restore(context.WithoutCancel(p.ctx), copied, o, nil, p.now)
	p.check(err)
	p.start()
}
