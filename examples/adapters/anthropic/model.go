package anthropic

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	sdk "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/packages/param"

	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/refuse"
	"github.com/chatmodel-go/chatmodel/model"
)

// provider is the name in errors and thinking.
const provider = "anthropic"

// mostTokens is the limit of an answer to a request without one, because the
// API requires a limit. The SDK refuses to wait for a longer answer unless it
// is a stream.
const mostTokens = 16_384

// A Model is a model of Anthropic. It is made by [New] and safe for concurrent
// use.
type Model struct {
	client sdk.Client
	id     string
}

// New returns the model with an id, called by the given client. The client
// repeats failed calls unless it is configured not to.
func New(client sdk.Client, id string) *Model { return &Model{client, id} }

// Capabilities returns the capabilities that the adapter supports.
func (m *Model) Capabilities() model.Capabilities { return claims.Capabilities }

var claims = refuse.Claims{Capabilities: model.Capabilities{Tools: true, ForcedTools: true, ParallelTools: true, StopSequences: true,
	Thinking: true, SignedThinking: true, Images: true}, Sampling: true, TopK: true, Parallel: true}

// Generate returns the answer to a request.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if err := refuse.Request(req, provider, "generate", m.id, claims); err != nil {
		return nil, err
	}
	w := m.write(req)
	msg, err := m.client.Messages.New(ctx, w.params)
	if err != nil {
		return nil, m.failed(ctx, "generate", err)
	}
	resp := m.response(msg)
	resp.Warnings = w.warnings
	for i := range msg.Content {
		resp.Message.Parts = append(resp.Message.Parts, m.part(&msg.Content[i]))
	}
	return resp, nil
}

// A writer converts a request to the SDK's types.
type writer struct {
	params   sdk.MessageNewParams
	warnings []model.Warning
}

func (w *writer) warn(action model.WarningAction, field, reason string) {
	w.warnings = append(w.warnings, model.Warning{Action: action, Field: field, Reason: reason})
}

func (m *Model) write(req *model.Request) *writer {
	w := &writer{params: sdk.MessageNewParams{Model: sdk.Model(m.id), MaxTokens: int64(req.MaxTokens), StopSequences: req.StopSequences}}
	p := &w.params
	if req.Temperature != nil {
		p.Temperature = sdk.Float(*req.Temperature)
	}
	if req.TopP != nil {
		p.TopP = sdk.Float(*req.TopP)
	}
	if req.TopK > 0 {
		p.TopK = sdk.Int(int64(req.TopK))
	}
	if req.MaxTokens == 0 {
		p.MaxTokens = mostTokens
	}
	if t := req.Thinking; t != nil {
		p.Thinking = thinking(t)
		if t.Effort != "" {
			w.warn(model.WarningDropped, "thinking.effort", "the adapter supports thinking only by a budget")
		}
	}
	for i, msg := range req.Messages {
		w.message(fmt.Sprintf("messages[%d]", i), msg)
	}
	for _, t := range req.Tools {
		tool := sdk.ToolParam{Name: t.Name, InputSchema: schema(t.InputSchema)}
		if t.Description != "" {
			tool.Description = sdk.String(t.Description)
		}
		p.Tools = append(p.Tools, sdk.ToolUnionParam{OfTool: &tool})
	}
	p.ToolChoice = choice(req.ToolChoice)
	return w
}

func (w *writer) message(field string, msg model.Message) {
	p := &w.params
	if msg.Role == model.RoleSystem {
		if len(p.Messages) > 0 {
			w.warn(model.WarningMoved, field, "the API has one place for the system prompt, before all messages")
		}
		for j, part := range msg.Parts {
			text, ok := part.(model.Text)
			if !ok || strings.TrimSpace(string(text)) == "" {
				w.warn(model.WarningDropped, fmt.Sprintf("%s.parts[%d]", field, j), "a system prompt consists of text that is not blank")
				continue
			}
			p.System = append(p.System, sdk.TextBlockParam{Text: string(text)})
		}
		return
	}
	blocks := w.blocks(field, msg.Parts)
	if n := len(p.Messages); n > 0 && string(p.Messages[n-1].Role) == string(msg.Role) {
		p.Messages[n-1].Content = append(p.Messages[n-1].Content, blocks...)
		return
	}
	p.Messages = append(p.Messages, sdk.MessageParam{Role: sdk.MessageParamRole(msg.Role), Content: blocks})
}

