package matrix

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sent is a part of a letter that is in the room.
type sent struct{ event, hash string }

// skew is how far the clocks of servers are trusted to agree with ours.
const skew = 10 * time.Minute

// find looks for the parts of a letter among the events of its room since it was written, back to the first of them, and
// what they show now. Each of ours carries its letter's number, so this works on another device and after any restart, of
// us or of the server.
func (d *delivery) find(ctx context.Context) (map[int]sent, error) {
	const pages, page = 50, 100
	found := map[int]sent{}
	from, since := "", d.letter.Written.Add(-skew).UnixMilli()
	for range pages {
		got, err := d.m.messages(ctx, d.link, d.letter.To.ID, span{from: from, limit: page})
		if err != nil {
			return nil, fmt.Errorf("look for a letter: %w", err)
		}
		oldest := since
		for _, raw := range got.Chunk {
			oldest = d.match(raw, found)
		}
		if found[0].event != "" || got.End == "" || len(got.Chunk) == 0 || oldest < since {
			break
		}
		from = got.End
	}
	maps.DeleteFunc(found, func(_ int, s sent) bool { return s.event == "" })
	return found, nil
}

// match notes the part of the letter that an event is, if it is one, and gives when the event was sent, in milliseconds. The
// newest comes first, so of the changes to a part the first that is seen is what it shows.
func (d *delivery) match(raw json.RawMessage, found map[int]sent) (at int64) {
	e, err := parse(raw)
	if err != nil {
		return math.MaxInt64 // it says nothing
	}
	if e.Sender != string(d.link.UserID) {
		return e.At
	}
	var c struct {
		Key     string   `json:"org.buurtbot.letter"`
		Relates relation `json:"m.relates_to"`
	}
	if json.Unmarshal(e.Content, &c) != nil {
		return e.At
	}
	letter, rest, _ := strings.Cut(c.Key, ".")
	number, hash, is := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if !is || err != nil || letter != strconv.FormatInt(d.letter.ID, 10) {
		return e.At
	}
	shown := sent{hash: cmp.Or(found[n].hash, hash)}
	if c.Relates.Type != "m.replace" {
		shown.event = e.ID
	}
	found[n] = shown
	return e.At
}

// How many half-delivered letters and own events are remembered; the oldest are forgotten first.
const (
	maxUnderway = 512
	maxOwn      = 4096
)

// ledger remembers how far the letters got that are on their way, and which events are ours.
type ledger struct {
	mu    sync.Mutex
	got   map[int64]map[int]sent
	order []int64
	mine  map[string]bool
	line  []string
}

func (g *ledger) of(letter int64) map[int]sent {
	g.mu.Lock()
	defer g.mu.Unlock()
	there := map[int]sent{}
	maps.Copy(there, g.got[letter])
	return there
}

func (g *ledger) note(letter int64, number int, s sent) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.got == nil {
		g.got = map[int64]map[int]sent{}
	}
	if g.got[letter] == nil {
		g.got[letter] = map[int]sent{}
		if g.order = append(g.order, letter); len(g.order) > maxUnderway {
			delete(g.got, g.order[0])
			g.order = g.order[1:]
		}
	}
	g.got[letter][number] = s
}

func (g *ledger) forget(letter int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.got, letter)
}

// own notes an event as ours; ours asks.
func (g *ledger) own(event string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mine == nil {
		g.mine = map[string]bool{}
	}
	if g.mine[event] {
		return
	}
	g.mine[event] = true
	if g.line = append(g.line, event); len(g.line) > maxOwn {
		delete(g.mine, g.line[0])
		g.line = g.line[1:]
	}
}

func (g *ledger) ours(event string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return event != "" && g.mine[event]
}
