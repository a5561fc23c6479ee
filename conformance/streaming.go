package conformance

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// sample is an answer with all that the subject claims, and the request that
// it answers.
func (p *probe) sample() ([]model.Part, *model.Request) {
	c := &p.subject.Capabilities
	var parts []model.Part
	req := ask("Tell me about Oslo.")
	if c.SignedThinking {
		parts = append(parts, model.Thinking{Text: "The user wants Oslo, ün peu.", Signature: signatures[0]})
		p.think(req)
	}
	parts = append(parts, model.Text("Let me look at Oslo – 奥斯陆 👩‍🚀."))
	if c.Tools {
		parts = append(parts, call("call-1", "weather", `{"city":"Oslo","days":[1,2,3]}`))
		withTools(req, "weather")
	}
	return parts, req
}

// think turns thinking on, in a way that every provider accepts.
func (p *probe) think(req *model.Request) *model.Request {
	if p.subject.Capabilities.Thinking {
		req.Thinking = &model.ThinkingConfig{Mode: model.ThinkingEnabled, Budget: 2048}
		if p.subject.Capabilities.EffortOnly {
			req.Thinking = &model.ThinkingConfig{Effort: "high"}
		}
		req.MaxTokens = 8192
	}
	return req
}

// streams plays a turn and checks that the stream of it is the answer, by all
// laws. It returns what was seen.
func (p *probe) streams(what string, turn fake.Turn, req *model.Request, want []model.Part) Observation {
	r := p.play(turn)
	o := r.observe(p.ctx, req)
	if o.Err != nil {
		p.fatalf("%s: the stream failed: %v", what, o.Err)
	}
	p.equal(what+": parts of the answer", plainParts(o.Response.Message.Parts), plainParts(want))
	if err := Laws(o); err != nil {
		p.errorf("%s: %v", what, err)
	}
	r.released(what)
	return o
}

func grammarHolds(p *probe) {
	parts, req := p.sample()
	for _, turn := range []fake.Turn{fake.Reply(parts...), fake.Reply(parts...).Pieces(3), fake.Text("Hi"), fake.Reply()} {
		r := p.play(turn)
		if err := CheckEvents(r.observe(p.ctx, req)); err != nil {
			p.errorf("Stream of %v: %v", turn, err)
		}
	}
	r := p.play(fake.Fail(&model.Error{Kind: model.ErrUnavailable, Message: "down"}))
	if err := CheckEvents(r.observe(p.ctx, req)); err != nil {
		p.errorf("Stream of a failure: %v", err)
	}
}

func conservationHolds(p *probe) {
	parts, req := p.sample()
	for _, size := range []int{0, 1, 4} {
		r := p.play(fake.Reply(parts...).Pieces(size))
		if err := CheckPieces(r.observe(p.ctx, req)); err != nil {
			p.errorf("Stream in pieces of %d bytes: %v", size, err)
		}
	}
}

func generateEquivalence(p *probe) {
	parts, req := p.sample()
	caps := &p.subject.Capabilities
	turn := fake.Reply(parts...).With(func(r *model.Response) {
		r.RequestID, r.Latency = "req-77", 250*time.Millisecond
		r.Usage = &model.Usage{InputTokens: 120, OutputTokens: 45}
		if caps.PromptCaching {
			r.Usage.CacheReadTokens, r.Usage.CacheWriteTokens = 70, 30
		}
	})
	got := map[way]*model.Response{}
	p.each(turn, req, func(w way, resp *model.Response, _ *rig) { got[w] = resp })
	s, g := got[streaming], got[generate]
	p.equal("parts of Stream, compared with Generate", s.Message.Parts, g.Message.Parts)
	p.equal("role of Stream, compared with Generate", s.Message.Role, g.Message.Role)
	p.equal("stop reason of Stream, compared with Generate", s.StopReason, g.StopReason)
	p.equal("usage of Stream, compared with Generate", s.Usage, g.Usage)
	p.equal("model of Stream, compared with Generate", s.Model, g.Model)
	p.equal("warnings of Stream, compared with Generate", s.Warnings, g.Warnings)
	p.equal("request id of Stream, compared with Generate", s.RequestID, g.RequestID)
	p.equal("latency of Stream, compared with Generate", s.Latency, g.Latency)
}

