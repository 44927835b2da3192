package bot

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// A picture that was fetched is handed on with a byte before it, and after that, when the byte is 1, the place where it says
// that it was made. This is in memory only: an errand's result is stored nowhere.
const (
	shotPlaced = 1
	shotPlace  = 16 // bytes: longitude and latitude
)

// packed is a picture with the place where it was made, if it says so.
func packed(picture []byte, at orb.Point, placed bool) []byte {
	if !placed {
		return append([]byte{0}, picture...)
	}
	out := make([]byte, 0, 1+shotPlace+len(picture))
	out = append(out, shotPlaced)
	for _, degrees := range at {
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(degrees))
	}
	return append(out, picture...)
}

// unpacked is the reverse.
func unpacked(result []byte) (picture []byte, at orb.Point, placed bool) {
	if len(result) == 0 || result[0] != shotPlaced || len(result) < 1+shotPlace {
		return result[min(1, len(result)):], orb.Point{}, false
	}
	for i := range at {
		at[i] = math.Float64frombits(binary.BigEndian.Uint64(result[1+8*i:]))
	}
	return result[1+shotPlace:], at, true
}

// shot tells the form that a picture was sent to where the picture says that it was made.
func (t *Turn) shot(ctx context.Context, photo int64, at orb.Point) error {
	p, err := t.Tx.Photo(ctx, photo)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	other, ok, err := t.engine.inChat(ctx, t, chatRef(p.Owner))
	if err != nil || !ok {
		return err
	}
	flow, s, err := other.filled(ctx)
	if err != nil || flow == nil {
		return err
	}
	return flow.shot(ctx, other, s, at)
}

// filled is the form that is open in the turn's chat, with its session; nil when there is none.
func (t *Turn) filled(ctx context.Context) (Flow, *Session, error) {
	s, err := t.Session(ctx)
	if err != nil || s == nil {
		return nil, nil, err
	}
	return t.engine.flows[s.Form], s, nil
}

// lost takes a picture that could not be read out of the form, and puts the question that stands without it.
func (f Form[A]) lost(ctx context.Context, t *Turn, s *Session, photo int64) error {
	if f.Lost == nil {
		return nil
	}
	fill, err := f.load(s)
	if err != nil || !f.Lost(photo, &fill.answers) {
		return err
	}
	return fill.next(ctx, t)
}

// shot lets the form take what it may suggest from the place of a picture.
func (f Form[A]) shot(ctx context.Context, t *Turn, s *Session, at orb.Point) error {
	if f.Shot == nil {
		return nil
	}
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	took, err := f.Shot(ctx, t, at, &fill.answers)
	if err != nil || !took {
		return err
	}
	if slices.Contains(s.Answered, s.Asked) || fill.open() == s.Asked {
		return fill.save(ctx, t)
	}
	return fill.next(ctx, t) // the question that was put may be spared
}
