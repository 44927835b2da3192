package bot

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
)

// block is metadata in either order of bytes: 51° 36' 7.5" north or south, 5° 36' 20" east or west.
func block(order binary.AppendByteOrder, mark, lat, lon string) []byte {
	b := append([]byte(mark), order.AppendUint16(nil, 42)...)
	b = order.AppendUint32(b, 8)
	entry := func(tag, kind uint16, count uint32, value []byte) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = append(b, value...)
	}
	at := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	b = order.AppendUint16(b, 1)
	entry(tagGPS, 4, 1, at(26))
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 4)
	entry(tagLatRef, 2, 2, []byte(lat+"\x00\x00\x00"))
	entry(tagLat, 5, 3, at(80))
	entry(tagLonRef, 2, 2, []byte(lon+"\x00\x00\x00"))
	entry(tagLon, 5, 3, at(104))
	b = order.AppendUint32(b, 0)
	for _, n := range []uint32{51, 1, 36, 1, 75, 10, 5, 1, 36, 1, 20, 1} {
		b = order.AppendUint32(b, n)
	}
	return b
}

// jpegWith is the beginning of a JPEG with a block of metadata.
func jpegWith(block []byte) []byte {
	out := []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1}
	out = binary.BigEndian.AppendUint16(out, uint16(8+len(block)))
	out = append(out, "Exif\x00\x00"...)
	return append(append(out, block...), 0xFF, 0xDA, 0, 2)
}

func TestPlaceOfAPictureIsReadInEitherOrderOfBytes(t *testing.T) {
	for name, c := range map[string]struct {
		block    []byte
		lat, lon float64
	}{
		"big":        {block(binary.BigEndian, "MM", "N", "E"), 51.602083, 5.605556},
		"little":     {block(binary.LittleEndian, "II", "N", "E"), 51.602083, 5.605556},
		"south west": {block(binary.BigEndian, "MM", "S", "W"), -51.602083, -5.605556},
	} {
		at, ok := madeAt(jpegWith(c.block))
		if !ok || math.Abs(at.Lat()-c.lat) > 1e-5 || math.Abs(at.Lon()-c.lon) > 1e-5 {
			t.Errorf("%s: %v, %t", name, at, ok)
		}
	}
}

func TestPictureWithoutAPlaceHasNone(t *testing.T) {
	whole := block(binary.BigEndian, "MM", "N", "E")
	noSeconds := bytes.Clone(whole)
	binary.BigEndian.PutUint32(noSeconds[80+20:], 0) // a share of nothing
	for name, raw := range map[string][]byte{
		"nothing": nil, "no JPEG": []byte("%PDF"), "no metadata": {0xFF, 0xD8, 0xFF, 0xDA, 0, 2},
		"another order": jpegWith(append([]byte("XX"), whole[2:]...)), "no such tag": jpegWith(whole[:10]),
		"share of nothing": jpegWith(noSeconds),
	} {
		if at, ok := madeAt(raw); ok {
			t.Errorf("%s: %v", name, at)
		}
	}
	for n := range whole {
		if at, ok := madeAt(jpegWith(whole[:n])); ok && n < len(whole) {
			t.Errorf("cut after %d bytes: %v", n, at)
		}
	}
}

func FuzzMadeAt(f *testing.F) {
	f.Add(jpegWith(block(binary.BigEndian, "MM", "N", "E")))
	f.Add(jpegWith(block(binary.LittleEndian, "II", "S", "W")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if at, ok := madeAt(raw); ok && (math.Abs(at.Lat()) > 90 || math.Abs(at.Lon()) > 180) {
			t.Errorf("%v is nowhere", at)
		}
	})
}

func TestPictureGoesOnAsItCame(t *testing.T) {
	at, _ := madeAt(jpegWith(block(binary.BigEndian, "MM", "N", "E")))
	for _, placed := range []bool{true, false} {
		picture, got, is := unpacked(packed([]byte{1, 2, 3}, at, placed))
		if !bytes.Equal(picture, []byte{1, 2, 3}) || is != placed || placed && got != at {
			t.Errorf("%v %v %t", picture, got, is)
		}
	}
	if picture, _, placed := unpacked(nil); len(picture) != 0 || placed {
		t.Error("nothing became something")
	}
}
