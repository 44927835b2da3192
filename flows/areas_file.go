package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
)

// largestAreas is how large a file may be, in bytes: the most that the Bot API lets a bot download. The command line takes more.
const largestAreas = 20 << 20

// areasFile is a list or a map of places that somebody sent, and what is said of it.
type areasFile struct {
	File   string `json:"file,omitempty"`   // its id on the platform
	Report string `json:"report,omitempty"` // what it would change
}

// sendingAreas is the form in which a file is sent; what comes of it is told when it was read.
func sendingAreas() bot.Form[areasFile] {
	return bot.Form[areasFile]{
		Name: areasForm, Needs: civic.SetUp, Steps: []bot.Step[areasFile]{areasStep{}},
		Done: func(ctx context.Context, t *bot.Turn, f areasFile) error {
			return errors.Join(f.send(ctx, t, false), t.Say(ctx, "areas.reading"))
		},
	}
}

// areasStep asks for a file with places.
type areasStep struct{}

func (areasStep) Name() string              { return "file" }
func (areasStep) Optional() bool            { return false }
func (areasStep) Applies(*areasFile) bool   { return true }
func (areasStep) Wants(in bot.Input) bool   { return in.Media != nil || in.Text != "" || in.Choice != "" }
func (areasStep) Clear(f *areasFile)        { f.File = "" }
func (areasStep) Keys(form string) []string { return []string{form + ".file.ask"} }

// Ask implements [bot.Step].
func (areasStep) Ask(_ context.Context, t *bot.Turn, form string, _ areasFile) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".file.ask")}, nil
}

// Take implements [bot.Step].
func (areasStep) Take(_ context.Context, _ *bot.Turn, in bot.Input, f *areasFile) error {
	switch {
	case in.Media == nil || in.Media.Kind != bot.MediaDocument:
		return bot.Refuse("areas.file.none")
	case in.Media.Size > largestAreas:
		return bot.Refuse("areas.file.large", "max", largestAreas>>20)
	}
	f.File = in.Media.File
	return nil
}

// applyingAreas is the form in which it is decided, once it is known what a file changes.
func applyingAreas() bot.Form[areasFile] {
	return bot.Form[areasFile]{
		Name: areasReadyForm, Needs: civic.SetUp,
		Start: func(_ context.Context, _ *bot.Turn, in bot.Input) (f areasFile, _ []string, err error) {
			return f, nil, json.Unmarshal([]byte(in.Args), &f)
		},
		Steps: []bot.Step[areasFile]{bot.Review(func(_ context.Context, t *bot.Turn, f areasFile) (string, error) {
			return t.T("areasready.review.ask", "report", bot.HTML(f.Report)), nil
		}, func(areasFile) []string { return nil })},
		Done: func(ctx context.Context, t *bot.Turn, f areasFile) error {
			return errors.Join(f.send(ctx, t, true), t.Say(ctx, "areas.applying"))
		},
	}
}

// areasOrder is what is asked of the errand: to fetch a file and to read it.
type areasOrder struct {
	File    string `json:"file"`
	Profile string `json:"profile"`
	Apply   bool   `json:"apply,omitempty"`
}

// send sends for the file. Nothing of it is stored in between: it is fetched again when it is to be applied.
func (f areasFile) send(ctx context.Context, t *bot.Turn, apply bool) error {
	payload, err := json.Marshal(areasOrder{File: f.File, Profile: t.Network.Profile, Apply: apply})
	if err != nil {
		return fmt.Errorf("file of places: %w", err)
	}
	return t.Errand(ctx, areasErrand, fmt.Sprintf("%d.%d", t.Chat.ID, t.Network.ID), payload)
}

// areasReading is what came of reading a file.
type areasReading struct {
	areasOrder
	Survey survey.Survey   `json:"survey"`
	Wrong  survey.Mistakes `json:"wrong,omitempty"`
}

// readAreas fetches a file and understands it, outside any turn: a town has thousands of streets.
func readAreas(ctx context.Context, p bot.Platform, e bot.Errand) ([]byte, error) {
	var r areasReading
	if err := json.Unmarshal(e.Payload, &r.areasOrder); err != nil {
		return nil, &bot.FinalError{Err: fmt.Errorf("file of places: %w", err)}
	}
	data, err := p.Fetch(ctx, r.File, largestAreas)
	if err != nil {
		return nil, fmt.Errorf("fetch places: %w", err)
	}
	profile, _ := civic.ProfileOf(r.Profile)
	if r.Survey, err = survey.Read("", data, profile); err != nil {
		wrong, is := errors.AsType[survey.Mistakes](err)
		if !is {
			return nil, &bot.FinalError{Err: err}
		}
		r.Survey, r.Wrong = survey.Survey{}, wrong
	}
	return json.Marshal(r)
}

