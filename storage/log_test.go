package storage_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// What is committed gets into the file itself while the program runs, and is whole there.
func TestTheLogIsWrittenIntoTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	before := size(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.TendLog(ctx) }()
	for until := time.Now().Add(20 * time.Second); size(t, path) == before; {
		if time.Now().After(until) {
			t.Fatal("nothing of it is in the file")
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: fmt.Sprint(time.Now().UnixNano()), Kind: bot.Group}, noon)
			return err
		})
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path).Close(); err != nil { // it looks at the whole file
		t.Error(err)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
