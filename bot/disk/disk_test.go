package disk_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot/disk"
)

// words writes a text.
func words(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	if err := disk.Write(path, words("first")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := disk.Write(path, func(w io.Writer) error { return errors.Join(words("half")(w), broken) })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	holds := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("it holds %q, %v", got, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("beside it: %v, %v", left, err)
		}
	}
	holds("first")
	if err := disk.Write(path, words("second")); err != nil {
		t.Fatal(err)
	}
	holds("second")
	if err := disk.Write(filepath.Join(dir, "none", "key"), words("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}
