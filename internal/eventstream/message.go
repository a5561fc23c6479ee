package eventstream

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// A Message is a whole frame that lies in memory, with every header in its
// order and of its type. It is for those who look at a recorded stream or write
// it anew; a stream that arrives is read by a [Decoder].
type Message struct {
	Raw     []byte  // the frame, checksums included
	Fields  []Field // its headers
	Payload []byte  // part of Raw
}

// A Field is a header of any type.
type Field struct {
	Name  string
	Type  byte   // as on the wire, such as [TypeString]
	Value []byte // as on the wire, without the length before bytes and strings
}

// Types of fields whose values have a length of their own.
const (
	TypeBytes  byte = typeBytes
	TypeString byte = typeString
)

// Begins reports whether b begins as a frame does: with two lengths and their
// checksum. It is cheap, and right but for one of four billion other texts.
func Begins(b []byte) bool {
	return len(b) >= preludeLen && b[0] <= MaxFrame>>24 && crc32.ChecksumIEEE(b[:lengthsLen]) == binary.BigEndian.Uint32(b[lengthsLen:])
}

// Parse returns the frame at the start of b. It shares memory with b. The error
// matches what [Error.Err] would match: [io.ErrUnexpectedEOF] if b ends inside
// the frame.
func Parse(b []byte) (Message, error) {
	m, _, err := parse(b, nil)
	return m, err
}

// ParseInto is [Parse] with the memory of fields, from its start, for those of
// the frame. It saves who looks at one frame after the other the allocations.
func ParseInto(b []byte, fields []Field) (Message, error) {
	m, _, err := parse(b, fields[:0])
	return m, err
}

// parse is Parse with the fields appended to those of other frames, so that a
// stream takes few allocations. It returns the longer slice.
func parse(b []byte, fields []Field) (Message, []Field, error) {
	if len(b) < preludeLen {
		return Message{}, fields, cutAfter(len(b))
	}
	total, headers, err := parsePrelude(b)
	if err != nil {
		return Message{}, fields, err
	}
	if len(b) < total {
		return Message{}, fields, cutAfter(len(b))
	}
	raw := b[:total:total]
	body, split := raw[:total-4], preludeLen+headers
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(raw[total-4:]) {
		return Message{}, fields, fmt.Errorf("message: %w", ErrChecksum)
	}
	start := len(fields)
	if fields, err = appendFields(fields, body[preludeLen:split]); err != nil {
		return Message{}, fields, err
	}
	return Message{Raw: raw, Fields: fields[start:len(fields):len(fields)], Payload: body[split:len(body):len(body)]}, fields, nil
}

// cutAfter is the error for a frame of which only n bytes are there.
func cutAfter(n int) error {
	return fmt.Errorf("stream ends after %d bytes of the frame: %w", n, io.ErrUnexpectedEOF)
}

// Split returns the whole frames at the start of b and the bytes behind them.
// The error says what is wrong with those, and is nil if there are none.
func Split(b []byte) (messages []Message, rest []byte, err error) {
	if n := count(b); n > 0 {
		messages = make([]Message, 0, n)
	}
	var fields []Field
	for len(b) > 0 {
		var m Message
		if m, fields, err = parse(b, fields); err != nil {
			return messages, b, err
		}
		messages = append(messages, m)
		b = b[len(m.Raw):]
	}
	return messages, nil, nil
}

// count returns how many frames b has by their lengths alone.
func count(b []byte) int {
	n := 0
	for len(b) >= preludeLen {
		total := binary.BigEndian.Uint32(b)
		if total < preludeLen+4 || uint64(total) > uint64(len(b)) {
			break
		}
		b = b[total:]
		n++
	}
	return n
}

// appendFields appends the headers in b. Their values are slices of it.
func appendFields(fields []Field, b []byte) ([]Field, error) {
	for len(b) > 0 {
		name, typ, value, rest, err := cutHeader(b)
		if err != nil {
			return fields, err
		}
		fields = append(fields, Field{Name: intern(name), Type: typ, Value: value})
		b = rest
	}
	return fields, nil
}

// Text returns the value of the last string field of that name, or "".
func (m Message) Text(name string) string {
	text := ""
	for _, f := range m.Fields {
		if f.Name != name {
			continue
		}
		text = ""
		if f.Type == typeString {
			text = string(f.Value)
		}
	}
	return text
}

// Label names the frame for a reader: its event, its exception, its error, or
// else what type of message it is.
func (m Message) Label() string {
	for _, name := range []string{headerEventType, headerExceptionType, headerErrorCode, headerMessageType} {
		if label := m.Text(name); label != "" {
			return label
		}
	}
	return "frame"
}

// AppendMessage appends a frame of the given fields and payload to dst, with
// its lengths and checksums, as [Append] does. A value of bytes or string may
// have up to 65,535 bytes; other values must have the length of their type.
func AppendMessage(dst []byte, fields []Field, payload []byte) ([]byte, error) {
	start := len(dst)
	b := append(dst, make([]byte, preludeLen)...)
	for _, f := range fields {
		if len(f.Name) > maxNameLen || len(f.Value) > maxRawValue {
			return dst, fmt.Errorf("eventstream: %w: header of %d bytes with a name of %d", ErrTooLong, len(f.Value), len(f.Name))
		}
		b = append(b, byte(len(f.Name)))
		b = append(b, f.Name...)
		b = append(b, f.Type)
		if f.Type == typeBytes || f.Type == typeString {
			b = binary.BigEndian.AppendUint16(b, uint16(len(f.Value)))
		}
		b = append(b, f.Value...)
	}
	headers := len(b) - start - preludeLen
	total := minFrame + headers + len(payload)
	if headers > MaxHeaders || total > MaxFrame {
		return dst, fmt.Errorf("eventstream: %w: frame of %d bytes, %d of them headers; at most %d and %d fit", ErrTooLong, total, headers, MaxFrame, MaxHeaders)
	}
	binary.BigEndian.PutUint32(b[start:], uint32(total))
	binary.BigEndian.PutUint32(b[start+4:], uint32(headers))
	binary.BigEndian.PutUint32(b[start+lengthsLen:], crc32.ChecksumIEEE(b[start:start+lengthsLen]))
	b = append(b, payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:])), nil
}
