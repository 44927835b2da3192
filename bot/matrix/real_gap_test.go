//go:build goolm

package matrix

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// missed lets somebody say so much while the bot is away, and looks what it hears afterwards, up to a last word. By the bot's
// clock it was away for three days, after which no inbox knows what was heard before.
func (r *actual) missed(p *person, room string, many, pages int) {
	r.t.Helper()
	r.stop()
	var want []string
	for i := range many {
		want = append(want, fmt.Sprint("bericht ", i))
		p.says(room, want[i])
	}
	r.pages = pages
	r.in.forget()
	r.conf.Now = func() time.Time { return time.Now().Add(72 * time.Hour) }
	r.start()
	want = append(want, "laatste")
	p.says(room, "laatste")
	var got []string
	for len(got) == 0 || got[len(got)-1] != "laatste" {
		u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Text); return is && u.Chat.ID == room })
		got = append(got, u.Event.(bot.Text).Body)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("heard (-want +got)\n%s", diff)
	}
}

// A gap begins behind what was heard last, wherever that was said, and nothing from before it is heard again.
func TestRealGapBeginsBehindWhatWasHeardLast(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room, other := p.meets(false), p.meets(true)
	for _, each := range []string{room, other} {
		p.seesJoin(each)
		p.says(each, "hallo")
		r.hears("hallo")
	}
	r.missed(p, room, 130, pagesPerPoll)
}

// A gap that is too large for a poll is read on at the next ones, in encrypted rooms as well.
func TestRealLargeGapIsReadOnInItsOrder(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room, other := p.meets(true), p.meets(false)
	for _, each := range []string{room, other} {
		p.seesJoin(each)
		p.says(each, "hallo")
		r.hears("hallo")
	}
	r.missed(p, room, 330, 1)
}
