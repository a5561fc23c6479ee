package bedrocktest

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// converseStream answers a call of ConverseStream. An exception before the
// model's first event is an HTTP response; a later one is a frame.
func (c *call) converseStream() *Exception {
	q, e := c.admit(true)
	if q == nil {
		return e
	}
	return c.stream(q)
}

// stream sends the model's answer as it arrives.
func (c *call) stream(q *question) *Exception {
	defer q.quit()
	s := &streamer{question: q, frames: frames{reply: &c.reply, format: c.format, rand: c.rand}, blocks: make(map[int]*openBlock)}
	for ev, err := range c.model.Stream(c.context(), q.neutral.Clone()).Events() {
		if err != nil {
			return s.fail(err)
		}
		if s.event(ev) != nil || s.finished {
			break
		}
	}
	return nil
}

// A streamer converts neutral events to the service's: blocks are numbered
// without gaps, pieces end between characters, and a signature is sent in one
// piece when its thinking is complete.
type streamer struct {
	*question
	frames   frames
	blocks   map[int]*openBlock // by neutral index
	order    []*openBlock
	next     int // number of the next block on the wire
	started  bool
	finished bool
	called   bool         // there was a tool call
	held     []wire.Event // events of blocks, for the fault that interleaves them
}

// fail ends the stream after the model failed.
func (s *streamer) fail(err error) *Exception {
	c := &s.frames
	kind := model.KindOf(err)
	switch {
	case c.context().Err() != nil:
		return nil // nobody listens
	case kind == model.ErrTruncated:
		_ = s.start()
		return nil
	case kind == model.ErrTransport:
		c.breakOff(Finished)
	case !s.started:
		return exceptionOf(err)
	}
	_ = s.frames.exception(exceptionOf(err))
	return nil
}

// event sends the service's events for a neutral one.
func (s *streamer) event(ev model.Event) error {
	if err := s.start(); err != nil {
		return err
	}
	if ev.Kind == model.EventFinish {
		return s.finish(ev.Response)
	}
	if err := s.block(ev.Index).event(ev); err != nil {
		return err
	}
	if s.limits.reached() {
		return s.finish(&model.Response{})
	}
	return nil
}

func (s *streamer) start() error {
	if s.started {
		return nil
	}
	s.started = true
	return s.send(&wire.Event{Kind: wire.EventMessageStart, Role: "assistant"})
}

// block returns the block with a neutral index.
func (s *streamer) block(index int) *openBlock {
	b, ok := s.blocks[index]
	if !ok {
		b = &openBlock{streamer: s, number: -1, text: textLimit{limits: s.limits}}
		s.blocks[index] = b
		s.order = append(s.order, b)
	}
	return b
}

// finish ends the answer: first the open blocks, then the message. The metadata
// comes last.
func (s *streamer) finish(resp *model.Response) error {
	s.finished = true
	for _, b := range s.order {
		if err := b.end(); err != nil {
			return err
		}
	}
	if s.called && resp.StopReason == "" {
		resp = resp.Clone()
		resp.StopReason = model.StopToolUse
	}
	m, additional := s.about(resp)
	if !s.settle(s.frames.context(), m.Usage) {
		return errOver
	}
	stop := &wire.Event{Kind: wire.EventMessageStop, StopReason: s.stopReason(resp), AdditionalModelResponseFields: additional}
	if err := s.send(stop); err != nil {
		return err
	}
	return s.send(&wire.Event{Kind: wire.EventMetadata, Metadata: &m})
}

// send sends an event, unless a fault moves or drops it.
func (s *streamer) send(ev *wire.Event) error {
	if !s.pace(s.frames.context()) {
		return errOver
	}
	f := &s.frames.fault
	switch ev.Kind {
	case wire.EventBlockStart, wire.EventBlockDelta, wire.EventBlockStop:
		if f.dropStarts && ev.Kind == wire.EventBlockStart || f.dropStops && ev.Kind == wire.EventBlockStop {
			return nil
		}
		if f.interleave {
			s.held = append(s.held, *ev)
			return nil
		}
	case wire.EventMessageStop:
		if err := s.sendMixed(); err != nil {
			return err
		}
	}
	return s.frames.send(ev)
}

// sendMixed sends the held events, one of each block in turn.
func (s *streamer) sendMixed() error {
	queues := make([][]wire.Event, s.next)
	for _, ev := range s.held {
		queues[ev.Index] = append(queues[ev.Index], ev)
	}
	for left := len(s.held); left > 0; {
		for i, q := range queues {
			if len(q) == 0 {
				continue
			}
			if err := s.frames.send(&q[0]); err != nil {
				return err
			}
			queues[i], left = q[1:], left-1
		}
	}
	s.held = nil
	return nil
}
