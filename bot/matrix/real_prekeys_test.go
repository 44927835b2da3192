//go:build goolm

package matrix

import (
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// prekeys is how many one-time keys the server has for the bot.
func (r *actual) prekeys() int {
	r.t.Helper()
	got, err := r.m.login.link.UploadKeys(r.t.Context(), &mautrix.ReqUploadKeys{})
	if err != nil {
		r.t.Fatal(err)
	}
	return got.OneTimeKeyCounts.SignedCurve25519
}

// Whoever takes one of the bot's one-time keys gets one that the bot has still: it never has more on the server than it
// keeps, also where the server's first answer does not count them, and those that were taken are made anew.
func TestRealPrekeysAreKeptAsLongAsTheServerGivesThem(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	for range 3 {
		r.restart()
	}
	if got := r.prekeys(); got < fewKeys || got > 2*fewKeys {
		t.Fatalf("%d one-time keys are on the server", got)
	}
	const taken = 30
	for range taken {
		if _, err := p.ClaimKeys(t.Context(), &mautrix.ReqClaimKeys{OneTimeKeys: mautrix.OneTimeKeysRequest{
			id.UserID(buurtbot): {r.m.login.link.DeviceID: id.KeyAlgorithmSignedCurve25519},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	p.says(room, "tweede")
	r.hears("tweede")
	for end := time.Now().Add(20 * time.Second); r.prekeys() < fewKeys; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d one-time keys are on the server", r.prekeys())
		}
	}
	known, err := r.m.login.link.vault.(*keys).mach.GetAccount().Internal.OneTimeKeys()
	if err != nil || len(known) != 0 {
		t.Errorf("%d one-time keys wait for their upload, %v", len(known), err)
	}
}
