package civic

import "testing"

func TestANameLikeThatOfAnOfficeIsSeen(t *testing.T) {
	for name, want := range map[string]bool{
		"Politie Vlierdam": true, "P0litie": true, "Роlitie": true, "p o l i t i e": true, "P.O.L.I.T.I.E.": true, "Pólitie": true,
		"Ｐｏｌｉｔｉｅ": true, "Agent Jansen": true, "wijk agent": true, "Gemeente De Vlier": true, "Buurtb0t": true, "policе": true,
		"Ana": false, "Joris": false, "Polina": false, "Boaz": false, "Gerda Brand": false, "": false, "Agnes": false, "4711": false,
	} {
		if got := LooksOfficial(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
