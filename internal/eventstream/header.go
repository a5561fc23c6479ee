package eventstream

import (
	"encoding/binary"
	"fmt"
)

// Header types of the format. Bedrock sends strings only.
const (
	typeTrue = iota
	typeFalse
	typeInt8
	typeInt16
	typeInt32
	typeInt64
	typeBytes
	typeString
	typeTimestamp
	typeUUID
)

// Names of the headers that mean something to this package.
const (
	headerMessageType   = ":message-type"
	headerEventType     = ":event-type"
	headerExceptionType = ":exception-type"
	headerErrorCode     = ":error-code"
	headerErrorMessage  = ":error-message"
	headerContentType   = ":content-type"
)

// Values of the header :message-type.
const (
	MessageEvent     = "event"
	MessageException = "exception"
	MessageError     = "error"
)

const contentTypeJSON = "application/json"

// parseHeaders sets the fields of f from the headers b. Headers it does not
// know are skipped, of whatever type they are.
func (f *Frame) parseHeaders(b []byte) error {
	for len(b) > 0 {
		name, typ, value, rest, err := cutHeader(b)
		if err != nil {
			return err
		}
		f.set(name, typ, value)
		b = rest
	}
	return nil
}

// cutHeader splits the first header off b.
func cutHeader(b []byte) (name []byte, typ byte, value, rest []byte, err error) {
	name, rest, ok := cutPrefixed(b, 1)
	if !ok || len(rest) == 0 {
		return nil, 0, nil, nil, fmt.Errorf("%w: header name runs over the end", ErrMalformed)
	}
	typ = rest[0]
	if typ > typeUUID {
		return nil, 0, nil, nil, fmt.Errorf("%w: header of unknown type %d", ErrMalformed, typ)
	}
	value, rest, ok = cutValue(typ, rest[1:])
	if !ok {
		return nil, 0, nil, nil, fmt.Errorf("%w: header value runs over the end", ErrMalformed)
	}
	return name, typ, value, rest, nil
}

// cutValue splits the value of a header of type typ off b.
func cutValue(typ byte, b []byte) (value, rest []byte, ok bool) {
	size := 0
	switch typ {
	case typeTrue, typeFalse:
	case typeInt8:
		size = 1
	case typeInt16:
		size = 2
	case typeInt32:
		size = 4
	case typeInt64, typeTimestamp:
		size = 8
	case typeUUID:
		size = 16
	case typeBytes, typeString:
		return cutPrefixed(b, 2)
	}
	if len(b) < size {
		return nil, nil, false
	}
	return b[:size], b[size:], true
}

// cutPrefixed splits off what follows a length of one or two bytes.
func cutPrefixed(b []byte, lenBytes int) (value, rest []byte, ok bool) {
	if len(b) < lenBytes {
		return nil, nil, false
	}
	n := int(b[0])
	if lenBytes == 2 {
		n = int(binary.BigEndian.Uint16(b))
	}
	b = b[lenBytes:]
	if len(b) < n {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// set keeps the value of a header of the format's own. A later header of the
// same name replaces it, also by a value that is no string and so reads as none.
func (f *Frame) set(name []byte, typ byte, value []byte) {
	var field *string
	switch string(name) { // does not allocate
	case headerMessageType:
		field = &f.MessageType
	case headerEventType:
		field = &f.EventType
	case headerExceptionType:
		field = &f.ExceptionType
	case headerErrorCode:
		field = &f.ErrorCode
	case headerErrorMessage:
		field = &f.ErrorMessage
	case headerContentType:
		field = &f.ContentType
	default:
		return
	}
	*field = ""
	if typ == typeString {
		*field = intern(value)
	}
}

// intern returns b as a string, without allocating for what every frame of a
// healthy stream says.
func intern(b []byte) string {
	switch string(b) { // does not allocate
	case MessageEvent:
		return MessageEvent
	case MessageException:
		return MessageException
	case MessageError:
		return MessageError
	case contentTypeJSON:
		return contentTypeJSON
	case "messageStart":
		return "messageStart"
	case "contentBlockStart":
		return "contentBlockStart"
	case "contentBlockDelta":
		return "contentBlockDelta"
	case "contentBlockStop":
		return "contentBlockStop"
	case "messageStop":
		return "messageStop"
	case "metadata":
		return "metadata"
	case "chunk":
		return "chunk"
	case headerEventType:
		return headerEventType
	case headerMessageType:
		return headerMessageType
	case headerContentType:
		return headerContentType
	}
	return string(b)
}
