package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

const batchLimit = 100

// allowedUpdates is named in full on every call: what a call leaves out stays as an earlier call set it, for ever, and
// some kinds come only when they are named.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member","chat_member","chat_join_request",` +
	`"message_reaction"]`

// SecondInstance is the cause of a poll's error when another program polls with the same token.
type SecondInstance struct{}

// Error says what the operator has to look for.
func (SecondInstance) Error() string { return "another instance of the bot polls with the same token" }

// pollState is what a poll leaves for the next one; it belongs to the caller of PollOnce.
type pollState struct {
	cleared bool // no webhook is in the way
	met     bool // we asked who we are
	fails   int  // in a row
	hasty   int  // empty answers in a row that came at once
	// mark is where the last batch ended, as it was stored; nil = to be read.
	mark *checkpoint
}

// checkpoint is stored with each batch. The name is kept so that it is known after a restart while Telegram is down.
type checkpoint struct {
	Offset   int64  `json:"offset"`
	Bot      string `json:"bot"`
	Username string `json:"username,omitempty"`
}

func (c checkpoint) String() string {
	text, _ := json.Marshal(c) // three plain fields
	return string(text)
}

// PollOnce waits up to 50 s for a batch and stores it. An error is a *bot.SendError whose After is how long the caller
// waits before it calls again, with the remedy Down when the token is refused; SecondInstance may be its cause. After
// a cancelled ctx the error is that of ctx.
func (t *Telegram) PollOnce(ctx context.Context, in bot.Inbox) error {
	mark, err := t.remember(ctx, in)
	if err != nil {
		return t.pollError(ctx, err)
	}
	if err := t.prepare(ctx); err != nil {
		return t.pollError(ctx, err)
	}
	asked := t.now()
	batch, err := t.getUpdates(ctx, mark.Offset)
	if err != nil {
		return t.pollError(ctx, err)
	}
	if len(batch) == 0 && mark.Username == t.Username() {
		t.hear()
		return t.idle(asked)
	}
	next := t.advance(mark, batch)
	if err := in.Receive(ctx, Name, t.account, t.rows(batch), next.String()); err != nil {
		return t.pollError(ctx, fmt.Errorf("store %d updates: %w", len(batch), err))
	}
	t.hear() // what cannot be stored was not heard
	t.poll.fails, t.poll.hasty, t.poll.mark = 0, 0, &next
	if len(batch) > 0 && next.Offset == mark.Offset {
		return t.pollError(ctx, fmt.Errorf("updates up to %d come again although they were confirmed", mark.Offset-1))
	}
	return nil
}

// remember reads where the last batch ended. A checkpoint of another bot or of an unknown form counts as none: the
// server then starts with the oldest update it holds, and repeats are dropped by the inbox.
func (t *Telegram) remember(ctx context.Context, in bot.Inbox) (checkpoint, error) {
	if t.poll.mark != nil {
		return *t.poll.mark, nil
	}
	text, err := in.Checkpoint(ctx, Name, t.account)
	if err != nil {
		return checkpoint{}, fmt.Errorf("read checkpoint: %w", err)
	}
	mark := checkpoint{Bot: t.account}
	var stored checkpoint
	if json.Unmarshal([]byte(text), &stored) == nil && stored.Bot == t.account {
		mark = stored
	}
	mark.Offset = max(mark.Offset, 0)
	if t.Username() == "" {
		t.setUsername(mark.Username)
	}
	return mark, nil
}

// prepare removes a webhook that would keep us from polling, without dropping what waits, and asks who we are. A
// refusal of either is not fatal: the poll itself tells what is wrong.
func (t *Telegram) prepare(ctx context.Context) error {
	if !t.poll.cleared {
		if err := t.clearWebhook(ctx); err != nil && !refused(err) {
			return err
		}
		t.poll.cleared = true
	}
	if !t.poll.met {
		if err := t.meet(ctx); err != nil && !refused(err) {
			return err
		}
		t.poll.met = true
	}
	return nil
}

// refused reports whether Telegram answered, and said no for a reason that leaves a poll worth trying.
func refused(err error) bool {
	var fault *Fault
	return errors.As(err, &fault) && !fault.Foreign && (fault.Code == 400 || fault.Code == 404)
}

// hook is what Telegram says of its way to us (Bot API, WebhookInfo).
type hook struct {
	URL     string `json:"url"`
	Pending int    `json:"pending_update_count"`
}

// Behind tells how many updates wait at Telegram to be taken; it keeps them for a day. An error is as [Telegram.Call] gives it.
func (t *Telegram) Behind(ctx context.Context) (int, error) {
	var info hook
	err := t.ask(ctx, "getWebhookInfo", nil, &info)
	return info.Pending, err
}

