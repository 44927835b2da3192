package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const maildirEvery = 5 * time.Second // between looks into an empty folder

// maildir is a folder in which a mail server on this machine puts what arrives: each mail is a file in new, and goes to cur once
// it was read. There is no library of it that is kept up, and the form is a folder and a move.
type maildir struct {
	mail   *Mail
	folder string
}

// taken are the files that were stored and may not have been moved yet.
type taken struct {
	Files []string `json:"files"`
}

func (d *maildir) close() {}

// poll stores what lies in new, after it moved what was stored before.
func (d *maildir) poll(ctx context.Context, in bot.Inbox) error {
	stored, err := in.Checkpoint(ctx, Name, d.folder)
	if err != nil {
		return fmt.Errorf("maildir: %w", err)
	}
	var before taken
	if stored != "" {
		if err := json.Unmarshal([]byte(stored), &before); err != nil {
			return fmt.Errorf("maildir: %w", err)
		}
	}
	for _, name := range before.Files {
		if err := d.move(name); err != nil {
			return fmt.Errorf("maildir: %w", err)
		}
	}
	names, err := d.names()
	if err != nil {
		return fmt.Errorf("maildir: %w", err)
	}
	if len(names) == 0 {
		if len(before.Files) > 0 {
			return d.store(ctx, in, nil, taken{})
		}
		return pause(ctx, maildirEvery)
	}
	return d.take(ctx, in, names[:min(len(names), fetchMost)])
}

func (d *maildir) take(ctx context.Context, in bot.Inbox, names []string) error {
	var rows []bot.Raw
	for _, name := range names {
		raw, err := head(filepath.Join(d.folder, "new", name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("maildir: %w", err)
		}
		if d.mail.wants(raw) {
			rows = append(rows, bot.Raw{External: identity(raw), Body: raw})
		}
	}
	return d.store(ctx, in, rows, taken{Files: names})
}

func (d *maildir) store(ctx context.Context, in bot.Inbox, rows []bot.Raw, t taken) error {
	raw, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("maildir: %w", err)
	}
	return in.Receive(ctx, Name, d.folder, rows, string(raw))
}

// names lists the files in new, oldest first: their names begin with the time.
func (d *maildir) names() ([]string, error) {
	found, err := os.ReadDir(filepath.Join(d.folder, "new"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range found {
		if f.Type().IsRegular() && !strings.HasPrefix(f.Name(), ".") {
			names = append(names, f.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// move marks a file as read.
func (d *maildir) move(name string) error {
	err := os.Rename(filepath.Join(d.folder, "new", name), filepath.Join(d.folder, "cur", name+":2,S"))
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(filepath.Join(d.folder, "cur"))
	}
	return err
}

// head reads what is read of a mail.
func head(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxMail))
	return raw, errors.Join(err, f.Close())
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	return nil
}
