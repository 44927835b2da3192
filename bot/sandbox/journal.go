package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// entry is the sort of a record.
type entry string

const (
	entryBegin  entry = "begin"  // the journal was made
	entryFile   entry = "file"   // a picture came in
	entrySaid   entry = "said"   // a person did something; Message shows it, if it can be seen
	entryShown  entry = "shown"  // the bot showed or changed something
	entryTaken  entry = "taken"  // updates up to Number are in the inbox
	entryPassed entry = "passed" // time was let pass
)

// record is one line of the journal.
type record struct {
	Entry   entry           `json:"entry"`
	At      time.Time       `json:"at"`
	Birth   string          `json:"birth,omitempty"`
	Number  int64           `json:"number,omitempty"`
	Raw     json.RawMessage `json:"raw,omitempty"`
	Message *Message        `json:"message,omitempty"`
	Letter  int64           `json:"letter,omitempty"`
	File    *file           `json:"file,omitempty"`
	Offset  time.Duration   `json:"offset,omitempty"`
}

// file is a picture, kept whole.
type file struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// journal is where records are kept; without a file they are not.
type journal struct{ file *os.File }

// openJournal opens or makes the journal at path and hands its records to fold, oldest first. What a crash left of an
// unfinished last line is cut off; any other line that cannot be read is an error.
func openJournal(path string, fold func(record) error) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	whole, err := readRecords(f, fold)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("journal %s: %w", path, err), f.Close())
	}
	return &journal{file: f}, nil
}

// readRecords gives how many bytes of whole lines there are.
func readRecords(from io.Reader, fold func(record) error) (whole int64, err error) {
	lines := bufio.NewReaderSize(from, 1<<16)
	for nth := 1; ; nth++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return whole, fmt.Errorf("line %d: %w", nth, err)
		}
		if err := fold(r); err != nil {
			return whole, fmt.Errorf("line %d: %w", nth, err)
		}
		whole += int64(len(line))
	}
}

// add writes records in one piece. When it fails nothing of them stays.
func (j *journal) add(records []record) error {
	if j.file == nil {
		return nil
	}
	var lines []byte
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		lines = append(append(lines, line...), '\n')
	}
	before, err := j.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err := j.file.Write(lines); err != nil {
		_, back := j.file.Seek(before, io.SeekStart)
		return fmt.Errorf("journal: %w", errors.Join(err, j.file.Truncate(before), back))
	}
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
