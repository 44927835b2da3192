package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The number of a police zone is said wherever that of the country would be, and in no other network.
func TestTheNumberOfThePoliceZoneIsSaid(t *testing.T) {
	p := openTwo(t)
	t.Cleanup(p.close)
	const zone = "02 123 45 67"
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		networks[1].Police = zone
		return tx.SaveNetwork(p.ctx, &networks[1])
	}))
	for name, want := range map[string]string{"bea": zone, "ana": "0900-8844"} {
		said := strings.Join(p.line(name+" > /help"), "\n")
		if !strings.Contains(said, want) || want != zone && strings.Contains(said, zone) {
			t.Errorf("%s does not read %s, but\n%s", name, want, said)
		}
	}
	turn := bot.Turn{Network: civic.Network{Profile: "be", Police: zone, Zone: time.UTC}}
	if got := turn.Profile().Police; got != zone {
		t.Errorf("the profile has %q", got)
	}
}
