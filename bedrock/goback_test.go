package bedrock_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// These tests check that every answer that the library can produce, whole or
// not, can be appended to the history and sent.

// goesBack sends a history with an answer to the model it came from. Results
// are given to its calls.
func (b *bench) goesBack(s subject, said model.Message) error {
	req := withWeather(model.User("Hi"))
	if len(said.Parts) > 0 {
		req.Messages = append(req.Messages, said)
	}
	next := model.UserParts()
	for _, c := range said.ToolCalls() {
		next.Parts = append(next.Parts, model.ToolResult{CallID: c.ID, Parts: []model.Part{model.Text("x")}})
	}
	next.Parts = append(next.Parts, model.Text("Go on."))
	req.Messages = append(req.Messages, next)
	resp, err := b.ask(s, &req, false, model.Text("ok"))
	if err == nil {
		err = conformance.CheckWire(&req, b.body, resp.Warnings)
	}
	if err != nil {
		return fmt.Errorf("%w\nhistory: %s\nbody: %s", err, inJSON(&req), b.body)
	}
	return nil
}

// arrived returns what came of an answer.
func arrived(resp *model.Response, err error) (said model.Message, ok bool) {
	if e, is := errors.AsType[*model.Error](err); is && e.Partial != nil {
		return e.Partial.Message, true
	}
	if err != nil || resp == nil {
		return model.Message{}, false
	}
	return resp.Message, true
}

// TestFaultyAnswersGoBack checks this for every fault that the test server
// injects, at each place of some answers.
func TestFaultyAnswersGoBack(t *testing.T) {
	b := newBench()
	faults := map[string]func(k int) bedrocktest.Fault{
		"exception": func(k int) bedrocktest.Fault {
			return bedrocktest.ExceptionAt(k, bedrocktest.Exception{Code: "ModelStreamErrorException"})
		},
		"error frame": func(k int) bedrocktest.Fault { return bedrocktest.ErrorFrameAt(k, "InternalFailure", "no") },
		"unknown event": func(k int) bedrocktest.Fault {
			return bedrocktest.EventAt(k, "contentBlockDelta", `{"contentBlockIndex":0,"delta":{"hologram":{}}}`)
		},
		"a call without a beginning": func(k int) bedrocktest.Fault {
			return bedrocktest.EventAt(k, "contentBlockDelta", `{"contentBlockIndex":9,"delta":{"toolUse":{"input":"{\"a\":1}"}}}`)
		},
		"a call without a name": func(k int) bedrocktest.Fault {
			return bedrocktest.EventAt(k, "contentBlockStart", `{"contentBlockIndex":8,"start":{"toolUse":{}}}`)
		},
		"bytes":        func(k int) bedrocktest.Fault { return bedrocktest.BytesAt(k, []byte("<html>")) },
		"prelude":      bedrocktest.FlipPrelude,
		"message":      bedrocktest.FlipMessage,
		"payload":      bedrocktest.FlipPayload,
		"cut":          func(k int) bedrocktest.Fault { return bedrocktest.Cut(97*k, bedrocktest.Clean) },
		"cut off":      func(k int) bedrocktest.Fault { return bedrocktest.Cut(97*k, bedrocktest.Finished) },
		"no starts":    func(int) bedrocktest.Fault { return bedrocktest.DropStarts() },
		"no stops":     func(int) bedrocktest.Fault { return bedrocktest.DropStops() },
		"interleaved":  func(int) bedrocktest.Fault { return bedrocktest.Interleave() },
		"neither":      func(int) bedrocktest.Fault { return bedrocktest.DropStarts().And(bedrocktest.DropStops()) },
		"in any order": func(int) bedrocktest.Fault { return bedrocktest.DropStarts().And(bedrocktest.Interleave()) },
	}
	answers, partial, seeds := 0, 0, 1
	if full() {
		seeds = 2
	}
	for _, id := range []string{claude45, nova1, gpt5, qwen} {
		s := subject{id, bedrock.FormatConverse}
		for name, fault := range faults {
			for seed := range uint64(seeds) {
				for k := range 8 {
					h := &historian{Rand: rand.New(rand.NewPCG(seed, 3))}
					req := withWeather(model.User("Hi"))
					b.server.Inject(fault(k))
					resp, err := b.ask(s, &req, true, h.answers(true)...)
					said, ok := arrived(resp, err)
					if !ok {
						continue
					}
					answers++
					if err != nil {
						partial++
					}
					if err := b.goesBack(s, said); err != nil {
						t.Fatalf("%s, %s at %d, answer %d: %v", id, name, k, seed, err)
					}
				}
			}
		}
	}
	t.Logf("%d answers, %d of them broken off, went back", answers, partial)
	if answers < 300*seeds || partial < 100*seeds {
		t.Errorf("%d answers, %d of them broken off: too few to say anything", answers, partial)
	}
}

