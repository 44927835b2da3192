package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

const (
	factCheck  = "columns_check"  // a cell that only the right key opens
	factSealed = "columns_sealed" // the key with which everything is sealed

	checkPlace = "meta.value"
	checkWord  = "columns"

	resealAtOnce = 500 // rows in a transaction
)

// shelf is the sealed columns of a table whose rows keep their key: the number or the reference that a cell is bound to.
type shelf struct {
	table   string
	key     string
	columns []string
}

// shelves are all sealed columns, but for those of tables whose rows are looked up by what is sealed.
var shelves = []shelf{
	{"persons", "id", []string{"name"}},
	{"reports", "id", []string{"text", "words", "extra", "persons", "vehicles", "police", "pieces", "point"}},
	{"questions", "id", []string{"text", "answer", "message"}},
	{"notes", "id", []string{"text"}},
	{"sanctions", "id", []string{"words", "appeal"}},
	{"leaks", "id", []string{"words", "done"}},
	{"lookups", "id", []string{"words", "why"}},
	{"media", "id", []string{"data"}},
	{"outbox", "id", []string{"body"}},
	{"errands", "id", []string{"payload"}},
	{"inbox", "external", []string{"raw"}},
	{"cases", "ref", []string{"reason_text"}},
	{"alerts", "ref", []string{"text", "last"}},
}

