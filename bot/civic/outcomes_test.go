package civic

import "testing"

func TestOnlyAlertsThatEndedCountForTheShareWithOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		alert       Alert
		told, ended int
	}{
		"told":                 {Alert{Kind: UrgentAlert, Status: AlertOutcome}, 1, 1},
		"over and not told":    {Alert{Kind: UrgentAlert, Status: AlertExpired}, 0, 1},
		"runs":                 {Alert{Kind: UrgentAlert, Status: AlertActive}, 0, 0},
		"runs, corrected":      {Alert{Kind: UrgentAlert, Status: AlertCorrected}, 0, 0},
		"waits for a second":   {Alert{Kind: UrgentAlert, Status: AlertChecked}, 0, 0},
		"planned":              {Alert{Kind: UrgentAlert, Status: AlertQueued}, 0, 0},
		"retracted":            {Alert{Kind: UrgentAlert, Status: AlertRetracted}, 0, 0},
		"information":          {Alert{Kind: InfoAlert, Status: AlertExpired}, 0, 0},
		"drill":                {Alert{Kind: UrgentAlert, Status: AlertExpired, Drill: true}, 0, 0},
		"drill that was ended": {Alert{Kind: UrgentAlert, Status: AlertOutcome, Drill: true}, 0, 0},
	} {
		if told, ended := Outcomes([]Alert{c.alert}); told != c.told || ended != c.ended {
			t.Errorf("%s: %d of %d, want %d of %d", name, told, ended, c.told, c.ended)
		}
	}
}
