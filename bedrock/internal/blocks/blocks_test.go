package blocks_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestInverse checks that parts come back from the wire as they were.
func TestInverse(t *testing.T) {
	user, assistant := model.RoleUser, model.RoleAssistant
	for _, row := range []struct {
		role model.Role
		part model.Part
		wire string
	}{
		{user, model.Text("a"), `{"text":"a"}`},
		{assistant, model.CitedText{Text: "a", Citations: []model.Citation{{Title: "T", Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 1, Start: 2, End: 3}}}},
			`{"citationsContent":{"citations":[{"location":{"searchResultLocation":{"end":3,"searchResultIndex":1,"start":2}},"title":"T"}],"content":[{"text":"a"}]}}`},
		{user, model.ToolResult{CallID: "c", IsError: true, Parts: []model.Part{model.Text("a"), model.JSON(`{"n":2.50}`)}}, `{"toolResult":{"content":[{"text":"a"},{"json":{"n":2.50}}],"status":"error","toolUseId":"c"}}`},
		{assistant, model.ServerToolResult{CallID: "c", Kind: "r", Parts: []model.Part{}}, `{"toolResult":{"content":[],"status":"success","toolUseId":"c","type":"r"}}`},
		{assistant, model.ServerToolCall{ID: "c", Name: "f", Kind: "server_tool_use", Input: json.RawMessage(`{}`)}, `{"toolUse":{"input":{},"name":"f","toolUseId":"c","type":"server_tool_use"}}`},
		{user, model.CachePoint{TTL: 5 * time.Minute}, `{"cachePoint":{"ttl":"5m","type":"default"}}`},
	} {
		b, err := blocks.Encode(row.part)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(wire.AppendContentBlock(nil, &b)); got != row.wire {
			t.Errorf("Encode(%v) = %s, want %s", row.part, got, row.wire)
		}
		if diff := cmp.Diff(row.part, blocks.Part(row.role, &b)); diff != "" {
			t.Errorf("back from %s (-want +got):\n%s", row.wire, diff)
		}
	}
}

// TestNoPlace checks that a part that has no place on the wire is an error.
func TestNoPlace(t *testing.T) {
	if _, err := blocks.Encode(model.JSON(`1`)); err == nil || !strings.Contains(err.Error(), "model.JSON") {
		t.Errorf("Encode(JSON) = %v", err)
	}
	if _, err := blocks.Encode(model.ToolResult{Parts: []model.Part{model.Text("a"), model.Guard{Text: "g"}}}); err == nil || !strings.Contains(err.Error(), "parts[1]") {
		t.Errorf("Encode(ToolResult of Guard) = %v", err)
	}
}

// TestSystem reads the blocks of a system prompt.
func TestSystem(t *testing.T) {
	r, err := wire.ParseRequest([]byte(`{"system":[{"text":"a"},{"cachePoint":{"type":"default","ttl":"1h"}},{"guardContent":{"text":{"text":"g"}}},{"future":{"n":2.50}}]}`), false)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Part{model.Text("a"), model.CachePoint{TTL: time.Hour}, model.Guard{Text: "g"}, model.Opaque{Provider: "bedrock", Kind: "future", Data: json.RawMessage(`{"n":2.50}`)}}
	var got []model.Part
	for i := range r.System {
		got = append(got, blocks.System(&r.System[i]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("system prompt (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(model.Citation{}, blocks.Citation(nil)); diff != "" {
		t.Errorf("Citation(nil) (-want +got):\n%s", diff)
	}
}
