package bot

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// box is a box of an MP4.
func box(name string, body ...[]byte) []byte {
	data := bytes.Join(body, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), name...), data...)
}

// film is an MP4 that says where and when it was made, of a track that is seen or heard.
func film(track string) []byte {
	head := func(version byte) []byte {
		return append([]byte{version, 0, 0, 0}, bytes.Repeat([]byte{0xE1}, 40)...)
	}
	return bytes.Join([][]byte{
		box("ftyp", []byte("isom\x00\x00\x02\x00")),
		box("moov", box("mvhd", head(0)),
			box("trak", box("tkhd", head(1)), box("mdia", box("mdhd", head(0)), box("minf", box(track, []byte("....")))),
				box("udta", []byte("camera"))),
			box("udta", box("\xa9xyz", []byte("+51.6021+005.6056/"))), box("meta", []byte("com.apple.quicktime.location"))),
		box("uuid", []byte("made on a Tuesday")),
		box("mdat", []byte("pictures and sound")),
	}, nil)
}

func TestRecordingTellsOfSoundAndPictureAlone(t *testing.T) {
	for track, want := range map[string]FileKind{
		"vmhd": {MediaVideo, "video/mp4", ".mp4"}, "smhd": {MediaVoice, "audio/mp4", ".m4a"},
	} {
		raw := film(track)
		bare, err := bareRecording(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"+51.6021", "location", "camera", "Tuesday", "udta", "meta", "uuid"} {
			if bytes.Contains(bare, []byte(secret)) || !bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s: %q is kept, or never was there", track, secret)
			}
		}
		if len(bare) != len(raw) || bytes.Index(bare, []byte("pictures and sound")) != bytes.Index(raw, []byte("pictures and sound")) {
			t.Errorf("%s: sound and picture were moved", track)
		}
		for name, times := range map[string]int{"mvhd": 8, "mdhd": 8, "tkhd": 16} {
			at := bytes.Index(bare, []byte(name)) + 8
			if !bytes.Equal(bare[at:at+times], make([]byte, times)) || bare[at+times] != 0xE1 {
				t.Errorf("%s: the times of %s are % x", track, name, bare[at:at+times+1])
			}
		}
		if got := KindOf(bare); got != want {
			t.Errorf("%s is taken for %v", track, got)
		}
	}
}

func TestWhatIsNoRecordingIsNotTakenForOne(t *testing.T) {
	whole := film("vmhd")
	for name, raw := range map[string][]byte{
		"nothing": nil, "a picture": {0xFF, 0xD8, 0xFF, 0xE0}, "words": []byte("hallo, hoor je mij?"),
		"cut": whole[:len(whole)-40], "too deep": box("ftyp", []byte("isom"), nil),
	} {
		if name == "too deep" {
			deep := box("trak")
			for range 8 {
				deep = box("moov", deep)
			}
			raw = append(raw, deep...)
		}
		if _, err := bareRecording(raw); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if got := KindOf([]byte("OggS\x00")); got.Media != MediaVoice {
		t.Errorf("something spoken is taken for %v", got)
	}
	if got := KindOf([]byte{0xFF, 0xD8, 0xFF}); got.Media != MediaPhoto {
		t.Errorf("a picture is taken for %v", got)
	}
}

func FuzzBareRecording(f *testing.F) {
	f.Add(film("vmhd"))
	f.Add([]byte("OggS\x00\x02"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bare, err := bareRecording(raw); err == nil && len(bare) != len(raw) {
			t.Errorf("%d bytes became %d", len(raw), len(bare))
		}
	})
}
