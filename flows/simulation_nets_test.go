package flows_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// faulty is a network that fails. Every network of a simulation has the same town behind it; who and what is where, each
// seed decides.
type faulty struct {
	*localStage
	s    *simulation
	name string
	once *ledger // of a network that recognises what is sent again, as Matrix does; nil = it shows it again

	inFlight int64 // the letter whose outcome is not stored yet

	shut  time.Time // the end of the window for all rooms
	known time.Time // the end of the one that was stored

	refusedUntil time.Time // the network refuses everything until then
	refusedAt    time.Time // when it last said so to this run of the program
	refusals     int       // how often it said so
	learnt       bool      // one of its refusals was stored
}

// Name is the network's.
func (f *faulty) Name() string { return f.name }

// Testimony is what the network's server says of the time; it has a clock of its own.
func (f *faulty) Testimony() bot.Testimony {
	return bot.Testimony{Said: f.s.now.Add(-f.s.wrong), Heard: f.s.now}
}

// Caps are the sandbox's, or what a network can do that has no buttons and recognises a letter.
func (f *faulty) Caps() bot.Caps {
	caps := f.localStage.Caps()
	if f.once != nil {
		like := matrix.New(matrix.Config{}).Caps()
		caps.Once, caps.Typed, caps.Sign, caps.Gather = like.Once, like.Typed, like.Sign, like.Gather
	}
	return caps
}

// Decode makes the engine panic in the middle of a batch, once for an update.
func (f *faulty) Decode(body []byte) (bot.Update, error) {
	key := string(body)
	if s := f.s; !s.calm && !s.panicked[key] && s.rand.IntN(60) == 0 {
		s.panicked[key] = true
		panic("simulated mistake")
	}
	u, err := f.localStage.Decode(body)
	if u.Chat.Platform != "" {
		u.Chat.Platform = f.name
	}
	if u.From.Platform != "" {
		u.From.Platform = f.name
	}
	return u, err
}

// networks builds what people are on: everybody on one network; or those who work with reports on Matrix and the streets
// elsewhere; or one of the streets, with who lives there, on Matrix.
func (s *simulation) networks(w *sandbox.World) {
	box := newLocalStage(s.t, *w, func() time.Time { return s.now })
	s.platform = &faulty{localStage: box, s: s, name: sandbox.Name}
	s.nets = []*faulty{s.platform}
	switch s.seed % 3 {
	case 1:
		w.Away = awayOnMatrix("mirjam", "eva", "rachid", "wim", sandbox.DeskRoom, sandbox.PoliceRoom)
	case 2:
		w.Away = awayOnMatrix("meidoorn", canary+"2", canary+"3")
	default:
		return
	}
	s.nets = append(s.nets, &faulty{localStage: box, s: s, name: matrix.Name, once: &ledger{}})
	s.abroad = w.Away
}

func awayOnMatrix(names ...string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = matrix.Name
	}
	return all
}

// netOf is the network of a person or a room.
func (s *simulation) netOf(name string) *faulty {
	if s.abroad[name] != "" {
		return s.nets[1]
	}
	return s.nets[0]
}

// account is how a person is known on their network.
func (s *simulation) account(person string) bot.UserRef {
	return bot.UserRef{Platform: s.netOf(person).name, ID: person}
}

func (s *simulation) platforms() []bot.Platform {
	var all []bot.Platform
	for _, f := range s.nets {
		all = append(all, f)
	}
	return all
}

// deliver lets one of the couriers do something, or else another.
func (s *simulation) deliver() error {
	_, err := s.deliverNext()
	return err
}

func (s *simulation) deliverNext() (bool, error) {
	first := 0
	if len(s.nets) > 1 {
		first = s.rand.IntN(len(s.nets))
	}
	for i := range s.nets {
		n := (first + i) % len(s.nets)
		sent, err := s.couriers[n].DeliverNext(s.ctx)
		if err != nil {
			return sent, err
		}
		f := s.nets[n]
		f.known, f.learnt = f.shut, f.learnt || f.refusals > 0
		f.inFlight = 0
		if sent {
			return true, nil
		}
	}
	return false, nil
}

