package sandbox_test

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	check(t, os.WriteFile(to, must(os.ReadFile(from)), 0o600))
}

// kept is the town with a journal.
func kept(t *testing.T) sandbox.Config {
	t.Helper()
	c := town()
	c.Journal = filepath.Join(t.TempDir(), "town.journal")
	return c
}

// play leaves something of every kind in a sandbox.
func play(t *testing.T, box *sandbox.Sandbox) {
	t.Helper()
	check(t, last2(box.Photo("ana", "ana", "", picture(4, 3, color.White), "Kijk")))
	ref := post(t, box, "desk", "Een <b>kaart</b>", []bot.Choice{{Key: "take", Label: "Oppakken"}})
	check(t, last2(box.Press("wim", "desk", ref, "take")))
	send(t, box, bot.Letter{ID: 9, To: bot.ChatRef{ID: "desk"}, Op: bot.OpEdit, Edits: ref, Message: bot.Message{Text: "Weg"}})
	check(t, last2(box.Leave("joris", "joris")))
	check(t, box.Clock().Pass(time.Hour))
	check(t, box.PollOnce(t.Context(), &inbox{clock: box.Clock()}))
	check(t, last2(box.Say("ana", "ana", "En nu?", "")))
}

func TestARestartShowsTheSame(t *testing.T) {
	c := kept(t)
	box := open(t, c)
	play(t, box)
	check(t, box.Close())
	again := open(t, c)
	for _, room := range []string{"ana", "desk", "joris"} {
		if diff := cmp.Diff(box.Messages(room), again.Messages(room)); diff != "" {
			t.Errorf("%s: %s", room, diff)
		}
	}
	if diff := cmp.Diff(box.Waiting(), again.Waiting()); diff != "" {
		t.Error(diff)
	}
	if now := again.Clock().Now(); !now.Equal(noon.Add(time.Hour)) {
		t.Errorf("it is %v", now)
	}
	remedies(t, again, map[string]refused{
		"blocked before": {bot.Letter{To: bot.ChatRef{ID: "joris"}, Op: bot.OpPost, Message: bot.Message{Text: "?"}}, bot.Gone},
	})
	info, err := os.Stat(c.Journal)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the journal is %v, %v", info.Mode(), err)
	}
}

func TestAnUnfinishedLineIsCutOff(t *testing.T) {
	c := kept(t)
	box := open(t, c)
	play(t, box)
	check(t, box.Close())
	whole := must(os.ReadFile(c.Journal))
	check(t, os.WriteFile(c.Journal, append(whole, `{"entry":"shown","mess`...), 0o600))
	again := open(t, c)
	if diff := cmp.Diff(box.Messages("ana"), again.Messages("ana")); diff != "" {
		t.Error(diff)
	}
	check(t, last2(again.Say("ana", "ana", "Nog iets", "")))
	check(t, again.Close())
	if third := open(t, c).Messages("ana"); third[len(third)-1].Text != "Nog iets" {
		t.Errorf("the last is %+v", third[len(third)-1])
	}
}

func TestAJournalThatCannotBeReadIsNotTouched(t *testing.T) {
	c := kept(t)
	for _, bad := range []string{"no json\n", `{"entry":"danced"}` + "\n", `{"entry":"said","raw":[]}` + "\n"} {
		check(t, os.WriteFile(c.Journal, []byte(bad), 0o600))
		_, err := sandbox.New(c)
		if err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q is %v", bad, err)
		}
		if now := must(os.ReadFile(c.Journal)); string(now) != bad {
			t.Errorf("the journal reads %q now", now)
		}
	}
	c.Journal = t.TempDir()
	if _, err := sandbox.New(c); err == nil {
		t.Error("a folder was a journal")
	}
}

func TestTheClockMovesForwardOnly(t *testing.T) {
	c := kept(t)
	now := noon
	c.Now = func() time.Time { return now }
	box := open(t, c)
	var told []time.Time
	box.Clock().OnTime(func(at time.Time) { told = append(told, at) })
	check(t, box.Clock().Pass(time.Hour))
	check(t, box.Clock().PassUntil(8, 0))
	check(t, box.Clock().PassUntil(8, 0))
	first := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	if diff := cmp.Diff([]time.Time{noon.Add(time.Hour), first, first.AddDate(0, 0, 1)}, told); diff != "" {
		t.Error(diff)
	}
	for _, d := range []time.Duration{0, -time.Second} {
		if box.Clock().Pass(d) == nil {
			t.Errorf("%v passed", d)
		}
	}
	now = noon.Add(-24 * time.Hour) // somebody set the computer's clock back
	if at := box.Clock().Now(); at.Before(first.AddDate(0, 0, 1)) {
		t.Errorf("it is %v", at)
	}
	check(t, box.Close())
	if at := open(t, c).Clock().Now(); at.Before(first.AddDate(0, 0, 1)) {
		t.Errorf("after a restart it is %v", at)
	}
}
