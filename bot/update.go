package bot

import (
	"log/slog"
	"time"

	"github.com/paulmach/orb"
)

// Update is one thing that happened, in no platform's dialect.
type Update struct {
	Key  string    // unique within its platform; the inbox drops repeats
	At   time.Time // when it was received; everything its turn does happens at this time
	Chat ChatRef
	From UserRef
	// Message is the message it came with, on networks that tell when a message is taken back; else empty.
	Message MessageRef
	Event   Event
}

// Empty reports whether the update is nothing for us.
func (u Update) Empty() bool { return u.Event == nil }

// LogValue leaves out every word a person wrote.
func (u Update) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("key", u.Key), slog.String("platform", u.Chat.Platform), slog.String("event", kindOf(u.Event)),
	)
}

// ChatKind tells a private conversation from a room.
type ChatKind string

// The kinds of chat.
const (
	Private ChatKind = "private"
	Group   ChatKind = "group"
	Channel ChatKind = "channel"
)

// ChatRef names a chat in its platform's own words.
type ChatRef struct {
	Platform string
	ID       string
	Kind     ChatKind
	Title    string
}

// UserRef names an account in its platform's own words. The zero UserRef is nobody: a timer, a job, an errand.
type UserRef struct {
	Platform  string
	ID        string
	Name      string
	Language  string // BCP 47, as the account is set; may be empty
	Anonymous bool   // hidden behind a group or a channel: no person, so no role
}

// MessageRef names a message in its platform's own words, within its chat.
type MessageRef string

// Event is what happened: exactly one of the types in this file.
type Event interface{ event() string }

type (
	// Text is something a person wrote.
	Text struct {
		Body      string
		ReplyTo   MessageRef
		Thread    MessageRef // what opened the thread in which it stands; empty = none
		Forwarded bool
	}
	// Command is a text that starts with / or !; its name is lower case, without the sign.
	Command struct {
		Name      string
		Args      string
		ReplyTo   MessageRef
		Thread    MessageRef // what opened the thread in which it stands; empty = none
		Forwarded bool       // passed on from elsewhere: never obeyed
		Edited    bool       // made by editing an older message: never obeyed
	}
	// Press is a button, a reaction or a typed number; the platform says which message it is on.
	Press struct {
		Token string     // of the rendering, where the platform carries one
		On    MessageRef // the message, elsewhere
		Key   string     // of the choice, or its number from 1
		Query string     // what the platform wants back in an acknowledgement; empty = nothing
		Words bool       // it was typed in words, which say nothing of the version that was seen
		Mark  MessageRef // what everybody in the room sees of it, and could be taken away; empty = nothing
	}
	// Marked is a mark without a meaning that somebody put under a message of ours in a room, such as a thumb.
	Marked struct{ On, Mark MessageRef }
	// Withdrawn is a reaction taken back. The answer that it gave is taken back with it; a deed is not.
	Withdrawn struct {
		On  MessageRef
		Key string // its number from 1
	}
	// Erased is a message that its author took back.
	Erased struct{ On MessageRef }
	// Reply is words that came back to a desk with the token of the message that they answer. Who wrote them need not be in
	// the chat of that message: where they were written is found by the token, and the platform says whether the sender may
	// speak there (see [Desk]). Without a token, or with one that is not ours, they are nobody's, and nothing is obeyed.
	Reply struct {
		Token string
		Body  string
	}
	// Bounced is the news that the letter of a token will not arrive: its chat cannot be reached.
	Bounced struct{ Token string }
	// Unreadable is a message that came encrypted, without the key to read it.
	Unreadable struct{}
	// Point is a place on the map.
	Point struct {
		At   orb.Point // longitude, latitude
		Name string    // of the venue, if it has one
	}
	// Media is something that is neither words nor a place.
	Media struct {
		Kind    MediaKind
		File    string // the platform's id of the file
		Size    int64  // bytes; 0 = not told
		Caption string
		Album   string // equal for the items of one album
		ReplyTo MessageRef
		// Forwarded says that it was passed on from elsewhere.
		Forwarded bool
	}
	// Edited is a message that its author changed.
	Edited struct {
		On   MessageRef
		Body string
	}
	// Joined is the bot coming into a chat, or a person taking the bot back after having blocked it.
	Joined struct{}
	// Entitled is a change of what the bot may do in a chat that it is in.
	Entitled struct{}
	// Left is the bot leaving a chat, or a person blocking it: nothing can be delivered there any more.
	Left struct{ Why string }
	// AskedIn is a person who asks to be let into a chat. Alone is where they can be written to for a few minutes, even if
	// they never wrote to us.
	AskedIn struct{ Alone ChatRef }
	// WentOut is a person who left a chat, or was put out of it.
	WentOut struct{}
	// Moved is a chat that goes on under another id.
	Moved struct{ To string }
	// Replaced is a room that was closed in favour of another. Nothing moves there before somebody who may says so.
	Replaced struct{ By Successor }
	// Came is another person coming into a room that we made.
	Came struct{}
	// Tick is a scheduled job that is due.
	Tick struct{ Job, Slot string }
	// Due is a timer that has run out.
	Due struct{ Kind, Ref string }
	// Done is an errand that has been run.
	Done struct {
		Kind, Ref string
		Result    []byte
		Err       string // empty = it went well
	}
)

// MediaKind is the sort of a Media.
type MediaKind string

// The sorts of media; only pictures are taken in at present, the others are answered.
const (
	MediaPhoto    MediaKind = "photo"
	MediaDocument MediaKind = "document"
	MediaVideo    MediaKind = "video"
	MediaVoice    MediaKind = "voice"
	MediaSticker  MediaKind = "sticker"
	MediaPoll     MediaKind = "poll"
	MediaContact  MediaKind = "contact"
	MediaOther    MediaKind = "other"
)

func (Text) event() string       { return "text" }
func (Command) event() string    { return "command" }
func (Press) event() string      { return "press" }
func (Marked) event() string     { return "marked" }
func (Withdrawn) event() string  { return "withdrawn" }
func (Erased) event() string     { return "erased" }
func (Reply) event() string      { return "reply" }
func (Bounced) event() string    { return "bounced" }
func (Unreadable) event() string { return "unreadable" }
func (Point) event() string      { return "point" }
func (Media) event() string      { return "media" }
func (Edited) event() string     { return "edited" }
func (Joined) event() string     { return "joined" }
func (Entitled) event() string   { return "entitled" }
func (Left) event() string       { return "left" }
func (AskedIn) event() string    { return "asked_in" }
func (WentOut) event() string    { return "went_out" }
func (Moved) event() string      { return "moved" }
func (Replaced) event() string   { return "replaced" }
func (Came) event() string       { return "came" }
func (Tick) event() string       { return "tick" }
func (Due) event() string        { return "due" }
func (Done) event() string       { return "done" }

// kindOf is the event's name in the log.
func kindOf(e Event) string {
	if e == nil {
		return "none"
	}
	return e.event()
}
