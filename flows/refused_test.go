package flows_test

import (
	"database/sql"
	"testing"
)

// Whoever tries what they may not is refused, and the trail tells who tried what.
func TestARefusalStandsInTheTrail(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident kastanje; mirjam police\n"}, mode{searched: true})
	p.line("mirjam > /ops")
	p.line("ana > /alarm")
	p.close()
	db, err := sql.Open("sqlite", "file:"+p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	refused := column(t, db, "SELECT a.action || ' ' || a.object FROM audit a JOIN persons p ON p.id = a.actor WHERE a.action = 'refused'")
	if len(refused) != 2 {
		t.Errorf("the trail tells of %q\n%v", refused, p.said())
	}
}
