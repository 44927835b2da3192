package bot

import "testing"

func TestCommandsAreShownWithThePlatformsSign(t *testing.T) {
	e := &Engine{registry: registry{words: map[string]string{"help": "help", "melding": "report"}}}
	for text, want := range map[string]string{
		"Stuur /help.":                        "Stuur !help.",
		"/melding of <code>/help</code>":      "!melding of <code>!help</code>",
		"(/help)":                             "(!help)",
		"en/of, /etc/help, https://a.nl/help": "en/of, /etc/help, https://a.nl/help",
		"<b>x</b> /helpen </help>":            "<b>x</b> /helpen </help>",
		"/onbekend /help /melding":            "/onbekend !help !melding",
		"":                                    "",
	} {
		if got := e.signed(text, "!"); got != want {
			t.Errorf("%q is shown as %q, not %q", text, got, want)
		}
	}
}
