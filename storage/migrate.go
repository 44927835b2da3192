package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// sqlSchemaVersion is the newest migration that was applied; the table is goose's.
const sqlSchemaVersion = "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1"

// migrate brings the schema up to date, each migration in a transaction. A database that has data is copied first, to a
// file beside it that stays until the operator removes it.
func migrate(ctx context.Context, db *sql.DB, o Options, now time.Time) error {
	files, err := migrations()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	has, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	switch {
	case has == newest:
		return checkReferences(ctx, db, newest)
	case has > newest:
		return fmt.Errorf("%w: it has schema %d, this release knows %d", ErrNewer, has, newest)
	case has > 0 && !o.isCopy:
		copied := fmt.Sprintf("%s.before-schema-%d-%s", o.Path, newest, now.UTC().Format(stampLayout))
		if err := copyTo(ctx, db, copied, now, Faults{}); err != nil {
			return fmt.Errorf("backup before migration: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migration: %w", err)
	}
	return checkReferences(ctx, db, newest)
}

// checkReferences sees, once after each migration, that every row refers to one that is there. That a schema passed is noted in
// the file: what failed is looked at again at the next start, and not forgotten with the migration behind it.
func checkReferences(ctx context.Context, db *sql.DB, schema int64) error {
	var passed int64
	if err := db.QueryRowContext(ctx, sqlReferences).Scan(&passed); err != nil || passed == schema {
		return err
	}
	if err := checkForeignKeys(ctx, db); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("%s = %d", sqlReferences, schema))
	return err
}

// schemaVersion is 0 for a database without schema.
func schemaVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var version int64
	if err := db.QueryRowContext(ctx, sqlHasTable, "goose_db_version").Scan(&version); err != nil || version == 0 {
		return 0, err
	}
	err := db.QueryRowContext(ctx, sqlSchemaVersion).Scan(&version)
	return version, err
}

func checkForeignKeys(ctx context.Context, db *sql.DB) (err error) {
	rows, err := db.QueryContext(ctx, sqlForeignKeys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		return fmt.Errorf("%w: a row refers to one that is not there", ErrCorrupt)
	}
	return rows.Err()
}
