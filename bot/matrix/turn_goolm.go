//go:build goolm

package matrix

import (
	"context"
	"fmt"
)

// turnstile lets one in at a time.
type turnstile chan struct{}

// enter waits for the turn as long as the caller has time: whoever is inside may wait for a server. The caller leaves
// afterwards, unless there is an error.
func (s turnstile) enter(ctx context.Context) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the keys are in use: %w", ctx.Err())
	}
}

func (s turnstile) leave() { <-s }
