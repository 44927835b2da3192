package main

import (
	"strings"
	"testing"
)

func TestTheDryRunOfRetentionTellsAndErasesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	got := play(t, nil, "retention", "--dry-run")
	for _, want := range []string{
		"pictures and exact places: 0 cases", "what alerts said: 0 alerts", "who heard and answered alerts: 0 alerts",
		"from: absences, accounts, alert_replies", "audit trail: 0 entries", "Nothing was erased", "45 3 * * *",
	} {
		if got.code != exitFine || !strings.Contains(got.out, want) {
			t.Errorf("%q is missing in %+v", want, got)
		}
	}
	if got := play(t, nil, "retention"); got.code != exitUse {
		t.Errorf("without --dry-run: %+v", got)
	}
	write(t, "bad.yaml", "retention:\n  text: 0s\n")
	if got := play(t, nil, "--config", "bad.yaml", "check"); got.code != exitConfig || !strings.Contains(got.err, "bad.yaml:2: retention.text") {
		t.Errorf("%+v", got)
	}
}
