package flows_test

import "testing"

func TestListOfWhatIsOpenIsPinnedInTheCoordinatorsRoom(t *testing.T) {
	r := newTeller(t, "rachid@desk > /open")
	room := r.s.rooms["desk"]
	for range 2 { // the list comes, and then its pin
		r.pass("1m later")
		r.drain()
	}
	if got := r.fake.Pinned(room); len(got) != 1 {
		t.Errorf("pinned: %v; the room reads %q", got, r.bodies(room))
	}
}
