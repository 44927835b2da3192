package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

const benchToken = "123456789:AAEhBenchmarksAreNoSecretToAnybody_"

// The accounts of the bench town: residents are numbered from firstResident on, and chats have ids as Telegram gives.
const (
	firstResident = 5_000_000
	deskChat      = "-1001000000001"
	policeChat    = "-1001000000002"
	firstGroup    = -1001000001000
)

// townOf is a world with so many residents in so many street groups, each told in a room of its own.
func townOf(residents, groups int) sandbox.World {
	w := sandbox.Vlierdam(time.UTC)
	w.Rooms = map[civic.RoomKind]string{civic.RoomCoordinators: deskChat, civic.RoomPolice: policeChat}
	w.Groups[0].Room, w.Groups[1].Room = strconv.Itoa(firstGroup), strconv.Itoa(firstGroup-1)
	for i := len(w.Groups); i < groups; i++ {
		w.Groups = append(w.Groups, sandbox.ExampleGroup{
			Name: fmt.Sprint("Groep ", i), Code: fmt.Sprint("GROEP", i), Room: strconv.Itoa(firstGroup - i),
			Prefix: fmt.Sprintf("G%c%c%c", 'A'+i/676%26, 'A'+i/26%26, 'A'+i%26),
		})
	}
	w.Citizens = []sandbox.Citizen{
		{ID: "4000001", Name: "Rachid", Language: "nl", Role: civic.NetworkCoordinator},
		{ID: "4000002", Name: "Mirjam", Language: "nl", Role: civic.Police},
	}
	for i := range residents {
		w.Citizens = append(w.Citizens, sandbox.Citizen{
			ID: strconv.Itoa(firstResident + i), Name: fmt.Sprint("Bewoner ", i), Language: "nl",
			Role: civic.Resident, Group: w.Groups[i%len(w.Groups)].Name,
		})
	}
	return w
}

// settle puts a world into a database on disk.
func settle(tb testing.TB, path string, w sandbox.World) *storage.Store {
	tb.Helper()
	return settleIn(tb, storage.Options{Path: path, AuditKey: []byte("benchmarks")}, w)
}

// settleIn does so with other options.
func settleIn(tb testing.TB, o storage.Options, w sandbox.World) *storage.Store {
	tb.Helper()
	store, err := storagetest.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	if err := sandbox.Seed(context.Background(), store, telegram.Name, w, time.Now()); err != nil {
		tb.Fatal(err)
	}
	return store
}

// benchTown is the program's own wiring on a world, over a transport of the bench's.
func benchTown(tb testing.TB, w sandbox.World, c telegram.Config) *town {
	tb.Helper()
	return wired(tb, settle(tb, filepath.Join(tb.TempDir(), "bench.db"), w), c)
}

// wired is the program's own wiring on a database.
func wired(tb testing.TB, store *storage.Store, c telegram.Config) *town {
	tb.Helper()
	texts, err := locales.Load()
	if err != nil {
		tb.Fatal(err)
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	c.Token = benchToken
	platform := telegram.New(c)
	var config Config
	config.Schedules.DraftReminder = "*/15 * * * *"
	t := build(config, store, texts, time.Now, platform)
	tb.Cleanup(func() {
		platform.Close()
		_ = store.Close()
	})
	if err := t.start(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return t
}

// said is the raw update of what a person types in the private chat.
func said(update int, person int, text string) []byte {
	return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Bewoner",`+
		`"language_code":"nl"},"chat":{"id":%d,"first_name":"Bewoner","type":"private"},"date":%d,"text":%q}}`,
		update, update, person, person, time.Now().Unix(), text)
}

// reportScript is a calm report from beginning to end, typed. It is of no kind of which others may have told the same, so
// everybody is asked the same questions.
func reportScript() []string {
	return []string{
		"ik wil iets melden", "9", "De lamp voor nummer twaalf doet het niet meer", "Kastanjelaan", "3", "Overslaan", "Versturen",
	}
}

// storyLine is the line of the script that tells what somebody saw.
const storyLine = 2

// lineOf is what a person says at a line of the script: no two people tell the same story.
func lineOf(script []string, nth, person int) string {
	nth %= len(script)
	if nth == storyLine {
		return script[nth] + ", paal " + strconv.Itoa(person)
	}
	return script[nth]
}

// yes is a network that takes everything at once, so that only our own work is measured.
type yes struct{}

func (yes) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	const answer = `{"ok":true,"result":{"message_id":7,"chat":{"id":1,"type":"private"},"date":1795600000}}`
	return &http.Response{
		StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer)),
	}, nil
}

// receive puts one update into the inbox.
func receive(tb testing.TB, t *town, number int, raw []byte) {
	tb.Helper()
	row := bot.Raw{External: strconv.Itoa(number), Body: bytes.Clone(raw)}
	if err := t.store.Receive(context.Background(), telegram.Name, "bench", []bot.Raw{row}, strconv.Itoa(number)); err != nil {
		tb.Fatal(err)
	}
}

// archive stores so many reports of years gone by, each in a case of its own that has ended.
func archive(tb testing.TB, store *storage.Store, reports int) {
	tb.Helper()
	pile(tb, store, reports, civic.Resolved)
}

// pile stores so many reports, each in a case of its own that stands as it is said.
func pile(tb testing.TB, store *storage.Store, reports int, status civic.Status) {
	tb.Helper()
	ctx := context.Background()
	err := store.Do(ctx, func(tx bot.Tx) error {
		street, err := tx.AreaByCode(ctx, "KASLAAN")
		if err != nil {
			return err
		}
		for i := range reports {
			if err := old(ctx, tx, street, status, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// old stores the nth report of years gone by.
func old(ctx context.Context, tx bot.Tx, street civic.Area, status civic.Status, n int) error {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // of a reference
	account := bot.UserRef{Platform: telegram.Name, ID: strconv.Itoa(firstResident + n%1000)}
	reporter, err := tx.Identify(ctx, account)
	if err != nil {
		return err
	}
	at := time.Now().Add(-time.Duration(n+2) * time.Hour)
	c := civic.Case{
		Ref:     string([]byte{'O', 'U', 'D', '-', digits[n>>15&31], digits[n>>10&31], digits[n>>5&31], digits[n&31]}),
		Network: street.Network, Group: street.Parent, Street: street.ID, Status: status, Category: civic.StreetFault,
		Urgency: civic.Normal, Verification: civic.Unverified, Created: at, Changed: at,
	}
	if status.Ended() {
		c.Reason = civic.ReasonDone
	}
	if err := tx.CreateCase(ctx, &c); err != nil {
		return err
	}
	return tx.AddReport(ctx, &civic.Report{
		Case: c.ID, Reporter: reporter.ID, Alias: 1, Text: "De lamp is kapot", When: civic.Earlier, Language: "nl", Filed: at,
	})
}
