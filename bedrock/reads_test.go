package bedrock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestCacheOfLoops checks the automatic cache points in a loop of tools. Each
// request must read at least as many tokens as the requests before it have
// written, even if the model takes no points among calls and results.
func TestCacheOfLoops(t *testing.T) {
	long := strings.Repeat("lorem ipsum dolor ", 400)
	for _, s := range []subject{{claude45, ""}, {claude45, bedrock.FormatAnthropic}, {claude5, ""}, {nova1, ""}, {nova2, ""}} {
		b := newBench()
		req := withWeather(model.System(long), model.User(long))
		req.Cache = &model.CacheConfig{}
		cached := 0
		for i := range 8 {
			resp, err := b.ask(s, &req, i%2 == 1, model.Text("ok"))
			if err != nil {
				t.Fatalf("%v, request %d: %v", s, i, err)
			}
			if read := resp.TokenUsage().CacheReadTokens; read < cached {
				t.Errorf("%v, request %d: %d tokens were read, %d were in the cache", s, i, read, cached)
			}
			cached = resp.TokenUsage().CacheReadTokens + resp.TokenUsage().CacheWriteTokens
			if cached < 3000 {
				t.Errorf("%v, request %d: %d tokens are cached, want those of the system prompt and the question", s, i, cached)
			}
			id := fmt.Sprint("c", i)
			req.Messages = append(req.Messages, assistant(call(id)), user(result(id, model.Text("x"))))
		}
	}
}
