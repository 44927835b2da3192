package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/mailserver"
)

// byMail is a network whose municipality works by mail, with a case that can be handed over.
func byMail(t *testing.T) *player {
	t.Helper()
	p := open(t, transcript{about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; mirjam police; bea admin\n" +
		"# mail: meldpunt@gemeente.example\n"}, mode{})
	t.Cleanup(p.close)
	for _, line := range []string{
		"bea > /partner gemeente mail meldpunt@gemeente.example", "meldpunt > ja",
		"ana > Het bushokje op de Kastanjelaan is vernield, overal glas", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
	} {
		p.line(line)
	}
	return p
}

func (p *player) mails() []string { return p.office.server.Mails("meldpunt@gemeente.example") }

func wants(t *testing.T, said []string, texts ...string) {
	t.Helper()
	all := strings.Join(said, "\n")
	for _, text := range texts {
		if !strings.Contains(all, text) {
			t.Errorf("%q is not in\n%s", text, all)
		}
	}
}

// A mail server that is down for a day delays a hand-over, and does not lose or double it.
func TestAMailServerThatIsDownForADayLosesNothing(t *testing.T) {
	p := byMail(t)
	before := len(p.mails())
	p.office.server.Fail(func(at mailserver.Stage, _ string) error {
		if at == mailserver.AtSender {
			return mailserver.Refusal(421, [3]int{4, 3, 2})
		}
		return nil
	})
	p.line("wim@desk > [Doorzetten ▸ gemeente]")
	p.now = p.now.Add(12 * time.Hour)
	p.restart()
	p.drain()
	p.now = p.now.Add(14 * time.Hour)
	p.drain()
	if n := len(p.mails()); n != before {
		t.Fatalf("%d mails by a server that is down", n-before)
	}
	p.office.server.Fail(nil)
	p.now = p.now.Add(10 * time.Minute)
	p.drain()
	if n := len(p.mails()); n != before+1 {
		t.Fatalf("%d mails", n-before)
	}
	wants(t, p.line("meldpunt > klaar: opgeruimd"), "Gemeente klaar", "opgeruimd", "Is het opgelost?")
}

// A mail that is refused for good is told where the case came from.
func TestAHandOverThatIsRefusedIsToldToTheCoordinators(t *testing.T) {
	p := byMail(t)
	p.office.server.Fail(func(at mailserver.Stage, _ string) error {
		if at == mailserver.AtData {
			return mailserver.Refusal(554, [3]int{5, 7, 1})
		}
		return nil
	})
	said := p.line("wim@desk > [Doorzetten ▸ gemeente]")
	wants(t, append(said, p.line("… 1m later")...), "desk < Het bericht aan de gemeente over KAS-", "kwam niet aan")
}

// An address that bounces is told once, and gets nothing more; an answer from there brings it back.
func TestAnAddressThatBouncesIsLeftAndComesBack(t *testing.T) {
	p := byMail(t)
	p.line("wim@desk > [Doorzetten ▸ gemeente]")
	last := p.mails()[len(p.mails())-1]
	_, back, _ := strings.Cut(last, "Reply-To: <")
	back, _, _ = strings.Cut(back, ">")
	bounce := "From: mailer-daemon@mx.example\nTo: " + back + "\nMessage-ID: <b1@mx.example>\nReturn-Path: <>\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; meldpunt@gemeente.example\nAction: failed\nStatus: 5.1.1\n--b--\n"
	for range 2 {
		p.office.server.Deliver(ourAddress, bounce)
		p.check(p.office.mail.PollOnce(p.ctx, p.inbox()))
		bounce = strings.Replace(bounce, "<b1@", "<b2@", 1)
	}
	p.drain()
	said := p.said()
	wants(t, said, "desk < Berichten aan de gemeente komen niet meer aan", "bea < Berichten aan de gemeente")
	if n := strings.Count(strings.Join(said, "\n"), "desk < Berichten aan"); n != 1 {
		t.Errorf("told %d times", n)
	}
	before := len(p.mails())
	p.line("wim@desk > [Terughalen]")
	if n := len(p.mails()); n != before {
		t.Errorf("%d mails to an address that bounces", n-before)
	}
	wants(t, p.line("bea > /partner"), "is niet bereikbaar")
	p.line("meldpunt > klaar")
	wants(t, p.line("bea > /partner"), "op meldpunt@gemeente.example")
}

// Two programs that answer each other stop, also when the other one hides that it is one.
func TestAnAnsweringMachineIsNotAnsweredForLong(t *testing.T) {
	p := byMail(t)
	p.line("wim@desk > [Doorzetten ▸ gemeente]")
	first := len(p.mails())
	for range 30 {
		p.line("meldpunt > Ik ben er even niet. Voor spoed belt u het algemene nummer.")
	}
	if n := len(p.mails()) - first; n == 0 || n > 6 {
		t.Errorf("%d answers to 30 mails", n)
	}
}

// A case is worked on by a partner only: a code of one partner opens nothing of another, and a code that was guessed nothing.
func TestNoCodeButItsOwnDoesAnything(t *testing.T) {
	p := byMail(t)
	p.line("wim@desk > [Doorzetten ▸ gemeente]")
	for _, to := range []string{
		"bin+aaaaaaaaaaaaaaaaaaaaaaaaaa@vlierdam.example", "bin+@vlierdam.example", ourAddress,
	} {
		p.office.server.Deliver(ourAddress, "From: meldpunt@gemeente.example\nTo: "+to+"\nMessage-ID: <"+to+">\n\nklaar\n")
		p.check(p.office.mail.PollOnce(p.ctx, p.inbox()))
		p.drain()
	}
	if all := strings.Join(p.said(), "\n"); strings.Contains(all, "Gemeente klaar") || strings.Contains(all, "ana ") {
		t.Errorf("something was done:\n%s", all)
	}
}

// What a partner writes behind "accepted" is for the coordinators: the reporter does not read it once the case is done by a
// press, that is by a number.
func TestWordsOfAnEarlierLineAreNotToldWithAPress(t *testing.T) {
	p := byMail(t)
	p.line("wim@desk > [Doorzetten ▸ gemeente]")
	p.line("meldpunt > aangenomen: Piet van de buitendienst zoekt het uit")
	p.line("meldpunt > 3") // the numbers of the first mail are others, so they are shown anew
	said := p.line("meldpunt > 3")
	wants(t, said, "Gemeente klaar", "Is het opgelost?")
	if all := strings.Join(said, "\n"); strings.Contains(all, "Piet") {
		t.Errorf("the words are told:\n%s", all)
	}
}

// A partner that works by mail gets the pictures of a case with it, but for those that police alone may see (story S05).
func TestPicturesGoAlongByMailButForThoseOfPersons(t *testing.T) {
	p := byMail(t)
	for _, line := range []string{
		"… 3h later", "ana > album 3", "… 5s later", "ana > [Afval, graffiti of verloedering]", "ana > [Kastanjelaan]",
		"ana > [Vandaag]", "ana > 3", "ana > [Versturen]", "wim@desk > [Doorzetten ▸ gemeente]",
	} {
		p.line(line)
	}
	mails := p.mails()
	last := mails[len(mails)-1]
	if n := strings.Count(last, "Content-Type: image/jpeg"); n != 2 || !strings.Contains(last, "Kastanjelaan") {
		t.Errorf("%d pictures in\n%.3000s", n, last)
	}
}
