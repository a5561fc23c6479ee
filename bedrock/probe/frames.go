package probe

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A Fault is something wrong with a stream.
type Fault struct {
	Kind   string `json:"kind"` // header, cut, checksum, frame, order, payload or usage
	Frame  int    `json:"frame"`
	Text   string `json:"text"`
	Stream string `json:"stream"` // which one, in words
}

// A watch reads a stream frame by frame, and notes what the service does not
// do.
type watch struct {
	faults []Fault
	frame  int

	started, stopped, measured bool
	blocks                     map[int]*seenBlock
	open                       int // the block that is open; -1: none
}

// A seenBlock is what came of a block of content.
type seenBlock struct {
	tool   bool
	input  strings.Builder
	closed bool
}

func (w *watch) fault(kind, format string, args ...any) {
	w.faults = append(w.faults, Fault{Kind: kind, Frame: w.frame, Text: fmt.Sprintf(format, args...)})
}

// watchStream judges the answer to a streaming call. Native says that it is one
// of InvokeModelWithResponseStream.
func watchStream(r *reply, native bool) []Fault {
	w := &watch{blocks: map[int]*seenBlock{}, open: -1}
	if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, "application/vnd.amazon.eventstream") {
		w.fault("header", "Content-Type is %q, not application/vnd.amazon.eventstream", got)
	}
	if r.requestID == "" {
		w.fault("header", "there is no X-Amzn-RequestId")
	}
	d := eventstream.NewDecoder(bytes.NewReader(r.body))
	for ; ; w.frame++ {
		f, err := d.Next()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			w.broken(err)
			return w.faults
		}
		w.headers(f)
		switch {
		case f.MessageType != "event":
			w.fault("frame", "%s %s%s in place of an answer", f.MessageType, f.ExceptionType, f.ErrorCode)
			return w.faults
		case native:
			w.chunk(f)
		default:
			w.event(f)
		}
	}
	if r.broken != nil {
		w.fault("cut", "the connection broke: %v", r.broken)
	}
	w.end(native)
	return w.faults
}

