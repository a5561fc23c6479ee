package bedrock_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/shorten"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// TestEstimateOfRecordings measures the error of shorten.Estimate on prompts
// that the real service has counted. The documentation of package shorten
// states it.
func TestEstimateOfRecordings(t *testing.T) {
	reader := bedrocktest.InMemory(fake.New(fake.Text("ok").Always()), &bedrocktest.Options{Lenient: true, Off: []bedrocktest.Rule{"authentication", "signature-v4"}})
	type measured struct {
		name      string
		estimated int
		counted   int
		served    bool // there are tools of the service's, which it describes itself
	}
	var all []measured
	for _, found := range outside.First(t) {
		cassette, err := recordings.Load(found.FS(), found.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range cassette.Exchanges {
			s, streamed, ok := whoAnswers(x)
			if !ok {
				continue
			}
			m, err := bedrock.New(newClient(play(x)), s.id, &bedrock.Options{Format: s.format})
			if err != nil {
				continue
			}
			var resp *model.Response
			if streamed {
				resp, err = m.Stream(context.Background(), hello).Response()
			} else {
				resp, err = m.Generate(context.Background(), hello)
			}
			if err != nil || !resp.TokenUsage().Known || resp.Usage.InputTokens == 0 {
				continue
			}
			r, err := http.NewRequest(http.MethodPost, x.URL, strings.NewReader(string(x.RequestBody)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header = x.RequestHeader.Clone()
			answered, err := reader.Transport().RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			answered.Body.Close()
			calls := reader.Calls()
			req := calls[len(calls)-1].Request
			if req == nil {
				continue
			}
			all = append(all, measured{found.Name, shorten.Estimate(req), resp.Usage.InputTokens, slices.ContainsFunc(req.Tools, func(t model.Tool) bool { return t.ServerSide })})
		}
	}
	least, most := 1e9, 0.0
	large, largeLeast, largeMost := 0, 1e9, 0.0
	for _, m := range all {
		ratio := float64(m.estimated) / float64(m.counted)
		least, most = min(least, ratio), max(most, ratio)
		if m.counted > 1000 && !m.served {
			large++
			largeLeast, largeMost = min(largeLeast, ratio), max(largeMost, ratio)
		}
		t.Logf("%-60s estimated %6d, counted %6d: %.2f", m.name, m.estimated, m.counted, ratio)
	}
	t.Logf("%d prompts: %.2f to %.2f times the count; %d of over 1,000 tokens without tools of the service: %.2f to %.2f", len(all), least, most, large, largeLeast, largeMost)
	if large < 8 || largeLeast < 0.7 || largeMost > 1.2 {
		t.Errorf("%d prompts of over 1,000 tokens are estimated at %.2f to %.2f times the count, want 8 or more, at 0.7 to 1.2", large, largeLeast, largeMost)
	}
}
