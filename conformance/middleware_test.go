package conformance_test

import (
	"context"
	"testing"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
	"github.com/chatmodel-go/chatmodel/model/cache"
	"github.com/chatmodel-go/chatmodel/model/limit"
	"github.com/chatmodel-go/chatmodel/model/meter"
)

// A bounded model knows how long its answers can be, and does not say what it
// is around.
type bounded struct{ model.ChatModel }

func (bounded) Limits() model.Limits { return model.Limits{MaxOutput: 4096} }

// forgetful is a store that remembers nothing: a case may ask the same twice
// and be answered differently.
type forgetful struct{ *cache.Memory }

func (forgetful) Get(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

// wrapped puts all middleware of the module around a model.
func wrapped(m model.ChatModel) (model.ChatModel, error) {
	limiter, err := limit.New(limit.Options{Requests: 1_000_000, Tokens: 1_000_000_000, Burndown: 5})
	if err != nil {
		return nil, err
	}
	b, err := budget.New(budget.Options{Limit: budget.Money(1_000_000)})
	if err != nil {
		return nil, err
	}
	return model.Wrap(m,
		meter.New().Middleware(),
		cache.New(forgetful{cache.NewMemory()}, nil),
		model.Strict(func(model.Warning) bool { return false }),
		model.Fallback(),
		model.Retry(&model.RetryOptions{MaxAttempts: 1}),
		limiter.Middleware(),
		b.Middleware(budget.Prices{Input: 3, Output: 15, CacheRead: 0.3, CacheWrite: 3.75}),
		model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			return next(ctx, req)
		}),
		func(m model.ChatModel) model.ChatModel { return bounded{m} },
	), nil
}

// TestMiddleware: a model inside everything is a model.
func TestMiddleware(t *testing.T) {
	s := fakeSubject()
	s.Name = "fake inside all middleware"
	s.New = func(_ *conformance.Env, script *fake.Model) (model.ChatModel, error) { return wrapped(script) }
	testSome(t, s, always)
}
