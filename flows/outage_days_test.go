package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// A homeserver that is down for three days, from the moment on in which a report came in: when it is there again the coordinators
// hear of the report, and the reporter of what was made of it.
func TestAReportIsNotLostInThreeDaysOfSilence(t *testing.T) {
	r := newTeller(t, "ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]")
	r.act("ana", "[Versturen]")
	r.fake.Refuse = down
	r.drain()
	for range 3 * 24 {
		r.pass("1h later")
	}
	if said := strings.Join(r.bodies(r.s.rooms["desk"]), "\n"); strings.Contains(said, "lamp") {
		t.Fatalf("said while it is down: %q", said)
	}
	r.fake.Refuse = nil
	for hours := range 24 {
		r.pass("1h later")
		if said := strings.Join(r.bodies(r.s.rooms["desk"]), "\n"); strings.Contains(said, "lamp") {
			t.Logf("the coordinators read of it after %d hours", hours+1)
			return
		}
	}
	t.Errorf("the coordinators read %q", r.bodies(r.s.rooms["desk"]))
	t.Errorf("Rachid reads %q", r.bodies(r.s.rooms["rachid"]))
}

// Words that are taken back while a homeserver is down are taken out of the room when it is there again, days afterwards.
func TestWhatIsTakenBackInThreeDaysOfSilenceGoes(t *testing.T) {
	r := newTeller(t,
		"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]")
	desk, room := r.s.rooms["desk"], r.s.rooms["ana"]
	if said := strings.Join(r.bodies(desk), "\n"); !strings.Contains(said, "lamp") {
		t.Fatalf("the coordinators read %q", said)
	}
	for _, e := range r.fake.Events(room, matrixfake.User("ana"), "m.room.message") {
		if strings.HasPrefix(fmt.Sprint(e.Content["body"]), "De lamp") {
			r.fake.Redact(room, matrixfake.User("ana"), e.ID)
		}
	}
	r.check(r.s.poll(r.ctx, r.store))
	r.fake.Refuse = down
	r.drain()
	for range 3 * 24 {
		r.pass("1h later")
	}
	r.fake.Refuse = nil
	for range 3 {
		r.pass("1h later")
	}
	if said := strings.Join(r.bodies(desk), "\n"); strings.Contains(said, "lamp") {
		t.Errorf("the coordinators still read %q", said)
	}
}
