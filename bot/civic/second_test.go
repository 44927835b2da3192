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
		"one person, no plate":  {"Let op een witte bus.", []civic.Recipient{person}, nil},
		"nobody, but no plates": {"", nil, nil},
	} {
		got := civic.Alert{Text: c.text}.NeedsSecond(civic.Plan{Tell: c.tell}, w)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
