package sandbox_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

func TestNewRefusesWhatDoesNotFit(t *testing.T) {
	person := func(id, name string) sandbox.Person { return sandbox.Person{ID: id, Name: name} }
	room := func(id string, kind bot.ChatKind, members ...string) sandbox.Room {
		return sandbox.Room{ID: id, Kind: kind, Members: members}
	}
	pane := func(r sandbox.Room, as ...string) sandbox.Pane {
		p := sandbox.Pane{Room: r}
		for _, id := range as {
			p.As = append(p.As, person(id, ""))
		}
		return p
	}
	for want, change := range map[string]func(c *sandbox.Config){
		`person "Bo": an id has`:      func(c *sandbox.Config) { c.People = append(c.People, person("Bo", "Bo")) },
		`person "ana" is there twice`: func(c *sandbox.Config) { c.People = append(c.People, person("ana", "Ana")) },
		`person "bo" has no name`:     func(c *sandbox.Config) { c.People = append(c.People, person("bo", "")) },
		`there is no colour "pink"`: func(c *sandbox.Config) {
			c.People = append(c.People, sandbox.Person{ID: "bo", Name: "Bo", Colour: "pink"})
		},
		`room "A b": an id has`:      func(c *sandbox.Config) { c.Rooms = append(c.Rooms, room("A b", bot.Group)) },
		`room "desk" is there twice`: func(c *sandbox.Config) { c.Rooms = append(c.Rooms, room("desk", bot.Group)) },
		`room "hall": a room of`:     func(c *sandbox.Config) { c.Rooms = append(c.Rooms, room("hall", bot.Private)) },
		`nobody is called "piet"`:    func(c *sandbox.Config) { c.Rooms = append(c.Rooms, room("hall", bot.Group, "piet")) },
		`a private chat has the id`:  func(c *sandbox.Config) { c.Panes = append(c.Panes, pane(room("piet", bot.Private))) },
		`"joris" may not speak there`: func(c *sandbox.Config) {
			c.Panes = append(c.Panes, pane(room("hall", bot.Group, "ana"), "joris"))
		},
		`pane "ana" is there twice`: func(c *sandbox.Config) { c.Panes = append(c.Panes, pane(room("ana", bot.Private))) },
	} {
		c := town()
		change(&c)
		if strings.HasPrefix(want, "room \"desk\"") {
			c.Panes = c.Panes[:2]
			c.Rooms = append(c.Rooms, room("desk", bot.Group))
		}
		if _, err := sandbox.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
