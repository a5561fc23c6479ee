package conformance

import (
	"context"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// streamSeam is a stream with one of its methods replaced.
type streamSeam struct {
	laws.Stream
	events   func() iter.Seq2[model.Event, error]
	text     func() iter.Seq2[string, error]
	response func() (*model.Response, error)
}

func (s *streamSeam) Events() iter.Seq2[model.Event, error] {
	if s.events != nil {
		return s.events()
	}
	return s.Stream.Events()
}

func (s *streamSeam) Text() iter.Seq2[string, error] {
	if s.text != nil {
		return s.text()
	}
	return s.Stream.Text()
}

func (s *streamSeam) Response() (*model.Response, error) {
	if s.response != nil {
		return s.response()
	}
	return s.Stream.Response()
}

// breaks is a mutant of the rules that model.Stream keeps for all.
func breaks(name, kills string, f func(s *streamSeam)) mutant {
	return mutant{name: name, kills: ids(kills), seams: probe.Seams{Stream: func(s laws.Stream) laws.Stream {
		seam := &streamSeam{Stream: s}
		f(seam)
		return seam
	}}}
}

// replaying changes what a loop sees of events.
func replaying(s *streamSeam, f func(ev model.Event, err error, yield func(model.Event, error) bool) bool) {
	s.events = func() iter.Seq2[model.Event, error] {
		return func(yield func(model.Event, error) bool) {
			for ev, err := range s.Stream.Events() {
				if !f(ev, err, yield) {
					return
				}
			}
		}
	}
}

const lossy = "tools thinking structured multimodal concurrency serialisation errors cancellation basics caching streaming"

func streamingMutants() []mutant {
	return []mutant{
		emitsEach("first piece dropped", "STR-03 STR-04", dropFirst).alsoIn(lossy),
		emits("last piece dropped", "STR-03 STR-04 STR-06", onKind(model.EventText, func(ev model.Event) []model.Event {
			if strings.HasSuffix(ev.Text, ".") {
				return nil
			}
			return one(ev)
		})).alsoIn(lossy),
		emits("pieces doubled", "STR-03 STR-04 STR-09", onKind(model.EventText, func(ev model.Event) []model.Event { return []model.Event{ev, ev} })).alsoIn(lossy),
		emitsEach("pieces reordered", "STR-04 STR-09", swapPieces).alsoIn(lossy),
		emits("pieces repaired to UTF-8", "STR-04", changeText(model.EventText, func(s string) string {
			return strings.ToValidUTF8(s, string(utf8.RuneError))
		})),
		emits("pieces trimmed", "STR-06 STR-04", changeText(model.EventText, strings.TrimSpace)).alsoIn(lossy),
		emits("pieces cut at 64 KiB", "STR-08", changeText(model.EventText, func(s string) string { return s[:min(len(s), 1<<16)] })),
		emitsEach("a thousand pieces at most", "STR-09", func() func(model.Event) []model.Event {
			n := 0
			return onKind(model.EventText, func(ev model.Event) []model.Event {
				if n++; n > 1000 {
					return nil
				}
				return one(ev)
			})
		}),
		emits("whole parts dropped", "STR-05", onKind(model.EventText, func(ev model.Event) []model.Event {
			if len(ev.Text) > 20 && len(ev.Text) < 60 {
				return nil
			}
			return one(ev)
		})).alsoIn(lossy),
		emits("empty pieces end a part", "STR-07", onKind(model.EventText, func(ev model.Event) []model.Event {
			if ev.Text == "" {
				return []model.Event{{Kind: model.EventPartDone, Index: ev.Index}}
			}
			return one(ev)
		})).alsoIn("errors"),
		emits("indices ignored", "STR-12", func(ev model.Event) []model.Event {
			ev.Index = 0
			return one(ev)
		}).alsoIn("streaming tools thinking"),
		emits("parts by odd index lost", "STR-13", func(ev model.Event) []model.Event {
			if ev.Index > 0 && ev.Index%3 == 0 && ev.Kind != model.EventFinish {
				return nil
			}
			return one(ev)
		}).alsoIn(lossy),
		emitsEach("text dropped while another part is open", "STR-14", dropUnended).alsoIn("errors"),
		{name: "answer handed on at once", kills: ids("STR-10 STR-11 CAN-04"), also: strings.Fields("cancellation errors streaming thinking"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return gathered(ctx, inner, req) }
		}},
		{name: "piece held back until the next", kills: ids("STR-11"), also: strings.Fields("cancellation errors streaming thinking"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return heldBack(ctx, inner, req) }
		}},
		{name: "request sent by Stream", kills: ids("STR-15 STR-11"), also: strings.Fields("streaming cancellation concurrency errors basics thinking tools"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				resp, err := inner.Generate(ctx, req)
				return model.NewStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, func(_ context.Context, emit func(model.Event) bool) error {
					if err != nil {
						return relabelled(err, "stream")
					}
					return emitParts(resp, emit)
				})
			}
		}},
		breaks("second range replays", "STR-16", func(s *streamSeam) {
			used := false
			var kept []model.Event
			s.events = func() iter.Seq2[model.Event, error] {
				return func(yield func(model.Event, error) bool) {
					if used {
						for _, ev := range kept {
							if !yield(ev, nil) {
								return
							}
						}
						return
					}
					used = true
					for ev, err := range s.Stream.Events() {
						if kept = append(kept, ev); !yield(ev, err) {
							return
						}
					}
				}
			}
		}),
		breaks("second range ends in silence", "STR-16", func(s *streamSeam) {
			used := false
			s.events = func() iter.Seq2[model.Event, error] {
				if used {
					return func(func(model.Event, error) bool) {}
				}
				used = true
				return s.Stream.Events()
			}
		}),
		breaks("Text yields thinking", "STR-17 THK-01", func(s *streamSeam) {
			s.text = func() iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for ev, err := range s.Stream.Events() {
						if (ev.Text != "" || err != nil) && ev.Kind != model.EventSignature && !yield(ev.Text, err) {
							return
						}
					}
				}
			}
		}).alsoIn("thinking"),
		breaks("Text cut within characters", "STR-17", func(s *streamSeam) {
			s.text = func() iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for ev, err := range s.Stream.Events() {
						if (ev.Kind == model.EventText && ev.Text != "" || err != nil) && !yield(ev.Text, err) {
							return
						}
					}
				}
			}
		}),
		breaks("Text hides the error", "STR-18", func(s *streamSeam) {
			s.text = func() iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for text, err := range s.Stream.Text() {
						if err != nil || !yield(text, nil) {
							return
						}
					}
				}
			}
		}),
		breaks("Response can be called once", "STR-19", func(s *streamSeam) {
			calls := 0
			s.response = func() (*model.Response, error) {
				if calls++; calls > 1 {
					return nil, &model.Error{Kind: model.ErrStreamUsed}
				}
				return s.Stream.Response()
			}
		}),
		breaks("Response after the loop is another", "STR-20", func(s *streamSeam) {
			s.response = func() (*model.Response, error) {
				resp, err := s.Stream.Response()
				if resp != nil {
					resp = &model.Response{Message: resp.Message, Model: resp.Model}
				}
				return resp, err
			}
		}).alsoIn(lossy + " recordings"),
		breaks("two finish events", "STR-01 STR-21 REC-02", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return yield(ev, err) && (ev.Kind != model.EventFinish || yield(ev, err))
			})
		}).alsoIn("streaming errors recordings tools thinking"),
		breaks("no finish event", "STR-01 STR-21 REC-02", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return ev.Kind == model.EventFinish || yield(ev, err)
			})
		}).alsoIn("streaming recordings concurrency thinking"),
		breaks("an event after the finish", "STR-01 STR-21", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return yield(ev, err) && (ev.Kind != model.EventFinish || yield(model.Event{Kind: model.EventText, Text: "!"}, nil))
			})
		}).alsoIn("streaming errors recordings concurrency thinking tools"),
		breaks("an error after the finish", "STR-01 STR-21", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return yield(ev, err) && (ev.Kind != model.EventFinish || yield(model.Event{}, &model.Error{Kind: model.ErrTransport}))
			})
		}).alsoIn("streaming errors recordings concurrency thinking tools cancellation"),
		breaks("no end of parts", "STR-01", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				return ev.Kind == model.EventPartDone || yield(ev, err)
			})
		}).alsoIn("recordings thinking errors"),
		breaks("delta without a kind", "STR-01", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				if ev.Kind == model.EventPartDone {
					return yield(model.Event{Text: "?"}, nil) && yield(ev, err)
				}
				return yield(ev, err)
			})
		}).alsoIn("recordings thinking errors"),
		breaks("finish without its response", "STR-21 STR-01", func(s *streamSeam) {
			replaying(s, func(ev model.Event, err error, yield func(model.Event, error) bool) bool {
				ev.Response = nil
				return yield(ev, err)
			})
		}).alsoIn("streaming recordings concurrency thinking errors"),
		{name: "connection left open", kills: ids("STR-22 STR-23 STR-26"), also: strings.Fields("streaming cancellation errors thinking tools concurrency"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return leaking(ctx, inner, req) }
		}},
		{name: "connection drained after the loop was left", kills: ids("STR-24"), also: strings.Fields("streaming cancellation"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return drained(ctx, inner, req) }
		}},
		breaks("a loop that was left is complete", "STR-25", func(s *streamSeam) {
			s.response = func() (*model.Response, error) {
				resp, err := s.Stream.Response()
				if model.KindOf(err) == model.ErrStopped {
					err = nil
				}
				return resp, err
			}
		}),
		breaks("panic swallowed", "STR-26", func(s *streamSeam) {
			s.events = func() iter.Seq2[model.Event, error] {
				return func(yield func(model.Event, error) bool) {
					for ev, err := range s.Stream.Events() {
						ok := false
						func() {
							defer func() { _ = recover() }()
							ok = yield(ev, err)
						}()
						if !ok {
							return
						}
					}
				}
			}
		}).alsoIn(lossy),
		{name: "end of the connection taken for the end of the answer", kills: ids("STR-27"), also: strings.Fields("streaming tools thinking errors"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return optimistic(ctx, inner, req) }
		}},
		fails("truncation told as unknown", "STR-27 STR-31", func(e *model.Error) error {
			if e.Kind == model.ErrTruncated {
				e.Kind = model.ErrUnknown
			}
			return e
		}),
		{name: "pieces before an error lost", kills: ids("STR-28 ERR-13"), also: strings.Fields("errors streaming thinking cancellation"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream { return allOrNothing(ctx, inner, req) }
		}},
		fails("partial answer lost", "STR-28 ERR-13 THK-24 STR-29", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = &model.Response{}
			}
			return e
		}).alsoIn("streaming errors thinking cancellation"),
		fails("cut input made whole", "STR-29", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = e.Partial.Clone()
				e.Partial.Message.Parts = edited(e.Partial.Message.Parts, each(func(c model.ToolCall) []model.Part {
					if c.InvalidInput != "" {
						c.Input, c.InvalidInput = []byte("{}"), ""
					}
					return keep(c)
				}))
			}
			return e
		}).alsoIn("errors"),
		fails("usage made up for a truncated answer", "STR-30 CAN-06", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = e.Partial.Clone()
				e.Partial.Usage = &model.Usage{Known: true}
			}
			return e
		}).alsoIn("cancellation"),
		fails("stop reason made up for a truncated answer", "STR-30", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = e.Partial.Clone()
				e.Partial.StopReason = model.StopEndTurn
			}
			return e
		}),
		{name: "Generate passes off a truncated answer", kills: ids("STR-31 ERR-17"), also: []string{"errors"}, wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if e := probe.AsError(err); e != nil && e.Partial != nil && ctx.Err() == nil {
					return e.Partial, nil
				}
				return resp, err
			}
		}},
		finishes("usage lost in streams", "STR-32 STR-03 CAC-16", func(r *model.Response) { r.Usage = new(model.Usage) }).alsoIn("basics caching"),
		finishes("stop reason of streams always end_turn", "STR-32 STR-03", func(r *model.Response) { r.StopReason = model.StopEndTurn }).alsoIn("basics tools structured"),
		finishes("warnings lost in streams", "STR-33", func(r *model.Response) { r.Warnings = nil }).alsoIn("basics thinking"),
		breaks("Response within the loop is complete", "STR-34", func(s *streamSeam) {
			s.response = func() (*model.Response, error) {
				resp, err := s.Stream.Response()
				if model.KindOf(err) == model.ErrStreamUsed {
					err = nil
				}
				return resp, err
			}
		}),
		{name: "pauses of a minute are errors", kills: ids("STR-35"), also: strings.Fields("streaming cancellation"), wrap: func(w *wrapper) {
			inner := w.inner
			w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
				last, s := time.Now(), inner.Stream(ctx, req)
				return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
					for ev, err := range s.Events() {
						if err != nil {
							return err
						}
						if time.Since(last) > time.Minute {
							return &model.Error{Kind: model.ErrTimeout}
						}
						if last = time.Now(); !emit(ev) {
							return nil
						}
					}
					return nil
				})
			}
		}},
		emits("texts in a row merged", "STR-36", mergeTexts).alsoIn("thinking streaming tools basics serialisation errors"),
		emitsOnly("pieces lost, answer whole", "STR-02", dropFirst).alsoIn("streaming concurrency errors tools thinking cancellation"),
		finishes("answer lost, pieces whole", "STR-02 REC-03", func(r *model.Response) { r.Message.Parts = nil; r.Message.Parts = []model.Part{} }).alsoIn(lossy + " recordings"),
	}
}

