package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var returning = flag.Bool("bugs", false, "bring every bug of the list back, and see that its test finds it")

// bug is something that kills, power cuts, the simulation or bad weather once found, and that was mended. In the file stands
// now what mended it; with the other words in its place the bug is back, and the test of the package fails.
type bug struct {
	name     string
	file     string
	now, was string
	pkg      string
	test     []string
}

var bugs = []bug{
	{ // kills soon after each start set updates aside, because each was under way in some of them
		"blamed for kills", "bot/engine.go", " && e.Now().Sub(e.began) < e.Calm\n", " && false\n",
		"./bot",
		[]string{"-run", "TestUpdateOutlivesAStorm"},
	},
	{ // on a busy machine they did so still, though it was killed in between with nothing under way
		"blamed for kills in between", "storage/suspects.go", "err != nil || busy > 0 {\n", "err != nil || busy >= 0 {\n",
		"./bot",
		[]string{"-run", "TestUpdateOutlivesHail"},
	},
	{ // a power cut left a copy that was promised without its name
		"a copy loses its name", "storage/backup.go", "	return errors.Join(disk.SyncFolder(folder), hooks.file(\"sync\", folder, \"\"))\n",
		"	_ = folder\n	return nil\n", "./storage",
		[]string{"-run", "TestPowerCut$/backup", "-args", "-images", "200"},
	},
	{ // a program that started after a night called the same people once for each rung of the ladder
		"called once for each rung", "flows/triage_watch.go", " || overtaken(t, c, n)", "",
		"./flows",
		[]string{"-run", "TestTranscripts/triage-timers"},
	},
	{ // the simulation set the clock back by a day, and what had to wait half a minute waited a day
		"waiting for a wrong clock", "storage/rewind.go", "	if back {\n", "	if false {\n",
		"./storage",
		[]string{"-run", "TestNothingWaitsForAClockThatWasWrong"},
	},
	{ // what came while the clock was ahead was handled as of then once it was set back, and its timers came as much too late
		"of a time to come", "bot/engine.go", "row.At.After(now) {\n", "false && row.At.After(now) {\n",
		"./bot",
		[]string{"-run", "TestWhatCameByAClockThatWasAheadIsOfNow"},
	},
	{ // a refusal that nobody lived to hear: the next start wrote into the window
		"deaf after a crash", "storage/overdue.go", "	if err := t.run(sqlSilence, millis(until)); err != nil {\n",
		"	if err := t.run(sqlSilence, millis(at)); err != nil {\n", "./storage",
		[]string{"-run", "TestLettersOnTheirWayAreRecoveredByLane"},
	},
	{ // a chat whose answer was lost had read the alert, and never heard that it was over
		"no end for who may have read it", "bot/civic/plan.go", "d.Status == DeliveryUnknown || ", "",
		"./bot/civic",
		[]string{"-run", "TestAllClearGoesToExactlyTheAlarmed"},
	},
	{ // of 500 groups the median waited 75 s, because three that were throttled silenced all
		"one is throttled, all are silent", "bot/telegram/telegram.go", "	defer f.mu.Unlock()\n	f.last = nil\n", "	defer f.mu.Unlock()\n",
		"./cmd/buurtbot",
		[]string{"-run", "TestAlertReaches500GroupsInBadWeather"},
	},
	{ // a homeserver went on before the place at which a gap was to end: old commands were read again, for good after three days
		"obeyed once more", "bot/matrix/past.go", "isEvent(was.seen)", `isEvent("")`,
		"./bot/matrix",
		[]string{"-run", "TestGapBeginsBehindWhatWasHeardLast"},
	},
	{ // after a backup was put back, Matrix took new letters for those that had gone under their numbers: nobody read them
		"letters of other numbers", "storage/dialect.go", "seq = seq + 1000000", "seq = seq + 0",
		"./storage",
		[]string{"-run", "TestLettersAfterARestoreHaveNumbersOfTheirOwn"},
	},
	{ // a homeserver took a message that nobody had heard yet for the last one that was: kills under load lost one of 300
		"taken for heard", "bot/matrix/past.go", "	readTwice = 20\n", "	readTwice = 1\n",
		"./bot/matrix",
		[]string{"-run", "TestEventBesideTheLastBatchIsHeard"},
	},
	{ // a case was merged after a backup, and what one of its reporters had taken back was in it again after a restore
		"taken back of a merged case", "storage/reports.go", ", t.noteErasure(ErasedReport, id))", ")",
		"./storage",
		[]string{"-run", "TestWhatWasTakenBackOfAMergedCaseStaysAway"},
	},
	{ // who had all erased that they told was still known by the landmark at which it was
		"the landmark stays", "storage/reports.go", "landmark = NULL, named = 0", "named = 0", "./storage",
		[]string{"-run", "TestTheLandmarkOfAReportIsErasedWithIt"},
	},
	{ // the clock was set back after a backup, and what people had erased then was in the bot again after a restore
		"erased by a clock that was set back", "storage/erasures.go", "!seen[k] && e.At.After(copied.Add(-erasuresFor))",
		"!seen[k] && !e.At.Before(copied)", "./storage",
		[]string{"-run", "TestErasuresAreFoundThoughTheClockWasSetBack"},
	},
	{ // a second copy was put back, and what people had told after an erasure was erased with it
		"erased once too often", "storage/erasures.go", "			t.again = e.At\n", "", "./storage",
		[]string{"-run", "TestWhatWasToldAfterAnErasureOutlivesEveryRestore"},
	},
	{ // a change of a card was put off, and the one before the last was shown last
		"a card shows what it was", "storage/outbox.go", "	if len(waiting) > 1 {\n", "	if false {\n", "./storage",
		[]string{"-run", "TestACardShowsItsLastChange"},
	},
	{ // a card of two parts was held up after the first, changed to one part, and that was taken for sent
		"half of what it was", "bot/telegram/send.go", "p.steps > 0 && p.says == says(steps)", "p.steps > 0", "./bot/telegram",
		[]string{"-run", "TestALetterThatChangedHalfWayIsShownWhole"},
	},
	{ // a homeserver was away for days, and the coordinators' room never showed what had come in meanwhile
		"a card is too old", "bot/card.go", "	return shown\n", "	return LaneRoutine.Life()\n", "./flows",
		[]string{"-run", "TestAReportIsNotLostInThreeDaysOfSilence"},
	},
	{ // whose role had ended read on in private what became of their cases
		"a card after its role", "bot/card.go", "	if card.Readers == nil {\n", "	if true {\n", "./flows",
		[]string{"-run", "TestTranscripts/roles-end-case$"},
	},
	{ // an officer was done with what they looked for, and a backup that was put back knew the name again
		"looked for once more", "storage/lookups.go", "t.blankAside(id), t.noteErasure(ErasedLookup, id))",
		"t.blankAside(id))", "./storage",
		[]string{"-run", "TestALookupThatIsOverStaysForgotten"},
	},
	{ // an officer linked a second account, and what somebody had asked them to look for was gone without a word
		"lost with an account", "storage/link.go", "	\"UPDATE lookups SET person = $1 WHERE person = $2\",\n", "", "./storage",
		[]string{"-run", "TestWhoLinksAnAccountKeepsWhatTheyLookFor|TestEveryTableOfPeopleIsLinked"},
	},
	{ // who looks for somebody else found, and could take out, what may have been told about themselves
		"found about oneself", "flows/lookup_search.go", "		if c.Subject.Bars(officer) {", "		if false && c.Subject.Bars(officer) {", "./flows",
		[]string{"-run", "TestALookupShowsNoCaseThatMayBeAboutTheOfficer"},
	},
	{ // a network was down while a role ended, and what had been written for the role was read when it was there again
		"a letter after its role", "bot/courier.go", "		if ok {\n			kept", "		if true || ok {\n			kept", "./flows",
		[]string{"-run", "TestTranscripts/roles-end-waits$"},
	},
	{ // a former officer read on in private what became of an alert
		"an alert's card after its role", "flows/alert.go", "				Readers: readBy(civic.SendInfo, alertScope), Closed: cardClosedKey,\n", "",
		"./flows",
		[]string{"-run", "TestTranscripts/roles-end-alert$"},
	},
	{ // a machine whose clock stood a year ahead erased what it held
		"one clock is enough", "bot/tick.go", "!e.Sure(now)", "false", "./cmd/buurtbot",
		[]string{"-run", "TestNothingIsErasedByAClockThatIsWrong"},
	},
	{ // what waited for the coordinators' room was told in the former one, and its cards were followed there once more
		"told in the former room", "storage/outbox.go", "{sqlUntold, sqlUnaside, sqlLoosen, sqlLetLand, sqlForgetCards}",
		"{sqlForgetCards}",
		"./storage",
		[]string{"-run", "TestNothingThatWaitedIsToldInAForgottenRoom"},
	},
	{ // somebody blocked the bot while a letter was on its way, came back after weeks, and read it then
		"a closed chat is written to", "storage/courier.go", "called_back = 0 AND\" + stillOpen\n", "called_back = 0\"\n",
		"./storage",
		[]string{"-run", "TestALetterOnItsWayToAChatThatClosesIsNotTriedAgain"},
	},
	{ // a few bits of one waiting row were wrong, and nobody was heard or written to any more
		"one torn row stops everything", "storage/seal.go", "err != nil && c.torn != nil", "err == nil && c.torn != nil",
		"./storage",
		[]string{"-run", "TestATornRowHoldsUpNoOther"},
	},
	{ // seed 784: who cried "fire!" once more, at the question where it was, read that nobody knows that street
		"a cry is no street", "flows/report_rescue.go", "in bot.Input) bool { return civic.Danger(in.Words()) }",
		"in bot.Input) bool { return false && civic.Danger(in.Words()) }", "./flows",
		[]string{"-run", "TestTranscripts/report-cried-again"},
	},
}

// Every bug of the list can be brought back, and with -bugs is: then its test fails (reliability.md, M26).
func TestBugsAreFoundAgain(t *testing.T) {
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join("..", "..", b.file))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(raw), b.now); n != 1 {
				t.Fatalf("%q stands %d times in %s", b.now, n, b.file)
			}
			if *returning {
				b.comesBack(t, strings.Replace(string(raw), b.now, b.was, 1))
			}
		})
	}
}

// comesBack runs the test with the bug in the source.
func (b bug) comesBack(t *testing.T, source string) {
	t.Helper()
	list := overlay(t, map[string]string{b.file: source})
	out, err := goTest(t, append([]string{"-overlay", list, "-count=1", b.pkg}, b.test...)...)
	switch {
	case err == nil:
		t.Errorf("it is back, and nobody notices:\n%s", out)
	case !strings.Contains(out, "--- FAIL"):
		t.Errorf("the test says nothing:\n%s", out)
	default:
		t.Log("found")
	}
}
