package civic

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// allStatuses lists every status of a case that is stored.
var allStatuses = []Status{
	Received, InTriage, InfoRequested, InfoReceived, Forwarded, Accepted, Planned, Snoozed, Resolved, Closed, Duplicate,
	Withdrawn, ReopenRequested, Reopened,
}

// allAlertStatuses lists every status of an alert that is stored.
var allAlertStatuses = []AlertStatus{
	AlertChecked, AlertQueued, AlertActive, AlertCorrected, AlertRetracted, AlertOutcome, AlertExpired,
}

// reach is every status that can be come to from start.
func reach[S comparable](moves map[S][]S, start S) map[S]bool {
	seen := map[S]bool{start: true}
	for todo := []S{start}; len(todo) > 0; todo = todo[1:] {
		for _, next := range moves[todo[0]] {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return seen
}

func TestEveryStatusOfACaseIsReachedAndNoneLeavesTheTable(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(slices.Values(allStatuses)), slices.Sorted(maps.Keys(CaseMoves))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(allStatuses)), slices.Sorted(maps.Keys(reach(CaseMoves, Received)))); diff != "" {
		t.Error(diff)
	}
}

func TestEveryStatusOfAnAlertIsReachedAndNoneLeavesTheTable(t *testing.T) {
	want := slices.Sorted(slices.Values(allAlertStatuses))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(AlertMoves))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(withQueued(reach(AlertMoves, AlertChecked))))); diff != "" {
		t.Error(diff)
	}
}

// withQueued adds what is reached from the other beginning: what is planned for later.
func withQueued(seen map[AlertStatus]bool) map[AlertStatus]bool {
	maps.Copy(seen, reach(AlertMoves, AlertQueued))
	return seen
}

func TestMovesAreThoseOfTheDomain(t *testing.T) {
	want := map[Status][]Status{
		Received:        {InTriage, Duplicate, Withdrawn},
		InTriage:        {InfoRequested, Forwarded, Planned, Snoozed, Resolved, Closed, Duplicate, Withdrawn},
		InfoRequested:   {InfoReceived, InTriage, Withdrawn},
		InfoReceived:    {InTriage, Withdrawn}, // the last goes beyond the domain: a reporter may take back at any time
		Forwarded:       {Accepted, InTriage, Resolved, Closed},
		Accepted:        {Planned, Resolved, Closed, InTriage},
		Planned:         {Accepted, Resolved, Closed},
		Snoozed:         {InTriage, Withdrawn}, // likewise
		Resolved:        {ReopenRequested},
		Closed:          {ReopenRequested},
		ReopenRequested: {Reopened, Resolved, Closed},
		Reopened:        {InTriage, Forwarded},
		Duplicate:       {InTriage},
		Withdrawn:       nil,
	}
	for _, from := range allStatuses {
		for _, next := range allStatuses {
			if may := slices.Contains(want[from], next); from.May(next) != may {
				t.Errorf("%s to %s: %t", from, next, !may)
			}
		}
	}
}

func TestUnknownStatusesGoNowhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, next := Status(rapid.String().Draw(t, "from")), Status(rapid.String().Draw(t, "next"))
		if from.May(next) && !slices.Contains(allStatuses, from) {
			t.Fatalf("%q may move to %q", from, next)
		}
		if Status("").May(next) || AlertStatus(from).May(AlertStatus(next)) && !slices.Contains(allAlertStatuses, AlertStatus(from)) {
			t.Fatalf("%q may move to %q", from, next)
		}
	})
}

func TestMovesStayInTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := Received
		for range rapid.IntRange(0, 30).Draw(t, "moves") {
			next := rapid.SampledFrom(allStatuses).Draw(t, "next")
			if at.May(next) {
				at = next
			}
			if _, known := CaseMoves[at]; !known {
				t.Fatalf("left the table for %q", at)
			}
		}
		if at != Withdrawn && !reach(CaseMoves, at)[InTriage] {
			t.Fatalf("nobody can look at a case in %s again", at)
		}
	})
}

func TestEndedCasesNeedNobody(t *testing.T) {
	want := []Status{Resolved, Closed, Duplicate, Withdrawn}
	var got []Status
	for _, s := range allStatuses {
		if s.Ended() {
			got = append(got, s)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, s := range want {
		for _, next := range CaseMoves[s] {
			if next.Ended() {
				t.Errorf("%s ends once more as %s", s, next)
			}
		}
	}
}

func TestClosingEndsACase(t *testing.T) {
	for _, reason := range CloseReasons {
		want := Closed
		if reason == ReasonDone || reason == ReasonPartly {
			want = Resolved
		}
		if got := reason.Status(); got != want || !InTriage.May(got) || !Forwarded.May(got) {
			t.Errorf("%s ends in %s", reason, got)
		}
	}
	if len(CloseReasons) != 8 {
		t.Errorf("%d reasons", len(CloseReasons))
	}
}

func TestPressingAlertsAreThoseForDanger(t *testing.T) {
	for kind, want := range map[AlertKind]bool{UrgentAlert: true, MissingAlert: true, AppealAlert: false, InfoAlert: false, "": false} {
		if kind.Pressing() != want {
			t.Errorf("%s: %t", kind, !want)
		}
	}
}
