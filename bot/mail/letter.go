package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/buurtbot/buurtbot/bot"
)

var (
	markup = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// plain is a text of ours without its markup.
func plain(text string) string { return html.UnescapeString(markup.ReplaceAllString(text, "")) }

// message writes a letter as a mail.
func (m *Mail) message(l bot.Letter, photos [][]byte) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.from.Name, m.from.Address); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := msg.To(l.To.ID); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	code := codeOf(l.Token)
	if code != "" && m.config.Plus {
		back := m.plus(code)
		if err := msg.ReplyTo(back); err != nil {
			return nil, fmt.Errorf("reply to: %w", err)
		}
		if err := msg.EnvelopeFrom(back); err != nil { // a bounce tells by it which letter did not arrive
			return nil, fmt.Errorf("envelope: %w", err)
		}
	}
	msg.SetDateWithValue(m.config.Now())
	msg.SetMessageIDWithValue(m.messageID(l))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.Subject(subject(l))
	if above := threads(l); above != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, above)
		msg.SetGenHeader(gomail.HeaderReferences, above)
	}
	msg.SetBodyString(gomail.TypeTextPlain, body(l, code))
	for i, p := range photos {
		if err := msg.AttachReader("foto-"+strconv.Itoa(i+1)+bot.KindOf(p).Ext, bytes.NewReader(p)); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
	}
	return msg, nil
}

// messageID is the same each time a letter is sent. The number of a letter may come again after a restore, with another
// token.
func (m *Mail) messageID(l bot.Letter) string {
	sum := sha256.Sum256([]byte(l.Token + "\x00" + l.To.ID + "\x00" + l.Text))
	if l.Token != "" {
		sum = sha256.Sum256([]byte(l.Token))
	}
	return fmt.Sprintf("bb.%d.%s@%s", l.ID, hex.EncodeToString(sum[:8]), domainOf(m.from.Address))
}

// threads is the mail under which this one belongs.
func threads(l bot.Letter) string {
	above := l.Root
	if above == "" {
		above = l.Reply
	}
	if above == "" {
		return ""
	}
	return "<" + string(above) + ">"
}

const longestSubject = 70 // characters

func subject(l bot.Letter) string {
	title := strings.TrimSpace(spaces.ReplaceAllString(plain(l.Title), " "))
	if title == "" {
		first, _, _ := strings.Cut(plain(l.Text), "\n")
		title = strings.TrimSpace(spaces.ReplaceAllString(first, " "))
	}
	if r := []rune(title); len(r) > longestSubject {
		title = string(r[:longestSubject]) + "…"
	}
	if threads(l) != "" {
		return "Re: " + title
	}
	return title
}

// body is the text, the choices with their numbers, how else it is answered, and the code.
func body(l bot.Letter, code string) string {
	parts := []string{strings.TrimSpace(plain(l.Text))}
	var choices []string
	for _, c := range l.Choices() {
		if c.Key != "" {
			choices = append(choices, strconv.Itoa(len(choices)+1)+". "+c.Label)
		}
	}
	if len(choices) > 0 {
		parts = append(parts, strings.Join(choices, "\n"))
	}
	if l.Hint != "" {
		parts = append(parts, strings.TrimSpace(plain(l.Hint)))
	}
	if code != "" {
		parts = append(parts, "[bb:"+code+"]")
	}
	return strings.Join(parts, "\n\n") + "\n"
}
