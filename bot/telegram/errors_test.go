package telegram

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

type remedy struct {
	Remedy bot.Remedy
	After  time.Duration
	Global bool
	To     string
	Right  bool
	Ended  bool
}

func remedyOf(e *bot.SendError) remedy {
	return remedy{Remedy: e.Remedy, After: e.After, Global: e.Global, To: e.To, Right: e.Right, Ended: e.Ended}
}

func TestEveryRefusalHasItsRemedy(t *testing.T) {
	hold := remedy{Remedy: bot.Later, After: rightsPause, Right: true}
	down := remedy{Remedy: bot.Down, After: refusedPause, Global: true}
	gone, lost, never := remedy{Remedy: bot.Gone}, remedy{Remedy: bot.Lost}, remedy{Remedy: bot.Never}
	markup, unchanged := remedy{Remedy: bot.Markup}, remedy{Remedy: bot.Unchanged}
	server := remedy{Remedy: bot.Uncertain}
	for _, c := range []struct {
		code int
		text string
		want remedy
	}{
		{403, "Forbidden: bot was blocked by the user", gone},
		{403, "Forbidden: user is deactivated", remedy{Remedy: bot.Gone, Ended: true}},
		{400, "Bad Request: INPUT_USER_DEACTIVATED", remedy{Remedy: bot.Gone, Ended: true}},
		{403, "Forbidden: bot can't initiate conversation with a user", gone},
		{403, "Forbidden: bot was kicked from the group chat", gone},
		{403, "Forbidden: bot was kicked from the supergroup chat", gone},
		{403, "Forbidden: bot was kicked from the channel chat", gone},
		{403, "Forbidden: bot is not a member of the supergroup chat", gone},
		{403, "Forbidden: the group chat was deleted", gone},
		{400, "Bad Request: chat not found", gone},
		{400, "Bad Request: private chat not found", gone},
		{400, "Bad Request: PEER_ID_INVALID", gone},
		{400, "Bad Request: chat_id is empty", gone},
		{400, "Bad Request: not enough rights to send text messages to the chat", hold},
		{400, "Bad Request: not enough rights to send photos to the chat", hold},
		{400, "Bad Request: CHAT_WRITE_FORBIDDEN", hold},
		{400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", hold},
		{400, "Bad Request: CHAT_RESTRICTED", hold},
		{400, "Bad Request: have no write access to the chat", hold},
		{400, "Bad Request: need administrator rights in the channel chat", hold},
		{400, "Bad Request: CHAT_ADMIN_REQUIRED", hold},
		{400, "Bad Request: TOPIC_CLOSED", hold},
		{400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message", unchanged},
		{400, "Bad Request: message to edit not found", lost},
		{400, "Bad Request: message can't be edited", lost},
		{400, "Bad Request: there is no text in the message to edit", lost},
		{400, "Bad Request: MESSAGE_ID_INVALID", lost},
		{400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"", markup},
		{400, "Bad Request: strings must be encoded in UTF-8", markup},
		{400, "Bad Request: message to be replied not found", never},
		{400, "Bad Request: message thread not found", never},
		{400, "Bad Request: TOPIC_DELETED", never}, // we write in no topic
		{400, "Bad Request: TOPIC_NOT_MODIFIED", unchanged},
		{400, "Bad Request: the chat is not a forum", never},
		{400, "Bad Request: not enough rights to create a topic", hold},
		{400, "Bad Request: not enough rights to manage pinned messages in the chat", hold},
		{400, "Bad Request: not enough rights to manage chat join requests", hold},
		{400, "Bad Request: USER_CHANNELS_TOO_MUCH", never},
		{400, "Bad Request: user is an administrator of the chat", never},
		{400, "Bad Request: message to delete not found", never},
		{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", never},
		{400, "Bad Request: wrong file_id or the file is temporarily unavailable", never},
		{400, "Bad Request: message has protected content and can't be forwarded", never},
		{400, "Bad Request: message text is empty", never},
		{400, "Bad Request: text must be non-empty", never},
		{400, "Bad Request: message is too long", never},
		{400, "Bad Request: BUTTON_DATA_INVALID", never},
		{400, "Bad Request: reply markup is too long", never},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", remedy{Remedy: bot.Later, After: throttledPause}},
		{401, "Unauthorized", down},
		{404, "Not Found", down},
		{404, "Not Found: method not found", never},
		{409, "Conflict: terminated by other getUpdates request", remedy{Remedy: bot.Later, After: offlinePause}},
		{413, "Request Entity Too Large", never},
		{500, "Internal Server Error: restart", server},
		{502, "Bad Gateway", server},
		{504, "Gateway Timeout", server},
	} {
		got := remedyOf(judge(&Fault{Method: "sendMessage", Chat: "1", Code: c.code, Status: c.code, Text: c.text}))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%d %s: (-want +got)\n%s", c.code, c.text, diff)
		}
	}
}

func TestRefusalCarriesWhatTheServerSays(t *testing.T) {
	for _, c := range []struct {
		name, method, chat, body string
		want                     remedy
	}{
		{"throttled chat", "sendMessage", "7", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 17",` +
			`"parameters":{"retry_after":17}}`, remedy{Remedy: bot.Later, After: 17 * time.Second}},
		{"throttled without parameters", "sendMessage", "7", `{"ok":false,"error_code":429,` +
			`"description":"Too Many Requests: retry after 9"}`, remedy{Remedy: bot.Later, After: 9 * time.Second}},
		{
			"throttled without a number", "sendMessage", "7", `{"ok":false,"error_code":429,"description":"Too Many Requests"}`,
			remedy{Remedy: bot.Later, After: throttledPause},
		},
		{"throttled without a chat", "getMe", "", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3",` +
			`"parameters":{"retry_after":3}}`, remedy{Remedy: bot.Later, After: 3 * time.Second, Global: true}},
		{
			"moved", "sendMessage", "-7", `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a ` +
				`supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}`,
			remedy{Remedy: bot.MovedTo, To: "-1001234567890"},
		},
		{"throttled for ever", "sendMessage", "7", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 17",` +
			`"parameters":{"retry_after":1000000000000}}`, remedy{Remedy: bot.Later, After: 24 * time.Hour}},
	} {
		tg := newBot(t, always(http.StatusOK, c.body))
		_, err := tg.Call(t.Context(), c.method, map[string]string{"chat_id": c.chat})
		if diff := cmp.Diff(c.want, remedyOf(tg.sendError(err))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestThreeThrottledChatsThrottleTheBot(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	tg := New(Config{Token: testToken, Now: func() time.Time { return now }})
	throttle := func(chat string) bool {
		return tg.sendError(&Fault{Method: "sendMessage", Chat: chat, Code: 429, Text: "Too Many Requests"}).Global
	}
	got := []bool{throttle("1"), throttle("1"), throttle("2"), throttle("3")}
	now = now.Add(11 * time.Second)
	got = append(got, throttle("4"), throttle("5"))
	tg.floods.passed() // a message to another chat went through
	got = append(got, throttle("6"))
	if diff := cmp.Diff([]bool{false, false, false, true, false, false, false}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnswersOfOthersUnsubscribeNobody(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   bot.Remedy
	}{
		{403, "<html>Forbidden by the proxy</html>", bot.Down},
		{404, "<html>Not Found</html>", bot.Down},
		{407, "", bot.Down},
		{302, "<a href=login>", bot.Down},
		{403, `{"error":"blocked by policy"}`, bot.Down},
		{413, "<html>nginx</html>", bot.Never},
		{429, "slow down", bot.Later},
		{200, "<html>Welcome to the hotel</html>", bot.Uncertain},
		{500, "oops", bot.Uncertain},
		{502, "<html><center>nginx</center></html>", bot.Uncertain},
		{503, `{"error":"maintenance"}`, bot.Uncertain},
	} {
		tg := newBot(t, always(c.status, c.body))
		_, err := tg.Call(t.Context(), "sendMessage", map[string]string{"chat_id": "1"})
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != c.status || !fault.Foreign {
			t.Fatalf("%d %s: %+v", c.status, c.body, fault)
		}
		if got := tg.sendError(err).Remedy; got != c.want {
			t.Errorf("%d %s: %v, want %v", c.status, c.body, got, c.want)
		}
	}
}

func TestOnlyWhatNeverLeftIsSentAgainWithoutDoubt(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want bot.Remedy
	}{
		{"refused", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, bot.Later},
		{"unknown host", &net.DNSError{Err: "no such host", Name: "telegram.test"}, bot.Later},
		{"wrapped dial", fmt.Errorf("proxy: %w", &net.OpError{Op: "dial", Err: context.DeadlineExceeded}), bot.Later},
		{"certificate", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, bot.Later},
		{"not TLS", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, bot.Later},
		{"reset", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, bot.Uncertain},
		{"closed", io.EOF, bot.Uncertain},
		{"cut off", io.ErrUnexpectedEOF, bot.Uncertain},
	} {
		s := always(http.StatusOK, sentMessage)
		s.broken = func(call) error { return c.err }
		tg := newBot(t, s)
		_, err := tg.Call(t.Context(), "sendMessage", map[string]string{"chat_id": "1"})
		if got := tg.sendError(err).Remedy; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if !errors.Is(err, c.err) && !errors.As(err, new(*Fault)) {
			t.Errorf("%s: the cause is gone: %v", c.name, err)
		}
	}
}

func TestCancelledCallNeverLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := always(http.StatusOK, sentMessage)
	tg := newBot(t, s)
	_, err := tg.Call(ctx, "sendMessage", map[string]string{"chat_id": "1"})
	if got := remedyOf(tg.sendError(err)); got != (remedy{Remedy: bot.Later}) || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v: %v", got, err)
	}
	if len(s.calls) != 0 {
		t.Errorf("called %v", s.methods())
	}
}