func oneByte(p *probe) {
	parts, req := p.sample()
	p.streams("pieces of one byte", fake.Reply(parts...).Pieces(1), req, parts)
	p.streams("odd text in pieces of one byte", fake.Text(strings.Join(oddTexts, " ")).Pieces(1), ask("Hi"), []model.Part{model.Text(strings.Join(oddTexts, " "))})
}

func onePiece(p *probe) {
	parts, req := p.sample()
	p.streams("parts in one piece", fake.Reply(parts...).Pieces(0), req, parts)
}

func randomPieces(p *probe) {
	const text = "It was the best of times – it was the worst of times. 最好的时代 👩‍👩‍👧‍👦 \n"
	for seed := range uint64(12) {
		pieces := cutRandomly(rand.New(rand.NewPCG(seed, 7)), text)
		p.streams(fmt.Sprintf("random pieces, seed %d", seed), fake.Text(text).Split(pieces...), ask("Hi"), []model.Part{model.Text(text)})
	}
}

func cutRandomly(r *rand.Rand, text string) []string {
	var pieces []string
	for len(text) > 0 {
		n := min(1+r.IntN(9), len(text))
		pieces, text = append(pieces, text[:n]), text[n:]
	}
	return pieces
}

func emptyPieces(p *probe) {
	p.streams("empty pieces", fake.Text("Hello world").Split("", "Hello", "", "", " world", ""), ask("Hi"), []model.Part{model.Text("Hello world")})
}

func largePiece(p *probe) {
	text := strings.Repeat("0123456789abcdef", 1<<14)
	p.streams("a piece of 256 KiB", fake.Text(text).Pieces(0), ask("Hi"), []model.Part{model.Text(text)})
}

func manyPieces(p *probe) {
	var b strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&b, "%d,", i)
	}
	p.streams("thousands of pieces", fake.Text(b.String()).Pieces(2), ask("Hi"), []model.Part{model.Text(b.String())})
}

func piecesKeptApart(p *probe) {
	pieces := []string{"one ", "two ", "three ", "four ", "five"}
	r := p.play(fake.Text(strings.Join(pieces, "")).Split(pieces...))
	n := 0
	for _, ev := range r.observe(p.ctx, ask("Count.")).Events {
		if ev.Kind == model.EventText && ev.Text != "" {
			n++
		}
	}
	if n < len(pieces) {
		p.errorf("an answer that the provider sent in %d pieces arrived in %d", len(pieces), n)
	}
}

func incremental(p *probe) {
	pieces := []string{"one ", "two ", "three"}
	r := p.play(fake.Text("one two three").Split(pieces...).Every(time.Hour))
	start := time.Now()
	n := 0
	for ev, err := range r.stream(p.ctx, ask("Count.")).Events() {
		if err != nil {
			p.fatalf("the stream failed: %v", err)
		}
		if ev.Kind != model.EventText || ev.Text == "" {
			continue
		}
		if n++; !p.env.Bubble {
			break // the next one is an hour away
		}
		if got, next := time.Since(start), time.Duration(n)*time.Hour; got >= next {
			p.errorf("piece %d was handed on after %v, the next one arrived after %v", n, got, next)
		}
	}
	if n == 0 {
		p.errorf("no piece was handed on")
	}
	r.released("after the loop")
}

func interleavedParts(p *probe) {
	r := p.play(fake.Events(
		model.Event{Kind: model.EventText, Index: 0, Text: "Let me "},
		model.Event{Kind: model.EventToolCall, Index: 1, Part: model.ToolCall{ID: "c1", Name: "look"}},
		model.Event{Kind: model.EventText, Index: 0, Text: "see."},
		model.Event{Kind: model.EventToolInput, Index: 1, Text: `{"at"`},
		model.Event{Kind: model.EventToolCall, Index: 2, Part: model.ToolCall{ID: "c2", Name: "look"}},
		model.Event{Kind: model.EventToolInput, Index: 2, Text: `{"at":2`},
		model.Event{Kind: model.EventToolInput, Index: 1, Text: `:1}`},
		model.Event{Kind: model.EventToolInput, Index: 2, Text: `}`},
		model.Event{Kind: model.EventPartDone, Index: 1},
		model.Event{Kind: model.EventPartDone, Index: 0},
		model.Event{Kind: model.EventPartDone, Index: 2},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopToolUse}},
	))
	o := r.observe(p.ctx, withTools(ask("Look."), "look"))
	if o.Err != nil {
		p.fatalf("the stream failed: %v", o.Err)
	}
	p.equal("parts of the answer", plainParts(o.Response.Message.Parts), []model.Part{
		model.Text("Let me see."), call("c1", "look", `{"at":1}`), call("c2", "look", `{"at":2}`)})
	if err := Laws(o); err != nil {
		p.errorf("%v", err)
	}
}

