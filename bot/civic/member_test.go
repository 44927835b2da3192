package civic

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// holder is a person who lives nowhere and holds one role in one area, since yesterday and without end.
func holder(role Role, area AreaID) Member {
	return Member{ID: 1, Grants: []Grant{{Role: role, Area: area, From: evening.AddDate(0, 0, -1)}}}
}

// people are people of BIN De Vlier.
func people() map[string]Member {
	former := holder(Police, deVlier)
	former.Grants[0].Until = evening.AddDate(0, 0, -1).Add(time.Hour)
	future := holder(Police, deVlier)
	future.Grants[0].From = evening.Add(time.Minute)
	return map[string]Member{
		"guest":                         {},
		"applicant":                     {ID: 2, Network: deVlier, Group: g1, Street: kastanjelaan, Standing: StandingPending},
		"resident":                      {ID: 3, Network: deVlier, Group: g1, Street: kastanjelaan, Standing: StandingActive},
		"resident of Ter Linde":         {ID: 4, Network: terLinde, Standing: StandingActive},
		"Anja":                          holder(NetworkCoordinator, deVlier),
		"coordinator of Ter Linde":      holder(NetworkCoordinator, terLinde),
		"Wim of G1":                     holder(StreetCoordinator, g1),
		"Kees of G2":                    holder(StreetCoordinator, g2),
		"Sevda of Kastanjelaan":         holder(StreetCoordinator, kastanjelaan),
		"Joke of Kastanjestraat":        holder(StreetCoordinator, kastanjestraat),
		"Ali who stands in":             holder(Deputy, g1),
		"Mirjam of police":              holder(Police, deVlier),
		"Evelien of Ter Linde police":   holder(Police, terLinde),
		"officer until yesterday":       former,
		"officer from next minute":      future,
		"officer of nowhere":            holder(Police, 0),
		"Noor of the municipality":      holder(Municipality, deVlier),
		"administrator":                 holder(Admin, deVlier),
		"somebody with an unheard role": holder("mayor", deVlier),
	}
}

func TestOnlyWhoIsNamedMay(t *testing.T) {
	scope := Scope{Network: deVlier, Group: g1, Street: kastanjelaan}
	everyone := func() []string {
		var all []string
		for who := range people() {
			all = append(all, who)
		}
		return all
	}()
	coordinators := []string{"Anja", "Wim of G1", "Sevda of Kastanjelaan", "Ali who stands in"}
	reporters := append(slices.Clone(coordinators), "resident", "Mirjam of police", "Noor of the municipality", "administrator")
	cases := map[Permission][]string{
		AskHelp: everyone, ChooseTongue: everyone, Join: everyone, Leave: everyone, DraftReport: everyone,
		ConnectRoom: everyone, SeeOwn: everyone, LinkAccount: everyone,
		FileReport: reporters, FollowReport: reporters, SetWishes: {"resident"},
		ApproveMember: coordinators, TriageCase: coordinators,
		OpenCase:      append(slices.Clone(coordinators), "Mirjam of police", "Noor of the municipality"),
		ReadCase:      append(slices.Clone(coordinators), "Mirjam of police"),
		ReadSensitive: {"Anja", "Mirjam of police"},
		WorkCase:      {"Mirjam of police", "Noor of the municipality"}, SendAlert: {"Mirjam of police"},
		SeeFigures: append(slices.Clone(coordinators), "Mirjam of police"),
		BeAway:     append(slices.Clone(coordinators), "Mirjam of police"),
		SetRoute:   {"Anja"},
		SeeDuty:    append(slices.Clone(coordinators), "Mirjam of police", "administrator"), SeeRetention: {"administrator"},
		SendInfo:  {"Anja", "Mirjam of police", "Noor of the municipality"},
		TakeBack:  reporters,
		BindRoom:  {"Anja", "administrator"},
		ReadRoles: {"Anja", "administrator"}, InviteRole: {"Anja", "administrator"}, ConfirmRole: {"Anja", "administrator"},
		SetUp: {"Anja", "administrator"}, EndRole: {"Anja", "administrator"}, HandleLeak: {"Anja", "administrator"}, SearchThird: {}, AgreeSearch: {"Anja", "administrator"}, Operate: {"administrator"},
		AdmonishMember: {"Anja", "Wim of G1", "Sevda of Kastanjelaan"}, ExcludeMember: {"Anja"},
		AppealMeasure: everyone, RuleAppeal: {"Anja", "administrator"}, Vouch: {"resident"},
		"world.end": nil,
		"":          nil,
	}
	for permission := range Grants {
		if _, tested := cases[permission]; !tested {
			t.Errorf("%s is not in this table", permission)
		}
	}
	for permission, allowed := range cases {
		for who, member := range people() {
			want := slices.Contains(allowed, who)
			if got := member.May(permission, scope, evening); got != want {
				t.Errorf("%s, %q: %t", who, permission, got)
			}
		}
	}
}

// A thing that belongs to no network is everybody's who lives in one.
func TestResidentsMayWhatBelongsToNoNetwork(t *testing.T) {
	for who, want := range map[string]bool{"resident": true, "resident of Ter Linde": true, "applicant": false, "guest": false} {
		if got := people()[who].May(SetWishes, Scope{}, evening); got != want {
			t.Errorf("%s: %t", who, got)
		}
	}
}

