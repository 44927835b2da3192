package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// subjectAnswer is what the reporter answers to "is it about somebody of the network": nobody, or a key of civic.Subject.
type subjectAnswer string

const subjectNobody subjectAnswer = "nobody"

// aboutNetwork asks whether a report is about somebody who has a part in the network (feature B17). It is put when the
// story names such a person, and can be answered at the review of every report.
func aboutNetwork() bot.Step[draft] {
	options := []subjectAnswer{subjectNobody}
	for _, s := range civic.Subjects {
		options = append(options, subjectAnswer(s))
	}
	return bot.Offered((*draft).namesNetwork,
		bot.Pick("subject", func(d *draft) *subjectAnswer { return &d.Subject }, options...))
}

// namesNetwork reports whether the story names somebody of the network by what they are.
func (d *draft) namesNetwork() bool { return civic.NamesNetwork(d.What + " " + d.More) }

// subject is whom of the network the case is about. An emergency whose reporter fell silent before the answer is kept
// from all of them, should the story name one.
func (d *draft) subject() civic.Subject {
	switch {
	case d.Subject == subjectNobody:
		return civic.SubjectNobody
	case d.Subject != "":
		return civic.Subject(d.Subject)
	case d.namesNetwork():
		return civic.SubjectAnyone
	}
	return civic.SubjectNobody
}

// showApart brings a case about somebody of the network to those who may read it, each alone with the bot and never in a
// room: who sits in a chat is known to its platform only, so no room is sure to be without the person. Where no
// coordinator is left, the police get it at once.
func showApart(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	chats, err := coordinatorsDesk.chats(ctx, t, *c)
	if err != nil {
		return err
	}
	if err := coordinatorsDesk.show(ctx, t, *c); err != nil {
		return err
	}
	if len(chats) == 0 && c.Urgency != civic.Emergency && c.Alert == 0 {
		return straightToPolice(ctx, t, c)
	}
	if c.Urgency == civic.Emergency || c.Alert != 0 {
		return policeDesk.show(ctx, t, *c)
	}
	return nil
}

// straightToPolice hands a case to the police that no coordinator may read, if any officer can be reached.
func straightToPolice(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	chats, err := policeDesk.chats(ctx, t, *c)
	if err != nil || len(chats) == 0 {
		return err
	}
	if err := move(ctx, t, c, civic.InTriage); err != nil {
		return err
	}
	if err := forwarded(ctx, t, c); err != nil {
		return err
	}
	return policeDesk.show(ctx, t, *c)
}

// takenUp sees to it that somebody looks at a case whose reporter found that it is not over: the police, when no
// coordinator may read it.
func takenUp(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if c.Subject == civic.SubjectNobody {
		return watch(ctx, t, *c)
	}
	coordinators, err := coordinatorsDesk.chats(ctx, t, *c)
	if err != nil {
		return err
	}
	police, err := policeDesk.chats(ctx, t, *c)
	if err != nil || len(coordinators) > 0 || len(police) == 0 {
		return errors.Join(err, watch(ctx, t, *c))
	}
	if err := move(ctx, t, c, civic.Reopened); err != nil {
		return err
	}
	if err := forwarded(ctx, t, c); err != nil {
		return err
	}
	return policeDesk.show(ctx, t, *c)
}

// receipt is what a reporter reads of a case about somebody of the network: who sees it, and who does not.
func (d *draft) receipt(ctx context.Context, t *bot.Turn, c civic.Case) (string, error) {
	switch {
	case c.Subject == civic.SubjectNobody && d.care() != "":
		return "report.receipt.rescue", nil // who stays inside where it burns is in danger
	case c.Subject == civic.SubjectNobody:
		return "report.receipt.emergency", nil // of every other report the receipt has buttons
	}
	coordinators, err := coordinatorsDesk.chats(ctx, t, c)
	if err != nil {
		return "", err
	}
	police, err := policeDesk.chats(ctx, t, c)
	switch {
	case len(coordinators) > 0:
		return "report.receipt.apart.coordinators", err
	case len(police) > 0:
		return "report.receipt.apart.police", err
	}
	return "report.receipt.apart.nobody", err
}

// unbarred keeps those whom a case cannot be about.
func unbarred(ctx context.Context, t *bot.Turn, c civic.Case, people []int64) ([]int64, error) {
	if c.Subject == civic.SubjectNobody {
		return people, nil
	}
	var kept []int64
	for _, person := range people {
		m, err := t.Person(ctx, person)
		if err != nil {
			return nil, err
		}
		if !c.Subject.Bars(m) {
			kept = append(kept, person)
		}
	}
	return kept, nil
}

// hiddenFrom refuses a thing about a case as one that there is not, to who may be the one it is about; not to who reported
// it.
func hiddenFrom(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if !c.Subject.Bars(t.Actor) {
		return nil
	}
	own, err := reportedBy(ctx, t, c, t.Actor.ID)
	if err == nil && !own {
		return bot.Refuse("press.old")
	}
	return err
}

// subjectKeys are the texts whose keys are made while talking.
func subjectKeys() []string {
	var keys []string
	for _, s := range civic.Subjects {
		keys = append(keys, "case.card.subject."+string(s))
	}
	return slices.Concat(keys, []string{
		"report.receipt.apart.coordinators", "report.receipt.apart.police", "report.receipt.apart.nobody",
	})
}
