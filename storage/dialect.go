package storage

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"

	_ "modernc.org/sqlite" // the driver
)

// Everything that only SQLite knows stands in this file.

//go:embed migrations/sqlite/*.sql
var embedded embed.FS

// Result codes (sqlite.org/rescode.html).
const (
	codeError        = 1
	codePermission   = 3
	codeBusy         = 5
	codeNoMemory     = 7
	codeReadOnly     = 8
	codeInterrupt    = 9
	codeIO           = 10
	codeCorrupt      = 11
	codeFull         = 13
	codeCantOpen     = 14
	codeTooBig       = 18
	codeConstraint   = 19
	codeMismatch     = 20
	codeRange        = 25
	codeNotADatabase = 26

	// An extended code: the file that connections share could not be made longer, which a full disk does.
	codeNoRoomShared = codeIO | 19<<8
)

const (
	driverName = "sqlite"

	sqlBegin      = "BEGIN IMMEDIATE"
	sqlCommit     = "COMMIT"
	sqlRollback   = "ROLLBACK"
	sqlSavepoint  = "SAVEPOINT turn"
	sqlRelease    = "RELEASE turn"
	sqlRollbackTo = "ROLLBACK TO turn"

	sqlQuickCheck     = "PRAGMA quick_check(1)"
	sqlIntegrityCheck = "PRAGMA integrity_check(1)"
	sqlForeignKeys    = "PRAGMA foreign_key_check"
	sqlReferences     = "PRAGMA user_version"
	sqlTruncateWAL    = "PRAGMA wal_checkpoint(TRUNCATE)"
	sqlWriteWAL       = "PRAGMA wal_checkpoint(PASSIVE)"
	sqlVacuumInto     = "VACUUM INTO $1"
	sqlSchema         = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name"
	sqlLastID         = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = $1), 0)"
	// Far more numbers than letters are written in the two weeks that a copy is kept, and few enough to look through.
	sqlSkipLetters = "UPDATE sqlite_sequence SET seq = seq + 1000000 WHERE name = 'outbox'"
	sqlPastLetters = "UPDATE sqlite_sequence SET seq = max(seq, $1) WHERE name = 'outbox'"
	sqlNoLetters   = "INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', $1 WHERE NOT EXISTS" +
		" (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox')" // SQLite has no row before there was a letter
	sqlHasTable = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1"
)

// shared are the settings of every connection; pragmas are per connection, so they belong in the address.
// secure_delete and the truncating checkpoint of [Store.Scrub] together leave nothing of an erased text in the files.
// mmap_size(0) keeps a truncated file from killing the process. The log is written into the file by [Store.TendLog]; only
// where nobody calls that, or it is too slow, does a commit do it, at 32 MB.
const shared = "&_busy_timeout=5000&_defensive=1&_dqs=0&_pragma=foreign_keys(1)&_pragma=temp_store(memory)" +
	"&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=mmap_size(0)"

func writerAddress(o Options) string {
	return address(o.Path) + "?_txlock=immediate" + shared + "&_pragma=synchronous(" + o.Sync.pragma() + ")" +
		"&_pragma=journal_mode(wal)&_pragma=secure_delete(1)&_pragma=wal_autocheckpoint(8000)" +
		"&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-2000)"
}

func readerAddress(path string) string {
	return address(path) + "?_query_only=1" + shared + "&_pragma=cache_size(-1000)"
}

// impatientAddress is for work on the log that gives up at once when somebody is in the way.
func impatientAddress(path string) string {
	return address(path) + "?_busy_timeout=0&_pragma=mmap_size(0)"
}

// address is a file: URI; a plain name would silently drop what follows the question mark.
func address(path string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()
}

// migrations are the schema's versions of this dialect.
func migrations() (fs.FS, error) {
	sub, err := fs.Sub(embedded, "migrations/sqlite")
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	return sub, nil
}

// inserted runs a prepared INSERT and gives the number of the new row. (PostgreSQL needs RETURNING for it.)
func inserted(ctx context.Context, stmt *sql.Stmt, args []any) (int64, error) {
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}
