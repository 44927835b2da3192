package flows_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"strings"
	"testing"
)

// pictureOf is the file that a transcript calls "picture WHAT".
func pictureOf(what string) []byte {
	var lat, lon float64
	if _, err := fmt.Sscanf(what, "@%g,%g", &lat, &lon); err == nil {
		return placedPicture(lat, lon)
	}
	switch what {
	case "huge":
		return hugePicture()
	case "false":
		return []byte("%PDF-1.7 this is no picture, whatever its name says")
	}
	return nil
}

// placedPicture is a JPEG whose metadata says where it was made, as telephones write it.
func placedPicture(lat, lon float64) []byte {
	jpg := testPhoto()
	block := placeBlock(lat, lon)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(2+6+len(block)))
	out = append(out, "Exif\x00\x00"...)
	out = append(out, block...)
	return append(out, jpg[2:]...)
}

// placeBlock is the metadata: a directory that points to one of four tags.
func placeBlock(lat, lon float64) []byte {
	const directory, places = 26, 26 + 2 + 4*12 + 4
	b := []byte("MM\x00\x2A\x00\x00\x00\x08")
	b = binary.BigEndian.AppendUint16(b, 1)
	b = entry(b, 0x8825, 4, 1, directory)
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint16(b, 4)
	b = entry(b, 1, 2, 2, uint32('N')<<24)
	b = entry(b, 2, 5, 3, places)
	b = entry(b, 3, 2, 2, uint32('E')<<24)
	b = entry(b, 4, 5, 3, places+24)
	b = binary.BigEndian.AppendUint32(b, 0)
	return append(b, append(rationals(lat), rationals(lon)...)...)
}

func entry(b []byte, tag, kind uint16, count, value uint32) []byte {
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint32(b, count)
	return binary.BigEndian.AppendUint32(b, value)
}

// rationals are degrees, minutes and hundred-thousandths of seconds.
func rationals(degrees float64) []byte {
	const fine = 100000
	whole, rest := math.Modf(degrees)
	minutes, rest := math.Modf(rest * 60)
	var b []byte
	for _, pair := range [][2]uint32{{uint32(whole), 1}, {uint32(minutes), 1}, {uint32(rest * 60 * fine), fine}} {
		b = binary.BigEndian.AppendUint32(b, pair[0])
		b = binary.BigEndian.AppendUint32(b, pair[1])
	}
	return b
}

// readBack is an angle as it is read from its rationals.
func readBack(degrees float64) float64 {
	b, sum := rationals(degrees), 0.0
	for i, share := range []float64{1, 60, 3600} {
		over, under := binary.BigEndian.Uint32(b[8*i:]), binary.BigEndian.Uint32(b[8*i+4:])
		sum += float64(over) / float64(under) / share
	}
	return sum
}

// hugePicture is the head of a PNG of 7,000 by 6,000 pixels, which is more than is unpacked.
func hugePicture() []byte {
	var head []byte
	head = binary.BigEndian.AppendUint32(head, 7000)
	head = binary.BigEndian.AppendUint32(head, 6000)
	head = append(head, 8, 2, 0, 0, 0)
	out := []byte("\x89PNG\r\n\x1a\n")
	out = binary.BigEndian.AppendUint32(out, uint32(len(head)))
	chunk := append([]byte("IHDR"), head...)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// Of where a picture was made nothing stays, in no form: not in the database, its log or a copy of it.
func TestPlaceOfAPictureIsKeptNowhere(t *testing.T) {
	const lat, lon = 51.60213, 5.60561 // no point of a street of the example
	tr := readTranscript(t, "testdata/report-shot.txtar")
	p := open(t, tr, mode{searched: true})
	defer p.close()
	secrets := [][]byte{rationals(lat), rationals(lon), []byte("Exif"), []byte("51.60213"), []byte("5.60561"), placeBlock(lat, lon)[:40]}
	for _, degrees := range []float64{lat, lon, readBack(lat), readBack(lon)} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			secrets = append(secrets, order.AppendUint64(nil, math.Float64bits(degrees)))
		}
	}
	asked := false
	for i, line := range tr.script() {
		for _, said := range p.line(line) {
			asked = asked || strings.Contains(said, "De foto is gemaakt bij Kastanjelaan")
		}
		p.nowhere(t, fmt.Sprintf("after line %d, %q", i+1, line), secrets)
	}
	if !asked {
		t.Error("the place of the picture was never suggested, so there was nothing to keep")
	}
	copied := p.path + ".copy"
	p.check(p.store.Backup(p.ctx, copied))
	p.holds(t, "the copy", copied, secrets)
}

// nowhere looks for secrets in every file of the database.
func (p *player) nowhere(t *testing.T, when string, secrets [][]byte) {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		p.holds(t, when, p.path+end, secrets)
	}
}

func (p *player) holds(t *testing.T, when, path string, secrets [][]byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for i, secret := range secrets {
		if bytes.Contains(raw, secret) {
			t.Errorf("%s: %s holds secret %d, %q", when, path, i, secret)
		}
	}
}
