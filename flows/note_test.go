package flows_test

import (
	"strings"
	"testing"
)

// What coordinators note for each other is shown to coordinators only, in whatever way the case goes on.
func TestNoteReachesCoordinatorsOnly(t *testing.T) {
	const canary = "Kanarie"
	coordinators := map[string]bool{"wim": true, "rachid": true, "desk": true}
	read := 0
	for _, e := range readTranscript(t, "testdata/triage-note.txtar").play(t, mode{}) {
		for _, said := range e.said {
			if !strings.Contains(said, canary) {
				continue
			}
			read++
			if chat := chatOf(said); !coordinators[chat] {
				t.Errorf("after %q the note reaches %s:\n%s", e.line, chat, said)
			}
		}
	}
	if read == 0 {
		t.Error("no coordinator ever reads a note")
	}
}
