package bot

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The choices of the question "stop this form?".
const (
	cancelStep   = "_cancel"
	choiceWipe   = "_wipe"
	choiceKeep   = "_keep"
	choiceResume = "_go"
)

// Forms run in private chats, where one person is alone with the bot, so a session needs no account beside its chat.
const nobody = ""

// Session gives the form that is open in the turn's chat, or nil.
func (t *Turn) Session(ctx context.Context) (*Session, error) {
	if t.looked {
		return t.session, nil
	}
	s, err := t.Tx.Session(ctx, t.Chat.ID, nobody)
	if err != nil {
		return nil, err
	}
	if s != nil && t.Now.After(s.Expires) {
		if err := t.EndSession(ctx); err != nil {
			return nil, err
		}
		s = nil
	}
	t.session, t.looked = s, true
	return s, nil
}

// EndSession forgets the open form.
func (t *Turn) EndSession(ctx context.Context) error {
	t.session, t.looked = nil, true
	return t.Tx.EndSession(ctx, t.Chat.ID, nobody)
}

// Again puts the question of the open form once more; nothing when none is open.
func (t *Turn) Again(ctx context.Context) error {
	s, err := t.Session(ctx)
	if err != nil || s == nil {
		return err
	}
	flow, ok := t.engine.flows[s.Form]
	if !ok {
		return nil
	}
	return flow.ask(ctx, t, s)
}

// sessionForm is the name of the form that is being filled in.
func (t *Turn) sessionForm() string {
	if t.session == nil {
		return ""
	}
	return t.session.Form
}

// Begin opens a form in the private chat of the person. A form that was open there is set aside until this one is done.
func (t *Turn) Begin(ctx context.Context, name string, in Input) error {
	alone, ok, err := t.Alone(ctx)
	if err != nil || !ok {
		return err
	}
	if err := alone.keepNetwork(ctx); err != nil {
		return err
	}
	flow := t.engine.flows[name]
	if err := alone.gate(ctx, flow.info().needs, alone.Everywhere(flow.info().needs)); err != nil {
		return err
	}
	open, err := alone.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil && open.Form != name {
		if err := alone.setAside(ctx); err != nil {
			return err
		}
	}
	return flow.begin(ctx, alone, in)
}

func (t *Turn) setAside(ctx context.Context) error {
	parked, err := t.Tx.ParkedSession(ctx, t.Chat.ID, nobody)
	if err != nil {
		return err
	}
	if parked != nil {
		return Refuse("form.busy")
	}
	t.session, t.looked = nil, true
	return t.Tx.ParkSession(ctx, t.Chat.ID, nobody)
}

// Park begins a form and sets it aside at once, with what is known, until the person may go on with it. The same form that was
// set aside before is what its start finds open, so that nothing of it is lost; any other is forgotten.
func (t *Turn) Park(ctx context.Context, name string, in Input) error {
	before, err := t.Tx.ParkedSession(ctx, t.Chat.ID, nobody)
	if err != nil {
		return err
	}
	if before != nil && (before.Form != name || t.Now.After(before.Expires)) {
		before = nil
	}
	if err := t.Tx.EndParked(ctx, t.Chat.ID, nobody); err != nil {
		return err
	}
	silent := *t
	silent.Tx = quiet{t.Tx}
	silent.session, silent.looked = before, true
	silent.Actor = allowed(t.Actor, t.Network.ID)
	if err := t.engine.flows[name].begin(ctx, &silent, in); err != nil {
		return err
	}
	return t.Tx.ParkSession(ctx, t.Chat.ID, nobody)
}

// quiet is a transaction in which nothing is said: the question is put when the form is taken up again.
type quiet struct{ Tx }

func (quiet) Enqueue(context.Context, *Letter) error { return nil }

// allowed is the guest as the member they may become: a parked form is asked for permission when it is taken up.
func allowed(m civic.Member, network civic.AreaID) civic.Member {
	m.Standing, m.Network = civic.StandingActive, network
	return m
}

// unpark takes up a form that was set aside, once no other is open and the person may go on with it.
func (t *Turn) unpark(ctx context.Context) error {
	if s, err := t.Session(ctx); err != nil || s != nil {
		return err
	}
	s, err := t.Tx.ParkedSession(ctx, t.Chat.ID, nobody)
	if err != nil || s == nil {
		return err
	}
	flow, ok := t.engine.flows[s.Form]
	if !ok || t.Now.After(s.Expires) {
		return t.Tx.EndParked(ctx, t.Chat.ID, nobody)
	}
	if !t.May(flow.info().needs, t.Everywhere(flow.info().needs)) {
		return nil
	}
	if err := t.Tx.EndParked(ctx, t.Chat.ID, nobody); err != nil {
		return err
	}
	if !flow.pressing(s) { // the emergency number would overtake it, and stand above "we go on where you were"
		if err := t.Say(ctx, "form.resumed"); err != nil {
			return err
		}
	}
	s.Parked = false
	t.session, t.looked = s, true
	return flow.ask(ctx, t, s)
}

// TakeUp lets another person go on with what they had set aside, in their own private chat.
func (t *Turn) TakeUp(ctx context.Context, person int64) error {
	other, ok, err := t.as(ctx, person)
	if err != nil || !ok {
		return err
	}
	return other.unpark(ctx)
}

