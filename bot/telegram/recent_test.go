package telegram

import "testing"

func TestTheOldestIsForgottenFirst(t *testing.T) {
	var r recent[int, string]
	r.put(1, "one", 2)
	r.put(2, "two", 2)
	r.put(1, "uno", 2) // known already: it stays as old as it was
	r.drop(3)          // never known
	r.drop(2)
	r.put(3, "three", 2)
	r.put(4, "four", 2)
	for key, want := range map[int]string{1: "", 2: "", 3: "three", 4: "four"} {
		if got := r.get(key); got != want {
			t.Errorf("%d is %q, not %q", key, got, want)
		}
	}
	if len(r.order) != len(r.kept) {
		t.Errorf("the order knows %d of %d", len(r.order), len(r.kept))
	}
}
