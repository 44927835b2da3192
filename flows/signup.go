package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	joinForm    = "join"
	longestName = 40 // characters of a name
)

// The answers to the first screen and to the question of age.
const (
	answerYes     = "yes"
	answerNo      = "no"
	answerPrivacy = "privacy"
)

// Membership lets people join a network, choose their language and leave, and lets coordinators decide who joins.
func Membership() bot.Feature {
	return bot.Feature{
		Name:  "membership",
		Flows: []bot.Flow{signup(), invitation(), inquiring(), inquiredOf()},
		Actions: []bot.Action{
			{Name: "member.join", Needs: civic.Join, On: onSelf, Do: joinPressed},
			{Name: "member.approve", Needs: civic.ApproveMember, On: onRequest, Do: approve},
			{Name: "member.ask", Needs: civic.ApproveMember, On: onRequest, Do: askRequester},
			{Name: "member.decline", Needs: civic.ApproveMember, On: onRequest, Do: decline},
			{Name: "member.withdraw", Needs: civic.Leave, On: onSelfIn, Do: withdrawRequest},
			{Name: "language.set", Needs: civic.ChooseTongue, On: onLanguage, Do: setLanguage},
			{Name: "leave.yes", Needs: civic.Leave, Word: wordForget, On: onSelfIn, Do: leave},
			{Name: "leave.here", Needs: civic.Leave, Word: wordForget, On: onSelfIn, Do: leaveHere},
			{Name: "leave.no", Needs: civic.Leave, On: onSelfIn, Do: stay},
			{Name: "leave.form", Needs: civic.Leave, On: onSelf, Do: stopForm},
		},
		Commands: []bot.CommandSpec{
			{Name: "taal", Needs: civic.ChooseTongue, Where: bot.Anywhere, Do: askLanguage},
			{Name: "stop", Needs: civic.Leave, Do: askLeave},
		},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{requestTimer: remindOfRequest, broughtTimer: brought},
		Keys:   memberKeys(),
	}
}

// joining is a request to become a member that is being written. Nothing is stored of a guest but this.
type joining struct {
	Welcome   string       `json:"welcome,omitempty"`
	Adult     string       `json:"adult,omitempty"`
	Coded     bool         `json:"coded,omitempty"`   // the street was on the sign
	Group     civic.AreaID `json:"group,omitempty"`   // was on the sign: its streets are offered first
	ByCode    bool         `json:"by_code,omitempty"` // the street was given by its code, when it was asked for
	Place     civic.Place  `json:"place"`
	Vouch     string       `json:"vouch,omitempty"`     // the code of a neighbour who vouches
	Elsewhere string       `json:"elsewhere,omitempty"` // a street that is none of ours, as it was typed
	Name      string       `json:"name,omitempty"`
}

func (j *joining) wants() bool     { return j.Welcome == answerYes }
func (j *joining) adult() bool     { return j.wants() && j.Adult == answerYes }
func (j *joining) asks() bool      { return j.adult() && !j.Coded }
func (j *joining) elsewhere() bool { return j.asks() && j.Place.Street == 0 && j.Place.Words != "" }

func signup() bot.Form[joining] {
	return bot.Form[joining]{
		Name: joinForm, Needs: civic.Join, Start: startJoining, Done: endJoining,
		Aside: func(t *bot.Turn, in bot.Input, _ string, _ joining) *bot.Refusal { return answerIdle(t, in) },
		Steps: []bot.Step[joining]{
			bot.Ending[joining](welcome{bot.Pick("welcome", func(j *joining) *string { return &j.Welcome },
				answerYes, answerPrivacy, answerNo)}),
			bot.If((*joining).wants, ofAge{bot.Pick("age", func(j *joining) *string { return &j.Adult }, answerYes, answerNo)}),
			bot.If((*joining).asks, home{
				bot.LocateOr("street", func(j *joining) *civic.Place { return &j.Place }, "join.street.elsewhere"),
			}),
			bot.If((*joining).elsewhere, bot.Write("elsewhere", func(j *joining) *string { return &j.Elsewhere }, longestName)),
			bot.If((*joining).adult, called{
				bot.Optional(bot.Write("name", func(j *joining) *string { return &j.Name }, longestName)),
			}),
		},
	}
}

// startJoining takes the street or the street group from the code on a sign.
func startJoining(ctx context.Context, t *bot.Turn, in bot.Input) (joining, []string, error) {
	if t.Actor.Active() {
		return joining{}, nil, bot.Refuse("join.already")
	}
	if err := outside(ctx, t); err != nil {
		return joining{}, nil, err
	}
	area, ok, err := areaByCode(ctx, t, in.Args)
	if err != nil {
		return joining{}, nil, err
	}
	if !ok {
		return startVouched(ctx, t, in.Args)
	}
	if area.Kind == civic.KindStreet {
		return joining{Coded: true, Place: civic.Place{Street: area.ID}}, nil, nil
	}
	return joining{Group: area.ID}, nil, nil
}

// areaByCode finds a street or street group by the code on its sign, however it is typed; false when there is none. The code
// leads a guest to its network.
func areaByCode(ctx context.Context, t *bot.Turn, typed string) (civic.Area, bool, error) {
	const longestCode = 12 // characters
	code := strings.ToUpper(strings.TrimSpace(typed))
	if code == "" || len(code) > longestCode {
		return civic.Area{}, false, nil
	}
	area, err := t.Tx.AreaByCode(ctx, code)
	if errors.Is(err, bot.ErrNotFound) {
		return civic.Area{}, false, nil
	}
	if err != nil || area.Network == t.Network.ID {
		return area, err == nil, err
	}
	if !t.Actor.Guest() {
		return civic.Area{}, false, nil // of a network that is not the person's
	}
	return area, true, t.Choose(ctx, area.Network)
}

// invite answers a person who wants something that members may do: it leads a guest to the sign-up.
func invite(ctx context.Context, t *bot.Turn) error {
	switch {
	case t.Actor.Active():
		return greet(ctx, t)
	case t.Actor.Standing == civic.StandingPending:
		return stillWaiting(ctx, t)
	case t.Actor.Standing == civic.StandingDormant:
		return offerStill(ctx, t, t.Actor.ID, "still.dormant")
	}
	return beginJoining(ctx, t)
}

func joinPressed(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	if t.Actor.Standing == civic.StandingPending {
		return stillWaiting(ctx, t)
	}
	return t.Begin(ctx, joinForm, bot.Input{})
}
