//go:build unix

package disk

import (
	"errors"
	"os"
)

// SyncFolder makes the new names in a folder survive a power cut.
func SyncFolder(folder string) error {
	handle, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(handle.Sync(), handle.Close())
}
