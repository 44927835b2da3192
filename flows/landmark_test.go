package flows_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Of two landmarks of one name it is asked at which street; with the street nothing is asked.
func TestOfTwoLandmarksOfOneNameItIsAskedWhich(t *testing.T) {
	p := open(t, transcript{}, mode{})
	t.Cleanup(p.close)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		home := networks[0].ID
		return errors.Join(
			tx.SaveLandmark(p.ctx, &civic.Landmark{Network: home, Name: "Albert Heijn", At: orb.Point{5.6058, 51.6000}}),
			tx.SaveLandmark(p.ctx, &civic.Landmark{Network: home, Name: "Bibliotheek", At: orb.Point{5.7, 51.7}}),
		)
	}))
	asks := func(line, want string, offered ...string) {
		t.Helper()
		said := strings.Join(p.line(line), "")
		if !strings.Contains(said, want) {
			t.Errorf("%s: %q is missing in\n%s", line, want, said)
		}
		for _, label := range offered {
			if !slices.Contains(offeredNow(p.stage.(*localStage), "ana"), label) {
				t.Errorf("%s: [%s] is missing in\n%s", line, label, said)
			}
		}
	}
	asks("ana > De lamp bij de Albert Heijn is kapot", "Waar is het?")
	asks("ana > bij de Albert Heijn", "Welke", "Kastanjelaan", "Meidoornstraat")
	asks("ana > naast de Bibliotheek", "Die straat ken ik niet") // it lies far outside
	asks("ana > de Albert Heijn in de Meidoornstraat", "Wanneer was het?")
	for range 3 {
		p.line("ana > [Overslaan]")
		if slices.Contains(offeredNow(p.stage.(*localStage), "ana"), "Versturen") {
			break
		}
	}
	asks("ana > [Versturen]", "bij Albert Heijn (Meidoornstraat)")
}
