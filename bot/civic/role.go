package civic

// Role is what a person is in an area (domain glossary, actors).
type Role string

// The roles. Guest is everybody, Resident every active member; the others are granted.
const (
	Guest              Role = "guest"
	Resident           Role = "resident"
	StreetCoordinator  Role = "street_coordinator"
	NetworkCoordinator Role = "network_coordinator"
	Deputy             Role = "deputy" // stands in for coordinators of the area, for a time
	Police             Role = "police"
	Municipality       Role = "municipality"
	Enforcement        Role = "enforcement"
	Housing            Role = "housing"
	Admin              Role = "admin"
	DPO                Role = "dpo"
)

// Roles lists every role, in the order in which tables print them.
var Roles = []Role{
	Guest, Resident, StreetCoordinator, NetworkCoordinator, Deputy, Police, Municipality, Enforcement, Housing, Admin, DPO,
}

// Permission names something that may be done.
type Permission string

// The permissions. Forms, actions and commands name one each.
const (
	AskHelp       Permission = "help.ask"
	ChooseTongue  Permission = "language.choose"
	Join          Permission = "member.join"
	Leave         Permission = "member.leave"
	SetWishes     Permission = "wishes.set"
	SeeOwn        Permission = "own.see" // everything that is kept of oneself
	LinkAccount   Permission = "account.link"
	ApproveMember Permission = "member.approve"
	DraftReport   Permission = "report.draft"
	FileReport    Permission = "report.file"
	FollowReport  Permission = "report.follow"
	OpenCase      Permission = "case.open" // a link to a case; what is shown of it depends on the case
	ReadCase      Permission = "case.read"
	ReadSensitive Permission = "case.sensitive" // a case that is hidden from street coordinators
	TriageCase    Permission = "case.triage"
	BeAway        Permission = "cover.set" // somebody else is called meanwhile
	SeeDuty       Permission = "duty.see"  // who is there today, and who is away
	WorkCase      Permission = "case.work"
	SeeFigures    Permission = "figures.see" // of months; of what, the roles decide
	SetRoute      Permission = "route.set"   // where cases belong
	SendAlert     Permission = "alert.send"
	SendInfo      Permission = "alert.inform" // information only; [Profile.MayBroadcast] narrows it by country
	TakeBack      Permission = "take.back"    // a report of one's own, or an alert, by who may
	BindRoom      Permission = "room.bind"
	ConnectRoom   Permission = "room.connect" // with an invitation; without one it takes BindRoom
	ReadRoles     Permission = "role.read"
	InviteRole    Permission = "role.invite" // which roles says [Role.Invites]
	ConfirmRole   Permission = "role.confirm"
	SetUp         Permission = "network.setup"
	HandleLeak    Permission = "leak.handle"   // what is kept about people came out
	SeeRetention  Permission = "retention.see" // how long what is kept, and how much is due
	SearchThird   Permission = "lookup.search" // whether anything is kept about somebody who is no member
	AgreeSearch   Permission = "lookup.agree"  // to such a search, as a second person
	Operate       Permission = "ops.look"      // after what was set aside on its way in or out
	EndRole       Permission = "role.end"      // one's own, or one of [Role.Invites]

	AdmonishMember Permission = "member.admonish" // a word or a warning
	ExcludeMember  Permission = "member.exclude"  // for a time or for good
	AppealMeasure  Permission = "member.appeal"
	RuleAppeal     Permission = "appeal.rule"
	Vouch          Permission = "member.vouch" // for a neighbour who wants to join
)

// Grants is the one table of who may what; a role counts only inside the area it was granted for. Everybody who is known reports
// what they see, where they live or work: who helps the network and lives elsewhere is no stranger to it, least of all in danger.
var Grants = map[Permission][]Role{
	AskHelp:       {Guest},
	ChooseTongue:  {Guest},
	Join:          {Guest},
	Leave:         {Guest},
	SetWishes:     {Resident},
	SeeOwn:        {Guest},
	LinkAccount:   {Guest},
	ApproveMember: {StreetCoordinator, NetworkCoordinator, Deputy},
	DraftReport:   {Guest},
	FileReport:    Roles[1:],
	FollowReport:  Roles[1:],
	OpenCase:      {StreetCoordinator, NetworkCoordinator, Deputy, Police, Municipality, Enforcement, Housing},
	ReadCase:      {StreetCoordinator, NetworkCoordinator, Deputy, Police},
	ReadSensitive: {NetworkCoordinator, Police},
	TriageCase:    {StreetCoordinator, NetworkCoordinator, Deputy},
	BeAway:        {StreetCoordinator, NetworkCoordinator, Deputy, Police},
	SeeDuty:       {StreetCoordinator, NetworkCoordinator, Deputy, Police, Admin},
	WorkCase:      {Police, Municipality, Enforcement, Housing},
	SeeFigures:    {StreetCoordinator, NetworkCoordinator, Deputy, Police},
	SetRoute:      {NetworkCoordinator},
	SendAlert:     {Police},
	SendInfo:      {Police, NetworkCoordinator, Municipality, Enforcement, Housing},
	TakeBack:      Roles[1:],
	BindRoom:      {NetworkCoordinator, Admin},
	ConnectRoom:   {Guest},
	ReadRoles:     {NetworkCoordinator, Admin, DPO},
	InviteRole:    {NetworkCoordinator, Admin},
	ConfirmRole:   {NetworkCoordinator, Admin},
	SetUp:         {NetworkCoordinator, Admin},
	Vouch:         {Resident},
	EndRole:       {NetworkCoordinator, Admin},
	HandleLeak:    {NetworkCoordinator, Admin, DPO},
	SeeRetention:  {Admin, DPO},
	SearchThird:   {DPO},
	AgreeSearch:   {NetworkCoordinator, Admin, DPO},
	Operate:       {Admin},

	AdmonishMember: {StreetCoordinator, NetworkCoordinator},
	ExcludeMember:  {NetworkCoordinator},
	AppealMeasure:  {Guest},
	RuleAppeal:     {NetworkCoordinator, Admin, DPO},
}

// NeedsSecond reports whether the role, held in such an area, counts only once a second person confirms it: it reads what
// residents told, speaks to all of them, or gives such roles (feature B13). The administrator whom the operator invites counts
// at once, because a network has nobody to confirm its first one, and may have lost its only one.
func (r Role) NeedsSecond(in AreaKind, byOperator bool) bool {
	return r == Police || r == NetworkCoordinator || r == Deputy && in == KindNetwork || r == Admin && !byOperator
}

// Invites lists the roles to which a holder of this one may invite others.
func (r Role) Invites() []Role {
	switch r {
	case Admin:
		return Roles[2:]
	case NetworkCoordinator:
		return []Role{StreetCoordinator, Deputy, Municipality, Enforcement, Housing}
	case Guest, Resident, StreetCoordinator, Deputy, Police, Municipality, Enforcement, Housing, DPO:
	}
	return nil
}

// EnoughCoordinators is how many coordinators a street group needs, so that one can fall ill (domain §1.1).
const EnoughCoordinators = 2
