package matrix

import (
	"strings"
	"testing"
)

func TestRoomVersionIsOneThatTheServerMakes(t *testing.T) {
	w := newWorld(t)
	for version, want := range map[string]string{"": "", "10": "", "12": "but of 10, 11", "9": "not known", "x": "not known"} {
		m := w.bot(Config{User: buurtbot, Password: "secret-buurtbot", RoomVersion: version})
		_, err := m.CheckRooms(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("version %q: %v", version, err)
		}
	}
}
