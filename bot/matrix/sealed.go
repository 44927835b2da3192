package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"maunium.net/go/mautrix/event"
)

// How long a key may take: then the author is asked to send the message again, and later it is forgotten.
const (
	keyPatience = 15 * time.Second
	sealedLife  = 72 * time.Hour
)

// keys hands on what a sync brought for decryption.
func (b *batch) keys(ctx context.Context, got *answer) error {
	if b.link.vault == nil {
		return nil
	}
	in := parcel{changed: got.Devices.Changed}
	if got.Keys != nil {
		in.low = got.Keys.SignedCurve25519 < fewKeys
	}
	for _, raw := range got.ToDevice.Events {
		var evt event.Event
		if json.Unmarshal(raw, &evt) == nil {
			in.letters = append(in.letters, &evt)
		}
	}
	return b.link.vault.absorb(ctx, in)
}

// sealed decrypts an event, or keeps it until its key comes.
func (b *batch) sealed(ctx context.Context, e *happening, w wire) error {
	if b.link.vault == nil {
		w.Sealed, w.Content = true, nil
		return b.store(w)
	}
	opened, err := b.open(ctx, w)
	if err == nil {
		return b.store(opened)
	}
	b.m.log.InfoContext(ctx, "a message cannot be read yet", "event", e.ID, "key_missing", errors.Is(err, errNoKey))
	b.m.poll.sealed = true
	return b.link.vault.keep(ctx, w, b.m.now())
}

// open gives the envelope of an encrypted event as it reads after decryption.
func (b *batch) open(ctx context.Context, w wire) (wire, error) {
	raw, err := json.Marshal(map[string]any{
		"event_id": w.ID, "type": typeEncrypted, "sender": w.From.ID, "origin_server_ts": w.At, "content": w.Content,
	})
	if err != nil {
		return wire{}, fmt.Errorf("encrypted event: %w", err)
	}
	evt, err := (&happening{raw: raw}).library(w.Room.ID)
	if err != nil {
		return wire{}, fmt.Errorf("encrypted event: %w", err)
	}
	opened, err := b.link.vault.open(ctx, evt)
	if err != nil {
		return wire{}, err
	}
	w.Type, w.Content = opened.Type.Type, opened.Content.VeryRaw
	return w, nil
}

// waiting reads again what waited for a key, and asks for it again when that takes long.
func (b *batch) waiting(ctx context.Context) error {
	if b.link.vault == nil || b.first {
		return nil
	}
	kept, err := b.link.vault.kept(ctx)
	if err != nil {
		return fmt.Errorf("messages without a key: %w", err)
	}
	b.m.poll.sealed = false
	for _, k := range kept {
		if err := b.again(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) again(ctx context.Context, k waiting) error {
	age := b.m.now().Sub(k.at)
	if opened, err := b.open(ctx, k.wire); err == nil {
		b.done = append(b.done, k.wire.ID)
		return b.store(opened)
	}
	switch {
	case age > sealedLife:
		b.done = append(b.done, k.wire.ID)
	case k.said:
	case age < keyPatience:
		b.m.poll.sealed = true
	default:
		b.told = append(b.told, k.wire.ID)
		k.wire.Sealed, k.wire.Content = true, nil
		return b.store(k.wire)
	}
	return nil
}

// stored lets the vault forget what is in the inbox now. What it remembers after a crash is dropped there as a repeat.
func (b *batch) stored(ctx context.Context) {
	if b.link.vault == nil {
		return
	}
	var errs []error
	for _, id := range b.done {
		errs = append(errs, b.link.vault.drop(ctx, id))
	}
	for _, id := range b.told {
		errs = append(errs, b.link.vault.said(ctx, id))
	}
	if err := errors.Join(errs...); err != nil {
		b.m.log.ErrorContext(ctx, "messages without a key are not forgotten", "error", err)
	}
}