func (t *Telegram) clearWebhook(ctx context.Context) error {
	var info hook
	if err := t.ask(ctx, "getWebhookInfo", nil, &info); err != nil {
		return fmt.Errorf("look for a webhook: %w", err)
	}
	if info.URL == "" {
		return nil
	}
	if _, err := t.Call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"}); err != nil {
		return fmt.Errorf("remove the webhook: %w", err)
	}
	t.log.InfoContext(ctx, "removed a webhook, because updates are polled")
	return nil
}

func (t *Telegram) getUpdates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	params := tgbotapi.Params{
		"limit": strconv.Itoa(batchLimit), "timeout": strconv.Itoa(int(pollHold / time.Second)),
		"allowed_updates": allowedUpdates,
	}
	params.AddNonZero64("offset", offset)
	var batch []json.RawMessage
	if err := t.ask(ctx, "getUpdates", params, &batch); err != nil {
		return nil, err
	}
	return batch, nil
}

// advance goes to the last update of the batch, not to the highest: ids restart at a lower number after a quiet week,
// and a server that holds nothing at our offset answers from the head of its queue.
func (t *Telegram) advance(mark checkpoint, batch []json.RawMessage) checkpoint {
	next := checkpoint{Offset: mark.Offset, Bot: t.account, Username: t.Username()}
	for _, raw := range slices.Backward(batch) {
		if id := updateID(raw); id > 0 {
			next.Offset = id + 1
			break
		}
	}
	if next.Offset < mark.Offset {
		t.log.Warn("update ids went back", "from", mark.Offset, "to", next.Offset)
	}
	return next
}

func updateID(raw []byte) int64 {
	var u struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &u) // a wrong type elsewhere leaves the id, and a wrong id is 0
	return u.ID
}

// rows is what the inbox is given: the updates we want, each under its id and a hash, because ids are used again.
func (t *Telegram) rows(batch []json.RawMessage) []bot.Raw {
	rows := make([]bot.Raw, 0, len(batch))
	for _, raw := range batch {
		if id, wanted := t.wants(raw); wanted {
			rows = append(rows, bot.Raw{External: external(id, raw), Body: raw})
		}
	}
	return rows
}

func external(id int64, raw []byte) string {
	sum := sha256.Sum256(raw)
	return strconv.FormatInt(id, 10) + ":" + hex.EncodeToString(sum[:8])
}

// idle ends a poll that brought nothing. A server that does not hold polls would be asked without a pause for ever.
func (t *Telegram) idle(asked time.Time) error {
	t.poll.fails = 0
	if t.now().Sub(asked) >= 100*time.Millisecond {
		t.poll.hasty = 0
		return nil
	}
	if t.poll.hasty++; t.poll.hasty < 20 {
		return nil
	}
	return &bot.SendError{Remedy: bot.Later, After: time.Second, Err: errors.New("the server does not hold polls")}
}

// pollError says how long to wait before the next poll. Telegram forces a slower pace on polls that repeat an offset
// within 3 s, so no pause after a failed commit is shorter.
func (t *Telegram) pollError(ctx context.Context, err error) error {
	t.poll.mark = nil
	if ctx.Err() != nil {
		return fmt.Errorf("poll: %w", ctx.Err())
	}
	t.poll.fails++
	e := &bot.SendError{Remedy: bot.Later, After: t.pause(time.Second), Err: err}
	var fault *Fault
	if !errors.As(err, &fault) {
		e.After = t.pause(3 * time.Second)
		return e
	}
	switch {
	case fault.says(409, "webhook"):
		t.poll.cleared = false
	case fault.Code == 409 && !fault.Foreign:
		t.rival.Store(t.now().UnixMilli())
		e.After, e.Err = t.pause(5*time.Second), fmt.Errorf("%w: %w", SecondInstance{}, err)
	case (fault.Code == 401 || fault.Code == 404) && !fault.Foreign:
		e.Remedy, e.After, e.Global = bot.Down, refusedPause, true
	}
	if fault.After > 0 {
		e.After = fault.After
	}
	return e
}

// pause doubles with every failure in a row, up to 30 s, less up to a fifth that differs between bots and attempts, so
// that the bots of one server do not return together. It needs no dice, and a replay is the same.
func (t *Telegram) pause(first time.Duration) time.Duration {
	full := min(first<<min(t.poll.fails-1, 5), 30*time.Second)
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(t.account + strconv.Itoa(t.poll.fails)))
	return max(full-full/5*time.Duration(sum.Sum32()%100)/100, first)
}
