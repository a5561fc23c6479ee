package rawjson

import (
	"bytes"
	"math"
	"strconv"
)

// MaxCount is the largest counter that is believed: so much less than what an
// int holds that the sums of a few do not wrap round, and no more than what a
// double holds exactly.
const MaxCount = min(1<<53, math.MaxInt/8)

// Int returns the integer that a value stands for, and whether it stands for one.
// The service writes integers as doubles in places, such as 5.0, which count. A
// number with a fraction is not an integer, and neither is one outside the range
// of int.
func Int(value []byte) (int, bool) {
	if n, err := strconv.Atoi(string(value)); err == nil {
		return n, value[0] != '+' // which is no JSON
	}
	if len(value) == 0 || value[0] != '-' && !isDigit(value[0]) || !bytes.ContainsAny(value, ".eE") {
		return 0, false
	}
	const exact = 1 << 53 // from which on a double does not hold every integer
	f, err := strconv.ParseFloat(string(value), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exact || f > math.MaxInt || f < math.MinInt {
		return 0, false
	}
	return int(f), true
}

// Count returns the counter that a value stands for: an [Int] from zero to
// [MaxCount].
func Count(value []byte) (int, bool) {
	n, ok := Int(value)
	return n, ok && n >= 0 && n <= MaxCount
}