func sparseIndices(p *probe) {
	r := p.play(fake.Events(
		model.Event{Kind: model.EventText, Index: 2, Text: "One."},
		model.Event{Kind: model.EventPartDone, Index: 2},
		model.Event{Kind: model.EventText, Index: 9, Text: "Two."},
		model.Event{Kind: model.EventPartDone, Index: 9},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}},
	))
	o := r.observe(p.ctx, ask("Count."))
	if o.Err != nil {
		p.fatalf("the stream failed: %v", o.Err)
	}
	p.equal("parts of the answer", o.Response.Message.Parts, []model.Part{model.Text("One."), model.Text("Two.")})
	if err := Laws(o); err != nil {
		p.errorf("%v", err)
	}
}

func noPartEnds(p *probe) {
	r := p.play(fake.Events(
		model.Event{Kind: model.EventText, Index: 0, Text: "One."},
		model.Event{Kind: model.EventText, Index: 1, Text: "Two."},
		model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}},
	))
	o := r.observe(p.ctx, ask("Count."))
	if o.Err != nil {
		p.fatalf("the stream failed: %v", o.Err)
	}
	p.equal("parts of the answer", o.Response.Message.Parts, []model.Part{model.Text("One."), model.Text("Two.")})
	if err := Laws(o); err != nil {
		p.errorf("%v", err)
	}
}

func lazy(p *probe) {
	r := p.play(fake.Text("Hello."))
	r.stream(p.ctx, ask("Hi"))
	ready := r.soon(func() bool { return r.script.Calls() == 0 })
	if !ready {
		p.errorf("a stream that nobody ranged over has sent a request")
	}
	r.released("a stream that nobody ranged over")
	if got := r.answer(generate, ask("Hi")).Text(); got != "Hello." {
		p.errorf("the stream that nobody ranged over has used up an answer: the next is %q", got)
	}
}

func secondRange(p *probe) {
	for i, what := range []string{"a complete stream", "a failed stream"} {
		turn := []fake.Turn{fake.Text("Hello."), fake.Fail(&model.Error{Kind: model.ErrUnavailable, Message: "down"})}[i]
		r := p.play(turn.Always())
		s := r.stream(p.ctx, ask("Hi"))
		for range s.Events() { // what it brings is not at issue
		}
		p.usedUp(what, s)
		r.calls(what+", ranged over twice", 1)
	}
	r := p.play(fake.Text("one two three").Always())
	s := r.stream(p.ctx, ask("Hi"))
	for range s.Events() {
		break
	}
	p.usedUp("a stream that was left", s)
	r.calls("a stream that was left, ranged over again", 1)
}

// usedUp checks that a stream yields nothing but ErrStreamUsed.
func (p *probe) usedUp(what string, s stream) {
	n := 0
	for ev, err := range s.Events() {
		n++
		if err == nil {
			p.errorf("%s, ranged over again, yields an event %v", what, ev.Kind)
		} else if model.KindOf(err) != model.ErrStreamUsed {
			p.errorf("%s, ranged over again, yields an error of kind %q, want %q", what, string(model.KindOf(err)), string(model.ErrStreamUsed))
		}
		if n > 100 {
			break
		}
	}
	if n != 1 {
		p.errorf("%s, ranged over again, yields %d times, want one error", what, n)
	}
}

func textOnly(p *probe) {
	parts, req := p.sample()
	r := p.play(fake.Reply(parts...).Pieces(2))
	var got strings.Builder
	for text, err := range r.stream(p.ctx, req).Text() {
		if err != nil {
			p.fatalf("Text failed: %v", err)
		}
		if text == "" {
			p.errorf("Text yields an empty piece")
		}
		got.WriteString(text)
	}
	p.equal("what Text yields", got.String(), model.Message{Parts: parts}.Text())
}

