package civic

import "testing"

func TestTheDoseIsThatOfTheStreetGroupWithTheMostMessages(t *testing.T) {
	areas := map[AreaID]Area{
		1: {ID: 1, Kind: KindNetwork, Network: 1}, 2: {ID: 2, Kind: KindGroup, Parent: 1, Network: 1},
		3: {ID: 3, Kind: KindGroup, Parent: 1, Network: 1}, 4: {ID: 4, Kind: KindStreet, Parent: 2, Network: 1},
	}
	alert := func(id int64, status AlertStatus, where ...AreaID) Alert {
		return Alert{ID: id, Status: status, Areas: where}
	}
	before := []Alert{
		alert(1, AlertExpired, 1), alert(2, AlertActive, 4), alert(3, AlertOutcome, 2), alert(4, AlertRetracted, 3),
		alert(5, AlertChecked, 3), alert(6, AlertQueued, 3),
	}
	for _, c := range []struct {
		where []AreaID
		want  Dose
		heavy bool
	}{
		{[]AreaID{2}, Dose{2, 4}, true},
		{[]AreaID{4}, Dose{2, 4}, true},
		{[]AreaID{3}, Dose{3, 3}, false},
		{[]AreaID{1}, Dose{2, 4}, true},
		{[]AreaID{9}, Dose{}, false},
	} {
		got := DoseOf(alert(0, AlertActive, c.where...), before, areas)
		if got != c.want || got.Heavy() != c.heavy {
			t.Errorf("DoseOf(%v) = %+v, heavy %v, want %+v", c.where, got, got.Heavy(), c.want)
		}
	}
	if got := DoseOf(before[1], before, areas); got.Count != 3 {
		t.Errorf("an alert counts itself once, got %+v", got)
	}
}
