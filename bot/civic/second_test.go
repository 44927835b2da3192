package civic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestWideReachAndPlatesNeedASecondOfficer(t *testing.T) {
	chat := func(group civic.AreaID) civic.Recipient { return civic.Recipient{Group: group, Chat: int64(group)} }
	w := civic.World{Members: map[civic.AreaID]int{1: 300, 2: 200, 3: 1}}
	person := civic.Recipient{Group: 4, Chat: 9, Person: 9}
	for name, c := range map[string]struct {
		text string
		tell []civic.Recipient
		want []civic.SecondReason
	}{
		"500 people":            {"Blijf binnen.", []civic.Recipient{chat(1), chat(2)}, nil},
		"501 people":            {"Blijf binnen.", []civic.Recipient{chat(1), chat(2), chat(3)}, []civic.SecondReason{civic.SecondReach}},
		"501 with a person":     {"Blijf binnen.", []civic.Recipient{chat(1), chat(2), person}, []civic.SecondReason{civic.SecondReach}},
		"one group, two chats":  {"Blijf binnen.", []civic.Recipient{chat(1), {Group: 1, Chat: 77}}, nil},
		"a plate":               {"Let op een bus met kenteken XX-999-X.", []civic.Recipient{chat(3)}, []civic.SecondReason{civic.SecondPlate}},
		"a plate, many people":  {"Let op XX-999-X.", []civic.Recipient{chat(1), chat(2), chat(3)}, []civic.SecondReason{civic.SecondReach, civic.SecondPlate}},
		"a plate, twice":        {"XX-999-X! Een bus, XX-999-X.", []civic.Recipient{person}, []civic.SecondReason{civic.SecondPlate}},
		"one person, no plate":  {"Let op een witte bus.", []civic.Recipient{person}, nil},
		"nobody, but no plates": {"", nil, nil},
	} {
		got := civic.Alert{Text: c.text}.NeedsSecond(civic.Plan{Tell: c.tell}, w)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The same words count once for two networks: those of the same officer, of a real alert, in another network.
func TestSameWordsElsewhereAreOneAlert(t *testing.T) {
	a := civic.Alert{Network: 1, Issuer: 7, Text: "Blijf binnen. Sluit ramen."}
	same := civic.Alert{Network: 2, Issuer: 7, Text: "blijf  binnen. Sluit ramen."}
	for name, c := range map[string]struct {
		change func(a, other *civic.Alert)
		want   bool
	}{
		"the same":          {func(_, _ *civic.Alert) {}, true},
		"here":              {func(_, o *civic.Alert) { o.Network = 1 }, false},
		"of somebody else":  {func(_, o *civic.Alert) { o.Issuer = 8 }, false},
		"other words":       {func(_, o *civic.Alert) { o.Text += " Bel 112." }, false},
		"a drill":           {func(a, _ *civic.Alert) { a.Drill = true }, false},
		"a drill elsewhere": {func(_, o *civic.Alert) { o.Drill = true }, false},
	} {
		mine, other := a, same
		c.change(&mine, &other)
		if got := mine.SameElsewhere([]civic.Alert{other}); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if a.SameElsewhere(nil) {
		t.Error("there is none")
	}
}

// The plates of a text are told once each.
func TestPlatesAreToldOnce(t *testing.T) {
	if diff := cmp.Diff([]string{"XX-999-X", "99-ZZZ-9"}, civic.Plates("XX-999-X achter 99-ZZZ-9, weer XX-999-X")); diff != "" {
		t.Error(diff)
	}
}
