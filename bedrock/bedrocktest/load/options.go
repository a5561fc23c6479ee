package load

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Header is the HTTP header by which a client may identify its requests. Its
// value is any text, the same for every attempt at a request. A request without
// the header is identified by its model and body.
const Header = "X-Bedrocktest-Request"

// Options configure a [World]. The zero value limits nothing and lets answers
// begin and end at once.
type Options struct {
	// Seed makes the draws of one world differ from those of another.
	Seed uint64

	// Models are the models by id. A key is an id as it is called, or without
	// its geography. Every id that is called has quotas of its own, as an
	// inference profile has in the service.
	Models map[string]Model

	// Default applies to ids that Models does not name.
	Default Model

	// Spread is the longest time that a request takes to reach the quota. The
	// time is drawn, so that requests sent at the same moment have an order.
	// Zero means 5 ms. A negative number means no time at all; the order of
	// such requests then depends on the scheduler.
	Spread time.Duration

	// Clock returns the time and waits. Nil means the time package.
	Clock Clock
}

// A Model describes the quotas and the speed of a model. The zero value has no
// limits and answers at once.
type Model struct {
	Requests int // a minute; zero: not limited
	Tokens   int // a minute; zero: not limited

	// Burndown is the number of tokens of the quota that an output token takes
	// when the answer ends. Zero means the model's rate in the server's table:
	// 5 for Claude from 3.7 on, and 1 for others.
	Burndown int

	FirstToken time.Duration // mean time from the request to the first token
	Speed      float64       // mean output tokens a second; zero: all at once

	// Jitter is how far times may differ from their mean: with 0.3 they are
	// drawn between 70 and 130 percent of it. At most 1.
	Jitter float64

	// Waves reduce the capacity for a while. The effects of several waves are
	// multiplied.
	Waves []Wave
}

// A Wave reduces the capacity periodically. The capacity is full at the start
// of each period, falls at a constant rate until the middle, and rises again.
type Wave struct {
	Period time.Duration // more than zero
	Phase  time.Duration // how far into a period the world starts
	Depth  float64       // the share of capacity that is lost in the middle, from 0 to 1
}

const (
	defaultSpread = 5 * time.Millisecond
	maxQuota      = 50_000_000 // so that buckets count in integers
)

// check returns an error of kind ErrInvalidRequest that names the first field
// with an invalid value.
func (o *Options) check() error {
	if err := o.Default.check("Default"); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(o.Models)) {
		m := o.Models[id]
		if err := m.check(fmt.Sprintf("Models[%q]", id)); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) check(at string) error {
	switch {
	case m.Requests < 0 || m.Requests > maxQuota:
		return invalid(at, "Requests", "from 0 to %d", maxQuota)
	case m.Tokens < 0 || m.Tokens > maxQuota:
		return invalid(at, "Tokens", "from 0 to %d", maxQuota)
	case m.Burndown < 0 || m.Burndown > 100:
		return invalid(at, "Burndown", "from 0 to 100")
	case m.FirstToken < 0:
		return invalid(at, "FirstToken", "zero or more")
	case !(m.Speed >= 0 && m.Speed <= 1e9):
		return invalid(at, "Speed", "from 0 to 1e9")
	case !(m.Jitter >= 0 && m.Jitter <= 1):
		return invalid(at, "Jitter", "from 0 to 1")
	}
	for i, w := range m.Waves {
		switch {
		case w.Period <= 0:
			return invalid(at, fmt.Sprintf("Waves[%d].Period", i), "more than zero")
		case !(w.Depth >= 0 && w.Depth <= 1):
			return invalid(at, fmt.Sprintf("Waves[%d].Depth", i), "from 0 to 1")
		}
	}
	return nil
}

func invalid(at, field, must string, args ...any) error {
	return &model.Error{Kind: model.ErrInvalidRequest, Op: "load.New",
		Message: fmt.Sprintf("%s.%s must be "+must, append([]any{at, field}, args...)...)}
}
