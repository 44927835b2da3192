package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlRoom       = "SELECT chat FROM rooms WHERE network = $1 AND kind = $2"
	sqlRoomOf     = "SELECT network, kind FROM rooms WHERE chat = $1"
	sqlUnbindRoom = "DELETE FROM rooms WHERE chat = $1"
	sqlBindRoom   = "INSERT INTO rooms (network, kind, chat, bound) VALUES ($1, $2, $3, $4)" +
		" ON CONFLICT (network, kind) DO UPDATE SET chat = excluded.chat, bound = excluded.bound"

	targetColumns = "t.id, t.grp, t.kind, coalesce(t.chat, 0), t.muted, t.rolled, t.platform"

	sqlTargets = "SELECT " + targetColumns + " FROM areas g JOIN targets t ON t.grp = g.id" +
		" WHERE g.network = $1 ORDER BY t.id"
	sqlTargetOf     = "SELECT " + targetColumns + " FROM targets t WHERE t.chat = $1"
	sqlDirectTarget = "SELECT id FROM targets WHERE grp = $1 AND kind = 'dm'"
	sqlChatTarget   = "SELECT id FROM targets WHERE chat = $1"
	sqlNewTarget    = "INSERT INTO targets (grp, kind, chat, muted, rolled, platform) VALUES ($1, $2, $3, $4, $5, $6)"
	sqlSaveTarget   = "UPDATE targets SET grp = $2, kind = $3, chat = $4, muted = $5, rolled = $6, platform = $7 WHERE id = $1"
)

// Room implements [bot.CivicTx].
func (t *tx) Room(_ context.Context, network civic.AreaID, kind civic.RoomKind) (int64, error) {
	load := func() (int64, error) { return t.found(sqlRoom, int64(network), string(kind)) }
	id, err := remembered(t, load, sqlRoom, network, kind)
	return id, about(err, "room %s of %d", kind, network)
}

// RoomOf implements [bot.CivicTx].
func (t *tx) RoomOf(_ context.Context, chat int64) (civic.AreaID, civic.RoomKind, error) {
	type bound struct {
		network civic.AreaID
		kind    civic.RoomKind
	}
	scan := func(r row) (b bound, err error) {
		err = r.Scan(&b.network, &b.kind)
		return b, err
	}
	b, err := one(t, scan, sqlRoomOf, chat)
	return b.network, b.kind, about(err, "room of chat %d", chat)
}

// BindRoom implements [bot.CivicTx]. A chat is one room; what it was before ends.
func (t *tx) BindRoom(_ context.Context, network civic.AreaID, kind civic.RoomKind, chat int64, at time.Time) error {
	if err := t.run(sqlUnbindRoom, chat); err != nil {
		return about(err, "room %s of %d", kind, network)
	}
	return about(t.run(sqlBindRoom, int64(network), string(kind), chat, millis(at)), "room %s of %d", kind, network)
}

func scanTarget(r row) (civic.Target, error) {
	var (
		target        civic.Target
		muted, rolled int64
	)
	err := r.Scan(&target.ID, &target.Group, &target.Kind, &target.Chat, &muted, &rolled, &target.Platform)
	target.Muted, target.Rolled = muted == 1, rolled == 1
	return target, err
}

// Targets implements [bot.CivicTx].
func (t *tx) Targets(_ context.Context, network civic.AreaID) ([]civic.Target, error) {
	list, err := all(t, scanTarget, sqlTargets, int64(network))
	return list, about(err, "targets of %d", network)
}

// TargetOf implements [bot.CivicTx].
func (t *tx) TargetOf(_ context.Context, chat int64) (civic.Target, error) {
	target, err := one(t, scanTarget, sqlTargetOf, chat)
	return target, about(err, "target of chat %d", chat)
}

// SaveTarget implements [bot.CivicTx]. Without an ID it is the target of that chat, or the group's direct messages.
func (t *tx) SaveTarget(_ context.Context, target *civic.Target) error {
	if target.ID == 0 {
		query, by := sqlChatTarget, target.Chat
		if target.Kind == civic.TargetDirect {
			query, by = sqlDirectTarget, int64(target.Group)
		}
		id, err := t.found(query, by)
		if err != nil {
			return about(err, "target of group %d", target.Group)
		}
		target.ID = id
	}
	if target.ID == 0 {
		id, err := t.insert(sqlNewTarget, int64(target.Group), string(target.Kind), null(target.Chat), bit(target.Muted),
			bit(target.Rolled), target.Platform)
		target.ID = id
		return about(err, "target of group %d", target.Group)
	}
	n, err := t.exec(sqlSaveTarget, target.ID, int64(target.Group), string(target.Kind), null(target.Chat),
		bit(target.Muted), bit(target.Rolled), target.Platform)
	return about(changed(n, err, bot.ErrNotFound), "target %d", target.ID)
}
