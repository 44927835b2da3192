package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

var noon = time.Date(2025, 10, 14, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fresh is an empty store that is closed with the test.
func fresh(t *testing.T) *storage.Store {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "bin.db"))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func do(t *testing.T, s *storage.Store, fn func(ctx context.Context, tx bot.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx bot.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// town is a network with a street group and a street.
type town struct{ network, group, street civic.AreaID }

func build(t *testing.T, s *storage.Store) town {
	t.Helper()
	var made town
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n := civic.Network{Name: "BIN", Profile: "nl", Zone: time.UTC, Languages: []string{"nl", "en"}, Prefix: "VLR"}
		if err := tx.SaveNetwork(ctx, &n); err != nil {
			return err
		}
		g := civic.Area{Parent: n.ID, Network: n.ID, Kind: civic.KindGroup, Name: "Kastanje", Code: "KAS1", Prefix: "KAS"}
		if err := tx.SaveArea(ctx, &g); err != nil {
			return err
		}
		street := civic.Area{
			Parent: g.ID, Network: n.ID, Kind: civic.KindStreet, Name: "Kastanjelaan", Code: "KASLAAN",
			Line: orb.LineString{{5.6, 51.6}, {5.61, 51.6}},
		}
		made = town{n.ID, g.ID, 0}
		err := tx.SaveArea(ctx, &street)
		made.street = street.ID
		return err
	})
	return made
}

func adopt(t *testing.T, s *storage.Store, name string, in town) (civic.Member, int64) {
	t.Helper()
	var m civic.Member
	var chat int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: name, Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		chat = c.ID
		if m, err = tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: name, Name: name, Language: "nl"}, c.ID, in.network, noon); err != nil {
			return err
		}
		m.Standing, m.Group, m.Street = civic.StandingActive, in.group, in.street
		return tx.SaveMember(ctx, m, noon)
	})
	return m, chat
}

func TestAreasComeBackAsTheyWere(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	again := build(t, s) // by name: nothing is doubled
	if in != again {
		t.Fatalf("a second seeding made %v of %v", again, in)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		areas, err := tx.Areas(ctx, in.network)
		if err != nil || len(areas) != 3 || areas[0].Kind != civic.KindNetwork || len(areas[2].Line) != 2 {
			t.Errorf("areas %+v, %v", areas, err)
		}
		a, err := tx.AreaByCode(ctx, "KASLAAN")
		if err != nil || a.ID != in.street {
			t.Errorf("by code %+v, %v", a, err)
		}
		_, err = tx.AreaByCode(ctx, "NONE")
		if !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("unknown code: %v", err)
		}
		return nil
	})
}

func TestMembersAndRoles(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		grant := civic.Grant{Role: civic.Police, Area: in.network, From: noon}
		if err := tx.Grant(ctx, m.ID, grant, 0); err != nil {
			return err
		}
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || who.ID != m.ID || len(who.Grants) != 1 || !who.May(civic.SendAlert, civic.Scope{Network: in.network}, noon) {
			t.Errorf("identified %+v, %v", who, err)
		}
		grant.Until = noon
		if err := tx.Grant(ctx, m.ID, grant, 0); err != nil {
			return err
		}
		who, err = tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || len(who.Grants) != 1 || who.May(civic.SendAlert, civic.Scope{Network: in.network}, noon) {
			t.Errorf("after its end %+v, %v", who, err)
		}
		private, err := tx.PrivateChat(ctx, m.ID)
		if err != nil || private != chat {
			t.Errorf("private chat %d, %v", private, err)
		}
		if err := tx.Forget(ctx, m.ID, noon); err != nil {
			return err
		}
		who, err = tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || !who.Guest() {
			t.Errorf("forgotten, but %+v, %v", who, err)
		}
		return nil
	})
}

func TestInvitationsAreUsedOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		invite := bot.Invite{Kind: "role", Role: civic.Admin, Area: in.network, Expires: noon.Add(time.Hour)}
		if err := tx.CreateInvite(ctx, "CODE1234", invite, noon); err != nil {
			return err
		}
		if _, err := tx.PeekInvite(ctx, "CODE1234", noon.Add(2*time.Hour)); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("expired: %v", err)
		}
		got, err := tx.UseInvite(ctx, "CODE1234", 7, noon)
		if err != nil || got.Role != civic.Admin || got.Area != in.network {
			t.Errorf("used %+v, %v", got, err)
		}
		if _, err := tx.UseInvite(ctx, "CODE1234", 8, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("used twice: %v", err)
		}
		return nil
	})
}

func TestCasesKeepTheirVersion(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c := civic.Case{
			Ref: "KAS-7F3K", Network: in.network, Group: in.group, Street: in.street, Status: civic.Received,
			Category: civic.Theft, Urgency: civic.Normal, Verification: civic.Unverified, Created: noon, Changed: noon,
		}
		if err := tx.CreateCase(ctx, &c); err != nil {
			return err
		}
		twin := c
		if err := tx.CreateCase(ctx, &twin); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("a reference given twice: %v", err)
		}
		stale := c
		c.Status = civic.InTriage
		if err := tx.SaveCase(ctx, &c); err != nil {
			return err
		}
		if err := tx.SaveCase(ctx, &stale); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old version saved: %v", err)
		}
		photo := civic.Photo{Owner: 1}
		if err := tx.AddPhoto(ctx, &photo); err != nil {
			return err
		}
		point := orb.Point{5.6, 51.6}
		r := civic.Report{
			Case: c.ID, Reporter: m.ID, Alias: 1, Text: "fiets weg", When: civic.Earlier, Filed: noon,
			Place: civic.Place{Street: in.street, Point: &point}, Photos: []int64{photo.ID},
		}
		if err := tx.AddReport(ctx, &r); err != nil {
			return err
		}
		reports, cases, err := tx.ReportsBy(ctx, m.ID, 10)
		if err != nil || len(reports) != 1 || cases[0].Version != 2 {
			t.Errorf("reports %+v of %+v, %v", reports, cases, err)
		}
		n, err := tx.ReportsSince(ctx, m.ID, noon.Add(-time.Minute))
		if err != nil || n != 1 {
			t.Errorf("%d reports, %v", n, err)
		}
		if err := tx.EraseReports(ctx, c.ID); err != nil {
			return err
		}
		left, err := tx.Reports(ctx, c.ID)
		if err != nil || len(left) != 1 || left[0].Text != "" || left[0].Reporter != 0 || len(left[0].Photos) != 0 || left[0].Place.Point != nil {
			t.Errorf("erased, but %+v, %v", left, err)
		}
		return nil
	})
}

func TestTheLedgerTakesADeliveryOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		room, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kas", Kind: bot.Group, Title: "Kastanje"}, noon)
		if err != nil {
			return err
		}
		target := civic.Target{Group: in.group, Kind: civic.TargetGroup, Chat: room.ID}
		if err := tx.SaveTarget(ctx, &target); err != nil {
			return err
		}
		a := civic.Alert{
			Ref: "A-7F3K", Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive,
			Text: "Let op", Areas: []civic.AreaID{in.group}, Until: noon.Add(time.Hour), Issuer: 1, Issued: noon,
		}
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		letter := bot.Letter{Chat: room.ID, Op: bot.OpPost, Expires: noon.Add(time.Hour), Message: bot.Message{Text: "Let op"}}
		if err := tx.Enqueue(ctx, &letter); err != nil {
			return err
		}
		d := civic.Delivery{Alert: a.ID, Notice: civic.NoticeAlarm, Target: target.ID, Chat: room.ID, Letter: letter.ID, At: noon}
		if err := tx.Record(ctx, d); err != nil {
			return err
		}
		if err := tx.Record(ctx, d); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("recorded twice: %v", err)
		}
		if _, err := tx.Claim(ctx, []int64{letter.ID}, noon); err != nil {
			return err
		}
		if _, err := tx.Settle(ctx, letter.ID, bot.Fate{State: bot.LetterSent, Message: "1", At: noon}); err != nil {
			return err
		}
		w, err := tx.World(ctx, in.network, a.ID)
		if err != nil || len(w.Ledger) != 1 || w.Ledger[0].Status != civic.DeliverySent || len(w.Targets) != 1 || len(w.Areas) != 3 {
			t.Errorf("world %+v, %v", w, err)
		}
		return nil
	})
}

func TestTheAuditTrailShowsWhatWasChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	for range 250 {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			return tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 1, Action: "case.taken", Object: "case/1"})
		})
	}
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 250 {
		t.Fatalf("%d entries, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	forged, err := storage.Open(t.Context(), storage.Options{Path: path, AuditKey: []byte("another")})
	if err != nil {
		t.Fatal(err)
	}
	defer forged.Close()
	if _, err := forged.VerifyAudit(t.Context()); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("a trail under another key: %v", err)
	}
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "backups", "one.db")
	s := open(t, path)
	in := build(t, s)
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); !errors.Is(err, storage.ErrExists) {
		t.Errorf("a backup over another: %v", err)
	}
	if _, err := storage.Restore(t.Context(), copied, path, noon); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("restored under a running program: %v", err)
	}
	adopt(t, s, "ana", in) // after the backup
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	aside, err := storage.Restore(t.Context(), copied, path, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(aside); err != nil {
		t.Errorf("the former database: %v", err)
	}
	back := open(t, path)
	defer back.Close()
	do(t, back, func(ctx context.Context, tx bot.Tx) error {
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || !who.Guest() {
			t.Errorf("somebody from after the backup: %+v, %v", who, err)
		}
		return nil
	})
}

func TestADatabaseThatCannotBeUsedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	held := open(t, filepath.Join(dir, "held.db"))
	defer held.Close()
	torn := filepath.Join(dir, "torn.db")
	if err := os.WriteFile(torn, []byte("this is no database, however long it may be, whatever one tries"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, "full.db")
	for _, c := range []struct {
		name string
		o    storage.Options
		want error
	}{
		{"locked", storage.Options{Path: filepath.Join(dir, "held.db")}, storage.ErrLocked},
		{"corrupt", storage.Options{Path: torn}, storage.ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := storage.Open(t.Context(), c.o); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	t.Run("full", func(t *testing.T) {
		s := open(t, full)
		in := build(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := storage.Open(t.Context(), storage.Options{Path: full, PageLimit: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.Do(t.Context(), func(tx bot.Tx) error {
			for range 2000 {
				p := civic.Photo{Owner: 1}
				if err := tx.AddPhoto(t.Context(), &p); err != nil {
					return err
				}
				if err := tx.FillPhoto(t.Context(), p.ID, make([]byte, 8<<10)); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, storage.ErrFull) || !errors.Is(err, bot.ErrVoid) {
			t.Errorf("got %v", err)
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error { // what was there still is
			_, err := tx.Area(ctx, in.street)
			return err
		})
	})
}

func TestAFailedTurnLeavesItsNeighboursBe(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	broken := errors.New("broken")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Savepoint(ctx, func() error {
			_, err := tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: "bo"}, 0, in.network, noon)
			return errors.Join(err, broken)
		}); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "bo"})
		if err != nil || !who.Guest() {
			t.Errorf("somebody of an undone turn is remembered: %+v, %v", who, err)
		}
		return nil
	})
}

func TestAnUpdateIsTakenInOnce(t *testing.T) {
	s := fresh(t)
	raw := []bot.Raw{{External: "1", Body: []byte("a")}, {External: "2", Body: []byte("b")}}
	for range 2 {
		if err := s.Receive(t.Context(), "p", "bot", raw, "3"); err != nil {
			t.Fatal(err)
		}
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		waiting, err := tx.Waiting(ctx, 10)
		if err != nil || len(waiting) != 2 {
			t.Errorf("%d wait, %v", len(waiting), err)
		}
		return nil
	})
}
