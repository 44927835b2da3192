package civic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMergeKeepsTheMembershipThatIsFurther(t *testing.T) {
	ana := Member{ID: 1, Network: 1, Group: 2, Street: 3, Standing: StandingActive, Name: "Ana", Language: "nl", Rules: 2}
	for name, c := range map[string]struct{ kept, other, want Member }{
		"member and stranger": {ana, Member{ID: 2, Network: 1}, ana},
		"stranger and member": {
			Member{ID: 2, Network: 1, Name: "Anna"},
			ana,
			Member{ID: 2, Network: 1, Group: 2, Street: 3, Standing: StandingActive, Name: "Anna", Language: "nl", Rules: 2},
		},
		"two members": {ana, Member{ID: 2, Network: 1, Group: 5, Standing: StandingActive, Name: "Bea", Rules: 3}, ana},
		"asleep and awake": {
			Member{ID: 2, Network: 1, Group: 5, Standing: StandingDormant, Language: "en"},
			ana,
			Member{ID: 2, Network: 1, Group: 2, Street: 3, Standing: StandingActive, Name: "Ana", Language: "en", Rules: 2},
		},
		"a suspension is not got rid of": {
			ana,
			Member{ID: 2, Network: 1, Group: 5, Standing: "suspended"},
			Member{ID: 1, Network: 1, Group: 5, Standing: "suspended", Name: "Ana", Language: "nl"},
		},
	} {
		if diff := cmp.Diff(c.want, Merge(c.kept, c.other)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