func textError(p *probe) {
	r := p.play(fake.Text("one two three").CutAfter(2))
	var got []string
	var failure error
	for text, err := range r.stream(p.ctx, ask("Count.")).Text() {
		if failure != nil {
			p.errorf("Text goes on after its error")
		}
		if failure = err; err == nil {
			got = append(got, text)
		} else if text != "" {
			p.errorf("Text yields %q together with its error", text)
		}
	}
	p.equal("what Text yields before its error", strings.Join(got, ""), "one two")
	if failure == nil {
		p.errorf("Text of a truncated answer ends without an error")
	}
}

func responseAlone(p *probe) {
	r := p.play(fake.Text("Hello.").Always())
	s := r.stream(p.ctx, ask("Hi"))
	for i := range 2 {
		resp, err := s.Response()
		if err != nil {
			p.fatalf("Response, call %d: %v", i+1, err)
		}
		p.equal(fmt.Sprintf("text of Response, call %d", i+1), resp.Text(), "Hello.")
	}
	r.calls("two calls of Response", 1)
	r.released("Response")
}

func responseAfterLoop(p *probe) {
	r := p.play(fake.Text("Hello.").Always())
	s := r.stream(p.ctx, ask("Hi"))
	var finish *model.Response
	for ev, err := range s.Events() {
		if err != nil {
			p.fatalf("the stream failed: %v", err)
		}
		if ev.Kind == model.EventFinish {
			finish = ev.Response
		}
	}
	resp, err := s.Response()
	if err != nil {
		p.fatalf("Response after the loop: %v", err)
	}
	p.equal("Response after the loop, compared with the finish event's", resp, finish)
	r.calls("a loop and Response", 1)
}

func finishOnce(p *probe) {
	parts, req := p.sample()
	r := p.play(fake.Reply(parts...))
	o := r.observe(p.ctx, req)
	n := 0
	for _, ev := range o.Events {
		if ev.Kind == model.EventFinish {
			n++
		}
	}
	if n != 1 {
		p.fatalf("the stream has %d finish events, want one", n)
	}
	last := o.Events[len(o.Events)-1]
	if last.Kind != model.EventFinish {
		p.fatalf("the last event is %v, want finish", last.Kind)
	}
	if last.Response == nil {
		p.fatalf("the finish event has no response")
	}
	p.equal("parts of the finish event's answer", plainParts(last.Response.Message.Parts), plainParts(parts))
	for _, f := range o.faults {
		p.errorf("%s", f)
	}
}

func breakReleases(p *probe) {
	parts, req := p.sample()
	for k := 0; ; k++ {
		r := p.play(fake.Reply(parts...).Pieces(4), fake.Text("Still here."))
		n := 0
		for _, err := range r.stream(p.ctx, req).Events() {
			if err != nil {
				p.fatalf("the stream failed: %v", err)
			}
			if n++; n > k {
				break
			}
		}
		r.released(fmt.Sprintf("a loop left after event %d", n))
		if got := r.answer(generate, ask("Hi")).Text(); got != "Still here." {
			p.errorf("the call after a loop that was left answers %q", got)
		}
		if n <= k || k > 60 || p.failed() {
			return // that was the whole stream
		}
	}
}

func breakLeavesNothing(p *probe) {
	const breaks = 8
	r := p.play(fake.Text("one two three four").Always())
	for range r.stream(p.ctx, ask("Hi")).Events() { // what stays for good, such as a connection, is there now
	}
	before := p.goroutines()
	for range breaks {
		for range r.stream(p.ctx, ask("Hi")).Events() {
			break
		}
	}
	if !r.soon(func() bool { return p.goroutines() < before+breaks/2 }) {
		p.errorf("%d loops that were left early left %d goroutines behind", breaks, p.goroutines()-before)
	}
	r.released("loops that were left")
}

func breakStopsWaiting(p *probe) {
	r := p.play(fake.Text("one two three").Every(time.Hour))
	start := time.Now()
	for range r.stream(p.ctx, ask("Count.")).Events() {
		break
	}
	if got := time.Since(start); p.env.Bubble && got >= time.Hour { // without a bubble it hangs
		p.errorf("leaving the loop took %v", got)
	}
	r.released("a loop left while the provider pauses")
}

