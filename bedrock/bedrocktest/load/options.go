package load

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// Header is the HTTP header by which a client may number its requests: any
// text, the same for each attempt at one request. A request without it is
// known by its model and body.
const Header = "X-Bedrocktest-Request"

// Options make a [World]. The zero value limits nothing and answers at once.
type Options struct {
	// Seed makes the draws of one world differ from those of another.
	Seed uint64

	// Models are the models by id: as it is called, or without its geography.
	// Each id that is called has quotas of its own, as an inference profile
	// has in the service.
	Models map[string]Model

	// Default holds for ids that Models does not name.
	Default Model

	// Spread is the longest time that a request takes to reach the quota; how
	// long it is, is drawn. Requests that arrive at one moment are told apart
	// by it. Zero means 5 ms; a negative number means none, and then which
	// request of a moment is first depends on the scheduler.
	Spread time.Duration

	// Clock tells the time and waits. Nil means the time package.
	Clock Clock
}

// A Model is how much of a model there is, and how fast it is. The zero value
// is not limited and answers at once.
type Model struct {
	Requests int // a minute; zero: not limited
	Tokens   int // a minute; zero: not limited

	// Burndown is how many tokens of the quota an output token takes when the
	// answer ends. Zero means the rate that the server knows of the model, 5
	// for Claude from 3.7 and 1 for others.
	Burndown int

	FirstToken time.Duration // mean time from the request to the first token
	Speed      float64       // mean output tokens a second; zero: all at once

	// Jitter is how far times may be from their mean: 0.3 draws between 70 and
	// 130 percent of it. At most 1.
	Jitter float64

	// Waves take capacity away for a while. What several leave is multiplied.
	Waves []Wave
}

// A Wave is capacity that goes and comes back, again and again. It is full at
// the start of each period, falls evenly until the middle, and rises evenly
// again.
type Wave struct {
	Period time.Duration // more than zero
	Phase  time.Duration // how far into a period the world starts
	Depth  float64       // the share of capacity that is gone in the middle, from 0 to 1
}

const (
	defaultSpread = 5 * time.Millisecond
	maxQuota      = 50_000_000 // so that buckets count in integers
)

// check returns an error of kind ErrInvalidRequest that names the
// field which cannot be.
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
