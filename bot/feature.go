package bot

import (
	"context"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Ref names a thing at the version at which it was shown, and what was chosen on it.
type Ref struct {
	Kind    string
	ID      string
	Version int64
	Arg     string // of the choice "close:done": "done"

	said bool // its word was typed
}

// Thing is what an action finds behind a Ref: where it belongs and how it stands now.
type Thing struct {
	Scope   civic.Scope
	Version int64
}

// Action is something that can be done with one press on a card: choice "take" on card "case" is action "case.take".
type Action struct {
	Name    string
	Needs   civic.Permission
	Word    string                                                   // the text to type where there are no buttons; empty = a tap
	Decides bool                                                     // refuses any version of the card but the current one
	Own     bool                                                     // for its reporter, as Do sees to: a role counts anywhere
	On      func(ctx context.Context, t *Turn, r Ref) (Thing, error) // loads the thing; the gate checks Needs on it
	Do      func(ctx context.Context, t *Turn, r Ref) error
}

// Card shows a thing to a group, and is kept current by editing.
type Card struct {
	Kind string
	// Render shows the thing in a language; Message.Version is the thing's.
	Render func(ctx context.Context, t *Turn, lang, id string) (Message, error)
	// Gather is how long changes are gathered where a group bears few writes, once the card and its first change stand there,
	// unless the thing is urgent; 0 = as long as the platform asks.
	Gather time.Duration
	// RenderIn shows it as it stands in one chat, where that is more than everybody reads; nil = Render does.
	RenderIn func(ctx context.Context, t *Turn, lang string, chat int64, id string) (Message, error)
	// Readers are those who may read the thing in private, and Barred tells of one of them that this one may not. Both are asked
	// each time before the card changes in a private chat, for a role may have ended since it was shown; who may not reads the
	// text under the key Closed in its place, and nothing more. nil = everybody may to whom it was shown, and nobody is barred.
	Readers func(ctx context.Context, t *Turn, id string) (*Readers, error)
	Barred  func(ctx context.Context, t *Turn, person int64, id string) (bool, error)
	Closed  string
	// Ref is how people name the thing, as a command takes it; nil = it has no name.
	Ref func(ctx context.Context, t *Turn, id string) (string, error)
	// Title is what the thing is called above a letter to a desk, see [Message.Title]; nil = nothing.
	Title func(ctx context.Context, t *Turn, lang, id string) (string, error)
	// Reply takes a text that somebody wrote in reply to the card; nil = texts are not taken.
	Reply *ReplySpec
}

// CommandSpec is a word after / or ! that the bot obeys. Its spellings stand in locales under command.NAME, separated by commas.
type CommandSpec struct {
	Name  string
	Needs civic.Permission
	Where Place
	Takes []string // kinds of card whose name it takes when it is given in answer to one
	Flow  string   // opens this form, or else
	Do    func(ctx context.Context, t *Turn, args string) error
}

// Place says where a command may be given.
type Place int

// The places of a command. In a room, a command for the private chat is answered with the way there.
const (
	InPrivate Place = iota
	InRoom
	Anywhere
)

// Job is something done at set times.
type Job struct {
	Name string
	Spec string // five fields, in the network's zone
	// Each says that it is done for each network by itself, by its own clock; otherwise it is done once, by that of the first.
	Each bool
	Do   func(ctx context.Context, t *Turn) error

	schedule func() (cron.Schedule, error) // the spec, read once
}

// known is the job as the engine keeps it.
func (j Job) known() Job {
	j.schedule = sync.OnceValues(func() (cron.Schedule, error) { return ParseSpec(j.Spec) })
	return j
}

// Task is the outside part of an errand and what comes after it.
type Task struct {
	Kind string
	// Run does the slow thing, outside any turn; its result is handed to Then.
	Run func(ctx context.Context, p Platform, e Errand) ([]byte, error)
	// Then takes the result, inside a turn; d.Err tells that Run failed for good.
	Then func(ctx context.Context, t *Turn, d Done) error
}

// Feature is one thing the bot can do; the list of features is the bot.
type Feature struct {
	Name     string
	First    func(ctx context.Context, t *Turn, in Input) (handled bool, err error) // before any form: emergency
	Flows    []Flow
	Actions  []Action
	Cards    []Card
	Commands []CommandSpec
	Links    []LinkSpec
	Jobs     []Job
	Tasks    []Task
	Timers   map[string]func(ctx context.Context, t *Turn, ref string) error
	Arrived  func(ctx context.Context, t *Turn) error // the bot came into a room
	// Marked is told of a mark that everybody in a room sees under a message of ours; true when it dealt with it, and else
	// it may be a choice.
	Marked func(ctx context.Context, t *Turn, m Marked) (handled bool, err error)
	// Erased erases what was taken from a message in this private chat that its author took back.
	Erased func(ctx context.Context, t *Turn, on MessageRef) error
	Lost   func(ctx context.Context, t *Turn) error // t.Chat cannot be reached any more; called once
	// Ended is told after Lost that the account of the person in t.Chat, a private chat, is no more.
	Ended func(ctx context.Context, t *Turn) error
	// Stray is told that t.From wrote to a desk something that answers nothing of ours, or may not.
	Stray func(ctx context.Context, t *Turn) error
	// Came is told that another person came into a room that we made.
	Came func(ctx context.Context, t *Turn) error
	// Replaced is told that t.Chat was closed in favour of another room.
	Replaced func(ctx context.Context, t *Turn, by Successor) error
	// AskedIn and WentOut are about a person and a chat, those of the turn: they ask to be let in, or are gone.
	AskedIn func(ctx context.Context, t *Turn, a AskedIn) error
	WentOut func(ctx context.Context, t *Turn) error
	Keys    []string // texts it uses whose keys are made at run time
}
