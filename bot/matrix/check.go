package matrix

import (
	"context"
	"errors"
	"fmt"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/signatures"
	"maunium.net/go/mautrix/id"
)

// Standing is how the account stands on its server.
type Standing struct {
	User     string
	Device   string
	Verified bool // the account's identity vouches for the device
}

// Check logs in and asks the server how the account stands. It opens no keys, so it may be asked while the bot runs.
func (m *Matrix) Check(ctx context.Context) (Standing, error) {
	m.login.mu.Lock()
	defer m.login.mu.Unlock()
	cli, err := m.enter(ctx)
	if err == nil {
		_, err = cli.Whoami(ctx)
	}
	if errors.Is(err, mautrix.MUnknownToken) && m.config.Password != "" {
		return Standing{}, errors.New("the stored login is not known any more; the next start logs in again")
	}
	if err != nil {
		return Standing{}, fmt.Errorf("log in: %w", redact(err))
	}
	s := Standing{User: string(cli.UserID), Device: string(cli.DeviceID)}
	got, err := cli.QueryKeys(ctx, &mautrix.ReqQueryKeys{
		DeviceKeys: map[id.UserID]mautrix.DeviceIDList{cli.UserID: {cli.DeviceID}},
	})
	if err != nil {
		return s, fmt.Errorf("keys on the server: %w", redact(err))
	}
	s.Verified = signed(got, cli.UserID, cli.DeviceID)
	return s, nil
}

// signed reports whether the account's identity has signed the device.
func signed(keys *mautrix.RespQueryKeys, user id.UserID, device id.DeviceID) bool {
	own := keys.SelfSigningKeys[user]
	key := own.FirstKey()
	there, known := keys.DeviceKeys[user][device]
	if !known || key == "" {
		return false
	}
	valid, err := signatures.VerifySignatureJSON(there, user, key.String(), key)
	return err == nil && valid
}
