package flows_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// matrixStage is a homeserver with the transcript's people and rooms, and the adapter that talks to it.
type matrixStage struct {
	*matrix.Matrix
	t      *testing.T
	server people
	rooms  map[string]string // ids of the rooms, and of the private chats by the person's name
	names  map[string]string // of rooms, by id
	said   map[string]string // the last message of a person in a room
	offers []offer           // every message of the bot's, the oldest first
	seen   []shown
	looks  looks
	inbox  bot.Inbox
	actors []string // since people last looked, in order
	mark   string   // the adapter's checkpoint, which is the stage's because it begins before the database
}

// people is a homeserver as far as the people of a transcript use it.
type people interface {
	CreateRoom(creator string, kind matrixfake.Room, invite ...string) string
	Member(roomID, sender, user, is string) string
	Send(roomID, sender, kind string, content map[string]any) string
	Keep(data []byte) string
	Words(roomID, event string) string
	// transport is how the bot reaches it, and await lets the bot poll until it has seen everything.
	transport() http.RoundTripper
	await(poll func() error) error
}

// inMemory is a homeserver of which the bot sees everything at once.
type inMemory struct{ *matrixfake.Server }

func (s inMemory) transport() http.RoundTripper { return s.Server }

func (inMemory) await(poll func() error) error { return poll() }

// offer is a message of the bot's with what can be chosen on it.
type offer struct {
	room, event string
	choices     []bot.Choice
}

var (
	matrixBot = matrixfake.User("buurtbot")
	caretaker = matrixfake.User("huismeester") // who owns the rooms
)

func newMatrixStage(t *testing.T, tr transcript, w sandbox.World, now func() time.Time) *matrixStage {
	t.Helper()
	fake := matrixfake.New("buurtbot")
	fake.Wait = -1
	return stageOn(t, tr, w, site{now: now, people: inMemory{fake}, address: "http://hs.test"})
}

// site is where a homeserver is.
type site struct {
	now     func() time.Time
	people  people
	address string
}

