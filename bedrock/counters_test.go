package bedrock_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// What was reached, by folder of recordings. A test fails below these numbers;
// they only ever rise.
var countedBefore = map[string]struct {
	exact    int // answers that say what the independent account says
	replayed int // blocks of thinking that go back as they came
	cuts     int // beginnings of streams that are reported as cut
}{
	"cassettes":  {cuts: 539},
	"recordings": {exact: 71, replayed: 10, cuts: 489},
	"traffic":    {exact: 86, replayed: 2, cuts: 1186},
}

// An accounted is a recorded exchange, the model that answers with it, and what the
// independent account says of the answer.
type accounted struct {
	cassette string
	n        int // of the exchange in its cassette
	name     string
	x        recordings.Exchange
	id       string
	d        door
	want     expected
	model    *bedrock.Model
}

// exchangesIn loads the exchanges of a folder, without an account of them.
func exchangesIn(t *testing.T, fsys fs.FS) (all []accounted) {
	t.Helper()
	for _, name := range cassettes(t, fsys) {
		c, err := recordings.Load(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range c.Exchanges {
			a := accounted{cassette: name, n: i, name: fmt.Sprintf("%s %d", name, i), x: x}
			a.id, a.d.op = operation(t, x.URL)
			if strings.HasPrefix(a.d.op, "invoke") {
				a.d.format = bodyFormat(a.id, x.RequestBody)
			}
			a.model = a.answering(t, play(x))
			all = append(all, a)
		}
	}
	return all
}

// accountedFor loads the exchanges of a folder and the accounts beside them.
func accountedFor(t *testing.T, dir string) []accounted {
	t.Helper()
	all := exchangesIn(t, os.DirFS(dir))
	accounts := make(map[string][]expected)
	for i := range all {
		a := &all[i]
		if accounts[a.cassette] == nil {
			data, err := os.ReadFile(filepath.Join(dir, a.cassette+".expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want []expected
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatalf("%s: %v", a.cassette, err)
			}
			accounts[a.cassette] = want
		}
		if a.n >= len(accounts[a.cassette]) {
			t.Fatalf("%s: the account has %d answers only", a.cassette, len(accounts[a.cassette]))
		}
		a.want = accounts[a.cassette][a.n]
	}
	return all
}

// answering returns the exchange's model, at its door, on a client.
func (a accounted) answering(t *testing.T, client roundTrip) *bedrock.Model {
	t.Helper()
	if a.d.format != "" {
		return invoked(t, a.id, a.d.format, client, nil)
	}
	return newModel(t, a.id, client, nil)
}

// inexact says in what an answer is not what the account says, nothing if it
// is.
func (a accounted) inexact(t *testing.T) string {
	t.Helper()
	if a.d.op == "count-tokens" {
		n, err := a.model.CountTokens(context.Background(), hello)
		if a.want.Error != nil {
			return a.wrongError(err)
		}
		return cmp.Diff(a.want.InputTokens, n)
	}
	var texts, thoughts []string
	var resp *model.Response
	var err error
	if a.d.stream() {
		s := a.model.Stream(context.Background(), hello)
		for ev := range s.Events() {
			switch ev.Kind {
			case model.EventText:
				texts = append(texts, ev.Text)
			case model.EventThinking:
				thoughts = append(thoughts, ev.Text)
			}
		}
		resp, err = s.Response()
	} else {
		resp, err = a.model.Generate(context.Background(), hello)
	}
	if a.want.Error != nil {
		return a.wrongError(err)
	}
	if err != nil {
		return err.Error()
	}
	blocks, parts := []string{}, []string{}
	for _, b := range a.want.Blocks {
		blocks = append(blocks, accountLine(t, b))
	}
	for _, p := range resp.Message.Parts {
		parts = append(parts, answerLine(t, p))
	}
	diff := cmp.Diff(blocks, parts) + cmp.Diff(a.want.StopReason, string(resp.StopReason)) + cmp.Diff(neutralUsage(t, a.want.Usage), resp.TokenUsage())
	if a.d.stream() {
		diff += cmp.Diff(a.want.deltas(a.want.TextDeltas), a.want.deltas(texts)) + cmp.Diff(a.want.deltas(a.want.ReasoningDeltas), a.want.deltas(thoughts))
	}
	return diff
}

// accountLine and answerLine put a block of the account, and the part that it
// became, in the same line. Results of the service's own tools, which the
// account has raw, are theirs; all else is as elsewhere in these tests.
func accountLine(t *testing.T, b expectedBlock) string {
	t.Helper()
	type piece struct {
		Text *string
		JSON json.RawMessage
	}
	type result struct {
		ToolUseID, Status, Type string
		Content                 []piece
	}
	var raw struct {
		ToolResult *result                     // of Converse
		Start      struct{ ToolResult result } // of ConverseStream
		Other      []struct{ ToolResult []piece }
	}
	switch b.Type {
	case "toolResult", "other":
	default:
		return b.line(t)
	}
	if err := json.Unmarshal(b.Raw, &raw); err != nil {
		t.Fatal(err)
	}
	r := raw.Start.ToolResult
	if raw.ToolResult != nil {
		r = *raw.ToolResult
	}
	for _, o := range raw.Other {
		r.Content = append(r.Content, o.ToolResult...)
	}
	line := fmt.Sprintf("server_tool_result %s %s %v", r.ToolUseID, r.Type, r.Status == "error")
	for _, p := range r.Content {
		if p.Text != nil {
			line += fmt.Sprintf(" text %q", *p.Text)
		} else {
			line += " " + canonical(t, p.JSON)
		}
	}
	return line
}

func answerLine(t *testing.T, p model.Part) string {
	t.Helper()
	r, ok := p.(model.ServerToolResult)
	if !ok {
		return describe(t, p)
	}
	line := fmt.Sprintf("server_tool_result %s %s %v", r.CallID, r.Kind, r.IsError)
	for _, p := range r.Parts {
		if j, ok := p.(model.JSON); ok {
			line += " " + canonical(t, json.RawMessage(j))
		} else {
			line += " " + describe(t, p)
		}
	}
	return line
}

func (a accounted) wrongError(err error) string {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return fmt.Sprintf("error = %v, want %q", err, a.want.Error.Message)
	}
	return cmp.Diff(a.want.Error.Message, e.Message) + cmp.Diff(a.want.Status, e.Status)
}

func neutralUsage(t *testing.T, want *expectedUsage) model.Usage {
	t.Helper()
	if want == nil {
		return model.Usage{}
	}
	u := model.Usage{Known: true, InputTokens: want.Input + want.CacheRead + want.CacheWrite, OutputTokens: want.Output,
		CacheReadTokens: want.CacheRead, CacheWriteTokens: want.CacheWrite}
	for _, d := range want.CacheDetails {
		ttl, err := time.ParseDuration(d.TTL)
		if err != nil {
			t.Fatal(err)
		}
		u.CacheWrites = append(u.CacheWrites, model.CacheWrite{TTL: ttl, Tokens: d.InputTokens})
	}
	return u
}

// eachFolder runs a counter for each folder of recordings.
func eachFolder(t *testing.T, count func(t *testing.T, all []accounted) (n, of int), floor func(name string) int) {
	t.Helper()
	for name, dir := range recordedFolders(t) {
		t.Run(name, func(t *testing.T) {
			n, of := count(t, accountedFor(t, dir))
			t.Logf("%d of %d", n, of)
			if _, ok := countedBefore[name]; !ok {
				t.Errorf("no number is written down for the folder %s", name)
			}
			if least := floor(name); n < least {
				t.Errorf("%d of %d, and %d were reached before", n, of, least)
			} else if n > least {
				t.Logf("more than the %d before; write the number down, so that it stays", least)
			}
		})
	}
}

// TestCountExactAnswers counts the recorded answers that say exactly what the
// independent account says about them.
func TestCountExactAnswers(t *testing.T) {
	eachFolder(t, func(t *testing.T, all []accounted) (n, of int) {
		for _, a := range all {
			if diff := a.inexact(t); diff != "" {
				t.Logf("%s (-account +answer):\n%s", a.name, diff)
				continue
			}
			n++
		}
		return n, len(all)
	}, func(name string) int { return countedBefore[name].exact })
}

// TestCountReplayedThinking counts the recorded blocks of thinking that the
// next request of the conversation sends back with the text, the signature or
// the redacted bytes that the account says they came with.
func TestCountReplayedThinking(t *testing.T) {
	eachFolder(t, func(t *testing.T, all []accounted) (n, of int) {
		for _, a := range all {
			var came []string
			for _, b := range a.want.Blocks {
				switch b.Type {
				case "reasoning":
					came = append(came, fmt.Sprintf("%q signed %q", b.Text, b.Signature))
				case "redacted_reasoning":
					came = append(came, "redacted "+b.Data)
				}
			}
			if len(came) == 0 {
				continue
			}
			of += len(came)
			resp, err := askInvoke(a.model, hello, a.d.stream())
			if err != nil {
				t.Errorf("%s: %v", a.name, err)
				continue
			}
			s := a.d.through(a.id, &model.Request{Messages: []model.Message{hello.Messages[0], resp.Message, model.User("So")}}, nil)
			went := thinkingOf(t, s.body)
			for _, c := range came {
				if slices.Contains(went, c) {
					n++
				} else {
					t.Logf("%s: %s does not go back: %.80s", a.id, a.name, c)
				}
			}
			if len(went) != 0 && !slices.Equal(came, went) {
				t.Errorf("%s (-came +went):\n%s", a.name, cmp.Diff(came, went))
			}
		}
		return n, of
	}, func(name string) int { return countedBefore[name].replayed })
}

// thinkingOf reads the blocks of thinking in a body, of Converse or of
// Anthropic's format.
func thinkingOf(t *testing.T, body []byte) (all []string) {
	t.Helper()
	var v struct {
		Messages []struct {
			Content json.RawMessage
		}
	}
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, m := range v.Messages {
		var blocks []struct {
			ReasoningContent *struct {
				ReasoningText   *struct{ Text, Signature string }
				RedactedContent string
			}
			Type, Thinking, Signature, Data string
		}
		if json.Unmarshal(m.Content, &blocks) != nil {
			continue // a string, of OpenAI's format
		}
		for _, b := range blocks {
			switch r := b.ReasoningContent; {
			case r != nil && r.ReasoningText != nil:
				all = append(all, fmt.Sprintf("%q signed %q", r.ReasoningText.Text, r.ReasoningText.Signature))
			case r != nil:
				all = append(all, "redacted "+r.RedactedContent)
			case b.Type == "thinking":
				all = append(all, fmt.Sprintf("%q signed %q", b.Thinking, b.Signature))
			case b.Type == "redacted_thinking":
				all = append(all, "redacted "+base64.StdEncoding.EncodeToString([]byte(b.Data)))
			}
		}
	}
	return all
}

// TestCountCuts cuts recorded streams around the ends of frames and at places
// between. It ends them cleanly and unexpectedly by turns, and counts the cuts
// that are reported. The only cuts that are not reported are those behind the
// whole message, where only the usage is missing. Other tests cut at every
// byte. This one is short, and its numbers are fixed.
func TestCountCuts(t *testing.T) {
	eachFolder(t, countCuts, func(name string) int { return countedBefore[name].cuts })
}

// TestCountCutsOfCassettes does the same to the cassettes that come with this
// module.
func TestCountCutsOfCassettes(t *testing.T) {
	n, of := countCuts(t, exchangesIn(t, recordings.Cassettes()))
	t.Logf("%d of %d", n, of)
	if least := countedBefore["cassettes"].cuts; n < least {
		t.Errorf("%d of %d, and %d were reached before", n, of, least)
	}
}

func countCuts(t *testing.T, all []accounted) (n, of int) {
	t.Helper()
	for _, a := range all {
		if !a.d.stream() || a.x.Status != 200 {
			continue
		}
		whole, err := a.model.Stream(context.Background(), hello).Response()
		if err != nil {
			continue // it holds an exception
		}
		for i, at := range cutsOf(a.x.ResponseBody) {
			of++
			way := memoryCuts[[]int{0, 3}[i%2]]
			m := a.answering(t, streamOf(way.body(a.x.ResponseBody[:at])))
			resp, err := m.Stream(context.Background(), hello).Response()
			switch {
			case errors.Is(err, model.ErrTruncated):
				n++
			case err != nil:
				t.Errorf("%s: cut at byte %d by %s: %v, want truncated", a.name, at, way.name, err)
			case !cmp.Equal(resp.Message, whole.Message):
				t.Errorf("%s: cut at byte %d by %s: it passes for an answer:\n%s", a.name, at, way.name, cmp.Diff(whole.Message, resp.Message))
			}
		}
	}
	return n, of
}

// cutsOf returns where to cut a stream: before, at and behind the ends of some
// frames, the last ones among them, and at some places between.
func cutsOf(body []byte) (all []int) {
	const some = 10
	var ends []int
	for at := 0; at < len(body); {
		at += int(body[at])<<24 | int(body[at+1])<<16 | int(body[at+2])<<8 | int(body[at+3])
		ends = append(ends, at)
	}
	for i, at := range ends {
		if i%(len(ends)/some+1) == 0 || i >= len(ends)-4 {
			all = append(all, at-1, at, at+1)
		}
	}
	for at := 0; at < len(body); at += len(body)/some + 1 {
		all = append(all, at)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(at int) bool { return at >= len(body) })
}

// TestStreamAllocationsPerDelta bounds what one more delta costs in each
// format, whatever a call costs.
func TestStreamAllocationsPerDelta(t *testing.T) {
	const few, lots = 200, 1200
	delta := func(i int) string { return "some words of what the model says"[:1+i%30] }
	for _, row := range []struct {
		format bedrock.Format
		piece  func(text string) string
		first  []string
		last   []string
		most   float64
	}{
		{"", nil, nil, nil, 1},
		{bedrock.FormatAnthropic, func(s string) string {
			return `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + s + `"}}`
		}, claudePieces[:2], claudePieces[4:], 1},
		{bedrock.FormatOpenAI, func(s string) string {
			return `{"choices":[{"delta":{"content":"` + s + `"},"finish_reason":null,"index":0}]}`
		}, nil,
			[]string{`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`}, 1},
		{bedrock.FormatLlama3, func(s string) string { return `{"generation":"` + s + `","stop_reason":null}` }, nil,
			[]string{`{"generation":"","stop_reason":"stop"}`}, 1},
	} {
		allocs := func(n int) float64 {
			var body bytes.Buffer
			texts := make([]string, n)
			for i := range texts {
				texts[i] = delta(i)
			}
			if row.format == "" {
				body.Write(textStream(texts...))
			} else {
				body.Write(chunks(row.first...))
				for _, s := range texts {
					body.Write(chunkFrame(row.piece(s)))
				}
				body.Write(chunks(row.last...))
			}
			var m *bedrock.Model
			if row.format == "" {
				m = newModel(t, claude, streamBytes(body.Bytes()), nil)
			} else {
				m = invoked(t, "x", row.format, streamBytes(body.Bytes()), nil)
			}
			return testing.AllocsPerRun(5, func() {
				resp, err := m.Stream(t.Context(), hello).Response()
				if err != nil || len(resp.Text()) == 0 {
					t.Fatal(resp, err)
				}
			})
		}
		got := (allocs(lots) - allocs(few)) / (lots - few)
		t.Logf("%q: %.3f allocations a delta", row.format, got)
		if got > row.most {
			t.Errorf("%q: %.3f allocations a delta, want %v at most", row.format, got, row.most)
		}
	}
}
