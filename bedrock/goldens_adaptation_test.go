package bedrock_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensAdaptation keeps what becomes of requests that are refused, once
// or twice, in the service's words: all bodies that are sent, the answer with
// its warnings, and what the next call has learned.
func TestGoldensAdaptation(t *testing.T) {
	withoutRace(t)
	all := serviceMessages
	for _, text := range modelMessages {
		all = append(all, serviceMessage{400, "ValidationException", text}, serviceMessage{400, "ValidationException", upstream + text})
	}
	var blocks []block
	for i, m := range all {
		if !inSample(i) {
			continue
		}
		b := block{name: fmt.Sprintf("%d %s: %s", m.status, m.code, visible.Replace(m.text))}
		for _, d := range []door{{op: "converse"}, {"invoke", bedrock.FormatAnthropic}} {
			for _, known := range []bool{true, false} {
				b.text += fmt.Sprintf("  %s, known %t: %s\n", d, known, m.adapted(t, d, known, all[(i*7+3)%len(all)]))
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "adaptation", blocks)
}

// adapted calls a model three times: the first request of all is refused with the
// message, the third with another one, and the last answer breaks off. A model that
// is not known is treated as its siblings.
func (m serviceMessage) adapted(t *testing.T, d door, known bool, other serviceMessage) string {
	t.Helper()
	options := &bedrock.Options{Format: d.format}
	if !known {
		options.Facts = func(f *facts.Facts) { *f = unknownToday(claude) }
	}
	sum := sha256.New()
	n := 0
	asked := newModel(t, claude, roundTrip(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(sum, "%s\n", body)
		n++
		for at, refusal := range map[int]serviceMessage{1: m, 3: other} {
			if n == at {
				said, _ := json.Marshal(map[string]string{"message": refusal.text})
				return respond(refusal.status, bytes.NewReader(said), "Content-Type", "application/json", "X-Amzn-ErrorType", refusal.code)(r)
			}
		}
		if strings.HasSuffix(r.URL.Path, "stream") {
			return respond(200, bytes.NewReader(event("messageStart", `{"role":"assistant"}`)), "Content-Type", eventStream)(r)
		}
		return respond(200, strings.NewReader(aWholeAnswer[d.op]), "Content-Type", "application/json")(r)
	}), options)
	req := hello.Clone()
	req.Tools = []model.Tool{{Name: "weather", InputSchema: json.RawMessage(`{"type":"object"}`)}}
	(&historian{Rand: rand.New(rand.NewPCG(uint64(len(m.text)), 3))}).wishes(req)
	req.MaxTokens = 9000
	if t := req.Thinking; t != nil && t.Budget > 0 {
		t.Budget = 2000
	} else if t != nil && t.Effort != "" {
		t.Effort = "low"
	}
	req.ProviderOptions, req.StopSequences = nil, []string{"END"}
	for call := range 3 {
		resp, err := answerOf(asked, req, call == 2)
		fmt.Fprintln(sum, answered(resp), failed(err))
	}
	return fmt.Sprintf("%d requests %x", n, sum.Sum(nil)[:4])
}

func answerOf(m *bedrock.Model, req *model.Request, stream bool) (*model.Response, error) {
	if stream {
		return m.Stream(context.Background(), req).Response()
	}
	return m.Generate(context.Background(), req)
}

var aWholeAnswer = map[string]string{
	"converse": `{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`,
	"invoke":   `{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}`,
}