// ledger is what a homeserver and its rooms know of the letters that were sent there.
type ledger struct{ posts []post }

// post is one of them.
type post struct {
	letter int64
	room   string
	text   string
	at     time.Time
	on     bot.MessageRef
	life   int // how often a copy had been put back by then
}

// How long a homeserver knows a transaction, and how far before a letter was written the adapter looks for it in the room
// (matrix.TestUncertainLetterIsFoundAgain).
const (
	transactions = 24 * time.Hour
	lookedBack   = 10 * time.Minute
)

// find gives what stands in a room for a letter that is sent, if the server or the adapter takes it for sent already.
func (g *ledger) find(l bot.Letter, now time.Time) (post, bool) {
	for _, p := range g.posts {
		here := p.letter == l.ID && p.room == l.To.ID
		switch {
		case here && l.Tries > 1 && !p.at.Before(l.Written.Add(-lookedBack)):
			return p, true
		case here && p.text == l.Text && now.Sub(p.at) < transactions:
			return p, true
		}
	}
	return post{}, false
}

// show lets people read a letter. Where it stands already nothing new is shown, unless it is a card with other words by
// now. What is taken for a letter must be that letter, or nobody ever reads it: P1.
func (f *faulty) show(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if f.once == nil || l.Op != bot.OpPost {
		return f.shown(ctx, l, photos)
	}
	if p, there := f.once.find(l, f.s.now); there {
		if p.life != f.s.restores {
			f.s.t.Errorf("P1: letter %d to %s is taken for one from before a copy was put back: %q", l.ID, l.To.ID, plain(p.text))
		}
		if l.Card == "" || p.text == l.Text {
			return p.on, nil
		}
		l.Op, l.Edits = bot.OpEdit, p.on
		return f.shown(ctx, l, photos)
	}
	on, err := f.shown(ctx, l, photos)
	if err == nil {
		f.once.posts = append(f.once.posts, post{l.ID, l.To.ID, l.Text, f.s.now, on, f.s.restores})
	}
	return on, err
}

// typed makes a press what is done for it where there are no buttons: the words of the choice, or its word, are typed.
func (s *simulation) typed(a act) act {
	if a.kind != "press" || !s.netOf(a.room).Caps().Typed {
		return a
	}
	for _, m := range slices.Backward(s.platform.Messages(a.room)) {
		for _, c := range slices.Concat(m.Rows...) {
			if c.Label != a.text {
				continue
			}
			a.kind, a.reply = "say", a.room != a.person
			if c.Word != "" {
				a.text = c.Word
			}
			return a
		}
	}
	return a
}

// word is what the newest message of a private chat asks to be typed; empty when it asks for nothing.
func (s *simulation) word(who string) string {
	messages := s.platform.Messages(who)
	if len(messages) == 0 {
		return ""
	}
	for _, c := range slices.Concat(messages[len(messages)-1].Rows...) {
		if c.Word != "" {
			return c.Word
		}
	}
	return ""
}

// spell types the word that a deed needs where there are no buttons.
func (s *simulation) spell(who string) {
	if word := s.word(who); word != "" {
		s.step("spell", func() error { return s.act(act{person: who, room: who, kind: "say", text: word, count: 1}) })
		s.settle()
	}
}

