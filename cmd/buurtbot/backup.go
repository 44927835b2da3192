package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/buurtbot/buurtbot/storage"
)

type backupCommand struct {
	File string `arg:"" help:"The file to write; it must not exist yet." type:"path"`
}

// Run writes a copy, encrypted when backup.recipient is set. The bot may be running.
func (b backupCommand) Run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	err = copied(b.File, c.Backup.Recipient, func(to string) error { return storage.Backup(s.ctx, c.Storage.Path, to) })
	if err != nil {
		return err
	}
	s.say("%s is a checked copy of %s. The keys in %s are not in it; keep them apart.", b.File, c.Storage.Path, c.Keys.Dir)
	if c.Backup.Recipient != "" {
		s.say("It is encrypted: restoring it takes the identity of %s.", c.Backup.Recipient)
	}
	return nil
}

// copied makes a copy under its name. With a recipient it is encrypted first, and the plain one is removed; it lies where
// it is removed also after a kill.
func copied(file, recipient string, backup func(to string) error) (err error) {
	if recipient == "" {
		return backup(file)
	}
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%w: %s", storage.ErrExists, file)
	}
	room, leave, err := storage.Workroom(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	plain, sealed := filepath.Join(room, "plain.db"), filepath.Join(room, "sealed"+sealedSuffix)
	if err := backup(plain); err != nil {
		return err
	}
	if err := encrypt(plain, sealed, recipient); err != nil {
		return err
	}
	return storage.Rename(sealed, file)
}

// encrypt writes what a file holds to another, which only the recipient's identity opens (age-encryption.org/v1). The
// new file has its name once it is whole and on disk.
func encrypt(from, to, recipient string) (err error) {
	who, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return fmt.Errorf("backup.recipient: %w", err)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	return about(storage.WriteFile(to, func(out io.Writer) error {
		sealed, err := age.Encrypt(out, who)
		if err != nil {
			return err
		}
		_, err = io.Copy(sealed, in)
		return errors.Join(err, sealed.Close())
	}), "encrypt")
}

// decrypt is the way back, with the identities in a file as age-keygen writes it.
func decrypt(from, to, identities string) error {
	keys, err := os.Open(identities)
	if err != nil {
		return err
	}
	defer func() { _ = keys.Close() }() // it was only read
	who, err := age.ParseIdentities(keys)
	if err != nil {
		return fmt.Errorf("%s: %w", identities, err)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	plain, err := age.Decrypt(in, who...)
	if err != nil {
		return fmt.Errorf("%s cannot be opened with %s: %w", from, identities, err)
	}
	return storage.WriteFile(to, func(out io.Writer) error {
		_, err := io.Copy(out, plain)
		return err
	})
}

type restoreCommand struct {
	File     string `arg:"" help:"The copy to put back." type:"existingfile"`
	Identity string `help:"The file with the age identity that opens an encrypted copy." type:"existingfile" placeholder:"FILE"`
	Drill    bool   `help:"Only try whether the copy could be put back: nothing is changed."`
}

// Run puts a copy back, or tries whether it could be. The bot must not be running, unless it is a drill.
func (r restoreCommand) Run(s shell) (err error) {
	c, err := s.load()
	if err != nil {
		return err
	}
	dir, leave, err := storage.Workroom(filepath.Dir(c.Storage.Path))
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, leave()) }()
	file := r.File
	if r.Identity != "" {
		file = filepath.Join(dir, filepath.Base(r.File))
		if err := decrypt(r.File, file, r.Identity); err != nil {
			return err
		}
	} else if sealed(r.File) {
		return fmt.Errorf("%w: %s is encrypted: name the identity's file with --identity", errUse, r.File)
	}
	if r.Drill {
		return s.rehearse(c, file, dir)
	}
	return s.restore(c, file, filepath.Base(r.File))
}

// sealed reports whether a file is encrypted with age.
func sealed(path string) bool {
	const intro = "age-encryption.org/"
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	head := make([]byte, len(intro))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == intro
}

// restore puts a plain copy back.
func (s shell) restore(c Config, file, name string) error {
	o, err := s.options(c)
	if err != nil {
		return err
	}
	r, err := storage.Restore(s.ctx, file, o, s.erased(c), time.Now())
	if err != nil {
		return err
	}
	s.say("%s is now %s.", c.Storage.Path, name)
	if r.Aside != "" {
		s.say("The former database is %s.", r.Aside)
	}
	s.aboutCopy(r)
	s.say("Letters that were waiting in the copy are held: nothing is sent twice.")
	return nil
}

// rehearse does all that a restore does, in a folder that goes away.
func (s shell) rehearse(c Config, file, dir string) error {
	o, err := s.options(c)
	if err != nil {
		return err
	}
	o.Path = filepath.Join(dir, "drill", filepath.Base(c.Storage.Path))
	began := time.Now()
	store, r, err := storage.Rehearse(s.ctx, file, o, s.erased(c), began)
	if err != nil {
		return err
	}
	n, err := store.VerifyAudit(s.ctx)
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	s.say("The copy is whole and could be put back; it took %s. The audit trail holds with %d entries.",
		time.Since(began).Round(time.Millisecond), n)
	s.aboutCopy(r)
	s.say("This was a drill: nothing was changed.")
	return nil
}

// aboutCopy tells what a copy does not have.
func (s shell) aboutCopy(r storage.Restored) {
	if r.Copied.IsZero() {
		s.say("The copy does not say when it was made. What came after it is not in it.")
	} else {
		s.say("The copy was made at %s. What came after that is not in it: reports, decisions, roles, alerts.",
			r.Copied.Local().Format("2006-01-02 15:04:05"))
	}
	if r.Erased > 0 {
		s.say("%d things that people had erased since were erased again.", r.Erased)
	}
}

// erased lists what was erased lately, as far as the present database and the list beside the backups tell.
func (s shell) erased(c Config) []storage.Erasure {
	list, err := storage.ErasuresIn(s.ctx, c.Storage.Path, time.Time{})
	if err != nil {
		s.say("The present database does not tell what was erased: %v", err)
	}
	more, err := readErasures(c.Backup.Dir)
	if err != nil {
		s.say("The list of what was erased cannot be read: %v", err)
	}
	return append(list, more...)
}
