package storage

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	// A letter waits while an earlier one to its chat does. Emergency answers overtake everything but each other; the
	// first lane overtakes the last two, and the second while the first of that was tried in vain. What is kept for later on
	// purpose, over quiet hours or until the hour at which somebody wants it, stands in no line before its time: nothing waits
	// for it. The time follows.
	firstInLine = " NOT EXISTS (SELECT 1 FROM outbox e WHERE e.chat = o.chat AND e.state = 'pending' AND e.id < o.id" +
		" AND e.rank <= CASE o.rank WHEN 0 THEN 0 WHEN 1 THEN CASE WHEN" + triedInVain + " THEN 1 ELSE 2 END ELSE 4 END" +
		" AND (e.tries > 0 OR e.not_before <= "
	triedInVain = " EXISTS (SELECT 1 FROM outbox b WHERE b.chat = o.chat AND b.state = 'pending' AND b.id < o.id" +
		" AND b.rank = 2 AND b.tries > 0)"
	// It waits as well while another one is in flight.
	mayGo = " NOT EXISTS (SELECT 1 FROM outbox f WHERE f.chat = o.chat AND f.state = 'sending') AND" + firstInLine

	// What depends on the chat is not asked here: chats are remembered.
	ready = "SELECT o.id, o.chat, o.rank FROM outbox o" +
		" WHERE o.state = 'pending' AND o.behind = 0 AND o.not_before <= $1 AND (o.expires = 0 OR o.expires > $1)" +
		" AND" + firstInLine + "$1))"

	sqlReadyByLane = ready + " AND (o.rank, o.id) > ($2, $3) ORDER BY o.rank, o.id LIMIT $4"
	sqlReadyOfRank = ready + " AND o.rank = $2 AND o.id > $3 ORDER BY o.rank, o.id LIMIT $4"

	sqlClaim = "UPDATE outbox SET state = 'sending', tries = tries + 1 WHERE outbox.id = $1 AND outbox.state = 'pending'" +
		" AND outbox.not_before <= $2 AND (outbox.expires = 0 OR outbox.expires > $2)" +
		" AND NOT EXISTS (SELECT 1 FROM outbox f WHERE f.chat = outbox.chat AND f.state = 'sending')" +
		" RETURNING id, chat, rank, op, not_before, expires, plain, card, report, about, version, person, tries," +
		" created, message, body," +
		" EXISTS (SELECT 1 FROM outbox b WHERE b.chat = outbox.chat AND b.state = 'pending' AND b.behind = 1)"

	// The next letter of a chat that is behind others steps up. Which of a chat's letters are behind is a
	// hint: it keeps long lines out of sight, and is wrong only on the safe side.
	sqlStepUp = "UPDATE outbox SET behind = 0 WHERE behind = 1 AND state = 'pending'" +
		" AND id = (SELECT min(id) FROM outbox WHERE chat = $1 AND state = 'pending' AND behind = 1)"
	sqlStepUpEverywhere = "UPDATE outbox SET behind = 0 WHERE behind = 1 AND state = 'pending'" +
		" AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.chat = outbox.chat AND e.state = 'pending' AND e.id < outbox.id" +
		" AND (e.tries > 0 OR e.not_before <= $1))"

	// A letter that was called back is not tried again, nor one whose chat was closed meanwhile, and one that may have arrived
	// is not said to be lost.
	stillOpen  = " EXISTS (SELECT 1 FROM chats c WHERE c.id = outbox.chat AND c.reachable = 1)"
	waitsAgain = " $2 = 'pending' AND called_back = 0 AND" + stillOpen
	settled    = " CASE WHEN $2 NOT IN ('dead', 'pending', 'superseded') OR" + waitsAgain + " THEN $2" +
		" WHEN uncertain = 1 OR $6 = 1 THEN 'unknown' WHEN $2 <> 'superseded' AND ($2 = 'dead' OR called_back = 0) THEN 'dead'" +
		" ELSE 'superseded' END"
	sqlSettle = "UPDATE outbox SET state =" + settled + ", message = CASE $3 WHEN '' THEN message ELSE $3 END," +
		" sent_at = CASE $4 WHEN 0 THEN sent_at ELSE $4 END, not_before = $5," +
		" uncertain = CASE $6 WHEN 1 THEN 1 ELSE uncertain END, op = CASE $7 WHEN '' THEN op ELSE $7 END," +
		" plain = CASE $8 WHEN 1 THEN 1 ELSE plain END, why = $9," +
		" body = CASE WHEN" + waitsAgain +
		" OR $2 = 'dead' AND called_back = 0 AND uncertain = 0 AND $6 = 0 AND rank <= 2 AND report = '' THEN body ELSE '' END" +
		" WHERE id = $1 AND state = 'sending' RETURNING card, chat, version, state, called_back"
	sqlCardSent = "INSERT INTO cards (card, chat, message, version, writes, last) VALUES ($1, $2, $3, $4, 1, $5)" +
		" ON CONFLICT (card, chat) DO UPDATE SET version = excluded.version, writes = cards.writes + 1," +
		" last = excluded.last, message = CASE excluded.message WHEN '' THEN cards.message ELSE excluded.message END"

	sqlNextLetter = "SELECT coalesce(min(CASE WHEN o.not_before > c.not_before THEN o.not_before" +
		" WHEN c.not_before > 0 THEN c.not_before ELSE o.created END), 0)" +
		" FROM outbox o CROSS JOIN chats c" +
		" WHERE c.id = o.chat AND o.state = 'pending' AND o.behind = 0 AND c.platform = $1 AND c.reachable = 1" +
		" AND" + mayGo + "$2))"
)

