package langchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/refuse"
	"github.com/chatmodel-go/chatmodel/model"
)

const provider = "langchaingo"

// A Model is a langchaingo model as a chat model. It is made by [New]. It is
// safe for concurrent use if the langchaingo model is.
type Model struct {
	llm llms.Model
	id  string
}

// New returns a chat model that answers with a langchaingo model. The id is its
// name in answers and errors.
func New(llm llms.Model, id string) *Model { return &Model{llm, id} }

var claims = refuse.Claims{Capabilities: model.Capabilities{Tools: true, ParallelTools: true, StopSequences: true, Images: true}, Sampling: true}

// Capabilities returns the capabilities that langchaingo's types can express.
func (m *Model) Capabilities() model.Capabilities { return claims.Capabilities }

// Generate returns the answer to a request.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if err := refuse.Request(req, provider, "generate", m.id, claims); err != nil {
		return nil, err
	}
	messages, options, warnings := write(req)
	got, err := m.llm.GenerateContent(ctx, messages, options...)
	if err != nil {
		return nil, m.failed(ctx, "generate", err)
	}
	resp := m.response(got)
	resp.Warnings = warnings
	return resp, nil
}

// errLeft ends a call whose caller has left the stream.
var errLeft = errors.New("the stream was left")

// Stream returns the answer to a request in pieces. Langchaingo passes on only
// pieces of text; all other parts arrive at the end.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	err := refuse.Request(req, provider, "stream", m.id, claims)
	if err == nil {
		req = req.Clone()
	}
	return model.NewStream(ctx, model.StreamInfo{Provider: provider, Model: m.id, Base: m.id}, func(ctx context.Context, emit func(model.Event) bool) error {
		if err != nil {
			return err
		}
		messages, options, warnings := write(req)
		c := m.begin(ctx, messages, options)
		defer c.leave()
		said := false
		for chunk := range c.chunks {
			said = true
			if !emit(model.Event{Kind: model.EventText, Text: chunk}) {
				return nil
			}
		}
		<-c.done
		got, err := c.got, c.err
		if err != nil {
			return m.failed(ctx, "stream", err)
		}
		resp := m.response(got)
		resp.Warnings = warnings
		for i, p := range resp.Message.Parts {
			if _, isText := p.(model.Text); isText && said {
				continue
			}
			if !emit(model.Event{Kind: model.EventPart, Index: i + 1, Part: p}) {
				return nil
			}
		}
		resp.Message = model.Message{}
		emit(model.Event{Kind: model.EventFinish, Response: resp})
		return nil
	})
}

// A conversation is a call in progress. Providers pass on pieces from
// goroutines of their own, and the consumer of a stream must not be called from
// there.
type conversation struct {
	cancel context.CancelFunc
	chunks chan string // closed at the end
	done   chan struct{}
	got    *llms.ContentResponse // set when done is closed
	err    error
}

func (m *Model) begin(ctx context.Context, messages []llms.MessageContent, options []llms.CallOption) *conversation {
	ctx, cancel := context.WithCancel(ctx)
	c := &conversation{cancel: cancel, chunks: make(chan string), done: make(chan struct{})}
	options = append(options, llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		select {
		case c.chunks <- string(chunk):
			return nil
		case <-ctx.Done():
			return errLeft
		}
	}))
	go func() {
		defer close(c.done)
		defer close(c.chunks)
		c.got, c.err = m.llm.GenerateContent(ctx, messages, options...)
	}()
	return c
}

// leave ends the call, if it has not ended.
func (c *conversation) leave() {
	c.cancel()
	<-c.done
}

// response joins the choices. Some providers return one choice for each block.
func (m *Model) response(got *llms.ContentResponse) *model.Response {
	resp := &model.Response{Model: m.id, Usage: &model.Usage{}, Message: model.Message{Role: model.RoleAssistant}}
	if got == nil {
		return resp
	}
	for _, c := range got.Choices {
		if c == nil {
			continue
		}
		if c.Content != "" {
			resp.Message.Parts = append(resp.Message.Parts, model.Text(c.Content))
		}
		for _, t := range c.ToolCalls {
			if t.FunctionCall != nil {
				resp.Message.Parts = append(resp.Message.Parts, model.ToolCall{ID: t.ID, Name: t.FunctionCall.Name, Input: json.RawMessage(t.FunctionCall.Arguments)})
			}
		}
		if c.StopReason != "" {
			resp.StopReason = model.StopReason(c.StopReason)
		}
		in, ok := c.GenerationInfo["InputTokens"].(int)
		out, ok2 := c.GenerationInfo["OutputTokens"].(int)
		if ok && ok2 {
			read, _ := c.GenerationInfo["CacheReadInputTokens"].(int)
			written, _ := c.GenerationInfo["CacheCreationInputTokens"].(int)
			resp.Usage = &model.Usage{Known: true, InputTokens: in + read + written, OutputTokens: out, CacheReadTokens: read, CacheWriteTokens: written}
		}
	}
	return resp
}

