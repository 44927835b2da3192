package bot

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// HTML is text that is markup already; every other string is escaped when it is put into a text.
type HTML string

// HTML gives the markup.
func (h HTML) HTML() string { return string(h) }

// Texts is everything the bot says.
type Texts interface {
	// Text gives a text in a language, with args as name, value, name, value; strings are escaped, HTML is not.
	Text(lang, key string, args ...any) string
	// Has reports whether the text exists.
	Has(lang, key string) bool
	// Languages lists what is spoken, BCP 47.
	Languages() []string
	// Whole lists the languages that have every text; the others have what residents read in private.
	Whole() []string
}

// Turn is one update being handled: who, where, when, and what will be said.
type Turn struct {
	Now     time.Time
	Chat    Chat
	From    UserRef
	Actor   civic.Member
	Network civic.Network
	Tx      Tx
	Due     time.Time // when the timer that rings now was to ring: earlier than Now after a downtime; zero = none rings

	engine  *Engine
	begun   time.Time     // when it is carried out; zero = at once
	grants  []civic.Grant // of the person, in every network; nil while Actor has all of them
	private int64         // the actor's private chat, once it was looked up
	answer  string        // for the press
	errand  bool          // one was sent
	query   string
	session *Session
	looked  bool       // the session was looked up
	message MessageRef // that came in
	key     string     // of the update; the same when it is handled again
	under   string     // the card that answers in this room hang under; empty = none
	met     string     // the language of what was said, spoken for this turn; empty = the person's
	apart   *Turn      // in private, where the conversation went on; nil = here
}

// Lang is the language to speak in this chat: the member's, else the chat's, else that of the account when the bot
// speaks it, else the network's.
func (t *Turn) Lang() string {
	if t.Chat.Ref.Kind != Private && t.Chat.ID != 0 {
		return t.chatLang(t.Chat)
	}
	return t.speak(t.met, t.Actor.Language, t.Chat.Language, t.From.Language)
}

// Meet makes the turn speak the language in which somebody wrote, in private and this once.
func (t *Turn) Meet(lang string) { t.met = lang }

// chatLang is the language of a room: one that has every text.
func (t *Turn) chatLang(c Chat) string { return t.oneOf(t.engine.whole, c.Language) }

func (t *Turn) speak(wishes ...string) string { return t.oneOf(t.engine.languages, wishes...) }

// oneOf is the first wish that is among the languages, else the network's language.
func (t *Turn) oneOf(languages []string, wishes ...string) string {
	for _, w := range wishes {
		base, _, _ := strings.Cut(w, "-")
		if base != "" && slices.Contains(languages, base) {
			return base
		}
	}
	return t.ownLang()
}

// ownLang is the network's language.
func (t *Turn) ownLang() string {
	if len(t.Network.Languages) > 0 {
		return t.Network.Languages[0]
	}
	return t.engine.languages[0]
}

// Languages lists what can be spoken in this chat, the network's own first: to a person everything that the bot speaks, in
// a room what the network does.
func (t *Turn) Languages() []string {
	all := slices.Clone(t.Network.Languages)
	if t.Chat.Ref.Kind != Private {
		return all
	}
	for _, lang := range t.engine.languages {
		if !slices.Contains(all, lang) && !slices.Contains(t.engine.whole, lang) {
			all = append(all, lang)
		}
	}
	return all
}

// T gives a text in the turn's language. Every text may name {emergency}, the number to call when there is danger.
func (t *Turn) T(key string, args ...any) string { return t.In(t.Lang(), key, args...) }

// In gives a text in another language, in the words of the network's country; one that the language lacks, because staff
// reads it, in the network's own.
func (t *Turn) In(lang, key string, args ...any) string {
	if !slices.Contains(t.engine.whole, lang) && !t.engine.texts.Has(lang, key) {
		lang = t.ownLang()
	}
	lang = t.engine.dialects.of(lang, t.Network.Profile)
	return t.engine.texts.Text(lang, key, append(slices.Clip(args), "emergency", t.emergency())...)
}

