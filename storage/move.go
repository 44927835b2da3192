package storage

import (
	"context"
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// What hangs on a chat, and how it moves to another. $1 is the chat that stays, $2 the one that goes. What both have
// stays as the first has it.
const (
	sqlMergeSessions1 = "DELETE FROM sessions WHERE chat = $2 AND EXISTS (SELECT 1 FROM sessions s WHERE s.chat = $1" +
		" AND s.account = sessions.account AND s.parked = sessions.parked)"
	sqlMergeSessions2 = "UPDATE sessions SET chat = $1 WHERE chat = $2"
	sqlMergeCards1    = "DELETE FROM cards WHERE chat = $2 AND EXISTS" +
		" (SELECT 1 FROM cards c WHERE c.chat = $1 AND c.card = cards.card)"
	sqlMergeCards2   = "UPDATE cards SET chat = $1 WHERE chat = $2"
	sqlMergeLetters  = "UPDATE outbox SET chat = $1 WHERE chat = $2"
	sqlMergeAccounts = "UPDATE accounts SET chat = $1 WHERE chat = $2"
	sqlMergeLedger   = "UPDATE deliveries SET chat = $1 WHERE chat = $2"
	sqlMergeRooms1   = "DELETE FROM rooms WHERE chat = $2 AND EXISTS (SELECT 1 FROM rooms r WHERE r.chat = $1)"
	sqlMergeRooms2   = "UPDATE rooms SET chat = $1 WHERE chat = $2"
	sqlMergeTargets1 = "DELETE FROM targets WHERE chat = $2 AND EXISTS (SELECT 1 FROM targets t WHERE t.chat = $1)"
	sqlMergeTargets2 = "UPDATE targets SET chat = $1 WHERE chat = $2"
	sqlMergeDesks1   = "UPDATE partners SET chat = $1 WHERE chat = $2"
	sqlMergeDesks2   = "UPDATE partners SET asked = $1 WHERE asked = $2"
	sqlMergeMedia    = "UPDATE media SET owner = $1 WHERE owner = $2"
)

var merges = []string{
	sqlMergeSessions1, sqlMergeSessions2, sqlMergeCards1, sqlMergeCards2, sqlMergeLetters, sqlMergeAccounts,
	sqlMergeLedger, sqlMergeRooms1, sqlMergeRooms2, sqlMergeTargets1, sqlMergeTargets2,
	sqlMergeDesks1, sqlMergeDesks2, sqlMergeMedia,
}

// MoveChat implements [bot.ChatTx]. A chat that is not known under either id is not made.
func (t *tx) MoveChat(ctx context.Context, ref bot.ChatRef, to string, at time.Time) error {
	if to == "" || to == ref.ID {
		return nil
	}
	c, err := t.chatByRef(ref.Platform, ref.ID)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return about(err, "move chat")
	}
	other, err := t.chatByRef(ref.Platform, to)
	switch {
	case errors.Is(err, bot.ErrNotFound):
	case err != nil:
		return about(err, "move chat %d", c.ID)
	default:
		if err := t.merge(c, other); err != nil {
			return about(err, "merge chat %d into %d", other.ID, c.ID)
		}
		c.notBefore = max(c.notBefore, other.notBefore)
		if other.Reachable && !c.Reachable { // the bot was put out of the former chat when that moved, and is in the new one
			if err := t.Reach(ctx, c.ID, true, "", at); err != nil {
				return err
			}
			c.Reachable = true
		}
	}
	t.mem.places.drop(place{ref.Platform, ref.ID})
	c.Ref.ID = to
	lookup := t.store.ring.find(placeChat, c.Ref.Platform, to)
	if err := t.run(sqlRenameChat, c.ID, lookup, sealing{placeChat, lookup, to}, t.titled(c.Ref)); err != nil {
		return about(err, "move chat %d", c.ID)
	}
	t.change(c)
	return nil
}

// merge moves what hangs on other to c, and drops other.
func (t *tx) merge(c, other chat) error {
	for _, query := range merges {
		if err := t.run(query, c.ID, other.ID); err != nil {
			return err
		}
	}
	if other.notBefore > c.notBefore {
		if err := t.run(sqlBlockChat, c.ID, other.notBefore); err != nil {
			return err
		}
	}
	t.mem.touch()
	t.mem.chats.drop(other.ID)
	t.mem.places.drop(place{other.Ref.Platform, other.Ref.ID})
	return t.run(sqlDropChat, other.ID)
}
