package civic

import (
	"slices"
	"strings"
)

// tellers are those whom somebody may have it from.
var tellers = strings.Fields("zus zusje broer broertje moeder mama vader papa oma opa tante oom nicht neef dochter zoon vriend " +
	"vriendin collega buurman buurvrouw buur buren overbuurman overbuurvrouw postbode bezorger oppas schoonzus man vrouw kind " +
	"sister brother mother mum father dad friend neighbour neighbor colleague daughter son")

// own are words by which somebody says that they were there.
var own = strings.Fields("zelf meegemaakt myself")

// SourceAsked is the source that an answer names, of somebody who was asked for it: "van mijn moeder" says it there, and would
// not in a story. Empty when it names none. Of a longer answer only what it would say in a story counts.
func SourceAsked(answer string) Source {
	if source := Understand(answer, nil).Source; source != "" {
		return source
	}
	const most = 5 // words
	words := describedWords(answer)
	said := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case len(words) > most:
		return ""
	case said(tellers):
		return SourceTold
	case said(own):
		return SourceSeen
	}
	return ""
}
