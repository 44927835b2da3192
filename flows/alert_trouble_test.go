package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

const gasLeak = "# cast: ana resident Kastanje; wim street_coordinator Kastanje; mirjam police\n# at: 2025-10-14 14:00\n"

// aboutToWarn is an officer who has one press left until all streets are warned.
func aboutToWarn(t *testing.T, headers ...string) *player {
	t.Helper()
	p := open(t, transcript{about: gasLeak + strings.Join(headers, "\n")}, mode{})
	t.Cleanup(p.close)
	for _, line := range []string{
		"mirjam > /alarm Er is een gaslek. Blijf binnen en doe ramen en deuren dicht.", "mirjam > [Deze tekst gebruiken]", "mirjam > [Nu]",
		"mirjam > [Heel BIN De Vlier]", "mirjam > [1 uur]", "mirjam > [Versturen]",
	} {
		p.line(line)
	}
	return p
}

// alarms counts how often each street's room read the alarm.
func alarms(said []string) map[string]int {
	read := map[string]int{}
	for _, s := range said {
		if room, words, _ := strings.Cut(s, " < "); strings.HasPrefix(words, "⚠️ POLITIE") {
			read[room]++
		}
	}
	return read
}

func TestAnAlertIsNeitherLostNorRepeatedWhenThePlatformIsDownInTheMiddle(t *testing.T) {
	p := aboutToWarn(t)
	p.act("mirjam", "[Ja, versturen]")
	for range 3 {
		_, err := p.engine.HandleNext(p.ctx)
		p.check(err)
	}
	if !p.deliver() {
		t.Fatal("nothing is sent")
	}
	first := alarms(p.said())
	p.stage.(*localStage).FailNext(sandbox.Failure{Remedy: bot.Later, After: 20 * time.Minute, Global: true})
	p.drain()
	p.pass("10m later")
	if said := p.said(); len(first) != 1 || len(alarms(said)) != 0 {
		t.Fatalf("before it is down %v, and then\n%s", first, strings.Join(said, ""))
	}
	p.pass("11m later")
	p.pass("1m later")
	said := p.said()
	read := alarms(said)
	for room, n := range first {
		read[room] += n
	}
	if read["kastanje"] != 1 || read["meidoorn"] != 1 {
		t.Errorf("the streets read it %v times", read)
	}
	if all := strings.Join(said, ""); !strings.Contains(all, "mirjam = ") || !strings.Contains(all, "2 van 2 bezorgd.") {
		t.Errorf("the issuer reads\n%s", all)
	}
}

func TestAnAlertReachesTheGroupsInWhichTheBotStillIs(t *testing.T) {
	p := aboutToWarn(t)
	p.line("! room kastanje gone")
	said := strings.Join(p.line("mirjam > [Ja, versturen]"), "")
	p.pass("1m later")
	said += strings.Join(p.said(), "")
	for _, words := range []string{
		"meidoorn < ⚠️ POLITIE", "1 van 2 bezorgd, onbereikbaar: Kastanje (bot verwijderd)", "wim < ", "[Opnieuw proberen]",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("want %q in\n%s", words, said)
		}
	}
	if strings.Contains(said, "kastanje < ") {
		t.Errorf("said where the bot is not\n%s", said)
	}
}

// What did not arrive before the time of an alert was over is never sent late: its issuer is asked what to do.
func TestAnAlertThatNeverArrivedInTimeIsAskedAbout(t *testing.T) {
	p := aboutToWarn(t)
	p.stage.(*localStage).FailNext(sandbox.Failure{Remedy: bot.Later, After: 90 * time.Minute, Global: true})
	p.act("mirjam", "[Ja, versturen]")
	p.drain()
	p.pass("2h later")
	said := p.said()
	if read := alarms(said); len(read) != 0 {
		t.Errorf("sent late: %v", read)
	}
	all := strings.Join(said, "")
	for _, words := range []string{"op 2 plekken", "0 van 2 bezorgd, onbereikbaar: Kastanje", "[Nieuw bericht maken]"} {
		if !strings.Contains(all, words) {
			t.Errorf("want %q in\n%s", words, all)
		}
	}
	said = p.line("mirjam > [Nieuw bericht maken]")
	if all := strings.Join(said, ""); !strings.Contains(all, "Er is een gaslek. Blijf binnen") {
		t.Errorf("a new one begins with\n%s", all)
	}
}

