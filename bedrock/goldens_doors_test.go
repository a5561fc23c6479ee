package bedrock_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A goldenCase is a request, put to one or more models at every door.
type goldenCase struct {
	name    string
	models  []string
	req     *model.Request
	options *bedrock.Options // may be nil
	count   bool             // by CountTokens, too; of models in a list those of claude45 only
	paths   bool             // show paths, which else are checked only
	brief   bool             // without streams, which rules of histories are not about, and bodies in one line
}

// A door is a way to send a request: an operation of the service and, for
// InvokeModel, the form of its body.
type door struct {
	op     string
	format bedrock.Format // empty for Converse
}

func (d door) stream() bool { return strings.HasSuffix(d.op, "stream") }

func (d door) String() string {
	if d.format == "" {
		return d.op
	}
	return d.op + "(" + string(d.format) + ")"
}

// doorsTo returns the doors to a model: those of Converse, and those of
// InvokeModel in the format that its id stands for. Of models whose format is
// up to the caller it is the one in which they are offered, of a model that is
// not known both that have all there is.
func doorsTo(modelID string, c goldenCase) []door {
	all := []door{{op: "converse"}, {op: "converse-stream"}}
	if c.brief {
		all = all[:1]
		for _, format := range formatsOf(modelID, c.options) {
			all = append(all, door{"invoke", format})
		}
		return all
	}
	if c.count && (modelID == claude45 || len(c.models) == 1) {
		all = append(all, door{op: "count-tokens"})
		for _, format := range formatsOf(modelID, c.options) {
			all = append(all, door{"count-tokens", format})
		}
	}
	for _, format := range formatsOf(modelID, c.options) {
		all = append(all, door{"invoke", format}, door{"invoke-with-response-stream", format})
	}
	return all
}

// formatsByName says which body each of the test's models takes, by a piece of
// its id. It is written down here because it is what the tests are about.
var formatsByName = []struct {
	piece   string
	formats []bedrock.Format
}{
	{"anthropic.", []bedrock.Format{bedrock.FormatAnthropic}},
	{"openai.", []bedrock.Format{bedrock.FormatOpenAI}},
	{"qwen.", []bedrock.Format{bedrock.FormatOpenAI}},
	{"moonshotai.", []bedrock.Format{bedrock.FormatOpenAI}},
	{"deepseek.v3", []bedrock.Format{bedrock.FormatOpenAI}},
	{"writer.", []bedrock.Format{bedrock.FormatOpenAI}},
	{"ai21.", []bedrock.Format{bedrock.FormatOpenAI}},
	{"meta.llama3", []bedrock.Format{bedrock.FormatLlama3}},
	{"meta.llama4", []bedrock.Format{bedrock.FormatLlama4}},
	{"mistral.mistral-large-2407", []bedrock.Format{bedrock.FormatOpenAI}},
	{"mistral.", []bedrock.Format{bedrock.FormatMistral}},
	{"deepseek.r1", []bedrock.Format{bedrock.FormatDeepSeek}},
	{"titan", []bedrock.Format{bedrock.FormatTitan}},
	{"acme.", []bedrock.Format{bedrock.FormatAnthropic, bedrock.FormatOpenAI}},
	{"imported-model", []bedrock.Format{bedrock.FormatOpenAI, bedrock.FormatLlama3}},
}

func formatsOf(modelID string, options *bedrock.Options) []bedrock.Format {
	if options != nil && options.BaseModel != "" {
		modelID = options.BaseModel
	}
	for _, row := range formatsByName {
		if strings.Contains(modelID, row.piece) {
			return row.formats
		}
	}
	return nil
}

