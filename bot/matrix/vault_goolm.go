//go:build goolm

package matrix

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/crypto/olm"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
	_ "modernc.org/sqlite" // the driver of the file with the keys

	"github.com/buurtbot/buurtbot/bot/disk"
)

// Encrypts tells whether this program was built with encryption.
const Encrypts = true

const (
	keysFile   = "matrix.db"
	pickleFile = "matrix.key"
	pickleSize = 32

	// FULL, because after a power cut a ratchet that was turned back would use a key twice.
	keysPragmas = "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_txlock=immediate"

	ownTables = `CREATE TABLE IF NOT EXISTS buurtbot_sealed_room (room TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS buurtbot_waiting (event TEXT PRIMARY KEY, envelope TEXT NOT NULL, at INTEGER NOT NULL,
	said INTEGER NOT NULL DEFAULT 0)`
)

var errPickle = errors.New(pickleFile + " does not open " + keysFile + ": put the key back that belongs to it, " +
	"or move both away, which makes a new device")

// deviceTables are those that belong to one device; keys of messages outlive it.
var deviceTables = [...]string{
	"crypto_account", "crypto_olm_session", "crypto_megolm_outbound_session", "crypto_device", "crypto_tracked_user",
	"crypto_olm_message_hash", "crypto_cross_signing_keys", "crypto_cross_signing_signatures",
}

// keys is the vault of a program that was built with encryption. It uses the library's machine without the helper around
// it, because the helper wants to own the loop and decrypts beside it, in its own time.
type keys struct {
	turn   turnstile // the machine is used by the poll and by several letters at a time
	db     *sql.DB
	lib    *dbutil.Database // the same, as the library has it
	store  *keyStore
	mach   *crypto.OlmMachine
	cli    *mautrix.Client
	rooms  *rooms
	pickle []byte
	now    func() time.Time
	asked  time.Time // when lists of devices were last asked for
}

// openVault opens the keys of a login, or makes them.
func (m *Matrix) openVault(ctx context.Context, cli *mautrix.Client) (vault, error) {
	if !m.config.Encryption {
		return nil, nil
	}
	pickle, err := pickleKey(m.config.Dir)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(m.config.Dir, keysFile)+keysPragmas)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	k := &keys{db: db, cli: cli, rooms: &m.rooms, pickle: pickle, now: m.now, turn: make(turnstile, 1)}
	if err := k.load(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	m.vouch(ctx, k)
	return k, nil
}

// pickleKey gives the key under which the others lie in their file, and makes it at the first start.
func pickleKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, pickleFile)
	key, err := os.ReadFile(path)
	if err == nil && len(key) == pickleSize {
		return key, nil
	}
	if err == nil {
		return nil, fmt.Errorf("%s: a key has %d bytes, this has %d", path, pickleSize, len(key))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("pickle key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("pickle key: %w", err)
	}
	key = make([]byte, pickleSize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("pickle key: %w", err)
	}
	if err := disk.WriteBytes(path, key); err != nil {
		return nil, fmt.Errorf("pickle key: %w", err)
	}
	return key, nil
}

func (k *keys) load(ctx context.Context) (err error) {
	if k.lib, err = dbutil.NewWithDB(k.db, "sqlite3"); err != nil { // the name of a dialect, not of a driver
		return fmt.Errorf("keys: %w", err)
	}
	store := k.newStore()
	if err := store.DB.Upgrade(ctx); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if _, err := k.db.ExecContext(ctx, ownTables); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	device, err := store.FindDeviceID(ctx)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if device != "" && device != k.cli.DeviceID {
		if err := k.wipe(ctx); err != nil {
			return err
		}
	}
	// Members and devices may have changed while nobody looked, so every room gets a new key after a start.
	if _, err := k.db.ExecContext(ctx, "DELETE FROM crypto_megolm_outbound_session"); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := k.rewind(ctx); errors.Is(err, olm.ErrBadMAC) {
		return fmt.Errorf("%w: %w", errPickle, err)
	} else if err != nil {
		return err
	}
	return k.share(ctx)
}

// share puts the device's keys on the server. A first upload whose answer was lost is recognised by the key itself; keys
// that the server lost are made anew.
func (k *keys) share(ctx context.Context) error {
	got, err := k.cli.QueryKeys(ctx, &mautrix.ReqQueryKeys{
		DeviceKeys: map[id.UserID]mautrix.DeviceIDList{k.cli.UserID: {k.cli.DeviceID}},
	})
	if err != nil {
		return fmt.Errorf("own keys on the server: %w", err)
	}
	account := k.mach.GetAccount()
	there := got.DeviceKeys[k.cli.UserID][k.cli.DeviceID]
	switch {
	case len(there.Keys) > 0 && there.Keys.GetEd25519(k.cli.DeviceID) != account.SigningKey():
		return errOtherKeys
	case len(there.Keys) > 0 && !account.Shared:
		account.Shared = true
		return k.mach.CryptoStore.PutAccount(ctx, account)
	case len(there.Keys) > 0:
		return nil
	case account.Shared:
		return errKeysGone
	}
	if err := k.mach.ShareKeys(ctx, -1); err != nil {
		return fmt.Errorf("upload keys: %w", err)
	}
	return nil
}

