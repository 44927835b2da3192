package bot

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// said is metadata that says how a picture is to be held.
func said(order binary.AppendByteOrder, mark string, standing uint16) []byte {
	b := append([]byte(mark), order.AppendUint16(nil, 42)...)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, tagOrientation)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, standing)
	b = order.AppendUint16(b, 0)
	return order.AppendUint32(b, 0)
}

// corners is a picture of 60 by 40 whose corners are red, green, blue and white, from the left above on with the clock.
func corners(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for y := range 40 {
		for x := range 60 {
			c := color.RGBA{R: 255, A: 255}
			switch {
			case x >= 30 && y < 20:
				c = color.RGBA{G: 255, A: 255}
			case x >= 30:
				c = color.RGBA{B: 255, A: 255}
			case y >= 20:
				c = color.RGBA{R: 255, G: 255, B: 255, A: 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withBlock puts metadata behind the first mark of a JPEG.
func withBlock(jpg, block []byte) []byte {
	out := append(bytes.Clone(jpg[:2]), 0xFF, markerApp1)
	out = binary.BigEndian.AppendUint16(out, uint16(8+len(block)))
	out = append(out, "Exif\x00\x00"...)
	return append(append(out, block...), jpg[2:]...)
}

// seenCorners names the colours of the corners, from the left above on with the clock.
func seenCorners(img image.Image) string {
	b := img.Bounds()
	const in = 4 // pixels from the edge
	names := ""
	for _, p := range []image.Point{
		{b.Min.X + in, b.Min.Y + in}, {b.Max.X - in, b.Min.Y + in}, {b.Max.X - in, b.Max.Y - in}, {b.Min.X + in, b.Max.Y - in},
	} {
		r, g, blue, _ := img.At(p.X, p.Y).RGBA()
		switch high := func(v uint32) bool { return v > 0x8000 }; {
		case high(r) && high(g) && high(blue):
			names += "W"
		case high(r):
			names += "R"
		case high(g):
			names += "G"
		default:
			names += "B"
		}
	}
	return names
}

func TestPictureStandsTheRightWayUpWithoutItsMetadata(t *testing.T) {
	plain := corners(t)
	for _, c := range []struct {
		standing uint16
		corners  string
		w, h     int
	}{
		{1, "RGBW", 60, 40},
		{2, "GRWB", 60, 40},
		{3, "BWRG", 60, 40},
		{4, "WBGR", 60, 40},
		{5, "RWBG", 40, 60},
		{6, "WRGB", 40, 60},
		{7, "BGRW", 40, 60},
		{8, "GBWR", 40, 60},
		{0, "RGBW", 60, 40},
		{9, "RGBW", 60, 40},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"MM": binary.BigEndian, "II": binary.LittleEndian} {
			kept, err := Bare(withBlock(plain, said(order, mark, c.standing)))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(kept, []byte("Exif")) || standing(kept) != 1 {
				t.Errorf("%d %s: metadata was kept", c.standing, mark)
			}
			img, err := jpeg.Decode(bytes.NewReader(kept))
			if err != nil {
				t.Fatal(err)
			}
			if got := seenCorners(img); got != c.corners || img.Bounds().Dx() != c.w || img.Bounds().Dy() != c.h {
				t.Errorf("%d %s: %s in %v, want %s in %d by %d", c.standing, mark, got, img.Bounds(), c.corners, c.w, c.h)
			}
		}
	}
}
