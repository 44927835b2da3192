package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	lookupKind       = "lookup"       // what is asked for somebody, its card and the timer of its end: "lookup/3"
	lookupSecondKind = "lookupsecond" // the same, before those who may agree
	// What was found in a case, "passage/s3.17.report5", or in an alert, "passage/s3.alert9". An s stands before the number of
	// the search, so that nobody takes it for that of a case.
	passageKind = "passage"
	lookupForm  = "lookup"
	lookupMore  = "lookup.more" // the timer by which a search goes on
)

// Lookups lets a data protection officer find out, for somebody who is no member, whether anything is kept about them (domain
// §2.3, row 10). A second person agrees before anything is looked for; who that is about is read by the officer alone, and is
// forgotten when it is over. What was found can be taken out, or put before those who work on it.
func Lookups() bot.Feature {
	search, agree := civic.SearchThird, civic.AgreeSearch
	return bot.Feature{
		Name:     "lookups",
		Flows:    []bot.Flow{makingLookup()},
		Commands: []bot.CommandSpec{{Name: "inzage", Needs: search, Do: lookups}},
		Actions: []bot.Action{
			{Name: "lookup.search", Needs: search, Decides: true, On: onLookup, Do: searchLookup},
			{Name: "lookup.drop", Needs: search, Decides: true, On: onLookup, Do: dropLookup},
			{Name: "lookups.new", Needs: search, On: onRoles, Do: beginLookup},
			{Name: "lookupsecond.agree", Needs: agree, On: onLookupSecond, Do: agreeLookup},
			{Name: "lookupsecond.refuse", Needs: agree, On: onLookupSecond, Do: refuseLookup},
			{Name: "passage.redact", Needs: search, On: onPassage, Do: redactPassage},
			{Name: "passage.give", Needs: search, On: onPassage, Do: givePassage},
		},
		Cards: []bot.Card{{Kind: lookupKind, Render: lookupCard, Readers: readBy(search, lookupScope), Closed: cardClosedKey}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			lookupKind: endLookupInTime, lookupMore: searchOn,
		},
		Keys: lookupKeys(),
	}
}

// lookups shows what the officer has under way, or begins when there is nothing.
func lookups(ctx context.Context, t *bot.Turn, _ string) error {
	mine, err := t.Tx.Lookups(ctx, t.Network.ID, t.Actor.ID)
	if err != nil {
		return err
	}
	if len(mine) == 0 {
		return beginLookup(ctx, t, bot.Ref{})
	}
	for _, q := range mine {
		if err := postLookup(ctx, t, t.Chat.ID, q); err != nil {
			return err
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.T("lookups.open", "count", len(mine)), About: bot.About("lookups", int64(t.Network.ID)),
		Rows: bot.Rows(bot.Choice{Key: "new", Label: t.T("lookups.new")}),
	})
}

func beginLookup(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Begin(ctx, lookupForm, bot.Input{})
}

// lookupDraft is a lookup that is being written down.
type lookupDraft struct {
	Networks int              `json:"networks,omitempty"` // in which the person may ask
	Network  string           `json:"network,omitempty"`
	Kind     civic.SoughtKind `json:"kind,omitempty"`
	Words    string           `json:"words,omitempty"`
	Why      string           `json:"why,omitempty"`
}

func (d lookupDraft) sought() civic.Sought { return civic.Sought{Kind: d.Kind, Words: d.Words} }

const (
	longestSought  = 150 // characters
	longestRequest = 200
)

// makingLookup is the form in which a lookup is written down.
func makingLookup() bot.Form[lookupDraft] {
	several := func(d *lookupDraft) bool { return d.Networks > 1 }
	return bot.Form[lookupDraft]{
		Name: lookupForm, Needs: civic.SearchThird, Start: startLookup, Done: makeLookup,
		Steps: []bot.Step[lookupDraft]{
			bot.If(several, bot.PickFrom("network", func(d *lookupDraft) *string { return &d.Network }, lookupNetworks)),
			bot.Pick("kind", func(d *lookupDraft) *civic.SoughtKind { return &d.Kind }, civic.SoughtKinds...),
			bot.Write("words", func(d *lookupDraft) *string { return &d.Words }, longestSought),
			bot.Write("why", func(d *lookupDraft) *string { return &d.Why }, longestRequest),
			bot.Review(lookupPreview, func(lookupDraft) []string { return []string{"kind", "words", "why"} }),
		},
	}
}

