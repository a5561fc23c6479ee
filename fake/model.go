package fake

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Model is a [model.ChatModel] that plays a script. It is made by [New] or
// [NewWith] and safe for concurrent use: turns are used in the order in which
// calls go out, one each, whether by Generate or by Stream.
//
// A call that never goes out uses no turn and is not recorded: one whose
// request is invalid or whose context has ended, and a stream that is not
// ranged over.
type Model struct {
	options Options
	named   string             // the provider whose blocks it takes; empty: any
	cache   *promptcache.Cache // nil if there is none
	byBytes bool               // tokens are estimated by tokensOf
	open    atomic.Int64

	mu       sync.Mutex
	script   script
	requests []*model.Request
	faults   []error // of calls that did not fit the script
}

var (
	_ model.ChatModel          = (*Model)(nil)
	_ model.CapabilityReporter = (*Model)(nil)
	_ model.TokenCounter       = (*Model)(nil)
)

// New returns a model that answers its calls with the given turns, in order. A
// call for which no turn is left fails with an error that shows the request;
// see [ErrScript].
func New(turns ...Turn) *Model { return NewWith(nil, turns...) }

// NewWith is New with options. Nil options mean the zero value.
func NewWith(options *Options, turns ...Turn) *Model {
	m := &Model{options: options.settled(), byBytes: options == nil || options.Tokens == nil, script: script{turns: cloneTurns(turns)}}
	if options != nil {
		m.named = options.Provider
	}
	if m.options.Cache != nil {
		m.cache = promptcache.New()
	}
	return m
}

// Generate plays the next turn and returns the response that a stream of it
// collects, or its error.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	resp, err := m.stream(ctx, req, false).Response()
	if err != nil {
		return nil, relabel(err)
	}
	return resp, nil
}

// Stream returns a stream that plays the turn which is next when it is ranged
// over.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return m.stream(ctx, req.Clone(), true)
}

func (m *Model) stream(ctx context.Context, req *model.Request, counted bool) *model.Stream {
	info := model.StreamInfo{Provider: m.options.Provider, Model: m.options.Model}
	return model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		c, err := m.admit(req)
		if err != nil {
			return err
		}
		if counted {
			m.open.Add(1)
			defer m.open.Add(-1)
		}
		p, err := m.perform(ctx, c)
		if err != nil {
			return err
		}
		return p.play(ctx, emit)
	})
}

// relabel makes the error of a collected stream one of Generate.
func relabel(err error) error {
	e, ok := err.(*model.Error)
	if !ok || e.Op != "stream" {
		return err
	}
	c := *e
	c.Op = "generate"
	return &c
}

// A call is a request that has gone out.
type call struct {
	number   int            // from 1
	req      *model.Request // without what is not sent
	warnings []model.Warning
	prompt   []promptcache.Segment
}

// admit refuses what a provider's library refuses before it sends anything,
// and returns the call otherwise.
func (m *Model) admit(req *model.Request) (*call, error) {
	if err := req.Validate(); err != nil {
		return nil, err
	}
	req, warnings := sendable(req, m.named)
	if len(warnings) > 0 { // the conversation may have nothing else in it
		if err := req.Validate(); err != nil {
			return nil, err
		}
	}
	if err := unsupported(*m.options.Capabilities, req); err != nil {
		return nil, err
	}
	if m.options.Strict {
		if err := unpaired(req.Messages); err != nil {
			return nil, err
		}
	}
	prompt, err := m.segments(req)
	if err != nil {
		return nil, err
	}
	return &call{req: req, warnings: warnings, prompt: prompt}, nil
}

// perform takes a turn for the call and works out what it brings.
func (m *Model) perform(ctx context.Context, c *call) (*performance, error) {
	turn, ok := m.take(c)
	if !ok {
		return nil, m.fault(c, scriptErrorf("no turn is left for this request: %s", describe(c.req)))
	}
	if err := check(turn, c.req); err != nil {
		return nil, m.fault(c, err)
	}
	p, err := m.prepare(ctx, turn, c)
	if err != nil {
		return nil, m.fault(c, fmt.Errorf("%v: %w", turn, err))
	}
	p.warn(c.warnings)
	return p, nil
}

// take records the call, numbers it and returns its turn, if there is one.
func (m *Model) take(c *call) (Turn, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests = append(m.requests, c.req.Clone())
	c.number = len(m.requests)
	return m.script.take()
}

func check(turn Turn, req *model.Request) error {
	for _, check := range turn.checks {
		if err := check(req.Clone()); err != nil {
			return fmt.Errorf("%v did not expect this request: %w", turn, err)
		}
	}
	return nil
}

// prepare works out what a turn brings. Its error is a fault of the script;
// an error that was asked for is part of the performance.
func (m *Model) prepare(ctx context.Context, turn Turn, c *call) (*performance, error) {
	p := &performance{events: cloneEvents(turn.events), first: turn.first, every: turn.every, requestID: requestID(c.number)}
	if turn.events == nil {
		resp, err := m.answer(ctx, turn, c)
		if fault, ok := err.(*scriptError); ok {
			return nil, fault
		}
		if err != nil {
			p.err, p.cut = err, true
			return p, nil
		}
		p.requestID = resp.RequestID
		p.events, err = render(resp, m.options.Provider, cutter{turn.size, turn.splits})
		if err != nil {
			return nil, err
		}
	}
	if turn.end != nil {
		return p, p.breakOff(turn.end)
	}
	return p, nil
}

// fault records that a call did not fit the script and returns its error.
func (m *Model) fault(c *call, err error) error {
	e := &model.Error{
		Kind:    model.ErrInvalidRequest,
		Message: fmt.Sprintf("call %d does not fit the script: %v", c.number, err),
		Err:     &faultError{err},
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, e)
	return e
}

// A faultError is ErrScript and what went wrong at once.
type faultError struct{ cause error }

func (e *faultError) Error() string   { return e.cause.Error() }
func (e *faultError) Unwrap() []error { return []error{ErrScript, e.cause} }

// Capabilities returns what the fake can do; see [Options.Capabilities].
func (m *Model) Capabilities() model.Capabilities { return *m.options.Capabilities }

// CountTokens returns the number of tokens that the usage of an answer would
// give for its prompt. It uses no turn and is not recorded.
func (m *Model) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	if err := model.ContextError(ctx); err != nil {
		return 0, m.countError(err)
	}
	c, err := m.admit(req)
	if err != nil {
		return 0, m.countError(err)
	}
	if !m.options.Capabilities.TokenCounting {
		return 0, m.countError(&model.Error{Kind: model.ErrUnsupported, Message: "this model cannot count tokens"})
	}
	return promptcache.Tokens(c.prompt), nil
}

func (m *Model) countError(err error) error {
	e := &model.Error{Kind: model.KindOf(err), Err: err}
	if me, ok := err.(*model.Error); ok {
		*e = *me
	}
	e.Provider, e.Op, e.Model = m.options.Provider, "count tokens", m.options.Model
	return e
}