// Has reports whether a text exists in the turn's language.
func (t *Turn) Has(key string) bool { return t.engine.texts.Has(t.Lang(), key) }

// LangOf is the language to speak to a person.
func (t *Turn) LangOf(m civic.Member) string { return t.speak(m.Language) }

// LangIn is the language to speak in a chat: in a room one that has every text, in private that of the person.
func (t *Turn) LangIn(ctx context.Context, chat int64) (string, error) {
	c, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return "", fmt.Errorf("language of chat %d: %w", chat, err)
	}
	if c.Ref.Kind != Private {
		return t.chatLang(c), nil
	}
	owner, err := t.Tx.Owner(ctx, chat)
	if err != nil {
		return "", fmt.Errorf("language of chat %d: %w", chat, err)
	}
	if owner == 0 {
		return t.speak(c.Language), nil
	}
	m, err := t.Tx.Member(ctx, owner)
	if err != nil {
		return "", fmt.Errorf("language of chat %d: %w", chat, err)
	}
	return t.speak(c.Language, m.Language), nil
}

// Say tells something in the chat of the turn.
func (t *Turn) Say(ctx context.Context, key string, args ...any) error {
	return t.Post(ctx, t.Chat.ID, LaneAnswer, Message{Text: t.T(key, args...)})
}

// Assure tells what the person relies on, such as the receipt of a report: unlike what [Turn.Say] tells it is sent again
// when it is not certain that it arrived.
func (t *Turn) Assure(ctx context.Context, key string, args ...any) error {
	return t.Post(ctx, t.Chat.ID, LaneRoutine, Message{Text: t.T(key, args...)})
}

// Post tells something in a chat.
func (t *Turn) Post(ctx context.Context, chat int64, lane Lane, m Message) error {
	return t.Mail(ctx, Letter{Chat: chat, Lane: lane, Message: m})
}

// Tell tells a person something in private, in their language; it gives false when there is nowhere to reach them.
func (t *Turn) Tell(ctx context.Context, person int64, lane Lane, write func(lang string) Message) (bool, error) {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return false, fmt.Errorf("tell %d: %w", person, err)
	}
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return false, err
	}
	return true, t.Post(ctx, chat, lane, write(t.LangOf(m)))
}

