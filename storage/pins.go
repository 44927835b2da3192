package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlPins    = "SELECT card, chat, message, state FROM pins WHERE card = $1 ORDER BY chat"
	sqlSavePin = "INSERT INTO pins (card, chat, message, state) VALUES ($1, $2, $3, $4)" +
		" ON CONFLICT (card, chat) DO UPDATE SET message = excluded.message, state = excluded.state"
	sqlDropPin = "DELETE FROM pins WHERE card = $1 AND chat = $2"
)

func scanPin(r row) (bot.Pin, error) {
	var p bot.Pin
	err := r.Scan(&p.About, &p.Chat, &p.Message, &p.State)
	return p, err
}

// Pins implements [bot.PinTx].
func (t *tx) Pins(_ context.Context, card string) ([]bot.Pin, error) {
	list, err := all(t, scanPin, sqlPins, card)
	return list, about(err, "pins of %s", card)
}

// SavePin implements [bot.PinTx].
func (t *tx) SavePin(_ context.Context, p bot.Pin) error {
	return about(t.run(sqlSavePin, p.About, p.Chat, string(p.Message), string(p.State)), "pin of %s", p.About)
}

// DropPin implements [bot.PinTx].
func (t *tx) DropPin(_ context.Context, card string, chat int64) error {
	return about(t.run(sqlDropPin, card, chat), "pin of %s", card)
}
