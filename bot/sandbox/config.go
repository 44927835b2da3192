package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Person is somebody who can be played. Each has a private chat with the bot, whose id is the person's.
type Person struct {
	ID       string // small letters, digits, "-" and "_"; unique among people and rooms
	Name     string
	Initials string // one or two letters for the round picture; empty = taken from the name
	Colour   string // of the round picture, one of [Colours]; empty = in turn
	Language string // BCP 47, as the person's account is set; may be empty
}

// Room is a chat.
type Room struct {
	ID      string // as a person's; a private chat has the id of its person
	Title   string
	Kind    bot.ChatKind
	Members []string // ids of the people who may speak and press there; empty = everybody
}

// Pane is a chat as it stands on the page.
type Pane struct {
	Room Room
	As   []Person // who can be played there; nobody = the pane is for reading
	Name string   // key of the text at its top; empty = the room's title
	Role string   // key of the text under the name: "sandbox.role.resident"; may be empty
	Note string   // added to it as it stands, such as a street; may be empty

	// Quiet keeps the pane off the page until something new stands in it, or the player opens it; it can be closed again.
	Quiet bool
}

// Config is what a sandbox is made of.
type Config struct {
	People  []Person
	Rooms   []Room       // rooms that stand in no pane
	Panes   []Pane       // in their order on the page, the quiet ones too; the rooms they name are made
	Map     []civic.Area // the streets are drawn, other kinds are left out; none = places cannot be pinned
	Journal string       // path of the journal; empty = memory only
	Now     func() time.Time
	Zone    *time.Location // of the times on the page; nil = as Now gives them
}

// Colours are the names that a person's picture may have as its colour.
func Colours() []string {
	return []string{"teal", "plum", "amber", "blue", "rose", "moss", "slate", "rust"}
}

var identifier = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// cast is everybody and every room, and it never changes.
type cast struct {
	people map[string]Person
	rooms  map[string]Room
	panes  []Pane
}

func assemble(c Config) (cast, error) {
	all := cast{people: map[string]Person{}, rooms: map[string]Room{}}
	for i, p := range c.People {
		if err := all.addPerson(p, i); err != nil {
			return cast{}, err
		}
	}
	for _, r := range c.Rooms {
		if err := all.addRoom(r); err != nil {
			return cast{}, err
		}
	}
	for _, p := range c.Panes {
		if err := all.addPane(p); err != nil {
			return cast{}, err
		}
	}
	all.addQuietPanes()
	return all, nil
}

func (c *cast) addPerson(p Person, nth int) error {
	switch _, taken := c.people[p.ID]; {
	case !identifier.MatchString(p.ID):
		return fmt.Errorf("person %q: an id has small letters, digits, - and _", p.ID)
	case taken:
		return fmt.Errorf("person %q is there twice", p.ID)
	case p.Name == "":
		return fmt.Errorf("person %q has no name", p.ID)
	case p.Colour != "" && !slices.Contains(Colours(), p.Colour):
		return fmt.Errorf("person %q: there is no colour %q", p.ID, p.Colour)
	}
	if p.Colour == "" {
		p.Colour = Colours()[nth%len(Colours())]
	}
	if p.Initials == "" {
		p.Initials = initials(p.Name)
	}
	c.people[p.ID] = p
	c.rooms[p.ID] = Room{ID: p.ID, Title: p.Name, Kind: bot.Private, Members: []string{p.ID}}
	return nil
}

// initials takes the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteRune(unicode.ToUpper([]rune(w)[0]))
	}
	return b.String()
}

func (c *cast) addRoom(r Room) error {
	switch _, taken := c.rooms[r.ID]; {
	case !identifier.MatchString(r.ID):
		return fmt.Errorf("room %q: an id has small letters, digits, - and _", r.ID)
	case taken:
		return fmt.Errorf("room %q is there twice", r.ID)
	case r.Kind != bot.Group && r.Kind != bot.Channel:
		return fmt.Errorf("room %q: a room of several is a group or a channel, not %q", r.ID, r.Kind)
	}
	for _, id := range r.Members {
		if _, known := c.people[id]; !known {
			return fmt.Errorf("room %q: nobody is called %q", r.ID, id)
		}
	}
	c.rooms[r.ID] = r
	return nil
}

func (c *cast) addPane(p Pane) error {
	if p.Room.Kind == bot.Private {
		if _, known := c.people[p.Room.ID]; !known {
			return fmt.Errorf("pane %q: a private chat has the id of its person", p.Room.ID)
		}
		p.As = []Person{c.people[p.Room.ID]}
		p.Room = c.rooms[p.Room.ID]
	} else if err := c.addRoom(p.Room); err != nil {
		return err
	}
	for i, as := range p.As {
		if !c.mayEnter(as.ID, p.Room) {
			return fmt.Errorf("pane %q: %q may not speak there", p.Room.ID, as.ID)
		}
		p.As[i] = c.people[as.ID]
	}
	if c.hasPane(p.Room.ID) {
		return fmt.Errorf("pane %q is there twice", p.Room.ID)
	}
	c.panes = append(c.panes, p)
	return nil
}

func (c *cast) hasPane(room string) bool {
	return slices.ContainsFunc(c.panes, func(p Pane) bool { return p.Room.ID == room })
}

func (c *cast) mayEnter(person string, r Room) bool {
	_, known := c.people[person]
	return known && (len(r.Members) == 0 || slices.Contains(r.Members, person))
}

// addQuietPanes gives a private pane to everybody who can be played in a room only, for what the bot tells them alone; it
// stands beside the first of these rooms.
func (c *cast) addQuietPanes() {
	for _, p := range slices.Clone(c.panes) {
		beside := 1 + slices.IndexFunc(c.panes, func(other Pane) bool { return other.Room.ID == p.Room.ID })
		for _, as := range p.As {
			if c.hasPane(as.ID) {
				continue
			}
			alone := Pane{Room: c.rooms[as.ID], As: []Person{as}, Role: "sandbox.role.alone", Quiet: true}
			c.panes = slices.Insert(c.panes, beside, alone)
			beside++
		}
	}
}
