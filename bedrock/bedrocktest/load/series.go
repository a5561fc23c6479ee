package load

import "time"

// A Point counts the attempts in a part of the time of a [Report].
type Point struct {
	Start    float64 `json:"start"`    // seconds since the first request
	Attempts int     `json:"attempts"` // the attempts that reached the quota
	Answered int     `json:"answered"` // the attempts that were answered in full
	Refused  int     `json:"refused"`  // the attempts that were throttled or refused as unavailable
	Failed   int     `json:"failed"`   // the attempts that broke off
}

// A series holds the points of a world. When there are too many, pairs are
// merged.
type series struct {
	step   time.Duration // the length of a point; zero: a second
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
