package civic

import (
	"slices"
	"strings"
)

// OffTopic is what the bot takes a text for that is no matter of the network: there is another door for it. It is no
// category that a case can have.
const OffTopic Category = "off_topic"

// Source says where a reporter has it from (domain §5.6).
type Source string

// The sources.
const (
	SourceSeen      Source = "seen_self"
	SourceHeard     Source = "heard"
	SourceTold      Source = "told_by_other"
	SourceForwarded Source = "forwarded"
	SourceCamera    Source = "camera"
)

// Sources lists the sources in the order in which they are offered.
var Sources = []Source{SourceSeen, SourceHeard, SourceTold, SourceForwarded, SourceCamera}

// Understanding is what a text tells by its words; what it does not tell is empty.
type Understanding struct {
	Emergency bool     // see [Danger]
	Call      CallKind // whom to call, if anybody
	Category  Category // a category, or [OffTopic]
	Door      string   // one of [Doors], of what is off topic
	Streets   []Area   // that may be meant, but for one that somebody went towards; several when the name is not clear
	When      When
	Source    Source
	Lint      []LintRule // the rules that the text goes against, each once, in the order of [LintRules]
	Behave    bool       // tells of a person and not of what they do, which must be asked first (domain D5)
}

// Doors lists the doors of what is off topic: whom else to turn to (domain §5.3).
var Doors = []string{"pet", "lost", "sale", "sitter", "politics", "quarrel", "complaint_authority", "complaint_network"}

// Topics lists what the built-in cues are about, such as "category burglary"; the error names a fault in them.
func Topics() ([]string, error) {
	book, err := parseCues(cueText)
	if err != nil {
		return nil, err
	}
	return book.topics, nil
}

// enoughSaid is the weight from which a topic counts as told.
const enoughSaid = 3

// Understand takes from a text, in Dutch or English and as far as usual words go in the other languages of the bot, what can
// be taken by words alone, here and without a service (feature C20). It is a proposal that the reporter sees and can change. It
// reads the first 200 words.
func Understand(text string, streets []Area) Understanding {
	u := understood.at(text)
	u.Streets = notTowards(StreetsIn(streets, text), text)
	u.Lint = slices.Clone(u.Lint)
	return u
}

// understood is what texts tell but for the streets.
var understood = remembered(func(text string) Understanding {
	book := cues()
	heard := book.hear(text)
	said := book.best(book.weigh(heard))
	looked := lookAt(text, false)
	u := Understanding{
		Emergency: Danger(text), Category: said.category, Door: said.door, When: said.when, Source: said.source,
		Lint: rulesOf(looked.lint()),
	}
	if minutes, ok := heard.minutesAgo(); ok {
		u.When = minutes
	}
	u.Behave = !u.Emergency && looked.lacksBehaviour(u.Category)
	if u.Behave && u.Category == "" {
		u.Category = SuspiciousBehaviour
	}
	if said.call == "" {
		said.call = callIn(text)
	}
	u.Call = callFor(u, said)
	return u
})

// notTowards leaves out a street to which somebody went: that is not where it was.
func notTowards(streets []Area, text string) []Area {
	if len(streets) == 0 {
		return nil
	}
	direction := strings.ToLower(DirectionIn(text))
	return slices.DeleteFunc(slices.Clone(streets), func(s Area) bool {
		return direction != "" && strings.Contains(direction, strings.ToLower(s.Name))
	})
}

// message is the heaviest topic of each kind.
type message struct {
	category Category
	door     string
	when     When
	source   Source
	call     CallKind
}

// best takes the heaviest topic of each kind; of equals the first.
func (b *cueBook) best(sums []int) message {
	var t message
	most := map[string]int{}
	for i, topic := range b.topics {
		kind, key, _ := strings.Cut(topic, " ")
		group := kind
		if kind == "off_topic" {
			group = "category"
		}
		if sums[i] < enoughSaid || sums[i] <= most[group] {
			continue
		}
		most[group] = sums[i]
		switch kind {
		case "category":
			t.category, t.door = Category(key), ""
		case "off_topic":
			t.category, t.door = OffTopic, key
		case "when":
			t.when = When(strings.TrimSuffix(key, "_soft"))
		case "source":
			t.source = Source(key)
		case "call":
			t.call = CallKind(key)
		}
	}
	return t
}

// minutesAgo reads "5 minuten geleden" and "ten minutes ago": up to a quarter of an hour is a moment ago.
func (h heardText) minutesAgo() (When, bool) {
	for i := 0; i+2 < len(h.words); i++ {
		n := small(h.words[i])
		if n == 0 || !strings.HasPrefix(h.words[i+1], "min") {
			continue
		}
		switch h.words[i+2] {
		case "geleden", "terug", "ago":
			if n <= 15 {
				return MinutesAgo, true
			}
			return EarlierDay, true
		}
	}
	return "", false
}

// small is the number that a word says; 0 when it is none, or has more than three digits.
func small(word string) int {
	if n := smallWords[word]; n > 0 {
		return n
	}
	n := 0
	for _, r := range word {
		if r < '0' || r > '9' || len(word) > 3 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

var smallWords = map[string]int{
	"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10, "elf": 11,
	"twaalf": 12, "vijftien": 15, "twintig": 20, "dertig": 30, "veertig": 40,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
}

// rulesOf is each rule that was hit, once.
func rulesOf(hits []Hit) []LintRule {
	var rules []LintRule
	for _, h := range hits {
		if len(rules) == 0 || rules[len(rules)-1] != h.Rule {
			rules = append(rules, h.Rule)
		}
	}
	return rules
}
