package open311

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	statusOpen   = "open"
	statusClosed = "closed"
	remembered   = 183 * 24 * time.Hour // how long a letter is found, see [bot.Desk]
	account      = "requests"
)

// request is what is kept of a service request.
type request struct {
	Ref    string    `json:"ref"`
	ID     string    `json:"id,omitempty"`
	Token  string    `json:"token,omitempty"` // the server's, until it has a number
	Status string    `json:"status,omitempty"`
	Notes  string    `json:"notes,omitempty"` // a print of what the server noted last
	Turns  int       `json:"turns,omitempty"` // how often it changed
	Proof  bool      `json:"proof,omitempty"` // the desk proves itself
	Since  time.Time `json:"since"`
}

// line is a row of the inbox: what the partner says on a letter.
type line struct {
	Host  string `json:"host"`
	Ref   string `json:"ref"`
	Words string `json:"words"`
}

// PollOnce implements [bot.Platform]. It waits first, so that what a letter is called is stored before its status comes in.
func (o *Open311) PollOnce(ctx context.Context, in bot.Inbox) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(o.config.Every):
	}
	kept, err := o.kept(ctx, in)
	if err != nil {
		return err
	}
	rows, failed := o.news(ctx, kept)
	fresh, err := o.absorb(ctx, &kept)
	failed = errors.Join(failed, err)
	raw, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("open311: %w", err)
	}
	if err := in.Receive(ctx, Name, account, rows, string(raw)); err != nil {
		return fmt.Errorf("open311: %w", err)
	}
	o.mu.Lock()
	o.fresh, o.looked = o.fresh[fresh:], o.looked || err == nil && failed == nil
	o.mu.Unlock()
	return failed
}

func (*Open311) kept(ctx context.Context, in bot.Inbox) ([]request, error) {
	stored, err := in.Checkpoint(ctx, Name, account)
	if err != nil || stored == "" {
		return nil, err
	}
	var kept []request
	if err := json.Unmarshal([]byte(stored), &kept); err != nil {
		return nil, fmt.Errorf("open311: checkpoint: %w", err)
	}
	return kept, nil
}

// news asks after each request, and gives the lines that follow. One that cannot be read does not hold up the others.
func (o *Open311) news(ctx context.Context, kept []request) (rows []bot.Raw, failed error) {
	for i := range kept {
		words, err := o.change(ctx, &kept[i])
		if err != nil {
			failed = fmt.Errorf("open311: status: %w", err)
			if _, answered := errors.AsType[statusError](err); !answered && !errors.Is(err, errGarbage) {
				return rows, failed // the server is away
			}
		}
		if words == "" {
			continue
		}
		body, err := json.Marshal(line{Host: o.host, Ref: kept[i].Ref, Words: words})
		if err != nil {
			return rows, fmt.Errorf("open311: %w", err)
		}
		rows = append(rows, bot.Raw{External: kept[i].Ref + "/" + strconv.Itoa(kept[i].Turns), Body: body})
	}
	return rows, failed
}

// change brings a request up to date, and says in a partner's words what changed.
func (o *Open311) change(ctx context.Context, r *request) (string, error) {
	if r.Proof {
		r.Turns++
		return map[int]string{1: "ja"}[r.Turns], nil
	}
	if r.ID == "" {
		list, err := o.get(ctx, "/tokens/"+url.PathEscape(r.Token)+".json", url.Values{})
		if err != nil || len(list) == 0 || list[0].ID == "" { // not given yet
			return "", err
		}
		r.ID = string(list[0].ID)
	}
	list, err := o.get(ctx, "/requests/"+url.PathEscape(r.ID)+".json", url.Values{})
	if err != nil {
		return "", err
	}
	if len(list) != 1 || string(list[0].ID) != r.ID {
		return "", errGarbage
	}
	status := strings.ToLower(string(list[0].Status))
	if status != statusOpen && status != statusClosed {
		return "", errGarbage
	}
	return r.moved(status, strings.Join(strings.Fields(string(list[0].Notes)), " ")), nil
}

// moved takes a status and what the server notes with it, and gives the line of the partner that this is; empty when both
// are known. What is noted after the end changes nothing any more.
func (r *request) moved(status, notes string) string {
	sum := sha256.Sum256([]byte(notes))
	mark := hex.EncodeToString(sum[:8])
	verb := map[string]string{statusOpen: "reopen", statusClosed: "done"}[status]
	switch {
	case status != r.Status:
	case status == statusOpen && notes != "" && mark != r.Notes:
		verb = "note"
	default:
		return ""
	}
	r.Status, r.Notes = status, mark
	r.Turns++
	return strings.TrimSpace(verb + ": " + notes)
}

// absorb puts what was sent, and at first what was posted and not kept, with what is kept; it says how much was sent.
func (o *Open311) absorb(ctx context.Context, kept *[]request) (int, error) {
	o.mu.Lock()
	fresh, looked := o.fresh, o.looked
	o.mu.Unlock()
	known := map[string]bool{}
	var still []request
	for _, r := range *kept {
		known[r.Ref] = true
		if o.config.Now().Sub(r.Since) < remembered && (!r.Proof || r.Turns == 0) {
			still = append(still, r)
		}
	}
	for _, r := range fresh {
		if !known[r.Ref] {
			still, known[r.Ref] = append(still, r), true
		}
	}
	*kept = still
	if looked {
		return len(fresh), nil
	}
	found, err := o.marked(ctx, o.config.Now().Add(-letterLife-slack))
	for ref, r := range found {
		if !known[ref] {
			*kept = append(*kept, request{Ref: ref, ID: string(r.ID), Status: statusOpen, Since: o.config.Now()})
		}
	}
	if err != nil {
		return len(fresh), fmt.Errorf("open311: look for our own: %w", err)
	}
	return len(fresh), nil
}

// Decode implements [bot.Platform].
func (*Open311) Decode(raw []byte) (bot.Update, error) {
	var l line
	if err := json.Unmarshal(raw, &l); err != nil {
		return bot.Update{}, fmt.Errorf("open311: %w", err)
	}
	return bot.Update{
		Chat:  bot.ChatRef{Platform: Name, ID: l.Host, Kind: bot.Group},
		From:  bot.UserRef{Platform: Name, ID: l.Host},
		Event: bot.Text{Body: l.Words, ReplyTo: bot.MessageRef(l.Ref)},
	}, nil
}
