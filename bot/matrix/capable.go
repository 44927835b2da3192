package matrix

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"
)

// CheckRooms asks the server whether it can make rooms of the version that the configuration names, and gives the version.
// It opens no keys, so it may be asked while the bot runs.
func (m *Matrix) CheckRooms(ctx context.Context) (version string, err error) {
	version = m.roomVersion()
	if !slices.Contains(knownVersions, id.RoomVersion(version)) {
		return version, fmt.Errorf("rooms of version %q are not known here: 10, 11 and 12 are", version)
	}
	m.login.mu.Lock()
	defer m.login.mu.Unlock()
	cli, err := m.enter(ctx)
	if err != nil {
		return version, fmt.Errorf("log in: %w", redact(err))
	}
	var can struct {
		Capabilities struct {
			Versions struct {
				Available map[string]string `json:"available"`
			} `json:"m.room_versions"`
		} `json:"capabilities"`
	}
	if _, err := cli.MakeRequest(ctx, http.MethodGet, cli.BuildClientURL("v3", "capabilities"), nil, &can); err != nil {
		return version, fmt.Errorf("what the server can do: %w", redact(err))
	}
	there := can.Capabilities.Versions.Available
	if _, is := there[version]; is {
		return version, nil
	}
	names := sorted(there)
	return version, fmt.Errorf("the server makes no rooms of version %s, but of %s", version, strings.Join(names, ", "))
}
