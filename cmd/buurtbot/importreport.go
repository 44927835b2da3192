package main

import (
	"fmt"
	"html"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
	"github.com/buurtbot/buurtbot/locales"
)

// report tells what an import did; text gives the words of remarks.
func (s shell) report(file string, read survey.Survey, plan survey.Plan, c Config, text saying) {
	s.say("%s: %s", filepath.Base(file), contents(read))
	for _, note := range read.Notes {
		s.say("  %s", note.In(text))
	}
	for _, line := range added(plan.Changes) {
		s.say("new: %s", line)
	}
	for _, change := range plan.Changes {
		if !change.New {
			s.say("changed: %s %s: %s", kindNames[change.Area.Kind], change.Area.Name, survey.Together(change.News, text))
		}
	}
	s.brought(plan.Brought)
	s.landmarks(plan.Landmarks, text)
	s.say("as it was: %d", plan.Same)
	if len(plan.Missing) > 0 {
		slices.Sort(plan.Missing)
		s.say("not in the file, and kept: %s", survey.Names(plan.Missing))
	}
	for _, finding := range plan.Findings {
		s.say("look at: %s", finding.In(text))
	}
	if twice := alsoConfigured(plan.Changes, c); len(twice) > 0 {
		s.say("look at: the configuration names these places, too, and has the last word at every start: %s", survey.Names(twice))
	}
}

// saying gives a text by its key, as a line of the command line has it.
type saying func(key string, args ...any) string

// inEnglish gives texts in English, without markup.
func inEnglish() (saying, error) {
	texts, err := locales.Load()
	return func(key string, args ...any) string { return html.UnescapeString(texts.Text("en", key, args...)) }, err
}

// brought tells how many members are in another street group now, which the bot tells each of them; a few are not counted.
func (s shell) brought(members int) {
	switch {
	case members == 0:
	case civic.TooFew(members):
		s.say("members in another street group now: fewer than %d; the bot tells them", civic.FewestTold)
	default:
		s.say("members in another street group now: %d; the bot tells them", members)
	}
}

// landmarks tells which are new and which are not as they were.
func (s shell) landmarks(changes []survey.LandmarkChange, text saying) {
	var names []string
	for _, change := range changes {
		if change.New {
			names = append(names, fmt.Sprintf("%s (%s)", change.Landmark.Name, change.Street))
		}
	}
	switch len(names) {
	case 0:
	case 1:
		s.say("new: 1 landmark: %s", names[0])
	default:
		s.say("new: %d landmarks: %s", len(names), survey.Names(names))
	}
	for _, change := range changes {
		if !change.New {
			s.say("changed: landmark %s: %s", change.Landmark.Name, survey.Together(change.News, text))
		}
	}
}

// kindNames are what the kinds of places are called.
var kindNames = map[civic.AreaKind]string{
	civic.KindNetwork: "network", civic.KindGroup: "street group", civic.KindStreet: "street",
}

func contents(read survey.Survey) string {
	kind := "a list"
	if read.Map {
		kind = "a map"
	}
	words := fmt.Sprintf("%s with %d borders or names of street groups and %d lines or names of streets", kind,
		len(read.Groups), len(read.Streets))
	if n := len(read.Landmarks); n > 0 {
		words += fmt.Sprintf(", and landmarks: %d", n)
	}
	return words
}

// added tells the new places, the streets by street group.
func added(changes []survey.Change) []string {
	var lines []string
	streets := map[string][]string{}
	var order []string
	for _, change := range changes {
		switch {
		case !change.New:
		case change.Area.Kind == civic.KindStreet:
			if streets[change.Group] == nil {
				order = append(order, change.Group)
			}
			streets[change.Group] = append(streets[change.Group], change.Area.Name)
		default:
			lines = append(lines, fmt.Sprintf("street group %s (prefix %s, code %s)", change.Area.Name, change.Area.Prefix,
				change.Area.Code))
		}
	}
	for _, group := range order {
		plural := "s"
		if len(streets[group]) == 1 {
			plural = ""
		}
		lines = append(lines, fmt.Sprintf("%d street%s in %s: %s", len(streets[group]), plural, group,
			survey.Names(streets[group])))
	}
	return lines
}

// alsoConfigured lists the changed places that the configuration names, too.
func alsoConfigured(changes []survey.Change, c Config) []string {
	configured := map[string]bool{}
	for _, g := range c.Areas {
		configured[strings.ToLower(g.Name)] = true
		for _, s := range g.Streets {
			configured[strings.ToLower(s.Name)] = true
		}
	}
	var names []string
	for _, change := range changes {
		if configured[strings.ToLower(change.Area.Name)] {
			names = append(names, change.Area.Name)
		}
	}
	return names
}
