package sandbox_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No test leaves anything that still runs.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
