package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// detailMutants lose what errors say, and hold what calls should let go of.
func detailMutants() []mutant {
	return []mutant{
		fails("codes lost", "ERR-25", func(e *model.Error) error { e.Code = ""; return e }),
		fails("status lost", "ERR-25", func(e *model.Error) error { e.Status = 0; return e }),
		fails("codes lost in the middle of a stream", "ERR-25", func(e *model.Error) error {
			if e.Partial != nil {
				e.Code = ""
			}
			return e
		}),
		fails("kinds by the word throttled", "ERR-26", func(e *model.Error) error {
			if strings.Contains(e.Message, "throttled") {
				e.Kind = model.ErrThrottled
			}
			return e
		}),
		fails("contexts by words", "ERR-26", func(e *model.Error) error {
			if strings.Contains(e.Message, "deadline exceeded") {
				e.Err = context.DeadlineExceeded
			}
			return e
		}),
		fails("request id of cut streams lost", "ERR-27", func(e *model.Error) error {
			if e.Kind == model.ErrTruncated {
				e.RequestID = ""
			}
			return e
		}),
		fails("request id of cancelled streams lost", "ERR-27", func(e *model.Error) error {
			if e.Kind == model.ErrCanceled {
				e.RequestID = ""
			}
			return e
		}),
		fails("key in the errors of broken connections", "ERR-19", func(e *model.Error) error {
			if e.Kind == model.ErrTruncated {
				e.Message += " (asked with my-private-confession-4711)"
			}
			return e
		}),
		{name: "cause of deadlines lost", kills: ids("CAN-15"), wrap: func(w *wrapper) {
			w.failure = func(err error) error {
				if model.KindOf(err) != model.ErrDeadline {
					return err
				}
				e := *probe.AsError(err)
				e.Err = context.DeadlineExceeded
				return &e
			}
		}},
		lingering("goroutine until the caller's context ends", "CAN-16", true, true),
		lingering("goroutine of Generate until the context ends", "CAN-16", true, false),
		lingering("goroutine of streams until the context ends", "CAN-16 STR-23", false, true),
		wired("body left open after a failure", "ERR-28", func(c *wireClient) { c.keepsFailed = true }),
		wired("body left open after the answer", "ERR-28", func(c *wireClient) { c.keepsAll = true }),
		wired("end of the body taken for the end of the answer", "ERR-29", func(c *wireClient) { c.trustsEnd = true }),
		wired("texts that the server misreads as the client miswrites them", "BAS-07 BAS-09 BAS-10 BAS-38 BAS-44", func(c *wireClient) { c.misspells = true }),
		wired("usage read from half a number", "ERR-29", func(c *wireClient) { c.halfUsage = true }),
	}
}

// lingering is a mutant that leaves a goroutine which waits for the end of the
// caller's context.
func lingering(name, kills string, generates, streams bool) mutant {
	return mutant{name: name, kills: ids(kills), also: []string{"errors", "streaming", "cancellation"}, wrap: func(w *wrapper) {
		inner := w.inner
		linger := func(ctx context.Context) {
			if ctx.Done() != nil {
				go func() { <-ctx.Done() }()
			}
		}
		w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
			if generates {
				linger(ctx)
			}
			return inner.Generate(ctx, req)
		}
		w.stream = func(ctx context.Context, req *model.Request) *model.Stream {
			s := inner.Stream(ctx, req)
			return streamOf(ctx, func(_ context.Context, emit func(model.Event) bool) error {
				if streams {
					linger(ctx)
				}
				return relay(s, emit)
			})
		}
	}}
}

// A wireClient is a model of text over HTTP. The zero faults are none.
type wireClient struct {
	client *http.Client

	keepsFailed, keepsAll, trustsEnd, halfUsage, misspells bool

	keeps string // the end after which the body is left open: left, cut or failed
}

// wired is a mutant whose fault is in how it handles HTTP.
func wired(name, kills string, fault func(*wireClient)) mutant {
	return mutant{name: name, kills: ids(kills), wire: fault, also: []string{"errors"}, caps: wireCaps}
}

func wireCaps(c *Capabilities) {
	*c = Capabilities{Sampling: true, TopK: true, HTTP: true, Usage: true}
}

// wireModel returns the client behind a transport to its server.
func wireModel(env *Env, script *fake.Model, fault func(*wireClient)) model.ChatModel {
	c := &wireClient{client: &http.Client{Transport: NewTransport(env, wireServer(script))}}
	if fault != nil {
		fault(c)
	}
	return &limiter{wrapper{inner: c, caps: &model.Capabilities{}}}
}