// stageOn makes the transcript's people and rooms on a homeserver.
func stageOn(t *testing.T, tr transcript, w sandbox.World, at site) *matrixStage {
	t.Helper()
	s := &matrixStage{
		t: t, server: at.people, rooms: map[string]string{}, names: map[string]string{}, said: map[string]string{}, looks: looks{},
	}
	s.Matrix = matrix.New(matrix.Config{
		Homeserver: at.address, User: matrixBot, Password: "secret-buurtbot", Dir: t.TempDir(), Transport: at.people.transport(),
		Now: at.now, Log: testLog(t),
	})
	t.Cleanup(func() { _ = s.Close() })
	cast := everybody(tr, w)
	for _, name := range cast {
		s.alone(name)
	}
	for _, room := range []string{sandbox.DeskRoom, sandbox.PoliceRoom, "kastanje", "meidoorn", "nieuw", "kanaal"} {
		if !bound(w, room) && !strings.Contains(strings.Join(tr.lines, "\n"), "@"+room+" > ") {
			continue
		}
		id := s.server.CreateRoom(caretaker, matrixfake.Room{Name: room})
		for _, name := range visitors(tr, room) {
			s.server.Member(id, caretaker, matrixfake.User(name), "join")
		}
		if bound(w, room) || !strings.Contains(strings.Join(tr.lines, "\n"), "@"+room+" > (unblocks)") {
			s.server.Member(id, caretaker, matrixBot, "join")
		}
		s.rooms[room], s.names[id] = id, room
	}
	err := s.server.await(func() error { return s.PollOnce(t.Context(), marked{s, forgetful{}}) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visitors are those who do something in a room.
func visitors(tr transcript, room string) []string {
	var names []string
	for _, m := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(m[1], "+") {
			if m[2] == "@"+room && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// everybody lists the cast and whoever else does something.
func everybody(tr transcript, w sandbox.World) []string {
	var names []string
	for _, c := range w.Citizens {
		names = append(names, c.ID)
	}
	for _, m := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(m[1], "+") {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// alone gives a person a room with the bot.
func (s *matrixStage) alone(name string) {
	id := s.server.CreateRoom(matrixfake.User(name), matrixfake.Room{Direct: true}, matrixBot)
	s.server.Member(id, matrixBot, matrixBot, "join")
	s.rooms[name], s.names[id] = id, name
}

// marked is an inbox whose checkpoint is the stage's.
type marked struct {
	s *matrixStage
	bot.Inbox
}

// Checkpoint gives the stage's.
func (m marked) Checkpoint(context.Context, string, string) (string, error) { return m.s.mark, nil }

// Receive notes the checkpoint.
func (m marked) Receive(ctx context.Context, platform, account string, rows []bot.Raw, mark string) error {
	err := m.Inbox.Receive(ctx, platform, account, rows, mark)
	if err == nil {
		m.s.mark = mark
	}
	return err
}

// Caps leaves edits as they come: when they are gathered is not what a transcript tells.
func (s *matrixStage) Caps() bot.Caps {
	c := s.Matrix.Caps()
	c.Gather = 0
	return c
}

func (s *matrixStage) platform() bot.Platform       { return s }
func (s *matrixStage) account(person string) string { return matrixfake.User(person) }

func (s *matrixStage) rename(w sandbox.World) sandbox.World {
	for i, c := range w.Citizens {
		w.Citizens[i].ID, w.Citizens[i].Chat = s.account(c.ID), s.rooms[c.ID]
	}
	for i, g := range w.Groups {
		if g.Room != "" {
			w.Groups[i].Room = s.rooms[g.Room]
		}
	}
	for kind, room := range w.Rooms {
		w.Rooms[kind] = s.rooms[room]
	}
	return w
}

func (s *matrixStage) throwOut(ctx context.Context, in bot.Inbox, room string) error {
	s.server.Member(s.rooms[room], caretaker, matrixBot, "leave")
	return s.poll(ctx, in)
}

func (s *matrixStage) do(ctx context.Context, in bot.Inbox, a act) error {
	s.inbox, s.actors = in, append(s.actors, s.account(a.person))
	if err := s.perform(a); err != nil {
		return err
	}
	return s.poll(ctx, in)
}

// sure confirms a deed on a message that was edited, as everybody does on Matrix and nobody elsewhere.
func (s *matrixStage) sure(ctx context.Context, l bot.Letter, on bot.MessageRef) (bot.MessageRef, error) {
	s.react(l.To.ID, s.actors[0], string(on), "1")
	s.actors = s.actors[1:]
	return on, s.poll(ctx, s.inbox)
}

// poll takes in what happened, and what comes of it: an invitation is accepted first and tells of itself then.
func (s *matrixStage) poll(ctx context.Context, in bot.Inbox) error {
	for range 3 {
		if err := s.server.await(func() error { return s.PollOnce(ctx, marked{s, in}) }); err != nil {
			return err
		}
	}
	return nil
}

// perform lets a person act in their client.
func (s *matrixStage) perform(a act) error {
	who, room := s.account(a.person), s.rooms[a.room]
	switch a.kind {
	case "press":
		return s.press(a, who, room)
	case "pin":
		geo := fmt.Sprintf("geo:%g,%g", a.point[1], a.point[0])
		s.server.Send(room, who, "m.room.message", map[string]any{"msgtype": "m.location", "body": "hier", "geo_uri": geo})
	case "media":
		s.share(a, who, room)
	case "block":
		s.server.Member(room, who, who, "leave")
	case "unblock":
		s.comeBack(a.person, a.room)
	case "say":
		s.say(a, who, room)
	default:
		return fmt.Errorf("nobody can %s on Matrix", a.kind)
	}
	return nil
}

// comeBack opens another private chat, or invites the bot to a room.
func (s *matrixStage) comeBack(person, room string) {
	if person != room {
		s.server.Member(s.rooms[room], s.account(person), matrixBot, "invite")
		return
	}
	id := s.server.CreateRoom(s.account(person), matrixfake.Room{Direct: true}, matrixBot)
	s.rooms[person], s.names[id] = id, person
}

var typedCommand = regexp.MustCompile(`^/([a-z_]+)`)

// say writes as people on Matrix do: commands begin with an exclamation mark.
func (s *matrixStage) say(a act, who, room string) {
	key := a.person + "@" + a.room
	text := typedCommand.ReplaceAllString(a.text, "!$1")
	content := map[string]any{"msgtype": "m.text", "body": text, "m.mentions": map[string]any{}}
	switch {
	case a.edited:
		on := s.said[key]
		if on == "" {
			on = "$before"
		}
		s.server.Send(room, who, "m.room.message", map[string]any{
			"msgtype": "m.text", "body": "* " + text, "m.new_content": content,
			"m.relates_to": map[string]any{"rel_type": "m.replace", "event_id": on},
		})
		return
	case a.reply:
		content["m.relates_to"] = map[string]any{"m.in_reply_to": map[string]any{"event_id": s.newest(room)}}
	}
	s.said[key] = s.server.Send(room, who, "m.room.message", content)
}

func (s *matrixStage) share(a act, who, room string) {
	name, kind := "bestand", "m.file"
	switch a.media {
	case bot.MediaPhoto:
		kind = "m.image"
	case bot.MediaVideo:
		kind = "m.video"
	case bot.MediaVoice:
		kind = "m.audio"
	case bot.MediaSticker:
		s.server.Send(room, who, "m.sticker", map[string]any{"body": "kat", "url": "mxc://hs.test/s"})
		return
	case bot.MediaPoll:
		s.server.Send(room, who, "m.poll.start", map[string]any{})
		return
	case bot.MediaDocument, bot.MediaContact, bot.MediaOther:
	}
	content := map[string]any{
		"msgtype": kind, "body": name, "filename": name, "url": s.server.Keep(testPhoto()), "info": map[string]any{"size": a.size},
	}
	if a.text != "" {
		content["body"] = a.text
	}
	if a.media == bot.MediaVoice {
		content["org.matrix.msc3245.voice"] = map[string]any{}
	}
	if a.reply {
		content["m.relates_to"] = map[string]any{"m.in_reply_to": map[string]any{"event_id": s.newest(room)}}
	}
	s.server.Send(room, who, "m.room.message", content)
}

// press chooses on the newest message that has such a choice: by its number, or in words where it has none. A choice with
// a link tells what to write in the private chat.
func (s *matrixStage) press(a act, who, room string) error {
	for _, o := range slices.Backward(s.offers) {
		i := slices.IndexFunc(o.choices, func(c bot.Choice) bool { return c.Label == a.text })
		if o.room != room || i < 0 {
			continue
		}
		switch c := o.choices[i]; {
		case c.Link != "":
			s.text(s.rooms[a.person], who, "!start "+c.Link)
		case wordy(o.choices) && o.event == s.newest(room): // under an older message a number is the only way
			s.text(room, who, c.Label)
		default:
			n := len(slices.DeleteFunc(slices.Clone(o.choices[:i]), func(c bot.Choice) bool { return c.Link != "" })) + 1
			s.react(room, who, o.event, fmt.Sprint(n, "\uFE0F\u20E3"))
		}
		return nil
	}
	return fmt.Errorf("nobody offers [%s] in %s", a.text, a.room)
}

func (s *matrixStage) text(room, who, words string) {
	s.server.Send(room, who, "m.room.message", map[string]any{"msgtype": "m.text", "body": words, "m.mentions": map[string]any{}})
}

func (s *matrixStage) react(room, who, on, with string) {
	s.server.Send(room, who, "m.reaction", map[string]any{
		"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": on, "key": with},
	})
}

// wordy reports whether a message asks for words: its choices have no numbers, but are typed.
func wordy(choices []bot.Choice) bool {
	return !slices.ContainsFunc(choices, func(c bot.Choice) bool { return !c.Way() })
}

// newest finds the message to reply to: the newest of the bot's that has choices, else the newest.
func (s *matrixStage) newest(room string) string {
	last := ""
	for _, o := range slices.Backward(s.offers) {
		if o.room != room {
			continue
		}
		if len(o.choices) > 0 {
			return o.event
		}
		if last == "" {
			last = o.event
		}
	}
	return last
}

func (s *matrixStage) shown() []shown {
	out := s.seen
	s.seen, s.actors = nil, nil
	return out
}

// Send notes what people see then: the words as they stand on the server.
func (s *matrixStage) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	on, err := s.Matrix.Send(ctx, l, photos)
	if err != nil {
		return on, err
	}
	if strings.Contains(l.Text, " is veranderd sinds het er stond") {
		return s.sure(ctx, l, on)
	}
	o := offer{room: l.To.ID, event: string(on), choices: l.Choices()}
	if i := slices.IndexFunc(s.offers, func(old offer) bool { return old.event == o.event }); i >= 0 {
		s.offers[i] = o
	} else {
		s.offers = append(s.offers, o)
	}
	sign := "<"
	if l.Op == bot.OpEdit {
		sign = "="
	}
	text, labels := readChoices(s.server.Words(l.To.ID, string(on)), l.Choices())
	now := shown{who: s.names[l.To.ID], sign: sign, text: text, photos: len(photos)}
	for _, label := range labels {
		now.rows = append(now.rows, []string{label})
	}
	s.seen = s.looks.add(s.seen, o.event, now)
	return on, nil
}

var (
	numberedLine = regexp.MustCompile(`^\d+\. (.*)$`)
	linkLine     = regexp.MustCompile(`^(.*): @buurtbot:hs\.test \(https://matrix\.to/#/@buurtbot:hs\.test\) \(!start .*\)$`)
	shownCommand = regexp.MustCompile(`(^|[\s>("'“„«])!([a-z_]+)`)
)

// readChoices takes the choices off the end of a message, as a person reads them, and writes commands as transcripts do.
func readChoices(body string, offered []bot.Choice) (text string, labels []string) {
	known := func(label string) bool {
		return slices.ContainsFunc(offered, func(c bot.Choice) bool { return c.Label == label })
	}
	lines := strings.Split(body, "\n")
	for len(lines) > 0 {
		last := lines[len(lines)-1]
		found := strings.Split(last, " · ")
		for _, form := range []*regexp.Regexp{numberedLine, linkLine} {
			if m := form.FindStringSubmatch(last); m != nil {
				found = m[1:]
			}
		}
		if len(found) == 0 || slices.ContainsFunc(found, func(label string) bool { return !known(label) }) {
			break
		}
		labels = append(found, labels...)
		lines = lines[:len(lines)-1]
	}
	text = strings.TrimRight(strings.Join(lines, "\n"), "\n")
	return shownCommand.ReplaceAllString(text, "$1/$2"), labels
}

// offMatrix tells why a transcript cannot happen on Matrix; empty when it can.
func offMatrix(tr transcript) string {
	lines := strings.Join(tr.lines, "\n")
	switch {
	case strings.Contains(lines, " > album "):
		return "pictures come one by one"
	case strings.Contains(lines, "@kanaal > "):
		return "there are no channels"
	case regexp.MustCompile(`guest [a-z]{2}\b`).MatchString(tr.header("cast")):
		return "nobody's account tells a language"
	}
	return ""
}

// canOnMatrix reports whether a line can happen there: nothing is passed on, nobody is anonymous, no button stays behind
// when its message is edited, and pictures come one by one.
func canOnMatrix(line string) bool {
	for _, what := range []string{" > anon: ", " > fwd: ", " > old: [", " > (forged)", " > contact"} {
		if strings.Contains(line, what) {
			return false
		}
	}
	return true
}

var (
	pressLine = regexp.MustCompile(`^\w+@(\w+) ~ `)
	rowLine   = regexp.MustCompile(`^( *)\[.*\]$`)
)

// asOnMatrix is a chat as it reads on Matrix, by chats: what acknowledges a press is said in the chat, and choices stand
// below each other, those with a link last. References differ where a line was left out, so they are counted instead.
func asOnMatrix(all []exchange) string {
	refs := map[string]string{}
	count := func(ref string) string {
		if refs[ref] == "" {
			prefix, _, _ := strings.Cut(ref, "-")
			refs[ref] = fmt.Sprintf("%s-#%d", prefix, len(refs)+1)
		}
		return refs[ref]
	}
	var kept []exchange
	for _, e := range all {
		if !canOnMatrix(e.line) {
			continue
		}
		var said []string
		for _, words := range e.said {
			said = append(said, reference.ReplaceAllStringFunc(onMatrix(words), count))
		}
		slices.Sort(said)
		kept = append(kept, exchange{e.line, said})
	}
	return chat(kept)
}

func onMatrix(words string) string {
	words = pressLine.ReplaceAllString(words, "$1 < ")
	if who, rest, is := strings.Cut(words, " ~ "); is && !strings.Contains(who, " ") {
		words = who + " < " + rest
	}
	var out, rows []string
	for _, line := range append(strings.Split(words, "\n"), "") {
		if m := rowLine.FindStringSubmatch(line); m != nil {
			rows = append(rows, strings.Split(strings.ReplaceAll(line, "] [", "]\n"+m[1]+"["), "\n")...)
			continue
		}
		slices.Sort(rows)
		out = append(append(out, rows...), line)
		rows = nil
	}
	return strings.Join(out[:len(out)-1], "\n")
}
