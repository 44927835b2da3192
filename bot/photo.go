package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // to read PNG
	"strconv"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // to read WebP
)

const (
	photoPixels = 40_000_000 // more is refused before it is unpacked
	photoSide   = 1600       // pixels of the longer side that is kept
	photoBytes  = 400 << 10  // of the JPEG that is kept
)

// errPicture is a file that is no picture we can read.
var errPicture = errors.New("not a readable picture")

// photoTask fetches a picture, strips it of everything but what it shows, and stores it. An errand's payload is the
// file's id on its platform, and the private chat to answer in.
var photoTask = Task{
	Kind: photoErrand,
	Run: func(ctx context.Context, p Platform, e Errand) ([]byte, error) {
		_, file, _ := strings.Cut(string(e.Payload), " ")
		raw, err := p.Fetch(ctx, file, photoLimit)
		if err != nil {
			return nil, fmt.Errorf("fetch picture: %w", err)
		}
		jpg, err := Bare(raw)
		if err != nil {
			return nil, &FinalError{err}
		}
		at, placed := madeAt(raw)
		return packed(jpg, at, placed), nil
	},
	Then: fileCame,
}

// fileCame stores what an errand fetched.
func fileCame(ctx context.Context, t *Turn, d Done) error {
	id, err := strconv.ParseInt(d.Ref, 10, 64)
	if err != nil {
		return fmt.Errorf("photo %q: %w", d.Ref, err)
	}
	if d.Err != "" {
		return t.photoLost(ctx, id)
	}
	picture, at, placed := unpacked(d.Result)
	if err := t.Tx.FillPhoto(ctx, id, picture); err != nil || !placed {
		return err
	}
	return t.shot(ctx, id, at)
}

// photoLost forgets a picture that could not be read, and tells its sender.
func (t *Turn) photoLost(ctx context.Context, id int64) error {
	p, err := t.Tx.Photo(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Tx.DropPhoto(ctx, id); err != nil {
		return err
	}
	other, ok, err := t.engine.inChat(ctx, t, chatRef(p.Owner))
	if err != nil || !ok {
		return err
	}
	if err := other.Say(ctx, "media.unreadable"); err != nil {
		return err
	}
	flow, s, err := other.filled(ctx)
	if err != nil || flow == nil {
		return err
	}
	return flow.lost(ctx, other, s, id)
}

// Bare makes a JPEG of at most 400 kB that holds the picture, the right way up, and nothing else: no place, no camera, no date.
// It errors for what is no JPEG, PNG or WebP, or is larger than 40 million pixels or would take more than 200 MB to unpack.
func Bare(raw []byte) ([]byte, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPicture, err)
	}
	if head.Width <= 0 || head.Height <= 0 || head.Width*head.Height > photoPixels {
		return nil, fmt.Errorf("%w: %d by %d pixels", errPicture, head.Width, head.Height)
	}
	if bytes := spread(raw, format, head.Width, head.Height); bytes > photoSpread {
		return nil, fmt.Errorf("%w: %d bytes when unpacked", errPicture, bytes)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPicture, err)
	}
	return encode(upright(shrink(img), standing(raw)))
}

func shrink(img image.Image) image.Image {
	b := img.Bounds()
	side := max(b.Dx(), b.Dy())
	if side <= photoSide {
		return img
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*photoSide/side), max(1, b.Dy()*photoSide/side)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small
}

func encode(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	for quality := 85; ; quality -= 15 {
		out.Reset()
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode picture: %w", err)
		}
		if out.Len() <= photoBytes || quality <= 25 {
			return out.Bytes(), nil
		}
	}
}
