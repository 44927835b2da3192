package flows_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mail is written in several

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
	"github.com/buurtbot/buurtbot/bot/platformtest/mailserver"
)

// ourAddress is the bot's mailbox in transcripts.
const ourAddress = "bin@vlierdam.example"

// office is a real mail server with the mailboxes that a transcript names in its header:
//
//	# mail: meldpunt@gemeente.example, balie@wonen.example
//
// What such a mailbox gets is shown as "meldpunt < subject", an empty line and the words without the code. A line
// "meldpunt > klaar" answers its newest mail that has a code; "meldpunt > new: text" is a mail without a code, and "meldpunt > auto: text" one
// that a machine sent in answer. "meldpunt > as jan@elders.example: text" comes from another address.
type office struct {
	server *mailserver.Server
	mail   *mail.Mail
	boxes  map[string]string // address by name
	order  []string
	read   map[string]int // how many mails of each were shown
	sent   int
}

func newOffice(t *testing.T, header string, in bot.Inbox, now func() time.Time) *office {
	t.Helper()
	o := &office{server: mailserver.New(t, ourAddress), boxes: map[string]string{}, read: map[string]int{}}
	for address := range strings.SplitSeq(header, ", ") {
		name, _, _ := strings.Cut(address, "@")
		o.server.Add(address)
		o.boxes[name] = address
		o.order = append(o.order, name)
	}
	at := func(port int) mail.Server {
		return mail.Server{Host: "127.0.0.1", Port: port, Mode: mail.Implicit, User: ourAddress, Password: mailserver.Password}
	}
	o.mail = mail.New(mail.Config{
		From: "BIN De Vlier <" + ourAddress + ">", Plus: true, TLS: o.server.TLS(), Now: now,
		SMTP: at(o.server.SMTPPort()), IMAP: at(o.server.IMAPPort()),
	})
	t.Cleanup(o.mail.Close)
	// The first look tells where the mailbox begins, and waits then.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := o.mail.PollOnce(ctx, &once{Inbox: in, then: cancel}); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	return o
}

// once is an inbox that says when something was stored.
type once struct {
	bot.Inbox
	then func()
	done sync.Once
}

func (o *once) Receive(ctx context.Context, platform, account string, rows []bot.Raw, place string) error {
	err := o.Inbox.Receive(ctx, platform, account, rows, place)
	o.done.Do(o.then)
	return err
}

// write sends what a line of a transcript says.
func (o *office) write(ctx context.Context, in bot.Inbox, name, what string) error {
	from, to, more := o.boxes[name], ourAddress, ""
	for _, raw := range o.server.Mails(from) {
		m, err := message.Read(strings.NewReader(raw))
		if err != nil {
			return err
		}
		if back := m.Header.Get("Reply-To"); back != "" {
			to, more = strings.Trim(back, "<>"), "In-Reply-To: "+m.Header.Get("Message-Id")+"\n"
		}
	}
	if manner, rest, cut := strings.Cut(what, ": "); cut {
		switch as, is := strings.CutPrefix(manner, "as "); {
		case is:
			from, what = as, rest
		case manner == "new":
			to, more, what = ourAddress, "", rest
		case manner == "auto":
			more, what = more+"Auto-Submitted: auto-replied\n", rest
		}
	}
	o.sent++
	o.server.Deliver(ourAddress, fmt.Sprintf("From: %s\nTo: %s\nMessage-ID: <%d@partner.example>\n%s"+
		"Content-Type: text/plain; charset=utf-8\n\n%s\n\nOp di 14 okt 2025 om 20:20 schreef BIN:\n> klaar\n", from, to, o.sent, more, what))
	return o.mail.PollOnce(ctx, in)
}

// shown gives what came into the mailboxes since the last call.
func (o *office) shown() []shown {
	var all []shown
	for _, name := range o.order {
		mails := o.server.Mails(o.boxes[name])
		for _, raw := range mails[o.read[name]:] {
			all = append(all, shown{who: name, sign: "<", text: mailWords(raw)})
		}
		o.read[name] = len(mails)
	}
	return all
}

// mailWords is the subject of a mail and what it says, without the code.
func mailWords(raw string) string {
	m, err := message.Read(strings.NewReader(raw))
	if err != nil {
		return err.Error()
	}
	subject, _ := m.Header.Text("Subject")
	body, _ := io.ReadAll(m.Body)
	text, _, _ := strings.Cut(strings.ReplaceAll(string(body), "\r\n", "\n"), "[bb:")
	return subject + "\n\n" + strings.TrimSpace(text)
}