func (w *watch) broken(err error) {
	switch {
	case errors.Is(err, eventstream.ErrChecksum):
		w.fault("checksum", "%v", err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		w.fault("cut", "the stream ends within a frame: %v", err)
	default:
		w.fault("frame", "%v", err)
	}
}

func (w *watch) headers(f *eventstream.Frame) {
	if f.MessageType == "" {
		w.fault("frame", "there is no header :message-type")
	}
	if f.MessageType == "event" && f.EventType == "" {
		w.fault("frame", "there is no header :event-type")
	}
	if f.ContentType != "application/json" {
		w.fault("frame", ":content-type is %q, not application/json", f.ContentType)
	}
}

// chunk is a frame of InvokeModelWithResponseStream.
func (w *watch) chunk(f *eventstream.Frame) {
	var c struct{ Bytes *string }
	switch {
	case f.EventType != "chunk":
		w.fault("frame", "the event is %q, not chunk", f.EventType)
		return
	case json.Unmarshal(f.Payload, &c) != nil || c.Bytes == nil:
		w.fault("payload", "a chunk has no member bytes")
		return
	}
	data, err := base64.StdEncoding.DecodeString(*c.Bytes)
	if err != nil || !json.Valid(data) {
		w.fault("payload", "the bytes of a chunk are no JSON in base64")
	}
	w.stopped = true // the model's own format has its own end
}

// event is a frame of ConverseStream.
func (w *watch) event(f *eventstream.Frame) {
	var p struct {
		Role              string
		ContentBlockIndex *int
		Start             struct {
			ToolUse *struct{ ToolUseID, Name string }
		}
		Delta struct {
			Text    *string
			ToolUse *struct{ Input *string }
		}
		StopReason string
		Usage      *struct{ InputTokens, OutputTokens, TotalTokens *int }
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		w.fault("payload", "%s is no JSON of its form: %v", f.EventType, err)
		return
	}
	if !w.started && f.EventType != "messageStart" {
		w.fault("order", "%s comes before messageStart", f.EventType)
		w.started = true
	}
	if w.measured {
		w.fault("order", "%s comes after metadata", f.EventType)
	}
	switch f.EventType {
	case "messageStart":
		if w.started {
			w.fault("order", "messageStart comes again")
		}
		w.started = true
		if p.Role != "assistant" {
			w.fault("payload", "the role of messageStart is %q, not assistant", p.Role)
		}
	case "contentBlockStart", "contentBlockDelta", "contentBlockStop":
		if p.ContentBlockIndex == nil {
			w.fault("payload", "%s has no contentBlockIndex", f.EventType)
			return
		}
		if w.stopped {
			w.fault("order", "%s comes after messageStop", f.EventType)
		}
		b := w.block(f.EventType, *p.ContentBlockIndex)
		switch f.EventType {
		case "contentBlockStart":
			b.tool = p.Start.ToolUse != nil
			if b.tool && (p.Start.ToolUse.ToolUseID == "" || p.Start.ToolUse.Name == "") {
				w.fault("payload", "a toolUse starts without an id or a name")
			}
		case "contentBlockDelta":
			w.delta(b, p.Delta.Text != nil, p.Delta.ToolUse != nil)
			if t := p.Delta.ToolUse; t != nil && t.Input != nil {
				b.input.WriteString(*t.Input)
			}
		case "contentBlockStop":
			w.close(b)
		}
	case "messageStop":
		if w.stopped {
			w.fault("order", "messageStop comes again")
		}
		if w.open >= 0 {
			w.fault("order", "messageStop comes before the contentBlockStop of block %d", w.open)
		}
		w.stopped = true
		if p.StopReason == "" {
			w.fault("payload", "messageStop has no stopReason")
		}
	case "metadata":
		if !w.stopped {
			w.fault("order", "metadata comes before messageStop")
		}
		w.measured = true
		switch u := p.Usage; {
		case u == nil || u.InputTokens == nil || u.OutputTokens == nil || u.TotalTokens == nil:
			w.fault("usage", "metadata does not tell inputTokens, outputTokens and totalTokens")
		case *u.TotalTokens < *u.InputTokens+*u.OutputTokens:
			w.fault("usage", "totalTokens %d are fewer than %d and %d", *u.TotalTokens, *u.InputTokens, *u.OutputTokens)
		}
	default:
		w.fault("frame", "there is no event %q", f.EventType)
	}
}

// block returns the block of an event, after a look at whether it may come now.
func (w *watch) block(event string, i int) *seenBlock {
	b, known := w.blocks[i]
	switch {
	case known && b.closed:
		w.fault("order", "%s of block %d comes after its contentBlockStop", event, i)
	case known && event == "contentBlockStart":
		w.fault("order", "block %d starts again", i)
	case !known && i != len(w.blocks):
		w.fault("order", "block %d comes after %d blocks", i, len(w.blocks))
	case !known && event == "contentBlockStop":
		w.fault("order", "block %d stops before it began", i)
	}
	if w.open >= 0 && w.open != i {
		w.fault("order", "%s of block %d comes before the contentBlockStop of block %d", event, i, w.open)
	}
	if !known {
		b = &seenBlock{}
		w.blocks[i] = b
	}
	w.open = i
	return b
}

func (w *watch) delta(b *seenBlock, text, input bool) {
	switch {
	case input && !b.tool:
		w.fault("order", "the input of a tool comes without its contentBlockStart")
		b.tool = true
	case text && b.tool:
		w.fault("payload", "a text comes in a toolUse")
	}
}

func (w *watch) close(b *seenBlock) {
	b.closed, w.open = true, -1
	if input := b.input.String(); b.tool && input != "" {
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(input), &object) != nil {
			w.fault("payload", "the pieces of an input make no JSON object: %.60q", input)
		}
	}
}

// end looks at what is missing.
func (w *watch) end(native bool) {
	switch {
	case w.frame == 0:
		w.fault("cut", "the stream has no frames")
	case !w.stopped:
		w.fault("cut", "the stream ends without messageStop")
	case !native && !w.measured:
		w.fault("cut", "the stream ends without metadata")
	}
}
