//go:build race

package conformance

// raceDetector says whether the race detector is on.
const raceDetector = true
