package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/buurtbot/buurtbot/bot/survey"
	"github.com/buurtbot/buurtbot/storage"
)

// One process writes to a database. A command that is given while the bot runs is therefore done by the bot: the command
// finds the database locked, and asks through a door, a socket beside the database that only its owner may open. The bot
// does it as the command would have done it, with the configuration it was started with, and the command prints what
// the bot says. Nothing can be asked there but what [doorRequest] names.

// doorOf is the socket of the process that has a database open.
func doorOf(path string) string { return path + ".door" }

// doorRequest is one command; File is what the file holds that it reads.
type doorRequest struct {
	Invite    *inviteCommand    `json:"invite,omitempty"`
	Confirm   *confirmCommand   `json:"confirm,omitempty"`
	Import    *importCommand    `json:"import,omitempty"`
	Export    *exportCommand    `json:"export,omitempty"`
	Plan      *planCommand      `json:"plan,omitempty"`
	Retention *retentionCommand `json:"retention,omitempty"`
	File      []byte            `json:"file,omitempty"`
}

// doorAnswer is what the command prints, its exit code, and what the file holds that it writes.
type doorAnswer struct {
	Out  string `json:"out"`
	Err  string `json:"err"`
	Code int    `json:"code"`
	File []byte `json:"file,omitempty"`
}

// inside is what a command works with that is done by the running bot.
type inside struct {
	store  *storage.Store
	config Config
	read   []byte // the file that the command reads
	wrote  []byte // the file that it writes
}

// openDoor lets commands in while the bot runs. A path that is too long for a socket is no reason not to run.
func (d *deployment) openDoor(ctx context.Context, t *town) {
	path := doorOf(d.config.Storage.Path)
	l, err := listenAlone(ctx, path)
	if err != nil {
		slog.Warn("commands cannot be given while the bot runs", "socket", path, "error", err)
		return
	}
	handler := http.NewServeMux()
	handler.HandleFunc("POST /command", func(w http.ResponseWriter, r *http.Request) { d.answerDoor(w, r, t) })
	d.servers = append(d.servers, server{"door", l, handler})
}

// listenAlone opens a socket that only the owner of this process may use. One that is there was left by a process that
// is no more: who has the database's lock is alone.
func listenAlone(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var c net.ListenConfig
	l, err := alone(func() (net.Listener, error) { return c.Listen(ctx, "unix", path) })
	if err != nil {
		return nil, err
	}
	const owner = 0o600
	if err := os.Chmod(path, owner); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (d *deployment) answerDoor(w http.ResponseWriter, r *http.Request, t *town) {
	const most = survey.MostBytes*4/3 + 1<<20 // a file in base64, and the command
	var asked doorRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, most)).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	in := &inside{store: t.store, config: d.config, read: asked.File}
	var out, words bytes.Buffer
	sh := shell{ctx: r.Context(), out: &out, err: &words, environ: d.shell.environ, inside: in}
	answer := doorAnswer{Code: fail(&words, asked.run(sh)), File: in.wrote}
	answer.Out, answer.Err = out.String(), words.String()
	if t.engine != nil && t.engine.Wake != nil {
		t.engine.Wake()
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // whoever asked may have gone away; it is done all the same
}

// run does the command that is asked for.
func (r doorRequest) run(s shell) error {
	switch {
	case r.Invite != nil:
		return r.Invite.run(s)
	case r.Confirm != nil:
		return r.Confirm.run(s)
	case r.Import != nil:
		return r.Import.run(s)
	case r.Export != nil:
		return r.Export.run(s)
	case r.Plan != nil:
		return r.Plan.run(s)
	case r.Retention != nil:
		return r.Retention.run(s)
	}
	return fmt.Errorf("%w: nothing is asked for", errUse)
}

// beside does a command, here or, when the bot has the database open, through its door.
func (s shell) beside(r doorRequest) error {
	err := r.run(s)
	if !errors.Is(err, storage.ErrLocked) {
		return err
	}
	c, failed := s.load()
	if failed != nil {
		return failed
	}
	if r.Import != nil {
		if r.File, failed = whole(r.Import.File); failed != nil {
			return failed
		}
	}
	answer, failed := s.ask(doorOf(c.Storage.Path), r)
	if failed != nil {
		return errors.Join(err, failed)
	}
	return s.retell(r, answer)
}

// ask puts a command to the bot that is running.
func (s shell) ask(path string, r doorRequest) (doorAnswer, error) {
	var answer doorAnswer
	body, err := json.Marshal(r)
	if err != nil {
		return answer, err
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		},
	}}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, "http://door/command", bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer, fmt.Errorf("it cannot be asked: %w", errors.Unwrap(err))
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	if resp.StatusCode != http.StatusOK {
		return answer, fmt.Errorf("it answered with status %d", resp.StatusCode)
	}
	return answer, json.NewDecoder(resp.Body).Decode(&answer)
}

// retell prints what the bot said, and writes the file that it made.
func (s shell) retell(r doorRequest, answer doorAnswer) error {
	if len(answer.File) > 0 && r.Invite != nil {
		if err := s.write(r.Invite.PNG, answer.File); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprint(s.out, answer.Out)
	_, _ = fmt.Fprint(s.err, answer.Err)
	if answer.Code != exitFine {
		return toldError{answer.Code}
	}
	return nil
}

// toldError is a failure of which the person has read everything already.
type toldError struct{ code int }

func (e toldError) Error() string { return fmt.Sprintf("exit code %d", e.code) }
