package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// value returns data as a tree in which numbers are compared by their digits.
func value(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v\n%.300s", err, data)
	}
	return v
}

// sameJSON fails if want and got are not the same JSON value.
func sameJSON(t *testing.T, what string, want, got []byte) {
	t.Helper()
	if diff := cmp.Diff(value(t, want), value(t, got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
