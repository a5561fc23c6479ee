package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// storedKinds are the parts that stored conversations have, under the names
// that they have there. A name is never changed.
var storedKinds = []string{"audio", "cache_point", "cited_text", "document", "guard", "image", "json", "opaque", "search_result",
	"server_tool_call", "server_tool_result", "text", "thinking", "tool_call", "tool_result", "video"}

// storedPlaces are the kinds of places that citations point to.
var storedPlaces = []string{"char", "chunk", "page", "search_result", "web"}

var storedParts = filepath.Join("testdata", "golden-parts.txt")

// TestGoldenKinds checks that the stored parts are of every kind and cite every
// kind of place, so that none can change unseen.
func TestGoldenKinds(t *testing.T) {
	kinds, places := make(map[string]bool), make(map[string]bool)
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				visit(e)
			}
		case map[string]any:
			if kind, ok := v["type"].(string); ok {
				kinds[kind] = true
			}
			if place, ok := v["location"].(map[string]any); ok {
				places[fmt.Sprint(place["kind"])] = true
			}
			for _, e := range v {
				visit(e)
			}
		}
	}
	data, err := os.ReadFile(storedParts)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for d.More() {
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		visit(v)
	}
	for _, kind := range storedKinds {
		if !kinds[kind] {
			t.Errorf("no stored part is of kind %q", kind)
		}
	}
	for _, place := range storedPlaces {
		if !places[place] {
			t.Errorf("no stored part cites a place of kind %q", place)
		}
	}
}

// TestGoldenParts checks the stored form of each part, one a line, in both
// directions: what a part is written as, and what that is read as.
func TestGoldenParts(t *testing.T) {
	var parts []model.Part
	for _, g := range goldens() {
		if messages, ok := g.want.([]model.Message); ok && !g.foreign {
			for _, m := range messages {
				parts = append(parts, m.Parts...)
			}
		}
	}
	parts = append(parts,
		model.CitedText{}, model.CitedText{Text: "t", Citations: []model.Citation{{Quotes: []string{}}}},
		model.CitedText{Text: "t", Citations: []model.Citation{
			{Location: model.CitationLocation{Kind: model.LocationChunk, Index: 1, Start: 0, End: 1}},
			{Location: model.CitationLocation{Kind: model.LocationSearchResult, Index: 1, Start: 2, End: 3}}}},
		model.Thinking{}, model.Image{}, model.Document{}, model.Video{}, model.Audio{}, model.SearchResult{}, model.ToolCall{},
		model.ToolResult{}, model.ServerToolCall{}, model.ServerToolResult{}, model.JSON(`[1.0,1e5]`), model.Guard{}, model.Opaque{Provider: "p", Kind: "k"},
		model.Text("cut \xe6\x9d"), model.Thinking{Text: "cut \xe6\x9d", Incomplete: true})
	var lines []string
	for _, p := range parts {
		data, err := json.Marshal(model.Message{Role: model.RoleUser, Parts: []model.Part{p}})
		if err != nil {
			t.Errorf("Marshal(%#v) error = %v", p, err)
			continue
		}
		lines = append(lines, string(data))
		var again model.Message
		if err := json.Unmarshal(data, &again); err != nil {
			t.Errorf("Unmarshal(%s) error = %v", data, err)
			continue
		}
		if second, err := json.Marshal(again); err != nil || !bytes.Equal(second, data) {
			t.Errorf("written again, %s is %s (%v)", data, second, err)
		}
		if len(again.Parts) == 1 && fmt.Sprintf("%T", again.Parts[0]) != fmt.Sprintf("%T", p) {
			t.Errorf("%T is read as %T", p, again.Parts[0])
		}
	}
	written := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(storedParts, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(storedParts)
	if err != nil {
		t.Fatal(err)
	}
	stored := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	for i, line := range lines {
		if !slices.Contains(stored, line) {
			t.Errorf("part %d is written as\n%s\nwhich is not in %s, which has in its place\n%s", i, line, storedParts, stored[min(i, len(stored)-1)])
		}
	}
	if len(stored) != len(lines)+1 {
		t.Errorf("%s has %d lines for %d parts", storedParts, len(stored)-1, len(lines))
	}
}
