package load

import (
	"math/bits"
	"time"
)

// A histogram counts durations. Each power of two has 64 buckets, so durations
// read from it are at most 1.6 percent too long.
type histogram struct {
	buckets map[int]int64
	n       int64
	longest time.Duration
}

const histogramBits = 6

func (h *histogram) add(d time.Duration) {
	if h.buckets == nil {
		h.buckets = map[int]int64{}
	}
	d = max(d, 0)
	h.buckets[bucketOf(uint64(d))]++
	h.n++
	h.longest = max(h.longest, d)
}

func (h *histogram) merge(other *histogram) {
	if h.buckets == nil {
		h.buckets = map[int]int64{}
	}
	for b, n := range other.buckets {
		h.buckets[b] += n
	}
	h.n += other.n
	h.longest = max(h.longest, other.longest)
}

// bucketOf returns the number of a value's bucket. Each value below 64 has one
// of its own.
func bucketOf(v uint64) int {
	shift := max(bits.Len64(v)-histogramBits-1, 0)
	return shift<<histogramBits + int(v>>shift)
}

// limitOf returns the largest value of a bucket.
func limitOf(bucket int) uint64 {
	shift := max(bucket>>histogramBits-1, 0)
	return uint64(bucket-shift<<histogramBits+1)<<shift - 1
}
