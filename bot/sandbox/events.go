package sandbox

import (
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

// happening is the sort of an event, as the page knows it.
type happening string

const (
	happeningMessage happening = "message" // one is new or changed
	happeningToast   happening = "toast"
	happeningClock   happening = "clock"
	happeningReset   happening = "reset" // too much was missed: look at everything anew
)

// event is something that open pages hear of.
type event struct {
	number  int64
	kind    happening
	message bot.MessageRef
	answer  Answer
}

// remembered is how many events a page may have missed while it was away.
const remembered = 500

// events is what happened lately, numbered from 1 in each run of the program.
type events struct {
	run     string // tells the numbers of one run from those of another
	last    int64
	recent  []event
	changed chan struct{} // closed at the next event
	closed  bool
}

func newEvents(run string) events { return events{run: run, changed: make(chan struct{})} }

// note makes an event of a record.
func (e *events) note(r record) {
	switch r.Entry {
	case entrySaid, entryShown:
		if r.Message != nil {
			e.add(event{kind: happeningMessage, message: r.Message.Ref})
		}
	case entryPassed:
		e.add(event{kind: happeningClock})
	case entryBegin, entryFile, entryTaken:
	}
}

func (e *events) toast(a Answer) { e.add(event{kind: happeningToast, answer: a}) }

func (e *events) add(ev event) {
	if e.closed {
		return
	}
	e.last++
	ev.number = e.last
	e.recent = append(e.recent, ev)
	if len(e.recent) > remembered {
		e.recent = append([]event(nil), e.recent[len(e.recent)-remembered:]...)
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

func (e *events) close() {
	if !e.closed {
		e.closed = true
		close(e.changed)
	}
}

// id names a place in the row of events.
func (e *events) id(number int64) string { return e.run + "-" + strconv.FormatInt(number, 10) }

// since gives what happened after the event with this id; all that can be said to an id of another run, or too old a
// one, is a reset.
func (e *events) since(id string) []event {
	run, digits, _ := strings.Cut(id, "-")
	number, err := strconv.ParseInt(digits, 10, 64)
	missed := e.last - number
	if run != e.run || err != nil || missed < 0 || missed > int64(len(e.recent)) {
		return []event{{number: e.last, kind: happeningReset}}
	}
	return append([]event(nil), e.recent[int64(len(e.recent))-missed:]...)
}
