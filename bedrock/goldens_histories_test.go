package bedrock_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensHistories keeps what becomes of conversations that go from one
// model to another, with settings of all kinds. For each it keeps a digest of
// the body that was sent, of the answer with its warnings, and of the error.
// TestAnyHistory checks whether what is sent in such a case is right.
func TestGoldensHistories(t *testing.T) {
	if raceEnabled {
		t.Skip("TestAnyHistory sends the like under the race detector")
	}
	all := subjects()
	made := make([]block, len(all))
	ends := failingFast(t, "histories")
	next := make(chan int)
	var failed atomic.Bool
	var work sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for from := range next {
				made[from] = newBench().digests(all, from) // its signatures are numbered
				if ends(made[from]) {
					failed.Store(true)
				}
			}
		})
	}
	for from := range all {
		if oneOf(24, from) && !failed.Load() {
			next <- from
		}
	}
	close(next)
	work.Wait()
	if failed.Load() {
		return
	}
	var blocks []block
	for from, b := range made {
		if oneOf(24, from) {
			blocks = append(blocks, b)
		}
	}
	checkSample(t, "histories", blocks)
}

// digests sends histories of a model to others, and digests what comes of it.
func (b *bench) digests(all []subject, from int) block {
	var text strings.Builder
	for k := range 24 {
		to := all[(from+k*(k+1)*5)%len(all)] // the first to itself
		seed := uint64((from*historiesOf + k/2*29) % historySeeds)
		h, err := b.tell(all[from], seed)
		if err != nil {
			fmt.Fprintf(&text, "  %v: no history: %v\n", to, err)
			continue
		}
		more := &historian{Rand: rand.New(rand.NewPCG(seed, uint64(k)))}
		if k%3 > 0 {
			more.wishes(h.req)
		}
		if k%3 > 1 {
			more.attach(h.req)
		}
		stream := k%4 >= 2
		delete(b.models, to)
		if k >= 20 { // as if the model were not known
			b.models[to] = b.stranger(to)
		}
		resp, err := b.ask(to, h.req, stream, more.tagged(len(h.req.Tools) > 0)...)
		if model.KindOf(err) == model.ErrProvider { // the format has no place for the answer
			resp, err = b.ask(to, h.req, stream, model.Text("ok"))
		}
		report, vetErr := bedrock.Vet(to.id, h.req, &bedrock.Options{Format: to.format, FillResults: true})
		vetted, _ := json.Marshal(report)
		fmt.Fprintf(&text, "  %v %s\n", to, digest(append(b.body, vetted...), resp, cmp.Or(err, vetErr)))
	}
	return block{all[from].String(), text.String()}
}

// stranger returns a model of which no more is known than of others of its line.
func (b *bench) stranger(s subject) *bedrock.Model {
	f := unknownToday(s.id)
	m, err := bedrock.New(b.client, s.id, &bedrock.Options{Format: s.format, NoAdaptation: true, FillResults: true, Facts: func(known *facts.Facts) { *known = f }})
	if err != nil {
		return nil
	}
	return m
}

