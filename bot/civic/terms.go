package civic

import "time"

// Terms are what people agree to when they join a network, besides the words that the bot has for every network: nothing
// takes those away. Each change of them is a new version, which members are asked about again (domain §2.3, row 1).
type Terms struct {
	Age        int                 `json:"age,omitempty"`        // years from which people may join; 0 = their country's
	Rules      map[string][]string `json:"rules,omitempty"`      // house rules of the network's own, by language
	Controller string              `json:"controller,omitempty"` // who answers for what is kept (GDPR article 4)
	Contact    string              `json:"contact,omitempty"`    // whom to ask about it
	More       string              `json:"more,omitempty"`       // address of the whole text about privacy
	BuiltIn    int                 `json:"built_in"`             // version of the words of the bot
}

// Agreement is a version of the terms of a network.
type Agreement struct {
	Terms
	Version int
	At      time.Time // since when it stands
}

// OwnRules are the network's own house rules in a language, else in the first of the network's that has them.
func (t Terms) OwnRules(lang string, others []string) []string {
	for _, l := range append([]string{lang}, others...) {
		if rules := t.Rules[l]; len(rules) > 0 {
			return rules
		}
	}
	return nil
}