// dropFirst drops the first piece of text of every part.
func dropFirst() func(model.Event) []model.Event {
	seen := 0
	return func(ev model.Event) []model.Event {
		switch ev.Kind {
		case model.EventText:
			if seen++; seen == 1 {
				return nil
			}
		case model.EventPartDone, model.EventFinish:
			seen = 0
		}
		return one(ev)
	}
}

// swapPieces exchanges every two pieces of a text.
func swapPieces() func(model.Event) []model.Event {
	var held *model.Event
	return func(ev model.Event) []model.Event {
		if ev.Kind == model.EventText && held == nil {
			held = new(ev)
			return nil
		}
		if held == nil {
			return one(ev)
		}
		h := *held
		held = nil
		if ev.Kind == model.EventText {
			return []model.Event{ev, h}
		}
		return []model.Event{h, ev}
	}
}

// dropUnended drops text that comes while another part is open.
func dropUnended() func(model.Event) []model.Event {
	open := -1
	return func(ev model.Event) []model.Event {
		switch {
		case ev.Kind == model.EventPartDone && ev.Index == open:
			open = -1
		case ev.Kind == model.EventText && open >= 0 && open != ev.Index:
			return nil
		case ev.Kind == model.EventText:
			open = ev.Index
		}
		return one(ev)
	}
}

// mergeTexts gives texts in a row one index.
func mergeTexts(ev model.Event) []model.Event {
	switch ev.Kind {
	case model.EventPartDone:
		return nil
	case model.EventText:
		ev.Index = 0
	}
	return one(ev)
}
