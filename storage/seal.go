package storage

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"sync"

	"github.com/buurtbot/buurtbot/bot"
)

// KeySize is the length of a key of the columns, in bytes.
const KeySize = 32

const (
	sealVersion  = 1
	sealIDSize   = 4
	sealHead     = 1 + sealIDSize
	sealNonce    = 12
	sealTag      = 16
	sealOverhead = sealHead + sealNonce + sealTag // bytes
	sealMark     = "~"                            // begins a sealed text; what follows is base64
)

// The places of sealed columns that more than one query names.
const (
	placeName        = "persons.name"
	placeAccount     = "accounts.external"
	placeChat        = "chats.external"
	placeTitle       = "chats.title"
	placeSession     = "sessions.account"
	placeAnswers     = "sessions.answers"
	placeVersionText = "alert_versions.text"
	placeVersionLast = "alert_versions.last"
	placeWords       = "handovers.words"
)

// ring seals and opens cells, each with AES-256-GCM and bound to its place and its row, so that one cannot be put in the
// place of another. What is empty stays empty.
type ring struct {
	plain  bool // nothing is sealed: for tests that look for what is left of something erased
	keys   map[[sealIDSize]byte]cipher.AEAD
	newest [sealIDSize]byte
	index  []byte    // of the newest key; for what is looked up
	macs   sync.Pool // of hashes with that key, which cost more to make than to use
}

// newRing makes a ring of keys, the oldest first. The newest seals, and every one opens.
func newRing(keys [][]byte) (*ring, error) {
	r := &ring{keys: map[[sealIDSize]byte]cipher.AEAD{}}
	for _, key := range keys {
		secret, err1 := hkdf.Key(sha256.New, key, nil, "columns", KeySize)
		index, err2 := hkdf.Key(sha256.New, key, nil, "index", KeySize)
		name, err3 := hkdf.Key(sha256.New, key, nil, "name", sealIDSize)
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, fmt.Errorf("column key: %w", err)
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return nil, fmt.Errorf("column key: %w", err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("column key: %w", err)
		}
		r.newest, r.index = [sealIDSize]byte(name), index
		r.keys[r.newest] = aead
	}
	return r, nil
}

