package bedrock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/golden"
	"github.com/chatmodel-go/chatmodel/model"
)

// A subject is a model behind one of its doors.
type subject struct {
	id     string
	format bedrock.Format
}

func (s subject) String() string {
	if s.format == bedrock.FormatConverse {
		return s.id
	}
	return s.id + " by InvokeModel"
}

// subjects are all models of the golden list, each by every door that it has.
func subjects() []subject {
	var all []subject
	for _, id := range golden.Models() {
		f := facts.Lookup(id)
		if !f.Doors.Converse.No() {
			all = append(all, subject{id, bedrock.FormatConverse})
		}
		if _, err := bedrock.Vet(id, hello, &bedrock.Options{Format: bedrock.FormatAuto}); err == nil && f.Doors.Invoke.Yes() {
			all = append(all, subject{id, bedrock.FormatAuto})
		}
	}
	return all
}

// A bench is a strict server, in memory, with a model behind it that says what
// it is told to. It is for one goroutine.
type bench struct {
	server *bedrocktest.Server
	client *bedrockruntime.Client
	says   []model.Part
	body   []byte // of the last request; nil: none was sent
	models map[subject]*bedrock.Model
}

func newBench() *bench {
	return newBenchWith(&bedrocktest.Options{Keep: -1, Key: []byte("histories")})
}

func newBenchWith(options *bedrocktest.Options) *bench {
	b := &bench{models: map[subject]*bedrock.Model{}}
	speaker := fake.New(fake.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Message: model.AssistantParts(b.says...)}, nil
	}).Always())
	b.server = bedrocktest.InMemory(speaker, options)
	inner := b.server.Transport()
	b.client = b.server.Client(func(o *bedrockruntime.Options) {
		o.Retryer = aws.NopRetryer{}
		o.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			b.body = body
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			return inner.RoundTrip(r)
		})
	})
	return b
}

func (b *bench) model(s subject) (*bedrock.Model, error) {
	if m := b.models[s]; m != nil {
		return m, nil
	}
	m, err := bedrock.New(b.client, s.id, &bedrock.Options{Format: s.format, NoAdaptation: true, FillResults: true})
	if err == nil {
		b.models[s] = m
	}
	return m, err
}

// ask sends a request, by Generate or by Stream.
func (b *bench) ask(s subject, req *model.Request, stream bool, says ...model.Part) (*model.Response, error) {
	m, err := b.model(s)
	if err != nil {
		return nil, err
	}
	b.says, b.body = says, nil
	if stream {
		return m.Stream(context.Background(), req).Response()
	}
	return m.Generate(context.Background(), req)
}

// A history is a conversation that a model has had.
type history struct {
	req   *model.Request
	made  int // answers that the model itself gave
	other int // those that it could not give
}

// A historian makes up what is said. What it makes depends on its seed only.
type historian struct {
	*rand.Rand
	n   int           // for words that are used once
	ttl time.Duration // of cache points: one that lives longer than those before it is refused
}

func one[T any](h *historian, all ...T) T { return all[h.IntN(len(all))] }

func (h *historian) chance(percent int) bool { return h.IntN(100) < percent }

// word returns a text that no other part of the history has.
func (h *historian) word() string {
	h.n++
	return fmt.Sprintf("%s %d%s", one(h, "Rain", "é日😀", "<&> \"quoted\"", "a\nb"), h.n, one(h, ".", "?", " -"))
}

var (
	smallPNG = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")
	smallPDF = []byte("%PDF-1.4\n1 0 obj")
)

// file returns a file of any kind.
func (h *historian) file() model.Part {
	h.n++
	switch h.IntN(9) {
	case 0:
		return model.Video{MediaType: "video/mp4", Data: []byte(fmt.Sprintf("\x00\x00\x00\x18ftypmp42 %d", h.n))}
	case 1:
		return model.Audio{MediaType: "audio/mp3", Data: []byte(fmt.Sprintf("ID3 %d", h.n))}
	case 2:
		return model.Document{Name: one(h, "report.pdf", "a/b", "report"), MediaType: "application/pdf", Data: fmt.Appendf(smallPDF[:len(smallPDF):len(smallPDF)], " %d", h.n)}
	case 3:
		return model.Document{Name: "notes", Text: h.word(), Citations: h.chance(50)}
	case 4:
		return model.Document{Name: "chunks", Chunks: []string{h.word(), h.word()}}
	case 5:
		return model.Image{URI: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}
	}
	return model.Image{MediaType: one(h, "", "image/png"), Data: fmt.Appendf(smallPNG[:len(smallPNG):len(smallPNG)], "%d", h.n)}
}

// asks returns what the user says.
func (h *historian) asks() []model.Part {
	parts := []model.Part{model.Text(h.word())}
	for range h.IntN(3) {
		parts = append(parts, one[model.Part](h, model.Text(h.word()), model.Text(" "), h.file(), h.file(),
			model.SearchResult{Source: "https://a.example/" + fmt.Sprint(h.n), Title: h.word(), Content: []string{h.word()}, Citations: h.chance(50)},
			model.CachePoint{TTL: h.ttl}, model.Guard{Text: h.word()}))
	}
	h.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return parts
}

