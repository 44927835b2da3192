package flows

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// expungePassages takes what a search found in a case out of the officers' chats, where it was erased from the case since.
func expungePassages(ctx context.Context, t *bot.Turn, c civic.Case) error {
	cards, err := t.Tx.CardsOfKind(ctx, passageKind)
	if err != nil || len(cards) == 0 {
		return err
	}
	d, err := dossierOf(ctx, t, c)
	if err != nil {
		return err
	}
	for _, about := range cards {
		id := strings.TrimPrefix(about, passageKind+"/")
		in, err := passageIn(ctx, t, id, c)
		if err != nil {
			return err
		}
		if !in {
			continue
		}
		still, err := passageStands(ctx, t, id, d)
		if err != nil {
			return err
		}
		if still {
			continue
		}
		if err := (foundIn{id: id}).drawn(ctx, t, c.Ref, "nothing"); err != nil {
			return err
		}
	}
	return nil
}

// passageIn reports whether a passage was found in a case, or in one that was merged into it.
func passageIn(ctx context.Context, t *bot.Turn, id string, c civic.Case) (bool, error) {
	_, in, _ := passageParts(id)
	number, err := strconv.ParseInt(in, 10, 64)
	if err != nil { // in an alert
		return false, nil //nolint:nilerr // that is an answer
	}
	found, err := mergedCase(ctx, t, number)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return err == nil && found.ID == c.ID, err
}

// passageStands reports whether the part of a case in which a passage was found still names what is sought. When the search is
// over, nobody knows what that was.
func passageStands(ctx context.Context, t *bot.Turn, id string, d civic.Dossier) (bool, error) {
	lookup, _, part := passageParts(id)
	search, err := strconv.ParseInt(lookup, 10, 64)
	if err != nil {
		return false, err
	}
	q, err := t.Tx.Lookup(ctx, search)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	p, found := d.PartBy(part)
	return err == nil && found && len(p.Texts(q.Sought)) > 0, err
}

// passageParts are what the name of a passage says: the search, the case or alert, and the part of the case. It is as
// "s3.17.report5" or "s3.alert9"; cards of earlier releases have no s.
func passageParts(id string) (search, in, part string) {
	search, rest, _ := strings.Cut(strings.TrimPrefix(id, "s"), ".")
	in, part, _ = strings.Cut(rest, ".")
	return search, in, part
}
