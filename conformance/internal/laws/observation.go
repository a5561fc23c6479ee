package laws

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// An Observation is a record of one call: its events, if it was a stream, and
// how it ended.
type Observation struct {
	Events []model.Event // nil for a call of Generate

	// Response is the complete answer. With an error it is the part that had
	// arrived, if any.
	Response *model.Response
	Err      error

	// Provider is the name that thinking and errors should carry. Empty means
	// any name.
	Provider string

	Streamed bool     // the call was a stream, even if it had no events
	Faults   []string // faults found while ranging over the stream
}

// Observe ranges over a stream to its end and returns what it saw. The
// observation shares its parts with the stream's response.
func Observe(s Stream, provider string) Observation {
	o := Observation{Provider: provider, Streamed: true}
	finished := false
	for ev, err := range s.Events() {
		switch {
		case o.Err != nil:
			o.fault("the loop went on after the error %v", o.Err)
		case finished && err != nil:
			o.fault("the error %v came after the finish event", err)
		case finished:
			o.fault("an event %v came after the finish event", ev.Kind)
		}
		if err != nil {
			if o.Err == nil {
				o.Err = err
			}
			if !reflect.DeepEqual(ev, model.Event{}) {
				o.fault("an event %v came with the error", ev.Kind)
			}
			continue
		}
		finished = finished || ev.Kind == model.EventFinish
		o.Events = append(o.Events, ev)
	}
	resp, err := s.Response()
	if fmt.Sprint(err) != fmt.Sprint(o.Err) {
		o.fault("the loop ended with the error %v, Response returns %v", o.Err, err)
	}
	o.Response = resp
	return o
}

func (o *Observation) fault(format string, args ...any) {
	o.Faults = append(o.Faults, fmt.Sprintf(format, args...))
}

// All returns the faults of an observation by all laws: CheckEvents,
// CheckPieces, CheckUsage and CheckThinking. The laws apply to every answer of
// every model, so All can check any stream.
func All(o Observation) error {
	return errors.Join(Events(o), Pieces(o), Usage(o), Thinking(o))
}

// broken joins the faults that a law found.
func broken(law string, faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", law, strings.Join(faults, "; "))
}

// A Stream has the methods of a *model.Stream that checks use.
type Stream interface {
	Events() iter.Seq2[model.Event, error]
	Text() iter.Seq2[string, error]
	Response() (*model.Response, error)
}
