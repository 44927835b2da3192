package storage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	// Emergency answers have rank 0. What may have arrived already is left to end as that.
	sqlHush = "UPDATE outbox SET state = 'superseded', body = '' WHERE state = 'pending' AND uncertain = 0 AND op = 'post'" +
		" AND rank > 0 AND chat IN (SELECT chat FROM accounts WHERE person = $1)"

	// Letters of the first lanes may overtake; they are never behind, and neither is what is kept for later.
	sqlEnqueue = "INSERT INTO outbox (chat, rank, state, op, not_before, expires, plain, card, report, about, version," +
		" keys, person, created, token, why, body, id, behind)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18," +
		" CASE WHEN $2 >= 2 AND $5 <= $14 AND EXISTS (SELECT 1 FROM outbox e WHERE e.chat = $1 AND e.state = 'pending'" +
		" AND (e.tries > 0 OR e.not_before <= $14)) THEN 1 ELSE 0 END)"
	// Of the old letter stay its number, its place in the line, whether it is a post, and what the network said about
	// trying again.
	sqlReplace = "UPDATE outbox SET behind = CASE WHEN $3 < 2 THEN 0 ELSE behind END," +
		" rank = CASE WHEN rank < $3 THEN rank ELSE $3 END," +
		" not_before = CASE WHEN tries > 0 AND not_before > $4 THEN not_before ELSE $4 END," +
		" expires = $5, plain = $6, report = $7, about = $8, version = $9, keys = $10, person = $11, token = $12," +
		" body = $13 WHERE id = $1 AND chat = $2"
	// What was never tried, and waits for its own time, goes on waiting.
	sqlResume      = "UPDATE outbox SET not_before = $2 WHERE chat = $1 AND state = 'pending' AND tries > 0 AND not_before > $2"
	sqlWaitingCard = "SELECT id, op, body FROM outbox WHERE card = $1 AND card <> '' AND chat = $2 AND state = 'pending'" +
		" ORDER BY id"
	// There are several when one was put off on whose way the next was written.
	sqlDropLater = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'superseded' END, body = ''" +
		" WHERE card = $1 AND card <> '' AND chat = $2 AND state = 'pending' AND id > $3"
	sqlPlaceCard   = "INSERT INTO cards (card, chat) VALUES ($1, $2) ON CONFLICT (card, chat) DO NOTHING"
	sqlCardChats   = "SELECT chat, message, version, writes, last FROM cards WHERE card = $1 ORDER BY chat"
	sqlCardsOfKind = "SELECT DISTINCT card FROM cards WHERE card > $1 || '/' AND card < $1 || '0' ORDER BY card" // 0 is next to /
	sqlForgetCards = "DELETE FROM cards WHERE chat = $1"
	// Where cards are forgotten nothing more is told, but what changes a message that stands there still does: it may take words
	// away. Such a letter belongs to no card any more, and knows its message itself. Alerts go where they were sent.
	placeOf   = "(SELECT c.message FROM cards c WHERE c.card = outbox.card AND c.chat = outbox.chat AND c.message <> '')"
	sqlUntold = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'superseded' END, body = ''" +
		" WHERE chat = $1 AND state = 'pending' AND report = '' AND (op = 'post' OR " + placeOf + " IS NULL)"
	sqlLoosen = "UPDATE outbox SET message = " + placeOf + ", card = '' WHERE chat = $1 AND state IN ('pending', 'sending')" +
		" AND op = 'edit' AND card <> '' AND " + placeOf + " IS NOT NULL"
	sqlLetLand = "UPDATE outbox SET called_back = 1, card = '' WHERE chat = $1 AND state = 'sending' AND op = 'post'" +
		" AND report = ''"
	sqlCardPlace = "SELECT chat, message, version, writes, last FROM cards WHERE card = $1 AND chat = $2"

	// In one SELECT, min and max would read the whole table.
	sqlBuckets = "SELECT coalesce((SELECT min(id) FROM outbox), 0) / 1024, coalesce((SELECT max(id) FROM outbox), 0) / 1024"

	renderingColumns = "o.id, o.chat, o.about, o.version, o.keys, o.person, o.message, o.op = 'edit'"
	// From the newest thousand of letters back to the oldest; the first hit ends the search.
	bucketsDown = "WITH RECURSIVE buckets (n) AS (SELECT $1 UNION ALL SELECT n - 1 FROM buckets WHERE n > $2) "

	sqlByToken = bucketsDown + "SELECT " + renderingColumns + " FROM buckets CROSS JOIN outbox o" +
		" WHERE o.id / 1024 = buckets.n AND o.token = $3 AND o.token IS NOT NULL LIMIT 1"
	sqlByMessage = bucketsDown + "SELECT " + renderingColumns + " FROM buckets CROSS JOIN outbox o" +
		" WHERE o.id / 1024 = buckets.n AND o.chat = $3 AND o.message = $4" +
		" AND o.state NOT IN ('pending', 'sending') ORDER BY buckets.n DESC, o.id DESC LIMIT 1"
	sqlNewest = bucketsDown + "SELECT " + renderingColumns + " FROM buckets CROSS JOIN outbox o" +
		" WHERE o.id / 1024 = buckets.n AND o.chat = $3 AND o.message <> ''" +
		" AND o.state NOT IN ('pending', 'sending') ORDER BY buckets.n DESC, o.id DESC LIMIT 1"
)

