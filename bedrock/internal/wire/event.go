package wire

import "encoding/json"

// EventKind is the type of an event of ConverseStream.
type EventKind uint8

// The events of ConverseStream.
const (
	EventUnknown EventKind = iota // of a type this version does not know
	EventMessageStart
	EventBlockStart
	EventBlockDelta
	EventBlockStop
	EventMessageStop
	EventMetadata
)

// eventNames are the kinds as on the wire.
var eventNames = [...]string{
	EventMessageStart: "messageStart",
	EventBlockStart:   "contentBlockStart",
	EventBlockDelta:   "contentBlockDelta",
	EventBlockStop:    "contentBlockStop",
	EventMessageStop:  "messageStop",
	EventMetadata:     "metadata",
}

// String returns the type as on the wire, which is empty for EventUnknown.
func (k EventKind) String() string {
	if int(k) >= len(eventNames) {
		return ""
	}
	return eventNames[k]
}

// kindOf returns the kind of a type as on the wire. The names are few, so they
// are compared in turn.
func kindOf(eventType string) EventKind {
	for k, name := range eventNames {
		if name == eventType {
			return EventKind(k)
		}
	}
	return EventUnknown
}

// An Event is an event of ConverseStream. Which fields count depends on Kind.
type Event struct {
	Kind EventKind
	// Type is the type as sent, also of an event of an unknown kind.
	Type string

	// Index is the number of the content block of a BlockStart, BlockDelta or
	// BlockStop, if HasIndex is set.
	HasIndex bool
	Index    int

	Role  string      // MessageStart
	Start *BlockStart // BlockStart; nil if the event says nothing about the block
	Delta Delta       // BlockDelta

	StopReason                    string          // MessageStop
	AdditionalModelResponseFields json.RawMessage // MessageStop

	Metadata *Metadata // Metadata

	// plain says that parseFast has read the event, a delta, so that the
	// next one of that kind replaces all there is. Clearing an event takes as
	// long as reading one.
	plain   bool
	scratch []byte // for texts with escapes, kept from event to event; nothing that is returned lies in it
}

// ParseEvent reads the payload of an event into ev, replacing what was there.
// Of an event of an unknown type only Kind and Type are set and the payload is
// not looked at. Everything may be missing; members that this version does not
// know are skipped, and of an unknown kind of start or delta the bytes are kept.
// The error is a [*FieldError]. The event shares no memory with payload.
//
// A delta of text, thinking or tool input in the form the service sends costs
// one allocation, its text, or none if that is empty.
func ParseEvent(eventType string, payload []byte, ev *Event) error {
	kind := ev.Kind
	if !ev.plain || eventType != ev.Type {
		kind = kindOf(eventType)
		*ev = Event{scratch: ev.scratch}
	}
	if kind == EventBlockDelta && ev.parseFast(payload) {
		ev.Kind, ev.Type, ev.plain = kind, eventType, true
		return nil
	}
	*ev = Event{Kind: kind, Type: eventType, scratch: ev.scratch}
	if kind == EventUnknown {
		return nil
	}
	return decode(payload, false, ev, (*Event).fields)
}

// AppendEvent appends the payload of ev to dst, as the service would send it,
// with the member p if padding is not empty. The payload of an event of an
// unknown kind is an object with nothing but padding.
func AppendEvent(dst []byte, ev *Event, padding string) []byte {
	c := codec{writing: true, buf: dst, padding: padding}
	writeObject(&c, ev, (*Event).fields)
	return c.buf
}

// fields lists the members of the event's kind. The kind is not a member: it is
// in a header of the frame.
func (ev *Event) fields(c *codec) {
	switch ev.Kind {
	case EventMessageStart:
		c.pad()
		c.word("role", &ev.Role)
	case EventBlockStart:
		ev.index(c)
		c.pad()
		object(c, "start", &ev.Start, (*BlockStart).fields)
	case EventBlockDelta:
		ev.index(c)
		ev.Delta.member(c)
		c.pad()
	case EventBlockStop:
		ev.index(c)
		c.pad()
	case EventMessageStop:
		c.document("additionalModelResponseFields", &ev.AdditionalModelResponseFields)
		c.pad()
		c.word("stopReason", &ev.StopReason)
	case EventMetadata:
		ev.metadata(c)
	default:
		c.pad()
	}
}

// index is the number of a block. An event without one is not one of block 0, so
// HasIndex says which it is.
func (ev *Event) index(c *codec) {
	if c.writing {
		if ev.HasIndex {
			c.count("contentBlockIndex", &ev.Index)
		}
		return
	}
	ev.Index, ev.HasIndex = c.readInt("contentBlockIndex")
}

// metadata is the payload itself, not a member of it.
func (ev *Event) metadata(c *codec) {
	m := ev.Metadata
	if m == nil {
		m = new(Metadata)
	}
	m.fields(c)
	if !c.writing {
		ev.Metadata = m
	}
}

func (m *Metadata) fields(c *codec) {
	about(c, "metrics", &m.Metrics, (*Metrics).fields)
	c.pad()
	about(c, "performanceConfig", &m.PerformanceConfig, (*PerformanceConfig).fields)
	about(c, "serviceTier", &m.ServiceTier, (*ServiceTier).fields)
	c.document("trace", &m.Trace)
	usage(c, &m.Usage)
}

// pad writes the member p, which the service fills with letters so that the
// length of an event does not give its contents away. It is never read, and it
// stands in alphabetical order like any other member.
func (c *codec) pad() {
	if c.writing {
		c.word("p", &c.padding)
	}
}

// BlockStart is the first that is known of a content block. Exactly one field is
// set. The service sends no start for blocks of text, thinking and citations:
// those begin with their first delta.
type BlockStart struct {
	Image      *ImageStart
	ToolResult *ToolResultStart
	ToolUse    *ToolUseStart
	Unknown    *Unknown
}

func (s *BlockStart) fields(c *codec) {
	object(c, "image", &s.Image, (*ImageStart).fields)
	object(c, "toolResult", &s.ToolResult, (*ToolResultStart).fields)
	object(c, "toolUse", &s.ToolUse, (*ToolUseStart).fields)
	c.union(&s.Unknown)
}

// ImageStart begins an image.
type ImageStart struct{ Format string }

func (s *ImageStart) fields(c *codec) { c.word("format", &s.Format) }

// ToolResultStart begins the result of a tool that the service ran.
type ToolResultStart struct{ Status, ToolUseID, Type string }

func (s *ToolResultStart) fields(c *codec) {
	c.word("status", &s.Status)
	c.text("toolUseId", &s.ToolUseID)
	c.word("type", &s.Type)
}

// ToolUseStart begins a call of a tool.
type ToolUseStart struct{ Name, ToolUseID, Type string }

func (s *ToolUseStart) fields(c *codec) {
	c.text("name", &s.Name)
	c.text("toolUseId", &s.ToolUseID)
	c.word("type", &s.Type)
}
