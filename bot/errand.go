package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RunErrand runs the oldest errand that may run now and hands its outcome to its feature; false means none waits.
func (e *Engine) RunErrand(ctx context.Context) (bool, error) {
	var (
		errand Errand
		found  bool
	)
	err := e.store.Do(ctx, func(tx Tx) error {
		var err error
		errand, err = tx.NextErrand(ctx, e.Now())
		if found = err == nil; errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("errand: %w", err)
	}
	if !found {
		return false, nil
	}
	return true, e.runErrand(ctx, errand)
}

func (e *Engine) runErrand(ctx context.Context, errand Errand) error {
	const tries = 8
	task, ok := e.task(errand.Kind)
	platform := e.platforms[errand.Platform]
	if !ok || platform == nil {
		return e.store.Do(ctx, func(tx Tx) error { return tx.EndErrand(ctx, errand.ID) })
	}
	done := Done{Kind: errand.Kind, Ref: errand.Ref}
	result, err := task.Run(ctx, platform, errand)
	if err != nil {
		var final *FinalError
		if !errors.As(err, &final) && errand.Tries+1 < tries {
			e.Log.Info("errand to be tried again", "kind", errand.Kind, "error", err)
			wait := time.Second << min(errand.Tries, 8)
			return e.store.Do(ctx, func(tx Tx) error { return tx.RetryErrand(ctx, errand.ID, e.Now().Add(wait)) })
		}
		done.Err = err.Error()
	}
	done.Result = result
	return e.then(ctx, task, errand, done)
}

func (e *Engine) then(ctx context.Context, task Task, errand Errand, done Done) error {
	now := e.Now()
	err := e.store.Do(ctx, func(tx Tx) error {
		t, err := e.own(ctx, tx, now)
		if err != nil {
			return err
		}
		t.Chat.Ref.Platform = errand.Platform
		err = tx.Savepoint(ctx, func() error { return guard(func() error { return task.Then(ctx, t, done) }) })
		if err != nil {
			if errors.Is(err, ErrVoid) {
				return err
			}
			e.Log.Error("errand", "kind", errand.Kind, "error", err)
		}
		return tx.EndErrand(ctx, errand.ID)
	})
	if err == nil {
		e.wake()
	}
	return err
}

func (e *Engine) task(kind string) (Task, bool) {
	switch kind {
	case photoErrand:
		return photoTask, true
	case pinErrand:
		return pinTask, true
	}
	task, ok := e.tasks[kind]
	return task, ok
}

// FinalError is an errand's failure that trying again does not mend.
type FinalError struct{ Err error }

func (e *FinalError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *FinalError) Unwrap() error { return e.Err }
