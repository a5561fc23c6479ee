package eventstream

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const (
	maxNameLen  = 1<<8 - 1
	maxValueLen = 1<<15 - 1 // of what this package writes by itself
	maxRawValue = 1<<16 - 1 // of what the format holds
)

// A Header is a header whose value is a string, the only type Bedrock sends.
type Header struct{ Name, Value string }

// Append appends a frame to dst and returns the longer slice. Headers are
// written in the order given. The error matches [ErrTooLong] if a name, a value,
// the headers or the frame do not fit the format; dst is then returned as it was.
func Append(dst []byte, headers []Header, payload []byte) ([]byte, error) {
	headersLen, err := sizeHeaders(headers)
	if err != nil {
		return dst, err
	}
	total := minFrame + headersLen + len(payload)
	if total > MaxFrame {
		return dst, fmt.Errorf("eventstream: %w: frame of %d bytes, at most %d fit", ErrTooLong, total, MaxFrame)
	}
	start := len(dst)
	dst = binary.BigEndian.AppendUint32(dst, uint32(total))
	dst = binary.BigEndian.AppendUint32(dst, uint32(headersLen))
	dst = binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
	for _, h := range headers {
		dst = append(dst, byte(len(h.Name)))
		dst = append(dst, h.Name...)
		dst = append(dst, typeString)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(h.Value)))
		dst = append(dst, h.Value...)
	}
	dst = append(dst, payload...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:])), nil
}

// sizeHeaders returns the length of the headers of a frame, or an error if one of
// them does not fit.
func sizeHeaders(headers []Header) (int, error) {
	size := 0
	for _, h := range headers {
		if len(h.Name) > maxNameLen {
			return 0, fmt.Errorf("eventstream: %w: header name of %d bytes, at most %d fit", ErrTooLong, len(h.Name), maxNameLen)
		}
		if len(h.Value) > maxValueLen {
			return 0, fmt.Errorf("eventstream: %w: header %q of %d bytes, at most %d fit", ErrTooLong, h.Name, len(h.Value), maxValueLen)
		}
		size += 1 + len(h.Name) + 1 + 2 + len(h.Value)
	}
	if size > MaxHeaders {
		return 0, fmt.Errorf("eventstream: %w: headers of %d bytes, at most %d fit", ErrTooLong, size, MaxHeaders)
	}
	return size, nil
}

// AppendEvent appends the frame of an event with a JSON payload, as [Append] does.
func AppendEvent(dst []byte, eventType string, payload []byte) ([]byte, error) {
	return Append(dst, []Header{
		{headerEventType, eventType},
		{headerContentType, contentTypeJSON},
		{headerMessageType, MessageEvent},
	}, payload)
}

// AppendException appends the frame of an exception with a JSON payload, as
// [Append] does. The type is spelt as on the wire, for example
// "throttlingException".
func AppendException(dst []byte, exceptionType string, payload []byte) ([]byte, error) {
	return Append(dst, []Header{
		{headerExceptionType, exceptionType},
		{headerContentType, contentTypeJSON},
		{headerMessageType, MessageException},
	}, payload)
}

// AppendError appends the frame of an error that is not part of the service's
// model, as [Append] does. Such a frame has no payload.
func AppendError(dst []byte, code, message string) ([]byte, error) {
	return Append(dst, []Header{
		{headerErrorCode, code},
		{headerErrorMessage, message},
		{headerMessageType, MessageError},
	}, nil)
}
