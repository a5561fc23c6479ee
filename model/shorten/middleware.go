package shorten

import (
	"context"
	"errors"

	"github.com/chatmodel-go/chatmodel/model"
)

// attempts is how often an overflowing call is cut and made again.
const attempts = 3

// Middleware returns middleware that cuts a request when the model says that it
// is too long ([model.ErrContextOverflow]), and asks again, at most three times,
// each time for less. Around a chain of fallbacks it does so if any of its models
// says so and none answers. The answer's warnings name what was left out; all of
// them name fields of the caller's request. A stream is never begun anew once an
// event has been delivered. Options may be nil.
//
// If the request cannot be cut as far, the error is the model's own.
func Middleware(options *Options) model.Middleware {
	var o Options
	if options != nil {
		o = *options
	}
	return func(m model.ChatModel) model.ChatModel {
		return model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			resp, err := next(ctx, req)
			if !overflows(err) {
				return resp, err
			}
			return again(ctx, m, req, next, o, err)
		})(m)
	}
}

// overflows reports whether a model, or one of a chain, has said that the
// prompt is too long.
func overflows(err error) bool { return errors.Is(err, model.ErrContextOverflow) }

// again makes a call with less and less of its conversation.
func again(ctx context.Context, m model.ChatModel, req *model.Request, next model.Next, o Options, overflow error) (*model.Response, error) {
	c, err := countingOf(ctx, m, req, o)
	if err != nil {
		return nil, overflow
	}
	limit := c.limit
	for range attempts {
		shorter, err := c.cut(ctx, req, &limit)
		if err != nil {
			return nil, overflow
		}
		resp, err := next(ctx, shorter.req)
		switch {
		case err == nil:
			answer := *resp
			answer.Warnings = append(shorter.told, shorter.original(resp.Warnings)...)
			return &answer, nil
		case overflows(err):
			overflow = err
		case model.KindOf(err) == model.ErrStreamUsed: // events were delivered before the overflow
			return nil, overflow
		default:
			return resp, err
		}
		limit = limit * 3 / 4
	}
	return nil, overflow
}

// A counting is how the tokens of a call are counted, and the most that its
// prompt may have.
type counting struct {
	m         model.ChatModel
	o         Options // with Count
	estimates bool    // nothing else is left
	limit     int
}

// countingOf prefers the caller's way to count, then the model's own, then the
// estimate.
func countingOf(ctx context.Context, m model.ChatModel, req *model.Request, o Options) (*counting, error) {
	c := &counting{m: m, o: o}
	if o.Count != nil {
		size, err := o.Count(ctx, req)
		c.limit, c.estimates = c.below(req, size), true
		return c, err
	}
	size, err := model.CountTokens(ctx, m, req)
	if err != nil {
		c.estimate(req)
		return c, nil
	}
	c.o.Count = func(ctx context.Context, req *model.Request) (int, error) { return model.CountTokens(ctx, m, req) }
	c.limit = c.below(req, size)
	return c, nil
}

// estimate counts by the estimate from now on.
func (c *counting) estimate(req *model.Request) {
	c.o.Count = estimated
	c.limit, c.estimates = c.below(req, Estimate(req)), true
}

// below returns how many tokens a prompt may have, where a prompt of a size was
// too long, whatever is believed of the limit.
func (c *counting) below(req *model.Request, size int) int {
	return min(limitOf(c.m, req, &c.o, size), size*9/10)
}

// cut cuts a request to a limit. Where the model fails to count, the request and
// the limit are estimated.
func (c *counting) cut(ctx context.Context, req *model.Request, limit *int) (*shortened, error) {
	if *limit <= 0 {
		return nil, model.ErrContextOverflow
	}
	shorter, err := cut(ctx, req, *limit, c.o)
	if err == nil || c.estimates || overflows(err) {
		return shorter, err
	}
	before := c.limit
	c.estimate(req)
	*limit = int(int64(*limit) * int64(c.limit) / int64(before))
	return c.cut(ctx, req, limit)
}

// limitOf returns how many tokens the prompt may have.
func limitOf(m model.ChatModel, req *model.Request, o *Options, size int) int {
	if o.Limit > 0 {
		return o.Limit
	}
	if l, ok := model.LimitsOf(m); ok && l.Context > 0 {
		return max(l.Context-max(req.MaxTokens, l.Context/8), 1)
	}
	return max(size*3/4, 1)
}
