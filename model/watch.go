package model

import "context"

// A Watch looks at a stream. Its functions run inside the loop that ranges
// over it; each may be nil.
type Watch struct {
	// Event is given each event, before the loop is.
	Event func(Event)

	// End is called once, when the answer is complete, has failed, or the loop
	// has been left, also by a panic. It is given what [Stream.Response]
	// returns then.
	End func(resp *Response, err error)
}

// Watch is for writers of middleware that look at streams and change nothing
// of them, such as one that records traces. Begin is called when s is ranged
// over; the context that it returns, which must descend from the one it is
// given, is that of the call. Who calls Watch later begins earlier and ends
// later. It must be called before s is ranged over, and returns s.
func (s *Stream) Watch(begin func(ctx context.Context) (context.Context, Watch)) *Stream {
	s.begins = append(s.begins, begin)
	return s
}

// begin calls those who watch, the outermost first.
func (s *Stream) begin() {
	if len(s.begins) == 0 {
		return
	}
	s.watches = make([]Watch, len(s.begins))
	for i := len(s.begins) - 1; i >= 0; i-- {
		s.ctx, s.watches[i] = s.begins[i](s.ctx)
	}
}

func (s *Stream) see(ev Event) {
	for i := range s.watches {
		if f := s.watches[i].Event; f != nil {
			f(ev)
		}
	}
}

// ended calls those who watch, the innermost first.
func (s *Stream) ended() {
	for i := range s.watches {
		if f := s.watches[i].End; f != nil {
			f(s.Response())
		}
	}
}
