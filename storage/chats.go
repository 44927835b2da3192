package storage

import (
	"context"
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// seenStep is how exactly a chat's last visit is known; a finer step would cost a write for every update.
const seenStep = time.Hour

const (
	chatColumns = "id, platform, external, kind, title, language, reachable, not_before, seen, sealed, network"

	sqlChat       = "SELECT " + chatColumns + " FROM chats WHERE id = $1"
	sqlChatByRef  = "SELECT " + chatColumns + " FROM chats WHERE platform = $1 AND external = $2"
	sqlHeldChats  = "SELECT " + chatColumns + " FROM chats WHERE platform = $1 ORDER BY id"
	sqlNewChat    = "INSERT INTO chats (platform, external, kind, title, seen, sealed) VALUES ($1, $2, $3, $4, $5, $6)"
	sqlSeeChat    = "UPDATE chats SET kind = $2, title = $3, seen = $4 WHERE id = $1"
	sqlReach      = "UPDATE chats SET reachable = $2, why = $3 WHERE id = $1"
	sqlSpeakIn    = "UPDATE chats SET language = $2 WHERE id = $1"
	sqlChooseIn   = "UPDATE chats SET network = $2 WHERE id = $1"
	sqlBlockChat  = "UPDATE chats SET not_before = $2 WHERE id = $1 AND not_before < $2"
	sqlRenameChat = "UPDATE chats SET external = $2, sealed = $3, title = $4 WHERE id = $1"
	sqlDropChat   = "DELETE FROM chats WHERE id = $1"
	// A letter that may have arrived is not said to be dead.
	sqlDeadLetters = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'dead' END, why = $2, body = ''" +
		" WHERE chat = $1 AND state = 'pending'"
)

func scanChat(r row) (chat, error) {
	var (
		c         chat
		lookup    string
		reachable int64
	)
	err := r.Scan(&c.ID, &c.Ref.Platform, &lookup, &c.Ref.Kind, sealed(placeTitle, &lookup, &c.Ref.Title), &c.Language,
		&reachable, &c.notBefore, &c.seen, sealed(placeChat, &lookup, &c.Ref.ID), &c.Network)
	c.Reachable = reachable == 1
	return c, err
}

// Held implements [bot.Inbox].
func (s *Store) Held(ctx context.Context, platform string) ([]bot.Chat, error) {
	var held []bot.Chat
	err := s.View(ctx, func(btx bot.Tx) error {
		list, err := all(btx.(*tx), scanChat, sqlHeldChats, platform)
		held = nil
		for _, c := range list {
			held = append(held, c.Chat)
		}
		return err
	})
	return held, about(err, "chats of %s", platform)
}

// remember puts a chat where the next turn finds it.
func (t *tx) remember(c chat) {
	t.mem.chats.put(c.ID, c)
	t.mem.places.put(place{c.Ref.Platform, c.Ref.ID}, c.ID)
}

// change stores a changed chat in memory, to be dropped if the transaction is undone.
func (t *tx) change(c chat) {
	t.mem.touch()
	t.remember(c)
}

func (t *tx) chat(id int64) (chat, error) {
	if c, ok := t.mem.chats.get(id); ok {
		return c, nil
	}
	c, err := one(t, scanChat, sqlChat, id)
	if err != nil {
		return chat{}, about(err, "chat %d", id)
	}
	t.remember(c)
	return c, nil
}

func (t *tx) chatByRef(platform, external string) (chat, error) {
	if id, ok := t.mem.places.get(place{platform, external}); ok {
		if c, ok := t.mem.chats.get(id); ok {
			return c, nil
		}
	}
	c, err := one(t, scanChat, sqlChatByRef, platform, t.store.ring.find(placeChat, platform, external))
	if err != nil {
		return chat{}, err
	}
	t.remember(c)
	return c, nil
}

// Enter implements [bot.ChatTx].
func (t *tx) Enter(_ context.Context, ref bot.ChatRef, at time.Time) (bot.Chat, error) {
	c, err := t.chatByRef(ref.Platform, ref.ID)
	if errors.Is(err, bot.ErrNotFound) {
		c, err = t.newChat(ref, at)
		return c.Chat, about(err, "new chat")
	}
	if err != nil {
		return bot.Chat{}, about(err, "enter chat")
	}
	title, kind := c.Ref.Title, c.Ref.Kind
	if ref.Title != "" {
		title = ref.Title
	}
	if ref.Kind != "" {
		kind = ref.Kind
	}
	if title == c.Ref.Title && kind == c.Ref.Kind && millis(at)-c.seen < seenStep.Milliseconds() {
		return c.Chat, nil
	}
	c.Ref.Title, c.Ref.Kind, c.seen = title, kind, max(millis(at), c.seen)
	if err := t.run(sqlSeeChat, c.ID, string(kind), t.titled(c.Ref), c.seen); err != nil {
		return bot.Chat{}, about(err, "chat %d", c.ID)
	}
	t.change(c)
	return c.Chat, nil
}

func (t *tx) newChat(ref bot.ChatRef, at time.Time) (chat, error) {
	if ref.Kind == "" {
		ref.Kind = bot.Private
	}
	lookup := t.store.ring.find(placeChat, ref.Platform, ref.ID)
	id, err := t.insert(sqlNewChat, ref.Platform, lookup, string(ref.Kind), t.titled(ref), millis(at),
		sealing{placeChat, lookup, ref.ID})
	if err != nil {
		return chat{}, err
	}
	c := chat{Chat: bot.Chat{ID: id, Ref: ref, Reachable: true}, seen: millis(at)}
	t.change(c)
	return c, nil
}

// titled is a chat's title for its cell.
func (t *tx) titled(ref bot.ChatRef) sealing {
	return sealing{placeTitle, t.store.ring.find(placeChat, ref.Platform, ref.ID), ref.Title}
}

// Chat implements [bot.ChatTx].
func (t *tx) Chat(_ context.Context, id int64) (bot.Chat, error) {
	c, err := t.chat(id)
	return c.Chat, err
}

// Reach implements [bot.ChatTx].
func (t *tx) Reach(_ context.Context, id int64, reachable bool, why string, _ time.Time) error {
	c, err := t.chat(id)
	if err != nil {
		return err
	}
	if reachable {
		why = ""
	}
	if err := t.run(sqlReach, id, bit(reachable), why); err != nil {
		return about(err, "reach of chat %d", id)
	}
	c.Reachable = reachable
	t.change(c)
	if reachable {
		return nil
	}
	return about(t.run(sqlDeadLetters, id, why), "letters to chat %d", id)
}

// SetChatLanguage implements [bot.ChatTx].
func (t *tx) SetChatLanguage(_ context.Context, id int64, lang string) error {
	c, err := t.chat(id)
	if err != nil || c.Language == lang {
		return err
	}
	if err := t.run(sqlSpeakIn, id, lang); err != nil {
		return about(err, "language of chat %d", id)
	}
	c.Language = lang
	t.change(c)
	return nil
}

// SetChatNetwork implements [bot.ChatTx].
func (t *tx) SetChatNetwork(_ context.Context, id int64, network civic.AreaID) error {
	c, err := t.chat(id)
	if err != nil || c.Network == network {
		return err
	}
	if err := t.run(sqlChooseIn, id, int64(network)); err != nil {
		return about(err, "network of chat %d", id)
	}
	c.Network = network
	t.change(c)
	return nil
}

// BlockChat implements [bot.ChatTx]. A longer silence that was ordered before stays.
func (t *tx) BlockChat(_ context.Context, id int64, until time.Time) error {
	c, err := t.chat(id)
	if err != nil {
		return err
	}
	if millis(until) <= c.notBefore {
		return nil
	}
	if err := t.run(sqlBlockChat, id, millis(until)); err != nil {
		return about(err, "silence of chat %d", id)
	}
	c.notBefore = millis(until)
	t.change(c)
	return nil
}
