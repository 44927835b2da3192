package bot

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// What a page of an Ogg file is made of (RFC 3533, §6).
const (
	oggHead    = 27 // bytes before the table of segments
	oggFlags   = 5  // where the flags are
	oggSerial  = 14 // where the number of its stream is
	oggCheck   = 22 // where its checksum is
	oggTable   = 26 // where the number of segments is
	oggFollows = 1  // flag: its first segment goes on with the packet of the page before
	oggFirst   = 2  // flag: it is the first page of its stream
	oggSegment = 255
)

// oggPage is a page within a file.
type oggPage struct {
	whole    []byte
	segments []byte // their lengths
	body     []byte
}

func (p oggPage) serial() uint32 { return binary.LittleEndian.Uint32(p.whole[oggSerial:]) }

// nextPage takes the first page off a file.
func nextPage(data []byte) (oggPage, []byte, error) {
	if len(data) < oggHead || !bytes.HasPrefix(data, []byte("OggS")) || data[4] != 0 {
		return oggPage{}, nil, fmt.Errorf("%w: no page of an Ogg file", errRecording)
	}
	table := oggHead + int(data[oggTable])
	if len(data) < table {
		return oggPage{}, nil, fmt.Errorf("%w: a page without an end", errRecording)
	}
	size := table
	for _, n := range data[oggHead:table] {
		size += int(n)
	}
	if len(data) < size {
		return oggPage{}, nil, fmt.Errorf("%w: a page without an end", errRecording)
	}
	return oggPage{data[:size], data[oggHead:table], data[table:size]}, data[size:], nil
}

// oggStream is a stream of a file, of which the first two packets are read.
type oggStream struct {
	magic   int // how many bytes its comments begin with, before all that is told
	end     int // byte after the comments that has to be set; -1 = none
	packets int // that ended already
	at      int // bytes of the packet that is being read
}

// oggKind is a stream by its first packet: of Opus (RFC 7845, §5.1), Vorbis (Vorbis I, §4.2.1) and Speex. There may be others,
// and what they tell where is not known here.
func oggKind(packet []byte) (*oggStream, error) {
	const counts = 8 // bytes: the lengths of the maker's name and of the list, both nought
	switch {
	case bytes.HasPrefix(packet, []byte("OpusHead")):
		return &oggStream{magic: len("OpusTags"), end: -1}, nil
	case bytes.HasPrefix(packet, []byte("\x01vorbis")):
		const magic = len("\x03vorbis")
		return &oggStream{magic: magic, end: magic + counts}, nil // the framing bit
	case bytes.HasPrefix(packet, []byte("Speex   ")):
		return &oggStream{end: -1}, nil
	}
	return nil, fmt.Errorf("%w: an Ogg stream of another kind", errRecording)
}

// clearOgg takes the comments out of an Ogg file: title, date, place, and the name of what made it. The packet that holds them
// keeps its length, and says that there are none; what follows is empty (RFC 7845, §5.2). Pages that change get their
// checksum anew. It errors for what is no such file, and for streams of which it is not known where their comments are.
func clearOgg(data []byte) error {
	streams := map[uint32]*oggStream{}
	for rest := data; len(rest) > 0; {
		var p oggPage
		var err error
		if p, rest, err = nextPage(rest); err != nil {
			return err
		}
		s := streams[p.serial()]
		switch first := p.whole[oggFlags]&oggFirst != 0; {
		case first:
			if s, err = oggKind(p.body); err != nil {
				return err
			}
			streams[p.serial()] = s
		case s == nil:
			return fmt.Errorf("%w: a stream without a beginning", errRecording)
		}
		if s.empty(p) {
			binary.LittleEndian.PutUint32(p.whole[oggCheck:], 0)
			binary.LittleEndian.PutUint32(p.whole[oggCheck:], oggSum(p.whole))
		}
	}
	if len(streams) == 0 {
		return errRecording
	}
	return nil
}

// empty empties what a page holds of the second packet of its stream, and reports whether it held any.
func (s *oggStream) empty(p oggPage) bool {
	changed := false
	body := p.body
	for _, n := range p.segments {
		segment := body[:n]
		body = body[n:]
		if s.packets == 1 {
			changed = true
			s.blank(segment)
		}
		s.at += len(segment)
		if n < oggSegment {
			s.packets, s.at = s.packets+1, 0
		}
	}
	return changed
}

// blank empties part of the comments, but for what they begin with.
func (s *oggStream) blank(segment []byte) {
	for i := range segment {
		switch at := s.at + i; {
		case at < s.magic:
		case at == s.end:
			segment[i] = 1
		default:
			segment[i] = 0
		}
	}
}

// oggSum is the checksum of a page whose own checksum is nought: a CRC of 32 bits that is fed with the highest bit first, and
// neither begins nor ends with ones (RFC 3533, §6).
func oggSum(page []byte) uint32 {
	var sum uint32
	for _, b := range page {
		sum = sum<<8 ^ oggSums[byte(sum>>24)^b]
	}
	return sum
}

var oggSums = func() (table [256]uint32) {
	const polynomial = 0x04c11db7
	for i := range table {
		sum := uint32(i) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ polynomial
			} else {
				sum <<= 1
			}
		}
		table[i] = sum
	}
	return table
}()