// Hand opens a form for another person, in their own private chat; false when they cannot be reached.
func (t *Turn) Hand(ctx context.Context, person int64, flow string, in Input) (bool, error) {
	other, ok, err := t.as(ctx, person)
	if err != nil || !ok {
		return false, err
	}
	return true, other.Begin(ctx, flow, in)
}

// Given is an input to a question that was put.
type Given struct {
	Form, Asked string
	Input       Input
}

// Give answers a question for a person, in their own private chat, as though they had answered it themselves. Nothing
// happens when it is not the question that stands there.
func (t *Turn) Give(ctx context.Context, person int64, g Given) error {
	other, ok, err := t.as(ctx, person)
	if err != nil || !ok {
		return err
	}
	s, err := other.Session(ctx)
	if err != nil || s == nil || s.Form != g.Form || s.Asked != g.Asked {
		return err
	}
	return t.engine.resume(ctx, other, s, g.Input)
}

// as is the turn as another person would have it, alone with the bot.
func (t *Turn) as(ctx context.Context, person int64) (*Turn, bool, error) {
	id, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || id == 0 {
		return nil, false, err
	}
	chat, err := t.Tx.Chat(ctx, id)
	if err != nil {
		return nil, false, err
	}
	member, err := t.Tx.Member(ctx, person)
	if err != nil {
		return nil, false, err
	}
	other := &Turn{Now: t.Now, Chat: chat, Actor: member, Tx: t.Tx, engine: t.engine, begun: t.begun}
	if err := t.engine.network(ctx, other); err != nil {
		return nil, false, err
	}
	_, err = other.Visit(ctx, t.Network.ID)
	return other, err == nil, err
}

// Alone is the turn in the private chat of its person; false when there is none yet, which the person is told.
func (t *Turn) Alone(ctx context.Context) (*Turn, bool, error) {
	if t.Chat.Ref.Kind == Private {
		return t, true, nil
	}
	other, ok, err := t.as(ctx, t.Actor.ID)
	if err != nil {
		return nil, false, err
	}
	if !ok {
		return nil, false, t.Answer(ctx, "private.first")
	}
	other.From = t.From
	t.apart = other
	return other, true, t.Answer(ctx, "private.sent")
}

// listening is the turn in which a refusal reaches only the person: where a conversation went on in private, it is
// refused there, unless the refusal is shown on the press itself.
func (t *Turn) listening() *Turn {
	if t.apart == nil || t.query != "" {
		return t
	}
	return t.apart
}

// typedWay finds the way out of a question that was typed instead of pressed.
func (e *Engine) typedWay(t *Turn, text string) string {
	const longest = 80 // bytes; no words for a way are longer
	if text == "" || len(text) > longest {
		return ""
	}
	typed := plainWords(text)
	for _, way := range []struct{ key, words string }{
		{choiceCancel, "form.cancel.words"}, {choiceBack, "form.back.words"}, {choiceSkip, "form.skip.words"},
	} {
		if t.wordList(t.Lang(), way.words).plain[typed] {
			return way.key
		}
	}
	return ""
}

// numberedWay finds the way out of a question with options that was typed as a number: the ways are counted on after
// the options.
func (e *Engine) numberedWay(ctx context.Context, t *Turn, s *Session, text string) (string, error) {
	n, is := typedNumber(text)
	flow, ok := e.flows[s.Form]
	if !is || !ok {
		return "", nil
	}
	return flow.wayAt(ctx, t, s, n)
}

// way goes back, skips or stops.
func (e *Engine) way(ctx context.Context, t *Turn, s *Session, in Input) error {
	if in.Choice == choiceCancel {
		return e.askCancel(ctx, t, s)
	}
	return e.resume(ctx, t, s, in)
}

// askCancel stops a form in which nothing was said yet, and otherwise asks what is to become of the answers.
func (e *Engine) askCancel(ctx context.Context, t *Turn, s *Session) error {
	if len(s.Answered) == 0 {
		return e.cancel(ctx, t, choiceWipe)
	}
	return t.Post(ctx, t.Chat.ID, LaneAnswer, Message{
		Text: t.T("form.cancel.ask"), About: aboutStep(s.Form, cancelStep),
		Rows: rows([]Choice{
			{Key: choiceWipe, Label: t.T("form.cancel.wipe")},
			{Key: choiceKeep, Label: t.T("form.cancel.keep")},
			{Key: choiceResume, Label: t.T("form.cancel.go")},
		}),
	})
}

func (e *Engine) cancel(ctx context.Context, t *Turn, choice string) error {
	s, err := t.Session(ctx)
	if err != nil || s == nil {
		return err
	}
	switch choice {
	case choiceKeep:
		return e.keep(ctx, t, s)
	case choiceResume:
		return e.flows[s.Form].ask(ctx, t, s)
	}
	if err := t.EndSession(ctx); err != nil {
		return err
	}
	if err := t.Say(ctx, "form.cancelled"); err != nil {
		return err
	}
	return t.unpark(ctx)
}

// keep leaves a form until the next morning, when its question is put again.
func (e *Engine) keep(ctx context.Context, t *Turn, s *Session) error {
	morning := t.Morning(dayBegins)
	s.Touched, s.Expires = morning, morning.AddDate(0, 0, 1) // nobody is reminded before
	if err := t.Tx.SaveSession(ctx, s); err != nil {
		return err
	}
	if err := t.Wake(ctx, reminderTimer, chatRef(t.Chat.ID), morning); err != nil {
		return err
	}
	return t.Say(ctx, "form.kept")
}
