package flows

import (
	"encoding/json"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// draft is a report that is being told.
type draft struct {
	Danger    bool           `json:"danger,omitempty"` // said by button or by words
	Alert     int64          `json:"alert,omitempty"`  // which it answers
	AlertRef  string         `json:"alert_ref,omitempty"`
	Called    calledAnswer   `json:"called,omitempty"`
	Family    civic.Family   `json:"family,omitempty"`
	Category  civic.Category `json:"category,omitempty"`
	Unsure    bool           `json:"unsure,omitempty"` // knows the family, and not which of it
	Looks     bool           `json:"looks,omitempty"`  // told how somebody looks, and nothing that they do
	Behaviour string         `json:"behaviour,omitempty"`
	Walking   string         `json:"walking,omitempty"`
	Pressed   bool           `json:"pressed,omitempty"` // was asked once more what somebody does
	What      string         `json:"what,omitempty"`
	Other     string         `json:"other,omitempty"` // what was told of something else, for a report of its own
	More      string         `json:"more,omitempty"`
	Place     civic.Place    `json:"place"`
	Sights    []string       `json:"sights,omitempty"`  // the landmarks that the story names
	Streets   []civic.AreaID `json:"streets,omitempty"` // the streets that the story may mean, when they are several
	Here      bool           `json:"here,omitempty"`    // said that it is in this network, whatever street they named
	When      civic.When     `json:"when,omitempty"`
	Source    civic.Source   `json:"source,omitempty"`
	Privacy   privacyAnswer  `json:"privacy,omitempty"`
	Subject   subjectAnswer  `json:"subject,omitempty"`
	pictures
	Pieces []civic.Piece `json:"pieces,omitempty"`
	Many   bool          `json:"many,omitempty"` // was told that there are too many pictures

	recordings

	Passed bool `json:"passed,omitempty"` // a picture in it was passed on

	Deed     bool                   `json:"deed,omitempty"` // the story says what somebody does
	Rumour   bool                   `json:"rumour,omitempty"`
	Extra    map[string]extraAnswer `json:"extra,omitempty"` // by question; what was passed over is there, and empty
	Enough   bool                   `json:"enough,omitempty"`
	Subjects [mostSubjects]subject  `json:"subjects,omitzero"`
	Twin     int64                  `json:"twin,omitempty"` // a case that may be about the same
	Sought   string                 `json:"sought,omitempty"`
	Same     sameAnswer             `json:"same,omitempty"`
	Old      int64                  `json:"old,omitempty"` // a case of the reporter's own that ended, and may be this again
	OldSaid  oldAnswer              `json:"old_said,omitempty"`
	Hint     civic.CallKind         `json:"hint,omitempty"`   // the help line that something in it asks for
	Helped   bool                   `json:"helped,omitempty"` // a help line was named
	Also     string                 `json:"also,omitempty"`
	Behalf   bool                   `json:"behalf,omitempty"`

	Shot     civic.AreaID `json:"shot,omitempty"` // the street where a picture says that it was made, until it is asked
	ShotSaid shotAnswer   `json:"shot_said,omitempty"`

	Spelt    string `json:"spelt,omitempty"`     // what comes letter by letter, so far
	SpeltFor string `json:"spelt_for,omitempty"` // the question that it answers; empty = it is the story
	Tail     string `json:"tail,omitempty"`      // what came so after the emergency number was named

	added     bool  // words of this turn answered no question, and stand in the story
	captioned bool  // the picture of this turn brought words
	fresh     int64 // the picture or recording that this turn brought
	pinned    bool  // this turn brought a place that is still unclear

	told  []string // questions that this turn answered besides the one that was put
	heard *heard   // while a stored draft is gone on with; nil = nothing is remembered
}

// heard remembers what was found in a story: every question of the form asks for it before it is put.
type heard struct{ danger, personal finding }

// finding is whether something is in a story.
type finding struct {
	story string
	found bool
}

// in tells what look finds in a story, looking once; nothing is in an empty one.
func (f *finding) in(story string, look func(string) bool) bool {
	if f.story != story {
		*f = finding{story, look(story)}
	}
	return f.found
}

// UnmarshalJSON reads a stored draft.
func (d *draft) UnmarshalJSON(raw []byte) error {
	type stored draft
	d.heard = nil
	if err := json.Unmarshal(raw, (*stored)(d)); err != nil {
		return err
	}
	d.heard = &heard{}
	return nil
}

// dangerous reports whether the story names danger.
func (d *draft) dangerous() bool {
	if d.Rumour && !d.witnessed() {
		return false
	}
	if d.heard == nil {
		return civic.Danger(d.What)
	}
	return d.heard.danger.in(d.What, civic.Danger)
}

// revealing reports whether the story, or what stands beside it, holds what the reporter is told of.
func (d *draft) revealing() bool {
	reveals := func(string) bool { return len(d.revealed()) > 0 }
	if d.heard == nil {
		return reveals("")
	}
	return d.heard.personal.in(strings.Join(append([]string{d.What}, d.beside()...), "\n"), reveals)
}

// calledAnswer is what the reporter answers to "have you called".
type calledAnswer string

const (
	calledYes   calledAnswer = "yes"
	calledOther calledAnswer = "someone_else"
	calledNo    calledAnswer = "no"
	calledOver  calledAnswer = "over" // there is no danger any more, or never was
)

// The answers that are no category of behaviour.
const (
	behaviourWalking = "walking"
	behaviourOther   = "other"
	walkingMore      = "more"
	walkingStop      = "stop"
)

// familyDanger is offered among the families: there is danger now.
const familyDanger civic.Family = "emergency"

// alarmed reports whether danger was named, so that the emergency number comes first.
func (d *draft) alarmed() bool { return d.Danger || d.dangerous() }

// caught reports whether a crime is happening or happened a moment ago, which is the police's business at once (D4).
func (d *draft) caught() bool {
	info, known := d.Category.Info()
	if !known {
		return false
	}
	past := d.When == civic.Earlier && info.Key != civic.MissingPerson // who is missing since yesterday is missing still
	return info.EmergencyFirst && !past || info.InProgress && (d.When == civic.Now || d.When == civic.MinutesAgo)
}

// urgent reports whether the emergency number is to be named and asked for.
func (d *draft) urgent() bool { return d.alarmed() || d.caught() && (!d.Rumour || d.witnessed()) }

// fast reports whether only what cannot wait is asked: somebody in danger fills in no form.
func (d *draft) fast() bool { return d.alarmed() && d.Called != calledOver }

// calm is the opposite of fast, for a report that goes on at all.
func (d *draft) calm() bool { return !d.fast() && !d.left() }

// left reports whether the reporter found that there is nothing to report.
func (d *draft) left() bool { return !d.fast() && d.behaves() && d.Walking == walkingStop }

// behaves reports whether it must be asked what somebody does, or was: behaviour comes before looks (D5).
func (d *draft) behaves() bool {
	return d.Looks || d.Category == civic.SuspiciousBehaviour && (!d.Deed || d.acts())
}

// category is the category that the case gets: one that the street does not read, when something in it asks for a help line, or
// when somebody is ill and nothing more is known.
func (d *draft) category() civic.Category {
	c := d.chosen()
	if d.Hint != "" && !c.Sensitive() || c == civic.Other && d.Category == "" && d.ails() {
		return civic.WelfareConcern
	}
	return c
}

// chosen is the category that was said or picked.
func (d *draft) chosen() civic.Category {
	switch {
	case d.Category != "":
		return d.Category
	case d.Looks:
		return civic.SuspiciousBehaviour
	case len(civic.InFamily(d.Family)) == 1:
		return civic.InFamily(d.Family)[0]
	case d.Unsure:
		return d.roughly()
	}
	return civic.Other
}

// urgency is how soon the case wants somebody.
func (d *draft) urgency() civic.Urgency {
	switch {
	case d.fast():
		return civic.Emergency
	case d.urgent() && d.Called != calledOver:
		return civic.Today
	}
	return civic.Normal
}

// when is the time that the reporter told, or what danger implies.
func (d *draft) when() civic.When {
	if d.When == "" && d.fast() {
		return civic.Now
	}
	return d.When
}

// called is what is known of the call.
func (d *draft) called() civic.Called {
	switch d.Called {
	case calledYes:
		return civic.CalledYes
	case calledOther:
		return civic.CalledOther
	case calledNo, calledOver:
		return civic.CalledNo
	}
	if d.urgent() {
		return civic.CalledUnknown
	}
	return ""
}

// text is everything the reporter told, without what it says of somebody's origin.
func (d *draft) text(behaviour string) string {
	var parts []string
	for _, part := range []string{behaviour, d.What, d.Tail, d.More} {
		part, _ = civic.WithoutOrigin(part)
		if d.Rumour && !d.witnessed() {
			part = civic.WithoutNations(part)
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	return civic.Clean(strings.Join(parts, "\n"), longestReport)
}

// textIn is the text, with what a button said in a language.
func (d *draft) textIn(t *bot.Turn, lang string) string {
	if d.behaves() && d.acts() {
		return d.text(t.In(lang, "report.behaviour."+d.Behaviour))
	}
	return d.text("")
}