// The ranks that compete by age alone: lanes 1 and 2.
const (
	rankRoutine = 1 + int(bot.LaneRoutine)
	rankAnswer  = 1 + int(bot.LaneAnswer)
)

func scanCandidate(r row) (bot.Candidate, error) {
	var c bot.Candidate
	err := r.Scan(&c.ID, &c.Chat, &c.Rank)
	return c, err
}

// Candidates implements [bot.LetterTx].
func (t *tx) Candidates(_ context.Context, q bot.CandidateQuery) ([]bot.Candidate, error) {
	next := t.nextByLane
	if q.Order == bot.ByAge {
		next = t.nextByAge
	}
	var (
		list []bot.Candidate
		seen = map[int64]bool{} // two letters to one chat may both be free to go, but not at once
	)
	for len(list) < q.Limit {
		page, err := next(q)
		if err != nil {
			return nil, about(err, "candidates of %s", q.Platform)
		}
		for _, c := range page {
			if seen[c.Chat] || len(list) == q.Limit {
				continue
			}
			seen[c.Chat] = true
			to, err := t.chat(c.Chat)
			if err != nil {
				return nil, about(err, "candidates of %s", q.Platform)
			}
			if c.Kind = to.Ref.Kind; to.Ref.Platform == q.Platform && to.Reachable && to.notBefore <= millis(q.At) {
				list = append(list, c)
			}
		}
		if len(page) < q.Limit {
			break
		}
		q.After = page[len(page)-1]
	}
	return list, nil
}

func (t *tx) nextByLane(q bot.CandidateQuery) ([]bot.Candidate, error) {
	after := q.After
	if after.ID == 0 {
		after.Rank = -1
	}
	return all(t, scanCandidate, sqlReadyByLane, millis(q.At), after.Rank, after.ID, q.Limit)
}

func (t *tx) nextByAge(q bot.CandidateQuery) ([]bot.Candidate, error) {
	var list []bot.Candidate
	for _, rank := range []int{rankRoutine, rankAnswer} {
		page, err := all(t, scanCandidate, sqlReadyOfRank, millis(q.At), rank, q.After.ID, q.Limit)
		if err != nil {
			return nil, err
		}
		list = append(list, page...)
	}
	slices.SortFunc(list, func(a, b bot.Candidate) int { return cmp.Compare(a.ID, b.ID) })
	return list[:min(len(list), q.Limit)], nil
}

// claimed is a letter that is about to be sent, and whether others wait behind it.
type claimed struct {
	bot.Letter
	followed bool
}