// digest is a digest of a call: of all that does not change by itself.
func digest(body []byte, resp *model.Response, err error) string {
	var answer []byte
	if resp != nil {
		resp.RequestID, resp.Latency = "", 0
		answer, _ = json.Marshal(resp)
	}
	said := ""
	if e, ok := errors.AsType[*model.Error](err); ok {
		said = fmt.Sprintf("%s %s %d %s", e.Kind, e.Code, e.Status, e.Message)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s", body, answer, said))
	return fmt.Sprintf("%x", sum[:4])
}

// wishes gives a request settings.
func (h *historian) wishes(r *model.Request) {
	yes, half, most := true, 0.5, 0.97
	r.MaxTokens = one(h, 0, 10, 2048, 9000, 40000)
	r.Temperature = one(h, nil, &half, new(1.0), new(0.0))
	r.TopP = one(h, nil, nil, &most)
	r.TopK = one(h, 0, 0, 5)
	r.StopSequences = one(h, nil, []string{"END"}, []string{"a", "b", "c", "d", "e", "f"})
	r.Thinking = one(h, nil, &model.ThinkingConfig{Effort: one(h, "none", "minimal", "low", "medium", "high", "xhigh", "max")},
		&model.ThinkingConfig{Budget: one(h, 100, 1024, 30000)}, &model.ThinkingConfig{Mode: model.ThinkingDisabled},
		&model.ThinkingConfig{Mode: model.ThinkingAdaptive}, &model.ThinkingConfig{Mode: model.ThinkingEnabled, Effort: "low"})
	if len(r.Tools) > 0 {
		r.ToolChoice = one(h, model.ToolChoice{}, model.ToolChoice{Mode: model.ToolsAny}, model.ToolChoice{Mode: model.ToolsNone},
			model.UseTool("weather"), model.ToolChoice{Parallel: new(bool)}, model.ToolChoice{Mode: model.ToolsAny, Parallel: &yes})
	}
	r.Cache = one(h, r.Cache, nil, &model.CacheConfig{}, &model.CacheConfig{TTL: time.Hour})
	if h.chance(25) {
		r.Output = &model.OutputFormat{Name: "answer", Schema: json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer","minimum":3}},"required":["a"]}`)}
	}
	if h.chance(60) {
		r.ProviderOptions = append(r.ProviderOptions, one(h,
			&bedrock.ProviderOptions{AdditionalFields: json.RawMessage(one(h, additional...)), ResponseFieldPaths: []string{"/stop_sequence", "/usage/input_tokens", "/usage/output_tokens", "/no~1such", "id"}},
			&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "gr1", Version: "1", Trace: "enabled", StreamMode: "async"}},
			&bedrock.ProviderOptions{Latency: "optimized", ServiceTier: "flex", Metadata: map[string]string{"k": "v"}},
			&bedrock.ProviderOptions{OutputEffort: "high"}))
	}
}

// additional are parameters of the models' own, as people write them.
var additional = []string{
	`{"top_k":7}`, `{"thinking":{"type":"enabled","budget_tokens":2000}}`, `{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}`,
	`{"reasoning_config":{"type":"enabled","budget_tokens":1500}}`, `{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}`,
	`{"reasoning_effort":"high"}`, `{"reasoning_config":"low"}`, `{"reasoning":{"effort":"high"}}`, `{"inferenceConfig":{"topK":9}}`,
	`{"anthropic_beta":["interleaved-thinking-2025-05-14"]}`, `{"tool_choice":{"type":"auto"}}`,
	`{"max_tokens":77}`, `{"max_completion_tokens":78}`, `{"max_gen_len":79}`, `{"textGenerationConfig":{"maxTokenCount":80}}`,
	`{"temperature":0.25,"top_p":0.75}`, `{"stop":["S"],"stop_sequences":["T"]}`, `{"parallel_tool_calls":true}`,
	`{"tools":[{"type":"web_search_20250305","name":"web_search"}]}`, `{"response_format":{"type":"json_object"}}`,
	`{"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}`, `{"system":"Be brief.","messages":[]}`,
}

