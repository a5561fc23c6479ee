package model_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// seedMessages adds the documents of the table tests.
func seedMessages(f *testing.F) {
	for _, c := range partCases() {
		f.Add([]byte(`{"role":"assistant","parts":[` + c.want + `]}`))
	}
	for _, in := range exactInputs {
		data, err := json.MarshalIndent(model.AssistantParts(rawParts(in.raw)...), "", " ")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, name := range []string{"conversation.json", "foreign.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", "golden", name))
		if err != nil {
			f.Fatal(err)
		}
		var all []json.RawMessage
		if err := json.Unmarshal(data, &all); err != nil {
			f.Fatal(err)
		}
		for _, doc := range all {
			f.Add([]byte(doc))
		}
	}
	f.Add([]byte(`{"parts":[{"type":"text","text":"a"},null]}`))
	f.Add([]byte(`{"parts":[{"type":"opaque","data":{}}]}`))
	f.Add([]byte(`{"parts":[{"type":"tool_call","input":null,"input_text":"null"}]}`))
	f.Add([]byte(`{"parts":[{"type":"tool_call","input_text":" null"}]}`))
}

// FuzzMessage decodes arbitrary JSON. Whatever decodes must have an encoding
// that decodes to the same message and is the same from then on, with every
// encoder.
func FuzzMessage(f *testing.F) {
	seedMessages(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var m model.Message
		if json.Unmarshal(data, &m) != nil {
			return
		}
		_ = fmt.Sprint(m) + m.LogValue().String() + m.Text()
		_ = (&model.Request{Messages: []model.Message{m}}).Validate()
		if d := cmp.Diff(m, m.Clone()); d != "" {
			t.Errorf("Clone() (-want +got):\n%s", d)
		}
		for _, e := range encoders() {
			first, err := e.encode(m)
			if err != nil {
				t.Fatalf("%s of a decoded message: error = %v", e.name, err)
			}
			var back model.Message
			if err := json.Unmarshal(first, &back); err != nil {
				t.Fatalf("%s: Unmarshal(%s) error = %v", e.name, first, err)
			}
			second, err := e.encode(back)
			if err != nil {
				t.Fatalf("%s: second error = %v", e.name, err)
			}
			if string(first) != string(second) {
				t.Errorf("%s: second encoding = %s, want %s", e.name, second, first)
			}
			if d := cmp.Diff(inputs(m), inputs(back)); d != "" {
				t.Errorf("%s: exact bytes (-want +got):\n%s", e.name, d)
			}
		}
	})
}

// inputs returns the JSON values of a message that must keep their bytes.
func inputs(m model.Message) []string {
	var all []string
	var walk func([]model.Part)
	walk = func(parts []model.Part) {
		for _, p := range parts {
			switch p := p.(type) {
			case model.ToolCall:
				all = append(all, string(p.Input))
			case model.ServerToolCall:
				all = append(all, string(p.Input))
			case model.JSON:
				all = append(all, string(p))
			case model.Opaque:
				if p.Provider != "" {
					all = append(all, string(p.Data))
				}
			case model.ToolResult:
				walk(p.Parts)
			case model.ServerToolResult:
				walk(p.Parts)
			}
		}
	}
	walk(m.Parts)
	return all
}

// FuzzExactBytes puts arbitrary JSON values where bytes must be kept.
func FuzzExactBytes(f *testing.F) {
	for _, in := range exactInputs {
		f.Add(in.raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		m := model.AssistantParts(rawParts(raw)...)
		if !json.Valid([]byte(raw)) {
			m = model.AssistantParts(model.ToolCall{ID: "t", Input: json.RawMessage(raw)}, model.ToolCall{ID: "t", InvalidInput: raw})
		}
		for _, e := range encoders() {
			first, err := e.encode(m)
			if err != nil {
				t.Fatal(err)
			}
			var back model.Message
			if err := json.Unmarshal(first, &back); err != nil {
				t.Fatal(err)
			}
			if second, err := e.encode(back); err != nil || string(second) != string(first) {
				t.Errorf("%s: second encoding = %s, %v, want %s", e.name, second, err, first)
			}
			// JSON cannot quote what is not UTF-8, so that only the value is kept.
			if json.Valid([]byte(raw)) && utf8.ValidString(raw) && !cmp.Equal(inputs(m), inputs(back)) {
				t.Errorf("%s: inputs = %q, want %q", e.name, inputs(back), inputs(m))
			}
		}
	})
}

// FuzzResponse: as FuzzMessage.
func FuzzResponse(f *testing.F) {
	data, err := json.Marshal(fullResponse())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"latency_ms":-1,"usage":null,"warnings":[]}`))
	f.Add([]byte(`{"latency_ms":9223372036854775807,"usage":{"cache_writes":[{"ttl":"1h","tokens":1}]}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var resp model.Response
		if json.Unmarshal(data, &resp) != nil {
			return
		}
		_ = resp.String() + resp.LogValue().String()
		if d := cmp.Diff(&resp, resp.Clone()); d != "" {
			t.Errorf("Clone() (-want +got):\n%s", d)
		}
		first := mustMarshal(t, resp)
		var back model.Response
		if err := json.Unmarshal([]byte(first), &back); err != nil {
			t.Fatalf("Unmarshal(%s) error = %v", first, err)
		}
		if second := mustMarshal(t, back); second != first {
			t.Errorf("second encoding = %s, want %s", second, first)
		}
	})
}
