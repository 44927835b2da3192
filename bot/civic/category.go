package civic

// Category says what a case is about; its key is that of domain §5.3 and never changes.
type Category string

// The categories, 23 and [Other].
const (
	Burglary            Category = "burglary"
	SuspiciousBehaviour Category = "suspicious_behaviour"
	SuspiciousVehicle   Category = "suspicious_vehicle"
	Theft               Category = "theft"
	Robbery             Category = "robbery"
	ViolenceThreat      Category = "violence_threat"
	Fire                Category = "fire"
	DoorstepFraud       Category = "doorstep_fraud"
	OnlineFraud         Category = "online_fraud"
	MissingPerson       Category = "missing_person"
	Drugs               Category = "drugs"
	SubversiveCrime     Category = "subversive_crime"
	StreetHarassment    Category = "street_harassment"
	YouthNuisance       Category = "youth_nuisance"
	Fireworks           Category = "fireworks"
	Vandalism           Category = "vandalism"
	Blight              Category = "blight"
	StreetFault         Category = "street_fault"
	Traffic             Category = "traffic"
	HousingNuisance     Category = "housing_nuisance"
	Squatting           Category = "squatting"
	VacancyFraud        Category = "vacancy_fraud"
	WelfareConcern      Category = "welfare_concern"
	Other               Category = "other"
)

// Family gathers categories so that a person first picks among few; no family has more than eight categories, and there
// are no more than eight families.
type Family string

// The families. They are those of the Veiligheidsmonitor (domain §1.6), with "veiligheid" parted in two: what is rather
// a matter for the emergency number stands first, on its own.
const (
	FamilyDanger         Family = "danger"
	FamilySafety         Family = "safety"
	FamilySocialNuisance Family = "social_nuisance"
	FamilyDecay          Family = "decay"
	FamilyTraffic        Family = "traffic"
	FamilyHousing        Family = "housing"
	FamilyWelfare        Family = "welfare"
	FamilyOther          Family = "other"
)

// Families lists the families in the order in which they are offered.
var Families = []Family{
	FamilyDanger, FamilySafety, FamilySocialNuisance, FamilyDecay, FamilyTraffic, FamilyHousing, FamilyWelfare, FamilyOther,
}

// CategoryInfo is what holds for every case of a category (domain §5.3).
type CategoryInfo struct {
	Key            Category
	Family         Family
	Route          []Role // the partners a coordinator is offered, the first of them first
	EmergencyFirst bool   // "112 first": the emergency number is named before any question
	MayAlert       bool   // may lead to an alert; police decide
	MayInform      bool   // may lead to an information message
	Sensitive      bool   // hidden from street coordinators, deleted at hand-over
}

// Categories is the table of domain §5.3, in its order.
var Categories = []CategoryInfo{
	{Key: Burglary, Family: FamilySafety, Route: []Role{Police}, MayAlert: true, MayInform: true},
	{Key: SuspiciousBehaviour, Family: FamilySafety, Route: []Role{Police}, MayAlert: true, MayInform: true},
	{Key: SuspiciousVehicle, Family: FamilySafety, Route: []Role{Police}, MayAlert: true, MayInform: true},
	{Key: Theft, Family: FamilySafety, Route: []Role{Police}, MayAlert: true, MayInform: true},
	{Key: Robbery, Family: FamilyDanger, Route: []Role{Police}, EmergencyFirst: true, MayAlert: true, MayInform: true},
	{Key: ViolenceThreat, Family: FamilyDanger, Route: []Role{Police}, EmergencyFirst: true, Sensitive: true},
	{Key: Fire, Family: FamilyDanger, Route: []Role{Police}, EmergencyFirst: true, MayAlert: true, MayInform: true},
	{Key: DoorstepFraud, Family: FamilySafety, Route: []Role{Police}, MayAlert: true, MayInform: true},
	{Key: OnlineFraud, Family: FamilySafety, Route: []Role{Police}, MayInform: true},
	{
		Key: MissingPerson, Family: FamilyDanger, Route: []Role{Police},
		EmergencyFirst: true, MayAlert: true, MayInform: true, Sensitive: true,
	},
	{Key: Drugs, Family: FamilySafety, Route: []Role{Police}, Sensitive: true},
	{Key: SubversiveCrime, Family: FamilySafety, Route: []Role{Police, Municipality}, Sensitive: true},
	{Key: StreetHarassment, Family: FamilySocialNuisance, Route: []Role{Police}, Sensitive: true},
	{Key: YouthNuisance, Family: FamilySocialNuisance, Route: []Role{Municipality}},
	{Key: Fireworks, Family: FamilyDanger, Route: []Role{Police, Enforcement}, MayAlert: true, MayInform: true},
	{Key: Vandalism, Family: FamilyDecay, Route: []Role{Police, Municipality}, MayAlert: true, MayInform: true},
	{Key: Blight, Family: FamilyDecay, Route: []Role{Municipality}, MayInform: true},
	{Key: StreetFault, Family: FamilyDecay, Route: []Role{Municipality}, MayInform: true},
	{Key: Traffic, Family: FamilyTraffic, Route: []Role{Municipality, Police}, MayInform: true},
	{Key: HousingNuisance, Family: FamilyHousing, Route: []Role{Housing, Municipality}, Sensitive: true},
	{Key: Squatting, Family: FamilyHousing, Route: []Role{Police, Housing}, Sensitive: true},
	{Key: VacancyFraud, Family: FamilyHousing, Route: []Role{Housing, Municipality}, Sensitive: true},
	{Key: WelfareConcern, Family: FamilyWelfare, Route: []Role{Municipality, Police}, Sensitive: true},
	{Key: Other, Family: FamilyOther, Route: []Role{NetworkCoordinator}},
}

// Info is the category's row of [Categories]; false when there is no such category.
func (c Category) Info() (CategoryInfo, bool) {
	for _, info := range Categories {
		if info.Key == c {
			return info, true
		}
	}
	return CategoryInfo{}, false
}

// Sensitive reports whether street coordinators must not see cases of this category. A category that is not known is
// treated as sensitive, so that a mistake hides too much rather than too little.
func (c Category) Sensitive() bool {
	info, known := c.Info()
	return !known || info.Sensitive
}

// InFamily lists the categories of a family in the order of [Categories].
func InFamily(f Family) []Category {
	var keys []Category
	for _, info := range Categories {
		if info.Family == f {
			keys = append(keys, info.Key)
		}
	}
	return keys
}
