package civic

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"
)

//go:embed profiles.json
var profilesJSON []byte

// DefaultProfile is the key of the profile of a network that names none.
const DefaultProfile = "nl"

// Profile is what differs between countries: numbers to call, who may send what, ages and times (domain §1.1 and §1.7).
// Words are not in it; they are texts.
type Profile struct {
	Key               string               `json:"-"`       // "nl" or "be", as networks name it
	Country           string               `json:"country"` // ISO 3166: "NL", "BE"
	Bounds            [4]float64           `json:"bounds"`  // of the country: west, south, east, north in degrees (WGS 84)
	Languages         []string             `json:"languages"`
	Emergency         string               `json:"emergency"` // danger, a crime in progress, a suspect nearby
	Fire              string               `json:"fire"`      // fire brigade and ambulance
	Police            string               `json:"police"`    // no hurry; empty = a local number, which the configuration tells
	Anonymous         string               `json:"anonymous"` // anonymous tips; empty = there is no such line
	App               string               `json:"app"`       // the emergency app for who cannot hear, speak or be understood
	Helplines         []Helpline           `json:"helplines"`
	MinimumAge        int                  `json:"minimum_age"`         // years
	HeterdaadMinutes  int                  `json:"heterdaad_minutes"`   // up to here a crime counts as happening now
	LeakHours         int                  `json:"leak_hours"`          // within which the authority hears of a leak
	HouseRulesVersion int                  `json:"house_rules_version"` // members agree to a version; a newer one is asked again
	Holidays          []string             `json:"holidays"`            // "12-25", or days after Easter Sunday: "easter+1"
	WhoBroadcasts     map[AlertKind][]Role `json:"who_broadcasts"`
}

// Helpline is a number for one kind of help.
type Helpline struct {
	Key    string `json:"key"` // one of the Help keys
	Number string `json:"number"`
	Other  string `json:"other,omitempty"` // a second number of the same line; empty = none
}

// The keys of helplines.
const (
	HelpDomesticViolence = "domestic_violence" // and worry about a person
	HelpSuicide          = "suicide"
	HelpChild            = "child" // for minors themselves
	HelpMissingChild     = "missing_child"
	HelpAnimals          = "animals"
)

// Helpline is the profile's number for a kind of help; false when the country has none.
func (p Profile) Helpline(key string) (Helpline, bool) {
	for _, line := range p.Helplines {
		if line.Key == key {
			return line, true
		}
	}
	return Helpline{}, false
}

// Heterdaad is how long after the deed a crime counts as happening now.
func (p Profile) Heterdaad() time.Duration { return time.Duration(p.HeterdaadMinutes) * time.Minute }

// LeakTerm is how soon the authority must hear of a leak that can harm people.
func (p Profile) LeakTerm() time.Duration { return time.Duration(p.LeakHours) * time.Hour }

// Within reports whether a point lies in the rectangle round the country.
func (p Profile) Within(at orb.Point) bool {
	b := p.Bounds
	return at.Lon() >= b[0] && at.Lat() >= b[1] && at.Lon() <= b[2] && at.Lat() <= b[3]
}

// Mirrored reports whether a point was written the wrong way round, latitude first: it lies outside the country, and its
// mirror image inside.
func (p Profile) Mirrored(at orb.Point) bool {
	return !p.Within(at) && p.Within(orb.Point{at.Lat(), at.Lon()})
}

// MayBroadcast reports whether a role may send alerts of this kind in this country. It narrows [Grants], and never
// widens them.
func (p Profile) MayBroadcast(kind AlertKind, role Role) bool {
	return slices.Contains(p.WhoBroadcasts[kind], role)
}

// Profiles gives every profile by its key. The error names a fault in the built-in table; a test sees to it that there
// is none. The map is the caller's own; what the profiles point to is shared and not to be changed.
func Profiles() (map[string]Profile, error) { return parseProfiles(profilesJSON) }

// ProfileOf is the profile with this key; false when there is none.
func ProfileOf(key string) (Profile, bool) {
	p, ok := builtInProfiles()[key]
	return p, ok
}

// builtInProfiles is read once; it is empty should the table be faulty.
var builtInProfiles = sync.OnceValue(func() map[string]Profile {
	profiles, err := Profiles()
	if err != nil {
		return nil
	}
	return profiles
})

// parseProfiles reads a table of profiles and refuses one with fields it does not know or numbers it lacks.
func parseProfiles(data []byte) (map[string]Profile, error) {
	var profiles map[string]Profile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&profiles); err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	for key, p := range profiles {
		p.Key = key
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("profile %s: %w", key, err)
		}
		profiles[key] = p
	}
	return profiles, nil
}

// check names the first thing a profile cannot do without and lacks.
func (p Profile) check() error {
	switch {
	case p.Country == "":
		return errors.New("no country")
	case p.Bounds[0] >= p.Bounds[2] || p.Bounds[1] >= p.Bounds[3]:
		return errors.New("no bounds")
	case len(p.Languages) == 0:
		return errors.New("no languages")
	case p.Emergency == "" || p.Fire == "":
		return errors.New("no emergency number")
	case p.MinimumAge <= 0:
		return errors.New("no minimum age")
	case p.HeterdaadMinutes <= 0:
		return errors.New("no heterdaad minutes")
	case p.LeakHours <= 0:
		return errors.New("no hours to report a leak")
	case p.HouseRulesVersion <= 0:
		return errors.New("no house rules version")
	}
	for _, key := range []string{HelpDomesticViolence, HelpSuicide, HelpChild} {
		if line, ok := p.Helpline(key); !ok || line.Number == "" {
			return fmt.Errorf("no helpline %s", key)
		}
	}
	for _, h := range p.Holidays {
		if _, _, err := holiday(h, 2000); err != nil {
			return err
		}
	}
	for _, kind := range AlertKinds {
		if len(p.WhoBroadcasts[kind]) == 0 {
			return fmt.Errorf("nobody broadcasts %s", kind)
		}
	}
	return nil
}
