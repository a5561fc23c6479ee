package probe

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// Think enables thinking in a way that every provider accepts.
func (p *Probe) Think(req *model.Request) *model.Request {
	if p.Subject.Capabilities.Thinking {
		req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048}
		if p.Subject.Capabilities.EffortOnly {
			req.Thinking = &model.ThinkingConfig{Effort: "high"}
		}
		req.MaxTokens = 8192
	}
	return req
}

const OutputJSONSchema = `{"type":"object","properties":{"city":{"type":"string","description":"where – <&>"},"temp":{"type":"number"},"sky":{"enum":["clear","grey"]}},"required":["city","temp"],"additionalProperties":false}`

// WithOutput returns a request for an answer with a schema.
func WithOutput() *model.Request {
	req := Ask("Weather in Oslo?")
	req.Output = &model.OutputFormat{Name: "weather", Description: "The weather now.", Schema: json.RawMessage(OutputJSONSchema)}
	return req
}

// Signatures are signatures that careless handling of text changes: with
// padding, with characters that JSON or HTML escapes, with white space at the
// ends, of one byte, and of thousands.
var Signatures = []string{
	"EqoBCkgIARABGAIiQL2UoU0b1OHYi+yCHpBY7U6FQW8/8rocLewocaJQPa2HEQ==",
	"ErcBCkgI/w+==\n",
	" leading and trailing ",
	"<sig>&\"quoted\"\\u003d</sig>",
	"=",
	"ünïcode-✓",
	strings.Repeat("Ab9+/", 800) + "=",
}

// SignedBlock returns a block of thinking with a signature.
func SignedBlock(text, signature string) model.Thinking {
	return model.Thinking{Text: text, Signature: signature}
}

// Redactions are bytes that careless handling changes.
var Redactions = [][]byte{
	[]byte("EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7vB9URj2pLmN3kF8="),
	{0, 1, 2, 0xff, 0xfe, 0x80, 'a', 0, '\n', 0xc3},
	[]byte(base64.StdEncoding.EncodeToString([]byte("already base64"))),
	[]byte(" \n"),
	[]byte(strings.Repeat("\xf0\x9f\x00", 500)),
}

// Redacted returns the Redactions that the provider's format has a place for.
func Redacted(p *Probe) [][]byte {
	if !p.Subject.Capabilities.RedactedText {
		return Redactions
	}
	texts := slices.Clone(Redactions)
	for i, data := range texts {
		if !utf8.Valid(data) {
			texts[i] = base64.StdEncoding.AppendEncode(nil, data)
		}
	}
	return texts
}

// Stored returns messages after they were stored as JSON and read back.
func Stored(p *Probe, messages []model.Message) []model.Message {
	data, err := p.Seams.Marshal(messages)
	if err != nil {
		p.Fatalf("the messages have no JSON form: %v", err)
	}
	var again []model.Message
	if err := p.Seams.Unmarshal(data, &again); err != nil {
		p.Fatalf("the messages' JSON can't be read: %v", err)
	}
	return again
}
