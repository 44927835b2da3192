package open311

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	awayPause   = 2 * time.Minute // a server lists what it took within this time
	refusedWait = 15 * time.Minute
	letterLife  = 5 * 24 * time.Hour // see [bot.Desk]
	slack       = 24 * time.Hour     // clocks and time zones of servers
	proofKind   = "desk/"            // the letter that a desk proves itself by
)

var (
	markup   = regexp.MustCompile(`<[^>]*>`)
	markForm = regexp.MustCompile(`\[bb:([0-9a-f]{32})\]`)
)

// refOf is our own reference of a letter. Who reads it does not know the token.
func refOf(l bot.Letter) string {
	sum := sha256.Sum256([]byte("open311 " + l.Token))
	return hex.EncodeToString(sum[:16])
}

// Send implements [bot.Platform]. What was sent is not changed: an edit is as good as done.
func (o *Open311) Send(ctx context.Context, l bot.Letter, _ [][]byte) (bot.MessageRef, error) {
	switch {
	case l.Op == bot.OpEdit:
		return l.Edits, &bot.SendError{Remedy: bot.Unchanged, Err: errors.New("a service request stays as it was sent")}
	case l.Token == "":
		return "", never("a letter without a token cannot be found again")
	}
	ref := refOf(l)
	if strings.HasPrefix(l.About, proofKind) {
		if err := o.Check(ctx); err != nil {
			return "", remedy(err)
		}
		o.keep(request{Ref: ref, Proof: true, Since: o.config.Now()})
		return bot.MessageRef(ref), nil
	}
	if l.Matter == nil {
		if l.Lane == bot.LaneAnswer { // said to whoever wrote a line, and here nobody did
			return bot.MessageRef(ref), nil
		}
		return "", never("GeoReport v2 cannot change or take back a request")
	}
	code := o.config.Services[l.Matter.Category]
	if code == "" {
		return "", never("the server has no service for " + l.Matter.Category)
	}
	return o.ask(ctx, l, ref, code)
}

// ask posts a request, unless the server has it.
func (o *Open311) ask(ctx context.Context, l bot.Letter, ref, code string) (bot.MessageRef, error) {
	had, err := o.marked(ctx, l.Expires.Add(-letterLife-slack))
	if err != nil {
		return "", remedy(err)
	}
	r, found := had[ref]
	if !found {
		list, err := o.post(ctx, form(l, ref, code))
		if err == nil && (len(list) != 1 || list[0].ID == "" && list[0].Token == "") {
			err = errGarbage
		}
		if err != nil {
			return "", remedy(err)
		}
		r = list[0]
	}
	o.keep(request{Ref: ref, ID: string(r.ID), Token: string(r.Token), Status: statusOpen, Since: o.config.Now()})
	return bot.MessageRef(ref), nil
}

// Servers give so many requests at a time, the newest first. How many stands in none of their answers; the specification
// has no pages either, but those that give few take the number of one, and the others ignore it.
const (
	leastPage = 20  // fewer are all there are
	mostPages = 100 // of the days of a letter
)

// marked finds the requests with a mark of ours; of several with one mark the first counts.
func (o *Open311) marked(ctx context.Context, since time.Time) (map[string]record, error) {
	all, seen := map[string]record{}, map[text]bool{}
	query := url.Values{"start_date": {since.UTC().Format(time.RFC3339)}}
	for page := 1; page <= mostPages; page++ {
		if page > 1 {
			query.Set("page", strconv.Itoa(page))
		}
		list, err := o.get(ctx, "/requests.json", query)
		if err != nil {
			return nil, err
		}
		if fresh := note(list, seen, all); fresh == 0 || len(list) < leastPage {
			break
		}
	}
	return all, nil
}

// note puts a page of requests with those that were seen, and the marked ones with the marked; it gives how many are new.
func note(list []record, seen map[text]bool, all map[string]record) (fresh int) {
	for _, r := range list {
		if r.ID == "" || seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		fresh++
		found := markForm.FindStringSubmatch(string(r.Description))
		if found == nil {
			continue
		}
		if _, double := all[found[1]]; !double {
			all[found[1]] = r
		}
	}
	return fresh
}

// form is a letter as the fields of a request.
func form(l bot.Letter, ref, code string) url.Values {
	words := strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(l.Text, "")))
	f := url.Values{
		"service_code": {code}, "description": {words + "\n\n[bb:" + ref + "]"}, "address_string": {l.Matter.Place},
	}
	if p := l.Matter.Point; p != nil {
		f.Set("lat", degrees(p.Lat()))
		f.Set("long", degrees(p.Lon()))
	}
	return f
}

// degrees writes an angle to a decimetre.
func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }

// keep notes what was sent until the next poll puts it with the checkpoint.
func (o *Open311) keep(r request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fresh = append(o.fresh, r)
}

func never(why string) *bot.SendError { return &bot.SendError{Remedy: bot.Never, Err: errors.New(why)} }

// remedy waits with whatever may have been taken: the next try looks for the mark first.
func remedy(err error) *bot.SendError {
	said := &bot.SendError{Remedy: bot.Later, After: awayPause, Global: true, Err: err}
	status, is := errors.AsType[statusError](err)
	switch {
	case !is:
	case status == 401 || status == 403 || status == 404 || status == 429:
		said.After = refusedWait
	case status == 400 || status == 422:
		said.Remedy, said.After, said.Global = bot.Never, 0, false
	}
	return said
}
