package limit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// Options describe a quota. At least one of Requests and Tokens is needed.
type Options struct {
	// Requests and Tokens are what the provider allows a minute. Zero means
	// that it is not limited.
	Requests, Tokens int

	// Burndown is how many tokens of the quota a token of an answer takes when
	// a call is settled. At Amazon Bedrock that is 5 for Anthropic's newer
	// models, from Claude 4 on, and 1 for most others; the list is at
	// https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html.
	// Zero means 1.
	Burndown int

	// Estimate returns the tokens of a prompt before it is sent, such as by
	// [model.CountTokens]. An error ends the call. Nil guesses by the
	// prompt's size.
	Estimate func(ctx context.Context, req *model.Request) (int, error)
}

// A Limiter makes calls wait until a quota has room for them. It is made by
// [New] and may be used for many models at once.
type Limiter struct {
	o Options

	mu       sync.Mutex
	requests bucket
	tokens   bucket
	minute   struct{ requests, tokens ledger } // what was taken in the last one
	queue    []*ticket                         // who waits, in order; the first one keeps the time
	pace     pace
	ratio    float64 // of tokens reported to tokens guessed, lately
}

// New returns a limiter whose quota has not been drawn on yet.
func New(o Options) (*Limiter, error) {
	switch {
	case o.Requests < 0, o.Tokens < 0, o.Burndown < 0:
		return nil, invalid("Requests, Tokens and Burndown must not be negative")
	case o.Requests == 0 && o.Tokens == 0:
		return nil, invalid("there is nothing to keep to: set Requests, Tokens or both to what the provider allows a minute")
	}
	if o.Burndown == 0 {
		o.Burndown = 1
	}
	now := time.Now()
	return &Limiter{o: o, requests: newBucket(o.Requests, now), tokens: newBucket(o.Tokens, now), pace: newPace(now), ratio: 1}, nil
}

// invalid returns an error of kind ErrInvalidRequest.
func invalid(format string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "limit", Message: fmt.Sprintf(format, args...)}
}

// Middleware returns what puts the limiter around a model.
func (l *Limiter) Middleware() model.Middleware {
	return func(m model.ChatModel) model.ChatModel {
		return model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			return l.call(ctx, m, req, next)
		})(m)
	}
}

// call waits until the quota has room, makes the call, and then corrects what
// was taken by what was used.
func (l *Limiter) call(ctx context.Context, m model.ChatModel, req *model.Request, next model.Next) (*model.Response, error) {
	d, err := l.demand(ctx, m, req)
	if err != nil {
		return nil, err
	}
	begun, err := l.acquire(ctx, d)
	if err != nil {
		return nil, err
	}
	settled := false
	defer func() {
		if !settled { // a panic; what was taken stays taken
			l.settle(d, begun, model.Usage{}, nil)
		}
	}()
	resp, err := next(ctx, req)
	l.settle(d, begun, account.Usage(resp, err), err)
	settled = true
	return resp, err
}

// A demand is what a call takes from the quota when it begins.
type demand struct {
	guess  float64 // at the prompt's tokens, before it is corrected
	tokens float64
}

// demand works out what a call takes.
func (l *Limiter) demand(ctx context.Context, m model.ChatModel, req *model.Request) (demand, error) {
	if l.o.Tokens == 0 || req == nil {
		return demand{}, nil // what is wrong with no request, the model says
	}
	answer := req.MaxTokens
	if answer == 0 {
		limits, _ := model.LimitsOf(m)
		if answer = limits.MaxOutput; answer == 0 {
			return demand{}, invalid("MaxTokens is not set, and the model does not say how long its answers can be: " +
				"a quota of tokens needs one of the two, since it is taken before the answer is known")
		}
	}
	prompt := account.EstimatePrompt(req, bytesPerToken)
	if l.o.Estimate != nil {
		var err error
		if prompt, err = l.o.Estimate(ctx, req); err != nil {
			return demand{}, err
		}
	}
	d := demand{guess: float64(prompt)}
	l.mu.Lock()
	d.tokens = d.guess*l.ratio + float64(answer)
	l.mu.Unlock()
	if d.tokens > float64(l.o.Tokens) {
		return demand{}, &model.Error{Kind: model.ErrQuota, Op: "limit", Message: fmt.Sprintf(
			"the call takes %.0f tokens (a prompt of about %d, MaxTokens %d), more than the quota of %d a minute", d.tokens, prompt, answer, l.o.Tokens)}
	}
	return d, nil
}

// bytesPerToken is the guess at a prompt before answers have shown better.
const bytesPerToken = 3

// settle takes what a call used in place of what it took when it began.
func (l *Limiter) settle(d demand, begun time.Time, u model.Usage, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.advance(now)
	switch {
	case model.KindOf(err) == model.ErrThrottled:
		l.tokens.add(d.tokens) // the provider has taken nothing,
		l.tokens.empty()       // and has less left than was thought
		l.requests.empty()
		l.minute.tokens.add(now, -d.tokens)
		l.minute.requests.add(now, -1)
		if l.usedUp(now, d) {
			l.probe(now, retryAfter(err))
		} else {
			l.pace.slow(begun, now, retryAfter(err))
		}
	case u.Known:
		used := u.InputTokens - u.CacheReadTokens + u.OutputTokens*l.o.Burndown
		l.tokens.add(d.tokens - float64(used))
		l.minute.tokens.add(now, float64(used)-d.tokens)
		l.learn(d, u)
	case account.NeverRan(err):
		l.tokens.add(d.tokens)
		l.minute.tokens.add(now, -d.tokens)
	}
	l.wake()
}

// usedUp reports whether a call that was refused did not fit into a quota of
// the last minute. Then nobody else draws on it, and the pace is right: the
// provider counts by the minute, and this one is used up.
func (l *Limiter) usedUp(now time.Time, d demand) bool {
	const rounding = 1e-3
	return l.o.Tokens > 0 && l.minute.tokens.sum(now)+d.tokens > float64(l.o.Tokens)+rounding ||
		l.o.Requests > 0 && l.minute.requests.sum(now)+1 > float64(l.o.Requests)+rounding
}

// probe holds calls back until one of them may look whether the provider's
// next minute has begun. What fills meanwhile is not used, so that there is
// one call and not many.
func (l *Limiter) probe(now time.Time, advice time.Duration) {
	more := l.pace.hold(now, max(advice, probing)).Minutes() * l.pace.rate
	l.requests.level -= l.requests.quota * more
	l.tokens.level -= l.tokens.quota * more
}

// learn corrects the guess at prompts by what an answer reports of its own.
func (l *Limiter) learn(d demand, u model.Usage) {
	if d.guess > 0 && u.InputTokens > 0 {
		const weight = 0.2
		ratio := float64(u.InputTokens) / d.guess
		l.ratio = min(max(l.ratio+weight*(ratio-l.ratio), 0.1), 10)
	}
}
