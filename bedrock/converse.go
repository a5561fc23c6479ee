package bedrock

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/converse"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// A converseDoor is Converse and ConverseStream. Its methods implement door.
type converseDoor struct{ carries *plan.Format }

func (converseDoor) name() string { return "converse" }

func (d converseDoor) form(*facts.Facts) *plan.Format { return d.carries }

func (converseDoor) write(dst []byte, p *plan.Plan) []byte { return converse.Append(dst, p) }

func (converseDoor) count(dst []byte, p *plan.Plan) []byte { return converse.AppendCount(dst, p) }

func (converseDoor) limit(*model.Capabilities) {} // it has a place for all

// generate answers by Converse.
func (d converseDoor) generate(ctx context.Context, m *Model, c call, s *sending) (*model.Response, error) {
	room := m.rooms.Get().(*room)
	defer m.rooms.Put(room)
	x := &exchange{body: s.body, path: m.path, data: room.body}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().Converse(requests, &bedrockruntime.ConverseInput{ModelId: &m.id}, x.options); err != nil {
		return nil, c.failed(ctx, x, err)
	}
	room.keep(x.data)
	w, err := room.space.ParseResponse(x.data)
	resp, err := d.answer(c, s, w, err, x.data, x.resp)
	if err != nil {
		return nil, x.clean(err)
	}
	return resp, nil
}

// read makes an answer of a body of Converse.
func (d converseDoor) read(c call, s *sending, data []byte, header http.Header) (*model.Response, error) {
	w, err := wire.ParseResponse(data)
	return d.answer(c, s, w, err, data, header)
}

// answer makes an answer of a body of Converse that has been parsed, or that
// could not be. A body of JSON without a message is no answer, although the SDK
// takes it for one.
func (converseDoor) answer(c call, s *sending, w *wire.Response, err error, data []byte, header http.Header) (*model.Response, error) {
	id := requestID(header)
	if err == nil && w.Message == nil {
		err = errors.New("it holds no message; is the endpoint that of Bedrock Runtime?")
	}
	if err != nil {
		return nil, c.unreadable(id, data, err)
	}
	resp := decode(w, s.model, id, &s.behind.facts)
	resp.Warnings = append(s.warnings, resp.Warnings...)
	return resp, nil
}

// stream answers by ConverseStream. The SDK's output is not used: its reader was
// taken out of the call, and the exchange has the body.
func (converseDoor) stream(ctx context.Context, m *Model, c call, s *sending, emit func(model.Event) bool) error {
	x := &exchange{body: s.body, path: m.path, stream: true}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().ConverseStream(requests, &bedrockruntime.ConverseStreamInput{ModelId: &m.id}, x.options); err != nil {
		return c.failed(ctx, x, err)
	}
	d := streamDecoder{frameReader: frameReader{call: c, requestID: x.requestID()}, emit: emit, facts: &s.behind.facts,
		resp: model.Response{Model: s.model, RequestID: x.requestID(), Warnings: s.warnings}}
	return x.clean(d.read(ctx, x, &d))
}
