package civic

import "regexp"

// pose finds a text that speaks as the police: a line that begins as the heading of an alert does, or words that say so.
var pose = regexp.MustCompile(`(?im)^[^\p{L}\n]*(?:de |the )?(?:politie|police)\s*(?:$|[·:|–—-])` +
	`|\b(?:wij van de politie|namens de politie|hier de politie|dit is de politie|politiebericht|burgernet|nl-alert|be-alert)\b` +
	`|\b(?:this is the police|on behalf of the police)\b`)

// Poses reports whether a text speaks as the police, or as an alarm of the authorities. Who is not police may not send it:
// the bot alone says who sent a message (feature E54).
func Poses(text string) bool { return pose.MatchString(text) }
