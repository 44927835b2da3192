package bot

import "context"

// SiteKind is what a room that we make is for.
type SiteKind string

// The kinds of rooms that we make.
const (
	SiteSpace  SiteKind = "space"  // holds the rooms of a street group; members see each other
	SiteStreet SiteKind = "street" // where only the bot speaks; whoever is in its space may come in
	SiteClosed SiteKind = "closed" // people work there; only who is invited comes in
)

// Site says what room is to be made.
type Site struct {
	Key    string   `json:"key"` // ours, small letters and digits made by chance: a second call with it makes no second room
	Kind   SiteKind `json:"kind"`
	Title  string   `json:"title"`
	Topic  string   `json:"topic"`
	Within string   `json:"within,omitempty"` // the space of a street's room, in the platform's words
}

// Builder is a platform on which the bot can make rooms. It is asked in errands, never in a turn.
type Builder interface {
	// Build makes a room, or gives the one that was made with the same key; what a crash left half made is finished. A
	// *FinalError means that the network does not let us.
	Build(ctx context.Context, s Site) (ChatRef, error)
	// Admit invites an account, or lets it in when it asked; it is no error when it is in already.
	Admit(ctx context.Context, chat ChatRef, account string) error
}

// Rehanger is a platform on which a room of ours that was closed in favour of another is put right there. It is asked in
// errands, never in a turn.
type Rehanger interface {
	// Rehang makes the room the one of the site: it is marked as ours and stands in its space, instead of the one that it goes
	// on for; inside are the rooms that stand in it. What is right is left alone, so it can be asked again. A *FinalError wraps
	// ErrPower when we lack the rights.
	Rehang(ctx context.Context, s Site, room ChatRef, inside ...ChatRef) error
}