// failed converts an error that has little more than a text.
func (m *Model) failed(ctx context.Context, op string, err error) error {
	if e := model.ContextError(ctx); e != nil {
		e.Provider, e.Op, e.Model = provider, op, m.id
		return e
	}
	if own, ok := errors.AsType[*model.Error](err); ok {
		return own
	}
	e := &model.Error{Kind: model.ErrUnknown, Provider: provider, Op: op, Model: m.id, Message: err.Error(), Err: err}
	if strings.Contains(e.Message, "unexpected EOF") {
		e.Kind = model.ErrTruncated
	}
	for status, kind := range map[string]model.ErrorKind{"400": model.ErrInvalidRequest, "401": model.ErrAuthentication, "403": model.ErrPermission,
		"404": model.ErrNotFound, "408": model.ErrTimeout, "429": model.ErrThrottled, "529": model.ErrUnavailable, "500": model.ErrProvider} {
		if strings.Contains(e.Message, "status code: "+status) {
			e.Kind = kind
		}
	}
	return e
}

// write converts a request.
func write(req *model.Request) (messages []llms.MessageContent, options []llms.CallOption, warnings []model.Warning) {
	for i, m := range req.Messages {
		messages = append(messages, written(i, m, &warnings)...)
	}
	if req.MaxTokens > 0 {
		options = append(options, llms.WithMaxTokens(req.MaxTokens))
	}
	if req.Temperature != nil {
		options = append(options, llms.WithTemperature(*req.Temperature))
	}
	if req.TopP != nil {
		options = append(options, llms.WithTopP(*req.TopP))
	}
	if len(req.StopSequences) > 0 {
		options = append(options, llms.WithStopWords(req.StopSequences))
	}
	if len(req.Tools) > 0 {
		options = append(options, llms.WithTools(toolsOf(req.Tools)))
	}
	switch req.ToolChoice.Mode {
	case model.ToolsAuto:
		options = append(options, llms.WithToolChoice("auto"))
	case model.ToolsNone:
		options = append(options, llms.WithToolChoice("none"))
	}
	return messages, options, warnings
}

func toolsOf(tools []model.Tool) []llms.Tool {
	all := make([]llms.Tool, len(tools))
	for i, t := range tools {
		schema := t.InputSchema
		if len(schema) == 0 {
			schema = json.RawMessage(`{"type":"object","properties":{}}`)
		}
		all[i] = llms.Tool{Type: "function", Function: &llms.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: schema}}
	}
	return all
}

// written converts a message. Its results become messages of their own, with
// the role tool.
func written(i int, m model.Message, warnings *[]model.Warning) []llms.MessageContent {
	role := map[model.Role]llms.ChatMessageType{model.RoleSystem: llms.ChatMessageTypeSystem, model.RoleUser: llms.ChatMessageTypeHuman, model.RoleAssistant: llms.ChatMessageTypeAI}[m.Role]
	warn := func(action model.WarningAction, field, reason string) {
		*warnings = append(*warnings, model.Warning{Action: action, Field: field, Reason: reason})
	}
	switch {
	case m.Role == model.RoleSystem && i > 0:
		warn(model.WarningMoved, fmt.Sprintf("messages[%d]", i), "the provider has one place for the system prompt, before all messages")
	case len(m.Parts) == 0:
		warn(model.WarningDropped, fmt.Sprintf("messages[%d]", i), "the message has no parts")
	}
	var results []llms.MessageContent
	said := llms.MessageContent{Role: role}
	for j, p := range m.Parts {
		switch p := p.(type) {
		case model.Text:
			said.Parts = append(said.Parts, llms.TextContent{Text: string(p)})
		case model.Image:
			said.Parts = append(said.Parts, llms.BinaryContent{MIMEType: p.MediaType, Data: p.Data})
		case model.ToolCall:
			said.Parts = append(said.Parts, llms.ToolCall{ID: p.ID, Type: "function", FunctionCall: &llms.FunctionCall{Name: p.Name, Arguments: string(p.Input)}})
		case model.ToolResult:
			var text []string
			if p.IsError {
				warn(model.WarningDropped, fieldOf(i, j)+".is_error", "a result is a text, which cannot mark a failure")
			}
			for k, q := range p.Parts {
				switch q := q.(type) {
				case model.Text:
					text = append(text, string(q))
				case model.JSON:
					text = append(text, string(q))
				default:
					warn(model.WarningDropped, fmt.Sprintf("%s.parts[%d]", fieldOf(i, j), k), "a result can only be a text")
				}
			}
			results = append(results, llms.MessageContent{Role: llms.ChatMessageTypeTool,
				Parts: []llms.ContentPart{llms.ToolCallResponse{ToolCallID: p.CallID, Content: strings.Join(text, "\n")}}})
		default:
			warn(model.WarningDropped, fieldOf(i, j), "langchaingo has no place for it")
		}
	}
	if len(said.Parts) > 0 {
		results = append(results, said)
	}
	return results
}

func fieldOf(i, j int) string { return fmt.Sprintf("messages[%d].parts[%d]", i, j) }