// wipe forgets everything that belongs to a device.
func (k *keys) wipe(ctx context.Context) error {
	for _, table := range deviceTables {
		if _, err := k.db.ExecContext(ctx, "DELETE FROM "+table); err != nil { //nolint:gosec // the tables are ours
			return fmt.Errorf("forget keys: %w", err)
		}
	}
	return nil
}

func (k *keys) leave(ctx context.Context, gone bool) error {
	if !gone {
		return nil
	}
	return k.wipe(ctx)
}

func (k *keys) member(ctx context.Context, evt *event.Event) {
	_ = k.turn.enter(context.WithoutCancel(ctx)) // a key must not stay with somebody who left
	defer k.turn.leave()
	k.mach.HandleMemberEvent(ctx, evt)
}

func (k *keys) open(ctx context.Context, evt *event.Event) (*event.Event, error) {
	if err := k.turn.enter(ctx); err != nil {
		return nil, err
	}
	defer k.turn.leave()
	opened, err := k.mach.DecryptMegolmEvent(ctx, evt)
	if errors.Is(err, crypto.ErrNoSessionFound) {
		return nil, errors.Join(errNoKey, err)
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return opened, nil
}

func (k *keys) seal(ctx context.Context, room id.RoomID, people []id.UserID, content any,
) (*event.EncryptedEventContent, error) {
	if err := k.turn.enter(ctx); err != nil {
		return nil, err
	}
	defer k.turn.leave()
	locked, err := k.mach.EncryptMegolmEvent(ctx, room, event.EventMessage, content)
	if err == nil || !errors.Is(err, crypto.ErrSessionExpired) && !errors.Is(err, crypto.ErrNoGroupSession) &&
		!errors.Is(err, crypto.ErrSessionNotShared) {
		return locked, err
	}
	if err := k.mach.ShareGroupSession(ctx, room, people); err != nil {
		return nil, fmt.Errorf("share the room's key: %w", err)
	}
	return k.mach.EncryptMegolmEvent(ctx, room, event.EventMessage, content)
}

func (k *keys) mark(ctx context.Context, room string) error {
	_, err := k.db.ExecContext(ctx, "INSERT INTO buurtbot_sealed_room (room) VALUES ($1) ON CONFLICT (room) DO NOTHING", room)
	return err
}

func (k *keys) marked(ctx context.Context, room string) (bool, error) {
	var n int
	err := k.db.QueryRowContext(ctx, "SELECT count(*) FROM buurtbot_sealed_room WHERE room = $1", room).Scan(&n)
	return n > 0, err
}

func (k *keys) keep(ctx context.Context, w wire, at time.Time) error {
	raw, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	_, err = k.db.ExecContext(ctx, "INSERT INTO buurtbot_waiting (event, envelope, at) VALUES ($1, $2, $3)"+
		" ON CONFLICT (event) DO NOTHING", w.ID, string(raw), at.UnixMilli())
	return err
}

func (k *keys) kept(ctx context.Context) ([]waiting, error) {
	rows, err := k.db.QueryContext(ctx, "SELECT envelope, at, said FROM buurtbot_waiting ORDER BY rowid")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []waiting
	for rows.Next() {
		var (
			raw string
			at  int64
			one waiting
		)
		if err := rows.Scan(&raw, &at, &one.said); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(raw), &one.wire); err != nil {
			return nil, fmt.Errorf("envelope: %w", err)
		}
		one.at = time.UnixMilli(at)
		all = append(all, one)
	}
	return all, rows.Err()
}

func (k *keys) drop(ctx context.Context, event string) error {
	_, err := k.db.ExecContext(ctx, "DELETE FROM buurtbot_waiting WHERE event = $1", event)
	return err
}

func (k *keys) said(ctx context.Context, event string) error {
	_, err := k.db.ExecContext(ctx, "UPDATE buurtbot_waiting SET said = 1 WHERE event = $1", event)
	return err
}

func (k *keys) close() error {
	k.mach.Destroy()
	return k.db.Close()
}

// roomBook tells the machine what it needs of rooms.
type roomBook struct{ rooms *rooms }

// IsEncrypted reports whether a room is known to be encrypted.
func (b roomBook) IsEncrypted(_ context.Context, roomID id.RoomID) (bool, error) {
	g, _ := b.rooms.glance(string(roomID), "")
	return g.encrypted, nil
}

// GetEncryptionEvent gives the settings of an encrypted room; keys change as often as is usual, whatever the room says.
func (b roomBook) GetEncryptionEvent(ctx context.Context, roomID id.RoomID) (*event.EncryptionEventContent, error) {
	if is, err := b.IsEncrypted(ctx, roomID); !is {
		return nil, err
	}
	return &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}, nil
}

// GetHistoryVisibility gives nothing: our keys are not passed on to people who come later.
func (roomBook) GetHistoryVisibility(context.Context, id.RoomID) (*event.HistoryVisibilityEventContent, error) {
	return nil, nil
}

// FindSharedRooms lists the encrypted rooms that somebody is in. Rooms that were not needed since the start have no key
// yet, so it does no harm that they are missing.
func (b roomBook) FindSharedRooms(_ context.Context, user id.UserID) ([]id.RoomID, error) {
	b.rooms.mu.Lock()
	defer b.rooms.mu.Unlock()
	var shared []id.RoomID
	for roomID, r := range b.rooms.known {
		if _, in := r.people[string(user)]; in && r.encrypted {
			shared = append(shared, id.RoomID(roomID))
		}
	}
	return shared, nil
}
