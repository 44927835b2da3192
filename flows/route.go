package flows

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// ruleOf is the rule that says which partners a case belongs to now.
func ruleOf(ctx context.Context, t *bot.Turn, c civic.Case) (civic.Rule, error) {
	rules, err := t.Tx.Rules(ctx, c.Network)
	return civic.Route(rules, c, t.Now.In(zone(t))), err
}

// routed lists the partners that a case belongs to.
func routed(ctx context.Context, t *bot.Turn, c civic.Case) ([]civic.Role, error) {
	rule, err := ruleOf(ctx, t, c)
	return rule.Partners, err
}

// route says where a case belongs, and by which rule. Without a reference it lists the network's rules; with the parts of
// a rule it adds one, and with a word and a number it drops one.
func route(ctx context.Context, t *bot.Turn, args string) error {
	if civic.Blank(args) {
		return listRules(ctx, t)
	}
	word, number, _ := strings.Cut(strings.ToLower(strings.TrimSpace(args)), " ")
	drops := slices.Contains(t.Words("route.words.drop"), word)
	if _, is := civic.ParseRef(args); is && strings.Contains(args, "-") && !drops {
		c, err := caseByRef(ctx, t, args)
		if err != nil {
			return err
		}
		return uncovered(explainRoute)(ctx, t, c)
	}
	if !t.May(civic.SetRoute, civic.Scope{Network: t.Network.ID}) {
		if err := t.Audit(ctx, "refused", string(civic.SetRoute), ""); err != nil {
			return err
		}
		return bot.Refuse("refused.route.set")
	}
	if drops {
		return dropRule(ctx, t, strings.TrimSpace(number))
	}
	return addRule(ctx, t, args)
}

func explainRoute(ctx context.Context, t *bot.Turn, c civic.Case) error {
	rule, err := ruleOf(ctx, t, c)
	if err != nil {
		return err
	}
	line, err := ruleText(ctx, t, rule)
	if err != nil {
		return err
	}
	key := "route.why"
	if rule.ID == 0 {
		key = "route.why.usual"
	}
	if len(rule.Partners) == 0 {
		return t.Say(ctx, "route.why.nobody", "ref", c.Ref)
	}
	return t.Say(ctx, key, "ref", c.Ref, "partners", partnerNames(t, t.Lang(), rule.Partners), "n", rule.ID, "rule", line)
}

// ruleText tells a rule: "youth nuisance, Kastanje, 18–8 hours → the police".
func ruleText(ctx context.Context, t *bot.Turn, r civic.Rule) (string, error) {
	var when []string
	if r.Category != "" {
		when = append(when, categoryLabel(t, t.Lang(), r.Category))
	}
	if r.Area != 0 {
		area, err := t.Tx.Area(ctx, r.Area)
		if err != nil {
			return "", err
		}
		when = append(when, area.Name)
	}
	if r.From != r.Until {
		when = append(when, t.T("route.hours", "from", r.From, "until", r.Until))
	}
	if r.Weekend {
		when = append(when, t.T("route.weekend"))
	}
	if len(when) == 0 {
		when = append(when, t.T("route.all"))
	}
	rule := t.T("route.rule", "when", strings.Join(when, ", "), "partners", partnerNames(t, t.Lang(), r.Partners))
	if days := int(r.Within / (24 * time.Hour)); days > 0 {
		rule = t.T("route.within", "rule", rule, "count", days)
	}
	return rule, nil
}

func listRules(ctx context.Context, t *bot.Turn) error {
	rules, err := t.Tx.Rules(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	text := []string{t.T("route.how")}
	for _, r := range rules {
		line, err := ruleText(ctx, t, r)
		if err != nil {
			return err
		}
		text = append(text, t.T("route.line", "n", r.ID, "rule", line))
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(text, "\n")})
}

func dropRule(ctx context.Context, t *bot.Turn, number string) error {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return bot.Refuse("route.unknown", "part", civic.Clean(number, 20))
	}
	err = t.Tx.DropRule(ctx, t.Network.ID, id)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Refuse("route.unknown", "part", number)
	}
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "route.dropped", bot.About("route", id), ""); err != nil {
		return err
	}
	return t.Say(ctx, "route.dropped", "n", id)
}

func addRule(ctx context.Context, t *bot.Turn, args string) error {
	r := civic.Rule{Network: t.Network.ID}
	for part := range strings.SplitSeq(args, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if known, err := rulePart(ctx, t, part, &r); err != nil {
			return err
		} else if !known {
			return bot.Refuse("route.unknown", "part", civic.Clean(part, 40))
		}
	}
	if len(r.Partners) == 0 {
		return bot.Refuse("route.nobody")
	}
	if err := t.Tx.AddRule(ctx, &r); err != nil {
		return err
	}
	if err := t.Audit(ctx, "route.added", bot.About("route", r.ID), ""); err != nil {
		return err
	}
	line, err := ruleText(ctx, t, r)
	if err != nil {
		return err
	}
	return t.Say(ctx, "route.added", "n", r.ID, "rule", line)
}

// promised reads within how many days partners say something: "binnen 10 dagen", "2 weken"; 0 when the words say no such
// thing, or a time that nobody would call a promise.
func promised(t *bot.Turn, words string) int {
	const longest = 92 // days
	for _, within := range t.Words("route.words.within") {
		words = strings.TrimPrefix(words, within+" ")
	}
	if days := spanned(coverWordsOf(t), words); days <= longest {
		return days
	}
	return 0
}

var ruleHours = regexp.MustCompile(`^(\d{1,2})\s*[-–]\s*(\d{1,2})$`)

// rulePart reads one part of a rule: a partner, a category, a street or street group, hours, or the weekend.
func rulePart(ctx context.Context, t *bot.Turn, part string, r *civic.Rule) (bool, error) {
	for _, p := range civic.Partners {
		if slices.Contains(t.Words("room.words."+string(p)), part) {
			r.Partners = append(r.Partners, p)
			return true, nil
		}
	}
	for _, info := range civic.Categories {
		if part == strings.ToLower(categoryLabel(t, t.Lang(), info.Key)) {
			r.Category = info.Key
			return true, nil
		}
	}
	if slices.Contains(t.Words("route.words.weekend"), part) {
		r.Weekend = true
		return true, nil
	}
	if days := promised(t, part); days > 0 {
		r.Within = time.Duration(days) * 24 * time.Hour
		return true, nil
	}
	if m := ruleHours.FindStringSubmatch(part); m != nil {
		r.From, _ = strconv.Atoi(m[1]) // digits, by the pattern
		r.Until, _ = strconv.Atoi(m[2])
		r.Until %= 24
		return r.From < 24, nil
	}
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	for _, a := range areas {
		if part == strings.ToLower(a.Name) {
			r.Area = a.ID
			return true, err
		}
	}
	return false, err
}
