package meter

import (
	"context"

	"github.com/chatmodel-go/chatmodel/model/observe"
)

// A place is where in a program a call is made, and who counts it beside the
// meters of its models.
type place struct {
	meters     []*Meter
	step, tool string
}

// placeKey is the key of a place in a context.
type placeKey struct{}

// placeOf returns the place of a context, which outside of [Meter.Context] is
// the zero place.
func placeOf(ctx context.Context) place {
	p, _ := ctx.Value(placeKey{}).(place)
	return p
}

// in returns a context whose place is p.
func (p place) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, placeKey{}, p)
}

// Context returns a context whose calls are counted by m, if their models have
// the middleware of any meter, and whose steps and tools are known to all
// meters.
func (m *Meter) Context(ctx context.Context) context.Context {
	p := placeOf(ctx)
	observed := p.meters != nil
	p.meters = append(p.meters[:len(p.meters):len(p.meters)], m)
	if ctx = p.in(ctx); observed {
		return ctx
	}
	return observe.With(ctx, observer{})
}

// An observer keeps the place of a context.
type observer struct{}

// BeginStep returns a context in which the step is the last one of the path or,
// if it is a tool, that tool is running.
func (observer) BeginStep(ctx context.Context, s observe.Step) (context.Context, func(observe.Result)) {
	p := placeOf(ctx)
	if s.Kind == observe.Tool {
		p.tool = s.Name
	} else if p.step == "" {
		p.step = s.Name
	} else {
		p.step += "/" + s.Name
	}
	return p.in(ctx), func(observe.Result) {}
}
