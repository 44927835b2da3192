package flows_test

import (
	"strings"
	"testing"
)

func TestTheAdministratorNeedsFewActionsUntilTheFirstAlert(t *testing.T) {
	const most = 15
	tr := readTranscript(t, "testdata/first-start.txtar")
	actions, heard := 0, false
	for _, line := range tr.lines {
		if strings.HasPrefix(line, "bea > ") || strings.HasPrefix(line, "bea@") {
			actions++
		}
		heard = heard || strings.HasPrefix(line, "kastanje < ⚠️ POLITIE")
	}
	if actions > most || actions == 0 || !heard {
		t.Errorf("%d actions; the alert was heard: %t", actions, heard)
	}
}
