package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

var valueRows = []row{
	{work: "messages to JSON", against: "plain structs", measure: marshal,
		remark: "the last figure is what encoding/json alone does with the bytes of a MarshalJSON, which are 1.4 times as many, since inputs keep their exact bytes"},
	{work: "messages from JSON", against: "plain structs", measure: unmarshal},
	{work: "Partials of 1 KB", against: "the events and one Unmarshal", measure: partials(1 << 10)},
	{work: "Partials of 4 KB", against: "the events and one Unmarshal", measure: partials(4 << 10)},
	{work: "Partials of 16 KB", against: "the events and one Unmarshal", measure: partials(16 << 10)},
}

// The messages' form in plain structs, as a program would write it by hand.
type (
	plainMessage struct {
		Role  string      `json:"role"`
		Parts []plainPart `json:"parts"`
	}
	plainPart struct {
		Type   string          `json:"type"`
		Text   string          `json:"text,omitempty"`
		ID     string          `json:"id,omitempty"`
		Name   string          `json:"name,omitempty"`
		Input  json.RawMessage `json:"input,omitempty"`
		CallID string          `json:"call_id,omitempty"`
		Parts  []plainPart     `json:"parts,omitempty"`
	}
)

// conversation is a message of many parts, in both forms and as JSON.
func conversation() (m model.Message, plain plainMessage, data []byte, err error) {
	m.Role = model.RoleAssistant
	for i := range 100 {
		m.Parts = append(m.Parts, model.Text("some text of a usual length, without much in it"),
			model.ToolCall{ID: fmt.Sprint("t", i), Name: "n", Input: json.RawMessage(`{"city": "Paris", "unit": "celsius"}`)})
	}
	if data, err = json.Marshal(m); err == nil {
		err = json.Unmarshal(data, &plain)
	}
	return m, plain, data, err
}

// marshal compares the JSON of messages with that of plain structs, and shows
// beside it what is left if the JSON is ready.
func marshal(l *lab) ([]figure, error) {
	m, plain, data, err := conversation()
	if err != nil {
		return nil, err
	}
	byHand := func() error { _, err := json.Marshal(plain); return err }
	ratio, err := l.ratio(func() error { _, err := json.Marshal(m); return err }, byHand)
	if err != nil {
		return nil, err
	}
	floor, err := l.ratio(func() error { _, err := json.Marshal(ready(data)); return err }, byHand)
	return []figure{{value: ratio, unit: "times", wanted: 3}, {value: floor, unit: "of bytes that are ready"}}, err
}

// A ready has its JSON. Marshalling it is what no MarshalJSON can go below:
// encoding/json checks and compacts its bytes one by one.
type ready []byte

func (r ready) MarshalJSON() ([]byte, error) { return r, nil }

// unmarshal compares reading messages with reading plain structs.
func unmarshal(l *lab) ([]figure, error) {
	_, _, data, err := conversation()
	if err != nil {
		return nil, err
	}
	ratio, err := l.ratio(func() error { return json.Unmarshal(data, new(model.Message)) }, func() error { return json.Unmarshal(data, new(plainMessage)) })
	return []figure{{value: ratio, unit: "times", wanted: 2}}, err
}

// A report is what is read while it arrives.
type report struct {
	Title string
	Items []struct {
		Name  string
		Count int
		Notes []string
	}
}

// stock returns a report of about n bytes.
func stock(n int) string {
	var b strings.Builder
	b.WriteString(`{"Title":"Stock of the week","Items":[`)
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Name":"item number %d","Count":%d,"Notes":["kept on a shelf","two are \"lent\""]}`, i, i)
	}
	return b.String() + `]}`
}

// partials compares reading a report of size bytes while it arrives with
// decoding it once at the end. Both read the same stream.
func partials(size int) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		text := stock(size)
		chain := runnable.Pipe(runnable.Model(pieces(text)), runnable.Text())
		ratio, err := l.ratio(func() error {
			n := 0
			for _, err := range runnable.Partials[report](runnable.Stream(context.Background(), chain, hello)) {
				if err != nil {
					return err
				}
				n++
			}
			if n < size/100 {
				return fmt.Errorf("%d partial reports of %d bytes", n, size)
			}
			return nil
		}, func() error {
			for _, err := range runnable.Stream(context.Background(), chain, hello).Events() {
				if err != nil {
					return err
				}
			}
			return json.Unmarshal([]byte(text), new(report))
		})
		return []figure{{value: ratio, unit: "times", wanted: 3}}, err
	}
}

// pieces is a model that answers with a text, four bytes at a time, as models
// write.
type pieces string

func (p pieces) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return p.Stream(ctx, req).Response()
}

func (p pieces) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		for i := 0; i < len(p); i += 4 {
			if !emit(model.Event{Kind: model.EventText, Text: string(p[i:min(i+4, len(p))])}) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish})
		return nil
	})
}
