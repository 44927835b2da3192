package bot

import (
	"encoding/binary"
	"iter"
)

// photoSpread is how many bytes of memory a picture may take while it is unpacked: less than half of what the service may
// take in all, because those of the picture before may not be free again.
const photoSpread = 200_000_000

// The markers of a JPEG that say how it is to be unpacked (ITU-T T.81, table B.1).
const (
	markerBaseline    = 0xC0
	markerExtended    = 0xC1
	markerProgressive = 0xC2
	markerAdobe       = 0xEE
)

// spread is how many bytes of memory the unpacking of a picture of w by h pixels takes at most, by what its header says; a
// header that cannot be followed is taken for the worst that there is.
func spread(raw []byte, format string, w, h int) int {
	const (
		pixel = 4 // bytes of a plain picture's
		deep  = 2 * pixel
	)
	switch format {
	case "jpeg":
		return spreadOfJPEG(raw, w*h)
	case "png":
		return spreadOfPNG(raw, w*h*pixel)
	}
	return w * h * deep // WebP without losses is unpacked into a second picture
}

// spreadOfPNG takes the bytes of a picture of eight bits. It is twice that for one of sixteen bits, and a picture that comes
// in passes has the last of them, which is half of it, beside it (PNG, 11.2.1).
func spreadOfPNG(raw []byte, plain int) int {
	const depth, passes = 24, 28 // where the header says so
	if len(raw) <= passes {
		return 3 * plain
	}
	if raw[depth] == 16 {
		plain *= 2
	}
	if raw[passes] != 0 {
		plain += plain / 2
	}
	return plain
}

// spreadOfJPEG counts a byte for each sample, and four for each coefficient of a progressive one, which are kept until the
// last scan; a picture that is not in the usual colours is turned into a second one.
func spreadOfJPEG(raw []byte, pixels int) int {
	const (
		coefficient = 4
		second      = 4
		most        = 4 // components
	)
	adobe := false
	for marker, body := range segments(raw) {
		switch marker {
		case markerAdobe:
			adobe = true
		case markerBaseline, markerExtended, markerProgressive:
			samples, usual, ok := frame(body)
			if !ok {
				return pixels * (most*(1+coefficient) + second)
			}
			if marker == markerProgressive {
				samples *= 1 + coefficient
			}
			if adobe || !usual {
				samples += pixels * second
			}
			return samples
		}
	}
	return pixels * (most*(1+coefficient) + second)
}

// frame is how many samples a JPEG's frame header promises, whole blocks of 8 by 8 as they are, and whether it is grey or in
// the usual three colours (ITU-T T.81, B.2.2 and A.2.4); false when it is none.
func frame(body []byte) (samples int, usual, ok bool) {
	const head, each, side = 6, 3, 8
	if len(body) < head+each || len(body) != head+each*int(body[5]) {
		return 0, false, false
	}
	h, w := int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	across, down, blocks, names := 1, 1, 0, ""
	for c := body[head:]; len(c) > 0; c = c[each:] {
		x, y := int(c[1]>>4), int(c[1]&0xF)
		if len(body) == head+each { // one component is never interleaved
			x, y = 1, 1
		}
		across, down, blocks, names = max(across, x), max(down, y), blocks+x*y, names+string(c[:1])
	}
	units := up(w, side*across) * up(h, side*down)
	return units * blocks * side * side, len(names) != 4 && names != "RGB", true
}

// up is a divided by b, rounded up.
func up(a, b int) int { return (a + b - 1) / b }

// segments are the marked parts of a JPEG before its first scan. They end at the first that is not as it should be.
func segments(raw []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for rest := raw[min(2, len(raw)):]; len(rest) >= 4 && rest[0] == 0xFF && rest[1] >= markerBaseline; {
			marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
			if alone := marker >= 0xD0 && marker < markerScan; alone || marker == markerScan || marker == 0xFF ||
				size < 2 || 2+size > len(rest) || !yield(marker, rest[4:2+size]) {
				return
			}
			rest = rest[2+size:]
		}
	}
}
