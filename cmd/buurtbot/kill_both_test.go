//go:build goolm

package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/platformtest/correspondent"
	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// theBot is the program's account on the homeserver.
var theBot = id.NewUserID("buurtbot", homeserver.Name)

// firstOnMatrix is the number of the first person on Matrix; those on Telegram have lower ones.
const firstOnMatrix = 10_000

// writer is somebody on Matrix who files one report after another in an encrypted room, without waiting for answers.
type writer struct {
	*correspondent.Person
	number int
	room   id.RoomID
	lines  int
}

// talk says line after line until stop is closed, and then finishes the report.
func (w *writer) talk(ctx context.Context, pause time.Duration, stop <-chan struct{}) error {
	script := reportScript()
	for over := false; !over || w.lines%len(script) != 0; w.lines++ {
		line := script[w.lines%len(script)]
		if strings.HasPrefix(line, "De lamp") {
			line = told(w.number, w.lines/len(script))
		}
		if _, err := w.SendText(ctx, w.room, line); err != nil {
			return err
		}
		select {
		case <-stop:
			over = true
		case <-time.After(pause):
		}
	}
	return nil
}

// stories are all that was told to the end.
func (w *writer) stories() []string {
	all := make([]string, 0, w.lines/len(reportScript()))
	for nth := range w.lines / len(reportScript()) {
		all = append(all, told(w.number, nth))
	}
	return all
}

// receipts counts what the bot said of each reference.
func (w *writer) receipts(refs map[string]string) map[string]int {
	counts := map[string]int{}
	for body, n := range w.Heard(theBot) {
		for _, story := range w.stories() {
			if ref := refs[story]; ref != "" && strings.HasPrefix(body, "Dank je. Dit is melding "+ref) {
				counts[ref] += n
			}
		}
	}
	return counts
}

// posts counts the messages of the bot by the letter and part that they are of. Changes of a message are left out.
func (w *writer) posts() map[string]int {
	counts := map[string]int{}
	for _, evt := range w.Envelopes() {
		about, _ := evt.Content.Raw["m.relates_to"].(map[string]any)
		if key, is := evt.Content.Raw["org.buurtbot.letter"].(string); is && evt.Sender == theBot && about["rel_type"] != "m.replace" {
			letter, part, _ := strings.Cut(key, ".")
			number, _, _ := strings.Cut(part, ".")
			counts[letter+"."+number]++
		}
	}
	return counts
}

// writers are people on Matrix who have asked the bot into their rooms.
func writers(t *testing.T, hs *homeserver.Server, n int) []*writer {
	t.Helper()
	var all []*writer
	for i := range n {
		name := fmt.Sprint("bewoner", i)
		hs.Register(name)
		w := &writer{Person: correspondent.New(t, hs, name), number: firstOnMatrix + i}
		w.room = w.Meets(theBot, true)
		all = append(all, w)
	}
	return all
}

// townWith is a town with people on both platforms.
func townWith(residents int, onMatrix []*writer) sandbox.World {
	w := townOf(residents, 2)
	w.Away = map[string]string{}
	for _, p := range onMatrix {
		name, room := p.UserID.String(), p.room.String()
		w.Away[name], w.Away[room] = matrix.Name, matrix.Name
		w.Citizens = append(w.Citizens, sandbox.Citizen{
			ID: name, Chat: room, Name: name, Language: "nl", Role: civic.Resident, Group: w.Groups[0].Name,
		})
	}
	return w
}

