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

// estimated is [Estimate] as an [Options.Count].
func estimated(_ context.Context, req *model.Request) (int, error) { return Estimate(req), nil }

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
		o.Count = estimated
	}
	shorter, err := cut(ctx, req, limit, o)
	if err != nil {
		return nil, nil, err
	}
	return shorter.req, shorter.told, nil
}

// A shortened request is what is left of one.
type shortened struct {
	req  *model.Request
	told []model.Warning // of what is not
	kept []kept          // its messages, in the request that it was made from; nil: all
}

// A kept is a message of the caller's request, and which of its parts are left.
type kept struct {
	message int
	parts   []int // nil: all
}

// cut finds the least that must go. Counting may use the network, so it is
// looked for by halves.
func cut(ctx context.Context, req *model.Request, limit int, o Options) (*shortened, error) {
	c := cutter{req: req, o: o}
	c.units, c.free = unitsOf(req.Messages)
	var failed error
	sizes := map[int]int{}
	fits := func(n int) bool {
		if failed != nil {
			return true // enough of it
		}
		size, err := c.o.Count(ctx, c.without(n).req)
		sizes[n], failed = size, err
		return err != nil || size <= limit
	}
	all := len(c.units)
	if fits(0) && failed == nil {
		return &shortened{req: req}, nil
	}
	n := 1 + sort.Search(all, func(n int) bool { return fits(n + 1) })
	if failed != nil {
		return nil, failed
	}
	if n > all {
		return nil, &model.Error{Kind: model.ErrContextOverflow,
			Message: fmt.Sprintf("shorten: the prompt cannot be cut to %d tokens: the system messages, tools and last turn have %d alone", limit, sizes[all])}
	}
	if rounded := (n + step - 1) / step * step; rounded+step <= c.free {
		n = rounded
	}
	shorter := c.without(n)
	shorter.req = shorter.req.Clone()
	return shorter, nil
}

// A cutter cuts one request.
type cutter struct {
	req   *model.Request
	o     Options
	units []unit
	free  int
}

// without returns the request without its first n units. It shares its parts
// with the request.
func (c *cutter) without(n int) *shortened {
	if n == 0 {
		return &shortened{req: c.req}
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
	s := &shortened{req: &shorter}
	for i, m := range c.req.Messages {
		field := fmt.Sprintf("messages[%d]", i)
		if why, ok := gone[i]; ok {
			s.told = append(s.told, model.Warning{Action: model.WarningDropped, Field: field, Reason: why})
			continue
		}
		left := kept{message: i}
		if i > first && !c.o.KeepThinking {
			m, left.parts, s.told = unbound(m, field, s.told)
			if len(m.Parts) == 0 {
				continue
			}
		}
		shorter.Messages = append(shorter.Messages, m)
		s.kept = append(s.kept, left)
	}
	return s
}

// unbound returns a message without thinking, and which of its parts are left.
func unbound(m model.Message, field string, told []model.Warning) (model.Message, []int, []model.Warning) {
	isThinking := func(p model.Part) bool { _, ok := p.(model.Thinking); return ok }
	if !slices.ContainsFunc(m.Parts, isThinking) {
		return m, nil, told
	}
	var parts []model.Part
	var left []int
	for j, p := range m.Parts {
		if !isThinking(p) {
			parts, left = append(parts, p), append(left, j)
			continue
		}
		told = append(told, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("%s.parts[%d]", field, j),
			Reason: "it may be bound to what was left out of the conversation before it"})
	}
	m.Parts = parts
	return m, left, told
}
