//go:build goolm

package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
)

// The program as it is shipped, in 200 rooms on a real homeserver: it answers, and has never taken more than 120 MB.
func TestRealProgramBearsTwoHundredRooms(t *testing.T) {
	const rooms, most = 200, 120.0
	if testing.Short() {
		t.Skip("it builds the program and makes 200 rooms")
	}
	hs := homeserver.Start(t)
	hs.Register("buurtbot", "ana")
	ana := newResident(t, hs.URL, "ana")
	furnish(t, hs.URL, ana.cli, rooms-1) // one is hers
	home := t.TempDir()
	program := filepath.Join(home, "buurtbot")
	compile(t, program, "goolm")
	p := launchOnMatrix(t, program, home, hs.URL)
	for range 5 {
		ana.ask("!help")
	}
	took := p.memory(t, "VmHWM:")
	t.Logf("%d rooms, and at most %.0f MB (the goal: %.0f MB)", rooms, took, most)
	if took > most {
		t.Errorf("it took %.0f MB", took)
	}
	p.stop(t)
}

// furnish makes street rooms and puts the bot's account into them, before the program starts.
func furnish(t *testing.T, url string, owner *mautrix.Client, n int) {
	t.Helper()
	cli, err := mautrix.NewClient(url, "", "")
	if err != nil {
		t.Fatal(err)
	}
	cli.Log = zerolog.Nop()
	_, err = cli.Login(t.Context(), &mautrix.ReqLogin{
		Type: mautrix.AuthTypePassword, Password: "secret-buurtbot", StoreCredentials: true,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: "buurtbot"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		made, err := owner.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
			Preset: "private_chat", Name: fmt.Sprint("Straat ", i), Invite: []id.UserID{cli.UserID},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cli.JoinRoomByID(t.Context(), made.RoomID); err != nil {
			t.Fatal(err)
		}
	}
}

// launchOnMatrix starts the program in a home, with nothing but a homeserver.
func launchOnMatrix(t *testing.T, program, home, url string) process {
	t.Helper()
	p := process{exec.CommandContext(context.Background(), program), &bytes.Buffer{}, make(chan error, 1)}
	p.Dir = home
	p.Env = []string{
		"HOME=" + home, "MATRIX_HOMESERVER=" + url, "MATRIX_USER=buurtbot", "MATRIX_PASSWORD=secret-buurtbot",
		"MATRIX_PASSPHRASE=vier woorden", "BUURTBOT_STORAGE_PATH=" + filepath.Join(home, "town.db"),
		"BUURTBOT_KEYS_DIR=" + filepath.Join(home, "keys"),
	}
	p.Stderr = p.words
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.Wait() }()
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}
