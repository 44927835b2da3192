package civic

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBuiltInProfilesAreSound(t *testing.T) {
	profiles, err := Profiles()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"be", "nl"}, slices.Sorted(maps.Keys(profiles))); diff != "" {
		t.Error(diff)
	}
	for key, p := range profiles {
		if p.Key != key {
			t.Errorf("profile %s calls itself %q", key, p.Key)
		}
		for kind, roles := range p.WhoBroadcasts {
			if !slices.Contains(AlertKinds, kind) {
				t.Errorf("%s: unknown alert kind %q", key, kind)
			}
			for _, role := range roles {
				if !slices.Contains(Roles, role) {
					t.Errorf("%s: unknown role %q", key, role)
				}
			}
		}
	}
}

func TestNumbersAreThoseOfTheCountry(t *testing.T) {
	type numbers struct{ Emergency, Fire, Police, Anonymous, Suicide, Violence, Child string }
	want := map[string]numbers{
		"nl": {"112", "112", "0900-8844", "0800-7000", "113", "0800-2000", "0800-0432"},
		"be": {"101", "112", "", "", "1813", "1712", "102"},
	}
	for key, w := range want {
		p, ok := ProfileOf(key)
		if !ok {
			t.Fatalf("no profile %s", key)
		}
		number := func(help string) string {
			line, _ := p.Helpline(help)
			return line.Number
		}
		got := numbers{
			p.Emergency, p.Fire, p.Police, p.Anonymous, number(HelpSuicide), number(HelpDomesticViolence), number(HelpChild),
		}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
		if p.MinimumAge != 18 || p.Heterdaad() != 15*time.Minute || p.LeakTerm() != 72*time.Hour {
			t.Errorf("%s: age %d, heterdaad %s, leak %s", key, p.MinimumAge, p.Heterdaad(), p.LeakTerm())
		}
	}
}

func TestOnlyPoliceSendUrgentAlerts(t *testing.T) {
	for _, key := range []string{"nl", "be"} {
		p, _ := ProfileOf(key)
		for _, kind := range []AlertKind{UrgentAlert, AppealAlert, MissingAlert} {
			for _, role := range Roles {
				if p.MayBroadcast(kind, role) != (role == Police) {
					t.Errorf("%s: %s may send %s: %t", key, role, kind, p.MayBroadcast(kind, role))
				}
			}
		}
	}
	nl, _ := ProfileOf("nl")
	be, _ := ProfileOf("be")
	if !nl.MayBroadcast(InfoAlert, NetworkCoordinator) || be.MayBroadcast(InfoAlert, NetworkCoordinator) {
		t.Error("a coordinator sends information in nl, and not in be")
	}
	if nl.MayBroadcast("party", Police) {
		t.Error("unknown kinds are allowed")
	}
}

func TestUnknownProfileAndHelplineAreNotThere(t *testing.T) {
	if _, ok := ProfileOf("fr"); ok {
		t.Error("profile fr")
	}
	nl, _ := ProfileOf("nl")
	if _, ok := nl.Helpline("taxi"); ok {
		t.Error("helpline taxi")
	}
	if _, ok := nl.Helpline(HelpMissingChild); ok {
		t.Error("in nl police look for missing children")
	}
}

func TestFaultyProfileIsNamed(t *testing.T) {
	whole := string(profilesJSON)
	faults := []struct{ name, old, new, want string }{
		{"not json", `{`, `[`, "profiles"},
		{"unknown field", `"fire"`, `"fier"`, "fier"},
		{"no country", `"country": "BE"`, `"country": ""`, "profile be: no country"},
		{"no languages", `"languages": ["nl", "en"]`, `"languages": []`, "no languages"},
		{"no number", `"emergency": "101"`, `"emergency": ""`, "profile be: no emergency number"},
		{"no age", `"minimum_age": 18`, `"minimum_age": 0`, "no minimum age"},
		{"no leak hours", `"leak_hours": 72`, `"leak_hours": 0`, "no hours to report a leak"},
		{"no minutes", `"heterdaad_minutes": 15`, `"heterdaad_minutes": -1`, "no heterdaad minutes"},
		{"no rules", `"house_rules_version": 1`, `"house_rules_version": 0`, "no house rules version"},
		{"no helpline", `"key": "suicide", "number": "1813"`, `"key": "suicide", "number": ""`, "no helpline suicide"},
		{"nobody sends", `"appeal": ["police"]`, `"appeal": []`, "nobody broadcasts appeal"},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			if !strings.Contains(whole, f.old) {
				t.Fatalf("the table has no %s", f.old)
			}
			_, err := parseProfiles([]byte(strings.ReplaceAll(whole, f.old, f.new)))
			if err == nil || !strings.Contains(err.Error(), f.want) {
				t.Errorf("got %v, want %q", err, f.want)
			}
		})
	}
}
