package storage

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// queries are the package's SQL constants by name, as its source has them.
func queries(t *testing.T) map[string]string {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]ast.Expr{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			constantsOf(d, constants)
		}
	}
	found := map[string]string{}
	for name, value := range constants {
		if strings.HasPrefix(name, "sql") {
			found[name] = textOf(t, value, constants)
		}
	}
	return found
}

func constantsOf(d ast.Decl, into map[string]ast.Expr) {
	group, ok := d.(*ast.GenDecl)
	if !ok || group.Tok != token.CONST {
		return
	}
	for _, spec := range group.Specs {
		named := spec.(*ast.ValueSpec)
		for i, value := range named.Values {
			into[named.Names[i].Name] = value
		}
	}
}

// textOf is the text of an expression of texts, names of texts and plus signs.
func textOf(t *testing.T, e ast.Expr, constants map[string]ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return text
	case *ast.Ident:
		return textOf(t, constants[e.Name], constants)
	case *ast.BinaryExpr:
		return textOf(t, e.X, constants) + textOf(t, e.Y, constants)
	}
	t.Fatalf("%T in a query", e)
	return ""
}

// plans opens a fresh database for looking at plans.
func plans(t *testing.T) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path})
	t.Cleanup(func() { _ = s.Close() })
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// asked runs a query under EXPLAIN, which compiles it and does nothing, and gives the last column of each row.
func asked(t *testing.T, db *sql.DB, explain, query string) []string {
	t.Helper()
	args := 0
	for strings.Contains(query, "$"+strconv.Itoa(args+1)) {
		args++
	}
	rows, err := db.QueryContext(t.Context(), explain+" "+query, make([]any, args)...)
	if err != nil {
		t.Errorf("%v: %s", err, query)
		return nil
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		var step sql.NullString
		row[len(row)-1] = &step
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step.String)
	}
	if err := rows.Err(); err != nil {
		t.Errorf("%v: %s", err, query)
	}
	return steps
}

func TestEveryQueryIsUnderstood(t *testing.T) {
	t.Parallel()
	db := plans(t)
	all := queries(t)
	if len(all) < 150 {
		t.Errorf("only %d queries were found in the source", len(all))
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			if len(asked(t, db, "EXPLAIN", all[name])) == 0 {
				t.Error("it comes to nothing")
			}
		})
	}
}

// ofSQLite are the marks of what other databases do not know: its own functions and tables, max and min of several values,
// its ways to insert and to order a join, and the old names of arguments.
var ofSQLite = regexp.MustCompile(`(?i)\b(ifnull|iif|datetime|strftime|julianday|unixepoch|last_insert_rowid|changes|json\w*|group_concat|` +
	`typeof|instr|printf|glob|rowid|pragma|sqlite_\w+|total|quote|hex|zeroblob|likelihood)\s*(\(|\b)|INSERT OR |REPLACE INTO|` +
	`\b(max|min)\([^()]*,|\?|\bINDEXED BY\b|CROSS JOIN \w+ \w+ ON`)

// What only SQLite knows stands in one file, so that another database can stand behind the same queries.
func TestQueriesArePortable(t *testing.T) {
	own := map[string]ast.Expr{}
	file, err := parser.ParseFile(token.NewFileSet(), "dialect.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		constantsOf(d, own)
	}
	portable := 0
	for name, query := range queries(t) {
		if own[name] != nil {
			continue
		}
		portable++
		if found := ofSQLite.FindString(query); found != "" {
			t.Errorf("%s: only SQLite knows %q: %s", name, found, query)
		}
	}
	if portable < 150 {
		t.Errorf("only %d queries were looked at", portable)
	}
}

// openOnly are indexes that hold what is under way, or waits for an operator, and nothing else; to read one from end to end costs no more when the
// past grows.
var openOnly = []string{
	"inbox_open", "outbox_waiting", "outbox_behind", "outbox_line", "outbox_flight", "cases_open", "alerts_open",
	"chats_closed", "targets_dm", "inbox_parked", "outbox_tryable", "outbox_ended",
}

