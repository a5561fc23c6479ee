package fantasy

import (
	"context"

	charm "charm.land/fantasy"
	"charm.land/fantasy/providers/anthropic"

	"github.com/chatmodel-go/chatmodel/examples/adapters/internal/refuse"
	"github.com/chatmodel-go/chatmodel/model"
)

const provider = "fantasy"

// A Model is a fantasy model as a chat model. It is made by [New]. It is safe
// for concurrent use if the fantasy model is.
type Model struct{ llm charm.LanguageModel }

// New returns a chat model that answers with a fantasy model.
func New(llm charm.LanguageModel) *Model { return &Model{llm} }

// Capabilities returns the capabilities that fantasy's types can express. For a
// model of Anthropic these include the options of its provider.
func (m *Model) Capabilities() model.Capabilities { return m.claims().Capabilities }

// own reports whether the model understands the options of the provider for
// Anthropic.
func (m *Model) own() bool { return m.llm.Provider() == anthropic.Name }

func (m *Model) claims() refuse.Claims {
	own := m.own()
	return refuse.Claims{Capabilities: model.Capabilities{Tools: true, ForcedTools: true, ParallelTools: true, Images: true,
		Thinking: own, SignedThinking: own}, Sampling: true, TopK: true, Parallel: own}
}

// begin converts a request, or returns why it cannot be expressed.
func (m *Model) begin(op string, req *model.Request) (*writer, error) {
	if err := refuse.Request(req, provider, op, m.llm.Model(), m.claims()); err != nil {
		return nil, err
	}
	w := &writer{own: m.own()}
	w.request(req)
	if w.refused != "" {
		return nil, &model.Error{Kind: model.ErrUnsupported, Provider: provider, Op: op, Model: m.llm.Model(), Message: w.refused}
	}
	return w, nil
}

// Generate returns the answer to a request.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	w, err := m.begin("generate", req)
	if err != nil {
		return nil, err
	}
	got, err := m.llm.Generate(ctx, w.call)
	if err != nil {
		return nil, m.failed(ctx, "generate", err)
	}
	resp := m.response(got.FinishReason, &got.Usage)
	resp.Warnings = append(w.warnings, warnings(got.Warnings)...)
	for _, c := range got.Content {
		resp.Message.Parts = append(resp.Message.Parts, m.part(c))
	}
	return resp, nil
}

// Stream returns the answer to a request in pieces.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	w, err := m.begin("stream", req.Clone())
	info := model.StreamInfo{Provider: provider, Model: m.llm.Model(), Base: m.llm.Model()}
	return model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		if err != nil {
			return err
		}
		return m.stream(ctx, w, emit)
	})
}

// stream converts fantasy's stream. Only its context can close that stream, and
// providers that do not close their bodies release the connection when they
// read on. So a stream that is left is read to its end, which is near.
func (m *Model) stream(ctx context.Context, w *writer, emit func(model.Event) bool) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	parts, err := m.llm.Stream(within, w.call)
	if err != nil {
		return m.failed(ctx, "stream", err)
	}
	r := reader{m: m, emit: emit, open: map[string]*block{}}
	told := w.warnings
	left := false
	for p := range parts {
		if left {
			continue
		}
		switch p.Type {
		case charm.StreamPartTypeWarnings:
			told = append(told, warnings(p.Warnings)...)
		case charm.StreamPartTypeError:
			return m.failed(ctx, "stream", p.Error)
		case charm.StreamPartTypeFinish:
			resp := m.response(p.FinishReason, &p.Usage)
			resp.Warnings = told
			emit(model.Event{Kind: model.EventFinish, Response: resp})
			return nil
		default:
			if left = !r.part(&p); left {
				cancel()
			}
		}
	}
	if left {
		return nil
	}
	if e := model.ContextError(ctx); e != nil {
		return m.failed(ctx, "stream", e)
	}
	return &model.Error{Kind: model.ErrTruncated, Provider: provider, Op: "stream", Model: m.llm.Model(), Message: "the answer ended without its end"}
}
