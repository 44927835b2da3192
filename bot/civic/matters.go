package civic

import (
	"regexp"
	"strings"
)

// besides finds where somebody goes over to something else: "en gisteren", "Daarnaast", "by the way".
var besides = regexp.MustCompile(`(?i)(?:[.!?;,\n]\s*|\s)((?:(?:en|and|et|und|maar|o ja|oh ja)\s*,?\s+)?` +
	`(?:gisteren|eergisteren|vorige week|vannacht|vanmorgen|vanochtend|vandaag|daarnaast|verder|bovendien|trouwens|ook|` +
	`nog iets|nog wat|ten tweede|yesterday|last week|last night|this morning|besides|also|by the way|another thing|hier soir|` +
	`la semaine dernière|en plus|gestern|letzte woche|außerdem|übrigens)(?:[,:\s]))`)

// goingOver is the word by which the second matter is joined to the first.
var goingOver = regexp.MustCompile(`(?i)^(?:en|and|et|und|maar|o ja|oh ja)\s*,?\s+`)

// TwoMatters parts a text that tells of two things which have nothing to do with each other: "er ligt grofvuil, en gisteren is
// mijn fiets gestolen". False when it tells of one, or when one explains the other: what happens at a burglary, or the litter
// that comes with noise. A text that tells of danger, or asks for help, is never parted.
func TwoMatters(text string) (first, second string, two bool) {
	if Danger(text) || Hinted(text) != "" {
		return "", "", false
	}
	for _, at := range besides.FindAllStringSubmatchIndex(text, -1) {
		first = strings.TrimSpace(strings.TrimRight(text[:at[2]], ",; \n"))
		second = goingOver.ReplaceAllString(strings.TrimSpace(text[at[2]:]), "")
		if apart(first, second) {
			return first, second, true
		}
	}
	return "", "", false
}

// apart reports whether each of two texts tells of something by itself, and they are of kinds that do not go together.
func apart(first, second string) bool {
	const fewest = 3 // words of a story
	if len(strings.Fields(first)) < fewest || len(strings.Fields(second)) < fewest || speaksBack(second) {
		return false
	}
	a, b := Understand(first, nil), Understand(second, nil)
	one, known := a.Category.Info()
	other, knownToo := b.Category.Info()
	if !known || !knownToo || a.Behave || b.Behave {
		return false
	}
	return !together(one.kin(), other.kin())
}

// kin is the family of what a kind is seen with: what is broken by somebody is often broken to steal.
func (c CategoryInfo) kin() Family {
	if c.Key == Vandalism {
		return FamilySafety
	}
	return c.Family
}

// together reports whether things of two families are seen together so often that they are one matter.
func together(a, b Family) bool {
	groups := [][]Family{
		{FamilyDanger, FamilySafety},
		{FamilySocialNuisance, FamilyDecay, FamilyHousing},
	}
	for _, group := range groups {
		has := map[Family]bool{}
		for _, f := range group {
			has[f] = true
		}
		if has[a] && has[b] {
			return true
		}
	}
	return a == b || a == FamilyWelfare || b == FamilyWelfare || a == FamilyOther || b == FamilyOther
}
