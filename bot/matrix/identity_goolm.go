//go:build goolm

package matrix

import (
	"context"
	"errors"
	"fmt"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/ssss"
)

// vouch sees to it that the bot's identity vouches for this device; without that, clients warn of the bot or do not let
// it read. A failure is no reason not to serve: verified tells it.
func (m *Matrix) vouch(ctx context.Context, k *keys) {
	if m.config.Passphrase == "" {
		m.log.WarnContext(ctx, "matrix.passphrase is not set, so nothing vouches for the bot's device")
		return
	}
	if err := k.vouch(ctx, m.config.Passphrase, m.config.Password); err != nil {
		m.log.ErrorContext(ctx, "nothing vouches for the bot's device", "error", redact(err))
	}
}

// vouch signs the device with the account's identity, which is made only where the server has none: a second one would
// show everybody a reset, and make the first one's secrets unreadable.
func (k *keys) vouch(ctx context.Context, passphrase, password string) error {
	there, trusted, err := k.mach.GetOwnVerificationStatus(ctx)
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	if trusted {
		return nil
	}
	key, err := k.secrets(ctx, passphrase, there)
	if err != nil {
		return err
	}
	if there {
		if err := k.mach.FetchCrossSigningKeysFromSSSS(ctx, key); err != nil {
			return fmt.Errorf("identity from secret storage: %w", err)
		}
	} else if err := k.found(ctx, key, password); err != nil {
		return err
	}
	if err := k.mach.SignOwnDevice(ctx, k.mach.OwnIdentity()); err != nil {
		return fmt.Errorf("sign the device: %w", err)
	}
	if err := k.mach.SignOwnMasterKey(ctx); err != nil {
		return fmt.Errorf("sign the identity: %w", err)
	}
	return nil
}

// secrets gives the key of the account's secret storage. One that the passphrase does not open is somebody's, and stays.
func (k *keys) secrets(ctx context.Context, passphrase string, there bool) (*ssss.Key, error) {
	keyID, data, err := k.mach.SSSS.GetDefaultKeyData(ctx)
	switch {
	case err == nil:
		key, err := data.VerifyPassphrase(keyID, passphrase)
		if err != nil {
			return nil, fmt.Errorf("matrix.passphrase does not open the account's secret storage: %w", err)
		}
		return key, nil
	case !errors.Is(err, ssss.ErrNoDefaultKeyID):
		return nil, fmt.Errorf("secret storage: %w", err)
	case there:
		return nil, errors.New("the account has an identity, but nowhere to take it from: verify the device in another client")
	}
	key, err := k.mach.SSSS.GenerateAndUploadKey(ctx, passphrase)
	if err != nil {
		return nil, fmt.Errorf("secret storage: %w", err)
	}
	if err := k.mach.SSSS.SetDefaultKeyID(ctx, key.ID); err != nil {
		return nil, fmt.Errorf("secret storage: %w", err)
	}
	return key, nil
}

// found makes the identity. Its secrets are stored before it is published, so a crash in between leaves nothing that
// cannot be done again.
func (k *keys) found(ctx context.Context, key *ssss.Key, password string) error {
	made, err := k.mach.GenerateCrossSigningKeys()
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	if err := k.mach.UploadCrossSigningKeysToSSSS(ctx, key, made); err != nil {
		return fmt.Errorf("identity to secret storage: %w", err)
	}
	prove := func(asked *mautrix.RespUserInteractive) any {
		return &mautrix.ReqUIAuthLogin{
			BaseAuthData: mautrix.BaseAuthData{Type: mautrix.AuthTypePassword, Session: asked.Session},
			User:         string(k.cli.UserID), Password: password,
		}
	}
	if password == "" {
		prove = nil
	}
	if err := k.mach.PublishCrossSigningKeys(ctx, made, prove); err != nil {
		return fmt.Errorf("publish identity: %w", err)
	}
	return nil
}

func (k *keys) verified(ctx context.Context) (bool, error) {
	if err := k.turn.enter(ctx); err != nil {
		return false, err
	}
	defer k.turn.leave()
	_, trusted, err := k.mach.GetOwnVerificationStatus(ctx)
	return trusted, err
}