// sealAll sees to it that the key is the right one, and that everything that is to be sealed is sealed with the newest. It
// goes on where an earlier start was interrupted. The error wraps [ErrKey] when the database has another key.
func (s *Store) sealAll(ctx context.Context) error {
	if s.ring.plain {
		return nil
	}
	var check, done string
	err := s.quietly(ctx, func(t *tx) (err error) {
		if check, err = orZero(one(t, scanText, sqlFact, factCheck)); err != nil {
			return err
		}
		done, err = orZero(one(t, scanText, sqlFact, factSealed))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := s.ring.openText(checkPlace, factCheck, check); err != nil {
		return ErrKey
	}
	if check == "" {
		if err := s.noteKey(ctx, factCheck, s.ring.sealText(checkPlace, factCheck, checkWord)); err != nil {
			return err
		}
	}
	if newest := fmt.Sprintf("%x", s.ring.newest); done != newest {
		return s.resealAll(ctx, newest)
	}
	return nil
}

func (s *Store) noteKey(ctx context.Context, fact, value string) error {
	return s.quietly(ctx, func(t *tx) error { return t.run(sqlSaveFact, fact, value) })
}

// resealAll seals every cell that is not sealed with the newest key.
func (s *Store) resealAll(ctx context.Context, newest string) error {
	for _, step := range []func(*tx) error{resealAccounts, resealChats, resealSessions, resealVersions, resealWords, hidePoints} {
		if err := s.quietly(ctx, step); err != nil {
			return about(err, "seal columns")
		}
	}
	for _, f := range shelves {
		for after, more := int64(0), true; more; {
			err := s.quietly(ctx, func(t *tx) (err error) {
				after, more, err = t.reseal(f, after)
				return err
			})
			if err != nil {
				return about(err, "seal %s", f.table)
			}
		}
	}
	if err := s.noteKey(ctx, factCheck, s.ring.sealText(checkPlace, factCheck, checkWord)); err != nil {
		return err
	}
	if err := s.noteKey(ctx, factSealed, newest); err != nil {
		return err
	}
	return s.Scrub(ctx)
}

// shelved is a row of a shelf as it is read.
type shelved struct {
	id    int64
	key   string
	cells []any
}

// reseal seals some rows after the one of this number, and gives the last of them and whether there may be more.
func (t *tx) reseal(f shelf, after int64) (last int64, more bool, err error) {
	query := fmt.Sprintf("SELECT id, %s, %s FROM %s WHERE id > $1 ORDER BY id LIMIT $2",
		f.key, strings.Join(f.columns, ", "), f.table)
	list, err := all(t, f.scan, query, after, resealAtOnce)
	if err != nil {
		return after, false, err
	}
	for _, at := range list {
		after = at.id
		for i, column := range f.columns {
			cell, changed, err := t.store.ring.renew(f.table+"."+column, at.key, at.key, at.cells[i])
			if err != nil {
				return after, false, err
			}
			if !changed {
				continue
			}
			if err := t.run("UPDATE "+f.table+" SET "+column+" = $2 WHERE id = $1", at.id, cell); err != nil {
				return after, false, err
			}
		}
	}
	return after, len(list) == resealAtOnce, nil
}

func (f shelf) scan(r row) (shelved, error) {
	at := shelved{cells: make([]any, len(f.columns))}
	into := []any{&at.id, &at.key}
	for i := range at.cells {
		into = append(into, &at.cells[i])
	}
	err := r.Scan(into...)
	return at, err
}

// renew gives a cell as it is to be stored in the row to, and whether that is another than it was in the row from.
func (r *ring) renew(place, from, to string, cell any) (any, bool, error) {
	raw, isBytes := cell.([]byte)
	text, isText := cell.(string)
	if len(raw)+len(text) == 0 {
		return cell, false, nil
	}
	if isText {
		var err error
		if raw, err = unmarked(text); err != nil {
			return r.sealText(place, to, text), true, nil //nolint:nilerr // it was never sealed
		}
	}
	if from == to && r.isNewest(raw) {
		if _, err := r.open(place, from, raw); err == nil {
			return cell, false, nil
		}
	}
	value, err := r.open(place, from, raw)
	switch {
	case errors.Is(err, errNotSealed) && isBytes:
		return r.seal(place, to, raw), true, nil
	case errors.Is(err, errNotSealed):
		return r.sealText(place, to, text), true, nil
	case err != nil:
		return nil, false, err
	case isBytes:
		return r.seal(place, to, value), true, nil
	}
	return r.sealText(place, to, string(value)), true, nil
}

const (
	sqlResealAccounts = "SELECT id, platform, external, sealed FROM accounts ORDER BY id"
	sqlResealAccount  = "UPDATE accounts SET external = $2, sealed = $3 WHERE id = $1"
	sqlResealChats    = "SELECT id, platform, external, sealed, title FROM chats ORDER BY id"
	sqlResealChat     = "UPDATE chats SET external = $2, sealed = $3, title = $4 WHERE id = $1"
	sqlResealSessions = "SELECT chat, parked, account, sealed, answers FROM sessions ORDER BY chat"
	sqlResealSession  = "UPDATE sessions SET account = $4, sealed = $5, answers = $6" +
		" WHERE chat = $1 AND parked = $2 AND account = $3"
	sqlResealVersions = "SELECT a.ref || '/' || v.version, v.alert, v.version, v.text, v.last FROM alert_versions v" +
		" JOIN alerts a ON a.id = v.alert"
	sqlResealVersion   = "UPDATE alert_versions SET text = $3, last = $4 WHERE alert = $1 AND version = $2"
	sqlResealHandovers = "SELECT case_id || '/' || partner, case_id, partner, words FROM handovers WHERE words <> ''"
	sqlResealHandover  = "UPDATE handovers SET words = $3 WHERE case_id = $1 AND partner = $2"
	sqlBarePoints      = "SELECT id, longitude, latitude FROM reports WHERE longitude IS NOT NULL AND latitude IS NOT NULL"
	sqlHidePoint       = "UPDATE reports SET point = $2, longitude = NULL, latitude = NULL WHERE id = $1"
)

// known is a row that is looked up by something that is sealed.
type known struct {
	id, parked       int64
	platform, lookup string
	sealed, more     any
}

// who is what the row's lookup stands for, in plain.
func (k known) who(r *ring, place string) (string, error) {
	cell, _ := k.sealed.(string)
	who, err := r.openText(place, k.lookup, cell)
	if cell == "" || errors.Is(err, errNotSealed) {
		return k.lookup, nil
	}
	return who, err
}

func resealAccounts(t *tx) error {
	list, err := all(t, func(r row) (k known, err error) {
		return k, r.Scan(&k.id, &k.platform, &k.lookup, &k.sealed)
	}, sqlResealAccounts)
	for _, k := range list {
		who, failed := k.who(t.store.ring, placeAccount)
		if err = errors.Join(err, failed); err != nil {
			break
		}
		lookup := t.store.ring.find(placeAccount, k.platform, who)
		err = t.run(sqlResealAccount, k.id, lookup, sealing{placeAccount, lookup, who})
	}
	return err
}

func resealChats(t *tx) error {
	list, err := all(t, func(r row) (k known, err error) {
		return k, r.Scan(&k.id, &k.platform, &k.lookup, &k.sealed, &k.more)
	}, sqlResealChats)
	for _, k := range list {
		who, failed := k.who(t.store.ring, placeChat)
		if err = errors.Join(err, failed); err != nil {
			break
		}
		lookup := t.store.ring.find(placeChat, k.platform, who)
		title, _, failed := t.store.ring.renew(placeTitle, k.lookup, lookup, k.more)
		if failed != nil {
			return failed
		}
		err = t.run(sqlResealChat, k.id, lookup, sealing{placeChat, lookup, who}, title)
	}
	return err
}

func resealSessions(t *tx) error {
	list, err := all(t, func(r row) (k known, err error) {
		return k, r.Scan(&k.id, &k.parked, &k.lookup, &k.sealed, &k.more)
	}, sqlResealSessions)
	for _, k := range list {
		who, failed := k.who(t.store.ring, placeSession)
		if err = errors.Join(err, failed); err != nil {
			break
		}
		lookup := t.store.ring.find(placeSession, who)
		answers, _, failed := t.store.ring.renew(placeAnswers, k.lookup, lookup, k.more)
		if failed != nil {
			return failed
		}
		err = t.run(sqlResealSession, k.id, k.parked, k.lookup, lookup, sealing{placeSession, lookup, who}, answers)
	}
	return err
}

func resealVersions(t *tx) error {
	type version struct {
		key        string
		alert, nth int64
		text, last any
	}
	list, err := all(t, func(r row) (v version, err error) {
		return v, r.Scan(&v.key, &v.alert, &v.nth, &v.text, &v.last)
	}, sqlResealVersions)
	if err != nil {
		return err
	}
	for _, v := range list {
		text, _, err1 := t.store.ring.renew(placeVersionText, v.key, v.key, v.text)
		last, _, err2 := t.store.ring.renew(placeVersionLast, v.key, v.key, v.last)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if err := t.run(sqlResealVersion, v.alert, v.nth, text, last); err != nil {
			return err
		}
	}
	return nil
}

func resealWords(t *tx) error {
	type handover struct {
		key, partner string
		number       int64
		words        any
	}
	list, err := all(t, func(r row) (h handover, err error) {
		return h, r.Scan(&h.key, &h.number, &h.partner, &h.words)
	}, sqlResealHandovers)
	if err != nil {
		return err
	}
	for _, h := range list {
		words, changed, err := t.store.ring.renew(placeWords, h.key, h.key, h.words)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		if err := t.run(sqlResealHandover, h.number, h.partner, words); err != nil {
			return err
		}
	}
	return nil
}

// hidePoints takes exact places out of columns of numbers, which cannot be sealed.
func hidePoints(t *tx) error {
	type place struct {
		id       int64
		lon, lat float64
	}
	list, err := all(t, func(r row) (p place, err error) { return p, r.Scan(&p.id, &p.lon, &p.lat) }, sqlBarePoints)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := t.run(sqlHidePoint, p.id, secret("reports.point", p.id, any(pointText(p.lon, p.lat)))); err != nil {
			return err
		}
	}
	return nil
}

// NeedsKey reports whether the database at path has sealed columns, so that a key that is missing must be put back and
// not made anew. A file that is not there, or is no database yet, needs none.
func NeedsKey(ctx context.Context, path string) (bool, error) {
	return asks(ctx, path, "meta", sqlHasFact, factCheck)
}

// asks reports whether a count in a table of a database that nobody needs to have opened is more than nothing. What is wrong
// with the file is told when it is opened.
func asks(ctx context.Context, path, table, query string, args ...any) (bool, error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return false, nil
	}
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }() // it was only read
	var n int64
	if err := db.QueryRowContext(ctx, sqlHasTable, table).Scan(&n); err != nil || n == 0 {
		return false, explain(err)
	}
	err = db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n > 0, explain(err)
}

const sqlHasFact = "SELECT count(*) FROM meta WHERE key = $1"
