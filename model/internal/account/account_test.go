package account_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
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
	// A document counts alike however it is given.
	text := model.Document{MediaType: "text/plain", Data: []byte(strings.Repeat("words ", 10_000))}
	for name, d := range map[string]model.Document{
		"text":                         {Text: string(text.Data)},
		"data without a type":          {Data: text.Data},
		"a data: URL":                  {URI: "data:text/plain;base64," + base64.StdEncoding.EncodeToString(text.Data)},
		"a data: URL without a type":   {URI: "data:," + string(text.Data)},
		"a data: URL in other letters": {URI: "DATA:Text/plain," + string(text.Data)},
	} {
		if got, want := with(d), with(text); got < want*99/100 || got > want*101/100 {
			t.Errorf("a document as %s counts %d tokens, want about %d", name, got, want)
		}
	}
	for name, d := range map[string]model.Document{
		"a small file in S3":     {URI: "s3://b/d"},
		"a PDF without a type":   {Data: []byte("%PDF-1.4 words")},
		"a PDF by URL":           {URI: "data:application/pdf;base64,JVBERi0x"},
		"bytes that are no text": {Data: []byte("PK\x03\x04")},
	} {
		if got := with(d) - with(); got < 2000 {
			t.Errorf("%s counts %d tokens, want a page or more", name, got)
		}
	}
	cited := model.CitedText{Text: "a", Citations: []model.Citation{{Title: "t", Quotes: []string{long}}}}
	if got := with(cited) - with(); got < 500 {
		t.Errorf("a citation counts %d tokens, want at least 500", got)
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
