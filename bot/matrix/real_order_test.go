//go:build goolm

package matrix

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// Messages whose key comes later are heard in the order in which they were said, and before what is said after the key came:
// they are answers in a conversation.
func TestRealMessagesWithoutAKeyAreHeardInTheirOrder(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	db := r.m.login.link.vault.(*keys).db
	do := func(query string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	do("CREATE TABLE hidden AS SELECT * FROM crypto_megolm_inbound_session")
	do("DELETE FROM crypto_megolm_inbound_session")
	var want []string
	for n := range 8 {
		want = append(want, fmt.Sprint("antwoord ", n))
		p.says(room, want[n])
	}
	end := time.Now().Add(20 * time.Second)
	for waiting := 0; waiting < len(want); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d messages wait for their key", waiting, len(want))
		}
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM buurtbot_waiting").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	do("INSERT INTO crypto_megolm_inbound_session SELECT * FROM hidden")
	var got []string
	p.says(room, "laatste")
	for len(got) == 0 || got[len(got)-1] != "laatste" {
		u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Text); return is })
		got = append(got, u.Event.(bot.Text).Body)
	}
	if diff := cmp.Diff(append(want, "laatste"), got); diff != "" {
		t.Errorf("heard (-want +got)\n%s", diff)
	}
}
