package sandbox

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The rooms of an example network, as ids of chats.
const (
	DeskRoom   = "desk"
	PoliceRoom = "bureau"
)

// Citizen is a person of an example world and what they are in it.
type Citizen struct {
	ID       string // of the account; also shown in transcripts
	Chat     string // where they are alone with the bot; empty = a chat with the account's own id
	Name     string
	Language string
	Role     civic.Role // Guest: nothing is stored of them
	Group    string     // name of their street group; "" for a role that covers the network
}

// World is an example network: fictional streets, people and rooms.
type World struct {
	Network   civic.Network
	Groups    []ExampleGroup
	Citizens  []Citizen
	Rooms     map[civic.RoomKind]string // ids of the chats in which those who work with reports are told
	Landmarks []civic.Landmark          // places that people name instead of a street
	Away      map[string]string         // the platform of accounts and chats that are on another than the rest, by id
}

// ExampleGroup is a street group with its streets and the room in which it is told things.
type ExampleGroup struct {
	Name, Code, Prefix string
	Room               string // id of the chat; "" = by direct message
	Channel            bool   // only the bot writes in that chat
	Streets            []ExampleStreet
	Untold             bool // nobody has said yet where it is told things
}

// ExampleStreet is a street as a line on the map.
type ExampleStreet struct {
	Name, Code string
	Line       orb.LineString
}

// landmarks are a shop and a playground of the example town.
func landmarks() []civic.Landmark {
	return []civic.Landmark{
		{Name: "Albert Heijn", Also: []string{"AH"}, At: orb.Point{5.6057, 51.6023}},
		{Name: "Speeltuin De Vlinder", Also: []string{"De Vlinder"}, At: orb.Point{5.6073, 51.6007}},
	}
}

// Vlierdam is the example world that ships with the program: a network of two street groups in a town that does not
// exist.
func Vlierdam(zone *time.Location) World {
	return World{
		Network: civic.Network{Name: "BIN De Vlier", Profile: "nl", Zone: zone, Languages: []string{"nl", "en"}, Prefix: "VLR"},
		Groups:  []ExampleGroup{kastanje(), meidoorn()}, Landmarks: landmarks(),
		Rooms: map[civic.RoomKind]string{civic.RoomCoordinators: DeskRoom, civic.RoomPolice: PoliceRoom},
		Citizens: []Citizen{
			{ID: "ana", Name: "Ana", Language: "nl", Role: civic.Resident, Group: "Kastanje"},
			{ID: "joris", Name: "Joris", Language: "nl", Role: civic.Guest},
			{ID: "rachid", Name: "Rachid", Language: "nl", Role: civic.NetworkCoordinator},
			{ID: "wim", Name: "Wim", Language: "nl", Role: civic.StreetCoordinator, Group: "Kastanje"},
			{ID: "mirjam", Name: "Mirjam", Language: "nl", Role: civic.Police},
		},
	}
}

func kastanje() ExampleGroup {
	return ExampleGroup{Name: "Kastanje", Code: "KASTANJE1", Prefix: "KAS", Room: "kastanje", Streets: []ExampleStreet{
		{"Kastanjelaan", "KASLAAN", orb.LineString{{5.6030, 51.6022}, {5.6056, 51.6021}, {5.6080, 51.6018}}},
		{"Kastanjestraat", "KASSTR", orb.LineString{{5.6036, 51.6014}, {5.6050, 51.6013}, {5.6062, 51.6019}}},
	}}
}

func meidoorn() ExampleGroup {
	return ExampleGroup{Name: "Meidoorn", Code: "MEIDOORN1", Prefix: "MEI", Room: "meidoorn", Streets: []ExampleStreet{
		{"Meidoornstraat", "MEISTR", orb.LineString{{5.6032, 51.6003}, {5.6058, 51.6001}, {5.6084, 51.6002}}},
		{"Meidoornpad", "MEIPAD", orb.LineString{{5.6070, 51.6001}, {5.6072, 51.6008}, {5.6078, 51.6013}}},
		{"Kastanjehof", "KASHOF", orb.LineString{{5.6040, 51.5995}, {5.6048, 51.5993}}},
	}}
}
