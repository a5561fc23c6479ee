package shorten

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model"
)

// attempts is how often an overflowing call is cut and made again.
const attempts = 3

// Middleware returns middleware that cuts a request when the model says that it
// is too long ([model.ErrContextOverflow]), and asks again, at most three times,
// each time for less. The answer's warnings name what was left out. A stream is
// never begun anew once an event has been handed on. Options may be nil.
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
			if model.KindOf(err) != model.ErrContextOverflow || m == nil {
				return resp, err
			}
			return again(ctx, m, req, next, o, err)
		})(m)
	}
}

// again makes a call with less and less of its conversation.
func again(ctx context.Context, m model.ChatModel, req *model.Request, next model.Next, o Options, overflow error) (*model.Response, error) {
	if o.Count == nil {
		o.Count = counterOf(ctx, m, req)
	}
	size, err := o.Count(ctx, req)
	if err != nil {
		return nil, overflow
	}
	// Whatever is believed of the limit, the prompt was beyond it.
	limit := min(limitOf(m, req, &o, size), size*9/10)
	for range attempts {
		shorter, told, err := Request(ctx, req, limit, &o)
		if err != nil {
			return nil, overflow
		}
		resp, err := next(ctx, shorter)
		switch model.KindOf(err) {
		case "":
			if err != nil {
				return resp, err
			}
			answer := *resp
			answer.Warnings = append(told, resp.Warnings...)
			return &answer, nil
		case model.ErrContextOverflow:
			overflow = err
		case model.ErrStreamUsed: // events were handed on before the overflow
			return nil, overflow
		default:
			return resp, err
		}
		limit = limit * 3 / 4
	}
	return nil, overflow
}

// counterOf returns the model's own way to count, if it has one for the
// request, else the estimate.
func counterOf(ctx context.Context, m model.ChatModel, req *model.Request) func(context.Context, *model.Request) (int, error) {
	if _, err := model.CountTokens(ctx, m, req); err == nil {
		return func(ctx context.Context, req *model.Request) (int, error) { return model.CountTokens(ctx, m, req) }
	}
	return func(_ context.Context, req *model.Request) (int, error) { return Estimate(req), nil }
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
