package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Where what stands in the first bytes of a database file, all numbers big-endian (sqlite.org/fileformat2.html, section 1.3).
const (
	headerSize     = 100
	headerPageSize = 16 // 2 bytes; 1 is 65,536
	headerReads    = 19 // 1 byte; 2 is a file with a log beside it
	headerChange   = 24 // 4 bytes: the change with which the header was written
	headerPages    = 28 // 4 bytes
	headerValid    = 92 // 4 bytes: the change since which the number of pages is right

	readsLog = 2
)

// lostLog reports whether the log of a database is missing that was made with one: all of it was written into the file, or the
// file was copied without it. The error wraps [ErrNoLog] when the file cannot be whole without it, as it has not the pages that
// it says it has.
func lostLog(path string) (bool, error) {
	if !logEmpty(path) {
		return false, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return false, denied(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(file, head); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil // it is new, or SQLite says what is wrong
	} else if err != nil {
		return false, err
	}
	info, err := file.Stat()
	if err != nil || head[headerReads] != readsLog {
		return false, err
	}
	if says, has := sizeIn(head), info.Size(); says != 0 && says != has {
		return true, fmt.Errorf("%w: %w: it has %d bytes, and %d by what stands in it", ErrCorrupt, ErrNoLog, has, says)
	}
	return true, nil
}

// sizeIn is how long a file is by its own header, in bytes; 0 = it does not say.
func sizeIn(head []byte) int64 {
	if [4]byte(head[headerChange:]) != [4]byte(head[headerValid:]) {
		return 0
	}
	page := int64(binary.BigEndian.Uint16(head[headerPageSize:]))
	if page == 1 {
		page = 1 << 16
	}
	return page * int64(binary.BigEndian.Uint32(head[headerPages:]))
}

// LogGone reports whether the last run did not end by itself and the log that such a run leaves was not beside the database
// when this one began. Then the file may have been copied without it, and what was written last is missing; or another program
// wrote the log into the file meanwhile.
func (s *Store) LogGone() bool { return s.unclean && s.noLog }
