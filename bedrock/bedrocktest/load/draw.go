package load

import (
	"hash/fnv"
	"time"
)

// A draw is the source of an attempt's random numbers. It depends only on the
// seed, the request, and the number of times that the request has arrived.
type draw uint64

// The values that are drawn for an attempt.
const (
	drawSpread = iota + 1
	drawFirstToken
	drawSpeed
	drawCapacity
)

func newDraw(seed, key uint64, attempt int) draw {
	return draw(mix(mix(seed^key) + uint64(attempt)))
}

// share returns a number in [0, 1).
func (d draw) share(what uint64) float64 { return float64(mix(uint64(d)+what)>>11) / (1 << 53) }

// around returns a number that differs from 1 by at most jitter.
func (d draw) around(what uint64, jitter float64) float64 {
	return 1 + float64(jitter*float64(2*d.share(what)-1)) // the conversions keep compilers from fusing the operations
}

// keyOf hashes the bytes that identify a request.
func keyOf(key []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(key) // cannot fail
	return h.Sum64()
}

// mix is SplitMix64: each bit of x affects half of the result's bits.
// https://prng.di.unimi.it/splitmix64.c
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// capacity returns the share of capacity that the waves leave at the given time
// after the start.
func capacity(waves []Wave, since time.Duration) float64 {
	left := 1.0
	for _, w := range waves {
		at := (since + w.Phase) % w.Period
		if at < 0 {
			at += w.Period
		}
		fallen := min(at, w.Period-at) // from the start of the period, or to its end
		left *= 1 - float64(w.Depth*float64(2*float64(fallen)/float64(w.Period)))
	}
	return left
}
