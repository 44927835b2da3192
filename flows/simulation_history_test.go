package flows_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// digest sums up what was done and seen: P13 is that a seed always gives the same.
func (s *simulation) digest() string {
	sum := sha256.New()
	for _, line := range s.trace {
		sum.Write([]byte(line + "\n"))
	}
	for _, d := range s.history {
		sum.Write([]byte(d.String() + "\n"))
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8])
}

// checkOrder is P10: in each chat, letters of one rank are first seen in the order in which they were written. Cards are
// left out: news of a card takes the place of older news that was not sent yet. So are letters that waited for a chosen hour.
func (s *simulation) checkOrder() {
	type line struct {
		room string
		rank int
	}
	newest, seen := map[line]delivery{}, map[int64]bool{}
	for _, d := range s.lasting() {
		if d.op != bot.OpPost || d.card != "" || d.chosen || seen[d.letter] {
			continue
		}
		seen[d.letter] = true
		in := line{d.room, d.rank}
		if before := newest[in]; d.letter < before.letter {
			s.t.Errorf("P10: %s was first seen after %s", d, before)
			continue
		}
		newest[in] = d
	}
}

// toCallNow begins what somebody in danger reads first.
const toCallNow = "Bel nu 1"

// checkErased is P12: who had everything erased reads that it is done, and nothing more until they do something. Words that
// are taken away from their chat are no message, and what they said just before is answered: by the emergency number above all.
func (s *simulation) checkErased() {
	gone := map[string]delivery{}
	for _, d := range s.history {
		last, erased := gone[d.room]
		switch {
		case strings.HasPrefix(d.text, farewell):
			gone[d.room] = d
		case erased && d.letter != last.letter && d.acted == last.acted && d.op == bot.OpPost &&
			d.rank != 1+int(bot.LaneAnswer) && !strings.HasPrefix(d.text, toCallNow):
			s.t.Errorf("P12: %s, after everything was erased", d)
		}
	}
}

// moved is the rest of P8: what became of an alert stands in the trail.
func (l leftover) moved() {
	entries := map[civic.AlertStatus][]string{
		civic.AlertCorrected: {"alert.corrected"},
		civic.AlertOutcome:   {"alert.ended"},
		civic.AlertExpired:   {"alert.expired"},
		civic.AlertRetracted: {"alert.ended", "alert.dropped", "alert.planned.dropped"},
	}
	for _, row := range l.rows("SELECT id, ref, status FROM alerts") {
		want := entries[civic.AlertStatus(row[2])]
		found := l.strings("SELECT action FROM audit WHERE object = $1", "alert/"+row[0])
		if want != nil && !slices.ContainsFunc(want, func(e string) bool { return slices.Contains(found, e) }) {
			l.s.t.Errorf("P8: %s is %s, and no entry tells so: %v", row[1], row[2], found)
		}
	}
}

// heardTheEnd is the rest of P7: whoever read an alert that was ended reads that it was, if they can still be reached.
func (l leftover) heardTheEnd() {
	type place struct{ alert, room string }
	read, over := map[place]bool{}, map[place]bool{}
	notices := map[int64]string{}
	for _, row := range l.rows("SELECT letter, notice FROM deliveries WHERE letter <> 0") {
		id, err := strconv.ParseInt(row[0], 10, 64)
		l.s.must(err)
		notices[id] = row[1]
	}
	for _, d := range l.s.lasting() {
		at := place{strings.TrimPrefix(d.report, "alert/"), d.room}
		switch notices[d.letter] {
		case "alarm", "correction":
			read[at] = true
		case "all_clear":
			over[at] = true
		}
	}
	ended := l.strings("SELECT id FROM alerts WHERE status IN ('closed_with_outcome', 'retracted')")
	for at := range read {
		gone := l.s.away[at.room] || l.s.left(at.room) || l.s.saidGoodbye(at.room) && l.calledBack(at.alert)
		if slices.Contains(ended, at.alert) && !over[at] && !gone && !l.expired(at.alert) {
			l.s.t.Errorf("P7: %s read alert %s and never how it ended", at.room, at.alert)
		}
	}
}

// left reports whether somebody had everything erased, or left while the bot could not reach them.
func (s *simulation) left(room string) bool {
	return slices.ContainsFunc(s.history, func(d delivery) bool {
		return d.room == room && strings.HasPrefix(d.text, farewell)
	}) || s.everAway[room]
}

// goodbye is how the last message to somebody begins who left and whose reports stay. What waited for them is called back.
const goodbye = "Je bent uit "

func (s *simulation) saidGoodbye(room string) bool {
	return slices.ContainsFunc(s.history, func(d delivery) bool {
		return d.room == room && strings.HasPrefix(d.text, goodbye)
	})
}

// calledBack reports whether a last word waited for somebody who left meanwhile.
func (l leftover) calledBack(alert string) bool {
	return len(l.rows("SELECT 1 FROM deliveries d JOIN outbox o ON o.id = d.letter WHERE d.alert = $1"+
		" AND d.notice = 'all_clear' AND o.state = 'superseded'", alert)) > 0
}

