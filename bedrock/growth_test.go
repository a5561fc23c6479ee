package bedrock_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// growthSubjects are the models of makers whose histories differ, by their doors.
var growthSubjects = []subject{
	{claude45, ""}, {claude45, bedrock.FormatAnthropic}, {nova1, ""},
	{llama, ""}, {"us.meta.llama3-3-70b-instruct-v1:0", bedrock.FormatLlama3}, {llama, bedrock.FormatLlama4},
	{mistral, ""}, {mistral7b, bedrock.FormatMistral},
	{gptOSS, ""}, {gptOSS, bedrock.FormatOpenAI}, {qwen, bedrock.FormatOpenAI}, {deepseekR1, bedrock.FormatDeepSeek}, {titan, bedrock.FormatTitan},
}

// growths are histories of n of something.
var growths = map[string]func(n int) model.Request{
	"turns": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message { return []model.Message{model.User("u"), model.Assistant("a")} })
	},
	"parts of a turn": func(n int) model.Request {
		return talk(user(times(n, func(i int) model.Part { return model.Text(fmt.Sprint("word ", i)) })...))
	},
	"messages of one role": func(n int) model.Request {
		return talk(repeated(n, func(i int) model.Message { return model.User(fmt.Sprint("word ", i)) })...)
	},
	"messages of the system": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{model.User("u"), model.Assistant("a"), model.System(fmt.Sprint("rule ", i))}
		})
	},
	"system at the start": func(n int) model.Request {
		return talk(append(repeated(n, func(i int) model.Message { return model.System(fmt.Sprint("rule ", i)) }), model.User("u"))...)
	},
	"empty turns": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message { return []model.Message{model.User("u"), model.Assistant(" ")} })
	},
	"documents": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.Document{Name: fmt.Sprint("d", i), Text: "words"}), model.Assistant("a")}
		})
	},
	"documents of one name": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.Document{Name: "d", Text: "words"}), model.Assistant("a")}
		})
	},
	"documents with illegal names": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.Document{Name: fmt.Sprint("_/", i%7), Text: "words"}), model.Assistant("a")}
		})
	},
	"images": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.Image{Data: append(bytes.Clone(smallPNG), byte(i))}), model.Assistant("a")}
		})
	},
	"images in results": func(n int) model.Request {
		return toolTurns(n, func(i int) (string, []model.Part) {
			return fmt.Sprint("call", i), []model.Part{model.Text("r"), model.Image{Data: smallPNG}}
		})
	},
	"tools": func(n int) model.Request {
		req := talk(model.User("u"))
		for i := range n {
			req.Tools = append(req.Tools, model.Tool{Name: fmt.Sprint("tool_", i), Description: "d", InputSchema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}}}`)})
		}
		return req
	},
	"calls": func(n int) model.Request {
		return toolTurns(n, func(i int) (string, []model.Part) { return fmt.Sprint("call", i), []model.Part{model.Text("r")} })
	},
	"calls of one id": func(n int) model.Request {
		return toolTurns(n, func(i int) (string, []model.Part) { return "call", []model.Part{model.Text("r")} })
	},
	"calls with illegal ids": func(n int) model.Request {
		return toolTurns(n, func(i int) (string, []model.Part) { return fmt.Sprint("call/", i), []model.Part{model.Text("r")} })
	},
	"calls with illegal names": func(n int) model.Request {
		req := toolTurns(n, func(i int) (string, []model.Part) { return fmt.Sprint("call", i), []model.Part{model.Text("r")} })
		for i := range req.Messages {
			for j, q := range req.Messages[i].Parts {
				if c, ok := q.(model.ToolCall); ok {
					c.Name = fmt.Sprint("no such/tool ", i)
					req.Messages[i].Parts[j] = c
				}
			}
		}
		return req
	},
	"calls without tools": func(n int) model.Request {
		req := toolTurns(n, func(i int) (string, []model.Part) { return fmt.Sprint("call", i), []model.Part{model.Text("r")} })
		req.Tools = nil
		return req
	},
	"parallel calls": func(n int) model.Request {
		return withWeather(model.User("u"), assistant(times(n, func(i int) model.Part { return call(fmt.Sprint("call", i)) })...),
			user(times(n, func(i int) model.Part { return result(fmt.Sprint("call", i), model.Text("r")) })...))
	},
	"parallel calls answered backwards": func(n int) model.Request {
		return withWeather(model.User("u"), assistant(times(n, func(i int) model.Part { return call(fmt.Sprint("call", i)) })...),
			user(times(n, func(i int) model.Part { return result(fmt.Sprint("call", n-1-i), model.Text("r")) })...))
	},
	"parallel calls answered in messages": func(n int) model.Request {
		return withWeather(append([]model.Message{model.User("u"), assistant(times(n, func(i int) model.Part { return call(fmt.Sprint("call", i)) })...)},
			repeated(n, func(i int) model.Message { return user(result(fmt.Sprint("call", i), model.Text("r"))) })...)...)
	},
	"calls without results": func(n int) model.Request {
		return withTools(longTalk(n, func(i int) []model.Message {
			return []model.Message{model.User("u"), assistant(call(fmt.Sprint("call", i)))}
		}))
	},
	"parallel calls without results": func(n int) model.Request {
		return withWeather(model.User("u"), assistant(times(n, func(i int) model.Part { return call(fmt.Sprint("call", i)) })...), model.User("v"))
	},
	"results without calls": func(n int) model.Request {
		return withTools(longTalk(n, func(i int) []model.Message {
			return []model.Message{user(result(fmt.Sprint("call", i), model.Text("r"))), model.Assistant("a")}
		}))
	},
	"results without calls in one turn": func(n int) model.Request {
		return withWeather(model.User("u"), model.Assistant("a"), user(times(n, func(i int) model.Part { return result(fmt.Sprint("call", i), model.Text("r")) })...))
	},
	"results given twice": func(n int) model.Request {
		return toolTurns(n, func(i int) (string, []model.Part) { return fmt.Sprint("call", i/2), []model.Part{model.Text("r")} })
	},
	"parts of a result": func(n int) model.Request {
		return withWeather(model.User("u"), assistant(call("call")), user(result("call", times(n, func(i int) model.Part { return model.Text(fmt.Sprint("word ", i)) })...)))
	},
	"thoughts": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{model.User("u"), assistant(model.Thinking{Text: "t", Signature: "c2ln"}, model.Text("a"))}
		})
	},
	"cache points": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.CachePoint{}), model.Assistant("a")}
		})
	},
	"cache points in a row": func(n int) model.Request {
		return talk(user(append([]model.Part{model.Text("u")}, times(n, func(int) model.Part { return model.CachePoint{} })...)...))
	},
	"cache": func(n int) model.Request {
		req := longTalk(n, func(i int) []model.Message { return []model.Message{model.User("u"), model.Assistant("a")} })
		req.Cache = &model.CacheConfig{}
		return req
	},
	"warnings": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{model.User("u"), assistant(model.Opaque{Provider: "another", Kind: "x", Data: json.RawMessage(`{}`)}, model.Text("a"))}
		})
	},
	"refusals": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.Text("u"), model.Video{MediaType: "video/none", Data: []byte("x")}), model.Assistant("a")}
		})
	},
	"citations": func(n int) model.Request {
		cited := model.CitedText{Text: "t"}
		for i := range n {
			cited.Citations = append(cited.Citations, model.Citation{Source: fmt.Sprint("s", i)})
		}
		return talk(model.User("u"), assistant(cited), model.User("v"))
	},
	"search results": func(n int) model.Request {
		return longTalk(n, func(i int) []model.Message {
			return []model.Message{user(model.SearchResult{Source: "s", Title: "t", Content: []string{"c"}}), model.Assistant("a")}
		})
	},
	"stop sequences": func(n int) model.Request {
		req := talk(model.User("u"))
		for i := range n {
			req.StopSequences = append(req.StopSequences, fmt.Sprint("stop", i))
		}
		return req
	},
	"text": func(n int) model.Request {
		return talk(model.User(string(bytes.Repeat([]byte("some \"words\"\n<|"), n))))
	},
}

func times(n int, part func(i int) model.Part) []model.Part {
	all := make([]model.Part, n)
	for i := range all {
		all[i] = part(i)
	}
	return all
}

func repeated(n int, message func(i int) model.Message) []model.Message {
	all := make([]model.Message, n)
	for i := range all {
		all[i] = message(i)
	}
	return all
}

// longTalk is a conversation of n times the same, and a last question.
func longTalk(n int, turn func(i int) []model.Message) model.Request {
	var all []model.Message
	for i := range n {
		all = append(all, turn(i)...)
	}
	return talk(append(all, model.User("last"))...)
}

// toolTurns is a conversation of n calls with their results.
func toolTurns(n int, turn func(i int) (id string, parts []model.Part)) model.Request {
	return withTools(longTalk(n, func(i int) []model.Message {
		id, parts := turn(i)
		return []model.Message{model.User("u"), assistant(call(id)), user(result(id, parts...))}
	}))
}

func withTools(req model.Request) model.Request {
	req.Tools = weather
	return req
}

// TestHistoriesGrow checks that the cost of writing a request grows at most in
// proportion to what it holds: tools, turns, calls and results with and without
// each other, files, cache points, warnings, refusals. Without CHATMODEL_FULL=1
// it checks a sample.
func TestHistoriesGrow(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates as well")
	}
	const n = 60
	for _, s := range growthSubjects {
		for _, fill := range []bool{true, false} {
			c, err := bedrock.NewCodec(s.id, &bedrock.Options{Format: s.format, FillResults: fill})
			if err != nil {
				t.Fatal(err)
			}
			for name, history := range growths {
				if !oneOf(18, int(sum(s.id, string(s.format), name)>>1)) {
					continue
				}
				checkGrowth(t, fmt.Sprintf("%s %s, %s, filled %t", s.id, s.format, name, fill), func(k int) func() {
					req := history(k * n)
					return func() { _, _ = c.Encode(&req) } // a refusal has its costs, too
				})
			}
		}
	}
}

// grownAnswers are the pieces of answers of n of something, by their formats.
var grownAnswers = map[bedrock.Format]map[string]func(n int) []string{
	bedrock.FormatConverse: {
		"text": func(n int) []string {
			return converseAnswer(spread(n, func(int) []string {
				return []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"wörd \n"}}`}
			}))
		},
		"thinking": func(n int) []string {
			return converseAnswer(spread(n, func(int) []string {
				return []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"thought "}}}`}
			}))
		},
		"input": func(n int) []string {
			return converseAnswer(slices.Concat([]string{`contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"n"}}}`,
				`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":\""}}}`},
				spread(n, func(int) []string {
					return []string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"word "}}}`}
				}),
				[]string{`contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"\"}"}}}`}))
		},
		"blocks": func(n int) []string {
			return converseAnswer(spread(n, func(i int) []string {
				return []string{fmt.Sprintf(`contentBlockDelta {"contentBlockIndex":%d,"delta":{"text":"word "}}`, i), fmt.Sprintf(`contentBlockStop {"contentBlockIndex":%d}`, i)}
			}))
		},
	},
	bedrock.FormatAnthropic: {
		"text": func(n int) []string {
			return slices.Concat(claudePieces[:2], spread(n, func(int) []string { return claudePieces[2:3] }), claudePieces[4:])
		},
		"blocks": func(n int) []string {
			return slices.Concat(claudePieces[:1], spread(n, func(i int) []string {
				return []string{fmt.Sprintf(`{"type":"content_block_start","index":%d,"content_block":{"type":"tool_use","id":"t%d","name":"n","input":{}}}`, i, i),
					fmt.Sprintf(`{"type":"content_block_delta","index":%d,"delta":{"type":"input_json_delta","partial_json":"{}"}}`, i),
					fmt.Sprintf(`{"type":"content_block_stop","index":%d}`, i)}
			}), claudePieces[5:])
		},
	},
	bedrock.FormatOpenAI: {
		"text": func(n int) []string {
			return append(spread(n, func(int) []string {
				return []string{`{"choices":[{"index":0,"delta":{"content":"wörd \n"},"finish_reason":null}]}`}
			}), `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)
		},
		"thinking in tags": func(n int) []string {
			return slices.Concat([]string{`{"choices":[{"index":0,"delta":{"content":"<reasoning>"},"finish_reason":null}]}`},
				spread(n, func(int) []string {
					return []string{`{"choices":[{"index":0,"delta":{"content":"a < b "},"finish_reason":null}]}`}
				}),
				[]string{`{"choices":[{"index":0,"delta":{"content":"</reasoning>x"},"finish_reason":"stop"}]}`})
		},
		"calls": func(n int) []string {
			return append(spread(n, func(i int) []string {
				return []string{fmt.Sprintf(`{"choices":[{"index":0,"delta":{"tool_calls":[{"index":%d,"id":"c%d","type":"function","function":{"name":"n","arguments":"{}"}}]},"finish_reason":null}]}`, i, i)}
			}), `{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}`)
		},
	},
	bedrock.FormatLlama3: {
		"text": func(n int) []string {
			return append(spread(n, func(int) []string { return []string{`{"generation":"wörd ","stop_reason":null}`} }), `{"generation":"","stop_reason":"stop"}`)
		},
	},
	bedrock.FormatMistral: {
		"text": func(n int) []string {
			return append(spread(n, func(int) []string { return []string{`{"outputs":[{"text":"wörd ","stop_reason":null}]}`} }), `{"outputs":[{"text":"","stop_reason":"stop"}]}`)
		},
	},
	bedrock.FormatDeepSeek: {
		"text": func(n int) []string {
			return append(spread(n, func(int) []string { return []string{`{"choices":[{"text":"wörd ","stop_reason":null}]}`} }), `{"choices":[{"text":"","stop_reason":"stop"}]}`)
		},
	},
}

// converseAnswer puts events around those of a message.
func converseAnswer(events []string) []string {
	return slices.Concat([]string{`messageStart {"role":"assistant"}`}, events,
		[]string{`messageStop {"stopReason":"end_turn"}`, `metadata {"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`})
}

// spread is n times some pieces.
func spread(n int, pieces func(i int) []string) (all []string) {
	for i := range n {
		all = append(all, pieces(i)...)
	}
	return all
}

// TestAnswersGrow checks that the cost of reading a stream grows at most in
// proportion to its pieces.
func TestAnswersGrow(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates as well")
	}
	const n = 100
	ids := map[bedrock.Format]string{bedrock.FormatConverse: claude45, bedrock.FormatAnthropic: claude45, bedrock.FormatOpenAI: gptOSS,
		bedrock.FormatLlama3: "us.meta.llama3-3-70b-instruct-v1:0", bedrock.FormatMistral: mistral7b, bedrock.FormatDeepSeek: deepseekR1}
	req := talk(model.User("u"))
	for format, answers := range grownAnswers {
		for name, pieces := range answers {
			checkGrowth(t, fmt.Sprintf("%s, %s", format, name), func(k int) func() {
				frame := chunks
				if format == bedrock.FormatConverse {
					frame = frames
				}
				body := frame(pieces(k * n)...)
				m := newModel(t, ids[format], roundTrip(func(*http.Request) (*http.Response, error) { return answer(body, eventStream), nil }), &bedrock.Options{Format: format})
				return func() {
					resp, err := m.Stream(t.Context(), &req).Response()
					if err != nil || len(resp.Message.Parts) == 0 {
						t.Errorf("%s, %s: %v, %v", format, name, resp, err)
					}
				}
			})
		}
	}
}

// checkGrowth compares the work for n, 2n and 4n, in allocations and in bytes:
// twice as much may be twice the work and, since memory grows in steps, half of
// that again, but not four times. Work below a floor may be anything.
func checkGrowth(t *testing.T, what string, work func(k int) func()) {
	t.Helper()
	var allocations, size [3]uint64
	for i, k := range []int{1, 2, 4} {
		f := work(k)
		if i == 0 {
			f() // what is made on first use
		}
		for again := range 3 { // the least: other goroutines of the process allocate, too
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f()
			runtime.ReadMemStats(&after)
			allocated, bytes := after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
			if again == 0 || allocated < allocations[i] {
				allocations[i] = allocated
			}
			if again == 0 || bytes < size[i] {
				size[i] = bytes
			}
		}
	}
	for _, row := range []struct {
		unit  string
		n     [3]uint64
		floor uint64
	}{{"allocations", allocations, 200}, {"bytes", size, 32 << 10}} {
		if row.n[1] > 3*max(row.n[0], row.floor) || row.n[2] > 3*max(row.n[1], row.floor) {
			t.Errorf("%s: %s at n, 2n, 4n: %d", what, row.unit, row.n)
		}
	}
}