// A wireLine is a piece of an answer, or its end.
type wireLine struct {
	Text    []byte
	Stop    string
	In, Out int
	Failed  string
}

func wireServer(script *fake.Model) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req model.Request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			panic(err)
		}
		if r.Header.Get("Backwards") != "" {
			for _, m := range req.Messages {
				for j, p := range m.Parts {
					m.Parts[j] = model.Text(backwards(string(p.(model.Text))))
				}
			}
		}
		out, begun := json.NewEncoder(w), false
		for ev, err := range script.Stream(r.Context(), &req).Events() {
			switch {
			case errors.Is(err, model.ErrTruncated):
				panic(http.ErrAbortHandler)
			case err != nil && !begun:
				w.WriteHeader(http.StatusServiceUnavailable)
				fmt.Fprintln(w, "no")
			case err != nil:
				out.Encode(wireLine{Failed: "no"})
			case ev.Kind == model.EventText:
				begun = true
				out.Encode(wireLine{Text: []byte(ev.Text)})
			case ev.Kind == model.EventFinish:
				out.Encode(wireLine{Stop: string(ev.Response.StopReason), In: ev.Response.Usage.InputTokens, Out: ev.Response.Usage.OutputTokens})
			}
		}
	}
}

func backwards(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

func (c *wireClient) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	resp, err := c.Stream(ctx, req).Response()
	if err != nil {
		e := *probe.AsError(err)
		e.Op = "generate"
		return nil, &e
	}
	return resp, nil
}

func (c *wireClient) Stream(ctx context.Context, req *model.Request) *model.Stream {
	req = req.Clone()
	var warnings []model.Warning
	for i, m := range req.Messages {
		req.Messages[i].Parts = nil
		for j, p := range m.Parts {
			if _, ok := p.(model.Opaque); ok {
				warnings = append(warnings, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "not text"})
				continue
			}
			if text, ok := p.(model.Text); ok && c.misspells {
				p = model.Text(backwards(string(text)))
			}
			req.Messages[i].Parts = append(req.Messages[i].Parts, p)
		}
	}
	body, err := json.Marshal(req)
	return streamOf(ctx, func(ctx context.Context, emit func(model.Event) bool) error {
		if err != nil {
			return err
		}
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://wire/", bytes.NewReader(body))
		if err != nil {
			return err
		}
		if c.misspells {
			post.Header.Set("Backwards", "yes")
		}
		resp, err := c.client.Do(post)
		if err != nil {
			return &model.Error{Kind: model.ErrTransport, Err: err}
		}
		if resp.StatusCode != http.StatusOK {
			if !c.keepsFailed {
				resp.Body.Close()
			}
			return &model.Error{Kind: model.ErrUnavailable, Status: resp.StatusCode}
		}
		ended := ""
		defer func() { // after a panic too
			if !c.keepsAll && (ended == "" || ended != c.keeps) {
				resp.Body.Close()
			}
		}()
		err = c.read(resp.Body, func(ev model.Event) bool {
			if ev.Kind == model.EventFinish {
				ev.Response.Warnings = warnings
			}
			if !emit(ev) {
				ended = "left"
				return false
			}
			return true
		})
		switch {
		case errors.Is(err, model.ErrTruncated):
			ended = "cut"
		case err != nil:
			ended = "failed"
		}
		return err
	})
}

func (c *wireClient) read(body io.Reader, emit func(model.Event) bool) error {
	seen := &bytes.Buffer{}
	for lines := json.NewDecoder(io.TeeReader(body, seen)); ; {
		var l wireLine
		switch err := lines.Decode(&l); {
		case err != nil && c.trustsEnd && seen.Len() > 0:
			emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn}})
			return nil
		case err != nil && c.halfUsage:
			var n int
			if at := strings.LastIndex(seen.String(), `"Out":`); at >= 0 {
				fmt.Sscanf(seen.String()[at+len(`"Out":`):], "%d", &n)
			}
			if n > 0 {
				emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopEndTurn, Usage: &model.Usage{Known: true, InputTokens: 1234, OutputTokens: n}}})
				return nil
			}
			return &model.Error{Kind: model.ErrTruncated}
		case err != nil:
			return &model.Error{Kind: model.ErrTruncated, Err: err}
		case l.Failed != "":
			return &model.Error{Kind: model.ErrUnavailable}
		case l.Stop != "":
			usage := &model.Usage{Known: true, InputTokens: l.In, OutputTokens: l.Out}
			emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopReason(l.Stop), Usage: usage}})
			return nil
		case !emit(model.Event{Kind: model.EventText, Text: string(l.Text)}):
			return nil
		}
	}
}
