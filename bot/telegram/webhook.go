package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// maxDelivery is the largest update we take through the webhook, in bytes.
const maxDelivery = 1 << 20

const secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // the name of a header

// Handler takes Telegram's deliveries. It says 200 only after the inbox has committed, because Telegram then forgets
// the update, and 503 when that failed, so that it comes again. A delivery without the secret has no effect at all.
// What cannot be decoded is stored like everything else and parked later; refusing it would bring it back for a day.
func (t *Telegram) Handler(in bot.Inbox) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "post only", http.StatusMethodNotAllowed)
			return
		}
		if !t.trusted(r) {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		body, status := readDelivery(w, r)
		if status != http.StatusOK {
			http.Error(w, http.StatusText(status), status)
			return
		}
		if err := t.deliver(r.Context(), in, body); err != nil {
			t.log.ErrorContext(r.Context(), "store a delivery", "error", err)
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// trusted compares in constant time, also when the lengths differ.
func (t *Telegram) trusted(r *http.Request) bool {
	want := sha256.Sum256([]byte(t.webhook.Secret))
	got := sha256.Sum256([]byte(r.Header.Get(secretHeader)))
	return t.webhook.Secret != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

func readDelivery(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil || len(body) == 0:
		return nil, http.StatusBadRequest
	}
	return body, http.StatusOK
}

// deliver stores one update. The offset stays 0: deliveries overtake each other, so no number says what is still to
// come, and a later change to polling starts at the head of Telegram's queue.
func (t *Telegram) deliver(ctx context.Context, in bot.Inbox, raw []byte) error {
	mark, err := t.remember(ctx, in)
	if err != nil {
		return err
	}
	id, wanted := t.wants(raw)
	if !wanted {
		t.hear()
		return nil
	}
	mark.Offset, mark.Username = 0, t.Username()
	rows := []bot.Raw{{External: external(id, raw), Body: raw}}
	if err := in.Receive(ctx, Name, t.account, rows, mark.String()); err != nil {
		return fmt.Errorf("store update %d: %w", id, err)
	}
	t.hear()
	return nil
}

// SetWebhook makes Telegram deliver to the configured address, keeping what waits. A running bot calls it at start
// and every minute: it does nothing when the address stands, and it shows in LastHeard that Telegram answers.
func (t *Telegram) SetWebhook(ctx context.Context) error {
	if t.webhook.URL == "" || t.webhook.Secret == "" {
		return errors.New("webhook: an address and a secret are needed")
	}
	if t.Username() == "" {
		if err := t.meet(ctx); err != nil {
			return err
		}
	}
	if !t.hooked.Load() {
		_, err := t.Call(ctx, "setWebhook", tgbotapi.Params{
			"url": t.webhook.URL, "secret_token": string(t.webhook.Secret), "max_connections": "40",
			"allowed_updates": allowedUpdates,
		})
		if err != nil {
			return fmt.Errorf("set the webhook: %w", err)
		}
		t.hooked.Store(true)
	}
	return t.checkWebhook(ctx)
}

func (t *Telegram) checkWebhook(ctx context.Context) error {
	var info hook
	if err := t.ask(ctx, "getWebhookInfo", nil, &info); err != nil {
		return fmt.Errorf("check the webhook: %w", err)
	}
	t.hear()
	if info.URL != t.webhook.URL {
		t.hooked.Store(false)
		return errors.New("webhook: somebody else has set another address")
	}
	return nil
}
