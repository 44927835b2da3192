package civic

import (
	"slices"
	"strconv"
	"strings"
)

// Account is what one reporter told of a case, as those may read it who read the differences.
type Account struct {
	Text     string
	Vehicles []Vehicle
}

// Difference is something in which the accounts of one case contradict each other. Nobody weighs them: all are kept, and
// police judge (story S04, domain §2.2).
type Difference struct {
	About string   // a key of [VehicleKinds], whose colours differ; [DifferentPeople] or [DifferentWays]
	Said  []string // the words for it, or numbers, each once, in the order of the accounts
}

// What accounts differ in beside the colour of a vehicle.
const (
	DifferentPeople = "people" // how many there were
	DifferentWays   = "way"    // where they went
)

// Differences lists in what accounts of one case contradict each other: the colour of a vehicle of one kind, how many
// people there were and where they went, in this order. An account that is silent on a thing, or says two things of it
// itself, contradicts nobody. Of looks nothing is compared, which would make people of words.
func Differences(accounts []Account) []Difference {
	var all []Difference
	for _, kind := range VehicleKinds {
		all = differ(all, kind, accounts, func(a Account) string { return a.colourOf(kind) })
	}
	all = differ(all, DifferentPeople, accounts, Account.people)
	return differ(all, DifferentWays, accounts, Account.way)
}

// differ adds a difference if the accounts say several things.
func differ(all []Difference, about string, accounts []Account, of func(Account) string) []Difference {
	var said []string
	for _, a := range accounts {
		if words := of(a); words != "" && !slices.Contains(said, words) {
			said = append(said, words)
		}
	}
	if len(said) < 2 {
		return all
	}
	return append(all, Difference{About: about, Said: said})
}

// colourOf is the colour of the vehicle of a kind; empty when the account names none, or several.
func (a Account) colourOf(kind string) string {
	var colours []string
	words := describedWords(a.Text)
	for i, w := range words {
		if vehicleKind(w) == kind {
			colours = append(colours, colourOf(words, i))
		}
	}
	for _, v := range a.Vehicles {
		if v.Kind == kind {
			colours = append(colours, basicColour(v.Colour))
		}
	}
	return only(colours)
}

// people is how many people an account counts, in figures; empty when it counts none, or several.
func (a Account) people() string {
	var counts []string
	words := describedWords(a.Text)
	for i := 1; i < len(words); i++ {
		if n := small(words[i-1]); n > 0 && countable(words[i]) {
			counts = append(counts, strconv.Itoa(n))
		}
	}
	return only(counts)
}

// only is the one thing that is said, however often; empty for several.
func only(said []string) string {
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	if len(said) == 0 || slices.ContainsFunc(said, func(s string) bool { return s != said[0] }) {
		return ""
	}
	return said[0]
}

// countable reports whether a word is a noun for people that a number may stand before.
func countable(word string) bool {
	return described()["person.man"][word] || described()["person.woman"][word] || described()["persons"][word]
}

// way is where an account says that they went, without the word "towards" and an article.
func (a Account) way() string {
	words := strings.Fields(DirectionIn(a.Text))
	for len(words) > 0 && (described()["towards"][words[0]] || slices.Contains([]string{"de", "het", "the"}, words[0])) {
		words = words[1:]
	}
	return strings.Join(words, " ")
}
