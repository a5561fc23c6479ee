package batch_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGenerateKeepsMetadata: a record that was called has all that the model
// answered, also in another process.
func TestGenerateKeepsMetadata(t *testing.T) {
	want := &bedrock.ProviderMetadata{
		AdditionalFields: json.RawMessage(`{ "stop_sequence" : "<END>" }`), // its bytes count
		Trace:            json.RawMessage(`{"guardrail":{}}`),
		Usage:            json.RawMessage(`{"inputTokens":3,"serverToolUsage":{}}`),
		Latency:          "optimized",
		ServiceTier:      "priority",
	}
	v := reflect.ValueOf(*want)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("the test leaves %s out", v.Type().Field(i).Name)
		}
	}
	s := batchtest.Start(t, echo(), nil)
	s.Inject(batchtest.Faults{Lose: only(3, 50)})
	c := client(t, s, options())
	b := submit(t, c, "metadata", inputs(100))
	wait(t, b)
	calls := fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		resp := &model.Response{Message: model.Assistant(backwards(req.Messages[0].Text())), StopReason: model.StopEndTurn, RequestID: "rid", Model: "m", Usage: &model.Usage{Known: true}}
		if req.Messages[0].Text() == textOf(3) {
			resp.ProviderMetadata = want
		}
		return resp, nil
	}).Always())
	if n, err := b.Generate(t.Context(), calls, inputs(100), nil); err != nil || n != 2 {
		t.Fatalf("generate: %d, %v", n, err)
	}
	found, err := c.Find(t.Context(), "metadata")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*batch.Batch{b, found} {
		got, _ := all(t, b, 100)
		if x := bedrock.MetadataOf(got[3].Response); !reflect.DeepEqual(x, want) {
			t.Errorf("metadata %+v, want %+v", x, want)
		}
		if other := got[50].Response; other == nil || other.ProviderMetadata != nil {
			t.Errorf("a response without has %v", other)
		}
	}
}
