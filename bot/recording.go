package bot

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// recordingLimit is how many bytes of something spoken or filmed are taken in; a minute of a telephone's film in a chat is less.
const recordingLimit = 10 << 20

// errRecording is a file that is no recording which we can hand on.
var errRecording = errors.New("not a recording that can be handed on")

// FileKind is what a stored file is by its own bytes, for whoever shows it. What is no recording is a picture: every picture is
// stored as a JPEG that we made.
type FileKind struct {
	Media MediaKind // MediaPhoto, MediaVoice or MediaVideo
	Mime  string
	Ext   string // with its dot
}

// KindOf tells what a stored file is.
func KindOf(data []byte) FileKind {
	switch {
	case bytes.HasPrefix(data, []byte("OggS")):
		return FileKind{MediaVoice, "audio/ogg", ".ogg"}
	case !isMP4(data):
		return FileKind{MediaPhoto, "image/jpeg", ".jpg"}
	case bytes.Contains(data, []byte("vmhd")): // the head of a track that is seen
		return FileKind{MediaVideo, "video/mp4", ".mp4"}
	}
	return FileKind{MediaVoice, "audio/mp4", ".m4a"}
}

// isMP4 reports whether a file begins as an MP4 does (ISO/IEC 14496-12, §4.3).
func isMP4(data []byte) bool {
	const head = 12 // bytes: a size, "ftyp" and the brand
	return len(data) >= head && string(data[4:8]) == "ftyp"
}

// Unheard tells why something spoken or filmed cannot be handed on, before it is fetched; nil when it may be, or when it is no
// recording at all.
func (m Media) Unheard() *Refusal {
	if m.Recorded() && m.Size > recordingLimit {
		return Refuse("media.large.recording", "max", recordingLimit>>20)
	}
	return nil
}

// Recorded reports whether it is something spoken or filmed.
func (m Media) Recorded() bool { return m.Kind == MediaVoice || m.Kind == MediaVideo }

// KeepRecording makes room for something spoken or filmed and sends for it; its number is added to kept. It is stored as it came,
// without what its file says of place, time and camera.
func (t *Turn) KeepRecording(ctx context.Context, m Media, kept *[]int64, upTo int) error {
	if why := m.Unheard(); why != nil {
		return why
	}
	return t.keepFile(ctx, filmErrand, m, kept, upTo)
}

// recordingTask fetches something spoken or filmed, and stores it without what else its file tells.
var recordingTask = Task{
	Kind: filmErrand,
	Run: func(ctx context.Context, p Platform, e Errand) ([]byte, error) {
		_, file, _ := strings.Cut(string(e.Payload), " ")
		raw, err := p.Fetch(ctx, file, recordingLimit)
		if err != nil {
			return nil, fmt.Errorf("fetch recording: %w", err)
		}
		bare, err := bareRecording(raw)
		if err != nil {
			return nil, &FinalError{err}
		}
		return packed(bare, orb.Point{}, false), nil
	},
	Then: fileCame,
}

// bareRecording is a recording without what its file says beside sound and picture. Its size stays, since the places of sound and
// picture in it are counted from its beginning: what is taken out becomes free space (§8.1.2). It errors for what is neither Ogg
// nor MP4.
func bareRecording(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("OggS")):
		data := bytes.Clone(raw)
		return data, clearOgg(data)
	case isMP4(raw):
		data := bytes.Clone(raw)
		return data, clearBoxes(data, 0)
	}
	return nil, errRecording
}

// mostNested is how deep boxes lie in each other at most: the file, the film, a track.
const mostNested = 4

// clearBoxes empties the boxes that tell of more than sound and picture, in a file or in one of its boxes.
func clearBoxes(data []byte, depth int) error {
	const head = 8 // bytes: a size and a name
	for len(data) >= head {
		size, name := uint64(binary.BigEndian.Uint32(data)), string(data[4:head])
		body := uint64(head)
		switch {
		case size == 1 && len(data) >= 2*head: // a long size follows
			size, body = binary.BigEndian.Uint64(data[head:]), 2*head
		case size == 0: // up to the end
			size = uint64(len(data))
		}
		if size < body || size > uint64(len(data)) {
			return errRecording
		}
		box := data[body:size]
		switch name {
		case "udta", "meta", "uuid":
			copy(data[4:], "free")
			clear(box)
		case "mvhd", "tkhd", "mdhd":
			clearTimes(box)
		case "moov", "trak", "mdia":
			if depth >= mostNested {
				return errRecording
			}
			if err := clearBoxes(box, depth+1); err != nil {
				return err
			}
		}
		data = data[size:]
	}
	return nil
}

// clearTimes takes out when a film or a track was made and changed, which stands first in the head of either.
func clearTimes(head []byte) {
	const flags = 4 // bytes, with the version before all
	if len(head) < flags {
		return
	}
	times := 8 // bytes: two times
	if head[0] == 1 {
		times = 16
	}
	clear(head[flags:min(len(head), flags+times)])
}
