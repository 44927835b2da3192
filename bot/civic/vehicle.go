package civic

import (
	"slices"
	"strings"
)

// beforeVan are the English words after which "van" is a vehicle; elsewhere it is the Dutch word for "of".
var beforeVan = strings.Fields("a the this that his her their my our another same black white red blue green grey gray yellow " +
	"brown purple silver dark light big small old new delivery parked ford mercedes volkswagen vw renault peugeot")

// ofVan reports whether a word is "van" and means "of".
func ofVan(words []string, at int) bool {
	return words[at] == "van" && (at == 0 || !slices.Contains(beforeVan, words[at-1]))
}

// DescribeVehicleAsked reads what somebody answers who was asked about a vehicle: it need not be named for its make, its colour,
// who was in it and where it was seen last to be taken.
func DescribeVehicleAsked(answer string) Vehicle {
	v := vehicleOf(answer)
	words := describedWords(answer)
	for i, w := range words {
		if v.Colour == "" && described()["colour"][w] && !ofAnother(words, i+1) {
			v.Colour = basicColour(w)
		}
	}
	v.Occupants, v.LastSeenAt = OccupantsIn(answer), lastSeenIn(answer)
	return v
}

// inWords is each field that is told in words, beside the same one of another vehicle.
func (v *Vehicle) inWords(said *Vehicle) [][2]*string {
	return [][2]*string{
		{&v.Make, &said.Make},
		{&v.Model, &said.Model},
		{&v.Colour, &said.Colour},
		{&v.Occupants, &said.Occupants},
		{&v.LastSeenAt, &said.LastSeenAt},
	}
}

// Besides is the vehicle without what words beside it say already, so that nobody reads it twice.
func (v Vehicle) Besides(words string) Vehicle {
	said := DescribeVehicleAsked(words)
	for _, f := range v.inWords(&said) {
		if *f[0] == *f[1] {
			*f[0] = ""
		}
	}
	return v
}

// Learned is the vehicle with what else was told of it. What is told last counts, but for its kind and its plate.
func (v Vehicle) Learned(said Vehicle) Vehicle {
	for _, f := range v.inWords(&said) {
		if *f[1] != "" {
			*f[0] = *f[1]
		}
	}
	if v.Kind == "" {
		v.Kind = said.Kind
	}
	if v.Plate == "" {
		v.Plate, v.PlateCountry = said.Plate, said.PlateCountry
	}
	return v
}
