package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Use says what a chat is meant for; an inspection measures it by that.
type Use string

// The uses of a room.
const (
	UseDelivery Use = "delivery" // a street group is told things there
	UseClosed   Use = "closed"   // coordinators or partners work there: only who was invited comes in
)

// Finding is something about a chat that does not fit its use. Its text in locales is "finding." and Key: what is wrong
// and how somebody in the chat mends it.
type Finding struct {
	Key   string `json:"key"`
	Grave bool   `json:"grave,omitempty"` // the chat should not be used before it is mended; else it is advice
}

// Text is the key of the finding's text.
func (f Finding) Text() string { return "finding." + f.Key }

// rank puts what is grave first.
func (f Finding) rank() int {
	if f.Grave {
		return 0
	}
	return 1
}

// The findings.
const (
	FindAbsent       = "absent"        // we are not in the chat
	FindMuted        = "muted"         // we may not write there
	FindPublic       = "public"        // anybody finds it and comes in
	FindPosing       = "posing"        // a street's chat is called as the police are
	FindJoinable     = "joinable"      // people come in without being invited, although not everybody
	FindGuests       = "guests"        // people without an account come in
	FindHistoryWorld = "history_world" // anybody reads it from outside
	FindHistory      = "history"       // who comes in reads everything from before
	FindUnsealed     = "unsealed"      // what is said there is not encrypted
	FindSealed       = "sealed"        // it is encrypted, and this bot has no keys
	FindMembersWrite = "members_write" // members write between the alerts
	FindNoAdmin      = "no_admin"      // we are an ordinary member
	FindNoPin        = "no_pin"        // we may not pin
	FindNoDelete     = "no_delete"     // we may not delete what others wrote
	FindMarks        = "marks"         // members put marks under alerts, and we may not take them away
	FindNoInvite     = "no_invite"     // we may not let people in
	FindNoRemove     = "no_remove"     // we may not put people out
	FindReplaced     = "replaced"      // the chat goes on elsewhere
	FindBridged      = "bridged"       // another network repeats what is said there
	FindSpace        = "space"         // it holds rooms and no words
	FindOldVersion   = "old_version"   // a room of before version 10, whose rules are weaker
	FindNewVersion   = "new_version"   // a room of a version that we do not know
)

// FindingKeys lists the texts of all findings, for the features that tell them.
func FindingKeys() []string {
	keys := []string{
		FindAbsent, FindMuted, FindPublic, FindPosing, FindJoinable, FindGuests, FindHistoryWorld, FindHistory, FindUnsealed,
		FindSealed, FindMembersWrite, FindNoAdmin, FindNoPin, FindNoDelete, FindMarks, FindNoInvite, FindNoRemove, FindReplaced,
		FindBridged, FindSpace, FindOldVersion, FindNewVersion,
	}
	for i, key := range keys {
		keys[i] = Finding{Key: key}.Text()
	}
	return keys
}

// Inspector is a platform that can see how a chat is set up. It is asked in an errand and never in a turn, because it
// makes requests; see [Turn.Inspect].
type Inspector interface {
	// Inspect looks at a chat as it stands on the network now and gives what does not fit its use, in any order.
	// None means that all is well. That we are not in the chat is a finding; an error means that the network did not
	// tell: a *FinalError when asking again is no use.
	Inspect(ctx context.Context, chat ChatRef, use Use) ([]Finding, error)
}

// Inspected is what an inspection found.
type Inspected struct {
	Ref      string    `json:"-"`
	Chat     int64     `json:"chat"` // ours, of the chat that was looked at
	Use      Use       `json:"use"`
	Findings []Finding `json:"findings"`        // what is grave first
	Seen     bool      `json:"seen"`            // false = the network could not be asked, so nothing is known
	Blind    bool      `json:"blind,omitempty"` // the platform cannot look, now or later
}

// Grave reports whether the chat should not be used as it is.
func (i Inspected) Grave() bool { return len(i.Graves()) > 0 }

// Graves are the findings that are grave.
func (i Inspected) Graves() []Finding {
	return slices.DeleteFunc(slices.Clone(i.Findings), func(f Finding) bool { return !f.Grave })
}

// inspection is an errand's payload.
type inspection struct {
	Chat int64   `json:"chat"`
	Ref  ChatRef `json:"ref"`
	Use  Use     `json:"use"`
}

// Inspect sends for a look at a chat. What was found comes back with ref, in a turn of its own, to the task that
// [Inspection] made of kind; it comes as well when the platform cannot look, with Seen false.
func (t *Turn) Inspect(ctx context.Context, kind, ref string, chat Chat, use Use) error {
	payload, err := json.Marshal(inspection{Chat: chat.ID, Ref: chat.Ref, Use: use})
	if err != nil {
		return fmt.Errorf("inspect chat %d: %w", chat.ID, err)
	}
	return t.ErrandTo(ctx, chat.Ref.Platform, Errand{Kind: kind, Ref: ref, Payload: payload})
}

// Inspection is the task behind [Turn.Inspect]: a feature lists it among its Tasks, under a kind of its own.
func Inspection(kind string, then func(ctx context.Context, t *Turn, found Inspected) error) Task {
	return Task{Kind: kind, Run: inspect, Then: func(ctx context.Context, t *Turn, d Done) error {
		var found Inspected
		if err := json.Unmarshal(d.Result, &found); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		found.Ref = d.Ref
		return then(ctx, t, found)
	}}
}

func inspect(ctx context.Context, p Platform, e Errand) ([]byte, error) {
	var what inspection
	if err := json.Unmarshal(e.Payload, &what); err != nil {
		return nil, &FinalError{Err: fmt.Errorf("inspect: %w", err)}
	}
	found := Inspected{Chat: what.Chat, Use: what.Use}
	var failed error
	eye, is := p.(Inspector)
	found.Blind = !is
	if is {
		found.Findings, failed = eye.Inspect(ctx, what.Ref, what.Use)
		found.Seen = failed == nil
	}
	slices.SortStableFunc(found.Findings, func(a, b Finding) int { return cmp.Compare(a.rank(), b.rank()) })
	raw, err := json.Marshal(found)
	return raw, errors.Join(failed, err)
}
