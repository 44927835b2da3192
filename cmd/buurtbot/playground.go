package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// playground is the sandbox: an engine of its own, with a clock, a database and an example network of its own, so that
// nothing of it ever meets a real network's data.
type playground struct {
	box *sandbox.Sandbox
}

// openPlayground opens the sandbox's database beside the configured one, and its page.
func (d *deployment) openPlayground(ctx context.Context) error {
	base := strings.TrimSuffix(d.config.Storage.Path, ".db")
	world := sandbox.Vlierdam(d.config.Network.Zone)
	box, err := sandbox.New(sandbox.Config{
		People: people(world), Panes: panes(world), Map: streets(world), Journal: base + ".sandbox.journal",
		Now: d.now, Zone: d.config.Network.Zone,
	})
	if err != nil {
		return err
	}
	d.closers = append(d.closers, box.Close)
	store, err := d.database(ctx, base+".sandbox.db", box.Clock().Now)
	if err != nil {
		return err
	}
	if err := sandbox.Seed(ctx, store, box.Name(), world, box.Clock().Now()); err != nil {
		return err
	}
	t := build(d.config, store, d.texts, box.Clock().Now, box)
	box.Clock().OnTime(func(time.Time) { t.engine.Hurry() })
	d.towns, d.play = append(d.towns, t), &playground{box: box}
	l, err := sandbox.Listen(ctx, d.config.Sandbox.Listen)
	if err != nil {
		return fmt.Errorf("sandbox.listen: %w", err)
	}
	d.servers = append(d.servers, server{"Sandbox", l, box.Handler(d.texts.Text)})
	return nil
}

var _ bot.Platform = (*sandbox.Sandbox)(nil)

func people(w sandbox.World) []sandbox.Person {
	var all []sandbox.Person
	for _, c := range w.Citizens {
		all = append(all, sandbox.Person{ID: c.ID, Name: c.Name, Language: c.Language})
	}
	return all
}

// panes are the chats that stand on the page: two residents, the coordinators' group, the police room and a street group.
// The other street group, and where those who work with reports are alone with the bot, come when something is said there.
func panes(w sandbox.World) []sandbox.Pane {
	by := map[string]sandbox.Person{}
	for _, p := range people(w) {
		by[p.ID] = p
	}
	alone := func(id, role, note string) sandbox.Pane {
		return sandbox.Pane{
			Room: sandbox.Room{ID: id, Title: by[id].Name, Kind: bot.Private}, As: []sandbox.Person{by[id]},
			Role: "sandbox.role." + role, Note: note,
		}
	}
	room := func(id, title, role string, ids ...string) sandbox.Pane {
		p := sandbox.Pane{Room: sandbox.Room{ID: id, Title: title, Kind: bot.Group, Members: ids}, Role: "sandbox.role." + role}
		for _, id := range ids {
			p.As = append(p.As, by[id])
		}
		return p
	}
	quiet := func(p sandbox.Pane) sandbox.Pane { p.Quiet = true; return p }
	return []sandbox.Pane{
		alone("ana", "resident", "Kastanjelaan"), alone("joris", "guest", ""),
		room(sandbox.DeskRoom, "BINCO", "coordinators", "rachid", "wim"),
		quiet(alone("rachid", "coordinator", "")), quiet(alone("wim", "street_coordinator", w.Groups[0].Name)),
		room(sandbox.PoliceRoom, "Wijkagenten", "police", "mirjam"), quiet(alone("mirjam", "officer", "")),
		room("kastanje", w.Groups[0].Name, "streets", "ana", "wim"),
		quiet(room("meidoorn", w.Groups[1].Name, "streets", "joris")),
	}
}

// streets are what is drawn on the map.
func streets(w sandbox.World) []civic.Area {
	var all []civic.Area
	for _, g := range w.Groups {
		for _, s := range g.Streets {
			all = append(all, civic.Area{Kind: civic.KindStreet, Name: s.Name, Lines: civic.LinesOf(s.Line)})
		}
	}
	return all
}
