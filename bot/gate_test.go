package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// trail keeps what was tried, or fails.
type trail struct {
	Tx
	tried   []string
	failure error
}

func (t *trail) Audit(_ context.Context, e AuditEntry) error {
	t.tried = append(t.tried, e.Action+" "+e.Object)
	return t.failure
}

// known are texts that exist.
type known struct {
	Texts
	keys map[string]bool
}

func (k known) Has(_, key string) bool { return k.keys[key] }

// Who may not is told so, in the words for what they wanted where there are some, and the trail shows that it was tried; where
// the trail cannot be written, nothing goes on as if it had been. Who hides behind a group is told that, and is nobody to note.
func TestWhoMayNotIsToldAndNoted(t *testing.T) {
	broken := errors.New("no room on the disk")
	engine := &Engine{texts: known{keys: map[string]bool{"refused.alert.send": true}}, languages: []string{"nl"}}
	for name, c := range map[string]struct {
		wanted    civic.Permission
		anonymous bool
		failure   error
		want      error
		tried     int
	}{
		"what has words":         {wanted: civic.SendAlert, want: Refuse("refused.alert.send"), tried: 1},
		"what has none":          {wanted: civic.SetRoute, want: Refuse("refused.role"), tried: 1},
		"somebody anonymous":     {wanted: civic.SendAlert, anonymous: true, want: Refuse("refused.anonymous")},
		"and no trail":           {wanted: civic.SendAlert, failure: broken, want: broken, tried: 1},
		"what everybody may":     {wanted: civic.AskHelp},
		"anonymous, for anybody": {wanted: civic.AskHelp, anonymous: true, want: Refuse("refused.anonymous")},
	} {
		tx := &trail{failure: c.failure}
		turn := &Turn{engine: engine, Tx: tx, Now: time.Unix(1, 0), Actor: civic.Member{ID: 7}}
		turn.From.Anonymous = c.anonymous
		err := turn.gate(t.Context(), c.wanted, civic.Scope{Network: 1})
		if !errors.Is(err, c.want) && (err == nil || c.want == nil || err.Error() != c.want.Error()) {
			t.Errorf("%s: %v", name, err)
		}
		if len(tx.tried) != c.tried {
			t.Errorf("%s: the trail shows %v", name, tx.tried)
		}
	}
}
