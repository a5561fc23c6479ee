package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// An echo is the model behind the server. What it answers follows from the
// number in the question, so that the client knows it, too.
type echo struct{}

func (e echo) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return e.Stream(ctx, req).Response()
}

func (echo) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		var seed, number uint64
		question := req.Messages[len(req.Messages)-1].Text()
		if _, err := fmt.Sscanf(question, "case %d %d", &seed, &number); err != nil {
			return fmt.Errorf("the question %q has no number: %w", question, err)
		}
		a := answerTo(seed, number)
		for _, piece := range pieces(a.text) {
			if !emit(model.Event{Kind: model.EventText, Text: piece}) {
				return nil
			}
		}
		stop := model.StopEndTurn
		if a.input != "" {
			stop = model.StopToolUse
			if !emit(model.Event{Kind: model.EventToolCall, Index: 1, Part: model.ToolCall{ID: "tooluse_1", Name: "note"}}) {
				return nil
			}
			for _, piece := range pieces(a.input) {
				if !emit(model.Event{Kind: model.EventToolInput, Index: 1, Text: piece}) {
					return nil
				}
			}
		}
		emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: stop}})
		return nil
	})
}

// An answer is what a question is answered with.
type answer struct {
	text  string
	input string // of the call of a tool, if there is one
}

// words are those of answers: plain, escaped, of two bytes and of four.
var words = []string{"order ", "the ", "leaves\n", "\"now\" ", "größer ", "日本 ", "🙂 ", "a\\b ", "<x> & ", "\t- "}

// answerTo draws the answer to a question. Client and server call it with the
// same numbers, so each knows what the other does.
func answerTo(seed, number uint64) (a answer) {
	r := rand.New(rand.NewPCG(seed, number))
	var b strings.Builder
	for range 1 + r.IntN(120) {
		b.WriteString(words[r.IntN(len(words))])
	}
	a.text = b.String() + "."
	if r.IntN(3) == 0 {
		input, err := json.Marshal(map[string]any{"note": a.text, "n": number})
		if err != nil {
			panic(err) // strings and numbers have a JSON form
		}
		a.input = string(input)
	}
	return a
}

// pieces cuts a text as models do, between characters.
func pieces(text string) (all []string) {
	for len(text) > 0 {
		n := min(9, len(text))
		for n < len(text) && text[n]&0xC0 == 0x80 {
			n++
		}
		all = append(all, text[:n])
		text = text[n:]
	}
	return all
}
