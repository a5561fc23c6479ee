package bedrock

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// A door is a way to a model: the service's operations for a call and a stream,
// and the form of their bodies. It knows no rules; those are in package plan.
// It is safe for concurrent use.
type door interface {
	name() string // for texts

	// form says what a body can carry.
	form(f *facts.Facts) *plan.Format

	// write appends the body for a plan to dst, and count that for CountTokens.
	write(dst []byte, p *plan.Plan) []byte
	count(dst []byte, p *plan.Plan) []byte

	// generate and stream make the call.
	generate(ctx context.Context, m *Model, c call, s *sending) (*model.Response, error)

	// read makes an answer of its body, and of the headers that came with it.
	// What fails without an exchange is not cleaned of its secrets.
	read(c call, s *sending, data []byte, header http.Header) (*model.Response, error)

	stream(ctx context.Context, m *Model, c call, s *sending, emit func(model.Event) bool) error

	// limit takes what a body has no place for out of what a model can do.
	limit(c *model.Capabilities)
}

// A sending is a request that is ready to be sent. It shares nothing with the
// request.
type sending struct {
	body     []byte
	warnings []model.Warning
	whole    bool          // the answer to a stream comes in one piece
	model    string        // who is said to answer
	settings plan.Settings // for headers

	callersPoints bool              // there is a cache point that the caller has set
	files         map[string]string // the field of the first file of each kind, by the fact that it rests on
	behind        *subject          // the model that it was planned for

	// again plans the request for the model as it is known by now. It is nil if
	// the service refuses nothing of it that the rules can do without.
	again func(behind *subject) (*sending, error)
}

// A preparation makes a request ready.
type preparation func(ctx context.Context) (*sending, error)

// prepare writes a request at once, so that the caller may change it as soon
// as the call returns; or later, from a copy, if the model must be looked up
// first and that would use the network.
func (m *Model) prepare(req *model.Request, stream bool) (preparation, error) {
	if m.resolver == nil || m.resolver.found.Load() != nil {
		s, err := m.plan(req, m.known(), stream)
		if err != nil {
			return nil, err
		}
		if s.again != nil && stream { // the caller may change it before it is sent
			s.again = m.planner(req.Clone(), stream)
		}
		return func(context.Context) (*sending, error) { return s, nil }, nil
	}
	if err := req.Validate(); err != nil {
		return nil, err
	}
	req = req.Clone()
	return func(ctx context.Context) (*sending, error) {
		behind, first, err := m.resolve(ctx)
		if err != nil {
			return nil, err
		}
		s, err := m.plan(req, m.memory.apply(behind), stream)
		if err != nil {
			return nil, err
		}
		return s.telling(first), nil
	}, nil
}

// telling puts warnings before those of a request and of all that are planned
// in its place.
func (s *sending) telling(first []model.Warning) *sending {
	if len(first) == 0 {
		return s
	}
	s.warnings = slices.Concat(first, s.warnings)
	if again := s.again; again != nil {
		s.again = func(behind *subject) (*sending, error) {
			next, err := again(behind)
			if err != nil {
				return nil, err
			}
			return next.telling(first), nil
		}
	}
	return s
}

// plan makes a request for a model ready.
func (m *Model) plan(req *model.Request, behind *subject, stream bool) (*sending, error) {
	options := optionsOf(req)
	p, err := plan.New(req, m.input(options, &behind.facts, stream))
	if err != nil {
		return nil, err
	}
	s := &sending{body: m.door.write(nil, p), warnings: p.Warnings(), whole: p.Whole, model: m.id, settings: p.Settings}
	s.settings.ResponseFieldPaths = slices.Clone(s.settings.ResponseFieldPaths)
	s.settings.Metadata = maps.Clone(s.settings.Metadata)
	s.behind, s.callersPoints, s.files = behind, p.CallersPoints(), p.Files()
	if !m.once && p.Wishes() {
		s.again = m.planner(req, stream)
	}
	if m.resolver != nil && behind.base != "" {
		s.model = behind.base
	}
	return s, nil
}

// planner plans a request for a model that is not known before.
func (m *Model) planner(req *model.Request, stream bool) func(*subject) (*sending, error) {
	return func(behind *subject) (*sending, error) { return m.plan(req, behind, stream) }
}

// input returns what decides on a plan apart from the request.
func (m *Model) input(x *ProviderOptions, f *facts.Facts, stream bool) plan.Input {
	in := plan.Input{Facts: f, Format: m.door.form(f), Stream: stream, Prompt: m.prompt, FillResults: m.fill, Settings: plan.Settings{
		AdditionalFields:   bytes.Clone(x.AdditionalFields),
		ResponseFieldPaths: x.ResponseFieldPaths,
		Latency:            x.Latency,
		ServiceTier:        x.ServiceTier,
		Metadata:           x.Metadata,
		PromptVariables:    x.PromptVariables,
		OutputEffort:       x.OutputEffort,
	}}
	if g := x.Guardrail; g != nil {
		in.Settings.Guardrail = &plan.Guardrail{ID: g.ID, Version: g.Version, Trace: g.Trace, StreamMode: g.StreamMode}
	}
	return in
}

// inOne answers a stream by one call, whose parts come as events.
func (m *Model) inOne(ctx context.Context, c call, s *sending, emit func(model.Event) bool) error {
	resp, err := m.door.generate(ctx, m, c, s)
	if err != nil {
		return err
	}
	s.behind.made(resp.Message.Parts)
	for i, q := range resp.Message.Parts {
		ev := model.Event{Kind: model.EventPart, Index: i, Part: q}
		if t, ok := q.(model.Text); ok {
			ev = model.Event{Kind: model.EventText, Index: i, Text: string(t)}
		}
		if !emit(ev) || !emit(model.Event{Kind: model.EventPartDone, Index: i}) {
			return errLeft
		}
	}
	resp.Message = model.Message{}
	if !emit(model.Event{Kind: model.EventFinish, Response: resp}) {
		return errLeft
	}
	return nil
}
