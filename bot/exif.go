package bot

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// What of a picture's metadata is read: where it was made, which side is up, and nothing else (Exif 2.32, JEITA CP-3451E,
// §4.6.4 and §4.6.6; TIFF 6.0).
// A library would read all of it; these few tags are less to trust with a stranger's bytes.
const (
	markerApp1 = 0xE1
	markerScan = 0xDA
	tagGPS     = 0x8825
	tagLatRef  = 1
	tagLat     = 2
	tagLonRef  = 3
	tagLon     = 4
	sizeEntry  = 12 // bytes of an entry of a directory
	mostTags   = 200
)

// madeAt is where a JPEG says that it was made; false when it does not say. It is read to be asked about once, and never
// stored.
func madeAt(raw []byte) (orb.Point, bool) {
	t, ok := exifOf(raw)
	if !ok {
		return orb.Point{}, false
	}
	gps := t.find(t.long(4), tagGPS)
	if gps == nil {
		return orb.Point{}, false
	}
	at := int(t.order.Uint32(gps[8:]))
	lat, latOK := t.angle(at, tagLatRef, tagLat)
	lon, lonOK := t.angle(at, tagLonRef, tagLon)
	point := orb.Point{lon, lat}
	return point, latOK && lonOK && civic.Valid(point) && point != orb.Point{}
}

// tiff is the block in which metadata lies, with offsets from its beginning.
type tiff struct {
	data  []byte
	order binary.ByteOrder
}

// exifOf finds the block of metadata in a JPEG.
func exifOf(raw []byte) (tiff, bool) {
	head := []byte("Exif\x00\x00")
	for marker, body := range segments(raw) {
		if marker == markerApp1 && bytes.HasPrefix(body, head) {
			return tiffOf(body[len(head):])
		}
	}
	return tiff{}, false
}

func tiffOf(data []byte) (tiff, bool) {
	const header = 8 // bytes
	if len(data) < header {
		return tiff{}, false
	}
	switch string(data[:2]) {
	case "II":
		return tiff{data, binary.LittleEndian}, true
	case "MM":
		return tiff{data, binary.BigEndian}, true
	}
	return tiff{}, false
}

// long is the number at a place in the block; 0 when it does not reach that far.
func (t tiff) long(at int) int {
	if at < 0 || at+4 > len(t.data) {
		return 0
	}
	return int(t.order.Uint32(t.data[at:]))
}

// find is the entry of a tag in the directory at a place; nil when there is none.
func (t tiff) find(at int, tag uint16) []byte {
	if at <= 0 || at+2 > len(t.data) {
		return nil
	}
	n := min(int(t.order.Uint16(t.data[at:])), mostTags)
	for i := range n {
		from := at + 2 + i*sizeEntry
		if from+sizeEntry > len(t.data) {
			return nil
		}
		if entry := t.data[from : from+sizeEntry]; t.order.Uint16(entry) == tag {
			return entry
		}
	}
	return nil
}

// angle is degrees, minutes and seconds as degrees, south and west below zero.
func (t tiff) angle(directory int, ref, tag uint16) (float64, bool) {
	side, entry := t.find(directory, ref), t.find(directory, tag)
	if side == nil || entry == nil || t.order.Uint32(entry[4:]) != 3 {
		return 0, false
	}
	at, degrees := int(t.order.Uint32(entry[8:])), 0.0
	for i, share := range []float64{1, 60, 3600} {
		over, under := t.long(at+8*i), t.long(at+8*i+4)
		if under == 0 {
			return 0, false
		}
		degrees += float64(over) / float64(under) / share
	}
	if side[8] == 'S' || side[8] == 'W' {
		degrees = -degrees
	}
	return degrees, !math.IsNaN(degrees)
}
