package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// ageKey makes an age identity, and gives the file that it is in and its recipient.
func ageKey(t *testing.T) (file, recipient string) {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "identity.txt")
	if err := os.WriteFile(file, []byte("# created today\n"+key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, key.Recipient().String()
}

// An operator encrypts the copies, tries one out, and puts it back.
func TestEncryptedBackupComesBack(t *testing.T) {
	t.Chdir(t.TempDir())
	file, recipient := ageKey(t)
	stranger, _ := ageKey(t)
	env := []string{"BUURTBOT_BACKUP_RECIPIENT=" + recipient}
	if got := play(t, nil, "invite", "--role", "admin"); got.code != exitFine {
		t.Fatalf("invite: %+v", got)
	}
	got := play(t, env, "backup", "copy.db.age")
	if got.code != exitFine || !strings.Contains(got.out, "It is encrypted") {
		t.Fatalf("backup: %+v", got)
	}
	sealed, err := os.ReadFile("copy.db.age")
	if err != nil || !strings.HasPrefix(string(sealed), "age-encryption.org/v1") || strings.Contains(string(sealed), "SQLite format") {
		t.Fatalf("the copy begins with %.30q, %v", sealed, err)
	}
	left, err := filepath.Glob("copy.db.age.*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if got := play(t, env, "backup", "copy.db.age"); got.code != exitFailed || !strings.Contains(got.err, "file exists") {
		t.Errorf("a backup over another: %+v", got)
	}
	for name, want := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no identity":     {[]string{"restore", "copy.db.age"}, exitUse, "is encrypted: name the identity's file with --identity"},
		"wrong identity":  {[]string{"restore", "copy.db.age", "--identity", stranger}, exitFailed, "cannot be opened with"},
		"no identity's":   {[]string{"restore", "copy.db.age", "--identity", "copy.db.age"}, exitFailed, "copy.db.age: "},
		"drill":           {[]string{"restore", "copy.db.age", "--drill", "--identity", file}, exitFine, "This was a drill"},
		"plain, not open": {[]string{"restore", file, "--drill"}, exitConfig, "damaged"},
	} {
		if got := play(t, env, want.args...); got.code != want.code || !strings.Contains(got.out+got.err, want.says) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if aside, err := filepath.Glob("buurtbot.db.before-restore-*"); err != nil || len(aside) > 0 {
		t.Errorf("a drill moved the database: %v, %v", aside, err)
	}
	got = play(t, env, "restore", "copy.db.age", "--identity", file)
	if got.code != exitFine || !strings.Contains(got.out, "What came after that is not in it") {
		t.Errorf("restore: %+v", got)
	}
	if hidden, err := filepath.Glob(".restore-*"); err != nil || len(hidden) > 0 {
		t.Errorf("left behind: %v, %v", hidden, err)
	}
}

// What would be used twice after a restore is in no backup: the keys of encrypted rooms, the key to them, and the login. A
// restore leaves them as they are.
func TestKeysOfEncryptedRoomsAreInNoBackup(t *testing.T) {
	t.Chdir(t.TempDir())
	const mark = "a key that is used once"
	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := play(t, nil, "invite", "--role", "admin"); got.code != exitFine { // makes the database, and the folder
		t.Fatalf("invite: %+v", got)
	}
	names := []string{"matrix.db", "matrix.db-wal", "matrix.key", "matrix.json"}
	for _, name := range names {
		write(t, filepath.Join(c.Keys.Dir, name), mark+name)
	}
	if got := play(t, nil, "backup", "copy.db"); got.code != exitFine || !strings.Contains(got.out, "are not in it") {
		t.Fatalf("backup: %+v", got)
	}
	copied, err := os.ReadFile("copy.db")
	if err != nil || strings.Contains(string(copied), mark) {
		t.Errorf("the copy holds a key, or %v", err)
	}
	if got := play(t, nil, "restore", "copy.db"); got.code != exitFine {
		t.Fatalf("restore: %+v", got)
	}
	for _, name := range names {
		if is, err := os.ReadFile(filepath.Join(c.Keys.Dir, name)); err != nil || string(is) != mark+name {
			t.Errorf("after a restore %s is %q, %v", name, is, err)
		}
	}
}

// In the minute in which an old erasure leaves the list, a new one that comes into it is not missed.
func TestTheListOfErasuresIsNeverBehind(t *testing.T) {
	now := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	store := playStore(t, func() time.Time { return now })
	dir := t.TempDir()
	u := &upkeep{config: Config{Backup: BackupConfig{Dir: dir}}, store: store, now: func() time.Time { return now }, sure: confirmed}
	for person := range int64(2) {
		err := store.Do(t.Context(), func(tx bot.Tx) error { return tx.Forget(t.Context(), person, now) })
		if err == nil {
			_, err = store.Prune(t.Context(), now)
		}
		if err = errors.Join(err, u.listErasures(t.Context())); err != nil {
			t.Fatal(err)
		}
		list, err := readErasures(dir)
		if err != nil || len(list) != 1 || list[0].Number != person {
			t.Errorf("after person %d was erased the list has %v, %v", person, list, err)
		}
		now = now.AddDate(0, 0, 61)
	}
}

// The list beside the backups is enough to erase again what was erased after a backup, when the database itself is lost.
func TestErasuresOutliveTheDatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	if got := play(t, nil, "invite", "--role", "admin"); got.code != exitFine { // makes the database
		t.Fatalf("invite: %+v", got)
	}
	if got := play(t, nil, "backup", "copy.db"); got.code != exitFine {
		t.Fatalf("backup: %+v", got)
	}
	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	sh := shell{ctx: t.Context()}
	err = sh.withStore(c, func(store *storage.Store) error {
		err := store.Do(t.Context(), func(tx bot.Tx) error { return tx.Forget(t.Context(), 1, time.Now()) })
		if err != nil {
			return err
		}
		u := &upkeep{config: c, store: store, now: time.Now, sure: confirmed}
		return u.listErasures(context.Background())
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove("buurtbot.db" + end); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	got := play(t, nil, "restore", "copy.db")
	if got.code != exitFine || !strings.Contains(got.out, "1 things that people had erased since were erased again") {
		t.Errorf("restore: %+v", got)
	}
	write(t, filepath.Join("backups", erasuresFile), "[{")
	if got := play(t, nil, "restore", "--drill", "copy.db"); !strings.Contains(got.out, "The list of what was erased cannot be read") {
		t.Errorf("a broken list: %+v", got)
	}
}
