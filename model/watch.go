package model

import "context"

// A watch looks at a stream; either function may be nil.
type watch struct {
	event func(Event)
	end   func(resp *Response, err error)
}

// Watch is for middleware that looks at streams and changes nothing of them,
// such as one that records traces. Begin is called when s is ranged over. The
// context that it returns is that of the call and must descend from the one it
// is given. The two functions run inside the loop that ranges over s; each may
// be nil:
//
//   - event is given each event, before the loop is.
//   - end is called once, when the answer is complete, has failed, or the loop
//     has been left, even by a panic. It is given what [Stream.Response]
//     returns then.
//
// A later call of Watch begins earlier and ends later. Watch must be called
// before s is ranged over, and returns s.
func (s *Stream) Watch(begin func(ctx context.Context) (call context.Context, event func(Event), end func(*Response, error))) *Stream {
	s.begins = append(s.begins, begin)
	return s
}

// begin calls those who watch, the outermost first.
func (s *Stream) begin() {
	if len(s.begins) == 0 {
		return
	}
	s.watches = make([]watch, len(s.begins))
	for i := len(s.begins) - 1; i >= 0; i-- {
		s.ctx, s.watches[i].event, s.watches[i].end = s.begins[i](s.ctx)
	}
}

// see shows an event to those who watch, the innermost first.
func (s *Stream) see(ev *Event) {
	for i := range s.watches {
		if f := s.watches[i].event; f != nil {
			f(*ev)
		}
	}
}

// ended calls those who watch, the innermost first.
func (s *Stream) ended() {
	for i := range s.watches {
		if f := s.watches[i].end; f != nil {
			f(s.Response())
		}
	}
}
