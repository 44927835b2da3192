package flows_test

import (
	"database/sql"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// watchMoves has the database itself note how every case moves, whoever moves it.
func (p *player) watchMoves() {
	p.t.Helper()
	db, err := sql.Open("sqlite", "file:"+p.path)
	p.check(err)
	defer func() { p.check(db.Close()) }()
	for _, order := range []string{
		"CREATE TABLE moved (n INTEGER PRIMARY KEY, was TEXT NOT NULL, is_now TEXT NOT NULL)",
		"CREATE TRIGGER moves AFTER UPDATE OF status ON cases WHEN old.status <> new.status BEGIN" +
			" INSERT INTO moved (was, is_now) VALUES (old.status, new.status); END",
	} {
		_, err := db.ExecContext(p.ctx, order)
		p.check(err)
	}
}

// row is a row of the table of domain §5.4.
type tableRow struct{ from, to civic.Status }

// moves are those that were noted, in order.
func (p *player) moves() []tableRow {
	p.t.Helper()
	rows, err := readOnly(p.t, p.path).QueryContext(p.ctx, "SELECT was, is_now FROM moved ORDER BY n")
	p.check(err)
	defer func() { p.check(rows.Close()) }()
	var found []tableRow
	for rows.Next() {
		var r tableRow
		p.check(rows.Scan(&r.from, &r.to))
		found = append(found, r)
	}
	p.check(rows.Err())
	return found
}

// movesIn are the moves that a transcript makes.
func movesIn(t *testing.T, name string) []tableRow {
	t.Helper()
	tr := readTranscript(t, "testdata/"+name+".txtar")
	p := open(t, tr, mode{})
	defer p.close()
	p.watchMoves()
	for _, line := range tr.script() {
		if line = p.mode.spoken(line); p.mode.can(line) {
			p.line(line)
		}
	}
	return p.moves()
}

// tableLine is a line of the table in doc.go: "received → in_triage   triage-take".
var tableLine = regexp.MustCompile(`(?m)^//\t([a-z_]+) → ([a-z_]+) +([A-Za-z0-9-]+)$`)

// Every row of the table of domain §5.4 has a transcript that makes the move, as doc.go says; and none makes another.
func TestEveryMoveOfTheTableHasATranscript(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[tableRow]string{}
	for _, m := range tableLine.FindAllStringSubmatch(string(doc), -1) {
		said[tableRow{civic.Status(m[1]), civic.Status(m[2])}] = m[3]
	}
	made := map[string][]tableRow{}
	for _, name := range said {
		if made[name] == nil {
			made[name] = movesIn(t, name)
		}
	}
	for from, list := range civic.CaseMoves {
		for _, to := range list {
			name, told := said[tableRow{from, to}]
			switch {
			case !told:
				t.Errorf("%s → %s: doc.go names no transcript", from, to)
			case !slices.Contains(made[name], tableRow{from, to}):
				t.Errorf("%s → %s: %s does not make it", from, to, name)
			}
			delete(said, tableRow{from, to})
		}
	}
	for r, name := range said {
		t.Errorf("doc.go has %s → %s for %s, which the table does not have", r.from, r.to, name)
	}
	for name, list := range made {
		for _, r := range list {
			if !r.from.May(r.to) {
				t.Errorf("%s moves a case from %s to %s", name, r.from, r.to)
			}
		}
	}
}
