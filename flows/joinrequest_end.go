package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// doorEnded tells who asked to be let in that they are inside, once they are, or why they are not; and the coordinators that
// an order is stuck.
func doorEnded(ctx context.Context, t *bot.Turn, d bot.DoorEnd) error {
	var err error
	if t.Chat, err = t.Tx.Chat(ctx, d.Chat); err != nil {
		return err
	}
	group, err := streetGroupHere(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch d.Fault {
	case bot.DoorDone:
		return letIn(ctx, t, d, group)
	case bot.DoorCrowded:
		return tellKnocker(ctx, t, d, "door.crowded", group)
	case bot.DoorUnasked:
		return nil // they thought better of it, or somebody else turned them away
	case bot.DoorStuck:
	}
	return errors.Join(tellKnocker(ctx, t, d, "door.waits", group), doorStuck(ctx, t, d, group))
}

// quietDoorEnded tells only what the person can do something about.
func quietDoorEnded(ctx context.Context, t *bot.Turn, d bot.DoorEnd) error {
	if d.Fault != bot.DoorCrowded {
		return nil
	}
	return doorEnded(ctx, t, d)
}

func letIn(ctx context.Context, t *bot.Turn, d bot.DoorEnd, group civic.Area) error {
	if d.Order != bot.DoorAdmit || d.Alone == 0 {
		return nil
	}
	person, err := t.Tx.Owner(ctx, d.Alone)
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "door.admitted", bot.About(memberKind, person), ""); err != nil {
		return err
	}
	return tellKnocker(ctx, t, d, "door.admitted", group)
}

// tellKnocker tells something to whom an order was about, where they are to hear of it.
func tellKnocker(ctx context.Context, t *bot.Turn, d bot.DoorEnd, key string, group civic.Area) error {
	if d.Alone == 0 {
		return nil
	}
	lang, err := t.LangIn(ctx, d.Alone)
	if err != nil {
		return err
	}
	return t.Post(ctx, d.Alone, bot.LaneRoutine, bot.Message{Text: t.In(lang, key, "group", group.Name)})
}

// doorStuck tells the coordinators, of one chat once a day, that an order could not be carried out.
func doorStuck(ctx context.Context, t *bot.Turn, d bot.DoorEnd, group civic.Area) error {
	job := bot.About(doorKind, d.Chat) + "/" + string(d.Order)
	fresh, err := t.Tx.RunSlot(ctx, job, t.Now.UTC().Format("2006-01-02"), t.Now)
	if err != nil || !fresh {
		return err
	}
	key := "door.stuck.in"
	if d.Order == bot.DoorPutOut {
		key = "door.stuck.out"
	}
	return tellDesk(ctx, t, group.Network, 0, func(lang string) string { return t.In(lang, key, "group", group.Name) })
}
