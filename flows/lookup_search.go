package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	searchedAtOnce = 40  // cases of which a turn reads everything; others wait for no longer
	mostPassages   = 25  // messages of what was found
	passageWide    = 60  // characters before and after the words
	alertsBack     = 366 // days; what an alert said goes long before
)

// searchLookup looks for what is sought, once a second person has agreed. The trail says that it was looked for, not for what.
func searchLookup(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	q, err := lookupBy(ctx, t, r.ID)
	switch {
	case err != nil:
		return err
	case q.Agreed.IsZero():
		return bot.Refuse("lookup.waits")
	}
	q.Searched = t.Now
	about := bot.About(lookupKind, q.ID)
	err = errors.Join(t.Tx.SaveLookup(ctx, &q), t.Audit(ctx, "lookup.searched", about, ""), t.RefreshNow(ctx, about))
	if err != nil {
		return err
	}
	return lookupSearch{Lookup: q, chat: t.Chat.ID}.cases(ctx, t)
}

// lookupSearch is how far a search is.
type lookupSearch struct {
	civic.Lookup
	chat  int64
	after int64 // the last case that was looked through
	found int
}

// searchOn goes on with a search, as long as who asked for it may still do so; ref: INQUIRY.CASE.FOUND.
func searchOn(ctx context.Context, t *bot.Turn, ref string) error {
	var id int64
	var s lookupSearch
	if _, err := fmt.Sscanf(ref, "%d.%d.%d", &id, &s.after, &s.found); err != nil {
		return fmt.Errorf("search %q: %w", ref, err)
	}
	var err error
	if s.Lookup, err = t.Tx.Lookup(ctx, id); errors.Is(err, bot.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if t, err = inNetwork(ctx, t, s.Network); err != nil {
		return err
	}
	who, err := t.Tx.Member(ctx, s.By)
	if err != nil || !who.May(civic.SearchThird, civic.Scope{Network: s.Network}, t.Late()) {
		return err
	}
	if s.chat, err = privateWith(ctx, t, s.By); err != nil || s.chat == 0 {
		return err
	}
	return s.cases(ctx, t)
}

// cases looks through some cases, and comes back for the others in a turn of its own, so that nobody waits for it.
func (s lookupSearch) cases(ctx context.Context, t *bot.Turn) error {
	list, err := t.Tx.WordyCases(ctx, s.Network, s.after, searchedAtOnce)
	if err != nil {
		return err
	}
	officer, err := t.Tx.Member(ctx, s.By)
	if err != nil {
		return err
	}
	for _, c := range list {
		s.after = c.ID
		if c.Subject.Bars(officer) { // it may be about them
			continue
		}
		d, err := dossierOf(ctx, t, c)
		if err != nil {
			return err
		}
		for _, p := range d.Parts() {
			texts := p.Texts(s.Sought)
			if len(texts) == 0 {
				continue
			}
			if s.found++; s.found > mostPassages {
				return s.sum(ctx, t)
			}
			if err := s.show(ctx, t, d, p, texts); err != nil {
				return err
			}
		}
	}
	if len(list) == searchedAtOnce {
		ref := fmt.Sprintf("%d.%d.%d", s.ID, s.after, s.found)
		return t.WakeIn(ctx, lookupMore, ref, time.Second)
	}
	return s.alerts(ctx, t)
}

// dossierOf reads everything that is written in a case.
func dossierOf(ctx context.Context, t *bot.Turn, c civic.Case) (civic.Dossier, error) {
	d, errs := civic.Dossier{Case: c}, [4]error{}
	d.Reports, errs[0] = t.Tx.Reports(ctx, c.ID)
	d.Questions, errs[1] = t.Tx.Questions(ctx, c.ID)
	d.Notes, errs[2] = t.Tx.Notes(ctx, c.ID)
	d.Handovers, errs[3] = t.Tx.Handovers(ctx, c.ID)
	return d, errors.Join(errs[:]...)
}

// show tells the officer of a part that names what is sought: as much of it as is needed to judge.
func (s lookupSearch) show(ctx context.Context, t *bot.Turn, d civic.Dossier, p civic.Part, texts []string) error {
	lang, err := t.LangIn(ctx, s.chat)
	if err != nil {
		return err
	}
	part := t.In(lang, "lookup.part."+string(p.Kind))
	lines := []string{t.In(lang, "lookup.found.head", "ref", d.Case.Ref, "part", part)}
	lines = append(lines, quotes(t, lang, p.Knowing(s.Sought), texts)...)
	var busy []civic.Role
	for _, h := range d.Handovers {
		if h.Open() {
			busy = append(busy, h.Partner)
		}
	}
	if len(busy) > 0 {
		lines = append(lines, t.In(lang, "lookup.found.busy", "partners", partnerNames(t, lang, busy)))
	}
	return s.post(ctx, t, bot.Message{
		Text: strings.Join(lines, "\n"), About: fmt.Sprintf("%s/s%d.%d.%s", passageKind, s.ID, d.Case.ID, p.Key), Version: 1,
		Rows: bot.Rows(bot.Choice{Key: "redact", Label: t.In(lang, "passage.redact")},
			bot.Choice{Key: "give", Label: t.In(lang, "passage.give")}),
	})
}

// quotes shows where texts name what is sought, with some words before and after.
func quotes(t *bot.Turn, lang string, sought civic.Sought, texts []string) []string {
	var lines []string
	for _, text := range texts {
		for _, at := range sought.In(text) {
			before, found, after := civic.Around(text, at, passageWide)
			lines = append(lines, t.In(lang, "lookup.found.line", "before", before, "found", found, "after", after))
		}
	}
	const most = 5
	return lines[:min(most, len(lines))]
}

func (s lookupSearch) post(ctx context.Context, t *bot.Turn, m bot.Message) error {
	m.Protect, m.For = true, searchers(s.Lookup)
	return t.Mail(ctx, bot.Letter{
		Chat: s.chat, Lane: bot.LaneRoutine, Card: m.About, Person: s.By, Message: m,
	})
}

// alerts looks through what alerts say; police take that back.
func (s lookupSearch) alerts(ctx context.Context, t *bot.Turn) error {
	list, err := t.Tx.AlertsIssued(ctx, s.Network, t.Now.AddDate(0, 0, -alertsBack), t.Now.Add(time.Minute))
	if err != nil {
		return err
	}
	lang, err := t.LangIn(ctx, s.chat)
	if err != nil {
		return err
	}
	for _, a := range list {
		var texts []string
		for _, text := range slices.Compact([]string{a.Text, a.Last, a.KeptWhy}) {
			if len(s.In(text)) > 0 {
				texts = append(texts, text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		if s.found++; s.found > mostPassages {
			break
		}
		lines := append([]string{t.In(lang, "lookup.found.alert", "ref", a.Ref)}, quotes(t, lang, s.Sought, texts)...)
		err := s.post(ctx, t, bot.Message{
			Text: strings.Join(lines, "\n"), About: fmt.Sprintf("%s/s%d.alert%d", passageKind, s.ID, a.ID), Version: 1,
			Rows: bot.Rows(bot.Choice{Key: "give", Label: t.In(lang, "passage.give.alert")}),
		})
		if err != nil {
			return err
		}
	}
	return s.sum(ctx, t)
}

// sum tells how much was found, and what the officer does with it.
func (s lookupSearch) sum(ctx context.Context, t *bot.Turn) error {
	lang, err := t.LangIn(ctx, s.chat)
	if err != nil {
		return err
	}
	text := t.In(lang, "lookup.sum.none", "network", t.Network.Name)
	switch {
	case s.found > mostPassages:
		text = t.In(lang, "lookup.sum.more", "count", mostPassages)
	case s.found > 0:
		text = t.In(lang, "lookup.sum", "count", s.found)
	}
	text += "\n\n" + t.In(lang, "lookup.sum.apart") // whether or not there is one: nobody is to learn that
	return t.Mail(ctx, bot.Letter{Chat: s.chat, Lane: bot.LaneRoutine, Person: s.By, Message: bot.Message{
		Text: text, About: bot.About(lookupKind, s.ID), Version: s.Version, Rows: bot.Rows(searchedChoices(t, lang)...),
		For: searchers(s.Lookup),
	}})
}

// foundIn is what a passage was found in.
type foundIn struct {
	civic.Lookup
	id    string
	c     civic.Case  // or else
	alert civic.Alert // one of them
	part  string      // of the case
}

// passageBy reads which passage a press is about.
func passageBy(ctx context.Context, t *bot.Turn, id string) (f foundIn, err error) {
	f.id = id
	lookup, in, part := passageParts(id)
	if f.Lookup, err = lookupBy(ctx, t, lookup); err != nil {
		return f, err
	}
	if alert, is := strings.CutPrefix(in, "alert"); is {
		number, err := strconv.ParseInt(alert, 10, 64)
		if err != nil {
			return f, fmt.Errorf("passage %q: %w", id, bot.ErrNotFound)
		}
		f.alert, err = t.Tx.Alert(ctx, number)
		return f, err
	}
	f.part = part
	f.c, err = caseOf(ctx, t, in)
	return f, err
}

func onPassage(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	f, err := passageBy(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	thing, err := onLookup(ctx, t, bot.Ref{ID: strconv.FormatInt(f.ID, 10)})
	if err == nil && (f.c.Network != f.Network && f.alert.Network != f.Network || f.c.Subject.Bars(t.Actor)) {
		err = bot.Refuse("press.old")
	}
	return bot.Thing{Scope: thing.Scope, Version: r.Version}, err
}

// redactPassage takes out of a part of a case every place that names who asked, and asks those who read it to forget that.
func redactPassage(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	f, err := passageBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	d, err := dossierOf(ctx, t, f.c)
	if err != nil {
		return err
	}
	p, found := d.PartBy(f.part)
	if !found || !p.Redact(f.Sought, t.In(networkLang(t), "lookup.taken_out")) {
		return bot.Refuse("lookup.found.nothing", "ref", f.c.Ref)
	}
	if err := t.Tx.Reword(ctx, d); err != nil {
		return err
	}
	c := d.Case
	err = errors.Join(
		t.Audit(ctx, "lookup.redacted", bot.About(caseKind, c.ID), string(p.Kind)),
		saveCase(ctx, t, &c, deedErased), recall(ctx, t, c, "lookup.recall"), expunge(ctx, t, c))
	if err != nil {
		return err
	}
	return f.drawn(ctx, t, c.Ref, "redacted")
}

// givePassage puts a case before its coordinators, or an alert before the police, without saying whom it is about.
func givePassage(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	f, err := passageBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	ref, key, about := f.c.Ref, "lookup.given", bot.About(caseKind, f.c.ID)
	who := coordinatorsDesk.readers(f.c)
	var chats []int64
	if f.alert.ID != 0 {
		ref, key, about = f.alert.Ref, "lookup.given.alert", bot.About(alertKind, f.alert.ID)
		chats, err = policeDesk.chats(ctx, t, civic.Case{Network: f.Network})
		who = policeOf(f.alert)
	} else {
		chats, err = coordinatorsDesk.chats(ctx, t, f.c)
	}
	if err != nil {
		return err
	}
	if len(chats) == 0 {
		return bot.Refuse("lookup.nobody")
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		m := bot.Message{Text: t.In(lang, key, "ref", ref), For: who}
		if f.alert.ID == 0 {
			m.Thread = about
		}
		if err := t.Post(ctx, chat, bot.LaneRoutine, m); err != nil {
			return err
		}
	}
	if err := t.Audit(ctx, "lookup.given", about, ""); err != nil {
		return err
	}
	return f.drawn(ctx, t, ref, "given")
}

// drawn shows the officer what became of a passage, in its place. What it said is to be read nowhere any more.
func (f foundIn) drawn(ctx context.Context, t *bot.Turn, ref, how string) error {
	return eraseCard(ctx, t, passageKind+"/"+f.id, func(lang string) string {
		return t.In(lang, "lookup.found."+how, "ref", ref)
	})
}
