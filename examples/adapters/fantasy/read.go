package fantasy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	charm "charm.land/fantasy"
	"charm.land/fantasy/providers/anthropic"
	sdk "github.com/anthropics/anthropic-sdk-go"

	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/failure"
	"github.com/chatmodel-go/chatmodel/model"
)

// reasons maps fantasy's finish reasons. Others are passed on unchanged.
var reasons = map[charm.FinishReason]model.StopReason{
	charm.FinishReasonStop:          model.StopEndTurn,
	charm.FinishReasonLength:        model.StopMaxTokens,
	charm.FinishReasonToolCalls:     model.StopToolUse,
	charm.FinishReasonContentFilter: model.StopContentFiltered,
}

// response converts an answer except for its parts.
func (m *Model) response(reason charm.FinishReason, u *charm.Usage) *model.Response {
	resp := &model.Response{Model: m.llm.Model(), Usage: &model.Usage{}, StopReason: model.StopReason(reason), Message: model.Message{Role: model.RoleAssistant}}
	if own, ok := reasons[reason]; ok {
		resp.StopReason = own
	}
	if *u != (charm.Usage{}) { // fantasy's input excludes tokens that were read from or written to the cache
		resp.Usage = &model.Usage{Known: true, InputTokens: int(u.InputTokens + u.CacheReadTokens + u.CacheCreationTokens), OutputTokens: int(u.OutputTokens),
			CacheReadTokens: int(u.CacheReadTokens), CacheWriteTokens: int(u.CacheCreationTokens), ReasoningTokens: int(u.ReasoningTokens)}
	}
	return resp
}

// settings maps the names in fantasy's warnings to the fields of a request.
var settings = map[string]string{"TopP": "top_p", "TopK": "top_k"}

func warnings(told []charm.CallWarning) (all []model.Warning) {
	for _, w := range told {
		field := w.Setting
		if own, ok := settings[field]; ok {
			field = own
		}
		switch {
		case field != "":
		case w.Tool != nil:
			field = "tools"
		default:
			field = "messages"
		}
		all = append(all, model.Warning{Action: model.WarningDropped, Field: field, Reason: strings.Join([]string{string(w.Type), w.Message, w.Details}, " ")})
	}
	return all
}

// part converts a piece of content. It keeps content of unknown type.
func (m *Model) part(c charm.Content) model.Part {
	if t, ok := charm.AsContentType[charm.TextContent](c); ok {
		return model.Text(t.Text)
	}
	if r, ok := charm.AsContentType[charm.ReasoningContent](c); ok {
		return m.thinking(r.Text, r.ProviderMetadata)
	}
	if t, ok := charm.AsContentType[charm.ToolCallContent](c); ok && !t.ProviderExecuted {
		return call(t.ToolCallID, t.ToolName, t.Input)
	}
	data, err := json.Marshal(c)
	if err != nil {
		data = []byte("null")
	}
	return model.Opaque{Provider: provider, Kind: string(c.GetType()), Data: data}
}

func call(id, name, input string) model.ToolCall {
	c := model.ToolCall{ID: id, Name: name}
	if json.Valid([]byte(input)) {
		c.Input = json.RawMessage(input)
	} else {
		c.InvalidInput = input
	}
	return c
}

func (m *Model) thinking(text string, seal charm.ProviderMetadata) model.Thinking {
	t := model.Thinking{Text: text, Provider: provider, Model: m.llm.Model()}
	if s := anthropic.GetReasoningMetadata(charm.ProviderOptions(seal)); s != nil {
		t.Signature = s.Signature
		if s.RedactedData != "" {
			t.Redacted = []byte(s.RedactedData)
		}
	}
	return t
}

// A reader converts the parts of a stream to events.
type reader struct {
	m     *Model
	emit  func(model.Event) bool
	open  map[string]*block // by kind and id
	count int
}

// A block is a part of the answer that has begun.
type block struct {
	index         int
	filled, ended bool // it has pieces of input; it has its signature
}

// of returns the open block with a kind and an id, or opens one.
func (r *reader) of(kind, id string) *block {
	b := r.open[kind+id]
	if b == nil {
		b = &block{index: r.count}
		r.count++
		r.open[kind+id] = b
	}
	return b
}

func (r *reader) done(kind, id string) bool {
	b := r.of(kind, id)
	delete(r.open, kind+id)
	return r.emit(model.Event{Kind: model.EventPartDone, Index: b.index})
}