// Where what was said could not be taken away is told to the issuer, also when that turns out only after a while.
func TestAnAlertThatCouldNotBeTakenAwayIsTold(t *testing.T) {
	p := aboutToWarn(t)
	for _, line := range []string{
		"mirjam > [Ja, versturen]", "… 1m later", "mirjam > /afloop", "mirjam > [Niets aangetroffen]", "mirjam > [Overslaan]",
	} {
		p.line(line)
	}
	p.stage.(*localStage).FailNext(sandbox.Failure{Remedy: bot.Later, After: 25 * time.Minute, Global: true})
	p.line("mirjam > [Afloop versturen]")
	p.pass("20m later")
	said := strings.Join(p.line("! room kastanje gone"), "")
	p.pass("2h later")
	said += strings.Join(p.said(), "")
	const told = "kon ik niet overal de tekst of foto weghalen: Kastanje (bot verwijderd)."
	if n := strings.Count(said, told); n != 1 {
		t.Errorf("said %d times %q in\n%s", n, told, said)
	}
}

// A last word that nobody got in time is not on its way for ever: the card says so, and one press tells it after all.
func TestAnOutcomeThatDidNotArriveIsTriedAgain(t *testing.T) {
	p := aboutToWarn(t)
	for _, line := range []string{
		"mirjam > [Ja, versturen]", "… 1m later", "mirjam > /afloop", "mirjam > [Niets aangetroffen]", "mirjam > Dank voor de tips.",
	} {
		p.line(line)
	}
	p.stage.(*localStage).FailNext(sandbox.Failure{Remedy: bot.Later, After: 25 * time.Hour, Global: true})
	p.line("mirjam > [Afloop versturen]")
	p.pass("26h later")
	said := strings.Join(p.said(), "")
	for _, words := range []string{"Afloop: 0 van 2 bezorgd, onbereikbaar: Kastanje", "[Opnieuw proberen]"} {
		if !strings.Contains(said, words) {
			t.Errorf("want %q in\n%s", words, said)
		}
	}
	said = strings.Join(p.line("mirjam > [Opnieuw proberen]"), "")
	for _, room := range []string{"kastanje", "meidoorn"} {
		words := room + " < ✅ POLITIE · BIN De Vlier · hele gebied\n"
		if !strings.Contains(said, words) || !strings.Contains(said, "De politie heeft niets aangetroffen.") {
			t.Errorf("want %q in\n%s", words, said)
		}
	}
	if n := strings.Count(said, "Dank voor de tips."); n < 2 {
		t.Errorf("the words are said %d times in\n%s", n, said)
	}
}

// A correction that did not arrive is told again where the alert stands, and put in its place there.
func TestACorrectionThatDidNotArriveIsTriedAgain(t *testing.T) {
	p := open(t, transcript{about: gasLeak}, mode{})
	t.Cleanup(p.close)
	for _, line := range []string{
		"mirjam > /alarm Er is een gaslek. Blijf binnen en doe ramen en deuren dicht.", "mirjam > [Deze tekst gebruiken]", "mirjam > [Nu]",
		"mirjam > [Heel BIN De Vlier]", "mirjam > over 60 uur", "mirjam > [Versturen]", "mirjam > [Ja, versturen]", "… 1m later",
		"mirjam > /corrigeer", "mirjam > Er is een gaslek in de Kastanjelaan. Blijf binnen.",
	} {
		p.line(line)
	}
	p.stage.(*localStage).FailNext(sandbox.Failure{Remedy: bot.Later, After: 25 * time.Hour, Global: true})
	p.line("mirjam > [Correctie versturen]")
	p.pass("26h later")
	if said := strings.Join(p.said(), ""); !strings.Contains(said, "Correctie: 0 van 2 bezorgd, onbereikbaar: Kastanje") {
		t.Errorf("the card says\n%s", said)
	}
	said := strings.Join(p.line("mirjam > [Opnieuw proberen]"), "")
	for _, words := range []string{
		"kastanje < ⚠️ POLITIE · BIN De Vlier · hele gebied\n           Correctie van bericht",
		"kastanje = ⚠️ POLITIE · BIN De Vlier · hele gebied\n           Correctie. Dit komt in plaats van",
		"meidoorn < ⚠️ POLITIE", "meidoorn = ⚠️ POLITIE", "Nieuw:\n           Er is een gaslek in de Kastanjelaan. Blijf binnen.",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("want %q in\n%s", words, said)
		}
	}
}

