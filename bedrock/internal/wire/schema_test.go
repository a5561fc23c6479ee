package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/schemas"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// samples returns JSON values of the shape s as the service's model describes
// it: together they set every member of every structure and union below s.
// Members named in skip are left out; ones in fixed have the value given.
func samples(s *smithy.Schema, skip, fixed map[string]string) []string {
	switch s.Type() {
	case smithy.ShapeTypeStructure:
		return structSamples(s, skip, fixed)
	case smithy.ShapeTypeUnion:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(s.Members())) {
			if _, ok := skip[name]; ok {
				continue
			}
			for _, v := range samples(s.Member(name), skip, fixed) {
				all = append(all, fmt.Sprintf(`{%q:%s}`, name, v))
			}
		}
		return all
	case smithy.ShapeTypeList:
		items := samples(s.ListMember(), skip, fixed)
		return []string{"[" + strings.Join(items, ",") + "]", "[]"}
	case smithy.ShapeTypeMap:
		items := samples(s.MapValue(), skip, fixed)
		return []string{fmt.Sprintf(`{"b<&>":%s,"a":%s}`, items[0], items[0]), "{}"}
	case smithy.ShapeTypeString, smithy.ShapeTypeEnum:
		return []string{fmt.Sprintf("%q", "some "+s.MemberName()+" é<>&\u2028")}
	case smithy.ShapeTypeBlob:
		return []string{`"AAECAw=="`}
	case smithy.ShapeTypeBoolean:
		return []string{"true", "false"}
	case smithy.ShapeTypeInteger, smithy.ShapeTypeLong:
		return []string{"7", "0"}
	case smithy.ShapeTypeFloat, smithy.ShapeTypeDouble:
		return []string{"0.25", "0", "1"}
	case smithy.ShapeTypeDocument:
		return []string{`{"z":1.0,"a":[12345678901234567890123,"<&>",null,{}]}`}
	}
	panic(fmt.Sprintf("shape %v of type %d", s.ID(), s.Type()))
}

// structSamples sets all members at once, in as many ways as the member with
// the most ways has.
func structSamples(s *smithy.Schema, skip, fixed map[string]string) []string {
	names := slices.Sorted(maps.Keys(s.Members()))
	values := map[string][]string{}
	ways := 1
	for _, name := range names {
		if _, ok := skip[name]; ok {
			continue
		}
		values[name] = samples(s.Member(name), skip, fixed)
		if f, ok := fixed[name]; ok {
			values[name] = []string{f}
		}
		ways = max(ways, len(values[name]))
	}
	var all []string
	for i := range ways {
		var members []string
		for _, name := range names {
			if v := values[name]; len(v) > 0 {
				members = append(members, fmt.Sprintf(`%q:%s`, name, v[i%len(v)]))
			}
		}
		all = append(all, "{"+strings.Join(members, ",")+"}")
	}
	return all
}

// TestRequestSchema compares the package with the model of the service that the
// SDK carries. Every member of every shape of a request must be known, and come
// back unchanged. The test fails when a new SDK knows more than this package.
func TestRequestSchema(t *testing.T) {
	for _, s := range []*smithy.Schema{schemas.ConverseRequest, schemas.ConverseStreamRequest} {
		for i, in := range samples(s, map[string]string{"modelId": ""}, nil) {
			r, err := wire.ParseRequest([]byte(in), true)
			if err != nil {
				t.Fatalf("%v, sample %d: ParseRequest: %v", s.ID(), i, err)
			}
			sameJSON(t, fmt.Sprintf("%v, sample %d", s.ID(), i), []byte(in), wire.AppendRequest(nil, r))
		}
	}
}

func TestCountTokensSchema(t *testing.T) {
	for i, in := range samples(schemas.CountTokensRequest, map[string]string{"modelId": ""}, nil) {
		r, err := wire.ParseCountTokensRequest([]byte(in), true)
		if err != nil {
			t.Fatalf("sample %d: %v", i, err)
		}
		sameJSON(t, fmt.Sprintf("sample %d", i), []byte(in), wire.AppendCountTokensRequest(nil, r))
	}
}

func TestResponseSchema(t *testing.T) {
	for i, in := range samples(schemas.ConverseResponse, nil, nil) {
		r, err := wire.ParseResponse([]byte(in))
		if err != nil {
			t.Fatalf("sample %d: ParseResponse: %v", i, err)
		}
		if err := wire.ParseResponseStrict([]byte(in)); err != nil {
			t.Errorf("sample %d: %v", i, err)
		}
		sameJSON(t, fmt.Sprintf("sample %d", i), []byte(in), wire.AppendResponse(nil, r))
	}
}