// flood lets a resident say line after line within a minute or two, as a machine or a child does, and then that there is
// danger.
func (s *simulation) flood() {
	who := []string{canary + "0", canary + "1", canary + "2"}[s.rand.IntN(3)]
	say := func(text string) {
		s.step("flood", func() error { return s.act(act{person: who, room: who, kind: "say", text: text, count: 1}) })
	}
	for i := range 22 + s.rand.IntN(6) {
		say(s.words(who))
		if i%6 == 5 {
			s.step("poll", s.pollAll)
			s.step("handle", s.handle)
		}
	}
	if s.away[who] {
		return
	}
	before := s.number(lastLetter)
	say(s.story() + " er is brand bij de buren!!")
	for n := 0; n < 3 || n < 100 && s.number("SELECT count(*) FROM inbox WHERE state = 'received'") > 0; n++ {
		s.settle() // until it was heard, whatever fails: after a crash that is one by one
	}
	s.cries = append(s.cries, cry{who, before, s.number(lastLetter), s.restores})
}

// lastLetter asks for the number of the newest letter.
const lastLetter = "SELECT coalesce(max(id), 0) FROM outbox"

// number gives a number that stands in the database now.
func (s *simulation) number(query string) int64 {
	l := s.look(s.path)
	defer l.close()
	n, err := strconv.ParseInt(l.strings(query)[0], 10, 64)
	s.must(err)
	return n
}

// cry is that somebody told of danger in a flood of words.
type cry struct {
	who      string
	letter   int64 // the last one before
	until    int64 // the last one once it was heard: what came later answers something else
	restores int
}

// toCall finds a number to call in danger, in both countries.
var toCall = regexp.MustCompile(`\b(112|101|100)\b`)

// wait reports whether a text is what people read who say too much, which has a number to call in it as well.
func (s *simulation) wait(text string) bool {
	return slices.ContainsFunc(s.texts.Languages(), func(lang string) bool {
		lead, _, _ := strings.Cut(s.texts.Text(lang, "error.flood"), ".")
		return strings.HasPrefix(text, plain(lead))
	})
}

// heard is P18: danger is answered with the number to call, however much its teller said before. An answer that nobody wants
// to have late is excused, as is what a copy does not know that was put back, and what tells somebody who asked what burns: they
// have the number.
func (l leftover) heard() {
	s := l.s
	for _, c := range s.cries {
		answered := slices.ContainsFunc(s.history, func(d delivery) bool {
			return d.room == c.who && d.letter > c.letter && d.letter <= c.until && (d.rank == 0 || toCall.MatchString(d.text) && !s.wait(d.text))
		})
		late := l.rows("SELECT id, state FROM outbox WHERE (chat = $1 OR id <= $3) AND id > $2"+ // who left and came back has another
			" AND state IN ('expired', 'dead', 'unknown', 'superseded')", l.alone(c.who), c.letter, c.until)
		if !answered && len(late) == 0 && c.restores == s.restores && !s.left(c.who) && !l.asked(c) {
			s.t.Errorf("P18: %s told of danger and was not told whom to call", c.who)
		}
	}
}

// asked reports whether a cry was the answer to the question what burns, by somebody who was told whom to call before: after it
// the form goes on.
func (l leftover) asked(c cry) bool {
	chat := l.alone(c.who)
	told := l.strings("SELECT id FROM outbox WHERE chat = $1 AND id <= $2 AND rank = 0 LIMIT 1", chat, c.until)
	questions := l.strings("SELECT about FROM outbox WHERE chat = $1 AND id <= $2 AND about LIKE 'form/%' ORDER BY id DESC LIMIT 2",
		chat, c.until)
	return len(told) > 0 && len(questions) == 2 && questions[1] == whatBurns && questions[0] != whatBurns
}

// whatBurns is the question of the report form for what the fire brigade or an ambulance wants to know.
const whatBurns = "form/report/more"

// alone is our number of the chat in which somebody is alone with the bot, a guest too.
func (l leftover) alone(who string) int64 {
	var chat bot.Chat
	l.s.must(l.s.store.Do(l.s.ctx, func(tx bot.Tx) (err error) {
		chat, err = tx.Enter(l.s.ctx, bot.ChatRef{Platform: l.s.netOf(who).name, ID: who, Kind: bot.Private}, l.s.now)
		return err
	}))
	return chat.ID
}
