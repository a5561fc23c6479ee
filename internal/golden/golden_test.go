package golden_test

import (
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/golden"
)

func TestModels(t *testing.T) {
	list := golden.Models()
	if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
		t.Error("the list is not sorted, or holds an id twice")
	}
	if len(list) < 70 {
		t.Errorf("there are %d ids, want at least 70", len(list))
	}
	list[0] = "changed"
	if golden.Models()[0] == "changed" {
		t.Error("the list does not belong to the caller")
	}
}
