package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// The program has Telegram show what residents can do, as soon as it is reached.
func TestTheProgramOffersItsMenus(t *testing.T) {
	_, token, _ := strings.Cut(telegramToken, "=")
	api := botapi.New(botapi.Config{Token: token, Username: "buurtbot"})
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	start(t, telegramToken, "BUURTBOT_TELEGRAM_API_URL="+server.URL)
	const scope = `{"type":"all_private_chats"}`
	for range 500 {
		if api.Commands(scope, "uk") != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if menu := string(api.Commands(scope, "")); !strings.Contains(menu, `"melden"`) || strings.Contains(menu, `"alarm"`) {
		t.Errorf("the menu is %s", menu)
	}
	if menu := string(api.Commands(scope, "en")); !strings.Contains(menu, `"report"`) {
		t.Errorf("the menu in English is %s", menu)
	}
}
