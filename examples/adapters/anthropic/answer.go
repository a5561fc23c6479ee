package anthropic

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	sdk "github.com/anthropics/anthropic-sdk-go"

	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/failure"
	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/refuse"
	"github.com/chatmodel-go/chatmodel/model"
)

// response converts a message except for its parts.
func (m *Model) response(msg *sdk.Message) *model.Response {
	u := &msg.Usage
	resp := &model.Response{Model: m.id, StopReason: reason(msg.StopReason), Message: model.Message{Role: model.RoleAssistant}}
	resp.Usage = &model.Usage{Known: true, OutputTokens: int(u.OutputTokens),
		InputTokens:     int(u.InputTokens + u.CacheReadInputTokens + u.CacheCreationInputTokens),
		CacheReadTokens: int(u.CacheReadInputTokens), CacheWriteTokens: int(u.CacheCreationInputTokens)}
	return resp
}

func reason(r sdk.StopReason) model.StopReason {
	switch r {
	case sdk.StopReasonRefusal:
		return model.StopContentFiltered
	case "model_context_window_exceeded":
		return model.StopContextWindow
	}
	return model.StopReason(r) // the names are the same
}

// part converts a block. It keeps a block of unknown type.
func (m *Model) part(b *sdk.ContentBlockUnion) model.Part {
	switch b.Type {
	case "text":
		return model.Text(b.Text)
	case "thinking":
		return model.Thinking{Text: b.Thinking, Signature: b.Signature, Provider: provider, Model: m.id}
	case "redacted_thinking":
		return model.Thinking{Redacted: []byte(b.Data), Provider: provider, Model: m.id}
	case "tool_use":
		return model.ToolCall{ID: b.ID, Name: b.Name, Input: b.Input}
	}
	return model.Opaque{Provider: provider, Kind: b.Type, Data: json.RawMessage(b.RawJSON())}
}

// Stream returns the answer to a request in pieces.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	info := model.StreamInfo{Provider: provider, Model: m.id, Base: m.id}
	err := refuse.Request(req, provider, "stream", m.id, claims)
	var w *writer
	if err == nil {
		w = m.write(req.Clone())
	}
	return model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		if err != nil {
			return err
		}
		return m.stream(ctx, w, emit)
	})
}

// stream converts the events of the SDK's stream. If the connection ends, that
// stream ends without an error. Only message_stop shows that the answer is
// complete.
func (m *Model) stream(ctx context.Context, w *writer, emit func(model.Event) bool) error {
	s := m.client.Messages.NewStreaming(ctx, w.params)
	defer s.Close()
	var msg sdk.Message
	for s.Next() {
		ev := s.Current()
		if ev.Type == "message_start" || ev.Type == "message_delta" {
			if err := msg.Accumulate(ev); err != nil {
				return &model.Error{Kind: model.ErrMalformed, Provider: provider, Op: "stream", Model: m.id, Message: err.Error(), Err: err}
			}
			continue
		}
		if ev.Type == "message_stop" {
			resp := m.response(&msg)
			resp.Warnings = w.warnings
			emit(model.Event{Kind: model.EventFinish, Response: resp})
			return nil
		}
		out, ok := m.event(&ev)
		if ok && !emit(out) {
			return nil
		}
	}
	if err := s.Err(); err != nil {
		return m.failed(ctx, "stream", err)
	}
	return &model.Error{Kind: model.ErrTruncated, Provider: provider, Op: "stream", Model: m.id, Message: "the answer ended without its end"}
}

// event converts an event of a block.
func (m *Model) event(ev *sdk.MessageStreamEventUnion) (model.Event, bool) {
	out := model.Event{Index: int(ev.Index)}
	switch ev.Type {
	case "content_block_start":
		switch b := &ev.ContentBlock; b.Type {
		case "text":
			out.Kind, out.Text = model.EventText, b.Text
		case "thinking":
			out.Kind, out.Text = model.EventThinking, b.Thinking
		case "redacted_thinking":
			out.Kind, out.Part = model.EventRedacted, model.Thinking{Redacted: []byte(b.Data), Provider: provider, Model: m.id}
		case "tool_use":
			out.Kind, out.Part = model.EventToolCall, model.ToolCall{ID: b.ID, Name: b.Name}
		default:
			out.Kind, out.Part = model.EventPart, model.Opaque{Provider: provider, Kind: b.Type, Data: json.RawMessage(b.RawJSON())}
		}
	case "content_block_delta":
		switch d := &ev.Delta; d.Type {
		case "text_delta":
			out.Kind, out.Text = model.EventText, d.Text
		case "thinking_delta":
			out.Kind, out.Text = model.EventThinking, d.Thinking
		case "signature_delta":
			out.Kind, out.Text = model.EventSignature, d.Signature
		case "input_json_delta":
			out.Kind, out.Text = model.EventToolInput, d.PartialJSON
		default:
			return out, false
		}
	case "content_block_stop":
		out.Kind = model.EventPartDone
	default:
		return out, false
	}
	return out, true
}

// failed converts an error of the SDK.
func (m *Model) failed(ctx context.Context, op string, err error) error {
	if e := model.ContextError(ctx); e != nil {
		e.Provider, e.Op, e.Model = provider, op, m.id
		return e
	}
	e := &model.Error{Kind: model.ErrTransport, Provider: provider, Op: op, Model: m.id, Message: "the call failed", Err: err}
	api, ok := errors.AsType[*sdk.Error](err)
	switch {
	case !ok && (errors.Is(err, io.ErrUnexpectedEOF) || op == "stream"):
		e.Kind, e.Message = model.ErrTruncated, "the answer broke off"
		return e
	case !ok:
		return e
	}
	var body struct {
		Error struct{ Message string } `json:"error"`
	}
	_ = json.Unmarshal([]byte(api.RawJSON()), &body) // an error without a body has no message
	e.Status, e.RequestID, e.Code, e.Message = api.StatusCode, api.RequestID, string(api.Type()), body.Error.Message
	if e.Message == "" {
		e.Message = http.StatusText(api.StatusCode)
	}
	e.Kind = failure.Kind(e.Code, e.Message)
	if api.Response != nil {
		if s, err := strconv.Atoi(api.Response.Header.Get("Retry-After")); err == nil {
			e.RetryAfter = time.Duration(s) * time.Second
		}
	}
	return e
}