func scanLetter(r row) (claimed, error) {
	var (
		l                    claimed
		rank, before, expiry int64
		plain, created       int64
		text                 []byte
		b                    body
	)
	err := r.Scan(&l.ID, &l.Chat, &rank, &l.Op, &before, &expiry, &plain, &l.Card, &l.Report, &b.About, &b.Version,
		&l.Person, &l.Tries, &created, &l.Edits, sealed("outbox.body", &l.ID, &text).orTorn(&l.Torn), &l.followed)
	if err != nil {
		return l, err
	}
	about, version := b.About, b.Version
	if json.Unmarshal(text, &b) != nil {
		l.Torn, b = true, body{}
	}
	l.Message, l.Token = b.Message, b.Token
	l.About, l.Version = about, version
	l.First, l.Lane = rank == 0, bot.Lane(max(rank-1, 0))
	l.Before, l.Expires, l.Written, l.Plain = moment(before), moment(expiry), moment(created), plain == 1
	return l, nil
}

// Claim implements [bot.LetterTx].
func (t *tx) Claim(_ context.Context, ids []int64, at time.Time) ([]bot.Letter, error) {
	t.label = "claim"
	letters := make([]bot.Letter, 0, len(ids))
	for _, id := range ids {
		found, err := all(t, scanLetter, sqlClaim, id, millis(at))
		if err != nil {
			return nil, about(err, "claim letter %d", id)
		}
		for _, l := range found {
			if err := t.address(&l.Letter); err != nil {
				return nil, about(err, "claim letter %d", id)
			}
			if l.followed {
				if err := t.run(sqlStepUp, l.Chat); err != nil {
					return nil, about(err, "line of chat %d", l.Chat)
				}
			}
			letters = append(letters, l.Letter)
		}
	}
	return letters, nil
}

// address fills in where a letter goes: the chat, and the message it changes or hangs under. A card that stands nowhere is
// posted.
func (t *tx) address(l *bot.Letter) error {
	c, err := t.chat(l.Chat)
	if err != nil {
		return err
	}
	l.To = c.Ref
	switch {
	case l.Op != bot.OpEdit:
		l.Edits = ""
		return t.hang(l)
	case l.Card == "": // it is of a card that is forgotten
		return nil
	}
	p, err := orZero(one(t, scanPlace, sqlCardPlace, l.Card, l.Chat))
	if err != nil {
		return err
	}
	l.Edits = p.Message
	if l.Edits == "" {
		l.Op = bot.OpPost
	}
	return nil
}

// hang finds the card that a letter hangs under.
func (t *tx) hang(l *bot.Letter) error {
	if l.Thread == "" {
		return nil
	}
	p, err := orZero(one(t, scanPlace, sqlCardPlace, l.Thread, l.Chat))
	l.Root = p.Message
	return err
}

// settledLetter is what matters of a letter once its attempt is over.
type settledLetter struct {
	card       string
	chat       int64
	version    int64
	state      bot.LetterState
	calledBack int64
}

func scanSettled(r row) (settledLetter, error) {
	var s settledLetter
	err := r.Scan(&s.card, &s.chat, &s.version, &s.state, &s.calledBack)
	return s, err
}

// Settle implements [bot.LetterTx]; bot.ErrConflict when the letter is not being sent.
func (t *tx) Settle(_ context.Context, id int64, f bot.Fate) (bot.LetterState, error) {
	t.label = "settle"
	var wrote time.Time // when a write may have reached the network, for the courtesy towards it
	if f.State == bot.LetterSent || f.State == bot.LetterUnknown || f.Uncertain {
		wrote = f.At
	}
	s, err := one(t, scanSettled, sqlSettle, id, string(f.State), string(f.Message), millis(wrote), millis(f.Before),
		bit(f.Uncertain), string(f.Op), bit(f.Plain), f.Why)
	if missing(err) {
		return "", about(bot.ErrConflict, "settle letter %d", id)
	}
	if err != nil {
		return "", about(err, "settle letter %d", id)
	}
	if s.state == bot.LetterSent && s.card != "" {
		err = t.run(sqlCardSent, s.card, s.chat, string(f.Message), s.version, millis(f.At))
		return s.state, about(err, "place of card %s", s.card)
	}
	if s.calledBack == 1 && (s.state == bot.LetterSuperseded || s.state == bot.LetterDead) {
		return s.state, about(errors.Join(t.run(sqlSpare, id), t.run(sqlStepUp, s.chat)), "what follows letter %d", id)
	}
	return s.state, nil
}

// NextLetter implements [bot.LetterTx].
func (t *tx) NextLetter(_ context.Context, platform string) (time.Time, error) {
	at, err := one(t, scanNumber, sqlNextLetter, platform, millis(t.store.now()))
	return moment(at), about(err, "next letter of %s", platform)
}
