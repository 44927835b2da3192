package civic

// Outcomes counts the alerts that are over and whose outcome is to be told, and of how many of them it was told. What still
// runs, waits to be sent or was retracted owes no outcome; nor does information or a drill.
func Outcomes(alerts []Alert) (told, ended int) {
	for _, a := range alerts {
		switch {
		case !a.OwesOutcome():
		case a.Status == AlertOutcome:
			told++
			ended++
		case a.Status == AlertExpired:
			ended++
		}
	}
	return told, ended
}
