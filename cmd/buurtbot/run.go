package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

type runCommand struct{}

// Run serves until the process is told to stop.
func (runCommand) Run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(s.err, nil)))
	texts, err := locales.Load()
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	d := deployment{config: c, texts: texts, shell: s, now: time.Now}
	defer d.close()
	if err = d.open(s.ctx); err == nil {
		err = d.start(s.ctx)
	}
	switch {
	case err == nil:
		return d.serve(s.ctx)
	case s.ctx.Err() != nil && !isDatabase(err):
		slog.Info("told to stop before everything was open", "error", err)
		return nil // what was begun is undone, or goes on at the next start
	}
	return err
}

// deployment is everything that one process runs.
type deployment struct {
	config Config
	texts  *locales.Texts
	shell  shell
	now    func() time.Time // the machine's clock

	towns    []*town
	telegram *telegram.Telegram // nil = off
	matrix   *matrix.Matrix     // nil = off
	mail     *mail.Mail         // nil = off
	play     *playground        // nil = off
	servers  []server
	closers  []func() error
}

// server is a page or a door of ours.
type server struct {
	name     string
	listener net.Listener
	handler  http.Handler
}

func (d *deployment) open(ctx context.Context) error {
	if d.config.Telegram.On() || d.config.Matrix.On() {
		if err := d.openTown(ctx); err != nil {
			return err
		}
	}
	if d.config.Sandbox.Listen != "" {
		if err := d.openPlayground(ctx); err != nil {
			return err
		}
	}
	if len(d.towns) == 0 {
		return fmt.Errorf("%w: no platform is on: set TELEGRAM_TOKEN or MATRIX_HOMESERVER, MATRIX_USER and MATRIX_PASSWORD, "+
			"or sandbox.listen in config.yaml", errUse)
	}
	return d.openOps(ctx)
}

// openTown opens the real database and the real platforms.
func (d *deployment) openTown(ctx context.Context) error {
	store, err := d.database(ctx, d.config.Storage.Path, d.now)
	if err != nil {
		return err
	}
	if kind := storage.Fleeting(d.config.Storage.Path); kind != "" {
		slog.Warn("the database stands on a disk that does not outlive this machine or container", "disk", kind)
	}
	if store.LogGone() {
		slog.Warn("the last run was cut short, and the -wal file that it left is gone: if the database was copied without it," +
			" stop, and copy both or use buurtbot backup and restore")
	}
	if err := plant(ctx, store, d.config); err != nil {
		return fmt.Errorf("areas: %w", err)
	}
	if err := bindOps(ctx, store, d.config.Ops.Room, d.now()); err != nil {
		return fmt.Errorf("ops.room: %w", err)
	}
	t := build(d.config, store, d.texts, d.now, d.platforms()...)
	t.upkeep = &upkeep{config: d.config, store: store, now: d.now, sure: t.engine.Sure}
	d.openDoor(ctx, t)
	if d.telegram != nil && d.config.Telegram.Mode == "webhook" {
		t.polled = slices.DeleteFunc(slices.Clone(t.platforms), func(p bot.Platform) bool { return p == d.telegram })
		if err := d.openWebhook(ctx, t); err != nil {
			return err
		}
	}
	d.towns = append(d.towns, t)
	return nil
}

// platforms makes the adapters of the platforms that are on; nobody is called yet.
func (d *deployment) platforms() []bot.Platform {
	var all []bot.Platform
	if d.config.Telegram.On() {
		d.telegram = newTelegram(d.config.Telegram, d.config.Limits.Telegram)
		d.closers = append(d.closers, func() error { d.telegram.Close(); return nil })
		all = append(all, d.telegram)
	}
	if d.config.Matrix.On() {
		d.matrix = newMatrix(d.config, d.texts)
		d.closers = append(d.closers, d.matrix.Close)
		all = append(all, d.matrix)
	}
	if d.config.Mail.On() {
		d.mail = newMail(d.config)
		d.closers = append(d.closers, func() error { d.mail.Close(); return nil })
		all = append(all, d.mail)
	}
	if d.config.Open311.On() {
		o := newOpen311(d.config)
		d.closers = append(d.closers, func() error { o.Close(); return nil })
		all = append(all, o)
	}
	return all
}

func newMatrix(c Config, texts bot.Texts) *matrix.Matrix {
	m := c.Matrix
	var pace *matrix.Pace
	if limits := c.Limits.Matrix; limits.Told {
		pace = &matrix.Pace{PerSecond: limits.PerSecond, Burst: limits.Burst}
	}
	return matrix.New(matrix.Config{
		Pace:       pace,
		Homeserver: m.Homeserver, User: m.User, Password: m.Password.Reveal(), AccessToken: m.AccessToken.Reveal(),
		Passphrase: m.Passphrase.Reveal(), Encryption: m.Encryption, RoomVersion: m.RoomVersion,
		Dir: c.Keys.Dir, Log: slog.Default(), Texts: texts, Language: c.Network.Languages[0],
	})
}

