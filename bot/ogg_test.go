package bot

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
)

// page is a page of an Ogg file that holds packets; what is longer than a page can hold goes on in the next one.
func page(serial uint32, flags byte, packets ...[]byte) []byte {
	var table, body []byte
	for _, p := range packets {
		for n := len(p); ; n -= oggSegment {
			table = append(table, byte(min(n, oggSegment)))
			if n < oggSegment {
				break
			}
		}
		body = append(body, p...)
	}
	var pages []byte
	for len(table) > 0 {
		n := min(len(table), 255)
		size := 0
		for _, s := range table[:n] {
			size += int(s)
		}
		head := append([]byte("OggS\x00"), flags)
		head = append(head, make([]byte, 8)...)
		head = binary.LittleEndian.AppendUint32(head, serial)
		head = append(head, make([]byte, 8)...)
		head = append(append(append(head, byte(n)), table[:n]...), body[:size]...)
		binary.LittleEndian.PutUint32(head[oggCheck:], oggSum(head))
		pages = append(pages, head...)
		table, body, flags = table[n:], body[size:], oggFollows
	}
	return pages
}

// comments is a list of comments as both kinds have it (Vorbis I, §5.2.1).
func comments(vendor string, all ...string) []byte {
	list := binary.LittleEndian.AppendUint32(nil, uint32(len(vendor)))
	list = binary.LittleEndian.AppendUint32(append(list, vendor...), uint32(len(all)))
	for _, c := range all {
		list = append(binary.LittleEndian.AppendUint32(list, uint32(len(c))), c...)
	}
	return list
}

const sound = "this is what was spoken"

func spokenOpus(more ...string) []byte {
	tags := append([]byte("OpusTags"), comments("phone of Ana", append(more, "LOCATION=+51.6021+005.6056/")...)...)
	return bytes.Join([][]byte{
		page(7, oggFirst, []byte("OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00")), page(7, 0, tags), page(7, 0, []byte(sound)),
	}, nil)
}

func spokenVorbis() []byte {
	told := append(append([]byte("\x03vorbis"), comments("phone of Ana", "DATE=today", "LOCATION=+51.6021+005.6056/")...), 1)
	return bytes.Join([][]byte{
		page(9, oggFirst, []byte("\x01vorbis and its rates")), page(9, 0, told, []byte("\x05vorbis books")), page(9, 0, []byte(sound)),
	}, nil)
}

// whole reads the packets of a file, with every checksum right.
func whole(t *testing.T, data []byte) [][]byte {
	t.Helper()
	var packets [][]byte
	open := false
	for len(data) > 0 {
		p, rest, err := nextPage(data)
		if err != nil {
			t.Fatal(err)
		}
		data = rest
		clean := bytes.Clone(p.whole)
		clear(clean[oggCheck : oggCheck+4])
		if want := binary.LittleEndian.Uint32(p.whole[oggCheck:]); oggSum(clean) != want {
			t.Errorf("checksum %08x, want %08x", oggSum(clean), want)
		}
		body := p.body
		for _, n := range p.segments {
			if !open {
				packets = append(packets, nil)
			}
			packets[len(packets)-1] = append(packets[len(packets)-1], body[:n]...)
			body, open = body[n:], n == oggSegment
		}
	}
	return packets
}

func TestSpokenFileTellsOfSoundAlone(t *testing.T) {
	long := "DESCRIPTION=" + strings.Repeat("where I live ", 8000) // over several pages
	for name, raw := range map[string][]byte{"opus": spokenOpus(), "vorbis": spokenVorbis(), "long": spokenOpus(long)} {
		before := whole(t, raw)
		bare, err := bareRecording(raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, secret := range []string{"Ana", "LOCATION", "51.6021", "today", "where I live"} {
			if bytes.Contains(bare, []byte(secret)) {
				t.Errorf("%s: %q is kept", name, secret)
			}
		}
		after := whole(t, bare)
		if len(after) != len(before) || len(bare) != len(raw) || !bytes.Contains(raw, []byte("LOCATION")) {
			t.Fatalf("%s: %d packets became %d", name, len(before), len(after))
		}
		for i := range after {
			if i != 1 && !bytes.Equal(after[i], before[i]) {
				t.Errorf("%s: packet %d was changed", name, i)
			}
		}
		empty := append([]byte("OpusTags"), make([]byte, 8)...)
		if name == "vorbis" {
			empty = append(append([]byte("\x03vorbis"), make([]byte, 8)...), 1)
		}
		if !bytes.HasPrefix(after[1], empty) {
			t.Errorf("%s: the comments begin with %q", name, after[1][:20])
		}
	}
}

// The sum in the first page of a file that another program made is the one that we reckon.
func TestSumOfAPageIsThatOfOthers(t *testing.T) {
	first, err := hex.DecodeString("4f67675300020000000000000000cec64149000000007079f33d011e01" +
		"766f72626973000000000244ac0000000000000371020000000000b801")
	if err != nil {
		t.Fatal(err)
	}
	if len(whole(t, first)) != 1 {
		t.Error("it holds more than one packet")
	}
}

func TestWhatIsNoSpokenFileIsNotTaken(t *testing.T) {
	good := spokenOpus()
	for name, raw := range map[string][]byte{
		"cut": good[:len(good)-3], "a head alone": good[:20], "a film": page(1, oggFirst, []byte("\x80theora")),
		"no beginning": page(1, 0, []byte(sound)), "words": []byte("OggS\x00\x02 hallo"), "more behind it": append(bytes.Clone(good), "EXIF"...),
		"another in it": append(bytes.Clone(good), page(8, oggFirst, []byte("fishead"))...),
	} {
		if _, err := bareRecording(raw); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzClearOgg(f *testing.F) {
	f.Add(spokenOpus())
	f.Add(spokenVorbis())
	f.Add(spokenOpus(strings.Repeat("x", 70_000)))
	f.Add(page(1, oggFirst, []byte("Speex   ")))
	f.Add(page(1, oggFirst))
	f.Add(append(spokenOpus(), spokenVorbis()...))
	f.Add([]byte("OggS"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		data := bytes.Clone(raw)
		if clearOgg(data) != nil {
			return
		}
		if len(data) != len(raw) || bytes.Contains(data, []byte("LOCATION=+51")) && !bytes.Contains(raw, []byte("LOCATION=+51")) {
			t.Errorf("%d bytes became %d", len(raw), len(data))
		}
		again := bytes.Clone(data)
		if err := clearOgg(again); err != nil || !bytes.Equal(again, data) {
			t.Errorf("what was cleared changes when it is cleared again: %v", err)
		}
	})
}
