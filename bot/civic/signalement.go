package civic

import (
	"slices"
	"strings"
)

// Person is how somebody looked whose behaviour was told (domain §5.6). Gender, Age and Transport are keys, the others
// words. There is no field for origin, nationality, belief or name, and there must never be one.
type Person struct {
	Gender      string `json:"gender,omitempty"` // of [Genders]; an impression
	Age         string `json:"age,omitempty"`    // of [Ages]; an estimate
	Height      string `json:"height,omitempty"`
	Build       string `json:"build,omitempty"`
	Hair        string `json:"hair,omitempty"`
	Face        string `json:"face,omitempty"`
	Top         string `json:"top,omitempty"`
	Bottom      string `json:"bottom,omitempty"`
	Shoes       string `json:"shoes,omitempty"`
	Carrying    string `json:"carrying,omitempty"`
	Distinctive string `json:"distinctive,omitempty"`
	Transport   string `json:"transport,omitempty"` // of [Transports]
	Direction   string `json:"direction,omitempty"`
	Weapon      bool   `json:"weapon,omitempty"` // the reporter saw one
	// LanguageHeard is in the reporter's own words, and never concluded from anything else; never alone, for the police only.
	LanguageHeard string `json:"language_heard,omitempty"`
	SkinTone      string `json:"skin_tone,omitempty"` // of [SkinTones]; last, never alone, for the police only (domain D5)
}

// Vehicle is a vehicle that was seen (domain §5.6). Kind is a key of [VehicleKinds], the others are words.
type Vehicle struct {
	Kind         string `json:"kind,omitempty"`
	Make         string `json:"make,omitempty"`
	Model        string `json:"model,omitempty"`
	Colour       string `json:"colour,omitempty"`
	Plate        string `json:"plate,omitempty"` // or part of one; for the police only
	PlateCountry string `json:"plate_country,omitempty"`
	Markings     string `json:"markings,omitempty"`
	Occupants    string `json:"occupants,omitempty"`
	Direction    string `json:"direction,omitempty"`
	LastSeenAt   string `json:"last_seen_at,omitempty"` // place or time, in the reporter's words
}

// The choices of a signalement, in the order in which they are offered.
var (
	Genders      = []string{"man", "woman"}
	Ages         = []string{"child", "12_17", "18_25", "26_40", "41_60", "60_up"}
	Transports   = []string{"foot", "bicycle", "scooter", "car", "van"}
	SkinTones    = []string{"light", "medium", "dark"}
	VehicleKinds = []string{"car", "van", "scooter", "bicycle", "fatbike", "lorry"}
)

// EnoughFeatures is how many distinguishing features make a description of somebody in particular (domain D5).
const EnoughFeatures = 2

// Features counts what tells a person from others (domain §5.6): hair, face, clothes, shoes, what they carry, what strikes
// and how they move count one each; gender, age, build, height and skin count nothing.
func (p Person) Features() int {
	n := 0
	for _, field := range []string{p.Hair, p.Face, p.Top, p.Bottom, p.Shoes, p.Carrying, p.Distinctive, p.Transport} {
		if field != "" {
			n++
		}
	}
	return n
}

// Empty reports whether nothing is known of the person.
func (p Person) Empty() bool { return p == Person{} }

// Empty reports whether nothing is known of the vehicle.
func (v Vehicle) Empty() bool { return v == Vehicle{} }

// Fitting is the person without what may not stand there: a colour of skin, or a language, with fewer than two distinguishing
// features.
func (p Person) Fitting() Person {
	if p.Features() < EnoughFeatures {
		p.SkinTone, p.LanguageHeard = "", ""
	}
	return p
}

// Describe reads out of a text how a person looked: gender, age and the fields of clothes, hair and the like, each with
// the words that stand before its noun, "donkerblauwe jas". Words of origin and of skin are passed over. It is false when
// the text tells nothing of the kind.
func Describe(text string) (Person, bool) {
	p := Person{LanguageHeard: LanguageIn(text)}
	text, _ = WithoutOrigin(text)
	words := describedWords(text)
	fields := p.byField()
	for i, w := range words {
		field := looksField(w)
		switch at := fields[field]; {
		case field == "":
		case at != nil:
			*at = joined(*at, withAdjectives(words, i)+inBrackets(colourOfNoun(words, i)))
		case field == "man" || field == "woman":
			p.Gender = one(p.Gender, field)
		case slices.Contains(Ages, field):
			p.Age = one(p.Age, field)
		case slices.Contains(Transports, field) && onIt(words, i) && !ofVan(words, i):
			p.Transport = one(p.Transport, field)
		}
	}
	p.Age, p.Direction = one(p.Age, AgeIn(text)), DirectionIn(text)
	return p, !p.Empty()
}

// DescribeStory reads out of a story how one person looked: the sentence that tells most of looks is about them, since
// others may be about a victim. Where they went may stand in another.
func DescribeStory(text string) (Person, bool) {
	var best Person
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		if p, _ := Describe(text[at[0]:at[1]]); p.Features() > best.Features() || best.Empty() {
			best = p
		}
	}
	if best.Direction == "" {
		best.Direction = DirectionIn(text)
	}
	if best.LanguageHeard == "" {
		best.LanguageHeard = LanguageIn(text)
	}
	return best, !best.Empty()
}

