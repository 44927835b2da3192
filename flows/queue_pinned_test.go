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

// Once another room is the coordinators', nothing is held at the top of the one that was: what stands there is not kept.
func TestTheListOfARoomThatWasIsNotPinnedAnyMore(t *testing.T) {
	r := newTeller(t, "rachid@nieuw > hoi", "rachid@desk > /open")
	for range 2 {
		r.pass("1m later")
		r.drain()
	}
	room := r.s.rooms["desk"]
	if len(r.fake.Pinned(room)) != 1 {
		t.Fatal("nothing was pinned")
	}
	r.lines("rachid@nieuw > /koppel coördinatoren")
	r.pass("1m later")
	r.drain()
	if got := r.fake.Pinned(room); len(got) != 0 {
		t.Errorf("still pinned: %v", got)
	}
}
