//go:build !unix

package disk

// SyncFolder does nothing: folders cannot be synced here.
func SyncFolder(string) error { return nil }
