package meter

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// A Line counts the calls of a model in a step and a tool.
type Line struct {
	// Model is the model that answered, or was asked if none did.
	Model string

	// Step is the path of the named steps and loops around the calls, such as
	// "agent/summary"; empty outside of them, and where no observer of a meter
	// is in the context.
	Step string

	// Tool is the tool in whose run the calls were made, the innermost if
	// there are several; empty outside of tools.
	Tool string

	Calls   int // all calls
	Failed  int // those that returned an error, left streams among them
	Unknown int // those of unknown usage
	Retries int // attempts that failed before an answer

	// Usage is the sum of the known usages.
	Usage model.Usage
}

// plus adds up two lines of one key.
func (l Line) plus(m Line) Line {
	l.Calls += m.Calls
	l.Failed += m.Failed
	l.Unknown += m.Unknown
	l.Retries += m.Retries
	l.Usage = l.Usage.Add(m.Usage)
	return l
}

// A key is what a line is about.
type key struct{ model, step, tool string }

// A Meter counts calls. It is made by [New].
type Meter struct {
	mu    sync.Mutex
	lines map[key]Line
}

// New returns a meter that has counted nothing.
func New() *Meter { return &Meter{lines: make(map[key]Line)} }

// Middleware returns middleware that counts the calls of a model, in this meter
// and in those of the call's context.
func (m *Meter) Middleware() model.Middleware {
	return func(inner model.ChatModel) model.ChatModel {
		return model.Around(func(ctx context.Context, req *model.Request, next model.Next) (*model.Response, error) {
			resp, err := next(ctx, req)
			m.count(ctx, lineOf(inner, resp, err))
			return resp, err
		})(inner)
	}
}

// lineOf returns the line of one call.
func lineOf(m model.ChatModel, resp *model.Response, err error) Line {
	l := Line{Model: account.Model(m, resp, err), Calls: 1, Usage: account.Usage(resp, err)}
	if err != nil {
		l.Failed = 1
	}
	if resp != nil {
		l.Retries = len(resp.Attempts)
	}
	if !l.Usage.Known && !account.NeverRan(err) {
		l.Unknown = 1
	}
	return l
}

// count adds a call to this meter and to all those of the context, once each.
func (m *Meter) count(ctx context.Context, l Line) {
	place := placeOf(ctx)
	l.Step, l.Tool = place.step, place.tool
	m.add(l)
	for _, other := range place.meters {
		if other != m {
			other.add(l)
		}
	}
}

// add adds a line to that of the same model, step and tool.
func (m *Meter) add(l Line) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := key{l.Model, l.Step, l.Tool}
	sum := Line{Model: l.Model, Step: l.Step, Tool: l.Tool}
	if before, ok := m.lines[k]; ok {
		sum = before
	}
	m.lines[k] = sum.plus(l)
}

// Lines returns what was counted, by model, step and tool in that order.
func (m *Meter) Lines() []Line {
	return m.sum(func(k key) key { return k })
}

// ByModel returns a line for each model.
func (m *Meter) ByModel() []Line { return m.sum(func(k key) key { return key{model: k.model} }) }

// ByStep returns a line for each step, whatever models it asked.
func (m *Meter) ByStep() []Line { return m.sum(func(k key) key { return key{step: k.step} }) }

// ByTool returns a line for each tool, whatever models it asked.
func (m *Meter) ByTool() []Line { return m.sum(func(k key) key { return key{tool: k.tool} }) }

// Total returns all that was counted as one line.
func (m *Meter) Total() Line {
	all := m.sum(func(key) key { return key{} })
	if len(all) == 0 {
		return Line{}
	}
	return all[0]
}

// Reset forgets what was counted.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.lines)
}

// sum adds the lines up that have the same key after fold, in order.
func (m *Meter) sum(fold func(key) key) []Line {
	m.mu.Lock()
	defer m.mu.Unlock()
	sums := make(map[key]Line, len(m.lines))
	for k, l := range m.lines {
		k = fold(k)
		sum, ok := sums[k]
		if !ok {
			sum = Line{Model: k.model, Step: k.step, Tool: k.tool}
		}
		sums[k] = sum.plus(l)
	}
	lines := make([]Line, 0, len(sums))
	for _, l := range sums {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(strings.Compare(a.Model, b.Model), strings.Compare(a.Step, b.Step), strings.Compare(a.Tool, b.Tool))
	})
	return lines
}
