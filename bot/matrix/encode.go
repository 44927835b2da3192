package matrix

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

// letterKey stands in the content of every message of ours, outside of what is encrypted. It names the letter, the part
// of it, and a hash of what the part says.
const letterKey = "org.buurtbot.letter"

// partsKey stands beside it, and names the events of the letter that came before.
const partsKey = "org.buurtbot.parts"

// part is one of the events that a letter may need.
type part struct {
	number int
	photo  []byte // a picture, or else
	text   marked
	hash   string
}

// plan lists the events that deliver a letter: its pictures, then its words. The words are what is pressed and edited.
func plan(l bot.Letter, photos [][]byte, me string) ([]part, error) {
	var parts []part
	if l.Op != bot.OpEdit {
		for _, p := range photos {
			parts = append(parts, part{number: len(parts), photo: p, hash: digest(p)})
		}
	}
	text := words(l, me)
	if strings.TrimSpace(text.plain) != "" {
		both := []byte(text.html + "\x00" + text.plain)
		parts = append(parts, part{number: len(parts), text: text, hash: digest(both)})
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("letter %d has nothing in it", l.ID)
	}
	return parts, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

// words is the letter's text with its choices under it, numbered as the engine counts them. Where all choices lead out
// of the question, the person answers in words, and the ways out are named without a number.
func words(l bot.Letter, me string) marked {
	text := strings.TrimRight(strings.ToValidUTF8(l.Text, "\uFFFD"), " \n")
	list := choices(l, me)
	if text != "" && list != "" {
		text += "\n\n"
	}
	out := render(text + list).within()
	if l.Plain {
		out.html = ""
	}
	return out
}

func choices(l bot.Letter, me string) string {
	const link = `%s: <a href="https://matrix.to/#/%s">%s</a> (!start %s)`
	var lines, ways, links []string
	options := numbered(l.Message)
	for _, c := range l.Choices() {
		label := html.EscapeString(strings.ToValidUTF8(c.Label, "\uFFFD"))
		switch {
		case c.Word != "": // the text says what to type
		case c.Link != "":
			links = append(links, fmt.Sprintf(link, label, me, me, html.EscapeString(c.Link)))
		case l.Token == "":
		case options > 0:
			lines = append(lines, strconv.Itoa(len(lines)+1)+". "+label)
		default:
			ways = append(ways, label)
		}
	}
	if len(ways) > 0 {
		lines = append(lines, "<i>"+strings.Join(ways, between(ways))+"</i>")
	}
	return strings.Join(append(lines, links...), "\n")
}

// between is what stands between ways out: a dot, unless one of them has such a dot itself.
func between(ways []string) string {
	const dot = " · "
	if slices.ContainsFunc(ways, func(way string) bool { return strings.Contains(way, dot) }) {
		return "\n"
	}
	return dot
}

// numbered is how many choices of a message have a number: all that can be pressed, or none when all lead out of it, or
// when a word is to be typed, for which no tap may stand in.
func numbered(m bot.Message) int {
	n, answers := 0, 0
	for _, c := range m.Choices() {
		if c.Word != "" {
			return 0
		}
		if c.Key == "" {
			continue
		}
		n++
		if !c.Way() {
			answers++
		}
	}
	if answers == 0 {
		return 0
	}
	return n
}

// key is what the part carries in its content.
func (p part) key(letter int64) string { return fmt.Sprintf("%d.%d.%s", letter, p.number, p.hash) }

// transaction is the id under which the server drops a repeat. A change is made anew at each try: another may have come in
// between, and twice is the same as once.
func (p part) transaction(l bot.Letter, c content) string {
	if _, changes := c["m.new_content"]; changes {
		return fmt.Sprintf("bb.%s.%s.%d", l.Op, p.key(l.ID), l.Tries)
	}
	return fmt.Sprintf("bb.%s.%s", l.Op, p.key(l.ID))
}

// content is a message's content as JSON, with our key in it.
type content map[string]any

// letterContent writes a text. Nobody is mentioned but on purpose: without the empty list, clients and servers look for
// names in the words.
func (p part) letterContent(l bot.Letter) content {
	c := content{"msgtype": msgType(l), "body": p.text.plain, "m.mentions": map[string]any{}}
	if p.text.html != "" && p.text.html != lines(p.text.plain) {
		c["format"], c["formatted_body"] = "org.matrix.custom.html", p.text.html
	}
	return c
}

// msgType is a notice for what must wake nobody: no server lets a notice ring.
func msgType(l bot.Letter) string {
	if l.Silent || l.Erases || l.Op == bot.OpEdit && l.Lane != bot.LaneUrgent {
		return "m.notice"
	}
	return "m.text"
}

// edits makes a text the new words of an older message.
func (c content) edits(on bot.MessageRef) content {
	shown := maps.Clone(c)
	shown["body"] = "* " + fmt.Sprint(c["body"])
	if f, is := c["formatted_body"].(string); is {
		shown["formatted_body"] = "* " + f
	}
	shown["m.new_content"] = c
	shown["m.relates_to"] = map[string]any{"rel_type": "m.replace", "event_id": string(on)}
	return shown
}

// hangs says what a message answers and in whose thread it stands. In a thread that answers nothing, clients without
// threads show it as an answer to the card.
func (c content) hangs(l bot.Letter) content {
	about := map[string]any{}
	to := l.Reply
	if l.Root != "" {
		about["rel_type"], about["event_id"] = relThread, string(l.Root)
		if to == "" {
			to, about["is_falling_back"] = l.Root, true
		}
	}
	if to != "" {
		about["m.in_reply_to"] = map[string]any{"event_id": string(to)}
		c["m.relates_to"] = about
	}
	return c
}

func (c content) json() (json.RawMessage, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	return raw, nil
}
