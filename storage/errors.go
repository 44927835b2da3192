package storage

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
)

// What can be wrong with a database file. Callers test with errors.Is and tell the operator what to do.
var (
	// ErrLocked is a database that another running program holds.
	ErrLocked = errors.New("database in use by another program")
	// ErrNewer is a database that a newer release has changed; this one must not touch it.
	ErrNewer = errors.New("database made by a newer release")
	// ErrCorrupt is a file that is damaged or no database of ours.
	ErrCorrupt = errors.New("database damaged")
	// ErrNoLog is a file that was copied without the log beside it, in which a part of it stood.
	ErrNoLog = errors.New("database without its log")
	// ErrFull is a disk without room.
	ErrFull = errors.New("disk full")
	// ErrDisk is a disk on which reading or writing fails.
	ErrDisk = errors.New("disk fails")
	// ErrReadOnly is a file or folder that may not be written.
	ErrReadOnly = errors.New("database not writable")
	// ErrClosed is a store that was closed, or that a fault hook crashed.
	ErrClosed = errors.New("store closed")
	// ErrKey is a database whose columns were sealed with another key, or a cell that was put in the place of another.
	ErrKey = errors.New("wrong key for the columns of this database")
	// ErrDistant is a database on a disk of another machine, where SQLite's log is not safe.
	ErrDistant = errors.New("database on a network disk")
	// ErrReplaced is a file that was deleted or put in another's place while the program ran: what it writes is lost.
	ErrReplaced = errors.New("database file replaced while in use")
	// ErrTrail is an audit trail that does not hold: it was changed, or its key is another, or missing.
	ErrTrail = errors.New("the audit trail does not hold")
	// ErrUnfinished is a database that is missing because a restore was cut short.
	ErrUnfinished = errors.New("a restore was not finished")
	// ErrExists is a backup file that is already there; it is never overwritten.
	ErrExists = errors.New("file exists")
)

// Fault is a result code of SQLite that a fault hook returns, to be taken as the database's own.
type Fault int

// The faults that end a transaction (sqlite.org/c3ref/c_abort.html).
const (
	FaultNoMemory  Fault = codeNoMemory
	FaultInterrupt Fault = codeInterrupt
	FaultIO        Fault = codeIO
	FaultFull      Fault = codeFull
)

func (f Fault) Error() string { return fmt.Sprintf("injected fault %d", int(f)) }

// Code is the result code, as the driver's own errors give it.
func (f Fault) Code() int { return int(f) }

// reasons are the plain reasons of primary result codes.
var reasons = map[int]error{
	codeFull: ErrFull, codeReadOnly: ErrReadOnly, codeCantOpen: ErrReadOnly, codePermission: ErrReadOnly, codeIO: ErrDisk,
	codeCorrupt: ErrCorrupt, codeNotADatabase: ErrCorrupt, codeBusy: ErrLocked,
}

// explain adds the plain reason to an error of the driver, for errors.Is.
func explain(err error) error {
	known, is := reasons[code(err)]
	if !is {
		return err
	}
	if extended(err) == codeNoRoomShared {
		known = ErrFull
	}
	return fmt.Errorf("%w: %w", known, err)
}

// void makes the error of a transaction of which nothing was kept.
func void(err error) error {
	if errors.Is(err, bot.ErrVoid) {
		return err
	}
	return fmt.Errorf("%w: %w", bot.ErrVoid, explain(err))
}

// ends reports whether SQLite may have ended the transaction by itself when a statement failed with err. Only errors
// that are known to concern the statement alone let the transaction live.
func ends(err error) bool {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		switch coded.Code() & 0xff {
		case codeError, codeTooBig, codeConstraint, codeMismatch, codeRange:
			return false
		}
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, ErrClosed)
}

// code is the primary result code of a driver's error, or 0.
func code(err error) int { return extended(err) & 0xff }

// extended is the whole result code of a driver's error, or 0.
func extended(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}
