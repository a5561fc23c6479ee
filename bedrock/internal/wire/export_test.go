package wire

// AppendRequest is the reverse of ParseRequest. Nothing but tests of the reader
// needs it.
func AppendRequest(dst []byte, r *Request) []byte { return encode(dst, r, (*Request).fields) }

// ParseEventSlow is ParseEvent without its short path.
func ParseEventSlow(eventType string, payload []byte, ev *Event) error {
	*ev = Event{Kind: kindOf(eventType), Type: eventType}
	return decode(payload, false, ev, (*Event).fields)
}

// ParseEventFast is the short path of ParseEvent alone.
func ParseEventFast(payload []byte, ev *Event) bool {
	*ev = Event{Kind: EventBlockDelta, Type: EventBlockDelta.String(), scratch: ev.scratch}
	return ev.parseFast(payload)
}

// ParseEventStrict is ParseEvent, refusing members that it does not know.
func ParseEventStrict(eventType string, payload []byte) error {
	ev := Event{Kind: kindOf(eventType)}
	return decode(payload, true, &ev, (*Event).fields)
}

// ParseResponseStrict is ParseResponse, refusing members that it does not know.
func ParseResponseStrict(data []byte) error {
	return decode(data, true, new(Response), (*Response).fields)
}
