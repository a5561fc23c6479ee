package probe_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// scored are models that have all rules together.
var scored = []string{sonnet45, opus48, opus5, nova2, nova1, gpt56, llama, writer, "amazon.titan-text-express-v1", "us.deepseek.r1-v1:0", "mistral.mistral-7b-instruct-v0:2", "cohere.command-r-plus-v1:0", sonnet35}

func score(t *testing.T, model string, o *bedrocktest.Options) *probe.Scores {
	t.Helper()
	r, err := probe.Score(t.Context(), bedrocktest.InMemory(behind(), o).Client(), model, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Score
}

// TestScoreRight checks that there are no complaints about a right server.
func TestScoreRight(t *testing.T) {
	for _, model := range scored {
		s := score(t, model, nil)
		if !s.Perfect() || s.Rules < 40 || s.Bodies < s.Rules || s.Streams == 0 {
			t.Errorf("%s: %+v", model, s)
		}
	}
}

// TestScorePassed switches off one rule after the other. The score must name
// that rule and nothing else. Some rules stand behind others, so nothing passes
// without them.
func TestScorePassed(t *testing.T) {
	every := 20
	if os.Getenv("CHATMODEL_FULL") != "" {
		every = 1
	}
	tried, found := 0, 0
	for i, rule := range bedrocktest.Rules() {
		if i%every != 0 {
			continue
		}
		tried++
		for _, model := range scored {
			s := score(t, model, &bedrocktest.Options{Off: []bedrocktest.Rule{rule.Rule}})
			for _, l := range s.Passed {
				if l.Rule != string(rule.Rule) {
					t.Errorf("%s off: %s passes %q of %q", rule.Rule, model, l.About, l.Rule)
				}
			}
			if len(s.Refused)+len(s.Faults)+len(s.Other) > 0 {
				t.Errorf("%s off: %s: %+v", rule.Rule, model, s)
			}
			if len(s.Passed) > 0 {
				found++
				break
			}
		}
	}
	t.Logf("rules found switched off: %d of %d", found, tried)
	if found*100 < tried*80 {
		t.Error("want four of five")
	}
}

// TestScoreStrict scores servers that behave like no model. The score must say
// what they refuse, and how.
func TestScoreStrict(t *testing.T) {
	s := score(t, sonnet45, &bedrocktest.Options{Traits: traits{"NoTools": true}})
	if len(s.Refused) == 0 || !strings.Contains(s.Refused[0].Got, "tool use") {
		t.Errorf("a server without tools: %+v", s.Refused)
	}
	s = score(t, sonnet45, &bedrocktest.Options{Fault: func(c bedrocktest.Call) bedrocktest.Fault {
		if strings.Contains(string(c.Body), `"maxTokens":0`) {
			return bedrocktest.Fail(bedrocktest.Exception{Code: "InternalServerException", Status: 418})
		}
		return bedrocktest.Fault{}
	}})
	if len(s.Other) != 1 || s.Other[0].Rule != "max-tokens" || !strings.HasPrefix(s.Other[0].Got, "418") || !strings.HasPrefix(s.Other[0].Want, "400 ValidationException") {
		t.Errorf("another refusal: %+v", s.Other)
	}
}

// TestScoreFrames damages streams, and checks that each damage is named.
func TestScoreFrames(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault bedrocktest.Fault
		kind  string
		text  string // in the first fault
	}{
		{"checksum of the lengths", bedrocktest.FlipPrelude(1), "checksum", "prelude"},
		{"checksum of a frame", bedrocktest.FlipMessage(1), "checksum", "message"},
		{"a payload", bedrocktest.FlipPayload(2), "checksum", "message"},
		{"cut in a frame", bedrocktest.Cut(150, bedrocktest.Clean), "cut", "within a frame"},
		{"cut to nothing", bedrocktest.Cut(0, bedrocktest.Clean), "cut", "no frames"},
		{"no stops", bedrocktest.DropStops(), "order", "before the contentBlockStop of block 0"},
		{"no starts", bedrocktest.DropStarts(), "order", "without its contentBlockStart"},
		{"mixed blocks", bedrocktest.Interleave(), "order", "of block 1 comes before the contentBlockStop of block 0"},
		{"an event of no name", bedrocktest.EventAt(1, "hologram", "{}"), "frame", `no event "hologram"`},
		{"another beginning", bedrocktest.EventAt(1, "messageStart", `{"role":"assistant"}`), "order", "messageStart comes again"},
		{"a beginning of the user", bedrocktest.EventAt(0, "messageStart", `{"role":"user"}`), "payload", `is "user"`},
		{"before the beginning", bedrocktest.EventAt(0, "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"x"}}`), "order", "before messageStart"},
		{"a block that is far off", bedrocktest.EventAt(1, "contentBlockDelta", `{"contentBlockIndex":7,"delta":{"text":"x"}}`), "order", "block 7 comes after 0 blocks"},
		{"an early end", bedrocktest.EventAt(2, "messageStop", `{"stopReason":"end_turn"}`), "order", "messageStop comes before"},
		{"early counters", bedrocktest.EventAt(2, "metadata", `{"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`), "order", "metadata comes before"},
		{"no reason", bedrocktest.EventAt(1, "messageStop", `{}`), "payload", "no stopReason"},
		{"no counters", bedrocktest.EventAt(1, "metadata", `{}`), "order", "metadata comes before"},
		{"no JSON", bedrocktest.EventAt(1, "contentBlockDelta", `{"conte`), "payload", "no JSON"},
		{"no index", bedrocktest.EventAt(1, "contentBlockDelta", `{"delta":{"text":"x"}}`), "payload", "no contentBlockIndex"},
		{"bytes that are no frame", bedrocktest.BytesAt(1, []byte("HTTP/1.1 200 OK\r\n\r\n")), "checksum", "prelude"},
		{"an exception", bedrocktest.ExceptionAt(1, bedrocktest.Exception{Code: "ThrottlingException"}), "frame", "throttlingException in place"},
		{"another type", bedrocktest.Respond(200, "text/html", "<html>"), "header", "text/html"},
	} {
		t.Run(row.name, func(t *testing.T) {
			talkative := fake.New(fake.Reply(model.Text("I look twice."), fake.Call("clock", `{"a":1}`), fake.Call("clock", `{"b":2}`)).Pieces(3).Always())
			s := bedrocktest.InMemory(talkative, &bedrocktest.Options{Fault: func(c bedrocktest.Call) bedrocktest.Fault {
				if c.Operation == "ConverseStream" {
					return row.fault
				}
				return bedrocktest.Fault{}
			}})
			r, err := probe.Score(t.Context(), s.Client(), sonnet45, nil)
			if err != nil {
				t.Fatal(err)
			}
			if f := r.Score.Faults; len(f) == 0 || f[0].Kind != row.kind || !strings.Contains(f[0].Text, row.text) {
				t.Errorf("faults: %+v, want %s %q", f, row.kind, row.text)
			}
		})
	}
}
