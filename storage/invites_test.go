package storage

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Whoever has the database and tries every code that there can be finds none: what is kept of them takes the key. Invitations of
// earlier releases are still taken.
func TestWhatIsKeptOfACodeTakesTheKey(t *testing.T) {
	t.Parallel()
	s := openStore(t, filepath.Join(t.TempDir(), "bin.db"))
	defer closeStore(t, s)
	at := time.UnixMilli(1_760_443_200_000)
	err := s.Do(t.Context(), func(btx bot.Tx) error {
		x := btx.(*tx)
		for _, code := range []string{"CODE1234", "CODE5678"} {
			if err := x.CreateInvite(t.Context(), code, bot.Invite{Kind: "role", Expires: at.Add(time.Hour)}, at); err != nil {
				return err
			}
		}
		kept, err := all(x, func(r row) (hash []byte, err error) { return hash, r.Scan(&hash) }, "SELECT hash FROM invites")
		for _, hash := range kept {
			if bytes.Equal(hash, oldCodeHash("CODE1234")) || bytes.Equal(hash, oldCodeHash("CODE5678")) {
				t.Error("a code is found without the key")
			}
		}
		if err != nil {
			return err
		}
		earlier := "UPDATE invites SET hash = $1 WHERE id = (SELECT min(id) FROM invites)"
		if err := x.run(earlier, oldCodeHash("CODE1234")); err != nil {
			return err
		}
		for _, code := range []string{"CODE1234", "CODE5678"} {
			if _, err := x.UseInvite(t.Context(), code, 7, at); err != nil {
				t.Errorf("%s is not taken: %v", code, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
