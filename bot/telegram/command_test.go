package telegram

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCommandsAreTold(t *testing.T) {
	for text, want := range map[string]command{
		"/help":                 {name: "help"},
		"/HELP":                 {name: "help"},
		"/help ":                {name: "help"},
		"/help@BuurtBot":        {name: "help", bot: "BuurtBot"},
		"/help@BuurtBot nu":     {name: "help", bot: "BuurtBot", args: "nu"},
		"/melding  x":           {name: "melding", args: "x"},
		"/melding\nx\ny":        {name: "melding", args: "x\ny"},
		"/melding—x":            {name: "melding", args: "—x"},
		"/melding,x":            {name: "melding", args: ",x"},
		"/melding🔥":             {name: "melding", args: "🔥"},
		"/1":                    {name: "1"},
		"!help":                 {name: "help"},
		"!brand Lindestraat 12": {name: "brand", args: "Lindestraat 12"},
	} {
		got, is := parseCommand(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(command{})); !is || diff != "" {
			t.Errorf("%q: (-want +got)\n%s", text, diff)
		}
	}
}

func TestWhatOnlyLooksLikeACommandIsText(t *testing.T) {
	for _, text := range []string{
		"", "/", "!", "//", "/ help", "help", " /help", "/één", "/réport", "/etc/passwd", "!!!", "! help", "!5 keer gebeld", "/help@",
		"/help@ x", "!hè wat", "/abcdefghijklmnopqrstuvwxyz0123456",
	} {
		if got, is := parseCommand(text); is {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestCommandPartsAreValidText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"/", "!"}).Draw(t, "sign") + rapid.String().Draw(t, "rest")
		c, is := parseCommand(text)
		if is && (c.name == "" || !utf8.ValidString(c.args) || len(c.name)+len(c.bot)+len(c.args) >= len(text)) {
			t.Fatalf("%q: %+v", text, c)
		}
	})
}