// errDryAreas undoes what a file was tried with.
var errDryAreas = errors.New("only tried")

// areasRead tells who sent a file what it changes, and lets them decide; or does it, when they have.
func areasRead(ctx context.Context, t *bot.Turn, d bot.Done) error {
	var chat, network int64
	if _, err := fmt.Sscanf(d.Ref, "%d.%d", &chat, &network); err != nil {
		return fmt.Errorf("places %q: %w", d.Ref, err)
	}
	t, there, err := t.InChat(ctx, chat)
	if err != nil || !there {
		return err
	}
	if err := t.Settle(ctx, civic.AreaID(network)); err != nil {
		return err
	}
	switch {
	case !t.May(civic.SetUp, civic.Scope{Network: t.Network.ID}):
		return t.Say(ctx, "refused.role")
	case d.Err != "":
		return t.Say(ctx, "areas.file.lost", "max", largestAreas>>20)
	}
	var r areasReading
	if err := json.Unmarshal(d.Result, &r); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if len(r.Wrong) > 0 {
		return t.Say(ctx, "areas.file.wrong", "mistakes", r.Wrong.Error())
	}
	return r.take(ctx, t)
}

// take stores what a file says, or tries it and undoes that, so that it fails where it would.
func (r areasReading) take(ctx context.Context, t *bot.Turn) error {
	var plan survey.Plan
	err := t.Tx.Savepoint(ctx, func() (err error) {
		plan, err = TakeSurvey(ctx, t.Tx, t.Network.ID, r.Survey, bot.AuditEntry{At: t.Now, Actor: t.Actor.ID})
		if err == nil && !r.Apply {
			err = errDryAreas
		}
		return err
	})
	if wrong, is := errors.AsType[survey.Mistakes](err); is {
		return t.Say(ctx, "areas.file.wrong", "mistakes", wrong.Error())
	}
	if err != nil && !errors.Is(err, errDryAreas) {
		return err
	}
	report := strings.Join(planLines(t, r.Survey, plan), "\n")
	switch {
	case r.Apply:
		return t.Say(ctx, "areas.done", "report", bot.HTML(report))
	case len(plan.Changes)+len(plan.Landmarks) == 0:
		return t.Say(ctx, "areas.same", "report", bot.HTML(report))
	}
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil {
		return t.Say(ctx, "areas.busy", "report", bot.HTML(report))
	}
	args, err := json.Marshal(areasFile{File: r.File, Report: report})
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	return t.Begin(ctx, areasReadyForm, bot.Input{Args: string(args)})
}

// mostFindings is how many things to look at are told in chat; the command line tells all.
const mostFindings = 10

// planLines tell what a file changes, and what somebody should look at.
func planLines(t *bot.Turn, read survey.Survey, plan survey.Plan) []string {
	var lines, groups []string
	streets := map[string][]string{}
	for _, c := range plan.Changes {
		switch {
		case c.New && c.Area.Kind == civic.KindGroup:
			lines = append(lines, t.T("areas.plan.group", "group", c.Area.Name, "prefix", c.Area.Prefix))
		case c.New:
			if streets[c.Group] == nil {
				groups = append(groups, c.Group)
			}
			streets[c.Group] = append(streets[c.Group], c.Area.Name)
		default:
			lines = append(lines, t.T("areas.plan.changed", "name", c.Area.Name, "words", bot.HTML(survey.Together(c.News, t.T))))
		}
	}
	for _, g := range groups {
		lines = append(lines, t.T("areas.plan.streets", "group", g, "streets", fewNames(t, streets[g])))
	}
	if n := len(plan.Landmarks); n > 0 {
		lines = append(lines, t.T("areas.plan.landmarks", "count", n))
	}
	if plan.Brought > 0 {
		lines = append(lines, t.T("areas.plan.brought", "members", members(t, t.Lang(), plan.Brought)))
	}
	lines = append(lines, t.T("areas.plan.same", "count", plan.Same))
	if n := len(plan.Missing); n > 0 {
		lines = append(lines, t.T("areas.plan.missing", "count", n))
	}
	looks := slices.Concat(read.Notes, plan.Findings)
	if len(looks) > 0 {
		lines = append(lines, "", t.T("areas.look"))
	}
	for _, look := range looks[:min(len(looks), mostFindings)] {
		lines = append(lines, "• "+look.In(t.T))
	}
	if len(looks) > mostFindings {
		lines = append(lines, "• …")
	}
	return lines
}