func breakIsStopped(p *probe) {
	r := p.play(fake.Text("one two three"))
	s := r.stream(p.ctx, ask("Count."))
	var seen []model.Event
	for ev := range s.Events() {
		if seen = append(seen, ev); len(said(seen)) > 3 {
			break
		}
	}
	resp, err := s.Response()
	if model.KindOf(err) != model.ErrStopped {
		p.errorf("Response after a loop that was left = %v, want an error of kind %q", err, string(model.ErrStopped))
	}
	if resp == nil || resp.Text() != said(seen) {
		p.errorf("Response after a loop that was left returns (%s), want the text %q", show(resp), said(seen))
	}
}

func panicReleases(p *probe) {
	r := p.play(fake.Text("one two three"))
	s := r.stream(p.ctx, ask("Count."))
	text := caught(func() {
		for range s.Events() {
			panic("from the loop")
		}
	})
	if !strings.HasPrefix(text, "from the loop") {
		p.errorf("a panic in the loop reached the caller as %q", text)
	}
	r.released("a panic in the loop")
}

// cutEverywhere plays an answer that is cut after k events, for all k.
func (p *probe) cutEverywhere(parts []model.Part, req *model.Request, check func(k int, o Observation, r *rig)) {
	for k := range eventsOf(p, fake.Reply(parts...)) {
		r := p.play(fake.Reply(parts...).CutAfter(k))
		check(k, r.observe(p.ctx, req), r)
		if p.failed() {
			return
		}
	}
}

// eventsOf returns how many events a turn has.
func eventsOf(p *probe, turn fake.Turn) int {
	n := 0
	for range fake.New(turn).Stream(p.ctx, ask("Hi")).Events() {
		n++
	}
	return n
}

func truncatedAnywhere(p *probe) {
	parts, req := p.sample()
	p.cutEverywhere(parts, req, func(k int, o Observation, r *rig) {
		if !isAny(o.Err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport}) {
			p.errorf("an answer cut after %d events ended with %v, want an error of kind %q", k, o.Err, string(model.ErrTruncated))
		}
		if err := CheckEvents(o); err != nil {
			p.errorf("an answer cut after %d events: %v", k, err)
		}
		r.released(fmt.Sprintf("an answer cut after %d events", k))
	})
}

func truncatedKeepsPieces(p *probe) {
	parts, req := p.sample()
	full := model.Message{Parts: parts}.Text()
	p.cutEverywhere(parts, req, func(k int, o Observation, _ *rig) {
		e := asError(o.Err)
		if e == nil {
			p.fatalf("an answer cut after %d events ended with %v, want a *model.Error", k, o.Err)
		}
		want := tallyOf(o.Events).parts()
		var got []model.Part
		if e.Partial != nil {
			got = plainParts(e.Partial.Message.Parts)
		}
		p.equal(fmt.Sprintf("Partial of an answer cut after %d events, compared with those", k), saidParts(openInputs(got)), saidParts(openInputs(want)))
		if e.Partial != nil && !strings.HasPrefix(full, e.Partial.Text()) {
			p.errorf("Partial of an answer cut after %d events says %q", k, e.Partial.Text())
		}
		// The last piece may be lost with the connection, not more.
		if want := p.saidAfter(parts, k-1); !strings.HasPrefix(said(o.Events), want) {
			p.errorf("before the connection broke the provider had said %s, %s arrived", showText(want), showText(said(o.Events)))
		}
	})
}

// said returns the thinking and the text of events, in order.
func said(events []model.Event) string {
	var b strings.Builder
	for _, ev := range events {
		if ev.Kind == model.EventText || ev.Kind == model.EventThinking {
			b.WriteString(ev.Text)
		}
	}
	return b.String()
}

// saidAfter returns what an answer has said after k events.
func (p *probe) saidAfter(parts []model.Part, k int) string {
	var events []model.Event
	for ev := range fake.New(fake.Reply(parts...)).Stream(p.ctx, ask("Hi")).Events() {
		if len(events) < k {
			events = append(events, ev)
		}
	}
	return said(events)
}

// openInputs makes the inputs of calls comparable: that of a call that was
// cut off before its input began is empty, and so is none at all.
func openInputs(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range parts {
		if c, ok := p.(model.ToolCall); ok && string(c.Input) == "{}" {
			c.Input = nil
			p = c
		}
		all = append(all, p)
	}
	return all
}

