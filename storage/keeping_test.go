package storage

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// impersonal are the tables that tell of no person, and why where that may be doubted.
var impersonal = map[string]string{
	"alert_areas": "", "areas": "", "audit_anchor": "", "checkpoints": "", "goose_db_version": "", "meta": "", "networks": "",
	"landmarks": "", "rooms": "", "routes": "", "targets": "", "successions": "", "terms": "",
	"cards":        "which card stands in which message: numbers of ours, that go with the chat",
	"drafts":       "nothing is stored in it yet",
	"houses":       "rooms that the bot made",
	"partners":     "where an office is reached",
	"pins":         "likewise cards",
	"report_media": "which picture belongs to which report; goes with either",
	"slots":        "which job ran; some have the number of a person, and all go after 30 days",
	"timers":       "what is due; gone once it rang",
}

// Of every table it is said whether it tells of people, and by what that goes; and what is said is so.
func TestOfEveryTableItIsKnownHowItIsErased(t *testing.T) {
	schema, err := os.ReadFile("testdata/schema.golden.sql")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)CREATE TABLE "?(\w+)"? \((.*?);\n`).FindAllStringSubmatch(string(schema), -1) {
		tables[m[1]] = m[2]
	}
	if len(tables) < 40 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	kept := map[string]Keeping{}
	for _, k := range Keepings {
		kept[k.Table] = k
		if _, is := impersonal[k.Table]; is || tables[k.Table] == "" {
			t.Errorf("%s: is not in the schema, or is called impersonal", k.Table)
		}
	}
	for table := range tables {
		_, none := impersonal[table]
		if _, is := kept[table]; !is && !none {
			t.Errorf("%s: nobody said whether it tells of people. Add it to Keepings with what erases it, or to the test", table)
		}
	}
	all := queries(t)
	for _, k := range Keepings {
		if len(k.Rules) == 0 && !k.Leave && !k.Age {
			t.Errorf("%s: is kept for ever", k.Table)
		}
		for _, rule := range k.Rules {
			if !slices.ContainsFunc(retirings[rule].erase, changes(k.Table)) {
				t.Errorf("%s: the rule %s erases nothing in it", k.Table, rule)
			}
		}
		for rule, how := range retirings {
			if slices.ContainsFunc(how.erase, changes(k.Table)) && !slices.Contains(k.Rules, rule) {
				t.Errorf("%s: the rule %s erases in it as well", k.Table, rule)
			}
		}
		leaves := strings.Contains(tables[k.Table], "REFERENCES persons (id) ON DELETE CASCADE") ||
			slices.ContainsFunc([]string{sqlForgetPictures, sqlForgetSessions, sqlForgetLedger, sqlForgetPerson}, changes(k.Table))
		if k.Leave != leaves {
			t.Errorf("%s: that it goes with the person is said to be %t and is %t", k.Table, k.Leave, leaves)
		}
		if k.Age && !dropped(all, k.Table) && !strings.Contains(tables[k.Table], "ON DELETE CASCADE") {
			t.Errorf("%s: no statement drops it", k.Table)
		}
	}
}

// changes reports whether a statement drops or blanks rows of a table.
func changes(table string) func(string) bool {
	head := regexp.MustCompile(`^(DELETE FROM|UPDATE) ` + table + `\b`)
	return head.MatchString
}

func dropped(all map[string]string, table string) bool {
	for _, query := range all {
		if strings.HasPrefix(query, "DELETE FROM "+table+" ") {
			return true
		}
	}
	return false
}
