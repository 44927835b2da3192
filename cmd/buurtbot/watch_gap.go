package main

import (
	"context"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
)

// gapsEvery is how often it is told that something could not be read: a server that refuses may do so for many rooms.
const gapsEvery = time.Hour

// patchy is a platform that may refuse to tell what was said there, and knows from when until when it did; zero times: it
// told everything.
type patchy interface {
	Unread() (from, until time.Time)
}

// gap is the last one that was told of.
type gap struct{ until, told time.Time }

// gapIn tells that something that was said on a platform could not be read.
func (l *lookout) gapIn(ctx context.Context, p bot.Platform) error {
	reads, is := p.(patchy)
	if !is {
		return nil
	}
	from, until := reads.Unread()
	now, last := l.town.now(), l.gaps[p.Name()]
	if !until.After(last.until) || now.Sub(last.told) < gapsEvery {
		return nil
	}
	err := l.town.store.Do(ctx, func(tx bot.Tx) error {
		ref := gapRef(later(from, last.until), until, p.Name())
		return tx.Wake(ctx, bot.Timer{Kind: flows.OpsGap, Ref: ref, At: now})
	})
	if err == nil {
		l.gaps[p.Name()] = gap{until: until, told: now}
	}
	return about(err, "lookout")
}

// gapRef names a time of which something may be lost, for the timer that tells of it: a zero from is not known, and with a
// platform it is a part of what was said there.
func gapRef(from, until time.Time, platform string) string {
	first := int64(0)
	if !from.IsZero() {
		first = from.Unix()
	}
	ref := fmt.Sprintf("%d/%d", first, until.Unix())
	if platform != "" {
		ref += "/" + platform
	}
	return ref
}
