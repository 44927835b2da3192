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
	Route          []Role  // the partners a coordinator is offered, the first of them first
	InProgress     bool    // while it goes on, and a moment later, the emergency number is the one to call (heterdaad, D4)
	EmergencyFirst bool    // "112 first": the emergency number is named before any question
	MayAlert       bool    // may lead to an alert; police decide
	MayInform      bool    // may lead to an information message
	Sensitive      bool    // hidden from street coordinators, deleted at hand-over
	Ask            []Extra // what is asked besides the core of the report, in this order
}

// Extra is the key of a question that belongs to a category (domain §5.3, the column "ask extra").
type Extra string

// The extra questions.
const (
	AskFound       Extra = "found"       // when it was found
	AskWayIn       Extra = "way_in"      // how they came in
	AskTraces      Extra = "traces"      // traces, with the advice to touch nothing
	AskBehaviour   Extra = "behaviour"   // from the list of domain §1.5
	AskDescription Extra = "description" // signalement of a person (domain §5.6)
	AskVehicle     Extra = "vehicle"     // signalement of a vehicle
	AskGoods       Extra = "goods"       // what is gone
	AskLastSeen    Extra = "last_seen"   // when it was seen last
	AskDeclared    Extra = "declared"    // whether police took a statement (aangifte)
	AskSafe        Extra = "safe"        // whether the reporter is safe now
	AskPretext     Extra = "pretext"     // the story that was told at the door
	AskVictim      Extra = "victim"      // how the victim is
	AskWho         Extra = "who"         // who is asking, of somebody missing
	AskAge         Extra = "age"
	AskMedical     Extra = "medical" // whether they need medicine or care
	AskSeen        Extra = "seen"    // what was seen
	AskTimes       Extra = "times"   // at which times it happens
	AskSigns       Extra = "signs"   // signs of domain §1.5; no names are needed
	AskHappens     Extra = "happens" // what happens
	AskPhoto       Extra = "photo"
	AskNumber      Extra = "number" // on the pole
	AskRental      Extra = "rental" // whether it is a rented home
	AskSince       Extra = "since"  // since when
	AskOwner       Extra = "owner"  // who owns the building
	AskDangerNow   Extra = "danger_now"
)

// Categories is the table of domain §5.3, in its order.
var Categories = []CategoryInfo{
	{
		Key: Burglary, Family: FamilySafety, Route: []Role{Police}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskFound, AskWayIn, AskTraces},
	},
	{
		Key: SuspiciousBehaviour, Family: FamilySafety, Route: []Role{Police}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskBehaviour, AskDescription},
	},
	{
		Key: SuspiciousVehicle, Family: FamilySafety, Route: []Role{Police}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskVehicle},
	},
	{
		Key: Theft, Family: FamilySafety, Route: []Role{Police}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskGoods, AskLastSeen, AskDeclared},
	},
	{
		Key: Robbery, Family: FamilyDanger, Route: []Role{Police}, InProgress: true,
		EmergencyFirst: true, MayAlert: true, MayInform: true, Ask: []Extra{AskDescription},
	},
	{
		Key: ViolenceThreat, Family: FamilyDanger, Route: []Role{Police}, InProgress: true,
		EmergencyFirst: true, Sensitive: true, Ask: []Extra{AskSafe},
	},
	{
		Key: Fire, Family: FamilyDanger, Route: []Role{Police}, InProgress: true,
		EmergencyFirst: true, MayAlert: true, MayInform: true,
	},
	{
		Key: DoorstepFraud, Family: FamilySafety, Route: []Role{Police}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskPretext, AskVictim},
	},
	{Key: OnlineFraud, Family: FamilySafety, Route: []Role{Police}, MayInform: true},
	{
		Key: MissingPerson, Family: FamilyDanger, Route: []Role{Police},
		EmergencyFirst: true, MayAlert: true, MayInform: true, Sensitive: true,
		Ask: []Extra{AskWho, AskAge, AskMedical},
	},
	{Key: Drugs, Family: FamilySafety, Route: []Role{Police}, InProgress: true, Sensitive: true, Ask: []Extra{AskSeen, AskTimes}},
	{
		Key: SubversiveCrime, Family: FamilySafety, Route: []Role{Police, Municipality}, InProgress: true,
		Sensitive: true, Ask: []Extra{AskSigns},
	},
	{Key: StreetHarassment, Family: FamilySocialNuisance, Route: []Role{Police}, InProgress: true, Sensitive: true},
	{Key: YouthNuisance, Family: FamilySocialNuisance, Route: []Role{Municipality}, Ask: []Extra{AskTimes, AskHappens}},
	{Key: Fireworks, Family: FamilyDanger, Route: []Role{Police, Enforcement}, InProgress: true, MayAlert: true, MayInform: true},
	{
		Key: Vandalism, Family: FamilyDecay, Route: []Role{Police, Municipality}, InProgress: true,
		MayAlert: true, MayInform: true, Ask: []Extra{AskPhoto},
	},
	{Key: Blight, Family: FamilyDecay, Route: []Role{Municipality}, MayInform: true, Ask: []Extra{AskPhoto}},
	{Key: StreetFault, Family: FamilyDecay, Route: []Role{Municipality}, MayInform: true, Ask: []Extra{AskNumber}},
	{Key: Traffic, Family: FamilyTraffic, Route: []Role{Municipality, Police}, MayInform: true, Ask: []Extra{AskTimes}},
	{Key: HousingNuisance, Family: FamilyHousing, Route: []Role{Housing, Municipality}, Sensitive: true, Ask: []Extra{AskRental}},
	{
		Key: Squatting, Family: FamilyHousing, Route: []Role{Police, Housing}, InProgress: true,
		Sensitive: true, Ask: []Extra{AskSince, AskOwner},
	},
	{Key: VacancyFraud, Family: FamilyHousing, Route: []Role{Housing, Municipality}, Sensitive: true, Ask: []Extra{AskSigns}},
	{
		Key: WelfareConcern, Family: FamilyWelfare, Route: []Role{Municipality, Police},
		Sensitive: true, Ask: []Extra{AskDangerNow},
	},
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
