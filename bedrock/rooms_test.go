package bedrock_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestAnswersStay holds answers to what they were when they came, after the
// memory of their bodies has served for others: longer ones, shorter ones, and
// ones that are refused.
func TestAnswersStay(t *testing.T) {
	const form = `{"additionalModelResponseFields":{"n":%[1]q},"output":{"message":{"content":[{"text":%[1]q},{"toolUse":{"input":{"n":%[1]q},"name":%[1]q,"toolUseId":%[1]q}},` +
		`{"reasoningContent":{"redactedContent":"AAAA"}},{"hologram":{"n":%[1]q}}],"role":"assistant"}},"serviceTier":{"type":%[1]q},"stopReason":%[1]q,"trace":{"n":%[1]q},"usage":{"inputTokens":1,"n":%[1]q}}`
	var calls atomic.Int32
	transport := roundTrip(func(req *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, req.Body)
		n := calls.Add(1)
		body := []byte(fmt.Sprintf(form, strings.Repeat(string(rune('a'+n%26)), int(1+n*37%300))))
		if n%5 == 0 {
			body = body[:len(body)/2] // cannot be read
		}
		return respond(200, bytes.NewReader(body), "Content-Type", "application/json")(req)
	})
	m := newModel(t, claude, transport, nil)
	type answer struct {
		resp *model.Response
		then string
	}
	print := func(resp *model.Response) string {
		x := resp.ProviderMetadata.(*bedrock.ProviderMetadata)
		return fmt.Sprintf("%q %q %q %q %q %q", resp.Message.Parts, resp.StopReason, x.AdditionalFields, x.Trace, x.Usage, x.ServiceTier)
	}
	var mu sync.Mutex
	var all []answer
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				resp, err := m.Generate(t.Context(), &model.Request{Messages: []model.Message{model.User("Hi")}})
				if err != nil {
					continue
				}
				mu.Lock()
				all = append(all, answer{resp, print(resp)})
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(all) != 160 {
		t.Errorf("%d of 200 calls were answered, want 160", len(all))
	}
	for _, a := range all {
		if now := print(a.resp); now != a.then {
			t.Fatalf("an answer changed from\n%s\nto\n%s", a.then, now)
		}
	}
}
