package bot_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// A file that says that it is a picture becomes a small JPEG, or an error: whatever is in it.
func FuzzBare(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add(append(bytes.Clone(b.Bytes()), "<script>"...))
	f.Add([]byte("GIF89a\x01\x00\x01\x00"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		small, err := bot.Bare(raw)
		if err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(small)); err != nil || len(small) > 400<<10 {
			t.Errorf("%d bytes, %v", len(small), err)
		}
	})
}

// A schedule is read or refused, and never stops the program.
func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"0 9 * * *", "*/5 * * * 1-5", "TZ=0", "@every 0s", "99 99 99 99 99", "0 0 31 2 *", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if schedule, err := bot.ParseSpec(s); err == nil && schedule == nil {
			t.Errorf("%q is neither", s)
		}
	})
}
