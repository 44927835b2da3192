package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// What is none of the sorts that have words of their own, such as a sound or a game, gets an answer as well.
func TestAnythingElseIsAnsweredKindly(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident Kastanje"}, mode{})
	defer p.close()
	for _, asked := range []string{"", "/melden"} {
		if asked != "" {
			p.line("ana > " + asked)
		}
		p.check(p.stage.do(p.ctx, p.inbox(), act{person: "ana", room: "ana", kind: "media", media: bot.MediaOther}))
		p.drain()
		said := p.said()
		if len(said) != 1 || !strings.HasPrefix(said[0], "ana < Dit kan ik niet lezen. Wil je het in woorden vertellen?\n") {
			t.Errorf("with %q open ana reads %q", asked, said)
		}
	}
}
