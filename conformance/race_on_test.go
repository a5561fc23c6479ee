//go:build race

package conformance

// raceDetector says whether the tests were built with -race.
const raceDetector = true
