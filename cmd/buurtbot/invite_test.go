package main

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// inStore works in the database of the current folder, as the bot does.
func inStore(t *testing.T, work func(ctx context.Context, tx bot.Tx) error) {
	t.Helper()
	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := shell{ctx: t.Context(), out: os.Stderr, err: os.Stderr}
	err = s.withStore(c, func(store *storage.Store) error {
		return store.Do(t.Context(), func(tx bot.Tx) error { return work(t.Context(), tx) })
	})
	if err != nil {
		t.Fatal(err)
	}
}

// person makes somebody whom the bot knows from a private chat.
func person(ctx context.Context, tx bot.Tx, name string) (civic.Member, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return civic.Member{}, err
	}
	chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "telegram", ID: name, Kind: bot.Private}, time.Now())
	if err != nil {
		return civic.Member{}, err
	}
	who := bot.UserRef{Platform: "telegram", ID: name, Name: name, Language: "nl"}
	return tx.Adopt(ctx, who, chat.ID, networks[0].ID, time.Now())
}

// codeOf makes an invitation and gives its code.
func codeOf(t *testing.T, args ...string) string {
	t.Helper()
	got := play(t, nil, append([]string{"invite"}, args...)...)
	if got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	return regexp.MustCompile(`(?m)^[0-9A-Z]{26}$`).FindString(got.out)
}

// take lets somebody take an invitation to a role that has to be confirmed.
func take(t *testing.T, code, name string) civic.Member {
	t.Helper()
	var m civic.Member
	inStore(t, func(ctx context.Context, tx bot.Tx) error {
		var err error
		if m, err = person(ctx, tx, name); err != nil {
			return err
		}
		i, err := tx.UseInvite(ctx, code, m.ID, time.Now())
		if err != nil {
			return err
		}
		c := bot.Claim{Person: m.ID, Made: time.Now(), Expires: time.Now().Add(time.Hour)}
		return tx.AddClaim(ctx, i.ID, &c)
	})
	return m
}

func TestTheOperatorConfirmsAsLongAsNobodyElseCan(t *testing.T) {
	t.Chdir(t.TempDir())
	code := codeOf(t, "--role", "network_coordinator")
	if got := play(t, nil, "confirm", code); got.code != exitFailed || !strings.Contains(got.err, "nobody has taken this invitation yet") {
		t.Errorf("before anybody took it: %+v", got)
	}
	els := take(t, code, "Els")
	if got := play(t, nil, "confirm", strings.ToLower(code)); got.code != exitFine || !strings.Contains(got.out, "Els is network_coordinator now") {
		t.Fatalf("%+v", got)
	}
	inStore(t, func(ctx context.Context, tx bot.Tx) error {
		m, err := tx.Member(ctx, els.ID)
		if err != nil || len(m.Grants) != 1 || m.Grants[0].Role != civic.NetworkCoordinator {
			t.Errorf("%+v, %v", m, err)
		}
		next, err := tx.NextLetter(ctx, "telegram")
		if err != nil || next.IsZero() {
			t.Errorf("nobody tells Els: %v, %v", next, err)
		}
		return nil
	})
	if got := play(t, nil, "confirm", code); got.code != exitFailed {
		t.Errorf("a second time: %+v", got)
	}
	police := codeOf(t, "--role", "police")
	take(t, police, "Mirjam")
	if got := play(t, nil, "confirm", police); got.code != exitFailed || !strings.Contains(got.err, "there is somebody in the network who can confirm this") {
		t.Errorf("with Els in the network: %+v", got)
	}
	if got := play(t, nil, "check"); !strings.Contains(got.out, "the audit trail holds") {
		t.Errorf("%+v", got)
	}
}

func TestEveryRoleIsInvited(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep\nKastanjelaan;Kastanje\n")
	if got := play(t, nil, "import", "list.csv"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	for _, args := range [][]string{
		{"--role", "admin"},
		{"--role", "municipality"},
		{"--role", "housing"},
		{"--role", "deputy", "--area", "Kastanje"},
		{"--role", "street_coordinator", "--area", "KASTANJE"},
		{"--role", "police", "--until", "2090-12-31"},
	} {
		if codeOf(t, args...) == "" {
			t.Errorf("%v: no code", args)
		}
	}
	for _, args := range [][]string{{"--role", "resident"}, {"--role", "police", "--until", "soon"}, {"--role", "police", "--until", "2020-01-01"}} {
		if got := play(t, nil, append([]string{"invite"}, args...)...); got.code != exitUse {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