// expired reports whether a last word was given up because of its age.
func (l leftover) expired(alert string) bool {
	return len(l.rows("SELECT 1 FROM deliveries d JOIN outbox o ON o.id = d.letter WHERE d.alert = $1"+
		" AND d.notice = 'all_clear' AND o.state IN ('expired', 'dead', 'unknown', 'held')", alert)) > 0
}

// lookedAlong is P11: what shows a plate went because a second officer, who was one, approved it in time, or because nobody
// did and its issuer sent it alone, once their time was over.
func (l leftover) lookedAlong() {
	for _, a := range l.alerts() {
		if len(civic.Plates(a.Text)) == 0 || a.Status == civic.AlertChecked {
			continue
		}
		object := "alert/" + strconv.FormatInt(a.ID, 10)
		went := l.rows("SELECT action, actor, at, seq FROM audit WHERE action IN "+sending+" AND object = $1", object)
		for _, e := range went {
			ms, err := strconv.ParseInt(e[2], 10, 64)
			l.s.must(err)
			l.allowed(a, e, time.UnixMilli(ms))
		}
		if len(went) == 0 && l.s.showed(object) {
			l.s.t.Errorf("P11: %s shows a plate, and nobody approved it", a.Ref)
		}
	}
}

// allowed tells whether one entry of the trail (action, actor, time, number) is a reason for an alert with a plate to go.
func (l leftover) allowed(a civic.Alert, entry []string, at time.Time) {
	action, actor := entry[0], entry[1]
	own, over := actor == strconv.FormatInt(a.Issuer, 10), a.Issued.Add(10*time.Minute)
	switch {
	case action == "alert.sent":
		l.s.t.Errorf("P11: %s shows a plate and was sent by %s alone", a.Ref, actor)
	case action == "alert.approved" && own:
		l.s.t.Errorf("P11: %s was approved by its own issuer", a.Ref)
	case action == "alert.approved" && !at.Before(over):
		l.s.t.Errorf("P11: %s was approved at %v, too late", a.Ref, at)
	case action == "alert.forced" && !own:
		l.s.t.Errorf("P11: %s was sent alone by person %s, who did not issue it", a.Ref, actor)
	case action == "alert.forced" && at.Before(over) && !l.lone(entry[3], at):
		l.s.t.Errorf("P11: %s was sent alone at %v, while others could be asked", a.Ref, at)
	}
}

// lone reports whether the other officer was one no more when an entry of the trail was written: somebody had ended the role by
// then, or it was past its last day.
func (l leftover) lone(seq string, at time.Time) bool {
	if !l.s.until.IsZero() {
		return l.s.retired && !at.Before(l.s.until)
	}
	return l.s.retired && len(l.rows("SELECT 1 FROM audit WHERE action = 'role.ended' AND seq < $1", seq)) > 0
}

// showed reports whether streets read anything of an alert.
func (s *simulation) showed(object string) bool {
	return slices.ContainsFunc(s.lasting(), func(d delivery) bool {
		return d.report == object && (d.room == "kastanje" || d.room == "meidoorn")
	})
}

// alerts are all that were ever made.
func (l leftover) alerts() []civic.Alert {
	var all []civic.Alert
	l.s.must(l.s.store.View(l.s.ctx, func(tx bot.Tx) error {
		for _, id := range l.strings("SELECT id FROM alerts") {
			number, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				return err
			}
			a, err := tx.Alert(l.s.ctx, number)
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	}))
	return all
}

// punctual is the rest of P9: no alert is first seen once its time is over.
func (l leftover) punctual() {
	until := map[string]civic.Alert{}
	for _, a := range l.alerts() {
		until["alert/"+strconv.FormatInt(a.ID, 10)] = a
	}
	alarms := l.strings("SELECT letter FROM deliveries WHERE notice = 'alarm'")
	for _, d := range l.s.lasting() {
		a, ok := until[d.report]
		if ok && d.op == bot.OpPost && d.at.After(a.Until.Add(time.Minute)) && slices.Contains(alarms, strconv.FormatInt(d.letter, 10)) {
			l.s.t.Errorf("P9: %s, which held until %v", d, a.Until)
		}
	}
}

// drilled is P14: everything that people read of a drill says first and last that it is one, it overtakes nothing, and
// nothing of what is real says so.
func (l leftover) drilled() {
	drills := map[string]bool{}
	for _, a := range l.alerts() {
		drills["alert/"+strconv.FormatInt(a.ID, 10)] = a.Drill
	}
	for _, d := range l.s.lasting() {
		drill, ok := drills[d.report]
		if !ok {
			continue
		}
		first, last := l.s.marked(d.text)
		switch {
		case drill && (!first || !last):
			l.s.t.Errorf("P14: of a drill, and does not say so: %s", d)
		case drill && d.rank <= 1+int(bot.LaneUrgent):
			l.s.t.Errorf("P14: a drill goes before everything: %s", d)
		case !drill && (first || last):
			l.s.t.Errorf("P14: real, and says it is a drill: %s", d)
		}
	}
}

// marked reports whether a text begins and ends as a drill does, in any language.
func (s *simulation) marked(text string) (first, last bool) {
	for _, lang := range s.texts.Languages() {
		first = first || strings.HasPrefix(text, plain(s.texts.Text(lang, "alert.drill.begin")))
		last = last || strings.HasSuffix(text, plain(s.texts.Text(lang, "alert.drill.end")))
	}
	return first, last
}