func (d *deployment) database(ctx context.Context, path string, now func() time.Time) (*storage.Store, error) {
	o, err := options(ctx, d.config, path)
	if err != nil {
		return nil, err
	}
	o.Now, o.Faults = now, failpoints()
	store, err := storage.Open(ctx, o)
	if errors.Is(err, storage.ErrFull) && os.Remove(reserveOf(path)) == nil {
		slog.Warn("the disk is full: the reserve is given up")
		store, err = storage.Open(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	d.closers = append(d.closers, store.Close)
	return store, nil
}

func newTelegram(c TelegramConfig, l TelegramLimits) *telegram.Telegram {
	return telegram.New(telegram.Config{
		Token: telegram.Token(c.Token.Reveal()), URL: c.APIURL, Log: slog.Default(),
		Limits:  telegram.Limits{PerSecond: l.PerSecond, ChatPerSec: l.ChatPerSecond, GroupPerM: l.GroupPerMinute},
		Webhook: telegram.Webhook{URL: c.Webhook.URL, Secret: telegram.Token(c.Webhook.Secret.Reveal())},
	})
}

func (d *deployment) openWebhook(ctx context.Context, t *town) error {
	l, err := listen(ctx, d.config.Telegram.Webhook.Listen)
	if err != nil {
		return fmt.Errorf("telegram.webhook.listen: %w", err)
	}
	handler := d.telegram.Handler(rung{t.store, t.engine.Received})
	d.servers = append(d.servers, server{"webhook", l, handler})
	return nil
}

// rung is an inbox that wakes the engine when something came in.
type rung struct {
	bot.Inbox
	ring func()
}

// Receive stores what came and rings.
func (r rung) Receive(ctx context.Context, platform, account string, rows []bot.Raw, checkpoint string) error {
	if err := r.Inbox.Receive(ctx, platform, account, rows, checkpoint); err != nil {
		return err
	}
	r.ring()
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var c net.ListenConfig
	return c.Listen(ctx, "tcp", address)
}

// start takes up what an earlier run left.
func (d *deployment) start(ctx context.Context) error {
	for _, t := range d.towns {
		if err := t.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// serve says what is on and runs everything until ctx ends.
func (d *deployment) serve(ctx context.Context) error {
	d.announce()
	thrift()
	g, ctx := errgroup.WithContext(ctx)
	for _, t := range d.towns {
		g.Go(func() error { return t.run(ctx) })
	}
	for _, s := range d.servers {
		g.Go(func() error { return s.serve(ctx) })
	}
	g.Go(func() error { return d.watchdog(ctx) })
	g.Go(func() error { return economise(ctx) })
	g.Go(func() error { return d.ping(ctx) })
	if d.telegram != nil {
		g.Go(func() error { return d.offerMenus(ctx) })
	}
	if d.matrix != nil {
		g.Go(func() error { return d.tellLimits(ctx, d.towns[0].store) })
	}
	if d.telegram != nil && d.config.Telegram.Mode == "webhook" {
		g.Go(func() error { return d.keepWebhook(ctx) })
	}
	return g.Wait()
}

// announce tells what is on, in words that a newcomer can act on.
func (d *deployment) announce() {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(d.shell.out, format+"\n", args...) }
	if d.telegram != nil {
		say("Telegram is on (%s). The database is %s.", d.config.Telegram.Mode, d.config.Storage.Path)
	} else {
		say("Telegram is off: set TELEGRAM_TOKEN to serve it.")
	}
	say("%s", aboutMatrix(d.config.Matrix))
	for _, s := range d.servers {
		if s.listener.Addr().Network() == "unix" {
			continue // it is for other commands, not for people
		}
		say("%s: http://%s", s.name, s.listener.Addr())
	}
}

// aboutMatrix tells whether Matrix is on, and plainly when encryption is missing.
func aboutMatrix(c MatrixConfig) string {
	switch {
	case !c.On():
		return "Matrix is off: set MATRIX_HOMESERVER, MATRIX_USER and MATRIX_PASSWORD to serve it."
	case !matrix.Encrypts:
		return fmt.Sprintf("Matrix is on (%s), without encryption: build with -tags goolm to have it.", c.Homeserver)
	case !c.Encryption:
		return fmt.Sprintf("Matrix is on (%s), without encryption, as matrix.encryption says.", c.Homeserver)
	case !c.Passphrase.Known():
		return fmt.Sprintf("Matrix is on (%s), with encryption; clients warn of the bot: set MATRIX_PASSPHRASE.", c.Homeserver)
	}
	return fmt.Sprintf("Matrix is on (%s), with encryption.", c.Homeserver)
}

// keepWebhook sets the webhook, again and again until Telegram is there to take it.
func (d *deployment) keepWebhook(ctx context.Context) error {
	const pause = 30 * time.Second
	for ctx.Err() == nil {
		err := d.telegram.SetWebhook(ctx)
		if err == nil {
			return nil
		}
		slog.Warn("webhook not set", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

func (s server) serve(ctx context.Context) error {
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.With("server", s.name).Handler(), slog.LevelInfo),
	}
	stop := context.AfterFunc(ctx, func() {
		const patience = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := h.Shutdown(ctx); err != nil {
			_ = h.Close() // streams that are open for as long as the page is
		}
	})
	defer stop()
	if err := h.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

func (d *deployment) close() {
	for _, shut := range slices.Backward(d.closers) {
		if err := shut(); err != nil {
			slog.Error("close", "error", strings.TrimSpace(err.Error()))
		}
	}
}
