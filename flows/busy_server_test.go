package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// A server that answers every message with an error for a while, and does nothing with any, keeps nobody from what warns of
// danger and what tells of a report: both arrive when it is well again, before the end of the alert, and once.
func TestAServerThatIsIllForTenMinutesKeepsNoAlertBack(t *testing.T) {
	for name, kind := range map[string]botapi.FaultKind{"a front server": botapi.Status502HTML, "the server": botapi.Status500} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, transcript{}, mode{telegram: true})
			defer p.close()
			s := p.stage.(*telegramStage)
			const alert = "drie mensen proberen autodeuren aan de Kastanjelaan."
			p.lines(
				"mirjam > /alarm", "mirjam > Let op: "+alert, "mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [1 uur]",
				"mirjam > [Versturen]",
				"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]",
			)
			s.server.Fail(botapi.Fault{Method: "sendMessage", Kind: kind, Times: -1})
			p.act("mirjam", "[Ja, versturen]")
			p.act("ana", "[Versturen]")
			read := func(lines []string) (street, desk int) {
				for _, line := range lines {
					switch {
					case strings.HasPrefix(line, "kastanje <") && strings.Contains(line, alert):
						street++
					case strings.HasPrefix(line, "desk <") && strings.Contains(line, "lamp"):
						desk++
					}
				}
				return street, desk
			}
			var said []string
			for range 60 { // of ten seconds
				p.pass("10s later")
				said = append(said, p.said()...)
			}
			if street, desk := read(said); street+desk != 0 {
				t.Fatalf("the alert was read %d times and the report %d times while the server was ill", street, desk)
			}
			s.server.ClearFaults()
			for range 10 {
				p.pass("1m later")
				said = append(said, p.said()...)
			}
			if street, desk := read(said); street != 1 || desk != 1 {
				t.Errorf("when it is well again the street reads the alert %d times, the desk the report %d times", street, desk)
			}
		})
	}
}
