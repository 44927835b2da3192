package main

import (
	"database/sql"
	"testing"
)

const telegramToken = "TELEGRAM_TOKEN=123456789:AAEhNobodysTokenNobodysTokenNobody1"

// The page is there where nothing else is, and where it is asked for; who wants none has none.
func TestTheSandboxIsOnWhereNothingElseIsOrItIsAskedFor(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "off.yaml", "sandbox:\n  listen: \"\"\n")
	for name, c := range map[string]struct {
		file    string
		environ []string
		want    string
	}{
		"nothing is configured":         {want: "127.0.0.1:8080"},
		"Telegram":                      {environ: []string{telegramToken}},
		"Telegram, and it is asked":     {environ: []string{telegramToken, "BUURTBOT_SANDBOX_LISTEN=127.0.0.1:8090"}, want: "127.0.0.1:8090"},
		"nothing, and it is not wanted": {file: "off.yaml"},
	} {
		config, err := LoadConfig(c.file, c.environ)
		if err != nil || config.Sandbox.Listen != c.want {
			t.Errorf("%s: it listens at %q, %v", name, config.Sandbox.Listen, err)
		}
	}
}

// The example town is in a database of its own: the one of the real network, which runs beside it, knows nobody of it.
func TestTheSandboxMeetsNothingOfARealNetwork(t *testing.T) {
	start(t, telegramToken, "BUURTBOT_TELEGRAM_API_URL=http://127.0.0.1:9")
	for file, inhabited := range map[string]bool{"buurtbot.db": false, "buurtbot.sandbox.db": true} {
		db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"persons", "chats"} {
			var n int
			if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n > 0 != inhabited {
				t.Errorf("%s has %d %s, %v", file, n, table, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
