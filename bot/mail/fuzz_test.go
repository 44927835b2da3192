package mail_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/mail"
)

// Whatever comes as a mail is something, nothing or an error, and never both.
func FuzzDecode(f *testing.F) {
	for _, raw := range []string{
		"From: a@b.example\r\nTo: bot@c.example\r\nMessage-Id: <1>\r\nSubject: x\r\n\r\nklaar: het glas is weg\r\n",
		"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x--",
		"From: =?utf-8?q?a?= <a@b.example>\r\nContent-Type: text/html; charset=none\r\n\r\n<p>1<blockquote>2",
		"Auto-Submitted: auto-replied\r\n\r\n", "\r\n", "",
	} {
		f.Add([]byte(raw))
	}
	m := mail.New(mail.Config{From: us})
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := m.Decode(raw)
		if err != nil && !u.Empty() {
			t.Errorf("an error with %v", u)
		}
	})
}
