package civic

import (
	"regexp"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// AreaID is our own number of an area; 0 is no area.
type AreaID int64

// AreaKind tells the floors of the tree network → street group → street.
type AreaKind string

// The three kinds of area (domain glossary: BIN-gebied, straatgroep, straat).
const (
	KindNetwork AreaKind = "network"
	KindGroup   AreaKind = "group"
	KindStreet  AreaKind = "street"
)

// Area is one node of the tree network → street group → street.
type Area struct {
	ID      AreaID
	Parent  AreaID // 0 for a network
	Network AreaID // the root of its tree; its own ID for a network
	Kind    AreaKind
	Name    string
	Code    string              // for a sign in the street: /start CODE; upper case letters and digits
	Prefix  string              // of case references, on networks and street groups: "KAS"
	Lines   orb.MultiLineString // of a street, in as many pieces as the map has it; none = not known
	Border  orb.MultiPolygon    // of a network or street group; none = not known
}

// LinesOf makes the lines of a street that is one piece; an empty one is not known.
func LinesOf(line orb.LineString) orb.MultiLineString {
	if len(line) == 0 {
		return nil
	}
	return orb.MultiLineString{line}
}

// Longest is the longest piece of a street's line, where its name can be written; nil when the line is not known.
func (a Area) Longest() orb.LineString {
	var longest orb.LineString
	for _, line := range a.Lines {
		if longest == nil || geo.Length(line) > geo.Length(longest) {
			longest = line
		}
	}
	return longest
}

// Network is a neighbourhood information network; one deployment may hold several.
type Network struct {
	ID        AreaID
	Name      string
	Profile   string // key of a Profile: "nl" or "be"
	Zone      *time.Location
	Languages []string // the first is the network's own
	Prefix    string
	Police    string // whom to call when there is no hurry, where the zone has a number of its own; empty = the country's
	Agreed    Agreement
}

// number is a telephone number as people write it.
var number = regexp.MustCompile(`^\+?[0-9](?:[ ./-]?[0-9]){2,14}$`)

// IsNumber reports whether a text is a telephone number as people write it.
func IsNumber(text string) bool { return number.MatchString(text) }

// PoliceNumber is the number of the police for what is no emergency: that of the network's zone, else that of its country;
// empty when there is neither.
func (n Network) PoliceNumber() string {
	if n.Police != "" {
		return n.Police
	}
	profile, _ := ProfileOf(n.Profile)
	return profile.Police
}

// Scope says where a thing belongs; a grant covers it when the grant's area is one of these.
type Scope struct {
	Network, Group, Street AreaID
}

// Covers reports whether area is the scope's network, street group or street.
func (s Scope) Covers(area AreaID) bool {
	return area != 0 && (area == s.Network || area == s.Group || area == s.Street)
}

// Scope is where the area lies, from its network down to itself.
func (a Area) Scope() Scope {
	switch a.Kind {
	case KindStreet:
		return Scope{Network: a.Network, Group: a.Parent, Street: a.ID}
	case KindGroup:
		return Scope{Network: a.Network, Group: a.ID}
	case KindNetwork:
		return Scope{Network: a.ID}
	}
	return Scope{}
}

// Place is where something was seen: a street of ours, with the landmark by which it was named, a point, or words, as far
// as they are known.
type Place struct {
	Street AreaID     `json:"street,omitempty"`
	Point  *orb.Point `json:"point,omitempty"` // longitude, latitude (WGS 84)
	Words  string     `json:"words,omitempty"`

	Landmark int64 `json:"landmark,omitempty"` // by which the street was named; 0 = none
}

// RoomKind says what a bound chat is for.
type RoomKind string

// The rooms of a network; a street group's own deliveries are [Target]s.
const (
	RoomCoordinators RoomKind = "coordinators"
	RoomPolice       RoomKind = RoomKind(Police)
	RoomMunicipality RoomKind = RoomKind(Municipality)
	RoomEnforcement  RoomKind = RoomKind(Enforcement)
	RoomHousing      RoomKind = RoomKind(Housing)
	RoomOperators    RoomKind = "operator" // who keeps the program running
)

// RoomKinds lists the rooms that can be bound.
var RoomKinds = []RoomKind{RoomCoordinators, RoomPolice, RoomMunicipality, RoomEnforcement, RoomHousing, RoomOperators}

// TargetKind is a way in which a street group is told things.
type TargetKind string

// The three kinds of delivery.
const (
	TargetGroup   TargetKind = "group"
	TargetChannel TargetKind = "channel"
	TargetDirect  TargetKind = "dm" // to each member
)

// Target is one delivery of a street group: a chat, or its members one by one.
type Target struct {
	ID    int64
	Group AreaID
	Kind  TargetKind
	Chat  int64 // our chat id; 0 for TargetDirect
	Muted bool  // by the network: this target hears nothing at present

	Rolled   bool   // the chat tells who is in it, so the others are told one by one
	Platform string // TargetDirect only goes to people on this network; empty = on any
}

// Ordinary reports whether it is where a street group as a whole is told things: neither a room of which we know who is in
// it, nor the private chats that go with one.
func (t Target) Ordinary() bool { return !t.Rolled && t.Platform == "" }
