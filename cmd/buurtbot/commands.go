package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

type checkCommand struct {
	Trail    string `help:"A mark from the operators' room: see whether all up to it is still there." placeholder:"MARK"`
	NewTrail bool   `help:"Begin the audit trail anew, when keys/audit.key is lost. Nothing proves what was noted before."`
}

// Run checks everything that can be checked without serving anybody.
func (k checkCommand) Run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	s.say("configuration: fine")
	if k.NewTrail {
		if err := s.beginTrail(c); err != nil {
			return err
		}
	}
	texts, err := locales.Load()
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	s.say("texts: %s", strings.Join(texts.Languages(), ", "))
	if err := s.checkDatabase(c, k.Trail); err != nil {
		return err
	}
	if err := s.checkTelegram(c); err != nil {
		return err
	}
	if err := s.checkMatrix(c); err != nil {
		return err
	}
	if err := s.checkMail(c); err != nil {
		return err
	}
	if err := s.checkOpen311(c); err != nil {
		return err
	}
	return s.checkNumbers(c)
}

func (s shell) checkMatrix(c Config) error {
	if !c.Matrix.On() {
		s.say("Matrix: off; set MATRIX_HOMESERVER, MATRIX_USER and MATRIX_PASSWORD to serve it")
		return nil
	}
	m := newMatrix(c, nil) // which polls nothing, so it turns nobody away
	defer func() { _ = m.Close() }()
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	standing, err := m.Check(ctx)
	if err != nil {
		return fmt.Errorf("matrix: %w", err)
	}
	s.say("Matrix: the login of %s is good", standing.User)
	s.say("Matrix: %s", aboutIdentity(c.Matrix, standing))
	version, err := m.CheckRooms(ctx)
	if err != nil {
		return fmt.Errorf("matrix.room_version: %w", err)
	}
	s.say("Matrix: rooms that the bot makes are of version %s", version)
	rooms, err := s.alertRooms(c)
	if err != nil {
		return err
	}
	s.say("Matrix: %s", m.Limits(ctx).About(rooms, standing.User))
	return nil
}

// aboutIdentity says whether people's clients will trust the bot, and what to do when they do not.
func aboutIdentity(c MatrixConfig, s matrix.Standing) string {
	switch {
	case !matrix.Encrypts:
		return "this program was built without encryption; build it with -tags goolm"
	case !c.Encryption:
		return "encryption is turned off"
	case s.Verified:
		return "the bot's device is verified by the bot's identity"
	case c.Passphrase.Known():
		return "the bot's device is not verified yet; the next start does that"
	}
	return "the bot's device is not verified, so clients warn of it; set MATRIX_PASSPHRASE"
}

// say prints a line for people.
func (s shell) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

func (s shell) checkDatabase(c Config, mark string) error {
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		if err := storage.Unfinished(c.Storage.Path); err != nil {
			return err
		}
		s.say("database: %s will be made at the first start", c.Storage.Path)
		return nil
	}
	return s.withStore(c, func(store *storage.Store) error {
		n, err := store.VerifyAudit(s.ctx)
		if err != nil {
			return err
		}
		s.say("database: %s is whole; the audit trail holds with %d entries", c.Storage.Path, n)
		if mark == "" {
			return nil
		}
		if err := store.TrailHas(s.ctx, mark); err != nil {
			return err
		}
		s.say("database: all that was noted up to %s is there", mark)
		return nil
	})
}

// beginTrail begins the audit trail anew, under a new key when there is none.
func (s shell) beginTrail(c Config) error {
	if _, err := os.Stat(c.Storage.Path); err != nil {
		return fmt.Errorf("%w: there is no database yet, so there is no audit trail: %w", errUse, err)
	}
	key := filepath.Join(c.Keys.Dir, auditKeyFile)
	if _, err := os.Stat(key); errors.Is(err, os.ErrNotExist) {
		if _, err := newKey(key, auditKeySize); err != nil {
			return about(err, "audit key")
		}
	}
	o, err := s.options(c)
	if err != nil {
		return err
	}
	if err := storage.BeginTrail(s.ctx, o, time.Now()); err != nil {
		return err
	}
	s.say("database: the audit trail begins anew; nothing proves what was noted before")
	return nil
}

// options are the database's, with the keys that lie apart from it.
func (s shell) options(c Config) (storage.Options, error) {
	return options(s.ctx, c, c.Storage.Path)
}

// withStore opens the configured database for the time of fn.
func (s shell) withStore(c Config, fn func(*storage.Store) error) error {
	if s.inside != nil {
		return fn(s.inside.store)
	}
	o, err := s.options(c)
	if err != nil {
		return err
	}
	store, err := storage.Open(s.ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(fn(store), store.Close())
}

func (s shell) checkTelegram(c Config) error {
	if !c.Telegram.On() {
		s.say("Telegram: off; set TELEGRAM_TOKEN to serve it")
		return nil
	}
	t := newTelegram(c.Telegram, c.Limits.Telegram)
	defer t.Close()
	const patience = 15 * time.Second
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if _, err := t.Call(ctx, "getMe", nil); err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	s.say("Telegram: the token is good")
	return nil
}

type versionCommand struct{}

// Run tells which program this is.
func (versionCommand) Run(s shell) error { //nolint:unparam // kong wants an error of every command
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	s.say("buurtbot %s, %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
