package bot

import "time"

// fate decides what becomes of a letter after one attempt. The table of remedies is the only place that knows.
func (c *Courier) fate(l Letter, on MessageRef, fail *SendError, now time.Time) Fate {
	if fail == nil {
		return Fate{State: LetterSent, Message: on, At: now}
	}
	again := Fate{State: LetterPending, At: now, Before: now.Add(c.wait(l, fail)), Why: fail.Error()}
	switch fail.Remedy {
	case Later, MovedTo:
		return c.within(l, again)
	case Down:
		again.Before = now.Add(max(fail.After, downPause))
		return c.within(l, again)
	case Uncertain:
		again.Uncertain = true
		if l.Op == OpEdit || l.Lane.Again() { // an edit twice is the same as once
			return c.within(l, again)
		}
		return Fate{State: LetterUnknown, At: now, Uncertain: true, Why: again.Why}
	case Unchanged:
		return Fate{State: LetterSent, Message: l.Edits, At: now}
	case Lost:
		again.Op, again.Before = OpPost, now
		return c.within(l, again)
	case Markup:
		if l.Plain {
			break
		}
		again.Plain, again.Before = true, now
		return c.within(l, again)
	case Never, Gone:
	}
	return Fate{State: LetterDead, At: now, Why: again.Why}
}

// within ends a letter that has been tried often enough; its life ends it, too, when it is next looked at.
func (c *Courier) within(l Letter, f Fate) Fate {
	const (
		triesFirst = 25 // lanes 0 and 1, reliability §3.2
		triesRest  = 5
	)
	limit := triesRest
	if l.Lane.Again() {
		limit = triesFirst
	}
	if l.Tries >= limit {
		return Fate{State: LetterDead, At: f.At, Why: f.Why, Uncertain: f.Uncertain}
	}
	return f
}

// wait is how long to wait before the next attempt: the server's word, or twice as long each time.
func (c *Courier) wait(l Letter, fail *SendError) time.Duration {
	if fail.After > 0 {
		return fail.After
	}
	d := time.Second << min(max(l.Tries-1, 0), 9)
	d = min(d, longestWait)
	if c.Jitter != nil {
		d += c.Jitter(d / 4)
	}
	return d
}
