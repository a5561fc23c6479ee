package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// An Item is a value for a chain, with the caller's id for it.
type Item[I any] struct {
	ID    string
	Value I
}

// An Outcome is the result of a chain for one item.
type Outcome[I, O any] struct {
	ID    string
	Input I
	Value O

	// Err is the chain's error, or the record's error, which is a
	// [*model.Error].
	Err error

	Result Result // the model's answer, or its error
}

// A Chain is a chain of package runnable with a batch in the place of its
// model. It is made by [NewChain] and is safe for concurrent use.
type Chain[I, O any] struct {
	c     *Client
	chain runnable.Runnable[I, O]
}

// NewChain returns a chain whose model is a batch. The function build receives
// the model and returns the chain around it, as for any other model:
//
//	chain, err := batch.NewChain(client, func(m model.ChatModel) (runnable.Runnable[Review, Mood], error) {
//		mood, err := runnable.Structured[Mood](m, nil)
//		return runnable.Pipe(prompt, mood), err
//	})
//
// The chain runs twice for each item. When the batch is submitted, it runs up
// to its call of the model, and the request goes into the batch. When there are
// results, it runs again, and the call returns the answer. So it must make the
// same call both times. It may call the model only once: a second call, such as
// a repair or a step of a tool loop, fails with an error of kind
// [model.ErrUnsupported].
func NewChain[I, O any](c *Client, build func(m model.ChatModel) (runnable.Runnable[I, O], error)) (*Chain[I, O], error) {
	chain, err := build(&stage{c})
	if err != nil {
		return nil, err
	}
	return &Chain[I, O]{c, chain}, nil
}

// Inputs returns the chain's requests for the items, to be submitted.
func (c *Chain[I, O]) Inputs(ctx context.Context, items iter.Seq2[Item[I], error]) Inputs {
	return func(yield func(Input, error) bool) {
		for item, err := range items {
			if err != nil {
				yield(Input{}, err)
				return
			}
			req, err := c.request(ctx, item)
			if !yield(Input{ID: item.ID, Request: req}, err) || err != nil {
				return
			}
		}
	}
}

func (c *Chain[I, O]) request(ctx context.Context, item Item[I]) (*model.Request, error) {
	slot := &slot{}
	_, err := c.chain.Invoke(context.WithValue(ctx, slotKey{}, slot), item.Value)
	switch {
	case slot.request != nil:
		return slot.request, nil
	case err != nil:
		return nil, fmt.Errorf("item %q: %w", item.ID, err)
	}
	return nil, invalid("submit batch", fmt.Sprintf("item %q: the chain did not call its model", item.ID))
}

// Submit submits the chain's requests for the items; see [Client.Submit].
func (c *Chain[I, O]) Submit(ctx context.Context, name string, items iter.Seq2[Item[I], error]) (*Batch, error) {
	return c.c.Submit(ctx, name, c.Inputs(ctx, items))
}

// Outcomes yields the chain's outcomes for the results of the batch, in the
// order of the items. These must be the items that were submitted. An error
// concerns all outcomes, as with [Results.All].
func (c *Chain[I, O]) Outcomes(ctx context.Context, b *Batch, items iter.Seq2[Item[I], error]) iter.Seq2[Outcome[I, O], error] {
	return func(yield func(Outcome[I, O], error) bool) {
		var item Item[I] // the item of the current result
		inputs := func(yield func(Input, error) bool) {
			for it, err := range items {
				item = it
				if !yield(Input{ID: it.ID}, err) || err != nil {
					return
				}
			}
		}
		for result, err := range b.Results(ctx, inputs).All() {
			if err != nil {
				yield(Outcome[I, O]{}, err)
				return
			}
			if !yield(c.outcome(ctx, item, result), nil) {
				return
			}
		}
	}
}

func (c *Chain[I, O]) outcome(ctx context.Context, item Item[I], result Result) Outcome[I, O] {
	out := Outcome[I, O]{ID: item.ID, Input: item.Value, Result: result}
	if result.Err != nil {
		out.Err = result.Err
		return out
	}
	out.Value, out.Err = c.chain.Invoke(context.WithValue(ctx, slotKey{}, &slot{answer: result.Response}), item.Value)
	return out
}

// Run submits the items under a name, waits for the batch, and yields the
// chain's outcomes. A second Run with the same name continues where the first
// one stopped.
func (c *Chain[I, O]) Run(ctx context.Context, name string, items iter.Seq2[Item[I], error]) iter.Seq2[Outcome[I, O], error] {
	return func(yield func(Outcome[I, O], error) bool) {
		b, err := c.Submit(ctx, name, items)
		if err == nil {
			err = b.Wait(ctx)
		}
		if err != nil {
			yield(Outcome[I, O]{}, err)
			return
		}
		c.Outcomes(ctx, b, items)(yield)
	}
}

// A slot is the one call of the model in an item's run.
type slot struct {
	mu      sync.Mutex      // a chain may have branches
	request *model.Request  // the call's request, once it was made
	answer  *model.Response // the answer to it; nil while the batch is submitted
}

type slotKey struct{}

// A stage is the model of a chain. It takes the request for the batch, or
// returns the batch's answer to it.
type stage struct{ c *Client }

var (
	_ model.ChatModel          = (*stage)(nil)
	_ model.CapabilityReporter = (*stage)(nil)
	_ model.InfoReporter       = (*stage)(nil)
	_ model.LimitReporter      = (*stage)(nil)
)

func (m *stage) Capabilities() model.Capabilities {
	caps := m.c.codec.Capabilities()
	if m.c.form == FormConverse { // a job of this form does not support tools
		caps.Tools, caps.ForcedTools, caps.ForcedToolsThink, caps.ParallelTools = false, false, false, false
	}
	return caps
}

func (m *stage) Info() model.Info     { return m.c.codec.Info() }
func (m *stage) Limits() model.Limits { return m.c.codec.Limits() }

// errTaken ends the run of a chain whose request was taken for the batch.
var errTaken = errors.New("the request waits for its batch")

func (m *stage) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	s, _ := ctx.Value(slotKey{}).(*slot)
	if s == nil {
		return nil, m.error(model.ErrUnsupported, "only the chain of a batch can call its model")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.request != nil {
		return nil, m.error(model.ErrUnsupported, "a chain with a batch as its model can call it only once")
	}
	s.request = req.Clone()
	if s.answer == nil {
		e := m.error(model.ErrStopped, errTaken.Error())
		e.Err = errTaken
		return nil, e
	}
	return s.answer, nil
}

func (m *stage) Stream(ctx context.Context, req *model.Request) *model.Stream {
	info := model.StreamInfo{Provider: bedrock.Provider, Model: m.c.codec.ID()}
	resp, err := m.Generate(ctx, req)
	if err != nil {
		return model.FailedStream(ctx, info, err)
	}
	return model.Replay(ctx, info, resp)
}

func (m *stage) error(kind model.ErrorKind, message string) *model.Error {
	return m.c.error(kind, "generate", "", message)
}