// goldenAnswers are whole answers in each format, as one body and as a stream,
// so that a call succeeds and its warnings are there to be seen.
var goldenAnswers = map[bedrock.Format]struct {
	unary  string
	pieces []string
}{
	bedrock.FormatAnthropic: {claudeBody, claudePieces},
	bedrock.FormatOpenAI: {`{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}`,
		[]string{`{"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":null}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`}},
	bedrock.FormatLlama3:   {`{"generation":"ok","stop_reason":"stop"}`, []string{`{"generation":"ok","stop_reason":"stop"}`}},
	bedrock.FormatLlama4:   {`{"generation":"ok","stop_reason":"stop"}`, []string{`{"generation":"ok","stop_reason":"stop"}`}},
	bedrock.FormatMistral:  {`{"outputs":[{"text":"ok","stop_reason":"stop"}]}`, []string{`{"outputs":[{"text":"ok","stop_reason":"stop"}]}`}},
	bedrock.FormatDeepSeek: {`{"choices":[{"text":"ok","stop_reason":"stop"}]}`, []string{`{"choices":[{"text":"ok","stop_reason":"stop"}]}`}},
	bedrock.FormatTitan: {`{"inputTextTokenCount":5,"results":[{"tokenCount":2,"outputText":"ok","completionReason":"FINISH"}]}`,
		[]string{`{"outputText":"ok","index":0,"totalOutputTextTokenCount":2,"completionReason":"FINISH","inputTextTokenCount":5}`}},
}

func (d door) answer() (contentType string, body []byte) {
	a := goldenAnswers[d.format]
	switch d.op {
	case "converse":
		return "application/json", []byte(unaryText("ok"))
	case "converse-stream":
		return eventStream, okStream
	case "count-tokens":
		return "application/json", []byte(`{"inputTokens":7}`)
	case "invoke":
		return "application/json", []byte(a.unary)
	}
	return eventStream, chunks(a.pieces...)
}

// usualHeaders are what each operation sends beside what signs it and tells of
// the client; goldens show what is more or less than that.
var usualHeaders = map[string]map[string]string{
	"converse":                    {"Content-Type": "application/json"},
	"converse-stream":             {"Content-Type": "application/json"},
	"count-tokens":                {"Content-Type": "application/json"},
	"invoke":                      {"Content-Type": "application/json", "Accept": "application/json"},
	"invoke-with-response-stream": {"Content-Type": "application/json", "X-Amzn-Bedrock-Accept": "application/json"},
}

// usualTails are what bodies end with; goldens show what is before that, and
// say where it is missing.
var usualTails = map[door]string{
	{"invoke-with-response-stream", bedrock.FormatOpenAI}: `,"stream":true,"stream_options":{"include_usage":true}}`,
}

// A sentCall is what became of a call at one door.
type sentCall struct {
	path     string
	header   http.Header
	body     []byte // nil if nothing was sent
	warnings []model.Warning
	err      error
}

// through puts a request to a model at a door. The model is made anew, as a
// caller would.
func (d door) through(modelID string, req *model.Request, options *bedrock.Options) (s sentCall) {
	client := newClient(roundTrip(func(r *http.Request) (*http.Response, error) {
		var err error
		if s.body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		s.path, s.header = r.URL.EscapedPath(), r.Header
		asked := d
		if d.stream() && !strings.HasSuffix(s.path, "-stream") { // a stream that is answered by a call
			asked.op = map[string]string{"converse-stream": "converse", "invoke-with-response-stream": "invoke"}[d.op]
		}
		contentType, body := asked.answer()
		return respond(200, bytes.NewReader(body), "Content-Type", contentType)(r)
	}))
	var m *bedrock.Model
	if m, s.err = bedrock.New(client, modelID, options); d.format != "" {
		m, s.err = bedrock.NewInvoke(client, modelID, d.format, options)
	}
	if s.err != nil {
		return s
	}
	var resp *model.Response
	switch {
	case d.op == "count-tokens":
		_, s.err = m.CountTokens(context.Background(), req)
	case d.stream():
		resp, s.err = m.Stream(context.Background(), req).Response()
	default:
		resp, s.err = m.Generate(context.Background(), req)
	}
	if resp != nil && s.err == nil {
		s.warnings = resp.Warnings
	}
	return s
}

