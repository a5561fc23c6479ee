package load

import "time"

// A Point is a stretch of time of a [Report].
type Point struct {
	Start    float64 `json:"start"`    // seconds since the first request
	Attempts int     `json:"attempts"` // that were decided on
	Answered int     `json:"answered"` // in full
	Refused  int     `json:"refused"`  // throttled, or for want of capacity
	Failed   int     `json:"failed"`   // broke off
}

// A series holds the points of a world. When there are too many, pairs are
// merged.
type series struct {
	step   time.Duration // of a point; zero: a second
	points []Point       // their starts are not set
}

const mostPoints = 600

// at returns the point for a time since the start. It is valid until the next
// call.
func (s *series) at(since time.Duration) *Point {
	if s.step == 0 {
		s.step = time.Second
	}
	since = max(since, 0)
	for since/s.step >= mostPoints {
		s.halve()
	}
	n := int(since / s.step)
	for len(s.points) <= n {
		s.points = append(s.points, Point{})
	}
	return &s.points[n]
}

func (s *series) halve() {
	s.step *= 2
	half := s.points[:0]
	for i := 0; i < len(s.points); i += 2 {
		p := s.points[i]
		if i+1 < len(s.points) {
			p.add(&s.points[i+1])
		}
		half = append(half, p)
	}
	s.points = half
}

func (p *Point) add(q *Point) {
	p.Attempts += q.Attempts
	p.Answered += q.Answered
	p.Refused += q.Refused
	p.Failed += q.Failed
}
