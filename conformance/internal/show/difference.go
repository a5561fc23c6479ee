package show

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/chatmodel-go/chatmodel/model"
)

// Difference shows where two texts differ, for values of one kind that are long
// or nearly equal. It shows only a few bytes.
func Difference(got, want any) string {
	g, ok := textOf(got)
	w, ok2 := textOf(want)
	if !ok || !ok2 {
		return partDifference(got, want)
	}
	if len(g) < 24 && len(w) < 24 {
		return ""
	}
	return TextDifference(g, w)
}

// TextDifference shows where two texts differ.
func TextDifference(g, w string) string {
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	return fmt.Sprintf("first difference at byte %d: got %s, want %s", i, excerpt(g, i), excerpt(w, i))
}

func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	case json.RawMessage:
		return string(v), true
	}
	return "", false
}

// partDifference shows the first part in which two answers differ.
func partDifference(got, want any) string {
	g, ok := got.([]model.Part)
	w, ok2 := want.([]model.Part)
	if !ok || !ok2 {
		return ""
	}
	for i := range min(len(g), len(w)) {
		if reflect.DeepEqual(g[i], w[i]) {
			continue
		}
		gt, ok := g[i].(model.Thinking)
		wt, ok2 := w[i].(model.Thinking)
		switch {
		case ok && ok2 && gt.Signature != wt.Signature:
			return fmt.Sprintf("signature of part %d: %s", i, TextDifference(gt.Signature, wt.Signature))
		case ok && ok2 && string(gt.Redacted) != string(wt.Redacted):
			return fmt.Sprintf("redacted bytes of part %d: %s", i, TextDifference(string(gt.Redacted), string(wt.Redacted)))
		}
		return fmt.Sprintf("part %d", i)
	}
	return fmt.Sprintf("got %d parts, want %d", len(g), len(w))
}

func excerpt(s string, at int) string {
	if at >= len(s) {
		return "its end"
	}
	return fmt.Sprintf("%q", s[at:min(at+8, len(s))])
}
