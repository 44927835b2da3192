package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// leakLife is how long it is known what was decided about a leak: as long as the audit trail tells who did (domain §2.4).
const leakLife = 365 * 24 * time.Hour

const (
	leakColumns = "id, network, area, kind, data, found, noted, words, halt, verdict, told, done, decided, version"

	sqlNewLeak = "INSERT INTO leaks (network, area, kind, data, found, noted, halt, version)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, 1)"
	sqlLeakWords = "UPDATE leaks SET words = $2 WHERE id = $1"
	sqlSaveLeak  = "UPDATE leaks SET halt = $3, verdict = $4, told = $5, done = $6, decided = $7, version = version + 1" +
		" WHERE id = $1 AND version = $2"
	sqlLeak       = "SELECT " + leakColumns + " FROM leaks WHERE id = $1"
	sqlOpenLeaks  = "SELECT " + leakColumns + " FROM leaks WHERE network = $1 AND decided = 0 ORDER BY id"
	sqlPruneLeaks = "DELETE FROM leaks WHERE decided > 0 AND decided < $1"

	// A person counts where they would be written to, see sqlPrivateChat.
	sqlReached = "SELECT coalesce(platform, ''), count(*) FROM (SELECT (SELECT CASE c.reachable WHEN 1 THEN c.platform END" +
		" FROM accounts a JOIN chats c ON c.id = a.chat WHERE a.person = m.person" +
		" ORDER BY c.reachable DESC, a.preferred DESC, a.linked DESC, a.id DESC LIMIT 1) AS platform FROM memberships m" +
		" WHERE m.network = $1 AND ($2 = 0 OR m.grp = $2) AND m.standing <> '') GROUP BY platform ORDER BY platform"
)

func scanLeak(r row) (civic.Leak, error) {
	var (
		l                     civic.Leak
		found, noted, decided int64
	)
	err := r.Scan(&l.ID, &l.Network, &l.Area, &l.Kind, &l.Data, &found, &noted, sealed("leaks.words", &l.ID, &l.Words), &l.Halt,
		&l.Verdict, &l.Told, sealed("leaks.done", &l.ID, &l.Done), &decided, &l.Version)
	l.Found, l.Noted, l.Decided = moment(found), moment(noted), moment(decided)
	return l, err
}

// AddLeak implements [bot.LeakTx].
func (t *tx) AddLeak(_ context.Context, l *civic.Leak) error {
	id, err := t.insert(sqlNewLeak, int64(l.Network), int64(l.Area), string(l.Kind), string(l.Data), millis(l.Found),
		millis(l.Noted), string(l.Halt))
	if err != nil {
		return about(err, "leak in %d", l.Network)
	}
	l.ID, l.Version = id, 1
	return about(t.run(sqlLeakWords, id, secret("leaks.words", id, l.Words)), "words of leak %d", id)
}

// SaveLeak implements [bot.LeakTx].
func (t *tx) SaveLeak(_ context.Context, l *civic.Leak) error {
	n, err := t.exec(sqlSaveLeak, l.ID, l.Version, string(l.Halt), string(l.Verdict), string(l.Told),
		secret("leaks.done", l.ID, l.Done), millis(l.Decided))
	if err := changed(n, err, bot.ErrConflict); err != nil {
		return about(err, "leak %d", l.ID)
	}
	l.Version++
	return nil
}

// Leak implements [bot.LeakTx].
func (t *tx) Leak(_ context.Context, id int64) (civic.Leak, error) {
	l, err := one(t, scanLeak, sqlLeak, id)
	return l, about(err, "leak %d", id)
}

// OpenLeaks implements [bot.LeakTx].
func (t *tx) OpenLeaks(_ context.Context, network civic.AreaID) ([]civic.Leak, error) {
	list, err := all(t, scanLeak, sqlOpenLeaks, int64(network))
	return list, about(err, "open leaks of %d", network)
}

// Reached implements [bot.LeakTx].
func (t *tx) Reached(_ context.Context, scope civic.Scope) ([]bot.Reached, error) {
	list, err := all(t, func(r row) (n bot.Reached, err error) {
		err = r.Scan(&n.Platform, &n.Members)
		return n, err
	}, sqlReached, int64(scope.Network), int64(scope.Group))
	return list, about(err, "who is reached in %d", scope.Network)
}