// schema passes a schema unchanged; the SDK's own type would sort its keys.
func schema(s json.RawMessage) sdk.ToolInputSchemaParam {
	if len(s) == 0 {
		s = json.RawMessage(`{"type":"object","properties":{}}`) // the SDK would omit an empty schema
	}
	return param.Override[sdk.ToolInputSchemaParam](s)
}

func thinking(t *model.ThinkingConfig) sdk.ThinkingConfigParamUnion {
	switch t.Mode {
	case model.ThinkingDisabled:
		return sdk.ThinkingConfigParamUnion{OfDisabled: &sdk.ThinkingConfigDisabledParam{}}
	case model.ThinkingAdaptive:
		return sdk.ThinkingConfigParamUnion{OfAdaptive: &sdk.ThinkingConfigAdaptiveParam{}}
	}
	return sdk.ThinkingConfigParamOfEnabled(int64(max(t.Budget, 1024)))
}

func choice(c model.ToolChoice) (u sdk.ToolChoiceUnionParam) {
	var one param.Opt[bool]
	if c.Parallel != nil {
		one = sdk.Bool(!*c.Parallel)
	}
	switch c.Mode {
	case model.ToolsAny:
		u.OfAny = &sdk.ToolChoiceAnyParam{DisableParallelToolUse: one}
	case model.ToolsNamed:
		u.OfTool = &sdk.ToolChoiceToolParam{Name: c.Name, DisableParallelToolUse: one}
	case model.ToolsNone:
		u.OfNone = &sdk.ToolChoiceNoneParam{}
	default:
		if c.Mode == model.ToolsAuto || c.Parallel != nil {
			u.OfAuto = &sdk.ToolChoiceAutoParam{DisableParallelToolUse: one}
		}
	}
	return u
}

// blocks converts parts. Tool results come first, as the API requires.
func (w *writer) blocks(field string, parts []model.Part) []sdk.ContentBlockParamUnion {
	var results, blocks []sdk.ContentBlockParamUnion
	for j, p := range parts {
		at := fmt.Sprintf("%s.parts[%d]", field, j)
		switch p := p.(type) {
		case model.Opaque:
			w.warn(model.WarningDropped, at, "the adapter does not know this block")
		case model.Text:
			blocks = append(blocks, sdk.NewTextBlock(string(p)))
		case model.Image:
			blocks = append(blocks, sdk.NewImageBlockBase64(p.MediaType, base64.StdEncoding.EncodeToString(p.Data)))
		case model.Thinking:
			switch {
			case p.Incomplete:
				w.warn(model.WarningDropped, at, "the thinking was cut off")
			case p.Provider != "" && p.Provider != provider:
				w.warn(model.WarningDropped, at, "the thinking is of another provider")
			case len(p.Redacted) > 0:
				blocks = append(blocks, sdk.NewRedactedThinkingBlock(string(p.Redacted)))
			default:
				blocks = append(blocks, sdk.NewThinkingBlock(p.Signature, p.Text))
			}
		case model.ToolCall:
			input := p.Input
			switch {
			case p.InvalidInput != "":
				w.warn(model.WarningChanged, at+".input", "an input is a JSON object; any other input is sent as a string in one")
				input, _ = json.Marshal(map[string]string{"invalid": p.InvalidInput}) // a string
			case len(input) == 0:
				input = json.RawMessage("{}")
			}
			blocks = append(blocks, sdk.NewToolUseBlock(p.ID, input, p.Name))
		case model.ToolResult:
			if len(blocks) > 0 {
				w.warn(model.WarningMoved, at, "tool results come first in their turn")
			}
			results = append(results, w.result(at, p))
		}
	}
	return append(results, blocks...)
}

func (w *writer) result(field string, r model.ToolResult) sdk.ContentBlockParamUnion {
	block := sdk.ToolResultBlockParam{ToolUseID: r.CallID}
	if r.IsError {
		block.IsError = sdk.Bool(true)
	}
	for k, p := range r.Parts {
		var c sdk.ToolResultBlockParamContentUnion
		switch p := p.(type) {
		case model.Text:
			c.OfText = &sdk.TextBlockParam{Text: string(p)}
		case model.JSON:
			c.OfText = &sdk.TextBlockParam{Text: string(p)}
		case model.Image:
			c.OfImage = sdk.NewImageBlockBase64(p.MediaType, base64.StdEncoding.EncodeToString(p.Data)).OfImage
		default:
			w.warn(model.WarningDropped, fmt.Sprintf("%s.parts[%d]", field, k), "the adapter does not know this part")
			continue
		}
		block.Content = append(block.Content, c)
	}
	return sdk.ContentBlockParamUnion{OfToolResult: &block}
}
