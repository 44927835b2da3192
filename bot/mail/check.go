package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Check logs in where mail goes out, and looks where it comes in. Nothing is sent and nothing is marked as read.
func (m *Mail) Check(ctx context.Context) error {
	client, err := m.smtp()
	if err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	link, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return away(err).Err
	}
	if err := client.CloseWithSMTPClient(link); err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	return m.source.check()
}

func (b *box) check() error {
	defer b.close()
	if _, err := b.open(); err != nil {
		return fmt.Errorf("imap: %w", err)
	}
	return nil
}

func (d *maildir) check() error {
	for _, sub := range []string{"new", "cur"} {
		path := filepath.Join(d.folder, sub)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("maildir: %w", err)
		}
		if !info.IsDir() {
			return errors.New("maildir: " + path + " is no folder")
		}
	}
	return nil
}