func startLookup(ctx context.Context, t *bot.Turn, _ bot.Input) (lookupDraft, []string, error) {
	networks, err := networksWhere(ctx, t, civic.SearchThird)
	return lookupDraft{Networks: len(networks)}, nil, err
}

func lookupNetworks(ctx context.Context, t *bot.Turn, _ lookupDraft) ([]bot.Option, error) {
	networks, err := networksWhere(ctx, t, civic.SearchThird)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, id := range networks {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return nil, err
		}
		options = append(options, bot.Option{Key: strconv.FormatInt(int64(id), 10), Label: area.Name})
	}
	return options, nil
}

// in is the network in which the draft asks.
func (d lookupDraft) in(ctx context.Context, t *bot.Turn) (*bot.Turn, error) {
	if d.Network == "" {
		return t, nil
	}
	id, err := strconv.ParseInt(d.Network, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("lookup in %q: %w", d.Network, bot.ErrNotFound)
	}
	return inNetwork(ctx, t, civic.AreaID(id))
}

func lookupPreview(ctx context.Context, t *bot.Turn, d lookupDraft) (string, error) {
	there, err := d.in(ctx, t)
	if err != nil {
		return "", err
	}
	return t.T("lookup.review.ask", "network", there.Network.Name, "kind", t.T("lookup.kind."+string(d.Kind)), "words", d.Words,
		"why", d.Why), nil
}

// makeLookup stores a lookup and asks those who may agree. Where nobody else may, it is not stored.
func makeLookup(ctx context.Context, t *bot.Turn, d lookupDraft) error {
	if !d.sought().Enough() {
		return bot.Refuse("lookup.words.short").Reopen("words")
	}
	t, err := d.in(ctx, t)
	if err != nil {
		return err
	}
	if !t.May(civic.SearchThird, civic.Scope{Network: t.Network.ID}) {
		return bot.Refuse("refused." + string(civic.SearchThird))
	}
	q := civic.Lookup{
		Network: t.Network.ID, By: t.Actor.ID, Sought: d.sought(), Why: d.Why, Made: t.Now, Expires: t.Now.Add(civic.LookupLife),
	}
	seconds, err := lookupSeconds(ctx, t, q)
	if err != nil {
		return err
	}
	if len(seconds) == 0 {
		return bot.Refuse("lookup.alone")
	}
	if err := t.Tx.AddLookup(ctx, &q); err != nil {
		return err
	}
	about := bot.About(lookupKind, q.ID)
	if err := errors.Join(t.Audit(ctx, "lookup.made", about, string(q.Kind)), wakeForLookup(ctx, t, q)); err != nil {
		return err
	}
	for _, person := range seconds {
		if err := askLookupSecond(ctx, t, q, person); err != nil {
			return err
		}
	}
	return postLookup(ctx, t, t.Chat.ID, q)
}

func wakeForLookup(ctx context.Context, t *bot.Turn, q civic.Lookup) error {
	return t.Wake(ctx, lookupKind, strconv.FormatInt(q.ID, 10), q.Expires)
}

// lookupSeconds are those who may agree to a lookup and can be reached, each once; never who makes it.
func lookupSeconds(ctx context.Context, t *bot.Turn, q civic.Lookup) ([]int64, error) {
	var people []int64
	holders, err := holdersOf(ctx, t, civic.AgreeSearch)
	if err != nil {
		return nil, err
	}
	for _, person := range holders {
		if person == q.By {
			continue
		}
		chat, err := privateWith(ctx, t, person)
		if err != nil {
			return nil, err
		}
		if chat != 0 {
			people = append(people, person)
		}
	}
	return people, nil
}

func lookupKeys() []string {
	var keys []string
	for _, kind := range civic.PartKinds {
		keys = append(keys, "lookup.part."+string(kind))
	}
	for _, end := range []string{"ended", "expired", "expired.found", "over", "refused", "withdrawn"} {
		keys = append(keys, "lookup.card."+end)
	}
	for _, end := range []string{"agreed", "refused", "expired", "over", "withdrawn"} {
		keys = append(keys, "lookupsecond.card."+end)
	}
	return append(keys, "lookup.found.redacted", "lookup.found.given", "refused."+string(civic.SearchThird),
		"refused."+string(civic.AgreeSearch))
}
