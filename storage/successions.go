package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	successionColumns = "id, chat, next, via, state, version"

	sqlOpenSuccession = "INSERT INTO successions (chat, next, via, state, version) VALUES ($1, $2, $3, 'open', 1)" +
		" ON CONFLICT (chat, next) DO NOTHING"
	sqlSuccessionOf   = "SELECT " + successionColumns + " FROM successions WHERE chat = $1 AND next = $2"
	sqlSuccession     = "SELECT " + successionColumns + " FROM successions WHERE id = $1"
	sqlSaveSuccession = "UPDATE successions SET state = $3, version = version + 1 WHERE id = $1 AND version = $2"
)

func scanSuccession(r row) (s bot.Succession, err error) {
	err = r.Scan(&s.ID, &s.Chat, &s.Next.ID, &s.Next.Via, &s.State, &s.Version)
	return s, err
}

// OpenSuccession implements [bot.SuccessionTx].
func (t *tx) OpenSuccession(_ context.Context, chat int64, next bot.Successor) (bot.Succession, error) {
	if err := t.run(sqlOpenSuccession, chat, next.ID, next.Via); err != nil {
		return bot.Succession{}, about(err, "successor of chat %d", chat)
	}
	s, err := one(t, scanSuccession, sqlSuccessionOf, chat, next.ID)
	return s, about(err, "successor of chat %d", chat)
}

// Succession implements [bot.SuccessionTx].
func (t *tx) Succession(_ context.Context, id int64) (bot.Succession, error) {
	s, err := one(t, scanSuccession, sqlSuccession, id)
	return s, about(err, "succession %d", id)
}

// SaveSuccession implements [bot.SuccessionTx].
func (t *tx) SaveSuccession(_ context.Context, s *bot.Succession) error {
	n, err := t.exec(sqlSaveSuccession, s.ID, s.Version, string(s.State))
	if err := changed(n, err, bot.ErrConflict); err != nil {
		return about(err, "succession %d", s.ID)
	}
	s.Version++
	return nil
}
