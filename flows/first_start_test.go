package flows_test

import (
	"strings"
	"testing"
)

func TestTheAdministratorNeedsFewActionsUntilTheFirstAlert(t *testing.T) {
	const most = 15
	for file, room := range map[string]string{"first-start": "kastanje", "guide": "kanaal"} {
		tr := readTranscript(t, "testdata/"+file+".txtar")
		actions, heard := 0, false
		for _, line := range tr.lines {
			if heard {
				break
			}
			if strings.HasPrefix(line, "bea > ") || strings.HasPrefix(line, "bea@") {
				actions++
			}
			heard = strings.HasPrefix(line, room+" < ⚠️ POLITIE")
		}
		t.Logf("%s: %d actions", file, actions)
		if actions > most || actions == 0 || !heard {
			t.Errorf("%s: %d actions; the alert was heard: %t", file, actions, heard)
		}
	}
}
