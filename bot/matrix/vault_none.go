//go:build !goolm

package matrix

import (
	"context"

	"maunium.net/go/mautrix"
)

// Encrypts tells whether this program was built with encryption.
const Encrypts = false

// openVault finds none: the operator reads at start that encryption is missing.
func (*Matrix) openVault(context.Context, *mautrix.Client) (vault, error) { return nil, nil }