// viaSDK decodes the payload of an event with the SDK and encodes what the SDK
// made of it.
func viaSDK(t *testing.T, eventType string, payload []byte) ([]byte, error) {
	t.Helper()
	frame, err := eventstream.AppendEvent(nil, eventType, payload)
	if err != nil {
		t.Fatal(err)
	}
	union := schemas.ConverseStreamOutput
	p := restjson1.New(nil)
	ev, err := p.DeserializeEventMessage(union, bedrockruntime.TypeRegistry, bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := p.SerializeEventMessage(union, union.Member(eventType), ev.(smithy.Serializable), &out); err != nil {
		t.Fatal(err)
	}
	f, err := eventstream.NewDecoder(&out).Next()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Payload) == 0 {
		return []byte("{}"), nil
	}
	return f.Payload, nil
}

// bare parses and writes the payload of an event, without the members that the
// service adds to what its model says.
func bare(t *testing.T, eventType string, payload []byte) ([]byte, error) {
	t.Helper()
	var ev wire.Event
	if err := wire.ParseEvent(eventType, payload, &ev); err != nil {
		return nil, err
	}
	if ev.Metadata != nil && ev.Metadata.Usage != nil {
		ev.Metadata.Usage.Raw = nil
	}
	return stripUsage(t, wire.AppendEvent(nil, &ev, "")), nil
}

func stripUsage(t *testing.T, payload []byte) []byte {
	t.Helper()
	v := value(t, payload).(map[string]any)
	if usage, ok := v["usage"].(map[string]any); ok {
		for _, k := range []string{"serverToolUsage", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"} {
			delete(usage, k)
		}
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEventSchema reads every event of the service's model, in every form, with
// this package and with the SDK.
func TestEventSchema(t *testing.T) {
	union := schemas.ConverseStreamOutput
	seen := 0
	for name, member := range union.Members() {
		if strings.HasSuffix(name, "Exception") {
			continue
		}
		seen++
		for _, in := range samples(member, nil, nil) {
			want, err := viaSDK(t, name, []byte(in))
			if err != nil {
				t.Fatalf("%s: the SDK refuses a sample of its own model: %v\n%s", name, err, in)
			}
			got, err := bare(t, name, []byte(in))
			if err != nil {
				t.Errorf("ParseEvent(%s, %s): %v", name, in, err)
				continue
			}
			if err := wire.ParseEventStrict(name, []byte(in)); err != nil {
				t.Errorf("%s %s: %v", name, in, err)
			}
			sameJSON(t, name+" "+in, want, got)
		}
	}
	if seen != 6 {
		t.Errorf("the SDK knows %d events, this package 6", seen)
	}
}

// TestEventLikeSDK reads odd payloads. The SDK decides which of them are
// errors.
func TestEventLikeSDK(t *testing.T) {
	for _, tt := range []struct{ name, event, payload string }{
		{"empty object", "contentBlockDelta", `{}`},
		{"no index", "contentBlockDelta", `{"delta":{"text":"x"}}`},
		{"null delta", "contentBlockDelta", `{"contentBlockIndex":1,"delta":null}`},
		{"null text", "contentBlockDelta", `{"contentBlockIndex":1,"delta":{"text":null}}`},
		{"empty text", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":""},"p":"abc"}`},
		{"escapes", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":\"\\n\u00e9\ud83d\ude00\"}"}},"p":"abc"}`},
		{"keys in another order", "contentBlockDelta", `{"p":"abc","delta":{"text":"x"},"contentBlockIndex":3}`},
		{"white space", "contentBlockDelta", " {\n\"contentBlockIndex\" : 3 ,\t\"delta\" : { \"text\" : \"x\" } } "},
		{"escaped key", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"te\u0078t":"x"}}`},
		{"null index", "contentBlockStop", `{"contentBlockIndex":null}`},
		{"negative index", "contentBlockStop", `{"contentBlockIndex":-1}`},
		{"text a number", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":5}}`},
		{"delta a list", "contentBlockDelta", `{"contentBlockIndex":0,"delta":[]}`},
		{"index a string", "contentBlockDelta", `{"contentBlockIndex":"0","delta":{"text":"x"}}`},
		{"index a fraction", "contentBlockDelta", `{"contentBlockIndex":0.5,"delta":{"text":"x"}}`},
		{"payload a list", "contentBlockDelta", `[]`},
		{"payload cut", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"x"`},
		{"payload empty", "contentBlockDelta", ``},
		{"tool result a map", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"toolResult":{}}}`},
		{"bad base64", "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"%"}}}`},
		{"usage without total", "metadata", `{"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"new":{}},"new":1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want, sdkErr := viaSDK(t, tt.event, []byte(tt.payload))
			got, err := bare(t, tt.event, []byte(tt.payload))
			if (err == nil) != (sdkErr == nil) {
				t.Fatalf("ParseEvent: error %v, the SDK: %v", err, sdkErr)
			}
			if err == nil {
				sameJSON(t, tt.payload, want, got)
			}
		})
	}
}
