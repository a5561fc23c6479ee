package bedrock_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestThinkingNamesItsModel checks that every block of thinking holds the base
// id of the model that answered, in every format, whole and in pieces.
func TestThinkingNamesItsModel(t *testing.T) {
	for _, row := range []struct {
		s    subject
		base string
	}{
		{subject{claude45, bedrock.FormatConverse}, claude45Base},
		{subject{claude45, bedrock.FormatAuto}, claude45Base},
		{subject{gpt5, bedrock.FormatConverse}, "openai.gpt-5.6-sol"},
		{subject{gptOSS, bedrock.FormatConverse}, gptOSS},
		{subject{gptOSS, bedrock.FormatAuto}, gptOSS},
		{subject{deepseekR1, bedrock.FormatAuto}, "deepseek.r1-v1:0"},
	} {
		for _, stream := range []bool{false, true} {
			for name, said := range map[string]model.Thinking{"text": {Text: "hm"}, "redacted": {Redacted: []byte("hm")}} {
				if name == "redacted" && !strings.Contains(row.s.id, "claude") {
					continue
				}
				resp, err := newBench().ask(row.s, hello, stream, said, model.Text("ok"))
				if err != nil {
					t.Fatalf("%v: %v", row.s, err)
				}
				all := resp.Thinking()
				if len(all) != 1 || all[0].Model != row.base || all[0].Provider != "bedrock" {
					t.Errorf("%v, %s, stream %t: thinking %+v, want one of %s", row.s, name, stream, all, row.base)
				}
			}
		}
	}
}

// TestThinkingBehindProfiles checks that the model behind an application
// inference profile is named once it has been looked up, including in the first
// stream.
func TestThinkingBehindProfiles(t *testing.T) {
	const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
	for _, stream := range []bool{false, true} {
		b := newBench()
		b.says = []model.Part{model.Thinking{Text: "hm"}, model.Text("ok")}
		m, err := bedrock.New(b.client, arn, &bedrock.Options{Profiles: profileOf("arn:aws:bedrock:us-east-1::foundation-model/" + claude45Base)})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := put(m, hello, stream)
		if err != nil {
			t.Fatal(err)
		}
		if all := resp.Thinking(); len(all) != 1 || all[0].Model != claude45Base {
			t.Errorf("stream %t: thinking %+v, want one of %s", stream, all, claude45Base)
		}
	}
}

type profileOf string

func (p profileOf) GetInferenceProfile(context.Context, *controlplane.GetInferenceProfileInput, ...func(*controlplane.Options)) (*controlplane.GetInferenceProfileOutput, error) {
	arn := string(p)
	return &controlplane.GetInferenceProfileOutput{Models: []types.InferenceProfileModel{{ModelArn: &arn}}}, nil
}

// TestBrokenThinkingNamesItsModel checks the same for the part of an answer
// that arrived before its stream broke off.
func TestBrokenThinkingNamesItsModel(t *testing.T) {
	b := newBench()
	b.server.Inject(bedrocktest.ExceptionAt(4, bedrocktest.Exception{}))
	said, ok := arrived(b.ask(subject{claude45, bedrock.FormatConverse}, hello, true, model.Thinking{Text: "a long thought"}, model.Text("ok")))
	if !ok || len(said.Parts) == 0 {
		t.Fatalf("nothing of the answer arrived: %v", said)
	}
	if q, is := said.Parts[0].(model.Thinking); !is || q.Model != claude45Base {
		t.Errorf("part 0 = %+v, want thinking of %s", said.Parts[0], claude45Base)
	}
}

// TestFallbackWithThinking checks that model.Fallback can take a history with
// signed, redacted and unsigned thinking to a model that accepts none of it.
func TestFallbackWithThinking(t *testing.T) {
	const fable = "us.anthropic.claude-fable-5-1" // bound to its own thinking
	for _, to := range []string{fable, "us.anthropic.claude-opus-4-6-v1", gpt5, nova2, gptOSS, mistral} {
		for _, from := range []string{claude45, gpt5, gptOSS} {
			for name, said := range map[string]model.Thinking{"text": {Text: "hm"}, "redacted": {Redacted: []byte("hm")}} {
				for _, stream := range []bool{false, true} {
					b := newBench()
					first, err := b.model(subject{from, bedrock.FormatConverse})
					if err != nil {
						t.Fatal(err)
					}
					second, err := b.model(subject{to, bedrock.FormatConverse})
					if err != nil {
						t.Fatal(err)
					}
					b.says = []model.Part{said, model.Text("ok")}
					m := model.Wrap(first, model.Fallback(second))
					resp, err := m.Generate(context.Background(), hello)
					if err != nil {
						t.Fatal(err)
					}
					req := &model.Request{Messages: []model.Message{hello.Messages[0], resp.Message, model.User("And now?")}}
					b.server.Inject(bedrocktest.Throttle())
					if stream {
						resp, err = m.Stream(context.Background(), req).Response()
					} else {
						resp, err = m.Generate(context.Background(), req)
					}
					if err != nil {
						t.Errorf("%s to %s with %s, stream %t: %v", from, to, name, stream, err)
						continue
					}
					onWire := strings.Contains(string(b.body), "reasoningContent")
					if warned := len(resp.Warnings) > 0; warned == onWire {
						t.Errorf("%s to %s with %s, stream %t: on the wire %t, warnings %v", from, to, name, stream, onWire, resp.Warnings)
					}
					if all := resp.Thinking(); to == gpt5 && (len(all) != 1 || all[0].Model != "openai.gpt-5.6-sol") {
						t.Errorf("%s to %s, stream %t: thinking %+v, want the second model's", from, to, stream, all)
					}
				}
			}
		}
	}
}

// TestOldMessages checks that messages stored before thinking named its model
// can still be read and sent.
func TestOldMessages(t *testing.T) {
	const stored = `{"role":"assistant","parts":[{"type":"thinking","text":"hm","signature":"s","provider":"bedrock"},{"type":"text","text":"ok"}]}`
	var old model.Message
	if err := json.Unmarshal([]byte(stored), &old); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(old); err != nil || string(again) != stored {
		t.Errorf("it is written as %s, %v, want as it was", again, err)
	}
	var body string
	m := newModel(t, claude45, roundTrip(func(r *http.Request) (*http.Response, error) {
		data, err := io.ReadAll(r.Body)
		body = string(data)
		return answer([]byte(`{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn"}`), "application/json"), err
	}), nil)
	req := &model.Request{Messages: []model.Message{hello.Messages[0], old, model.User("So?")}}
	if _, err := m.Generate(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(body, `"signature":"s"`) {
		t.Errorf("body = %s, want the thinking in it", body)
	}
}