// Who may invite others invites no guest, and nobody else does.
func TestOnlyCoordinatorsAndAdministratorsInvite(t *testing.T) {
	for _, role := range Roles {
		invites := role.Invites()
		if may := slices.Contains(Grants[InviteRole], role); may != (len(invites) > 0) {
			t.Errorf("%s invites %v", role, invites)
		}
		if slices.Contains(invites, Guest) || slices.Contains(invites, Resident) {
			t.Errorf("%s invites %v", role, invites)
		}
	}
}

func TestGrantEndsInTime(t *testing.T) {
	m := holder(Police, deVlier)
	m.Grants[0].From, m.Grants[0].Until = evening, evening.Add(time.Hour)
	scope := Scope{Network: deVlier}
	for after, want := range map[time.Duration]bool{-1: false, 0: true, time.Hour - 1: true, time.Hour: false, 9 * time.Hour: false} {
		if got := m.May(SendAlert, scope, evening.Add(after)); got != want {
			t.Errorf("after %s: %t", after, got)
		}
	}
}

func TestGrantIsWorthNothingElsewhere(t *testing.T) {
	areas := []AreaID{0, deVlier, g1, g2, kastanjelaan, kastanjestraat, terLinde, lindegroep}
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SampledFrom(areas)
		scope := Scope{Network: draw.Draw(t, "network"), Group: draw.Draw(t, "group"), Street: draw.Draw(t, "street")}
		m := Member{ID: 9, Standing: StandingPending, Network: scope.Network}
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			m.Grants = append(m.Grants, Grant{
				Role: rapid.SampledFrom(Roles[2:]).Draw(t, "role"), Area: draw.Draw(t, "area"),
				From:  evening.Add(time.Duration(rapid.IntRange(-9, 9).Draw(t, "from")) * time.Hour),
				Until: evening.Add(time.Duration(rapid.IntRange(-9, 9).Draw(t, "until")) * time.Hour),
			})
		}
		for permission, roles := range Grants {
			want := slices.Contains(roles, Guest)
			for _, g := range m.Grants {
				inTime := !evening.Before(g.From) && evening.Before(g.Until)
				inPlace := g.Area != 0 && (g.Area == scope.Network || g.Area == scope.Group || g.Area == scope.Street)
				want = want || inTime && inPlace && slices.Contains(roles, g.Role)
			}
			if got := m.May(permission, scope, evening); got != want {
				t.Fatalf("%s: %t", permission, got)
			}
		}
	})
}

func TestRolesAreThoseHeldNow(t *testing.T) {
	m := Member{ID: 1, Standing: StandingActive, Grants: []Grant{
		{Role: StreetCoordinator, Area: g1},
		{Role: Police, Area: deVlier, Until: evening},
		{Role: StreetCoordinator, Area: g2},
		{Role: Admin, Area: deVlier, From: evening},
	}}
	if diff := cmp.Diff([]Role{Resident, StreetCoordinator, Admin}, m.Roles(evening)); diff != "" {
		t.Error(diff)
	}
	if roles := (Member{}).Roles(evening); roles != nil {
		t.Errorf("a guest has roles: %v", roles)
	}
}

func TestGuestIsNobody(t *testing.T) {
	if m := (Member{}); !m.Guest() || m.Active() || m.Scope() != (Scope{}) {
		t.Errorf("%+v", m)
	}
	if m := people()["applicant"]; m.Guest() || m.Active() {
		t.Error("an applicant is known, but no member yet")
	}
}

func TestEveryPermissionNamesRolesThatExist(t *testing.T) {
	for permission, roles := range Grants {
		if len(roles) == 0 {
			t.Errorf("nobody may %s", permission)
		}
		for _, role := range roles {
			if !slices.Contains(Roles, role) {
				t.Errorf("%s is granted to %q", permission, role)
			}
		}
	}
}

func TestScopeOfAnAreaGoesFromItsNetworkDownToItself(t *testing.T) {
	areas := vlierWorld().Areas
	want := map[AreaID]Scope{
		deVlier:      {Network: deVlier},
		g1:           {Network: deVlier, Group: g1},
		kastanjelaan: {Network: deVlier, Group: g1, Street: kastanjelaan},
		99:           {},
	}
	for id, scope := range want {
		if diff := cmp.Diff(scope, areas[id].Scope()); diff != "" {
			t.Errorf("%d: %s", id, diff)
		}
	}
	scope := want[kastanjelaan]
	for _, id := range []AreaID{deVlier, g1, kastanjelaan} {
		if !scope.Covers(id) {
			t.Errorf("does not cover %d", id)
		}
	}
	for _, id := range []AreaID{0, g2, kastanjestraat, terLinde} {
		if scope.Covers(id) {
			t.Errorf("covers %d", id)
		}
	}
}

func TestThingsBelongWhereTheyAre(t *testing.T) {
	where := Scope{Network: deVlier, Group: g1, Street: kastanjelaan}
	if got := (Case{Network: deVlier, Group: g1, Street: kastanjelaan}).Scope(); got != where {
		t.Errorf("case: %+v", got)
	}
	if got := (Member{Network: deVlier, Group: g1, Street: kastanjelaan}).Scope(); got != where {
		t.Errorf("member: %+v", got)
	}
	if got := (Alert{Network: deVlier, Areas: []AreaID{g1}}).Scope(); got != (Scope{Network: deVlier}) {
		t.Errorf("alert: %+v", got)
	}
}