// Mail enqueues a letter; what it does not say is filled in: it is a post, it expires with its lane, and it gets a token
// when something on it can be pressed.
func (t *Turn) Mail(ctx context.Context, l Letter) error {
	if l.Op == "" {
		l.Op = OpPost
	}
	t.hang(&l)
	chat, err := t.Tx.Chat(ctx, l.Chat)
	if err != nil {
		return fmt.Errorf("letter to chat %d: %w", l.Chat, err)
	}
	desk := t.engine.desk(chat)
	if l.Expires.IsZero() || desk {
		l.Expires = t.Late().Add(l.life(desk))
	}
	t.signed(chat, &l)
	if err := t.guard(ctx, chat, &l); err != nil {
		return err
	}
	if desk {
		if err := t.titled(ctx, &l, t.chatLang(chat)); err != nil {
			return err
		}
	}
	if l.About != "" && l.Token == "" && (len(l.Rows) > 0 || desk) {
		token, err := t.Token()
		if err != nil {
			return err
		}
		l.Token = token
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// Late is when the turn is carried out; Now is when it was asked for. An update that waited, for the program to start or for an
// operator, does what whoever sent it may do by now, and has its answers delivered as long as any other.
func (t *Turn) Late() time.Time {
	if t.begun.After(t.Now) {
		return t.begun
	}
	return t.Now
}

// guard keeps what is said in the rooms of coordinators and partners from being passed on or saved, where the platform can see to
// it: it is about reporters, or about people who asked to be let in.
func (t *Turn) guard(ctx context.Context, chat Chat, l *Letter) error {
	if l.Protect || chat.Ref.Kind == Private {
		return nil
	}
	_, _, err := t.Tx.RoomOf(ctx, chat.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	l.Protect = err == nil
	return err
}

// Life is how long the letter is worth delivering: its lane's life, and ten minutes for an emergency answer.
func (l Letter) Life() time.Duration {
	if l.First {
		return LaneAnswer.Life()
	}
	return l.Lane.Life()
}

// deskLife is how long a letter to a desk is worth delivering: as long as mail servers try.
const deskLife = 5 * 24 * time.Hour

func (l Letter) life(desk bool) time.Duration {
	if desk {
		return deskLife
	}
	return l.Life()
}

// Answer is the line with which the press is acknowledged; without a press it is said in the chat.
func (t *Turn) Answer(ctx context.Context, key string, args ...any) error {
	if t.query == "" {
		return t.Say(ctx, key, args...)
	}
	t.answer = t.T(key, args...)
	return nil
}

// emergency is the number to call at once when there is danger, in the country of the turn's network.
func (t *Turn) emergency() string { return t.Profile().Emergency }

// Token makes 128 random bits in 22 characters.
func (t *Turn) Token() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(t.engine.Rand, raw[:]); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// Random is where chance comes from, for codes.
func (t *Turn) Random() io.Reader { return t.engine.Rand }

// Ref makes a reference that can be read aloud: prefix, hyphen, four characters.
func (t *Turn) Ref(prefix string) (string, error) { return civic.Ref(prefix, t.engine.Rand) }

// Wake sets a timer for an hour: the flow that owns kind is called with ref when it has come.
func (t *Turn) Wake(ctx context.Context, kind, ref string, at time.Time) error {
	return t.Tx.Wake(ctx, Timer{Kind: kind, Ref: ref, At: at})
}

// WakeIn sets a timer that runs out after a stretch of time, also when the clock is set back meanwhile.
func (t *Turn) WakeIn(ctx context.Context, kind, ref string, stretch time.Duration) error {
	timer := Timer{Kind: kind, Ref: ref, At: t.Now.Add(stretch), Stretch: max(stretch, time.Millisecond)}
	return t.Tx.Wake(ctx, timer)
}

// WakeWithin sets a timer like [Turn.WakeIn], unless one that runs out earlier is set already.
func (t *Turn) WakeWithin(ctx context.Context, kind, ref string, stretch time.Duration) error {
	return t.Tx.WakeBy(ctx, Timer{Kind: kind, Ref: ref, At: t.Now.Add(stretch), Stretch: max(stretch, time.Millisecond)})
}

// Audit adds a line to the audit trail in the actor's name.
func (t *Turn) Audit(ctx context.Context, action, object, detail string) error {
	return t.Tx.Audit(ctx, AuditEntry{At: t.Now, Actor: t.Actor.ID, Action: action, Object: object, Detail: detail})
}

// Private is the chat in which the actor is alone with the bot; 0 when there is none yet.
func (t *Turn) Private(ctx context.Context) (int64, error) {
	if t.Chat.Ref.Kind == Private {
		return t.Chat.ID, nil
	}
	if t.private == 0 && !t.Actor.Guest() {
		chat, err := t.Tx.PrivateChat(ctx, t.Actor.ID)
		if err != nil {
			return 0, err
		}
		t.private = chat
	}
	return t.private, nil
}

// Errand sends for something slow; its outcome comes back to the feature that owns kind.
func (t *Turn) Errand(ctx context.Context, kind, ref string, payload []byte) error {
	return t.ErrandTo(ctx, t.Chat.Ref.Platform, Errand{Kind: kind, Ref: ref, Payload: payload})
}

// ErrandTo sends for something slow on another platform than the turn's; Kind, Ref and Payload are the caller's.
func (t *Turn) ErrandTo(ctx context.Context, platform string, e Errand) error {
	t.errand = true
	e.Platform, e.Before = platform, t.Now
	return t.Tx.SendErrand(ctx, e)
}

// About names a thing by kind and number: "case/17".
func About(kind string, id int64) string { return kind + "/" + strconv.FormatInt(id, 10) }
