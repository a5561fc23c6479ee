package wire

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
