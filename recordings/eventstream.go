package recordings

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
)

// This file walks AWS event streams (application/vnd.amazon.eventstream) so
// that secrets inside frames can be found and replaced, and so that a frame can
// be shown as a line. It decodes no further than that.

const (
	preludeLen  = 12 // total length, header length, checksum of the two
	minFrameLen = preludeLen + 4

	headerTypeBytes  = 6
	headerTypeString = 7
)

var errFrame = errors.New("malformed event-stream frame")

// A frame is one message of an event stream.
type frame struct {
	raw     []byte
	headers []frameHeader
	payload []byte
}

// A frameHeader keeps its value as it is on the wire, without the length that
// comes before bytes and strings.
type frameHeader struct {
	name  string
	kind  byte
	value []byte
}

// text returns the value of the string header called name, or "".
func (f frame) text(name string) string {
	for _, h := range f.headers {
		if h.name == name && h.kind == headerTypeString {
			return string(h.value)
		}
	}
	return ""
}

// label names the frame for a reader: its event or exception type.
func (f frame) label() string {
	for _, name := range []string{":event-type", ":exception-type", ":error-code", ":message-type"} {
		if label := f.text(name); label != "" {
			return label
		}
	}
	return "frame"
}

// splitFrames returns the whole frames at the start of b and the bytes that
// follow them. The error is nil exactly if nothing follows.
func splitFrames(b []byte) (frames []frame, rest []byte, err error) {
	for len(b) > 0 {
		f, err := parseFrame(b)
		if err != nil {
			return frames, b, err
		}
		frames = append(frames, f)
		b = b[len(f.raw):]
	}
	return frames, nil, nil
}

func parseFrame(b []byte) (frame, error) {
	if len(b) < minFrameLen {
		return frame{}, fmt.Errorf("%w: %d bytes are too few", errFrame, len(b))
	}
	total := binary.BigEndian.Uint32(b)
	headerLen := binary.BigEndian.Uint32(b[4:])
	if crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) {
		return frame{}, fmt.Errorf("%w: prelude checksum does not match", errFrame)
	}
	if total < minFrameLen || uint64(total) > uint64(len(b)) || headerLen > total-minFrameLen {
		return frame{}, fmt.Errorf("%w: lengths %d and %d do not fit in %d bytes", errFrame, total, headerLen, len(b))
	}
	raw := b[:total:total]
	if crc32.ChecksumIEEE(raw[:total-4]) != binary.BigEndian.Uint32(raw[total-4:]) {
		return frame{}, fmt.Errorf("%w: message checksum does not match", errFrame)
	}
	headers, err := parseFrameHeaders(raw[preludeLen : preludeLen+headerLen])
	if err != nil {
		return frame{}, err
	}
	return frame{raw: raw, headers: headers, payload: raw[preludeLen+headerLen : total-4]}, nil
}

func parseFrameHeaders(b []byte) ([]frameHeader, error) {
	var headers []frameHeader
	for len(b) > 0 {
		nameLen := int(b[0])
		if len(b) < 1+nameLen+1 {
			return nil, fmt.Errorf("%w: header name is cut", errFrame)
		}
		h := frameHeader{name: string(b[1 : 1+nameLen]), kind: b[1+nameLen]}
		b = b[1+nameLen+1:]
		size, ok := headerValueLen(h.kind, b)
		if !ok {
			return nil, fmt.Errorf("%w: header %q of type %d is cut or unknown", errFrame, h.name, h.kind)
		}
		if h.kind == headerTypeBytes || h.kind == headerTypeString {
			b = b[2:]
		}
		h.value, b = b[:size:size], b[size:]
		headers = append(headers, h)
	}
	return headers, nil
}

// headerValueLen returns the size of a value of the given type at the start of
// b, without its length prefix, and reports whether b holds it whole.
func headerValueLen(kind byte, b []byte) (int, bool) {
	size, prefix := 0, 0
	switch kind {
	case 0, 1: // true, false
	case 2: // byte
		size = 1
	case 3: // int16
		size = 2
	case 4: // int32
		size = 4
	case 5, 8: // int64, timestamp
		size = 8
	case 9: // UUID
		size = 16
	case headerTypeBytes, headerTypeString:
		if len(b) < 2 {
			return 0, false
		}
		size, prefix = int(binary.BigEndian.Uint16(b)), 2
	default:
		return 0, false
	}
	return size, len(b) >= prefix+size
}

// appendFrame appends a frame of the given headers and payload, with its
// lengths and checksums. String and bytes values must be under 64 KiB.
func appendFrame(b []byte, headers []frameHeader, payload []byte) []byte {
	var hs []byte
	for _, h := range headers {
		hs = append(hs, byte(len(h.name)))
		hs = append(hs, h.name...)
		hs = append(hs, h.kind)
		if h.kind == headerTypeBytes || h.kind == headerTypeString {
			hs = binary.BigEndian.AppendUint16(hs, uint16(len(h.value)))
		}
		hs = append(hs, h.value...)
	}
	start := len(b)
	b = binary.BigEndian.AppendUint32(b, uint32(minFrameLen+len(hs)+len(payload)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(hs)))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
	b = append(b, hs...)
	b = append(b, payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// isEventStream reports whether a message with these headers and body is an
// event stream: it says so, or it starts with a whole frame.
func isEventStream(h http.Header, body []byte) bool {
	if strings.HasPrefix(h.Get("Content-Type"), "application/vnd.amazon.eventstream") {
		return true
	}
	_, err := parseFrame(body)
	return err == nil
}
