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
		return limited(l, again, fail)
	case Down:
		again.Before = now.Add(max(fail.After, downPause))
		return limited(l, again, fail)
	case Uncertain:
		again.Uncertain = true
		if l.Op == OpEdit || l.Lane.Again() || c.caps.Once { // an edit twice is the same as once
			return limited(l, again, fail)
		}
		return Fate{State: LetterUnknown, At: now, Uncertain: true, Why: again.Why}
	case Unchanged:
		return Fate{State: LetterSent, Message: l.Edits, At: now}
	case Lost:
		if l.Card == "" { // it is of a card that is forgotten: what it was to change is gone
			return Fate{State: LetterSuperseded, At: now, Why: again.Why}
		}
		again.Op, again.Before = OpPost, now
		return limited(l, again, fail)
	case Markup:
		if l.Plain {
			break
		}
		again.Plain, again.Before = true, now
		return limited(l, again, fail)
	case Over:
		return Fate{State: LetterSuperseded, At: now, Why: again.Why}
	case Never, Gone:
	}
	return Fate{State: LetterDead, At: now, Why: again.Why}
}

// platformwide reports whether a failure says nothing about the letter: the platform as a whole was out of reach or
// asked for a pause. A homeserver that is down for an hour must not use up an alert's tries.
func platformwide(fail *SendError) bool { return fail.Global && fail.Remedy != Never }

// limited ends a letter that has been tried often enough; its life ends it, too, when it is next looked at. A server that fails
// for over an hour uses up the tries of a letter that waits longer and longer; what stands behind it goes then, and operators
// see it. An alert is worth every try until its own end.
func limited(l Letter, f Fate, fail *SendError) Fate {
	const (
		triesFirst = 25 // lanes 0 and 1, reliability §3.2
		triesRest  = 5
	)
	limit := triesRest
	if l.Lane.Again() {
		limit = triesFirst
	}
	if l.Tries >= limit && !platformwide(fail) && !patient(l) {
		return Fate{State: LetterDead, At: f.At, Why: f.Why, Uncertain: f.Uncertain}
	}
	return f
}

// patient reports whether only its end ends a letter: one that must arrive, and whose fate somebody waits for.
func patient(l Letter) bool { return l.Lane.Again() && l.Report != "" && !l.Expires.IsZero() }

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
