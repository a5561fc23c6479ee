package conformance

import "testing"

// RunCase runs one case on a subject, in a bubble.
func RunCase(t *testing.T, s Subject, c Case) Result { return runner{subject: &s, t: t}.run(c) }

// Save writes a file of pins, as Test does at its end.
func (p *Pins) Save() error { return p.save() }

// RaceDetector says whether the race detector is on.
const RaceDetector = raceDetector