func truncatedCall(p *probe) {
	turn := fake.Reply(call("c1", "weather", `{"city":"Oslo","days":7}`)).Split(`{"city":"Os`, `lo","days":7}`)
	r := p.play(turn.CutAfter(2))
	o := r.observe(p.ctx, withTools(ask("Weather?"), "weather"))
	e := asError(o.Err)
	if e == nil || e.Partial == nil || len(e.Partial.ToolCalls()) != 1 {
		p.fatalf("a call that was cut off: got error %v, want one whose Partial holds the call", o.Err)
	}
	c := e.Partial.ToolCalls()[0]
	arrived := ""
	for _, ev := range o.Events {
		if ev.Kind == model.EventToolInput {
			arrived += ev.Text
		}
	}
	p.equal("InvalidInput of a call that was cut off, compared with its pieces", c.InvalidInput, arrived)
	if len(c.Input) > 0 {
		p.errorf("Input of a call that was cut off is %s, want none", showText(string(c.Input)))
	}
}

func truncatedHasNoUsage(p *probe) {
	parts, req := p.sample()
	p.cutEverywhere(parts, req, func(k int, o Observation, _ *rig) {
		e := asError(o.Err)
		if e == nil || e.Partial == nil {
			return
		}
		if e.Partial.Usage == nil || e.Partial.Usage.Known {
			p.errorf("Partial of an answer cut after %d events has the usage %s, want one that is not known", k, show(e.Partial.Usage))
		}
		if e.Partial.StopReason != "" {
			p.errorf("Partial of an answer cut after %d events has the stop reason %q, want none", k, e.Partial.StopReason)
		}
	})
}

func truncatedGenerate(p *probe) {
	r := p.play(fake.Text("one two three").CutAfter(2))
	resp, err := r.ask(p.ctx, generate, ask("Count."))
	if !isAny(err, []model.ErrorKind{model.ErrTruncated, model.ErrTransport, model.ErrMalformed}) {
		p.errorf("Generate of an answer that was cut = (%s), %v, want an error of kind %q", show(resp), err, string(model.ErrTruncated))
	}
}

func stopReasonAndUsage(p *probe) {
	stop := model.StopEndTurn
	if p.subject.Capabilities.stops(model.StopMaxTokens) {
		stop = model.StopMaxTokens
	}
	usage := &model.Usage{Known: true, InputTokens: 7, OutputTokens: 9}
	o := p.streams("a stream", fake.Text("one two").StopReason(stop).Usage(usage), ask("Count."), []model.Part{model.Text("one two")})
	p.equal("stop reason of the stream", o.Response.StopReason, stop)
	p.equal("usage of the stream", o.Response.Usage, usage)
}

func warningsInStream(p *probe) {
	req := &model.Request{Messages: []model.Message{model.User("Hi"), model.Assistant("Yes?"), model.System("Late."), model.User("Go on.")}}
	req.Messages[1].Parts = append(req.Messages[1].Parts, model.Opaque{Provider: "elsewhere", Kind: "hologram", Data: []byte(`{}`)})
	got := map[way][]model.Warning{}
	p.each(fake.Text("ok"), req, func(w way, resp *model.Response, _ *rig) { got[w] = resp.Warnings })
	p.equal("warnings of Stream, compared with Generate", got[streaming], got[generate])
}

func responseWithinLoop(p *probe) {
	r := p.play(fake.Text("one two three"))
	s := r.stream(p.ctx, ask("Count."))
	for ev, err := range s.Events() {
		if err != nil {
			p.fatalf("the stream failed: %v", err)
		}
		if ev.Kind != model.EventText || ev.Text == "" {
			continue
		}
		resp, err := s.Response()
		if model.KindOf(err) != model.ErrStreamUsed {
			p.errorf("Response within the loop = %v, want an error of kind %q", err, string(model.ErrStreamUsed))
		}
		if resp == nil || !strings.HasPrefix("one two three", resp.Text()) || resp.Text() == "" {
			p.errorf("Response within the loop returns (%s), want the part so far", show(resp))
		}
		break
	}
	r.calls("a loop with Response in it", 1)
}

func longWaits(p *probe) {
	if !p.env.Bubble {
		return // nobody waits that long by the wall clock
	}
	p.streams("an answer with pauses of ten minutes", fake.Text("one two three").After(10*time.Minute).Every(10*time.Minute), ask("Count."),
		[]model.Part{model.Text("one two three")})
}

func adjacentTexts(p *probe) {
	parts := []model.Part{model.Text("One."), model.Text("Two."), model.Text("Three.")}
	p.streams("three texts in a row", fake.Reply(parts...), ask("Count."), parts)
}
