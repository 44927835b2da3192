package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// haltOf is how far messages to streets stand still in the turn's network, because of any leak.
func haltOf(ctx context.Context, t *bot.Turn) (civic.Halt, error) {
	open, err := t.Tx.OpenLeaks(ctx, t.Network.ID)
	if err != nil {
		return civic.HaltNone, fmt.Errorf("leaks of %s: %w", t.Network.Name, err)
	}
	halt := civic.HaltNone
	for _, l := range open {
		if l.Halts(civic.UrgentAlert) || halt == civic.HaltNone {
			halt = l.Halt
		}
	}
	return halt, nil
}

// halted reports whether alerts of this kind stand still in the turn's network.
func halted(ctx context.Context, t *bot.Turn, kind civic.AlertKind) (bool, error) {
	halt, err := haltOf(ctx, t)
	return halt.Stops(kind), err
}

// haltWords is the end of a key: what is said to who sends alarms, or information.
func haltWords(kind civic.AlertKind) string {
	if kind == civic.InfoAlert {
		return string(civic.HaltInfo)
	}
	return string(civic.HaltAll)
}

// refuseHalted refuses what would tell streets something while such messages stand still. Who can let them go again hears at
// once that somebody wants to warn.
func refuseHalted(ctx context.Context, t *bot.Turn, kind civic.AlertKind) error {
	is, err := halted(ctx, t, kind)
	if err != nil || !is {
		return err
	}
	if err := askForLift(ctx, t, kind); err != nil {
		return err
	}
	return bot.Refuse("leak.halted." + haltWords(kind))
}

// warnHalted tells who begins a message that it cannot go yet; what they write stays.
func warnHalted(ctx context.Context, t *bot.Turn, kind civic.AlertKind) error {
	is, err := halted(ctx, t, kind)
	if err != nil || !is {
		return err
	}
	return errors.Join(t.Say(ctx, "leak.halted.soon."+haltWords(kind)), askForLift(ctx, t, kind))
}

// askForLift asks those who let messages stand still whether an alarm may go; information waits.
func askForLift(ctx context.Context, t *bot.Turn, kind civic.AlertKind) error {
	if kind == civic.InfoAlert {
		return nil
	}
	open, err := t.Tx.OpenLeaks(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	people, err := holdersOf(ctx, t, civic.HandleLeak)
	if err != nil {
		return err
	}
	for _, l := range open {
		if !l.Halts(kind) {
			continue
		}
		for _, person := range people {
			_, err := t.TellFor(ctx, person, handlersOf(l), bot.LaneUrgent, func(lang string) bot.Message {
				return bot.Message{
					Text:  t.In(lang, "leak.halted.wish", "name", nameOf(t, lang, t.Actor)),
					About: bot.About(leakKind, l.ID), Version: l.Version,
					Rows: bot.Rows(bot.Choice{Key: "lift", Label: t.In(lang, "leak.button.lift")}),
				}
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// tellHalt tells the rooms of police and coordinators how far messages stand still, when that is not as it was before; where
// police has no room, each officer.
func tellHalt(ctx context.Context, t *bot.Turn, before civic.Halt) error {
	now, err := haltOf(ctx, t)
	if err != nil || now == before {
		return err
	}
	key := "leak.halted.tell." + string(now)
	if now == civic.HaltNone {
		key = "leak.halted.over"
	}
	for _, kind := range []civic.RoomKind{civic.RoomPolice, civic.RoomCoordinators} {
		room, err := t.Tx.Room(ctx, t.Network.ID, kind)
		if err != nil {
			return err
		}
		switch {
		case room != 0:
			err = tellIn(ctx, t, room, func(lang string) string { return t.In(lang, key, "network", t.Network.Name) })
		case kind == civic.RoomPolice:
			err = tellOfficers(ctx, t, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func tellOfficers(ctx context.Context, t *bot.Turn, key string) error {
	police, err := t.Tx.Holders(ctx, civic.Police, civic.Scope{Network: t.Network.ID}, t.Now)
	if err != nil {
		return err
	}
	_, err = tellEach(ctx, t, police, policeOf(civic.Alert{Network: t.Network.ID}), func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, "network", t.Network.Name)}
	})
	return err
}

// haltNow lets all messages to streets stand still because of a leak.
func haltNow(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	return setHalt(ctx, t, r.ID, civic.HaltAll, "leak.halted")
}

// liftHalt lets messages go again; where another leak halts them still, it says so.
func liftHalt(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if err := setHalt(ctx, t, r.ID, civic.HaltNone, "leak.lifted"); err != nil {
		return err
	}
	still, err := haltOf(ctx, t)
	switch {
	case err != nil:
		return err
	case still != civic.HaltNone:
		return t.Say(ctx, "leak.halted.still")
	}
	return t.Answer(ctx, "leak.lifted")
}

func setHalt(ctx context.Context, t *bot.Turn, id string, halt civic.Halt, action string) error {
	before, err := haltOf(ctx, t)
	if err != nil {
		return err
	}
	l, err := leakBy(ctx, t, id)
	if err != nil {
		return err
	}
	l.Halt = halt
	about := bot.About(leakKind, l.ID)
	err = errors.Join(t.Tx.SaveLeak(ctx, &l), t.Audit(ctx, action, about, string(halt)), t.RefreshNow(ctx, about))
	if err != nil {
		return err
	}
	return tellHalt(ctx, t, before)
}