// part converts a part of the stream. It reports whether the caller wants more.
func (r *reader) part(p *charm.StreamPart) bool {
	switch p.Type {
	case charm.StreamPartTypeTextStart, charm.StreamPartTypeTextDelta:
		return r.emit(model.Event{Kind: model.EventText, Index: r.of("text", p.ID).index, Text: p.Delta})
	case charm.StreamPartTypeTextEnd:
		return r.done("text", p.ID)
	case charm.StreamPartTypeReasoningStart, charm.StreamPartTypeReasoningDelta:
		return r.reasoning(p)
	case charm.StreamPartTypeReasoningEnd:
		return r.reasoning(p) && r.done("reasoning", p.ID)
	}
	if p.ProviderExecuted {
		return true // parts of this type are not used
	}
	switch p.Type {
	case charm.StreamPartTypeToolInputStart:
		return r.emit(model.Event{Kind: model.EventToolCall, Index: r.of("tool", p.ID).index, Part: model.ToolCall{ID: p.ID, Name: p.ToolCallName}})
	case charm.StreamPartTypeToolInputDelta:
		b := r.of("tool", p.ID)
		b.filled = true
		return r.emit(model.Event{Kind: model.EventToolInput, Index: b.index, Text: p.ToolCallInput})
	case charm.StreamPartTypeToolCall:
		_, begun := r.open["tool"+p.ID]
		b := r.of("tool", p.ID)
		switch {
		case !begun:
			if !r.emit(model.Event{Kind: model.EventPart, Index: b.index, Part: call(p.ID, p.ToolCallName, p.ToolCallInput)}) {
				return false
			}
		case !b.filled:
			if !r.emit(model.Event{Kind: model.EventToolInput, Index: b.index, Text: p.ToolCallInput}) {
				return false
			}
		}
		return r.done("tool", p.ID)
	}
	return true
}

// reasoning passes on a signature only once. Fantasy sends it when it arrives
// and once more at the end.
func (r *reader) reasoning(p *charm.StreamPart) bool {
	b := r.of("reasoning", p.ID)
	t := r.m.thinking("", p.ProviderMetadata)
	end := p.Type == charm.StreamPartTypeReasoningEnd
	switch {
	case len(t.Redacted) > 0:
		if b.ended {
			return true
		}
		b.ended = true
		return r.emit(model.Event{Kind: model.EventRedacted, Index: b.index, Part: t})
	case t.Signature != "":
		if b.ended && end {
			return true
		}
		b.ended = true
		return r.emit(model.Event{Kind: model.EventSignature, Index: b.index, Text: t.Signature})
	case end:
		return true
	}
	return r.emit(model.Event{Kind: model.EventThinking, Index: b.index, Text: p.Delta})
}

// failed converts an error of fantasy. That error contains the bodies of
// request and answer, and the key. So it can be reached by errors.As, but its
// text is not used.
func (m *Model) failed(ctx context.Context, op string, err error) error {
	if e := model.ContextError(ctx); e != nil {
		e.Provider, e.Op, e.Model = provider, op, m.llm.Model()
		return e
	}
	if own, ok := errors.AsType[*model.Error](err); ok {
		return own
	}
	e := &model.Error{Kind: model.ErrTransport, Provider: provider, Op: op, Model: m.llm.Model(), Message: "the call failed", Err: err}
	p, ok := errors.AsType[*charm.ProviderError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), !ok && op == "stream":
		e.Kind, e.Message = model.ErrTruncated, "the answer broke off"
		return e
	case !ok:
		return e
	}
	_, body, _ := bytes.Cut(p.ResponseBody, []byte("\r\n\r\n")) // the body is a dump with headers
	if api, ok := errors.AsType[*sdk.Error](err); ok {
		body = []byte(api.RawJSON()) // the dump of a stream has no error
	}
	var said struct {
		Error struct{ Type, Message string }
	}
	_ = json.Unmarshal(body, &said) // an error without a body has no message
	e.Status, e.Code, e.Message = p.StatusCode, said.Error.Type, said.Error.Message
	if e.Message == "" {
		e.Message = p.Title
	}
	e.Kind = failure.Kind(e.Code, e.Message)
	if p.IsContextTooLarge() {
		e.Kind = model.ErrContextOverflow
	}
	for name, value := range p.ResponseHeaders {
		if s, err := strconv.Atoi(value); err == nil && strings.EqualFold(name, "Retry-After") {
			e.RetryAfter = time.Duration(s) * time.Second
		}
	}
	return e
}
