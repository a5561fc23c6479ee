package batch

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// Plain structs are the floor: a line as a program without this package would
// write and read it.
type (
	plainText struct {
		Text string `json:"text"`
	}
	plainMessage struct {
		Role    string      `json:"role"`
		Content []plainText `json:"content"`
	}
	plainLine struct {
		RecordID   string `json:"recordId"`
		ModelInput struct {
			Messages        []plainMessage `json:"messages"`
			InferenceConfig struct {
				MaxTokens int `json:"maxTokens"`
			} `json:"inferenceConfig"`
		} `json:"modelInput"`
		ModelOutput *struct {
			Output struct {
				Message plainMessage `json:"message"`
			} `json:"output"`
			StopReason string `json:"stopReason"`
			Usage      struct {
				InputTokens  int `json:"inputTokens"`
				OutputTokens int `json:"outputTokens"`
			} `json:"usage"`
		} `json:"modelOutput,omitempty"`
	}
)

const benchText = "The quick brown fox jumps over the lazy dog, and says \"well\" to whoever asks. Summarize the following call transcript: the customer called about an order that did not arrive."

func BenchmarkWrite(b *testing.B) {
	b.Run("records", func(b *testing.B) {
		codec, form, err := FormConverse.choose("anthropic.claude-3-haiku-20240307-v1:0", nil)
		if err != nil {
			b.Fatal(err)
		}
		c := &Client{reporter: reporter{codec: codec}, form: form, options: Options{Limits: Limits{}.settled()}}
		e := c.encoder("bench", "bench")
		in := Input{ID: "x", Request: &model.Request{Messages: []model.Message{model.User(benchText)}, MaxTokens: 64}}
		var line []byte
		for i := 0; b.Loop(); i++ {
			body, refused := e.encode(in)
			if refused != nil {
				b.Fatal(refused)
			}
			line = appendRecord(line[:0], int64(i), body.JSON)
		}
		b.SetBytes(int64(len(line)))
	})
	b.Run("plain", func(b *testing.B) {
		var line plainLine
		line.RecordID = recordID(1)
		line.ModelInput.Messages = []plainMessage{{"user", []plainText{{benchText}}}}
		line.ModelInput.InferenceConfig.MaxTokens = 64
		var data []byte
		for b.Loop() {
			var err error
			if data, err = json.Marshal(&line); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(len(data)))
	})
}

func benchLine() []byte {
	line := plainLine{RecordID: recordID(1)}
	line.ModelInput.Messages = []plainMessage{{"user", []plainText{{benchText}}}}
	data, _ := json.Marshal(&line)
	return append(data[:len(data)-1], `,"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"They ask where it is, and want it by Friday. It was sent again."}]}},"stopReason":"end_turn","usage":{"inputTokens":44,"outputTokens":17,"totalTokens":61},"metrics":{"latencyMs":812}}}`...)
}

func BenchmarkRead(b *testing.B) {
	line := benchLine()
	b.Run("records", func(b *testing.B) {
		codec, form, err := FormConverse.choose("anthropic.claude-3-haiku-20240307-v1:0", &bedrock.Options{})
		if err != nil {
			b.Fatal(err)
		}
		c := &Client{reporter: reporter{codec: codec}, form: form}
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			if res := c.read(line, 1, &note{}); res.Err != nil {
				b.Fatal(res.Err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			var v plainLine
			if err := json.Unmarshal(line, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
