//go:build goolm

package matrix

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// listPause is how long a list of devices that did not come is left alone, and listDeadline how long it is waited for: less
// than a letter waits for the keys, which are in use meanwhile.
const (
	listPause    = 30 * time.Second
	listDeadline = 15 * time.Second
)

// keyStore is the library's store that remembers what it could not write: the machine only logs that, and would go on as
// if the key were there.
type keyStore struct {
	*crypto.SQLCryptoStore

	unwritten error
}

func (s *keyStore) noted(err error) error {
	s.unwritten = errors.Join(s.unwritten, err)
	return err
}

// PutOlmHash notes that a message between devices was read.
func (s *keyStore) PutOlmHash(ctx context.Context, hash [32]byte, at time.Time) error {
	return s.noted(s.SQLCryptoStore.PutOlmHash(ctx, hash, at))
}

// AddSession stores a new session between devices.
func (s *keyStore) AddSession(ctx context.Context, key id.SenderKey, session *crypto.OlmSession) error {
	return s.noted(s.SQLCryptoStore.AddSession(ctx, key, session))
}

// UpdateSession stores how far a session between devices has come.
func (s *keyStore) UpdateSession(ctx context.Context, key id.SenderKey, session *crypto.OlmSession) error {
	return s.noted(s.SQLCryptoStore.UpdateSession(ctx, key, session))
}

// PutGroupSession stores the key of a room's messages.
func (s *keyStore) PutGroupSession(ctx context.Context, session *crypto.InboundGroupSession) error {
	return s.noted(s.SQLCryptoStore.PutGroupSession(ctx, session))
}

// PutAccount stores the device's own keys.
func (s *keyStore) PutAccount(ctx context.Context, account *crypto.OlmAccount) error {
	return s.noted(s.SQLCryptoStore.PutAccount(ctx, account))
}

// absorb reads the sealed messages between devices in one transaction. The library writes that a message was read before
// it writes the key that came in it; a stop in between would lose the key, and with it all that is said under it. A stop
// of the program does not interrupt it, and after a failure the batch has to be read again.
func (k *keys) absorb(ctx context.Context, in parcel) error {
	if err := k.turn.enter(ctx); err != nil {
		return err
	}
	defer k.turn.leave()
	ctx = context.WithoutCancel(ctx)
	if err := k.lists(ctx, in.changed); err != nil {
		return err
	}
	sealed, plain := apart(in.letters)
	if err := k.read(ctx, sealed); err != nil {
		return err
	}
	k.hear(ctx, plain)
	if in.low {
		_ = k.refill(ctx) // what fails is tried again: the next sync says it again
	}
	k.mach.MarkOlmHashSavePoint(ctx)
	return nil
}

// hear takes in messages between devices that are not sealed.
func (k *keys) hear(ctx context.Context, plain []*event.Event) {
	for _, evt := range plain {
		evt.Type.Class = event.ToDeviceEventType
		if evt.Content.ParseRaw(evt.Type) == nil {
			k.mach.HandleToDeviceEvent(ctx, evt)
		}
	}
}

// refill uploads one-time keys, as many as are missing by the server's own count and no more: the machine keeps 100, and
// forgets the oldest beyond that, also when the server still gives it to somebody, whose first message nobody could read.
// Keys that were made and whose upload is uncertain are uploaded again first.
func (k *keys) refill(ctx context.Context) error {
	got, err := k.cli.UploadKeys(ctx, &mautrix.ReqUploadKeys{})
	if err != nil {
		return fmt.Errorf("one-time keys on the server: %w", err)
	}
	made, err := k.mach.GetAccount().Internal.OneTimeKeys()
	if err != nil {
		return fmt.Errorf("one-time keys: %w", err)
	}
	left := got.OneTimeKeyCounts.SignedCurve25519
	if left >= fewKeys {
		return nil
	}
	if err := k.mach.ShareKeys(ctx, left+len(made)); err != nil {
		return fmt.Errorf("one-time keys: %w", err)
	}
	return nil
}

// lists asks for the devices of people who have other devices now. The library would ask once; a list that does not come
// is asked for again, or somebody's new device would never get a key.
func (k *keys) lists(ctx context.Context, changed []id.UserID) error {
	if len(changed) > 0 {
		if err := k.store.MarkTrackedUsersOutdated(ctx, changed); err != nil {
			return fmt.Errorf("lists of devices: %w", err)
		}
	} else if k.now().Sub(k.asked) < listPause {
		return nil
	}
	k.asked = k.now()
	old, err := k.store.GetOutdatedTrackedUsers(ctx)
	if err != nil {
		return fmt.Errorf("lists of devices: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, listDeadline)
	defer cancel()
	_, _ = k.mach.FetchKeys(ctx, old, true) // what fails stays marked
	return nil
}

// apart divides what devices sent each other into what is sealed and what is not.
func apart(all []*event.Event) (sealed, plain []*event.Event) {
	for _, evt := range all {
		if evt.Type.Type == event.ToDeviceEncrypted.Type {
			sealed = append(sealed, evt)
		} else {
			plain = append(plain, evt)
		}
	}
	return sealed, plain
}

// read opens sealed messages, all or none.
func (k *keys) read(ctx context.Context, sealed []*event.Event) error {
	if len(sealed) == 0 {
		return nil
	}
	k.store.unwritten = nil
	err := k.store.DB.DoTxn(ctx, nil, func(ctx context.Context) error {
		for _, evt := range sealed {
			evt.Type.Class = event.ToDeviceEventType
			if evt.Content.ParseRaw(evt.Type) == nil {
				k.mach.HandleToDeviceEvent(ctx, evt)
			}
		}
		return k.store.unwritten
	})
	if err != nil {
		return errors.Join(fmt.Errorf("keys of messages: %w", err), k.rewind(ctx))
	}
	return nil
}

// rewind makes the machine anew from what is stored.
func (k *keys) rewind(ctx context.Context) error {
	if k.mach != nil {
		k.mach.Destroy()
	}
	k.store = k.newStore()
	log := zerolog.Nop()
	k.mach = crypto.NewOlmMachine(k.cli, &log, k.store, roomBook{k.rooms})
	if err := k.mach.Load(ctx); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

func (k *keys) newStore() *keyStore {
	log := dbutil.ZeroLogger(zerolog.Nop())
	return &keyStore{SQLCryptoStore: crypto.NewSQLCryptoStore(k.lib, log, string(k.cli.UserID), k.cli.DeviceID, k.pickle)}
}
