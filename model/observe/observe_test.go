package observe_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/model/observe"
)

// An observerFunc is an Observer.
type observerFunc func(ctx context.Context, s observe.Step) (context.Context, func(observe.Result))

func (f observerFunc) BeginStep(ctx context.Context, s observe.Step) (context.Context, func(observe.Result)) {
	return f(ctx, s)
}

func TestObservers(t *testing.T) {
	type key string
	var log []string
	observer := func(name string) observe.Observer {
		return observerFunc(func(ctx context.Context, s observe.Step) (context.Context, func(observe.Result)) {
			log = append(log, fmt.Sprint(name, " begins ", s.Kind, " ", s.Name, " within ", ctx.Value(key("within"))))
			return context.WithValue(ctx, key("within"), name), func(r observe.Result) {
				log = append(log, fmt.Sprint(name, " ends with ", r.Output, " and ", r.Err))
			}
		})
	}
	if observe.From(t.Context()) != nil || observe.From(observe.With(t.Context(), nil)) != nil {
		t.Error("there is an observer where there should be none")
	}
	ctx := observe.With(observe.With(t.Context(), observer("a")), observer("b"))
	ctx, end := observe.From(ctx).BeginStep(ctx, observe.Step{Kind: observe.Tool, Name: "x"})
	log = append(log, fmt.Sprint("within ", ctx.Value(key("within"))))
	end(observe.Result{Output: 1, Err: errors.New("boom")})
	want := []string{"a begins tool x within <nil>", "b begins tool x within a", "within b", "b ends with 1 and boom", "a ends with 1 and boom"}
	if !slices.Equal(log, want) {
		t.Errorf("log = %q, want %q", log, want)
	}
}
