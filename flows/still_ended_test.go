package flows_test

import (
	"context"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// endedAccount plays lines on Telegram, after which an account is deleted; a letter to it finds that out. It gives the player
// and what was said from then on.
func endedAccount(t *testing.T, whose string, before []string, after ...string) (*player, []string) {
	t.Helper()
	p := open(t, transcript{
		about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; rachid network_coordinator; joris guest; eva guest\n",
	}, mode{telegram: true})
	t.Cleanup(p.close)
	for _, line := range before {
		p.line(line)
	}
	s := p.stage.(*telegramStage)
	s.server.Deactivate(s.ids[whose])
	var said []string
	for _, line := range after {
		said = append(said, p.line(line)...)
	}
	return p, said
}

// standing is how a person, by one of their accounts, stands in the network.
func (p *player) standing(account string) (m civic.Member) {
	p.t.Helper()
	s := p.stage.(*telegramStage)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) (err error) {
		m, err = tx.Identify(context.WithoutCancel(p.ctx), bot.UserRef{Platform: s.Name(), ID: s.account(account)})
		return err
	}))
	return m
}

func deskReads(said []string, words string) int {
	n := 0
	for _, line := range said {
		if strings.HasPrefix(line, "desk ") && strings.Contains(line, words) {
			n++
		}
	}
	return n
}

func aReport() []string {
	return []string{"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]"}
}

func TestWhoDeletedTheirAccountRestsAndTheCoordinatorsHearIt(t *testing.T) {
	p, said := endedAccount(t, "ana", aReport(), "wim@desk > [Opgepakt]", "wim@desk > [Doorzetten ▸ politie]")
	if n := deskReads(said, "Ik kan Ana niet meer bereiken: het account op Telegram bestaat niet meer."); n != 1 {
		t.Errorf("the coordinators are told %d times:\n%s", n, strings.Join(said, ""))
	}
	if m := p.standing("ana"); m.Standing != civic.StandingDormant || m.Group == 0 {
		t.Errorf("Ana is %+v", m)
	}
	for _, line := range said {
		if strings.HasPrefix(line, "desk ") && strings.Contains(line, "melder") && strings.Contains(line, "Ana") {
			t.Errorf("the coordinators read who reported: %s", line)
		}
	}
}

func TestOfAColleagueWhoDeletedTheirAccountTheRoleIsNamed(t *testing.T) {
	_, said := endedAccount(t, "wim", append(aReport(), "wim@desk > [Opgepakt]"), "ana > [Aanvullen]", "ana > [Iets toevoegen]",
		"ana > Hij knippert nu")
	if deskReads(said, "Ik kan Wim niet meer bereiken") != 1 || deskReads(said, "Rol: straatcoördinator. Geef die met /rollen aan iemand anders.") != 1 {
		t.Errorf("%s", strings.Join(said, ""))
	}
}

func TestARequestOfWhoDeletedTheirAccountGoes(t *testing.T) {
	p, said := endedAccount(t, "joris", []string{
		"joris > /start", "joris > [Ja, ik doe mee]", "joris > [Ja]", "joris > [Kastanjelaan]", "joris > Joris",
	}, "joris > Hoe lang duurt het nog?")
	if deskReads(said, "Aanvraag: het account van deze persoon bestaat niet meer.") != 1 {
		t.Errorf("%s", strings.Join(said, ""))
	}
	if m := p.standing("joris"); m.ID != 0 {
		t.Errorf("Joris is %+v", m)
	}
}

// Whoever has another account is reached there, and goes on.
func TestWhoHasAnotherAccountGoesOn(t *testing.T) {
	p, said := endedAccount(t, "ana", append(aReport(), "ana > /account", "ana > [Koppelcode maken]", "eva > (code)", "eva > [Ja, koppelen]"),
		"wim@desk > [Opgepakt]")
	if n := deskReads(said, "bestaat niet meer"); n != 0 {
		t.Errorf("%s", strings.Join(said, ""))
	}
	if m := p.standing("eva"); !m.Active() {
		t.Errorf("Ana is %+v", m)
	}
}
