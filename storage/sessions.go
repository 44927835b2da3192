package storage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sessionColumns = "chat, account, form, answers, answered, asked, touched, expires, parked, reminded, sealed"

	sqlSession     = "SELECT " + sessionColumns + " FROM sessions WHERE chat = $1 AND account = $2 AND parked = $3"
	sqlSaveSession = "INSERT INTO sessions (" + sessionColumns + ")" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (chat, account, parked) DO UPDATE SET" +
		" form = excluded.form, answers = excluded.answers, answered = excluded.answered, asked = excluded.asked," +
		" touched = excluded.touched, sealed = excluded.sealed, expires = excluded.expires, reminded = excluded.reminded"
	sqlEndSession  = "DELETE FROM sessions WHERE chat = $1 AND account = $2 AND parked = $3"
	sqlParkSession = "UPDATE sessions SET parked = 1 WHERE chat = $1 AND account = $2 AND parked = 0"
	sqlOldSessions = "SELECT " + sessionColumns + " FROM sessions WHERE touched < $1 ORDER BY touched, chat LIMIT $2"
)

// storedSession is a form as it stands in the file. One that is torn cannot be read any more: it counts as none, so that the
// person can begin anew.
type storedSession struct {
	bot.Session
	lookup string
	torn   bool
}

func scanSession(r row) (storedSession, error) {
	var (
		s                                  storedSession
		answered                           string
		touched, expires, parked, reminded int64
	)
	err := r.Scan(&s.Chat, &s.lookup, &s.Form, sealed(placeAnswers, &s.lookup, &s.Answers).orTorn(&s.torn), &answered, &s.Asked,
		&touched, &expires, &parked, &reminded, sealed(placeSession, &s.lookup, &s.Account).orTorn(&s.torn))
	s.Answered = strings.Fields(answered)
	s.Touched, s.Expires = moment(touched), moment(expires)
	s.Parked, s.Reminded = parked == 1, reminded == 1
	return s, err
}

// lookup is what the form of an account is found by.
func (t *tx) lookup(account string) string { return t.store.ring.find(placeSession, account) }

// session gives nil when there is none. Somebody who is filling in a form changes it with every line, so it is remembered.
func (t *tx) session(chat int64, account string, parked bool) (*bot.Session, error) {
	at := desk{chat, account, parked}
	if known, ok := t.mem.forms.get(at); ok {
		return copied(known), nil
	}
	list, err := all(t, scanSession, sqlSession, chat, t.lookup(account), bit(parked))
	if err != nil {
		return nil, about(err, "session in chat %d", chat)
	}
	var s *bot.Session
	if len(list) > 0 && !list[0].torn {
		s = &list[0].Session
	}
	t.mem.forms.put(at, s)
	return copied(s), nil
}

// copied is a form of which the caller may change everything but the bytes of its answers.
func copied(s *bot.Session) *bot.Session {
	if s == nil {
		return nil
	}
	own := *s
	own.Answered = slices.Clone(s.Answered)
	return &own
}

// Session implements [bot.SessionTx].
func (t *tx) Session(_ context.Context, chat int64, account string) (*bot.Session, error) {
	return t.session(chat, account, false)
}

// ParkedSession implements [bot.SessionTx].
func (t *tx) ParkedSession(_ context.Context, chat int64, account string) (*bot.Session, error) {
	return t.session(chat, account, true)
}

// SaveSession implements [bot.SessionTx]. One that says it is parked is stored as the parked one.
func (t *tx) SaveSession(_ context.Context, s *bot.Session) error {
	lookup := t.lookup(s.Account)
	err := t.run(sqlSaveSession, s.Chat, lookup, s.Form, sealing{placeAnswers, lookup, s.Answers},
		strings.Join(s.Answered, " "), s.Asked, millis(s.Touched), millis(s.Expires), bit(s.Parked),
		bit(s.Reminded), sealing{placeSession, lookup, s.Account})
	t.mem.touch()
	t.mem.forms.put(desk{s.Chat, s.Account, s.Parked}, stored(s))
	return about(err, "session in chat %d", s.Chat)
}

// stored is a form as it would be read again: its times in whole milliseconds, and nothing that a turn noted on it.
func stored(s *bot.Session) *bot.Session {
	return &bot.Session{
		Chat: s.Chat, Account: s.Account, Form: s.Form, Answers: slices.Clone(s.Answers), Answered: slices.Clone(s.Answered),
		Asked: s.Asked, Touched: moment(millis(s.Touched)), Expires: moment(millis(s.Expires)), Parked: s.Parked,
		Reminded: s.Reminded,
	}
}

// EndSession implements [bot.SessionTx].
func (t *tx) EndSession(_ context.Context, chat int64, account string) error {
	return t.endSession(desk{chat, account, false})
}

// EndParked implements [bot.SessionTx].
func (t *tx) EndParked(_ context.Context, chat int64, account string) error {
	return t.endSession(desk{chat, account, true})
}

func (t *tx) endSession(at desk) error {
	t.mem.touch()
	t.mem.forms.put(at, nil)
	return about(t.run(sqlEndSession, at.chat, t.lookup(at.account), bit(at.parked)), "end session in chat %d", at.chat)
}

// ParkSession implements [bot.SessionTx]; a form that was parked before is forgotten when there is an open one.
func (t *tx) ParkSession(ctx context.Context, chat int64, account string) error {
	open, err := t.session(chat, account, false)
	if err != nil || open == nil {
		return err
	}
	if err := t.EndParked(ctx, chat, account); err != nil {
		return err
	}
	return about(t.run(sqlParkSession, chat, t.lookup(account)), "park session in chat %d", chat)
}

// OldSessions implements [bot.SessionTx].
func (t *tx) OldSessions(_ context.Context, before time.Time, limit int) ([]bot.Session, error) {
	stored, err := all(t, scanSession, sqlOldSessions, millis(before), limit)
	if err != nil {
		return nil, about(err, "old sessions")
	}
	var list []bot.Session
	for _, s := range stored {
		if !s.torn {
			list = append(list, s.Session)
		} else if err := t.run(sqlEndSession, s.Chat, s.lookup, bit(s.Parked)); err != nil { // that counts as none already
			return nil, about(err, "torn session in chat %d", s.Chat)
		}
	}
	return list, nil
}