// mayScan says why a query may read all of a table. Every other one must find its rows by an index.
var mayScan = map[string]string{
	"sqlAuditHead":       "from the end, and stops at the first row",
	"sqlNetworks":        "there are few, and they are remembered",
	"sqlOldSessions":     "only open forms are stored",
	"sqlClaims":          "few wait to be confirmed, none for longer than an invitation lives",
	"sqlOldClaims":       "likewise",
	"sqlAcquitErrands":   "once, after an unclean stop",
	"sqlAsked":           "when a person asks what is stored about them",
	"sqlInvites":         "likewise",
	"sqlIssued":          "likewise",
	"sqlNotes":           "likewise",
	"sqlOwnHandovers":    "likewise",
	"sqlOwnTrail":        "likewise",
	"sqlRipePictures":    "at night",
	"sqlRipePicturesIn":  "when somebody asks",
	"sqlRipeSensitive":   "likewise",
	"sqlRipeSensitiveIn": "when somebody asks",
	"sqlRipeAnswers":     "likewise",
	"sqlRipeAnswersIn":   "when somebody asks",
	"sqlRipeStrangers":   "likewise",
	"sqlRipeStrangersIn": "when somebody asks",
	"sqlUnbar":           "likewise",
	"sqlRipeTexts":       "likewise",
	"sqlRipeTextsIn":     "when somebody asks",
	"sqlRipeReporters":   "likewise",
	"sqlRipeReportersIn": "when somebody asks",
	"sqlRipeCases":       "likewise",
	"sqlRipeAlerts":      "likewise",
	"sqlRipeHearers":     "likewise",
	"sqlPruneInvites":    "likewise",
	"sqlPruneAbsences":   "likewise",
	"sqlPruneRoles":      "likewise",
	"sqlPruneKnocks":     "likewise",
	"sqlPruneLeaks":      "likewise",
	"sqlPruneLookups":    "likewise",
	"sqlOldTrail":        "likewise",
	"sqlLastOld":         "likewise",
	"sqlReached":         "when a leak is noted, or its card is drawn anew",
	"sqlOwnGiven":        "when a person asks what is stored about them",
	"sqlHasTable":        "the schema",
	"sqlLastID":          "a row for each table, and remembered",
	"sqlBarePoints":      "once, when the columns are sealed, or sealed with another key",
	"sqlResealAccounts":  "likewise",
	"sqlResealChats":     "likewise",
	"sqlResealSessions":  "likewise",
	"sqlResealVersions":  "likewise",
	"sqlResealHandovers": "likewise",
	"sqlSchema":          "the schema",
	"sqlHoldLetters":     "when a copy is put back",
	"sqlBlankHeld":       "likewise",
	"sqlSkipLetters":     "a row for each table",
	"sqlNoLetters":       "likewise",
	"sqlPastLetters":     "likewise",
	"sqlPruneSlots":      "at night",
	"sqlLastSlots":       "once at a start, a month of them",
	"sqlRewindSlots":     "after the clock was set back, a month of them",
	"sqlAllLooks":        "an index of those alone, which are few and go with the trail",
	"sqlMergeCards1":     "once in the life of a group, when it moves to an id that we know",
	"sqlMergeCards2":     "likewise",
	"sqlForgetCards":     "once in the life of a room, when another takes its place",
	"sqlLoosen":          "likewise",
	"sqlMergeLedger":     "likewise",
	"sqlMergeLetters":    "likewise",
	"sqlRewindChats":     "when the clock was set back",
	"sqlRewindFacts":     "likewise",
}

// Whatever the program does all day costs the same with ten cases and with a hundred thousand.
func TestNoQueryReadsATableThatGrows(t *testing.T) {
	t.Parallel()
	db := plans(t)
	all := queries(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if fields := strings.Fields(all[name]); len(fields) < 4 || fields[0] == "PRAGMA" {
			continue // no query: COMMIT and the like
		}
		t.Run(name, func(t *testing.T) {
			var scans []string
			for _, step := range asked(t, db, "EXPLAIN QUERY PLAN", all[name]) {
				if readsAll(step) {
					scans = append(scans, step)
				}
			}
			switch why, may := mayScan[name]; {
			case !may && len(scans) > 0:
				t.Errorf("%v: %s", scans, all[name])
			case may && len(scans) == 0:
				t.Errorf("it may read all (%s), but does not", why)
			}
		})
	}
}

func readsAll(step string) bool {
	what, scan := strings.CutPrefix(step, "SCAN ")
	// Numbers and what the query brings along, not rows.
	if !scan || what == "CONSTANT ROW" || what == "buckets" || strings.HasSuffix(what, "VALUES CLAUSE") {
		return false
	}
	return !slices.ContainsFunc(openOnly, func(index string) bool { return strings.HasSuffix(what, " INDEX "+index) })
}

// The list of what is open ends after a screen, however long it is: its index has its order.
func TestQueueIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	for _, step := range asked(t, plans(t), "EXPLAIN QUERY PLAN", sqlOpenCases) {
		if strings.Contains(step, "TEMP B-TREE") {
			t.Error(step)
		}
	}
}