// body is what of a letter is blanked when it has ended. The token stands here in plain, because it must be sent, and
// as a hash beside it, because a press must be traced when this is gone.
type body struct {
	bot.Message
	Token string `json:"token,omitempty"`
}

func hashToken(token string) []byte {
	if token == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// rankOf sorts letters: emergency answers, then the lanes.
func rankOf(l *bot.Letter) int64 {
	if l.First {
		return 0
	}
	return 1 + int64(l.Lane)
}

// keysOf lists what can be chosen on a message as "key=label", where the label is sealed: people may be named in it.
func (t *tx) keysOf(m bot.Message) string {
	var keys []string
	for _, c := range m.Choices() {
		if c.Key != "" {
			keys = append(keys, c.Key+"="+t.sealLabel(cmp.Or(c.Word, c.Label)))
		}
	}
	return strings.Join(keys, " ")
}

// sealLabel is what stands in the place of a label: the same for the same words, and too short to be read back.
func (t *tx) sealLabel(label string) string {
	words := bot.Folded(label)
	if words == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(t.store.ring.find("outbox.label", words)))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// Labelled implements [bot.LetterTx].
func (t *tx) Labelled(r bot.Rendering, words string) (string, bool) {
	label, found := t.sealLabel(words), -1
	for i, l := range r.Labels {
		switch {
		case l == "" || l != label:
		case found >= 0:
			return "", false
		default:
			found = i
		}
	}
	if found < 0 {
		return "", false
	}
	return r.Keys[found], true
}

// Enqueue implements [bot.LetterTx]. A letter to a chat that cannot be reached is dead at once.
func (t *tx) Enqueue(_ context.Context, l *bot.Letter) error {
	if l.Op == "" {
		l.Op = bot.OpPost
	}
	c, err := t.chat(l.Chat)
	if err != nil {
		return about(err, "letter")
	}
	if l.Card != "" && c.Reachable {
		replaced, err := t.replace(l)
		if err != nil || replaced {
			return about(err, "card %s to chat %d", l.Card, l.Chat)
		}
	}
	return about(t.enqueue(l, c), "letter to chat %d", l.Chat)
}

func bodyOf(l *bot.Letter) (string, error) {
	text, err := json.Marshal(body{Message: l.Message, Token: l.Token})
	return string(text), err
}

func (t *tx) enqueue(l *bot.Letter, c chat) error {
	text, err := bodyOf(l)
	if err != nil {
		return err
	}
	state, why := bot.LetterPending, ""
	if !c.Reachable {
		state, why, text = bot.LetterDead, "unreachable", ""
	}
	if l.Card != "" {
		if err := t.run(sqlPlaceCard, l.Card, l.Chat); err != nil {
			return err
		}
	}
	id, err := t.nextID("outbox")
	if err != nil {
		return err
	}
	l.ID = id
	return t.run(sqlEnqueue, l.Chat, rankOf(l), string(state), string(l.Op), millis(l.Before), millis(l.Expires),
		bit(l.Plain), l.Card, l.Report, l.About, l.Version, t.keysOf(l.Message), l.Person, millis(t.store.now()),
		hashToken(l.Token), why, secret("outbox.body", id, text), id)
}

// writtenLetter is a letter and what it says, with one more of its columns.
type writtenLetter struct {
	id int64
	of string
	body
}

// scanWritten takes a letter that nobody can read any more for one that erases, and that tells what somebody told: what it was
// to take away is taken away, and what it may not tell stays untold.
func scanWritten(r row) (writtenLetter, error) {
	var (
		l    writtenLetter
		text []byte
		torn bool
	)
	err := r.Scan(&l.id, &l.of, sealed("outbox.body", &l.id, &text).orTorn(&torn))
	if torn || json.Unmarshal(text, &l.body) != nil {
		l.Erases, l.Retells = true, true
	}
	return l, err
}

// replace puts a card's letter in the place of those that still wait. What they were to erase is erased by this one.
func (t *tx) replace(l *bot.Letter) (bool, error) {
	waiting, err := all(t, scanWritten, sqlWaitingCard, l.Card, l.Chat)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	was := waiting[0]
	for _, w := range waiting {
		l.Erases = l.Erases || w.Erases
	}
	l.ID, l.Op = was.id, bot.Op(was.of)
	if len(waiting) > 1 {
		if err := t.run(sqlDropLater, l.Card, l.Chat, was.id); err != nil {
			return false, err
		}
	}
	text, err := bodyOf(l)
	if err != nil {
		return false, err
	}
	return true, t.run(sqlReplace, was.id, l.Chat, rankOf(l), millis(l.Before), millis(l.Expires), bit(l.Plain), l.Report,
		l.About, l.Version, t.keysOf(l.Message), l.Person, hashToken(l.Token), secret("outbox.body", was.id, text))
}

func scanPlace(r row) (bot.CardPlace, error) {
	var (
		p    bot.CardPlace
		last int64
	)
	err := r.Scan(&p.Chat, &p.Message, &p.Version, &p.Writes, &last)
	p.Last = moment(last)
	return p, err
}

// CardChats implements [bot.LetterTx].
func (t *tx) CardChats(_ context.Context, card string) ([]bot.CardPlace, error) {
	list, err := all(t, scanPlace, sqlCardChats, card)
	return list, about(err, "places of card %s", card)
}

// CardsOfKind implements [bot.LetterTx].
func (t *tx) CardsOfKind(_ context.Context, kind string) ([]string, error) {
	list, err := all(t, scanText, sqlCardsOfKind, kind)
	return list, about(err, "cards of kind %s", kind)
}

// ForgetCards implements [bot.LetterTx].
func (t *tx) ForgetCards(_ context.Context, chat int64) error {
	for _, query := range []string{sqlUntold, sqlUnaside, sqlLoosen, sqlLetLand, sqlForgetCards} {
		if err := t.run(query, chat); err != nil {
			return about(err, "cards in chat %d", chat)
		}
	}
	return about(t.run(sqlStepUpEverywhere, millis(t.store.now())), "cards in chat %d", chat)
}

func scanRendering(r row) (bot.Rendering, error) {
	var (
		found bot.Rendering
		keys  string
	)
	err := r.Scan(&found.Letter, &found.Chat, &found.About, &found.Version, &keys, &found.Person, &found.Message,
		&found.Edit)
	for offered := range strings.FieldsSeq(keys) {
		key, label := offered, "" // older letters have keys alone
		if i := strings.LastIndexByte(offered, '='); i >= 0 {
			key, label = offered[:i], offered[i+1:]
		}
		found.Keys, found.Labels = append(found.Keys, key), append(found.Labels, label)
	}
	return found, err
}

// Rendering implements [bot.LetterTx]. A token is good in the chat of its letter only.
func (t *tx) Rendering(ctx context.Context, token string, chat int64, on bot.MessageRef) (bot.Rendering, error) {
	if token == "" && on == "" {
		return bot.Rendering{}, bot.ErrNotFound
	}
	oldest, newest, err := t.buckets()
	if err != nil {
		return bot.Rendering{}, about(err, "rendering")
	}
	if token != "" {
		found, err := t.RenderingOf(ctx, token)
		if err == nil && found.Chat != chat {
			return bot.Rendering{}, bot.ErrNotFound
		}
		return found, err
	}
	found, err := one(t, scanRendering, sqlByMessage, newest, oldest, chat, string(on))
	return found, about(err, "rendering by message")
}

// RenderingOf implements [bot.LetterTx].
func (t *tx) RenderingOf(_ context.Context, token string) (bot.Rendering, error) {
	if token == "" {
		return bot.Rendering{}, bot.ErrNotFound
	}
	oldest, newest, err := t.buckets()
	if err != nil {
		return bot.Rendering{}, about(err, "rendering")
	}
	found, err := one(t, scanRendering, sqlByToken, newest, oldest, hashToken(token))
	return found, about(err, "rendering by token")
}

// Hush implements [bot.LetterTx].
func (t *tx) Hush(_ context.Context, person int64) error {
	return about(t.run(sqlHush, person), "hush the letters to person %d", person)
}

// Resume implements [bot.LetterTx].
func (t *tx) Resume(_ context.Context, chat int64, at time.Time) error {
	return about(t.run(sqlResume, chat, millis(at)), "resume letters to chat %d", chat)
}

// Newest implements [bot.LetterTx].
func (t *tx) Newest(_ context.Context, chat int64) (bot.Rendering, error) {
	oldest, newest, err := t.buckets()
	if err != nil {
		return bot.Rendering{}, about(err, "rendering")
	}
	found, err := one(t, scanRendering, sqlNewest, newest, oldest, chat)
	return found, about(err, "newest rendering")
}

// buckets are the first and the last thousand of letters, or wider bounds that are known without asking.
func (t *tx) buckets() (oldest, newest int64, err error) {
	if last, known := t.mem.ids["outbox"]; known && t.mem.oldest > 0 {
		return t.mem.oldest - 1, last / 1024, nil
	}
	_, err = one(t, func(r row) (int64, error) { return 0, r.Scan(&oldest, &newest) }, sqlBuckets)
	if err == nil && newest > 0 {
		t.mem.oldest = oldest + 1
	}
	return oldest, newest, err
}

// Writes implements [bot.LetterTx].
func (t *tx) Writes(_ context.Context, platform string, since time.Time) ([]bot.Window, error) {
	list, err := all(t, scanWindow, sqlWrites, platform, millis(since))
	return list, about(err, "writes of %s", platform)
}

const sqlWrites = "SELECT o.chat, o.sent_at FROM outbox o JOIN chats c ON c.id = o.chat" +
	" WHERE c.platform = $1 AND o.sent_at IS NOT NULL AND o.sent_at >= $2 ORDER BY o.sent_at"

func scanWindow(r row) (bot.Window, error) {
	var (
		w  bot.Window
		at int64
	)
	err := r.Scan(&w.Chat, &at)
	w.At = moment(at)
	return w, err
}
