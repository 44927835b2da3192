package matrix

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// maxEvent is the largest envelope that is decoded, in bytes; an event has at most 64 KiB.
const maxEvent = 256 << 10

// Decode turns a stored envelope into what happened. It needs nothing but the bytes and our own account. The zero Update
// is nothing for us. An error means that a field we use has a form we do not know.
func (m *Matrix) Decode(raw []byte) (bot.Update, error) {
	if len(raw) > maxEvent {
		return bot.Update{}, fmt.Errorf("decode: event of %d bytes", len(raw))
	}
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return bot.Update{}, fmt.Errorf("decode: %w", err)
	}
	me := m.me()
	event, err := decodeEvent(w, me)
	if err != nil {
		return bot.Update{}, fmt.Errorf("decode %s: %w", w.Type, err)
	}
	if event == nil {
		return bot.Update{}, nil
	}
	return bot.Update{Chat: chatRef(w.Room), From: w.author(event, me), Message: w.message(), Event: event}, nil
}

func chatRef(r wireRoom) bot.ChatRef {
	kind := bot.Group
	if r.Kind == kindPrivate {
		kind = bot.Private
	}
	return bot.ChatRef{Platform: Name, ID: r.ID, Kind: kind, Title: clean(r.Title)}
}

// author is who did it; what happens to a room as a whole is nobody's doing.
func (w wire) author(event bot.Event, me string) bot.UserRef {
	switch event.(type) {
	case bot.Moved, bot.Entitled:
		return bot.UserRef{}
	case bot.Came, bot.WentOut, bot.AskedIn: // it is about them, whoever put them out
		return bot.UserRef{Platform: Name, ID: *w.Key}
	}
	if w.From.ID == "" || w.From.ID == me {
		return bot.UserRef{}
	}
	return bot.UserRef{Platform: Name, ID: w.From.ID, Name: nameOf(w.From.Name)}
}

// decodeEvent gives nil for what is nothing to us.
func decodeEvent(w wire, me string) (bot.Event, error) {
	switch {
	case w.Moved != "":
		return bot.Moved{To: w.Moved}, nil
	case w.Type == typeMember:
		return decodeMember(w, me)
	case w.From.ID == me:
		return nil, nil
	case w.Sealed:
		return bot.Unreadable{}, nil
	}
	switch w.Type {
	case typePowers: // whatever changed: the bot may have been given what it lacked
		return bot.Entitled{}, nil
	case typeTombstone:
		return decodeTombstone(w)
	case typeMessage:
		return decodeMessage(w, me)
	case typeReaction:
		return decodeReaction(w)
	case typeRedaction:
		return decodeRedaction(w), nil
	case typeSticker:
		return bot.Media{Kind: bot.MediaSticker}, nil
	case "m.poll.start", "org.matrix.msc3381.poll.start":
		return bot.Media{Kind: bot.MediaPoll}, nil
	}
	return nil, nil
}

func decodeMessage(w wire, me string) (bot.Event, error) {
	var c message
	if err := json.Unmarshal(w.Content, &c); err != nil {
		return nil, err
	}
	if c.Type == "m.notice" || c.Puppet != "" {
		return nil, nil // bots speak in notices; a bridge repeats what reaches us on the other network
	}
	if c.Relates.Type == "m.replace" {
		return decodeEdit(c, me), nil
	}
	switch c.Type {
	case "m.text", "m.emote":
		return decodeText(c, me), nil
	case "m.location":
		return decodeLocation(c)
	}
	return decodeMedia(c, w.Content), nil
}

func decodeText(c message, me string) bot.Event {
	body, reply, thread := c.words(), c.replyTo(), c.thread()
	if rest, is := addressed(body, me); is {
		body = rest
	}
	if name, args, is := parseCommand(body); is {
		return bot.Command{Name: name, Args: args, ReplyTo: reply, Thread: thread}
	}
	if body == "" {
		return nil
	}
	return bot.Text{Body: body, ReplyTo: reply, Thread: thread}
}

// decodeEdit never makes an edited command look like a new one.
func decodeEdit(c message, me string) bot.Event {
	if c.New == nil || c.Relates.Event == "" {
		return nil
	}
	body, _ := addressed(c.New.words(), me)
	if name, args, is := parseCommand(body); is {
		return bot.Command{Name: name, Args: args, Edited: true}
	}
	if strings.TrimSpace(body) == "" {
		return nil
	}
	return bot.Edited{On: bot.MessageRef(c.Relates.Event), Body: body}
}