// The program is killed while people file reports on Telegram and in encrypted rooms of a homeserver. Afterwards every
// report is there once, with a receipt for its author and a card for the coordinators; on Matrix each receipt is there once,
// and nobody on either side met a message that could not be read.
func TestRealProgramIsKilledOnBothPlatforms(t *testing.T) {
	const onTelegram, onMatrix, usual = 60, 3, 20
	hs := homeserver.Start(t)
	hs.Register("buurtbot")
	program := filepath.Join(t.TempDir(), "buurtbot")
	compile(t, program, "goolm failpoints")
	people := writers(t, hs, onMatrix)
	home := t.TempDir()
	populate(t, home, townWith(onTelegram, people))
	c := &crowdOf{front: newFront(t, botapi.Config{}, onTelegram, 2), lines: make([]int, onTelegram)}
	server := httptest.NewServer(c.front)
	defer server.Close()
	environment := append(boundless(), "MATRIX_HOMESERVER="+hs.URL, "MATRIX_USER=buurtbot", "MATRIX_PASSWORD=secret-buurtbot",
		"MATRIX_PASSPHRASE=vier woorden", "BUURTBOT_LIMITS_MATRIX_PER_SECOND=0")
	p := launch(t, program, home, server.URL, environment...)
	for _, w := range people {
		w.SeesJoin(theBot, w.room)
	}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	stop := make(chan struct{})
	var talking sync.WaitGroup
	talking.Go(func() { c.talk(rand.New(rand.NewPCG(seed, 2)), 20*time.Millisecond, stop) })
	for _, w := range people {
		talking.Go(func() {
			if err := w.talk(t.Context(), 30*time.Millisecond, stop); err != nil {
				t.Error(err)
			}
		})
	}
	times := max(usual, *kills)
	var points failpointsMet
	p.killed(t, c.polled, time.Second)
	for range times - 1 {
		point, wait := points.next(dice, 700*time.Millisecond)
		up := c.awake(dice)
		p = launch(t, program, home, server.URL, append(environment, "FAILPOINT="+point)...)
		if p.killed(t, up, wait) {
			points.hit(point)
		}
	}
	close(stop)
	talking.Wait()
	p = launch(t, program, home, server.URL, environment...)
	untilHeard(t, people)
	calm(t, c.Server, filepath.Join(home, "town.db"))
	p.stop(t)
	points.tell(t, times)
	stories := c.stories()
	for _, w := range people {
		stories = append(stories, w.stories()...)
	}
	refs := filed(t, home, stories)
	c.receipts(t, refs)
	for _, w := range people {
		w.check(t, refs)
	}
	nothingWaits(t, filepath.Join(home, "keys", "matrix.db"))
}

// untilHeard waits until everybody on Matrix has read as many receipts as they told stories, as long as any of them reads on:
// after two hundred kills a thousand stories are told, and a homeserver and three clients on one machine take their time.
func untilHeard(t *testing.T, people []*writer) {
	t.Helper()
	const patience = 3 * time.Minute
	least := -1
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Second) {
		missing := 0
		for _, w := range people {
			missing += w.missing()
		}
		switch {
		case missing <= 0:
			return
		case missing < least || least < 0:
			least, end = missing, time.Now().Add(patience)
		}
	}
	t.Errorf("%d receipts are missing on Matrix", least)
}

// missing is how many receipts somebody has not read yet.
func (w *writer) missing() int {
	n := len(w.stories())
	for body := range w.Heard(theBot) {
		if strings.HasPrefix(body, "Dank je. Dit is melding ") {
			n--
		}
	}
	return n
}

// check looks at what somebody on Matrix read.
func (w *writer) check(t *testing.T, refs map[string]string) {
	t.Helper()
	counts := w.receipts(refs)
	for _, story := range w.stories() {
		if n := counts[refs[story]]; n != 1 {
			t.Errorf("%s read %d receipts of %q", w.UserID, n, story)
		}
	}
	for body, n := range w.Heard(theBot) {
		if strings.HasPrefix(body, "Ik kon je bericht niet lezen") {
			t.Errorf("%s: %d messages could not be read by the bot", w.UserID, n)
		}
	}
	posts := w.posts()
	if len(posts) < len(w.stories()) {
		t.Errorf("%s told %d stories and got %d letters", w.UserID, len(w.stories()), len(posts))
	}
	for letter, n := range posts {
		if n != 1 {
			t.Errorf("%s got letter %s %d times", w.UserID, letter, n)
		}
	}
	if n := w.Unread(); n > 0 {
		t.Errorf("%s could not read %d messages", w.UserID, n)
	}
}

// nothingWaits looks that no message waits for its key.
func nothingWaits(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n := -1
	if err := db.QueryRow("SELECT count(*) FROM buurtbot_waiting").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d messages wait for their keys: %v", n, err)
	}
}