// answers returns what the model says.
func (h *historian) answers(tools bool) []model.Part {
	var parts []model.Part
	switch h.IntN(4) {
	case 0:
		parts = append(parts, model.Thinking{Text: h.word()})
	case 1:
		parts = append(parts, model.Thinking{Redacted: []byte(h.word())})
	}
	if h.chance(70) {
		parts = append(parts, model.Text(h.word()))
	}
	switch h.IntN(8) {
	case 0:
		parts = append(parts, model.CitedText{Text: h.word(), Citations: []model.Citation{{Title: "T", Location: one(h,
			model.CitationLocation{Kind: model.LocationWeb, URL: "https://a.example"}, model.CitationLocation{Kind: model.LocationChar, Start: 1, End: 2})}}})
	case 1:
		parts = append(parts, model.ServerToolCall{ID: "s" + fmt.Sprint(h.n), Name: "search", Kind: "server_tool_use", Input: json.RawMessage(`{"q":1}`)},
			model.ServerToolResult{CallID: "s" + fmt.Sprint(h.n), Kind: "nova_grounding_result", Parts: []model.Part{model.JSON(`{"found":2}`)}}, model.Text(h.word()))
	}
	if tools && h.chance(60) {
		for range 1 + h.IntN(3) {
			c := model.ToolCall{ID: one(h, "c1", "call_1|fc_2", "functions.f:0", strings.Repeat("i", 70), "", fmt.Sprintf("tooluse_%d", h.IntN(1000))),
				Name: one(h, "weather", "weather", "a.b", "x<y>", strings.Repeat("n", 65))}
			switch h.IntN(6) {
			case 0:
				c.InvalidInput = `{"city":"Os`
			case 1:
				c.Input = json.RawMessage(`{}`)
			default:
				c.Input = json.RawMessage(fmt.Sprintf(`{"city":"Oslo","n":90071992547409%d}`, h.IntN(100)))
			}
			parts = append(parts, c)
		}
	}
	if len(parts) == 0 || !hasSaid(parts) {
		parts = append(parts, model.Text(h.word()))
	}
	return parts
}

func hasSaid(parts []model.Part) bool {
	for _, p := range parts {
		if _, ok := p.(model.Thinking); !ok {
			return true
		}
	}
	return false
}

// results returns the results of calls, and mostly nothing else.
func (h *historian) results(calls []model.ToolCall) []model.Part {
	var parts []model.Part
	for _, c := range calls {
		if h.chance(3) {
			continue // it got lost
		}
		r := model.ToolResult{CallID: c.ID, IsError: h.chance(15)}
		for range h.IntN(3) {
			r.Parts = append(r.Parts, one[model.Part](h, model.Text(h.word()), model.Text(h.word()), model.JSON(fmt.Sprintf(`{"deg":%d}`, h.IntN(99))), model.JSON(`[1,2]`), h.file()))
		}
		parts = append(parts, r)
	}
	if h.chance(25) {
		parts = append(parts, model.Text(h.word()))
	}
	if len(parts) == 0 {
		parts = append(parts, model.Text(h.word()))
	}
	return parts
}

// tell lets a model have the conversation of a seed. What the model does not
// take or cannot say is in the history all the same, as of a model before it.
func (b *bench) tell(s subject, seed uint64) (*history, error) {
	h := &historian{Rand: rand.New(rand.NewPCG(seed, 12))}
	h.ttl = one[time.Duration](h, 0, 5*time.Minute, time.Hour)
	told := &history{req: &model.Request{}}
	r := told.req
	if h.chance(60) {
		r.Messages = append(r.Messages, model.SystemParts(model.Text(h.word()), one[model.Part](h, model.CachePoint{TTL: h.ttl}, model.Text(h.word()))))
	}
	tools := h.chance(70)
	if tools {
		r.Tools = []model.Tool{{Name: "weather", Description: "Tells the weather", InputSchema: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"}}}`)}}
	}
	if h.chance(40) {
		r.Cache = &model.CacheConfig{}
	}
	r.Messages = append(r.Messages, model.UserParts(h.asks()...))
	for round := range 2 + h.IntN(3) {
		if h.chance(8) {
			r.Messages = append(r.Messages, model.System(h.word()))
		}
		said := model.AssistantParts(h.answers(tools)...)
		resp, err := b.ask(s, r, round%2 == 1, said.Parts...)
		switch {
		case err == nil && len(resp.Message.Parts) > 0:
			said = resp.Message
			told.made++
		case err != nil && b.body != nil && model.KindOf(err) != model.ErrProvider: // which says that the format has no place for the answer
			return nil, fmt.Errorf("turn %d: %w", round, err)
		default:
			told.other++
			for k, p := range said.Parts {
				if t, ok := p.(model.Thinking); ok {
					t.Provider = "elsewhere"
					said.Parts[k] = t
				}
			}
		}
		r.Messages = append(r.Messages, said)
		if calls := said.ToolCalls(); len(calls) > 0 {
			r.Messages = append(r.Messages, model.UserParts(h.results(calls)...))
		} else {
			r.Messages = append(r.Messages, model.UserParts(h.asks()...))
		}
	}
	if h.chance(15) { // the tools are gone by now
		r.Tools = nil
	}
	return told, nil
}
