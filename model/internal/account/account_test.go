package account_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/internal/account"
)

// TestEstimatePrompt: every kind of part that a provider reads counts, and
// what is larger counts more.
func TestEstimatePrompt(t *testing.T) {
	with := func(parts ...model.Part) int {
		return account.EstimatePrompt(&model.Request{Messages: []model.Message{{Role: model.RoleUser, Parts: parts}}}, 2)
	}
	long := string(make([]byte, 1000))
	for _, p := range []model.Part{
		model.Text(long), model.JSON(long), model.CitedText{Text: long}, model.Thinking{Text: long}, model.Thinking{Redacted: []byte(long)},
		model.ToolCall{Name: "n", Input: []byte(long)}, model.ToolCall{InvalidInput: long}, model.ServerToolCall{Input: []byte(long)},
		model.ToolResult{Parts: []model.Part{model.Text(long)}}, model.ServerToolResult{Parts: []model.Part{model.Text(long)}},
		model.Image{Data: []byte("x")}, model.Video{URI: "s3://b/v"}, model.Audio{Data: []byte("x")},
		model.Document{Text: long}, model.Document{Chunks: []string{long}}, model.Document{MediaType: "text/plain", Data: []byte(long)},
		model.Document{MediaType: "application/pdf", Data: []byte("x")}, model.Document{URI: "s3://b/d"},
		model.SearchResult{Content: []string{long}}, model.Guard{Text: long}, model.Guard{Image: &model.Image{}}, model.Opaque{Data: []byte(long)},
	} {
		if got := with(p) - with(); got < 500 {
			t.Errorf("%T counts %d tokens, want at least 500", p, got)
		}
	}
	if with(model.CachePoint{}) != with() {
		t.Error("a cache point counts")
	}
	if got := account.EstimatePrompt(nil, 2); got != 0 {
		t.Errorf("no request counts %d tokens", got)
	}
	tools := account.EstimatePrompt(&model.Request{Tools: []model.Tool{{Name: "n", InputSchema: []byte(long)}}, Output: &model.OutputFormat{Schema: []byte(long)}}, 2)
	if tools < 1000 {
		t.Errorf("a tool and an output's schema count %d tokens, want at least 1000", tools)
	}
}

func TestNeverRan(t *testing.T) {
	partial := &model.Response{Message: model.Assistant("a"), Model: "m-1"}
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false}, {errors.New("boom"), false}, {model.ErrThrottled, true}, {model.ErrTimeout, false}, {model.ErrCanceled, false},
		{fmt.Errorf("around: %w", &model.Error{Kind: model.ErrPermission}), true},
		{&model.Error{Kind: model.ErrUnsupported, Partial: partial}, false}, // an answer was made, and refused
	} {
		if got := account.NeverRan(tt.err); got != tt.want {
			t.Errorf("NeverRan(%v) = %t, want %t", tt.err, got, tt.want)
		}
	}
	if got := account.Model(nil, partial, nil); got != "m-1" {
		t.Errorf("Model = %q, want that of the answer", got)
	}
	if got := account.Model(nil, nil, &model.Error{Model: "m-2"}); got != "m-2" {
		t.Errorf("Model = %q, want that of the error", got)
	}
}
