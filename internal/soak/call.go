package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// A call is one question and what goes wrong with it.
type call struct {
	seed, number uint64
	which, place int
	door         int
	streamed     bool
	want         answer
}

// newCall draws a call: what goes wrong and where, and how it is made. The same
// seed and number give the same call.
func newCall(seed, number uint64) *call {
	r := rand.New(rand.NewPCG(number, seed))
	c := &call{seed: seed, number: number, door: r.IntN(4), streamed: r.IntN(6) > 0, want: answerTo(seed, number)}
	total := 0
	for _, f := range faults {
		total += f.weight
	}
	for pick := r.IntN(total); pick >= faults[c.which].weight; c.which++ {
		pick -= faults[c.which].weight
	}
	f := c.fault()
	c.streamed = c.streamed || f.streamed
	if f.breaks {
		c.door &= 1 // HTTP/1.1
	}
	if f.where > 0 {
		c.place = r.IntN(f.where)
	}
	return c
}

func (c *call) fault() *fault { return &faults[c.which] }

// request asks the question. The server reads from its numbers what to answer
// and what to do wrong.
func (c *call) request() *model.Request {
	return &model.Request{
		MaxTokens: 10_000,
		Messages:  []model.Message{model.User(fmt.Sprintf("case %d %d %d %d", c.seed, c.number, c.which, c.place))},
		Tools:     []model.Tool{{Name: "note", InputSchema: json.RawMessage(`{"type":"object"}`)}},
	}
}

// A result is what came of a call.
type result struct {
	whole bool
	kind  model.ErrorKind // of the error, otherwise
	lost  string          // why it is lost, if it is
	wrong string          // why it is wrong, if it is
}

// make makes the call, leaves or cancels it where the fault says so, and judges
// the outcome.
func (c *call) make(b *bench) result {
	ctx, cancel := context.WithCancel(context.Background())
	if c.fault().timeout {
		ctx, cancel = context.WithTimeout(ctx, patience)
	}
	defer cancel()
	m := b.models[c.door].model
	if !c.streamed {
		resp, err := m.Generate(ctx, c.request())
		return c.judge(resp, err, nil)
	}
	s := m.Stream(ctx, c.request())
	var seen arrived
	for ev, err := range s.Events() {
		if err != nil {
			break // Response has it
		}
		if seen.add(ev); seen.events > c.place {
			if c.fault().cancel {
				cancel()
			}
			if c.fault().leave {
				break
			}
		}
	}
	resp, err := s.Response()
	return c.judge(resp, err, &seen)
}

// What has arrived of a stream.
type arrived struct {
	events      int
	text, input strings.Builder
}

// add takes in an event.
func (a *arrived) add(ev model.Event) {
	a.events++
	switch ev.Kind {
	case model.EventText:
		a.text.WriteString(ev.Text)
	case model.EventToolInput:
		a.input.WriteString(ev.Text)
	}
}

// judge holds what came against what had to come.
func (c *call) judge(resp *model.Response, err error, seen *arrived) (r result) {
	f := c.fault()
	text, input := said(resp)
	switch {
	case !strings.HasPrefix(c.want.text, text) || !strings.HasPrefix(c.want.input, input):
		r.wrong = "it says what was not said"
	case seen != nil && (seen.text.String() != text || seen.input.String() != input):
		r.lost = "the response is not what had arrived"
	}
	if err == nil {
		r.whole = true
		switch {
		case !f.whole:
			r.lost = "no error"
		case text != c.want.text || input != c.want.input:
			r.lost = "an incomplete answer without an error"
		case c.which == 0 && !resp.TokenUsage().Known:
			r.lost = "no usage"
		}
		return r
	}
	r.kind = model.KindOf(err)
	switch e, ok := errors.AsType[*model.Error](err); {
	case !ok:
		r.lost = fmt.Sprintf("an error of type %T", err)
	case !f.ends(err):
		r.lost = fmt.Sprintf("the error %v", err)
	case text == c.want.text && input == c.want.input && e.Kind != model.ErrStopped && seen != nil && seen.events > len(pieces(text))+len(pieces(input))+5:
		r.lost = fmt.Sprintf("the error %v of a complete answer", err)
	}
	return r
}

// said returns the text of a response and the input of its call.
func said(resp *model.Response) (text, input string) {
	if resp == nil {
		return "", ""
	}
	for _, p := range resp.Message.Parts {
		if call, ok := p.(model.ToolCall); ok {
			input = string(call.Input) + call.InvalidInput
		}
	}
	return resp.Text(), input
}
