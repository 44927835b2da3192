package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"

	"github.com/emersion/go-message"

	"github.com/buurtbot/buurtbot/bot"
)

// identity is how a mail is known when it comes again: by its Message-ID, or by all of it.
func identity(raw []byte) string {
	name := raw
	if e := parse(raw); e != nil {
		if id := strings.TrimSpace(e.Header.Get("Message-Id")); id != "" {
			name = []byte("id " + id)
		}
	}
	sum := sha256.Sum256(name)
	return hex.EncodeToString(sum[:16])
}

// parse reads the header of a mail; nil when it has none that can be read.
func parse(raw []byte) *message.Entity {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil
	}
	return e
}

// wants reports whether a mail is anything to us; what is not is not stored. What cannot be read is not.
func (m *Mail) wants(raw []byte) (is bool) {
	defer func() {
		if r := recover(); r != nil {
			m.config.Log.Error("mail cannot be read", "panic", fmt.Sprint(r))
			is = false
		}
	}()
	u, err := m.Decode(raw)
	return err == nil && !u.Empty()
}

// Decode implements [bot.Platform]. It needs nothing but the bytes and the configuration.
func (m *Mail) Decode(raw []byte) (bot.Update, error) {
	e := parse(raw)
	if e == nil {
		return bot.Update{}, nil
	}
	if token := m.bounced(e); token != "" {
		return bot.Update{From: bot.UserRef{Platform: Name, ID: "mailer"}, Event: bot.Bounced{Token: token}}, nil
	}
	from, ok := sender(&e.Header)
	if _, us := m.ours(from); !ok || us || machine(&e.Header) || !m.genuine(&e.Header, domainOf(from)) {
		return bot.Update{}, nil
	}
	text := textOf(e)
	return bot.Update{
		From:  bot.UserRef{Platform: Name, ID: from},
		Event: bot.Reply{Token: m.token(&e.Header, text), Body: answer(text)},
	}, nil
}

// sender is the one address that a mail says to be from.
func sender(h *message.Header) (string, bool) {
	fields := h.FieldsByKey("From")
	if fields.Len() != 1 {
		return "", false
	}
	text, err := h.Text("From")
	if err != nil && text == "" {
		return "", false
	}
	list, err := mail.ParseAddressList(text)
	if err != nil || len(list) != 1 {
		if list, err = mail.ParseAddressList(h.Get("From")); err != nil || len(list) != 1 {
			return "", false
		}
	}
	return address(list[0].Address)
}

// recipients are the fields that may name the address at which a mail arrived, the surest first.
var recipients = []string{"Delivered-To", "X-Original-To", "To", "Cc"}

// token is the code with which a mail came: in an address of ours, or in its words.
func (m *Mail) token(h *message.Header, text string) string {
	for _, field := range recipients {
		fields := h.FieldsByKey(field)
		for fields.Next() {
			list, err := mail.ParseAddressList(fields.Value())
			if err != nil {
				continue
			}
			for _, a := range list {
				if token, is := m.ours(a.Address); is && token != "" {
					return token
				}
			}
		}
	}
	subject, _ := h.Text("Subject")
	for _, words := range []string{subject, text} {
		for _, found := range codeForm.FindAllStringSubmatch(words, -1) {
			if token := tokenOf(found[1]); token != "" {
				return token
			}
		}
	}
	return ""
}