// find is what stands in the place of a value that is looked up: always the same for the same values, and nothing that
// tells them to who has no key.
func (r *ring) find(place string, values ...string) string {
	if r.plain {
		return values[len(values)-1]
	}
	mac, ok := r.macs.Get().(hash.Hash)
	if ok {
		mac.Reset()
	} else {
		mac = hmac.New(sha256.New, r.index)
	}
	defer r.macs.Put(mac)
	write(mac, place)
	for _, v := range values {
		write(mac, v)
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// bound is what a cell is bound to.
func bound(place, row string) []byte {
	return append(append(make([]byte, 0, len(place)+1+len(row)), place...), "\x00"+row...)
}

// seal seals a cell of a place, such as "reports.text", in a row.
func (r *ring) seal(place, row string, value []byte) []byte {
	if r.plain || len(value) == 0 {
		return value
	}
	out := make([]byte, 0, sealOverhead+len(value))
	out = append(append(out, sealVersion), r.newest[:]...)
	return r.keys[r.newest].Seal(out, nil, value, bound(place, row)) //nolint:gosec // the cipher draws a nonce of its own
}

// errNotSealed says that a value is as somebody wrote it.
var errNotSealed = errors.New("it is not sealed")

// open opens a cell. The error is errNotSealed for one that never was sealed, and wraps [ErrKey] for one of another key,
// place or row.
func (r *ring) open(place, row string, cell []byte) ([]byte, error) {
	if r.plain || len(cell) == 0 {
		return cell, nil
	}
	if len(cell) < sealOverhead || cell[0] != sealVersion {
		return nil, errNotSealed
	}
	aead := r.keys[[sealIDSize]byte(cell[1:sealHead])]
	if aead == nil {
		return nil, errNotSealed
	}
	value, err := aead.Open(nil, nil, cell[sealHead:], bound(place, row))
	if err != nil {
		return nil, fmt.Errorf("%w: a cell of %s was sealed elsewhere", ErrKey, place)
	}
	return value, nil
}

// sealText and openText do the same for columns of text.
func (r *ring) sealText(place, row, value string) string {
	if r.plain || value == "" {
		return value
	}
	return sealMark + base64.RawStdEncoding.EncodeToString(r.seal(place, row, []byte(value)))
}

func (r *ring) openText(place, row, cell string) (string, error) {
	if r.plain || cell == "" {
		return cell, nil
	}
	raw, err := unmarked(cell)
	if err != nil {
		return "", err
	}
	value, err := r.open(place, row, raw)
	return string(value), err
}

// unmarked is a sealed text as bytes.
func unmarked(cell string) ([]byte, error) {
	if cell[:1] != sealMark {
		return nil, errNotSealed
	}
	raw, err := base64.RawStdEncoding.DecodeString(cell[1:])
	if err != nil {
		return nil, errNotSealed
	}
	return raw, nil
}

// isNewest reports whether a sealed cell has the newest key.
func (r *ring) isNewest(cell []byte) bool {
	return len(cell) >= sealHead && bytes.Equal(cell[1:sealHead], r.newest[:])
}

// sealing is an argument of a statement that is stored sealed.
type sealing struct {
	place string
	row   string
	value any // string, []byte, or nil
}

// rowOf is a row's number as a cell is bound to it.
func rowOf(id int64) string { return strconv.FormatInt(id, 10) }

// secret is a value for a cell of a place in the row of this number.
func secret[V string | []byte | any](place string, id int64, value V) sealing {
	return sealing{place: place, row: rowOf(id), value: value}
}

// arg is what is stored of an argument.
func (r *ring) arg(s sealing) any {
	switch v := s.value.(type) {
	case string:
		return r.sealText(s.place, s.row, v)
	case []byte:
		return r.seal(s.place, s.row, v)
	}
	return s.value
}

// args seals those arguments that are to be.
func (r *ring) args(args []any) []any {
	for i := range args {
		if s, is := args[i].(sealing); is {
			args[i] = r.arg(s)
		}
	}
	return args
}

// cell is a sealed column that is being read.
type cell struct {
	place string
	row   any // *int64 or *string, filled by the same scan, or func() string, asked after it
	into  any // *string, *[]byte or sql.Scanner
	torn  *bool
	raw   any
}

// sealed reads a sealed column into what into points to; row points to what the scan reads the row's number or key into.
func sealed(place string, row, into any) *cell { return &cell{place: place, row: row, into: into} }

// orTorn makes a cell that cannot be opened no error: torn tells of it. One damaged row must not hold up all others.
func (c *cell) orTorn(torn *bool) *cell {
	c.torn = torn
	return c
}

// opening is a row whose sealed columns are opened when they are read.
type opening struct {
	row  row
	ring *ring
}

// Scan reads a row; what is sealed in it is opened last, when it is known which row it is.
func (o opening) Scan(dest ...any) error {
	var cells []*cell
	for i := range dest {
		if c, is := dest[i].(*cell); is {
			cells = append(cells, c)
			dest[i] = &c.raw
		}
	}
	if err := o.row.Scan(dest...); err != nil {
		return err
	}
	for _, c := range cells {
		err := c.open(o.ring)
		if err != nil && c.torn != nil {
			*c.torn, err = true, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *cell) open(r *ring) error {
	value, err := r.opened(c.place, keyOf(c.row), c.raw)
	if err != nil {
		return err
	}
	return c.give(value)
}

func keyOf(row any) string {
	switch at := row.(type) {
	case *int64:
		return rowOf(*at)
	case *string:
		return *at
	case func() string:
		return at()
	}
	return ""
}

// opened opens what was read of a column.
func (r *ring) opened(place, row string, raw any) (any, error) {
	switch v := raw.(type) {
	case string:
		return r.openText(place, row, v)
	case []byte:
		return r.open(place, row, v)
	}
	return raw, nil
}

// give puts the opened value where it belongs.
func (c *cell) give(value any) error {
	switch into := c.into.(type) {
	case *string:
		*into, _ = value.(string)
		return nil
	case *[]byte:
		*into, _ = value.([]byte)
		if text, is := value.(string); is {
			*into = []byte(text)
		}
		return nil
	case interface{ Scan(raw any) error }:
		return into.Scan(value)
	}
	return fmt.Errorf("%s is read into %T", c.place, c.into)
}

// handoverRow is the key of a hand-over.
func handoverRow(caseID int64, partner string) string { return rowOf(caseID) + "/" + partner }

func accountOf(who bot.UserRef) account { return account{who.Platform, who.ID} }

// lookup is what an account is found by.
func (s *Store) lookup(who bot.UserRef) string {
	return s.ring.find(placeAccount, who.Platform, who.ID)
}

// sizeOf is how long a value is whose cell is so long, in bytes.
func (r *ring) sizeOf(cell int64) int64 {
	if r.plain || cell == 0 {
		return cell
	}
	return cell - sealOverhead
}
