package telegram

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestMenusAreSetOnceAndWhenTheyChange(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	report, help := bot.MenuLine{Name: "report", What: "Report what you see"}, bot.MenuLine{Name: "help", What: "Read this"}
	menus := []bot.Menu{
		{Lines: []bot.MenuLine{{Name: "melden", What: "Meld wat je ziet"}}},
		{Language: "en", Lines: []bot.MenuLine{report, help}},
	}
	offer := func() int {
		t.Helper()
		before := len(s.Called("setMyCommands"))
		if err := s.tg.Offer(t.Context(), menus); err != nil {
			t.Fatal(err)
		}
		return len(s.Called("setMyCommands")) - before
	}
	got := []int{offer(), offer()}
	menus[1].Lines = menus[1].Lines[:1]
	got = append(got, offer(), offer())
	if diff := cmp.Diff([]int{2, 0, 1, 0}, got); diff != "" {
		t.Errorf("menus set (-want +got)\n%s", diff)
	}
	want := `[{"command":"report","description":"Report what you see"}]`
	if stands := string(s.Commands(privateChats, "en")); stands != want {
		t.Errorf("in English stands %s", stands)
	}
}
