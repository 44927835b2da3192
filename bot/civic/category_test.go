package civic

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// keysWhere lists the categories for which the test holds, in the order of the table.
func keysWhere(holds func(CategoryInfo) bool) []Category {
	var keys []Category
	for _, info := range Categories {
		if holds(info) {
			keys = append(keys, info.Key)
		}
	}
	return keys
}

func TestCategoriesAreThoseOfTheDomain(t *testing.T) {
	want := []Category{
		"burglary", "suspicious_behaviour", "suspicious_vehicle", "theft", "robbery", "violence_threat", "fire",
		"doorstep_fraud", "online_fraud", "missing_person", "drugs", "subversive_crime", "street_harassment",
		"youth_nuisance", "fireworks", "vandalism", "blight", "street_fault", "traffic", "housing_nuisance", "squatting",
		"vacancy_fraud", "welfare_concern", "other",
	}
	got := keysWhere(func(CategoryInfo) bool { return true })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCategoryMarksAreThoseOfTheDomain(t *testing.T) {
	marks := []struct {
		name  string
		holds func(CategoryInfo) bool
		want  []Category
	}{
		{
			"112 first", func(c CategoryInfo) bool { return c.EmergencyFirst },
			[]Category{Robbery, ViolenceThreat, Fire, MissingPerson},
		},
		{"heterdaad", func(c CategoryInfo) bool { return c.InProgress }, []Category{
			Burglary, SuspiciousBehaviour, SuspiciousVehicle, Theft, Robbery, ViolenceThreat, Fire, DoorstepFraud, Drugs,
			SubversiveCrime, StreetHarassment, Fireworks, Vandalism, Squatting,
		}},
		{"pub", func(c CategoryInfo) bool { return c.MayAlert }, []Category{
			Burglary, SuspiciousBehaviour, SuspiciousVehicle, Theft, Robbery, Fire, DoorstepFraud, MissingPerson, Fireworks,
			Vandalism,
		}},
		{
			"pub info only", func(c CategoryInfo) bool { return c.MayInform && !c.MayAlert },
			[]Category{OnlineFraud, Blight, StreetFault, Traffic},
		},
		{"sens", func(c CategoryInfo) bool { return c.Sensitive }, []Category{
			ViolenceThreat, MissingPerson, Drugs, SubversiveCrime, StreetHarassment, HousingNuisance, Squatting, VacancyFraud,
			WelfareConcern,
		}},
		{
			"not to police first", func(c CategoryInfo) bool { return c.Route[0] != Police },
			[]Category{YouthNuisance, Blight, StreetFault, Traffic, HousingNuisance, VacancyFraud, WelfareConcern, Other},
		},
	}
	for _, m := range marks {
		t.Run(m.name, func(t *testing.T) {
			if diff := cmp.Diff(m.want, keysWhere(m.holds)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoScreenOfFamiliesOrCategoriesHasMoreThanEightButtons(t *testing.T) {
	if len(Families) > 8 {
		t.Errorf("%d families", len(Families))
	}
	var all []Category
	for _, f := range Families {
		keys := InFamily(f)
		if len(keys) == 0 || len(keys) > 8 {
			t.Errorf("family %s has %d categories", f, len(keys))
		}
		all = append(all, keys...)
	}
	if len(all) != len(Categories) {
		t.Errorf("families hold %d categories of %d", len(all), len(Categories))
	}
	for _, info := range Categories {
		if !slices.Contains(all, info.Key) {
			t.Errorf("%s is in no family that is offered", info.Key)
		}
	}
}

func TestEveryCategoryIsRoutedToRolesThatExist(t *testing.T) {
	for _, info := range Categories {
		if len(info.Route) == 0 {
			t.Errorf("%s goes nowhere", info.Key)
		}
		for _, role := range info.Route {
			if !slices.Contains(Roles, role) {
				t.Errorf("%s goes to %q", info.Key, role)
			}
		}
	}
}

// The column "ask extra" of domain §5.3.
func TestExtraQuestionsAreThoseOfTheDomain(t *testing.T) {
	want := map[Category][]Extra{
		Burglary: {"found", "way_in", "traces"}, SuspiciousBehaviour: {"behaviour", "description"}, SuspiciousVehicle: {"vehicle"},
		Theft: {"goods", "last_seen", "declared"}, Robbery: {"description"}, ViolenceThreat: {"safe"},
		DoorstepFraud: {"pretext", "victim"}, MissingPerson: {"who", "age", "medical"}, Drugs: {"seen", "times"},
		SubversiveCrime: {"signs"}, YouthNuisance: {"times", "happens"}, Vandalism: {"photo"}, Blight: {"photo"},
		StreetFault: {"number"}, Traffic: {"times"}, HousingNuisance: {"rental"}, Squatting: {"since", "owner"},
		VacancyFraud: {"signs"}, WelfareConcern: {"danger_now"},
	}
	got := map[Category][]Extra{}
	for _, info := range Categories {
		if len(info.Ask) > 0 {
			got[info.Key] = info.Ask
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownCategoryIsHidden(t *testing.T) {
	if _, ok := Category("lost_cat").Info(); ok {
		t.Error("lost_cat is a category")
	}
	if !Category("lost_cat").Sensitive() {
		t.Error("an unknown category is shown to street coordinators")
	}
	if Blight.Sensitive() || !Drugs.Sensitive() {
		t.Error("blight must be shown and drugs hidden")
	}
	if keys := InFamily("pets"); keys != nil {
		t.Errorf("unknown family holds %v", keys)
	}
}
