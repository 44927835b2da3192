package civic

import (
	"slices"
	"strings"
	"time"
)

// Bearing is how words that come soon after a report bear on it.
type Bearing string

// The bearings.
const (
	BearsOn  Bearing = "on"      // nothing in them is about something else
	MayBear  Bearing = "unclear" // they may be about it: it has to be asked
	BearsNot Bearing = "apart"   // they tell of something else
)

// StillFresh reports whether what somebody says now may belong to what they told at a time: for as long as a crime counts as
// happening now. Nobody who saw one has thought of everything when they sent their report, and within that quarter of an hour
// of being caught in the act (domain D4) what they think of next is worth most.
func (p Profile) StillFresh(told, now time.Time) bool {
	return !told.After(now) && now.Sub(told) <= p.Heterdaad()
}

// Bearing is how words bear on a case that their author told of a moment ago. Another street, or another kind of matter, makes
// them a report of their own, unless they speak of somebody who was named before: "hij loopt nu op het Molenpad". Streets are
// those of the network.
func (c Case) Bearing(text string, streets []Area) Bearing {
	back := speaksBack(text)
	u := Understand(text, streets)
	elsewhere := c.Street != 0 && len(u.Streets) > 0 &&
		!slices.ContainsFunc(u.Streets, func(s Area) bool { return s.ID == c.Street })
	switch {
	case elsewhere && back:
		return MayBear
	case elsewhere:
		return BearsNot
	case back || u.Behave || u.Category == "" || u.Category == c.Category:
		return BearsOn
	}
	return c.kin(u.Category)
}

// StandsAlone reports whether words tell a story with its own place, or say what it is about and when, so that they need no
// other: nobody who adds something says that again. Streets are those of the network.
func StandsAlone(text string, streets []Area) bool {
	u := Understand(text, streets)
	return (len(u.Streets) > 0 || u.Category != "" && !u.Behave && u.When != "") && !speaksBack(text)
}

// kin is how a matter of another category bears on the case: of a crime one rarely sees all at once, and somebody who looks or
// drives around is most likely one of those who did it. An emergency that nobody sorted may be anything.
func (c Case) kin(other Category) Bearing {
	crime := func(f Family) bool { return f == FamilyDanger || f == FamilySafety }
	here, _ := c.Category.Info()
	there, known := other.Info()
	switch {
	case crime(here.Family) && (other == SuspiciousVehicle || other == SuspiciousBehaviour):
		return BearsOn
	case known && c.Urgency == Emergency && (c.Category == Other || crime(here.Family) && crime(there.Family)):
		return MayBear
	}
	return BearsNot
}

// backwards are the words that speak of somebody who was named before, by language.
var backwards = map[string][]string{
	"nl": {"hij", "zij", "ze", "hem", "hen", "diezelfde", "dezelfde", "dader", "daders", "inbreker", "inbrekers"},
	"en": {"he", "she", "they", "him", "them", "burglar", "burglars"},
	"fr": {"il", "ils", "elle", "elles"},
	"de": {"er", "sie", "ihn", "ihm", "ihnen", "derselbe", "dieselben"},
	"pl": {"on", "ona", "oni", "jego", "ich"},
	"tr": {"o", "onlar", "onu"},
	"ar": {"هو", "هي", "هم"},
	"uk": {"він", "вона", "вони", "його", "їх"},
}

// speaksBack reports whether words begin by speaking of somebody who was named before. Where the language is not sure, the
// words of Dutch and English count.
func speaksBack(text string) bool {
	const first = 4 // "o ja, en hij"
	lang := WrittenIn(text)
	words := strings.Fields(strings.Join(describedWords(text), " "))
	for i, n := 0, 0; i < len(words) && n < first; i++ {
		if words[i] == "," {
			continue
		}
		n++
		told := slices.Contains(backwards[lang], words[i])
		if backwards[lang] == nil {
			told = slices.Contains(backwards["nl"], words[i]) || slices.Contains(backwards["en"], words[i])
		}
		if told && (i == 0 || words[i-1] != "een" && words[i-1] != "a") {
			return true
		}
	}
	return false
}

// Whole is the text of a report with what only the police read put back where it stood, for whoever wrote it.
func (r Report) Whole() string {
	if r.Police == "" {
		return r.Text
	}
	parts := strings.Split(r.Police, ", ")
	if strings.Count(r.Text, "…") != len(parts) {
		return strings.TrimSpace(r.Text + "\n" + r.Police)
	}
	text := r.Text
	for _, part := range parts {
		text = strings.Replace(text, "…", part, 1)
	}
	return text
}
