package flows

import (
	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// members says how many members there are, and of a few only that there are few. No other text counts members.
func members(t *bot.Turn, lang string, n int) string {
	if civic.TooFew(n) {
		return t.In(lang, "members.few", "fewest", civic.FewestTold)
	}
	return t.In(lang, "members.count", "count", n)
}

// skips sums up why members are not told, reason by reason. Reasons that hold for a few only are told together, and not
// which they are.
type skips struct{ few int }

// line is what is said of a reason; empty when it is left for the end.
func (s *skips) line(t *bot.Turn, lang string, n int, why string) string {
	if civic.TooFew(n) {
		s.few += n
		return ""
	}
	return t.In(lang, "members.skipped", "who", members(t, lang, n), "why", why)
}

// rest is what is said of the reasons that were left; empty when none was.
func (s *skips) rest(t *bot.Turn, lang string) string {
	if s.few == 0 {
		return ""
	}
	return t.In(lang, "members.skipped.rest", "who", members(t, lang, s.few))
}

// delivered says how many of the members who were written to got it. Where few did or few did not, the difference would tell
// how few, so it is told that all or not all did.
func delivered(t *bot.Turn, lang string, all, sent int) string {
	return ofMembers(t, lang, "members.arrived", [2]int{sent, all})
}

// taken says so of what was taken away again.
func taken(t *bot.Turn, lang string, all, done int) string {
	return ofMembers(t, lang, "members.taken", [2]int{done, all})
}

// ofMembers says that so many of so many, in the words of what.
func ofMembers(t *bot.Turn, lang, what string, of [2]int) string {
	sent, all := of[0], of[1]
	key := what + ".some"
	switch {
	case sent == all:
		key = what + ".all"
	case civic.TooFew(all), civic.TooFew(all - sent), civic.TooFew(sent):
	default:
		return t.In(lang, what, "sent", sent, "who", members(t, lang, all))
	}
	return t.In(lang, key, "who", members(t, lang, all))
}

// countKeys are the texts whose keys are made while talking.
func countKeys() []string {
	var keys []string
	for _, what := range []string{"members.arrived", "members.taken"} {
		keys = append(keys, what, what+".all", what+".some")
	}
	return keys
}
