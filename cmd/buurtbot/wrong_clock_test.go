package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// A clock that is a year ahead rings no timer, ends no letter and clears nothing away: the word of one clock is not enough.
// Operators hear of it at once, and all goes on when the clock is right.
func TestNothingIsErasedByAClockThatIsWrong(t *testing.T) {
	o := observe(t)
	o.far.tells = true
	right := o.at
	l := newLookout(o.town)
	o.letters(1)
	remember := func() {
		t.Helper()
		err := o.store.Do(t.Context(), func(tx bot.Tx) error {
			return tx.Wake(t.Context(), bot.Timer{Kind: "test.draft", Ref: "1", At: right.Add(30 * 24 * time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	remember()
	for _, is := range []struct {
		name string
		says time.Duration // by how much the server's clock is behind ours; -1 = the server is not heard
		now  time.Time
		sure bool
		told bool
	}{
		{"at the start, before anybody was heard", -1, right, false, false},
		{"a year ahead, and nobody is heard", -1, right.AddDate(1, 0, 0), false, false},
		{"a year ahead, and a server says so", 365 * 24 * time.Hour, right.AddDate(1, 0, 0), false, true},
		{"an hour later", 365 * 24 * time.Hour, right.AddDate(1, 0, 0).Add(time.Hour), false, false},
		{"set right", 0, right, true, false},
		{"a day and more on, without a word from anybody", -1, right.Add(25 * time.Hour), false, false},
		{"a server is heard again", 0, right.Add(25 * time.Hour), true, false},
	} {
		before := o.reads()
		o.at = is.now
		if is.says >= 0 {
			o.far.Hear(o.at.Add(-is.says).Format(http.TimeFormat), o.at)
		}
		o.far.heard = o.at
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimPrefix(o.reads(), before)
		if told := strings.Contains(got, "klok van mijn machine"); told != is.told {
			t.Errorf("%s: operators read %q", is.name, got)
		}
		err := o.upkeep.prune(t.Context())
		if sure := !errors.Is(err, errClock); sure != is.sure || sure && err != nil {
			t.Errorf("%s: clearing away gives %v", is.name, err)
		}
		letters, timers := o.waits()
		if !is.sure && (letters != 1 || timers != 1) {
			t.Errorf("%s: %d letters and %d timers wait", is.name, letters, timers)
		}
	}
	if letters, _ := o.waits(); letters != 0 {
		t.Error("a letter that was too old stayed when the clock was right")
	}
}

// waits counts the letters to the first platform that wait, and the timers of the test.
func (o *observed) waits() (letters, timers int) {
	o.t.Helper()
	gauges, err := o.store.Gauges(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, line := range gauges.Lines {
		if line.Platform == o.far.name {
			letters += line.Letters
		}
	}
	err = o.store.View(o.t.Context(), func(tx bot.Tx) error {
		all, err := tx.Timers(o.t.Context(), "test.draft", "")
		timers = len(all)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return letters, timers
}
