package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RunErrand runs the oldest errand that may run now and hands its outcome to its feature; false means none waits. While
// a platform wants to be left alone, its errands wait as its letters do.
func (e *Engine) RunErrand(ctx context.Context) (bool, error) {
	var (
		errand Errand
		found  bool
		held   bool
	)
	err := e.store.Do(ctx, func(tx Tx) error {
		now := e.Now()
		var err error
		errand, err = tx.NextErrand(ctx, now)
		if found = err == nil; errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		until, err := tx.BlockedUntil(ctx, errand.Platform)
		if held = until.After(now); err != nil || !held {
			return err
		}
		return tx.HoldErrands(ctx, errand.Platform, until)
	})
	if err != nil {
		return false, fmt.Errorf("errand: %w", err)
	}
	if !found || held {
		return found, nil
	}
	if e.suspect(errand.Begun) {
		return false, nil
	}
	return true, e.runErrand(ctx, errand)
}

func (e *Engine) runErrand(ctx context.Context, errand Errand) error {
	task, ok := e.task(errand.Kind)
	platform := e.platforms[errand.Platform]
	switch {
	case !ok:
		return e.store.Do(ctx, func(tx Tx) error { return tx.EndErrand(ctx, errand.ID) })
	case platform == nil: // it is left out of the configuration, today
		return e.store.Do(ctx, func(tx Tx) error { return tx.HoldErrands(ctx, errand.Platform, e.Now().Add(time.Hour)) })
	}
	if err := e.beginErrand(ctx, errand); err != nil {
		return err
	}
	done := Done{Kind: errand.Kind, Ref: errand.Ref}
	result, err := e.attempt(ctx, task, platform, errand)
	if err != nil {
		if put := e.putOff(errand, err); put != nil {
			e.Log.Info("errand to be tried again", "kind", errand.Kind, "error", err)
			return e.store.Do(ctx, func(tx Tx) error { return put(ctx, tx) })
		}
		done.Err = err.Error()
	}
	done.Result = result
	return e.then(ctx, task, errand, done)
}

// beginErrand counts that an errand is begun, after an unclean stop: it may have been the reason, and would be again. The
// count is in a commit of its own, which outlives the attempt.
func (e *Engine) beginErrand(ctx context.Context, errand Errand) error {
	if e.wary == 0 || errand.Begun >= crashes {
		return nil
	}
	e.wary--
	return e.store.Do(ctx, func(tx Tx) error { return tx.CountErrand(ctx, errand.ID, errand.Begun+1) })
}

// attempt runs an errand once. One that nobody can read any more has failed for good, and so has one that takes the program
// down.
func (e *Engine) attempt(ctx context.Context, task Task, p Platform, errand Errand) (result []byte, err error) {
	if errand.Torn {
		return nil, &FinalError{Err: errTorn}
	}
	if errand.Begun >= crashes {
		return nil, e.mistake(errand, errDeadly)
	}
	err = guard(func() error {
		result, err = task.Run(ctx, p, errand)
		return err
	})
	if panicked, is := errors.AsType[*panicError](err); is {
		return nil, e.mistake(errand, panicked)
	}
	return result, err
}

// mistake ends an errand for good that met a mistake of the program's: somebody has to look.
func (e *Engine) mistake(errand Errand, err error) error {
	e.faults.Add(1)
	e.Log.Error("errand", "kind", errand.Kind, "error", err)
	return &FinalError{Err: err}
}

// putOff is what is stored of an errand that is to be tried again, not before the network's own word where it gave one;
// nil when it has failed for good. A failure of the platform as a whole says nothing about the errand, so it uses up no
// try and the platform's other errands wait with it: a server that is down for an hour must not cost anybody a picture.
func (e *Engine) putOff(errand Errand, err error) func(ctx context.Context, tx Tx) error {
	const tries = 8
	now := e.Now()
	said, is := errors.AsType[*SendError](err)
	_, final := errors.AsType[*FinalError](err)
	wait := time.Second << min(errand.Tries, 8)
	if is {
		wait = max(wait, said.After)
	}
	switch {
	case final:
		return nil
	case is && platformwide(said):
		return func(ctx context.Context, tx Tx) error {
			if err := tx.CountErrand(ctx, errand.ID, 0); err != nil {
				return err
			}
			if err := tx.HoldErrands(ctx, errand.Platform, now.Add(wait)); err != nil || said.Remedy == Down {
				return err
			}
			return tx.BlockPlatform(ctx, errand.Platform, now.Add(wait))
		}
	case errand.Tries+1 >= tries:
		return nil
	}
	return func(ctx context.Context, tx Tx) error { return tx.RetryErrand(ctx, errand.ID, now.Add(wait)) }
}

// laterTries is how often what comes after an errand is tried; the errand is done again before it.
const laterTries = 3

// then does what comes after an errand.
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
			if errand.Tries+1 < laterTries {
				return tx.RetryErrand(ctx, errand.ID, now.Add(time.Minute))
			}
			e.faults.Add(1)
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
	case filmErrand:
		return recordingTask, true
	case pinErrand:
		return pinTask, true
	case unmarkErrand:
		return unmarkTask, true
	}
	task, ok := e.tasks[kind]
	return task, ok
}

// FinalError is an errand's failure that trying again does not mend.
type FinalError struct{ Err error }

func (e *FinalError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *FinalError) Unwrap() error { return e.Err }
