package storage

import (
	"database/sql"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// wishColumns are what a member wants to hear, of the membership m.
const wishColumns = "coalesce(m.urgent, 0), coalesce(m.nearby, 0), m.quiet_from, m.quiet_until," +
	" coalesce(m.away_until, 0), coalesce(m.digest, 0)"

// wish is what a member wants to hear as it is stored: no quiet hours are the network's.
type wish struct {
	urgent, nearby, away, digest int64
	from, until                  sql.NullInt64
}

// into is where the columns go.
func (w *wish) into() []any {
	return []any{&w.urgent, &w.nearby, &w.from, &w.until, &w.away, &w.digest}
}

func (w *wish) wishes() civic.Wishes {
	all := civic.Wishes{Urgent: w.urgent == 1, Nearby: w.nearby == 1, Digest: w.digest == 1, Away: moment(w.away)}
	if w.from.Valid && w.until.Valid {
		all.Quiet = civic.Hours{Own: true, From: int(w.from.Int64), Until: int(w.until.Int64)}
	}
	return all
}

// wishArgs are the values of the columns urgent, nearby, quiet_from, quiet_until, away_until and digest.
func wishArgs(w civic.Wishes) []any {
	var from, until any
	if w.Quiet.Own {
		from, until = w.Quiet.From, w.Quiet.Until
	}
	return []any{bit(w.Urgent), bit(w.Nearby), from, until, millis(w.Away), bit(w.Digest)}
}
