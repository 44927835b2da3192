package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	houseColumns = "id, area, kind, platform, key, coalesce(chat, 0)"

	sqlLostHouse = "DELETE FROM houses WHERE area = $1 AND platform = $2 AND kind = $3" +
		" AND chat IN (SELECT id FROM chats WHERE reachable = 0)"
	sqlWantHouse = "INSERT INTO houses (area, platform, kind, key) VALUES ($1, $2, $3, $4)" +
		" ON CONFLICT (area, platform, kind) DO NOTHING"
	sqlWanted = "SELECT " + houseColumns + " FROM houses WHERE area = $1 AND platform = $2 AND kind = $3"

	sqlHouse     = "SELECT " + houseColumns + " FROM houses WHERE id = $1"
	sqlHouseOf   = "SELECT " + houseColumns + " FROM houses WHERE chat = $1"
	sqlHouseIn   = "SELECT " + houseColumns + " FROM houses WHERE area = $1 AND kind = $2 ORDER BY id LIMIT 1"
	sqlMadeHouse = "UPDATE houses SET chat = $2 WHERE id = $1"

	sqlEnters = "INSERT INTO attendance (chat, person) VALUES ($1, $2) ON CONFLICT (chat, person) DO NOTHING"
	sqlLeaves = "DELETE FROM attendance WHERE chat = $1 AND person = $2"
)

func scanHouse(r row) (p bot.House, err error) {
	err = r.Scan(&p.ID, &p.Area, &p.Kind, &p.Platform, &p.Key, &p.Chat)
	return p, err
}

// WantHouse implements [bot.HouseTx].
func (t *tx) WantHouse(_ context.Context, p *bot.House) error {
	if err := t.run(sqlLostHouse, int64(p.Area), p.Platform, string(p.Kind)); err != nil {
		return about(err, "%s of area %d", p.Kind, p.Area)
	}
	if err := t.run(sqlWantHouse, int64(p.Area), p.Platform, string(p.Kind), p.Key); err != nil {
		return about(err, "%s of area %d", p.Kind, p.Area)
	}
	known, err := one(t, scanHouse, sqlWanted, int64(p.Area), p.Platform, string(p.Kind))
	*p = known
	return about(err, "house")
}

// House implements [bot.HouseTx].
func (t *tx) House(_ context.Context, id int64) (bot.House, error) {
	p, err := one(t, scanHouse, sqlHouse, id)
	return p, about(err, "house %d", id)
}

// HouseOf implements [bot.HouseTx].
func (t *tx) HouseOf(_ context.Context, chat int64) (bot.House, error) {
	p, err := one(t, scanHouse, sqlHouseOf, chat)
	return p, about(err, "house of chat %d", chat)
}

// HouseIn implements [bot.HouseTx].
func (t *tx) HouseIn(_ context.Context, area civic.AreaID, kind bot.HouseKind) (bot.House, error) {
	p, err := one(t, scanHouse, sqlHouseIn, int64(area), string(kind))
	return p, about(err, "%s of area %d", kind, area)
}

// MadeHouse implements [bot.HouseTx].
func (t *tx) MadeHouse(_ context.Context, id, chat int64) error {
	n, err := t.exec(sqlMadeHouse, id, chat)
	return about(changed(n, err, bot.ErrNotFound), "house %d", id)
}

// Enters implements [bot.HouseTx].
func (t *tx) Enters(_ context.Context, chat, person int64) (bool, error) {
	n, err := t.exec(sqlEnters, chat, person)
	return n > 0, about(err, "attendance of chat %d", chat)
}

// Leaves implements [bot.HouseTx].
func (t *tx) Leaves(_ context.Context, chat, person int64) (bool, error) {
	n, err := t.exec(sqlLeaves, chat, person)
	return n > 0, about(err, "attendance of chat %d", chat)
}