// attach puts parts into turns of the user that people have in stores of their
// own: with types and names of all kinds.
func (h *historian) attach(r *model.Request) {
	pdf, png := []byte("%PDF-1.4 "+h.word()), []byte("\x89PNG\r\n\x1a\n"+h.word())
	image := one(h, model.Image{Data: png}, model.Image{MediaType: "image/PNG; q=1", Data: png}, model.Image{MediaType: "image/jpg", Data: png},
		model.Image{URI: "data:image/png;base64,iVBORw0KGgo="}, model.Image{URI: "s3://bucket/" + strings.Repeat("long/", 20) + "a.webp", Owner: "123456789012"},
		model.Image{MediaType: "image/gif", URI: "https://a.example/a.gif"}, model.Image{MediaType: "image/bmp", Data: []byte("BM1")}, model.Image{Data: []byte("?")},
		model.Image{URI: "DATA:image/png;name=a.png;base64,iVBO Rw0K%0AGgo"}, model.Image{URI: "data:;base64,iVBORw0KGgo_-"}, model.Image{URI: "data:image/png;base64,?"},
		model.Image{URI: "data:image/png"}, model.Image{URI: "data:image/png,%zz"})
	document := one(h, model.Document{Data: pdf}, model.Document{Name: "The plan (2).pdf", MediaType: "application/pdf", Data: pdf},
		model.Document{Name: strings.Repeat("name ", 50), Text: h.word(), Context: "about it", Citations: true},
		model.Document{Name: "a", Chunks: []string{h.word(), h.word()}, Citations: true}, model.Document{MediaType: "text/csv", Data: []byte("a,b")},
		model.Document{MediaType: "application/json", Text: `{"a":1}`}, model.Document{URI: "s3://bucket/a.docx", Owner: "123456789012"},
		model.Document{MediaType: "text/markdown; charset=utf-8", Data: []byte("# " + h.word())}, model.Document{URI: "data:text/plain,hello%20there"},
		model.Document{MediaType: "application/x-odd", Data: []byte("odd")}, model.Document{Name: "a.html", Data: []byte("<html>")})
	other := one[model.Part](h, model.Video{MediaType: "video/mp4", URI: "s3://bucket/a.mp4"}, model.Video{Data: []byte("....ftypmp42")},
		model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3" + h.word())}, model.Guard{Image: &model.Image{Data: png}},
		model.Guard{Text: h.word(), Qualifiers: []string{"query", "grounding_source"}}, model.JSON(`{"a": [1, 2]}`), model.CachePoint{TTL: time.Hour},
		model.Opaque{Provider: bedrock.Provider, Kind: "newBlock", Data: json.RawMessage(`{"a":1}`)}, model.CitedText{Text: h.word()}, model.Text(""))
	parts := []model.Part{one[model.Part](h, image, document, other), one[model.Part](h, image, document, other)}
	for i, m := range r.Messages {
		if m.Role == model.RoleAssistant && h.chance(50) {
			r.Messages[i].Parts = append([]model.Part{h.cites()}, m.Parts...)
		}
	}
	if h.chance(10) { // more than some formats take
		for range 21 {
			parts = append(parts, image)
		}
		for i := range 6 {
			parts = append(parts, model.Document{Name: fmt.Sprint("n", i), MediaType: "text/plain", Data: []byte(h.word())})
		}
	}
	var users []int
	for i, m := range r.Messages {
		if m.Role == model.RoleUser {
			users = append(users, i)
		}
	}
	i := users[h.IntN(len(users))]
	all := slices.Clone(r.Messages[i].Parts)
	for j, p := range all {
		if result, ok := p.(model.ToolResult); ok && h.chance(70) {
			result.Parts = append(slices.Clone(result.Parts), parts...)
			all[j], parts = result, nil
			break
		}
	}
	r.Messages[i].Parts = append(all, parts...)
}

// cites returns a text with citations of each kind.
func (h *historian) cites() model.CitedText {
	var all []model.Citation
	for _, kind := range []model.LocationKind{model.LocationChar, model.LocationPage, model.LocationChunk, model.LocationSearchResult, model.LocationWeb} {
		c := model.Citation{Title: h.word(), Source: "s", Quotes: []string{h.word(), h.word()}, Location: model.CitationLocation{Kind: kind, Index: 1, Start: 2, End: 3}}
		if kind == model.LocationWeb {
			c.Location = model.CitationLocation{Kind: kind, URL: "https://a.example/1", Domain: "a.example"}
		}
		all = append(all, c)
	}
	return model.CitedText{Text: h.word(), Citations: append(all[:1+h.IntN(len(all))], model.Citation{Title: "nowhere"})}
}

// tagged returns an answer, some with tags that some models think in, in whole
// and cut.
func (h *historian) tagged(tools bool) []model.Part {
	switch h.IntN(4) {
	case 0:
		return []model.Part{model.Text(one(h, "<think>Hm.</think>\n\nWell.", "<reasoning>Hm.</reasoning>Well.", "<thinking>Hm.</thinking> Well.",
			"<think>Hm.</thi", "<reasoning>Hm.</reason", "<reas", "Well.</think>", "Well <think>so</think>", "<|channel|>analysis"))}
	case 1:
		return []model.Part{model.Thinking{Text: "Hm.", Provider: bedrock.Provider}, model.Text("ok")}
	}
	return h.answers(tools)
}
