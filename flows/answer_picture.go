package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// learnReply looks whether it is about an emergency.
func learnReply(ctx context.Context, t *bot.Turn, r *reply) ([]string, error) {
	q, err := t.Tx.Question(ctx, r.Question)
	if err != nil {
		return nil, err
	}
	c, err := t.Tx.Case(ctx, q.Case)
	r.Hurry = c.Urgency == civic.Emergency
	return nil, err
}

// heardReply notes the messages that an answer came with; what brought the words is the answer.
func heardReply(r *reply, _ []string, on bot.MessageRef) {
	if r.said || r.Message == "" {
		r.Message = string(on)
	}
	r.said = false // its words are no report's
	r.heard(on)
}

// text is the answer in words; of pictures or recordings alone it is that they are there.
func (r *reply) text(t *bot.Turn) string {
	switch {
	case r.Words == "" && len(r.Photos) > 0:
		return t.In(networkLang(t), "answer.shown")
	case r.Words == "" && len(r.Recordings) > 0:
		return t.In(networkLang(t), "answer.recorded")
	}
	words, _ := civic.WithoutOrigin(r.Words)
	return civic.Clean(words, longestAnswer)
}

// enclose keeps the pictures that came with an answer as what the reporter added, and gives that.
func enclose(ctx context.Context, t *bot.Turn, q civic.Question, r reply) ([]civic.Report, error) {
	if len(r.Photos)+len(r.Recordings) == 0 {
		return nil, nil
	}
	reports, err := t.Tx.Reports(ctx, q.Case)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(reports, func(p civic.Report) bool { return p.ID == q.Report })
	if i < 0 {
		return nil, fmt.Errorf("report %d of question %d: %w", q.Report, q.ID, bot.ErrNotFound)
	}
	add, err := addendum(ctx, t, reports[i], "", r.illustrated)
	if err != nil {
		return nil, err
	}
	add.Kind, add.Pieces, add.Language = civic.Addition, r.Pieces, networkLang(t)
	add.Text = t.In(add.Language, "answer.enclosed")
	return []civic.Report{add}, t.Tx.AddReport(ctx, &add)
}

// tellEnclosed tells the partners that saw a case of the pictures that came with an answer.
func tellEnclosed(ctx context.Context, t *bot.Turn, id int64, sent []civic.Report) error {
	if len(sent) == 0 {
		return nil
	}
	c, err := t.Tx.Case(ctx, id)
	if err != nil {
		return err
	}
	return correctHolders(ctx, t, c, later{key: "amend.told." + string(civic.Addition), fresh: sent})
}