// An alert that is on its way to 200 street groups when the program is killed reaches the other 70 after it begins again, and
// none of them twice.
func TestACrashAfter130Of200LeavesTheRest(t *testing.T) {
	const groups, before = 200, 130
	p := aboutToWarn(t, "# groups: 200")
	p.act("mirjam", "[Ja, versturen]")
	_, err := p.engine.HandleNext(p.ctx)
	p.check(err)
	read, handed := map[string]int{}, 0
	for handed < before && p.deliver() {
		for room, n := range alarms(p.said()) {
			read[room] += n
			handed += n
		}
	}
	p.crash()
	p.pass("5m later")
	for room, n := range alarms(p.said()) {
		read[room] += n
	}
	if handed != before || len(read) != groups {
		t.Errorf("%d street groups had it before the crash, %d after", handed, len(read))
	}
	for room, n := range read {
		if n != 1 {
			t.Errorf("%s read it %d times", room, n)
		}
	}
}

// What is tried again is told on the card.
func TestAnAlertThatIsTriedAgainSaysSo(t *testing.T) {
	p := aboutToWarn(t)
	again := sandbox.Failure{Remedy: bot.Later, After: 10 * time.Minute}
	p.stage.(*localStage).FailNext(again, again)
	p.line("mirjam > [Ja, versturen]")
	said := strings.Join(p.line("mirjam > /alarmen"), "")
	if words := "0 van 2 bezorgd, 2 opnieuw geprobeerd."; !strings.Contains(said, words) {
		t.Errorf("want %q in\n%s", words, said)
	}
	p.pass("15m later")
	p.pass("1m later")
	if said := strings.Join(p.said(), ""); !strings.Contains(said, "2 van 2 bezorgd.") {
		t.Errorf("afterwards\n%s", said)
	}
}

// A group that was out of reach becomes a supergroup, which the bot may write in: one press brings the alert there, once, and what
// follows comes there as well.
func TestAnAlertIsTriedAgainInTheGroupThatMoved(t *testing.T) {
	const cast = "# cast: ana resident Kastanje; rachid network_coordinator; mirjam police\n# at: 2025-10-14 14:00\n"
	p := open(t, transcript{about: cast}, mode{})
	t.Cleanup(p.close)
	p.lines("! room kastanje gone", "mirjam > /alarm Er is een gaslek. Blijf binnen en doe ramen en deuren dicht.",
		"mirjam > [Deze tekst gebruiken]", "mirjam > [Nu]", "mirjam > [Heel BIN De Vlier]", "mirjam > [2 uur]", "mirjam > [Versturen]",
		"mirjam > [Ja, versturen]", "… 1m later")
	says(p, "mirjam ~ Ik kan nog steeds niets sturen", nil, "mirjam > [Opnieuw proberen]")
	p.line("rachid@nieuw > (unblocks)")
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		former := bot.ChatRef{Platform: sandbox.Name, ID: "kastanje", Kind: bot.Group}
		return tx.MoveChat(p.ctx, former, "nieuw", p.now)
	}))
	says(p, "nieuw < ⚠️ POLITIE", []string{"kastanje <"}, "mirjam > [Opnieuw proberen]")
	p.pass("1m later")
	p.said()
	p.lines("mirjam > /afloop", "mirjam > [Loos alarm]", "mirjam > [Overslaan]")
	said := strings.Join(p.line("mirjam > [Afloop versturen]"), "")
	if strings.Count(said, "nieuw < ✅ POLITIE") != 1 || strings.Contains(said, "kastanje <") {
		t.Errorf("the end is heard as\n%s", said)
	}
}