// text puts a call in lines. What follows from model and operation is left out
// where it is as it should be, so that models and doors can be compared.
func (s sentCall) text(d door, modelID string, paths bool, lines layout) string {
	var b strings.Builder
	if want := "/model/" + strings.ReplaceAll(url.PathEscape(modelID), ":", "%3A") + "/" + d.op; s.body != nil && (paths || s.path != want) {
		fmt.Fprintf(&b, "  path %s\n", s.path)
	}
	for _, h := range unusual(s.header, usualHeaders[d.op]) {
		fmt.Fprintf(&b, "  head %s\n", h)
	}
	for _, w := range s.warnings {
		fmt.Fprintf(&b, "  warn %s\n", visible.Replace(w.String()))
	}
	if s.err != nil {
		if s.body != nil {
			b.WriteString("  sent, and then\n")
		}
		e, ok := errors.AsType[*model.Error](s.err)
		switch {
		case !ok:
			fmt.Fprintf(&b, "  error that is no *model.Error: %s\n", visible.Replace(s.err.Error()))
		case e.Provider != "bedrock" || e.Model != modelID || e.Op != opNames[d.op] && e.Op != "open":
			fmt.Fprintf(&b, "  error labelled %q %q %q\n", e.Provider, e.Op, e.Model)
			fallthrough
		default:
			fmt.Fprintf(&b, "  error %s: %s\n", strings.TrimPrefix(e.Kind.Error(), "model: "), visible.Replace(e.Message))
		}
	}
	if s.body != nil {
		body := s.body
		var count struct {
			Input struct{ InvokeModel struct{ Body []byte } }
		}
		if d.op == "count-tokens" && json.Unmarshal(body, &count) == nil && count.Input.InvokeModel.Body != nil {
			body = count.Input.InvokeModel.Body
			b.WriteString("  input.invokeModel.body, from base64:\n")
		}
		if tail := usualTails[d]; tail != "" {
			if cut, ok := bytes.CutSuffix(body, []byte(tail)); ok {
				body = append(bytes.Clone(cut), '}')
			} else {
				b.WriteString("  body without its usual end " + tail + "\n")
			}
		}
		if lines.wide == brief.wide && len(body) > mostBrief {
			fmt.Fprintf(&b, "  body %d bytes, SHA-256 %.4x\n", len(body), sha256.Sum256(body))
		} else {
			fmt.Fprintf(&b, "  body %d bytes\n%s", len(body), lines.text(body, "    "))
		}
	}
	return b.String()
}

var opNames = map[string]string{"converse": "generate", "converse-stream": "stream", "count-tokens": "count tokens",
	"invoke": "generate", "invoke-with-response-stream": "stream"}

// unusual returns the headers that matter and are not as usual, and the usual
// ones that are missing.
func unusual(h http.Header, usual map[string]string) (all []string) {
	if h == nil {
		return nil
	}
	for name := range h {
		n := http.CanonicalHeaderKey(name)
		if (n == "Content-Type" || n == "Accept" || strings.HasPrefix(n, "X-Amzn-Bedrock-")) && usual[n] != h.Get(n) {
			all = append(all, n+": "+h.Get(n))
		}
	}
	for n, v := range usual {
		if h.Get(n) == "" {
			all = append(all, n+": missing; usually "+v)
		}
	}
	slices.Sort(all)
	return all
}

// block puts a case to all its models at all doors. What is the same for
// several of them stands once, below all their names.
func (c goldenCase) block(t *testing.T, lines layout) block {
	t.Helper()
	before := c.req.Clone()
	type group struct {
		who  []string // a line each: doors, then models
		text string
	}
	var groups []*group
	members := make(map[*group]map[string][]string) // models by their doors
	for _, id := range c.models {
		doors := make(map[*group][]string)
		var order []*group
		for _, d := range doorsTo(id, c) {
			text := d.through(id, c.req, c.options).text(d, id, c.paths, lines)
			i := slices.IndexFunc(groups, func(g *group) bool { return g.text == text })
			if i < 0 {
				i = len(groups)
				groups = append(groups, &group{text: text})
				members[groups[i]] = make(map[string][]string)
			}
			g := groups[i]
			if doors[g] == nil {
				order = append(order, g)
			}
			doors[g] = append(doors[g], d.String())
		}
		for _, g := range order {
			names := strings.Join(doors[g], " ")
			if members[g][names] == nil {
				g.who = append(g.who, names)
			}
			members[g][names] = append(members[g][names], id)
		}
	}
	if diff := cmp.Diff(before, c.req); diff != "" {
		t.Errorf("%s: the request was modified (-before +after):\n%s", c.name, diff)
	}
	var b strings.Builder
	for _, g := range groups {
		for _, names := range g.who {
			fmt.Fprintf(&b, "--- %s: %s\n", names, strings.Join(members[g][names], " "))
		}
		if g.text == "" {
			b.WriteString("  as usual\n")
		}
		b.WriteString(g.text)
	}
	return block{c.name, b.String()}
}