// byField is where the words of each field go.
func (p *Person) byField() map[string]*string {
	return map[string]*string{
		"height": &p.Height, "build": &p.Build, "hair": &p.Hair, "face": &p.Face, "top": &p.Top, "bottom": &p.Bottom,
		"shoes": &p.Shoes, "carrying": &p.Carrying, "distinctive": &p.Distinctive,
	}
}

// one keeps the first of two keys.
func one(before, key string) string {
	if before != "" {
		return before
	}
	return key
}

// joined adds words to a field, each once.
func joined(before, words string) string {
	switch {
	case before == "":
		return words
	case strings.Contains(before, words):
		return before
	}
	return before + ", " + words
}

// describedWords parts a text into words in small letters; what parts a sentence is a word "," by itself.
func describedWords(text string) []string {
	var words []string
	for _, piece := range piecesOf(strings.ToLower(text)) {
		switch {
		case wordy(piece):
			words = append(words, piece)
		case strings.ContainsAny(piece, ",.;:!?()\n"):
			words = append(words, ",")
		}
		if len(words) >= mostWords {
			break
		}
	}
	return words
}

// mostWords is how much of a text is read.
const mostWords = 200

func wordy(piece string) bool {
	for _, r := range piece {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 127
	}
	return false
}

// withAdjectives is a noun with what is said of it: up to three words before it, such as colours.
func withAdjectives(words []string, at int) string {
	from := at
	for from > 0 && at-from < 3 && described()["adjective"][words[from-1]] {
		from--
	}
	return strings.Join(words[from:at+1], " ")
}

// onIt reports whether somebody moves on the thing at a place in the text: "op een scooter", "te voet", "fietst".
func onIt(words []string, at int) bool {
	for i := max(0, at-3); i < at; i++ {
		switch words[i] {
		case "op", "te", "met", "in", "on", "by", "a", "per":
			return true
		}
	}
	return strings.HasSuffix(words[at], "t") // "fietst"
}

// DirectionIn is where somebody went by a text: "rende richting molenpad" gives "richting molenpad"; empty when it does
// not say.
func DirectionIn(text string) string {
	words := describedWords(text)
	for i, w := range words {
		if !described()["towards"][w] || i+1 >= len(words) {
			continue
		}
		to := i + 1
		for to < len(words) && to-i <= 3 && words[to] != "," && !described()["stop"][words[to]] {
			to++
		}
		if to > i+1 {
			return strings.Join(words[i:to], " ")
		}
	}
	return ""
}

// DescribeVehicle reads out of a text what vehicle was seen. It is false when the text tells of none.
func DescribeVehicle(text string) (Vehicle, bool) {
	v := vehicleOf(text)
	if v.Kind == "" && v.Make != "" {
		v.Kind = "car"
	}
	if v.Kind == "" && v.Plate == "" {
		return Vehicle{}, false
	}
	v.Direction, v.Occupants, v.LastSeenAt = DirectionIn(text), OccupantsIn(text), lastSeenIn(text)
	return v, true
}

// vehicleOf is what the words of a text say of a vehicle itself.
func vehicleOf(text string) Vehicle {
	var v Vehicle
	words := describedWords(text)
	for i, w := range words {
		switch {
		case i > 0 && described()["make"][words[i-1]] && described()["model"][w]:
			v.Model = one(v.Model, w)
		case described()["make"][w]:
			v.Make = joined(v.Make, w)
			if v.Colour == "" {
				v.Colour = colourOf(words, i)
			}
		case v.Kind == "" && vehicleKind(w) != "" && !ofVan(words, i):
			v.Kind = vehicleKind(w)
			v.Colour = colourOf(words, i)
		}
	}
	for _, hit := range Lint(text) {
		if hit.Rule == LintPlate && v.Plate == "" {
			v.Plate, v.PlateCountry = plateOf(hit.Words)
		}
	}
	return v
}

// OccupantsIn is how many people were in or on a vehicle, in the words of a text: "twee man" of "een scooter met twee man"; empty
// when it does not say.
func OccupantsIn(text string) string {
	words := describedWords(text)
	near := func(from, to int, list string) bool {
		for i := max(0, from); i < min(to, len(words)); i++ {
			if described()[list][words[i]] {
				return true
			}
		}
		return false
	}
	for i := 0; i+1 < len(words); i++ {
		if small(words[i]) == 0 {
			continue
		}
		inside := described()["inside"][words[i+1]]
		if inside || countable(words[i+1]) && (near(i-2, i, "holding") || near(i+2, i+4, "inside")) {
			return words[i] + " " + words[i+1]
		}
	}
	return ""
}

// plateOf is a plate and its country as far as the words tell.
func plateOf(words string) (number, country string) {
	if p, ok := ParsePlate(words); ok {
		return p.Number, p.Country
	}
	if p, ok := ParsePartialPlate(words); ok {
		return p.Number, p.Country
	}
	return "", ""
}
