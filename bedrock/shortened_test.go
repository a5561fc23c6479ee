package bedrock_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/shorten"
)

// overlong is a conversation of many exchanges with tools, documents, thinking
// and a late system message, and a cache point behind one of its answers.
func overlong(exchanges, point int) *model.Request {
	req := &model.Request{MaxTokens: 100, Tools: weather, Messages: []model.Message{system(model.Text("s"), model.CachePoint{})}}
	for i := range exchanges {
		id := fmt.Sprint("a b|", i%4)
		answer := assistant(model.Text("done"))
		if i == point {
			answer.Parts = append(answer.Parts, model.CachePoint{})
		}
		question := user(model.Text(fmt.Sprint(strings.Repeat("word ", 20), i)))
		if i%3 == 0 {
			question.Parts = append(question.Parts, model.Document{Name: "d", Text: "w"})
		}
		req.Messages = append(req.Messages, question,
			assistant(model.Thinking{Text: "t", Signature: "s", Provider: "bedrock"}, call(id), call(id)),
			user(result(id, model.Text("x")), result(id, model.Text("y"))), answer)
		if i == exchanges/3 {
			req.Messages = append(req.Messages, model.System("late"))
		}
	}
	req.Messages = append(req.Messages, model.User("last"))
	return req
}

// TestShortenedPrefix checks that a conversation that is cut keeps its bytes up
// to the caller's cache point until nothing else is left to cut.
func TestShortenedPrefix(t *testing.T) {
	for _, row := range []struct {
		d    door
		mark string
	}{{door{op: "converse"}, `"cachePoint"`}, {door{"invoke", bedrock.FormatAnthropic}, `"cache_control"`}} {
		req := overlong(12, 6)
		whole := promptIn(t, row.d, row.d.through(claude45, req, nil).body).messages
		cached := whole[:bytes.LastIndex(whole, []byte(row.mark))]
		size, kept, cut := shorten.Estimate(req), 0, 0
		for limit := size; limit > size/40; limit -= size / 40 {
			shorter, _, err := shorten.Request(context.Background(), req, limit, nil)
			if err != nil {
				break
			}
			now := promptIn(t, row.d, row.d.through(claude45, shorter, nil).body)
			switch {
			case !bytes.HasPrefix(now.messages, cached):
				cut++
			case cut > 0:
				t.Errorf("%v: at %d tokens the prefix is kept, at more it was not", row.d, limit)
			default:
				kept++
			}
		}
		if kept < 15 || cut < 15 {
			t.Errorf("%v: the prefix was kept %d times and cut %d times, want 15 each", row.d, kept, cut)
		}
	}
}

// TestShortenOnOverflow checks that a call that overflows on the service is cut
// and accepted, several times in a row, with CountTokens and without.
func TestShortenOnOverflow(t *testing.T) {
	overflow := bedrocktest.Fail(bedrocktest.Exception{Code: "ValidationException", Message: "Input is too long for requested model."})
	for _, id := range []string{claude45, nova1, gptOSS} {
		for times := range 5 {
			for _, counts := range []bool{true, false} {
				for _, stream := range []bool{false, true} {
					asked := 0
					b := newBenchWith(&bedrocktest.Options{Off: []bedrocktest.Rule{"thinking-signature"}, Fault: func(c bedrocktest.Call) bedrocktest.Fault {
						switch {
						case c.Operation == "CountTokens" && !counts:
							return bedrocktest.Throttle()
						case c.Operation == "CountTokens":
							return bedrocktest.Fault{}
						}
						if asked++; asked <= times {
							return overflow
						}
						return bedrocktest.Fault{}
					}})
					b.says = []model.Part{model.Text("ok")}
					m, err := b.model(subject{id, bedrock.FormatConverse})
					if err != nil {
						t.Fatal(err)
					}
					req := overlong(12, -1)
					before := inJSON(req)
					name := fmt.Sprintf("%s, %d overflows, counts %t, stream %t", id, times, counts, stream)
					llm := model.Wrap(m, shorten.Middleware(nil))
					var resp *model.Response
					if stream {
						resp, err = llm.Stream(context.Background(), req).Response()
					} else {
						resp, err = llm.Generate(context.Background(), req)
					}
					if inJSON(req) != before {
						t.Errorf("%s: the request was modified", name)
					}
					if times > 3 {
						if model.KindOf(err) != model.ErrContextOverflow || asked != 4 {
							t.Errorf("%s: %v after %d calls, want an overflow after 4", name, err, asked)
						}
						continue
					}
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					gone := 0
					for _, w := range resp.Warnings {
						if w.Action == model.WarningDropped && strings.HasSuffix(w.Reason, "the conversation was too long") {
							gone++
						}
					}
					if (gone > 0) != (times > 0) {
						t.Errorf("%s: %d messages are said to be left out: %v", name, gone, resp.Warnings)
					}
				}
			}
		}
	}
}
