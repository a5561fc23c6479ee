package bedrocktest_test

import (
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// TestTraits changes properties of models in the server's table.
func TestTraits(t *testing.T) {
	for _, row := range []struct {
		name    string
		traits  map[string]any
		model   string
		body    string
		status  int
		message string // in it
	}{
		{"a flag", map[string]any{"NoTemperature": true}, sonnet45, inference(`"temperature":0.5`), 400, "`temperature` is deprecated"},
		{"a flag taken away", map[string]any{"NoTemperature": false}, opus48, inference(`"temperature":0.5`), 200, ""},
		{"a limit", map[string]any{"MaxOutput": 100}, sonnet45, inference(`"maxTokens":101`), 400, "101 > 100"},
		{"words", map[string]any{"Thinking.Efforts": []string{"low"}}, opus48, fields(`"output_config":{"effort":"high"}`), 400, "Input should be 'low'"},
		{"a word", map[string]any{"NotServed": "mantle"}, sonnet45, conversation(hello), 400, "model identifier is invalid"},
		{"files", map[string]any{"Media": []string{"document"}}, sonnet45, conversation(user(text("x"), picture)), 400, "image content block"},
		{"nothing else", map[string]any{"NoTemperature": true}, sonnet45, inference(`"topP":0.5`), 200, ""},
		{"no such trait", map[string]any{"NoTemprature": true}, sonnet45, conversation(hello), 400, `no trait "NoTemprature"; the traits are NotServed, NoInvoke`},
		{"who it is", map[string]any{"Row": "x"}, sonnet45, conversation(hello), 400, `no trait "Row"`},
		{"another type", map[string]any{"NoTemperature": 1}, sonnet45, conversation(hello), 400, `"NoTemperature" is int, not a bool`},
		{"no value", map[string]any{"NoTemperature": nil}, sonnet45, conversation(hello), 400, `"NoTemperature" is <nil>, not a bool`},
		{"no such file", map[string]any{"Media": []string{"hologram"}}, sonnet45, conversation(hello), 400, `no kind of file "hologram"`},
		{"files as a number", map[string]any{"Media": 3}, sonnet45, conversation(hello), 400, "kinds of file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ask(t, memory(always("ok"), &bedrocktest.Options{Traits: row.traits}), row.model, row.body)
			said := ""
			if got.status != 200 {
				_, said = got.failure(t)
			}
			if got.status != row.status || !strings.Contains(said, row.message) {
				t.Errorf("%d %s, want %d and %q", got.status, said, row.status, row.message)
			}
		})
	}
}
