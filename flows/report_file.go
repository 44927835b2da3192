package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	urgentTimer    = "report.urgent" // ref: person
	urgentPatience = 5 * time.Minute // then an emergency is filed with what is known
)

// done files the report, or ends kindly when there is nothing to report.
func (r reporting) done(ctx context.Context, t *bot.Turn, d draft) error {
	if err := r.keepWhole(ctx, t, &d); err != nil {
		return err
	}
	if err := r.conclude(ctx, t, d); err != nil {
		return err
	}
	return d.tellOther(ctx, t)
}

// conclude files one report, or says that there is nothing to file.
func (r reporting) conclude(ctx context.Context, t *bot.Turn, d draft) error {
	if err := t.Tx.Sleep(ctx, urgentTimer, strconv.FormatInt(t.Actor.ID, 10)); err != nil {
		return err
	}
	if d.left() {
		return d.leave(ctx, t)
	}
	if d.reopens() {
		if reopened, err := reopenOld(ctx, t, d); reopened || err != nil {
			return err
		}
	}
	if !d.fast() {
		if err := r.limit(ctx, t); err != nil {
			if refusal, ok := errors.AsType[*bot.Refusal](err); ok {
				return refusal.Reopen("review")
			}
			return err
		}
	}
	c, joined, err := r.file(ctx, t, t.Actor, d)
	if err != nil {
		return err
	}
	switch {
	case d.passedOn() && c.Subject == civic.SubjectNobody:
		return t.Assure(ctx, "report.receipt.rumour", "ref", c.Ref)
	case joined:
		return t.Assure(ctx, "report.receipt.same", "ref", c.Ref)
	case c.Subject == civic.SubjectNobody && !d.fast():
		return receipt(ctx, t, c)
	}
	key, err := d.receipt(ctx, t, c)
	if err != nil {
		return err
	}
	if err := t.Assure(ctx, key, "ref", c.Ref, "police", policeNumberIn(t, t.Lang()), "emergency", d.number(t)); err != nil {
		return err
	}
	if err := d.tellRecorded(ctx, t); err != nil || c.Subject != civic.SubjectPolice {
		return err
	}
	return t.Say(ctx, "report.receipt.apart.complaint", "police", policeNumberIn(t, t.Lang()))
}

// leave ends a report of which there was nothing to tell.
func (d *draft) leave(ctx context.Context, t *bot.Turn) error {
	if d.Looks || d.What != "" {
		// A number and nothing else: how often somebody told of looks alone (feature B4).
		looks := bot.AuditEntry{At: t.Now, Action: "report.only_looks", Object: bot.About("network", int64(t.Network.ID))}
		if err := t.Tx.Audit(ctx, looks); err != nil {
			return err
		}
	}
	return t.Say(ctx, "report.walking.bye")
}

// file makes a case of a draft, or adds it to one that it belongs to.
func (r reporting) file(ctx context.Context, t *bot.Turn, reporter civic.Member, d draft) (civic.Case, bool, error) {
	d.hearAll()
	to := int64(0)
	switch {
	case d.joins():
		to = d.Twin
	case d.passedOn():
		chain, err := chained(ctx, t, d)
		if err != nil {
			return chain, false, err
		}
		to = chain.ID
	}
	if to != 0 {
		c, joined, err := joinCase(ctx, t, addition{to: to, reporter: reporter, draft: d, asked: r.asked})
		if joined || err != nil {
			return c, joined, err
		}
	}
	c, err := r.fileCase(ctx, t, reporter, d)
	return c, false, err
}

// fileCase makes a case of a draft and shows it to who judges it.
func (r reporting) fileCase(ctx context.Context, t *bot.Turn, reporter civic.Member, d draft) (civic.Case, error) {
	var err error
	if d.Place, err = here(ctx, t, d.Place); err != nil {
		return civic.Case{}, err
	}
	c, err := newCase(ctx, t, d)
	if err != nil {
		return c, err
	}
	report := reportFrom(t, reporter, d, r.asked)
	report.Case, report.Alias = c.ID, 1
	report.AboutMember = c.Subject != civic.SubjectNobody
	if err := t.Tx.AddReport(ctx, &report); err != nil {
		return c, fmt.Errorf("case %s: %w", c.Ref, err)
	}
	if err := errors.Join(auditCase(ctx, t, c, "received"), watchPromise(ctx, t, c)); err != nil {
		return c, err
	}
	if err := showCase(ctx, t, &c); err != nil {
		return c, err
	}
	if err := sawFiled(ctx, t, c, reporter.ID); err != nil || !waits(c) {
		return c, err
	}
	return c, watch(ctx, t, c)
}

// reportFrom is what a draft says, in the language of the network as far as buttons said it.
func reportFrom(t *bot.Turn, reporter civic.Member, d draft, asked civic.Questionnaire) civic.Report {
	r := d.reportIn(t, networkLang(t), asked)
	r.Reporter, r.When, r.Source, r.Called, r.Filed = reporter.ID, d.when(), d.source(), d.called(), t.Now
	r.Language = tongueOf(t, r.Text, reporter)
	r.Photos, r.PolicePhotos = d.openPhotos()
	r.OnBehalf, r.Pieces, r.Recordings = d.Behalf, d.Pieces, d.Recordings
	return r
}

