package flows_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// A guest who is too young, or does not want to join after all, is found nowhere in the database once the replies are
// delivered and an hour has passed.
func TestWhoDoesNotJoinLeavesNothing(t *testing.T) {
	for name, lines := range map[string][]string{
		"too young": {
			"joris > er ligt glas bij de Kastanjelaan", "joris > photo glas", "joris > [Ja, ik doe mee]",
			"joris > [Nee, nog niet]",
		},
		"rather not": {"joris > /start KASLAAN", "joris > [Nee, liever niet]"},
		"stopped":    {"joris > photo glas", "joris > [Ja, ik doe mee]", "joris > /stop"},
		"declined": {
			"joris > /start KASLAAN", "joris > [Ja, ik doe mee]", "joris > [Ja]", "joris > Joris", "rachid@desk > [Afwijzen]",
			"rachid > [Eerst even praten]",
		},
		"withdrawn": {
			"joris > /start KASLAAN", "joris > [Ja, ik doe mee]", "joris > [Ja]", "joris > Joris",
			"joris > [Aanvraag intrekken]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, transcript{about: "# cast: joris guest; rachid network_coordinator\n"}, mode{searched: true})
			for _, line := range append(lines, "… 3h later") {
				p.line(line)
			}
			p.close()
			for _, found := range search(t, p.path, "joris", "kastanjelaan") {
				t.Errorf("left behind: %s", found)
			}
		})
	}
}

// search looks for words in every table but those of the streets, and for pictures.
func search(t *testing.T, path string, words ...string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found []string
	tables := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	for _, table := range column(t, db, tables) {
		if table == "areas" {
			continue
		}
		for _, row := range whole(t, db, table) {
			for _, word := range words {
				if strings.Contains(strings.ToLower(row), word) || table == "media" {
					found = append(found, table+": "+row)
				}
			}
		}
	}
	return found
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// whole gives a table row by row, in words.
func whole(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		cells, into := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := ""
		for i, cell := range cells {
			row += fmt.Sprintf("%s=%s ", names[i], cell)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
