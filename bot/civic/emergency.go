package civic

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// emergencyFiles are the rules of each language: Dutch and English in emergency.txt, any other in emergency_LANGUAGE.txt.
//
//go:embed emergency.txt emergency_*.txt
var emergencyFiles embed.FS

// emergencies are the rules of each language, Dutch and English first, read once; a faulty file is left out, which a
// test rules out. Each language has a book of its own, so that no word of one is taken for a mistyping in another.
var emergencies = sync.OnceValue(func() *shelf {
	var books []*ruleBook
	files, _ := emergencyFiles.ReadDir(".") // in the order of the alphabet
	for _, f := range files {
		text, err := emergencyFiles.ReadFile(f.Name())
		if err != nil {
			continue
		}
		if book, err := parseRules(string(text)); err == nil {
			book.language = strings.TrimSuffix(strings.TrimLeft(strings.TrimPrefix(f.Name(), "emergency"), "_"), ".txt")
			books = append(books, book)
		}
	}
	return shelfOf(books...)
})

// What signs count, and what makes a sentence an emergency.
const (
	enough     = 10 // an alarm alone, or a deed that is happening now
	pointsDeed = 6
	pointsDone = 5
	pointsHint = 4
	bonusJust  = 5
	bonusNow   = 4
	bonusLoud  = 4 // for an exclamation mark, and for a sign in capitals
	lessPast   = 4 // for a verb in the past tense in the same clause
)

// Danger reports whether a text, in a language of the bot, says that danger or a crime is happening now or happened a moment
// ago, so that the emergency number is to be named first (domain D4). It goes by words alone, here and without a
// service: lists of signs in emergency.txt, read with forgiveness for typing mistakes, and lowered by "no", by the past
// and by habit; and, in languages with Latin letters, resemblance to known emergencies. Missing an emergency is worse than
// a false alarm, so doubt counts as danger. It reads the first 4,096 characters.
func Danger(text string) bool { return ruledDanger(text) || likenedDanger.at(text) }

// likenedDanger reports whether a sentence of a text is like an emergency.
var likenedDanger = remembered(func(text string) bool { return len(likeDanger(text)) > 0 })

// ruledDanger reports whether the rules of a language find danger, and what is said is not plainly like everyday life.
func ruledDanger(text string) bool { return ruled.at(text).danger }

// verdictOfRules is what the rules of all languages find in a text.
type verdictOfRules struct {
	danger bool
	call   CallKind // see [callIn]
}

// ruled reads a text once for everything that the rules say of it.
var ruled = remembered(func(text string) verdictOfRules {
	var v verdictOfRules
	asked := map[ruleKind]bool{}
	for _, p := range passages.at(text) {
		for number, heard := range emergencies().listen(p.sentence) {
			book := emergencies().books[number]
			for _, s := range heard {
				found := s.meant(book)
				s.asks(found, asked)
				alarmed := s.weigh(found, book) >= enough
				v.danger = v.danger || alarmed && (book.language != "" || !p.plainlyEveryday())
			}
		}
	}
	v.call = firstCall(asked)
	return v
})

// meant lists every rule that holds in a sentence, and takes the words of those that only sound like danger.
func (s *sentence) meant(book *ruleBook) []finding {
	found := s.find(book)
	s.takeOut(found)
	return found
}

// points adds up the signs of a sentence.
func (s *sentence) points(book *ruleBook) int { return s.weigh(s.meant(book), book) }

// weigh adds up the signs among what a sentence means.
func (s *sentence) weigh(found []finding, book *ruleBook) int {
	var signs []finding
	for _, f := range found {
		if f.kind >= signAlarm && f.kind <= signHint && !s.taken(f) && !s.denied(f, book) {
			s.take(f)
			signs = append(signs, f)
		}
	}
	when := s.timing(found)
	sum, shout := 0, false
	for _, f := range signs {
		points := when.worth(f, s.words[f.at[0]].clause)
		sum += points
		shout = shout || points > 0 && s.shouts(f)
	}
	if sum == 0 {
		return 0
	}
	if s.loud {
		sum += bonusLoud
	}
	if shout {
		sum += bonusLoud
	}
	return sum + when.bonus()
}

// timing is what a sentence says about when.
type timing struct {
	now, just bool
	past      []int // clauses with a word for the past or for habit
	was       []int // clauses with a verb in the past tense
}

// timing reads when from the findings whose words mean nothing else.
func (s *sentence) timing(found []finding) timing {
	var when timing
	for _, f := range found {
		clause := s.words[f.at[0]].clause
		switch f.kind {
		case timeJust:
			when.just = true
		case timeNow:
			when.now = true
		case timePast:
			if !s.taken(f) {
				when.past = append(when.past, clause)
			}
		case timeWas:
			if !s.taken(f) {
				when.was = append(when.was, clause)
			}
		case noRule, calm, signAlarm, signActing, signDeed, signEvent, signDone, signHint, negation, plain, clauses, prefixes,
			callSuicide, callViolence, callFire, callAmbulance:
			// These say nothing of time.
		}
	}
	return when
}

// worth is how many points a sign of the clause brings. A word that is said of now undoes every word for the past. A
// sign in the present tense is lowered only by its own clause, one without a tense by the whole sentence.
func (w timing) worth(f finding, clause int) int {
	points := f.kind.points()
	if w.now || w.just {
		return points
	}
	present := f.kind == signActing || f.kind == signDeed || f.kind == signHint
	switch {
	case present && slices.Contains(w.past, clause):
		return 0
	case !present && len(w.past) > 0:
		return 0
	case !present && slices.Contains(w.was, clause):
		return points - lessPast
	}
	return points
}

// bonus is what words for now add.
func (w timing) bonus() int {
	switch {
	case w.just:
		return bonusJust
	case w.now:
		return bonusNow
	}
	return 0
}

// points is what a sign of this kind counts at most.
func (k ruleKind) points() int {
	switch k {
	case signAlarm, signActing:
		return enough
	case signDeed, signEvent:
		return pointsDeed
	case signDone:
		return pointsDone
	case signHint:
		return pointsHint
	case noRule, calm, timeJust, timeNow, timePast, timeWas, negation, plain, clauses, prefixes, callSuicide, callViolence,
		callFire, callAmbulance:
		// These are no signs.
	}
	return 0
}

// takeOut takes words that only sound like danger, or only tell the time, before signs are looked for.
func (s *sentence) takeOut(found []finding) {
	for _, f := range found {
		if f.kind == calm || f.kind == timeJust && !s.taken(f) {
			s.take(f)
		}
	}
}

// take marks the words of a finding as meant.
func (s *sentence) take(f finding) {
	for _, i := range f.at {
		s.words[i].taken = true
	}
}

// taken reports whether a word of the finding is meant otherwise.
func (s *sentence) taken(f finding) bool {
	return slices.ContainsFunc(f.at, func(i int) bool { return s.words[i].taken })
}

// denied reports whether "no" or "not" stands at most one word before the finding, in its clause.
func (s *sentence) denied(f finding, book *ruleBook) bool {
	first := f.at[0]
	for i := max(first-2, 0); i < first; i++ {
		w := s.words[i]
		if !w.taken && w.clause == s.words[first].clause && w.is(book.not) {
			return true
		}
	}
	return false
}

// shouts reports whether a word of the finding is in capitals.
func (s *sentence) shouts(f finding) bool {
	return slices.ContainsFunc(f.at, func(i int) bool { return s.words[i].capitals })
}
