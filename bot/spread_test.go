package bot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"testing"
)

// jpegOf is the beginning of a JPEG as far as its first scan, with components that are sampled so (ITU-T T.81, B.2), after
// some other bytes.
func jpegOf(marker byte, w, h uint16, before string, sampling ...byte) []byte {
	out := append([]byte{0xFF, 0xD8}, before...)
	out = binary.BigEndian.AppendUint16(append(out, 0xFF, marker), uint16(8+3*len(sampling)))
	out = binary.BigEndian.AppendUint16(append(out, 8), h)
	out = append(binary.BigEndian.AppendUint16(out, w), byte(len(sampling)))
	for i, s := range sampling {
		out = append(out, byte(i+1), s, 0)
	}
	out = append(out, 0xFF, markerScan, 0, byte(6+2*len(sampling)), byte(len(sampling)))
	for i := range sampling {
		out = append(out, byte(i+1), 0)
	}
	if marker == markerProgressive {
		return append(out, 0, 0, 0)
	}
	return append(out, 0, 63, 0)
}

// pngOf is the beginning of a PNG in colours that are let through, as far as its picture (PNG, 11.2).
func pngOf(w, h uint32, depth, passes byte) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	part := func(name string, body []byte) {
		named := append([]byte(name), body...)
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(body))), named...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(named))
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	part("IHDR", append(size, depth, 6, 0, 0, passes))
	part("IDAT", []byte{0x78, 0x01, 0x03, 0x00})
	return out
}

// oneColour is a complete PNG.
func oneColour(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black})
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A few bytes can promise a picture that takes more memory than there is. It is refused before any of it is taken.
func TestPictureThatWouldFillTheMemoryIsNotUnpacked(t *testing.T) {
	const adobe = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
	for name, raw := range map[string][]byte{
		"progressive":              jpegOf(markerProgressive, 6300, 6300, "", 0x11, 0x11, 0x11),
		"progressive, halved":      jpegOf(markerProgressive, 6300, 6300, "", 0x22, 0x11, 0x11),
		"progressive, after a gap": jpegOf(markerProgressive, 6300, 6300, "\x00\x00", 0x11, 0x11, 0x11),
		"progressive, padded":      jpegOf(markerProgressive, 6300, 6300, "\xff", 0x11, 0x11, 0x11),
		"four inks":                jpegOf(markerBaseline, 6300, 6300, adobe, 0x11, 0x11, 0x11, 0x11),
		"sixteen bits":             pngOf(6300, 6300, 16, 0),
		"one colour":               oneColour(t, 7000, 6000),
	} {
		taken, err := memoryOf(func() error { _, err := Bare(raw); return err })
		if !errors.Is(err, errPicture) {
			t.Errorf("%s: %v", name, err)
		}
		if taken > 10<<20 {
			t.Errorf("%s: %d MB were taken", name, taken>>20)
		}
	}
}

// memoryOf is how many bytes somebody takes in all.
func memoryOf(do func() error) (taken uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}

// What a picture is said to take is what it takes: that it is allowed is measured against what Go's own readers do.
func TestPictureTakesNoMoreThanWasSaid(t *testing.T) {
	const w, h = 2000, 1000
	for name, raw := range map[string][]byte{
		"baseline":             jpegOf(markerBaseline, w, h, "", 0x11, 0x11, 0x11),
		"baseline, halved":     jpegOf(markerBaseline, w, h, "", 0x22, 0x11, 0x11),
		"progressive":          jpegOf(markerProgressive, w, h, "", 0x11, 0x11, 0x11),
		"progressive, halved":  jpegOf(markerProgressive, w, h, "", 0x22, 0x11, 0x11),
		"progressive, grey":    jpegOf(markerProgressive, w, h, "", 0x22),
		"eight bits":           pngOf(w, h, 8, 0),
		"sixteen bits":         pngOf(w, h, 16, 0),
		"one colour":           oneColour(t, w, h),
		"sixteen bits, passes": pngOf(w, h, 16, 1),
	} {
		head, format, err := image.DecodeConfig(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		said := spread(raw, format, head.Width, head.Height)
		taken, _ := memoryOf(func() error { _, _, err := image.Decode(bytes.NewReader(raw)); return err })
		if taken > uint64(said)+1<<20 {
			t.Errorf("%s: it took %d kB, not %d kB", name, taken>>10, said>>10)
		}
		if said > photoSpread {
			t.Errorf("%s: it is refused, for %d bytes", name, said)
		}
	}
}

// A large picture of a telephone, twelve million pixels, is read, and so is one of forty million as they are mostly stored.
func TestLargePicturesOfTelephonesAreRead(t *testing.T) {
	for name, raw := range map[string][]byte{
		"progressive": jpegOf(markerProgressive, 4000, 3000, "", 0x11, 0x11, 0x11),
		"halved":      jpegOf(markerBaseline, 7300, 5475, "", 0x22, 0x11, 0x11),
		"eight bits":  pngOf(7300, 5475, 8, 0),
	} {
		head, format, err := image.DecodeConfig(bytes.NewReader(raw))
		if err != nil || spread(raw, format, head.Width, head.Height) > photoSpread {
			t.Errorf("%s: %d by %d is refused: %v", name, head.Width, head.Height, err)
		}
	}
}
