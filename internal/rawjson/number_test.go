package rawjson_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

func TestInt(t *testing.T) {
	for text, want := range map[string]int{
		"0": 0, "5": 5, "-7": -7, "5.0": 5, "5.000": 5, "-0": 0, "-0.0": 0, "5e0": 5, "1.5e1": 15, "12E+2": 1200, "100e-2": 1,
		strconv.Itoa(math.MaxInt): math.MaxInt, strconv.Itoa(math.MinInt): math.MinInt,
	} {
		if got, ok := rawjson.Int([]byte(text)); !ok || got != want {
			t.Errorf("Int(%s) = %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "5.5", "1e-1", "1e300", "-1e300", "9223372036854775808", "9007199254740993.0", "1e16", `"5"`, "null", "true", "[5]", "{}", "+5", "Inf", "NaN", "0x10", "1_0"} {
		if got, ok := rawjson.Int([]byte(text)); ok {
			t.Errorf("Int(%s) = %d, want none", text, got)
		}
	}
}

func TestCount(t *testing.T) {
	for text, want := range map[string]bool{"0": true, "5.0": true, "-1": false, "-1.0": false, strconv.Itoa(math.MaxInt): false, strconv.Itoa(rawjson.MaxCount): true} {
		if _, ok := rawjson.Count([]byte(text)); ok != want {
			t.Errorf("Count(%s) is one: %v, want %v", text, ok, want)
		}
	}
}
