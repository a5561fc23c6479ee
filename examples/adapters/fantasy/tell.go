package fantasy

import (
	"fmt"
	"strconv"

	charm "charm.land/fantasy"

	"github.com/chatmodel-go/chatmodel/model"
)

// content converts a part of an answer. It reports whether fantasy has a place
// for it.
func content(p model.Part) (charm.Content, bool) {
	switch p := p.(type) {
	case model.Text:
		return charm.TextContent{Text: string(p)}, true
	case model.CitedText:
		return charm.TextContent{Text: p.Text}, len(p.Citations) == 0
	case model.Thinking:
		return charm.ReasoningContent{Text: p.Text, ProviderMetadata: sealed(p)}, true
	case model.ToolCall:
		return charm.ToolCallContent{ToolCallID: p.ID, ToolName: p.Name, Input: arguments(&p)}, true
	case model.Image:
		return charm.FileContent{MediaType: mediaType(&p), Data: p.Data}, len(p.Data) > 0
	}
	return nil, false
}

// arguments returns a call's input as it was written, valid or not.
func arguments(c *model.ToolCall) string {
	switch {
	case c.InvalidInput != "":
		return c.InvalidInput
	case len(c.Input) == 0:
		return "{}"
	}
	return string(c.Input)
}

// lost returns the warning about a part that fantasy has no place for.
func lost(p model.Part) model.Warning {
	return model.Warning{Action: model.WarningDropped, Field: "message", Reason: fmt.Sprintf("fantasy has no place for a %T", p)}
}

// A teller converts the events of a stream to fantasy's parts.
type teller struct {
	yield func(charm.StreamPart) bool
	begun map[int]model.EventKind // the kinds of the open parts
	names map[int]string          // the ids of the calls
	lost  []model.Warning
}

// event converts an event. It reports whether the caller wants more.
func (t *teller) event(ev *model.Event) bool {
	id := strconv.Itoa(ev.Index)
	switch ev.Kind {
	case model.EventText:
		return t.start(ev.Index, model.EventText, charm.StreamPartTypeTextStart, id) &&
			(ev.Text == "" || t.yield(charm.StreamPart{Type: charm.StreamPartTypeTextDelta, ID: id, Delta: ev.Text}))
	case model.EventThinking:
		return t.start(ev.Index, model.EventThinking, charm.StreamPartTypeReasoningStart, id) &&
			(ev.Text == "" || t.yield(charm.StreamPart{Type: charm.StreamPartTypeReasoningDelta, ID: id, Delta: ev.Text}))
	case model.EventToolCall:
		if c, ok := ev.Part.(model.ToolCall); ok {
			return t.call(ev.Index, &c)
		}
	case model.EventToolInput:
		if name, ok := t.names[ev.Index]; ok {
			return t.yield(charm.StreamPart{Type: charm.StreamPartTypeToolInputDelta, ID: name, Delta: ev.Text, ToolCallInput: ev.Text})
		}
	case model.EventPartDone:
		return t.done(ev.Index, id, ev.Part)
	case model.EventFinish:
		if told := append(ev.Response.Warnings, t.lost...); len(told) > 0 {
			if !t.yield(charm.StreamPart{Type: charm.StreamPartTypeWarnings, Warnings: callWarnings(told)}) {
				return false
			}
		}
		return t.yield(charm.StreamPart{Type: charm.StreamPartTypeFinish, FinishReason: finish(ev.Response.StopReason), Usage: usage(ev.Response), ProviderMetadata: charm.ProviderMetadata{}})
	}
	return true
}

// start opens a part unless it is open.
func (t *teller) start(index int, kind model.EventKind, begin charm.StreamPartType, id string) bool {
	if t.begun[index] != 0 {
		return true
	}
	t.begun[index] = kind
	return t.yield(charm.StreamPart{Type: begin, ID: id})
}

func (t *teller) call(index int, c *model.ToolCall) bool {
	if t.names == nil {
		t.names = map[int]string{}
	}
	t.begun[index], t.names[index] = model.EventToolCall, c.ID
	return t.yield(charm.StreamPart{Type: charm.StreamPartTypeToolInputStart, ID: c.ID, ToolCallName: c.Name})
}

// done ends a part. It first opens a part that came whole.
func (t *teller) done(index int, id string, part model.Part) bool {
	begun := t.begun[index] != 0
	switch p := part.(type) {
	case model.Text:
		return t.text(index, id, string(p), begun)
	case model.CitedText:
		if len(p.Citations) > 0 {
			t.lost = append(t.lost, lost(p))
		}
		return t.text(index, id, p.Text, begun)
	case model.Thinking:
		if !begun {
			if !t.yield(charm.StreamPart{Type: charm.StreamPartTypeReasoningStart, ID: id, ProviderMetadata: sealed(p)}) ||
				p.Text != "" && !t.yield(charm.StreamPart{Type: charm.StreamPartTypeReasoningDelta, ID: id, Delta: p.Text}) {
				return false
			}
		}
		return t.yield(charm.StreamPart{Type: charm.StreamPartTypeReasoningEnd, ID: id, ProviderMetadata: sealed(p)})
	case model.ToolCall:
		if !begun && !t.call(index, &p) {
			return false
		}
		return t.yield(charm.StreamPart{Type: charm.StreamPartTypeToolInputEnd, ID: p.ID}) &&
			t.yield(charm.StreamPart{Type: charm.StreamPartTypeToolCall, ID: p.ID, ToolCallName: p.Name, ToolCallInput: arguments(&p)})
	}
	t.lost = append(t.lost, lost(part)) // files as well: fantasy's streams have no part for them
	return true
}

func (t *teller) text(index int, id, text string, begun bool) bool {
	if !begun {
		if !t.event(&model.Event{Kind: model.EventText, Index: index, Text: text}) {
			return false
		}
	}
	return t.yield(charm.StreamPart{Type: charm.StreamPartTypeTextEnd, ID: id})
}