// words is what was written, without the quotation that older clients put before an answer.
func (c message) words() string {
	body := clean(c.Body)
	if c.Relates.Reply.Event == "" || !strings.HasPrefix(body, "> ") {
		return body
	}
	lines := strings.Split(body, "\n")
	for len(lines) > 0 && (lines[0] == ">" || strings.HasPrefix(lines[0], "> ")) {
		lines = lines[1:]
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n")
}

// replyTo is the message that is answered. What a thread names for clients without threads is not an answer: people who
// talk in the thread of a card do not talk to us.
func (c message) replyTo() bot.MessageRef {
	if c.Relates.Type == relThread && c.Relates.Fallback {
		return ""
	}
	return bot.MessageRef(c.Relates.Reply.Event)
}

// thread is what opened the thread in which a message stands.
func (c message) thread() bot.MessageRef {
	if c.Relates.Type == relThread {
		return bot.MessageRef(c.Relates.Event)
	}
	return ""
}

// decodeLocation reads "geo:52.09,5.12;u=35" (RFC 5870).
func decodeLocation(c message) (bot.Event, error) {
	place, is := strings.CutPrefix(c.Geo, "geo:")
	place, _, _ = strings.Cut(place, ";")
	parts := strings.Split(place, ",")
	if !is || len(parts) < 2 {
		return nil, fmt.Errorf("no place in %d characters", len(c.Geo))
	}
	latitude, err := strconv.ParseFloat(parts[0], 64)
	if err != nil {
		return nil, fmt.Errorf("latitude: %w", err)
	}
	longitude, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return nil, fmt.Errorf("longitude: %w", err)
	}
	if !(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180) {
		return nil, fmt.Errorf("place is not on earth")
	}
	return bot.Point{At: orb.Point{longitude, latitude}}, nil
}

// decodeMedia names the file by its address, or by all that is needed to decrypt it.
func decodeMedia(c message, raw json.RawMessage) bot.Event {
	e := bot.Media{Kind: mediaKind(c), File: c.URL, ReplyTo: c.replyTo()}
	if c.File != nil {
		var content struct {
			File json.RawMessage `json:"file"`
		}
		_ = json.Unmarshal(raw, &content) // it was read before
		e.File = string(content.File)
	}
	if c.Info.Size > 0 && c.Info.Size < 1<<50 {
		e.Size = int64(c.Info.Size)
	}
	if c.FileName != "" && c.FileName != c.Body {
		e.Caption = c.words()
	}
	return e
}

func mediaKind(c message) bot.MediaKind {
	switch c.Type {
	case "m.image":
		return bot.MediaPhoto
	case "m.video":
		return bot.MediaVideo
	case "m.file":
		return bot.MediaDocument
	case "m.audio":
		if there(c.Voice) || there(c.Spoken) {
			return bot.MediaVoice
		}
	}
	return bot.MediaOther
}

// there reports whether a field was given, whatever its form.
func there(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// decodeReaction takes the reactions that stand for a number; the others are feelings. In a room everybody sees who put
// one under a message of ours, whatever it is.
func decodeReaction(w wire) (bot.Event, error) {
	var c struct {
		Relates relation `json:"m.relates_to"`
	}
	if err := json.Unmarshal(w.Content, &c); err != nil {
		return nil, err
	}
	if c.Relates.Type != "m.annotation" || c.Relates.Event == "" {
		return nil, nil
	}
	mark := bot.MessageRef("")
	if w.Room.Kind != kindPrivate {
		mark = bot.MessageRef(w.ID)
	}
	on := bot.MessageRef(c.Relates.Event)
	if n, is := numberOf(c.Relates.Key); is {
		return bot.Press{On: on, Key: strconv.Itoa(n), Mark: mark}, nil
	}
	if w.Ours && mark != "" {
		return bot.Marked{On: on, Mark: mark}, nil
	}
	return nil, nil
}

func decodeRedaction(w wire) bot.Event {
	if w.Undo == nil && w.Gone != "" {
		return bot.Erased{On: bot.MessageRef(w.Gone)}
	}
	if w.Undo == nil {
		return nil
	}
	return bot.Withdrawn{On: bot.MessageRef(w.Undo.On), Key: w.Undo.Key}
}

// decodeMember reads our own coming and going. In a private room the other person's going is like blocking us, and
// somebody else's coming ends the privacy.
func decodeMember(w wire, me string) (bot.Event, error) {
	var c membership
	if err := json.Unmarshal(w.Content, &c); err != nil {
		return nil, err
	}
	if w.Key == nil {
		return nil, nil
	}
	ours := *w.Key == me
	switch {
	case c.Is == "join" && ours && w.Room.Made && w.From.ID == me:
		return nil, nil // nobody brought us there
	case c.Is == "join" && ours:
		return bot.Joined{}, nil
	case c.Is == "ban" && ours:
		return bot.Left{Why: "kicked"}, nil
	case c.Is == "leave" && ours && w.From.ID != me:
		return bot.Left{Why: "kicked"}, nil
	case c.Is == "leave" && ours:
		return bot.Left{Why: "left"}, nil
	case w.Room.Made:
		return decodeVisitor(c.Is), nil
	case w.Stranger:
		return bot.Left{Why: "not alone any more"}, nil
	case w.Room.Kind == kindPrivate && (c.Is == "leave" || c.Is == "ban"):
		return bot.Left{Why: "blocked"}, nil
	}
	return nil, nil
}

// decodeVisitor reads what another person does to a room that we made.
func decodeVisitor(is string) bot.Event {
	switch is {
	case "join":
		return bot.Came{}
	case "leave", "ban":
		return bot.WentOut{}
	case "knock":
		return bot.AskedIn{}
	}
	return nil
}

// clean drops control characters, which have no business in a text and upset what comes after; lines and tabs stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// longestName is how much of a name is read, in characters.
const longestName = 100

// nameOf is a name as people may see it: text, of some length, that does not turn around what stands after it.
func nameOf(s string) string {
	name := []rune(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, clean(s))))
	return strings.TrimSpace(string(name[:min(len(name), longestName)]))
}