// tongueOf is the language that a reporter wrote in; where the words do not tell, the one that they are spoken to in.
func tongueOf(t *bot.Turn, text string, reporter civic.Member) string {
	if said := civic.WrittenIn(text); said != "" {
		return said
	}
	return t.LangOf(reporter)
}

// newCase stores the case of a draft.
func newCase(ctx context.Context, t *bot.Turn, d draft) (civic.Case, error) {
	c := civic.Case{
		Network: t.Network.ID, Street: d.Place.Street, Status: civic.Received, Category: d.category(),
		Urgency: d.urgency(), Verification: civic.Unverified, Called: d.called(), Created: t.Now, Changed: t.Now, Alert: d.Alert,
		Subject: d.subject(),
	}
	c.Promised = t.Now.Add(civic.Promise(c.Urgency))
	return c, storeCase(ctx, t, &c)
}

// storeCase stores a case, with the street group of its street, under a reference that nobody has yet.
func storeCase(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	prefix := t.Network.Prefix
	if c.Street != 0 {
		group, err := groupOf(ctx, t, c.Street)
		if err != nil {
			return err
		}
		c.Group = group.ID
		if group.Prefix != "" {
			prefix = group.Prefix
		}
	}
	const tries = 20 // a prefix has a million references
	for range tries {
		ref, err := t.Ref(prefix)
		if err != nil {
			return err
		}
		c.Ref = ref
		err = t.Tx.CreateCase(ctx, c)
		if !errors.Is(err, bot.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("case: no free reference with prefix %s", prefix)
}

// groupOf is the street group of a street.
func groupOf(ctx context.Context, t *bot.Turn, street civic.AreaID) (civic.Area, error) {
	s, err := t.Tx.Area(ctx, street)
	if err != nil {
		return civic.Area{}, fmt.Errorf("street %d: %w", street, err)
	}
	g, err := t.Tx.Area(ctx, s.Parent)
	if err != nil {
		return civic.Area{}, fmt.Errorf("street group of %d: %w", street, err)
	}
	return g, nil
}

// networkLang is the language that the network's rooms speak.
func networkLang(t *bot.Turn) string {
	if len(t.Network.Languages) == 0 {
		return t.Lang()
	}
	return t.Network.Languages[0]
}

// fileUrgent files an emergency whose reporter fell silent: what is known must not lie in a form.
func (r reporting) fileUrgent(ctx context.Context, t *bot.Turn, ref string) error {
	person, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("reporter %q: %w", ref, err)
	}
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return err
	}
	s, err := t.Tx.Session(ctx, chat, "")
	if err != nil || s == nil || s.Form != reportForm {
		return err
	}
	d, err := draftOf(s)
	if err != nil || !d.fast() {
		return err
	}
	reporter, err := reporterIn(ctx, t, person, chat)
	if err != nil {
		return err
	}
	if err := t.Tx.EndSession(ctx, chat, ""); err != nil {
		return err
	}
	c, _, err := r.file(ctx, t, reporter, d)
	if err != nil {
		return err
	}
	_, err = t.Tell(ctx, person, bot.LaneUrgent, func(lang string) bot.Message {
		text := t.In(lang, "report.receipt.silent", "ref", c.Ref, "emergency", d.number(t))
		if len(d.Recordings) > 0 {
			text += "\n\n" + t.In(lang, "report.recording.gone")
		}
		return bot.Message{Text: text}
	})
	return err
}

// reporterIn is a person as the network knows them in which they were telling, in which the turn is settled: the one that was
// chosen in their chat, else the first in which they live or have a role.
func reporterIn(ctx context.Context, t *bot.Turn, person, chat int64) (civic.Member, error) {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return m, err
	}
	networks, err := partsOf(ctx, t, m)
	if err != nil || len(networks) == 0 {
		return m, err
	}
	c, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return m, err
	}
	here := networks[0]
	if slices.Contains(networks, c.Network) {
		here = c.Network
	}
	if m, err = t.Tx.MemberIn(ctx, person, here); err != nil {
		return m, err
	}
	return m, t.Settle(ctx, here)
}

// partsOf lists the networks in which a person lives, and then those in which they hold a role.
func partsOf(ctx context.Context, t *bot.Turn, m civic.Member) ([]civic.AreaID, error) {
	networks, err := t.Tx.Belongs(ctx, m.ID)
	for _, g := range m.Grants {
		if err != nil || !g.HeldAt(t.Late()) {
			continue
		}
		var area civic.Area
		if area, err = t.Tx.Area(ctx, g.Area); err == nil && !slices.Contains(networks, area.Network) {
			networks = append(networks, area.Network)
		}
	}
	return networks, err
}
