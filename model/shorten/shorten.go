package shorten

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// Options adjusts how a request is cut. The zero value, and nil, suit most uses.
type Options struct {
	// Limit is the most tokens that the prompt may have, for [Middleware]. Zero
	// means the model's context ([model.LimitsOf]) less the answer: an eighth of
	// the context, or Request.MaxTokens if that is more. If the context is not
	// known, it means three quarters of the prompt that was too long.
	Limit int

	// Count counts the tokens of a prompt. It may be called concurrently. See
	// the package documentation for nil.
	Count func(ctx context.Context, req *model.Request) (int, error)

	// KeepThinking leaves thinking behind a cut in its place. It is for models
	// whose thinking is not bound to the conversation before it.
	KeepThinking bool
}

// step is how many exchanges go together.
const step = 4

// Estimate returns a guess at the tokens of a prompt, from the size of its text
// and the kinds of its files; see the package documentation for its error.
func Estimate(req *model.Request) int { return account.EstimatePrompt(req, 3) }

// Request returns a copy of req whose prompt has at most limit tokens, and a
// warning for each message and each block of thinking that it leaves out. A
// request that fits is returned unchanged. Options may be nil; Options.Count then is [Estimate].
//
// The error is of kind [model.ErrContextOverflow] if what must stay has more
// tokens, or that of Options.Count.
func Request(ctx context.Context, req *model.Request, limit int, options *Options) (*model.Request, []model.Warning, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if req == nil || limit <= 0 {
		return nil, nil, &model.Error{Kind: model.ErrInvalidRequest, Message: fmt.Sprintf("shorten: a request and a limit of 1 token or more are needed; the limit is %d", limit)}
	}
	if o.Count == nil {
		o.Count = func(_ context.Context, req *model.Request) (int, error) { return Estimate(req), nil }
	}
	c := cutter{req: req, o: o}
	c.units, c.free = unitsOf(req.Messages)
	return c.cut(ctx, limit)
}

// A cutter cuts one request.
type cutter struct {
	req   *model.Request
	o     Options
	units []unit
	free  int
}

// cut finds the least that must go. Counting may use the network, so it is
// looked for by halves.
func (c *cutter) cut(ctx context.Context, limit int) (*model.Request, []model.Warning, error) {
	var failed error
	sizes := map[int]int{}
	fits := func(n int) bool {
		if failed != nil {
			return true // enough of it
		}
		shorter, _ := c.without(n)
		size, err := c.o.Count(ctx, shorter)
		sizes[n], failed = size, err
		return err != nil || size <= limit
	}
	all := len(c.units)
	if fits(0) && failed == nil {
		return c.req, nil, nil
	}
	n := 1 + sort.Search(all, func(n int) bool { return fits(n + 1) })
	if failed != nil {
		return nil, nil, failed
	}
	if n > all {
		return nil, nil, &model.Error{Kind: model.ErrContextOverflow,
			Message: fmt.Sprintf("shorten: the prompt cannot be cut to %d tokens: the system messages, tools and last turn have %d alone", limit, sizes[all])}
	}
	if n < c.free {
		n = min((n+step-1)/step*step, c.free)
	}
	shorter, told := c.without(n)
	return shorter, told, nil
}

// without returns the request without its first n units, and what was left out.
func (c *cutter) without(n int) (*model.Request, []model.Warning) {
	if n == 0 {
		return c.req, nil
	}
	gone := map[int]string{}
	first := len(c.req.Messages)
	for _, u := range c.units[:n] {
		for _, i := range u.messages {
			gone[i], first = u.why, min(first, i)
		}
	}
	shorter := *c.req
	shorter.Messages = nil
	var told []model.Warning
	for i, m := range c.req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		if why, ok := gone[i]; ok {
			told = append(told, model.Warning{Action: model.WarningDropped, Field: field, Reason: why})
			continue
		}
		if i > first && !c.o.KeepThinking {
			m, told = unbound(m, field, told)
			if len(m.Parts) == 0 {
				continue
			}
		}
		shorter.Messages = append(shorter.Messages, m)
	}
	return shorter.Clone(), told
}

// unbound returns a message without thinking.
func unbound(m model.Message, field string, told []model.Warning) (model.Message, []model.Warning) {
	isThinking := func(p model.Part) bool { _, ok := p.(model.Thinking); return ok }
	if !slices.ContainsFunc(m.Parts, isThinking) {
		return m, told
	}
	var kept []model.Part
	for j, p := range m.Parts {
		if !isThinking(p) {
			kept = append(kept, p)
			continue
		}
		told = append(told, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("%s.parts[%d]", field, j),
			Reason: "it may be bound to what was left out of the conversation before it"})
	}
	m.Parts = kept
	return m, told
}
