package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/schemas"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/google/go-cmp/cmp"
)

// FuzzFastPath compares the two paths of ParseEvent. What the short one accepts
// the long one must accept, with the same result.
func FuzzFastPath(f *testing.F) {
	for _, tt := range eventCases {
		f.Add([]byte(tt.payload))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var fast, slow wire.Event
		if !wire.ParseEventFast(payload, &fast) {
			return
		}
		if err := wire.ParseEventSlow("contentBlockDelta", payload, &slow); err != nil {
			t.Fatalf("the short path accepts %q, the long one says %v", payload, err)
		}
		if diff := cmp.Diff(slow, fast, ignoreScratch); diff != "" {
			t.Fatalf("%q (-long +short):\n%s", payload, diff)
		}
	})
}

// FuzzFastText puts arbitrary text into the form of the short path.
func FuzzFastText(f *testing.F) {
	for _, s := range []string{"Hello", "", `{"a":"b\n"}`, "é\u2028<>&", "\xff", "\x00", "\\", "/"} {
		f.Add(s, 0, "abc")
	}
	forms := []string{`{"text":`, `}`, `{"toolUse":{"input":`, `}}`, `{"reasoningContent":{"text":`, `}}`}
	f.Fuzz(func(t *testing.T, s string, index int, padding string) {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(forms); i += 2 {
			ev := wire.Event{Kind: wire.EventBlockDelta, HasIndex: true, Index: index}
			ev.Delta.Kind = []wire.DeltaKind{wire.DeltaText, wire.DeltaToolInput, wire.DeltaReasoningText}[i/2]
			ev.Delta.Text = s
			payload := wire.AppendEvent(nil, &ev, padding)
			if !json.Valid(payload) {
				t.Fatalf("AppendEvent = %q", payload)
			}
			ev.Delta.Text, ev.Type = want, "contentBlockDelta"
			var got wire.Event
			if err := wire.ParseEvent("contentBlockDelta", payload, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ev, got, ignoreScratch); diff != "" {
				t.Fatalf("ParseEvent(%s) (-want +got):\n%s", payload, diff)
			}
		}
	})
}

// fixpoint fails if what append wrote is not JSON, or does not stay the same
// when it is parsed and written again.
func fixpoint[T any](t *testing.T, v T, parse func([]byte) (T, error), app func(T) []byte) {
	t.Helper()
	first := app(v)
	if !json.Valid(first) {
		t.Fatalf("written: no JSON:\n%q", first)
	}
	again, err := parse(first)
	if err != nil {
		t.Fatalf("what was written is refused: %v\n%s", err, first)
	}
	if second := app(again); !bytes.Equal(first, second) {
		t.Fatalf("written once  %s\nwritten twice %s", first, second)
	}
}

func FuzzParseEvent(f *testing.F) {
	for _, tt := range eventCases {
		f.Add(tt.event, []byte(tt.payload))
	}
	f.Fuzz(func(t *testing.T, eventType string, payload []byte) {
		parse := func(b []byte) (*wire.Event, error) {
			var ev wire.Event
			return &ev, wire.ParseEvent(eventType, b, &ev)
		}
		ev, err := parse(payload)
		if err != nil || ev.Kind == wire.EventUnknown {
			return
		}
		fixpoint(t, ev, parse, func(ev *wire.Event) []byte { return wire.AppendEvent(nil, ev, "") })
	})
}

func FuzzParseRequest(f *testing.F) {
	// One block a seed: seeds with everything at once are too big to mutate.
	for _, s := range samples(schemas.ContentBlock, nil, nil) {
		f.Add([]byte(`{"messages":[{"content":[` + s + `],"role":"user"}]}`))
	}
	for _, s := range samples(schemas.Tool, nil, nil) {
		f.Add([]byte(`{"toolConfig":{"tools":[` + s + `]}}`))
	}
	for _, s := range samples(schemas.ConverseStreamRequest, map[string]string{"modelId": "", "messages": "", "toolConfig": "", "system": ""}, nil) {
		f.Add([]byte(s))
	}
	f.Add([]byte(`{"messages":[{"role":"user","content":[{"text":"a"},{"foo\n":{}},{"__type":1}]}],"requestMetadata":{"\ud800":"a","a\\":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, strictErr := wire.ParseRequest(data, true)
		r, err := wire.ParseRequest(data, false)
		if err != nil {
			if strictErr == nil {
				t.Fatalf("strict accepts what lenient refuses: %v", err)
			}
			return
		}
		parse := func(b []byte) (*wire.Request, error) { return wire.ParseRequest(b, false) }
		fixpoint(t, r, parse, func(r *wire.Request) []byte { return wire.AppendRequest(nil, r) })
	})
}

func FuzzParseResponse(f *testing.F) {
	for _, s := range samples(schemas.ConverseResponse, map[string]string{"trace": "", "content": ""}, nil) {
		f.Add([]byte(s))
	}
	for _, s := range samples(schemas.ContentBlock, nil, nil) {
		f.Add([]byte(`{"output":{"message":{"content":[` + s + `],"role":"assistant"}}}`))
	}
	f.Add([]byte(`{"output":{"message":{"content":[{"hologram":[1.0]}]}},"usage":{"inputTokens":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := wire.ParseResponse(data)
		if err != nil {
			return
		}
		fixpoint(t, r, wire.ParseResponse, func(r *wire.Response) []byte { return wire.AppendResponse(nil, r) })
	})
}

func FuzzParseError(f *testing.F) {
	f.Add([]byte(`{"message":"no","__type":"a#b:c","originalStatusCode":529}`))
	f.Add([]byte(`<html>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e := wire.ParseError(data)
		if !json.Valid(wire.AppendError(nil, &e)) {
			t.Fatalf("AppendError(%+v) is no JSON", e)
		}
	})
}
