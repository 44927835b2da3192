//go:build !failpoints

package main

import "github.com/buurtbot/buurtbot/storage"

// failpoints are not in the program that is shipped.
func failpoints() storage.Faults { return storage.Faults{} }