// TestGarbledAnswersGoBack checks this for streams of generated events that are
// then lost, doubled and mixed.
func TestGarbledAnswersGoBack(t *testing.T) {
	b := unsealed()
	s := subject{nova1, bedrock.FormatConverse}
	answers, seeds := 0, uint64(200)
	if full() {
		seeds = 1000
	}
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 5))}
		var blocks []twoForms
		for range 1 + g.IntN(5) {
			blocks = append(blocks, g.block())
		}
		events := g.interleave(blocks)
		for range g.IntN(4) {
			i, j := g.IntN(len(events)), g.IntN(len(events))
			switch g.IntN(3) {
			case 0:
				events = append(events[:i:i], events[i+1:]...)
			case 1:
				events = append(events, events[i])
			default:
				events[i], events[j] = events[j], events[i]
			}
			if len(events) == 0 {
				break
			}
		}
		if g.IntN(2) == 0 {
			events = append(events, `messageStop {"stopReason":"end_turn"}`)
		}
		m := newModel(t, nova1, roundTrip(func(*http.Request) (*http.Response, error) {
			return answer(frames(events...), "application/vnd.amazon.eventstream"), nil
		}), nil)
		said, ok := arrived(m.Stream(context.Background(), hello).Response())
		if !ok {
			continue
		}
		answers++
		if err := b.goesBack(s, said); err != nil {
			t.Fatalf("seed %d: %v\nevents:\n%s", seed, err, strings.Join(events, "\n"))
		}
	}
	if answers < int(seeds)*7/10 {
		t.Errorf("%d answers: too few to say anything", answers)
	}
}

// unsealed returns a bench that does not judge the seals of thinking, which
// other servers have made, nor members that only a later service knows.
func unsealed() *bench {
	return newBenchWith(&bedrocktest.Options{Keep: -1, Off: []bedrocktest.Rule{"thinking-signature", "thinking-edited", "reasoning-replay", "unknown-member"}})
}

// TestRecordedAnswersGoBack checks this for the recordings that come with the
// library, through both doors.
func TestRecordedAnswersGoBack(t *testing.T) {
	b := unsealed()
	answers := 0
	all := recordings.Cassettes()
	err := fs.WalkDir(all, ".", func(file string, d fs.DirEntry, err error) error {
		name, ok := strings.CutSuffix(file, ".yaml")
		if err != nil || d.IsDir() || !ok {
			return err
		}
		cassette, err := recordings.Load(all, name)
		if err != nil {
			return err
		}
		for i, x := range cassette.Exchanges {
			s, streamed, ok := whoAnswers(x)
			if !ok {
				continue
			}
			m, err := bedrock.New(newClient(play(x)), s.id, &bedrock.Options{Format: s.format})
			if err != nil {
				continue // the format is not known by the id
			}
			var resp *model.Response
			if streamed {
				resp, err = m.Stream(context.Background(), hello).Response()
			} else {
				resp, err = m.Generate(context.Background(), hello)
			}
			said, ok := arrived(resp, err)
			if !ok {
				continue
			}
			answers++
			if err := b.goesBack(s, said); err != nil && !refusesTools(err) {
				t.Errorf("%s, exchange %d: %v", name, i, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d answers went back", answers)
	if answers < 40 {
		t.Errorf("%d answers: too few to say anything", answers)
	}
}

// refusesTools reports whether a model was only refused the tools on offer.
func refusesTools(err error) bool {
	return model.KindOf(err) == model.ErrUnsupported && strings.Contains(err.Error(), "tools: ")
}

// whoAnswers says from the path of an exchange which model has answered.
func whoAnswers(x recordings.Exchange) (s subject, streamed, ok bool) {
	u, err := url.Parse(x.URL)
	if err != nil {
		return s, false, false
	}
	path := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	if len(path) != 3 || path[0] != "model" {
		return s, false, false
	}
	if s.id, err = url.PathUnescape(path[1]); err != nil {
		return s, false, false
	}
	switch path[2] {
	case "converse":
		return s, false, true
	case "converse-stream":
		return s, true, true
	case "invoke":
		s.format = bedrock.FormatAuto
		return s, false, true
	case "invoke-with-response-stream":
		s.format = bedrock.FormatAuto
		return s, true, true
	}
	return s, false, false
}
