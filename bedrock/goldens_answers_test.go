package bedrock_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// TestGoldensAnswers keeps what becomes of recorded answers, unchanged and with
// one thing changed. Each value is left out, null, of another type, and under
// another name. Each frame of a stream is left out, doubled, and put before its
// neighbour. All changes of one kind to an exchange share one digest.
func TestGoldensAnswers(t *testing.T) {
	withoutRace(t)
	fsys := recordings.Cassettes()
	ends := failingFast(t, "answers")
	var blocks []block
	for i, name := range cassettes(t, fsys) {
		if !oneOf(18, i) {
			continue
		}
		c, err := recordings.Load(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		some := changedAnswers(t, name, c.Exchanges)
		if slices.ContainsFunc(some, ends) {
			return
		}
		blocks = append(blocks, some...)
	}
	checkSample(t, "answers", blocks)
}

// TestGoldensRecordedAnswers does so with answers of the real service.
func TestGoldensRecordedAnswers(t *testing.T) {
	withoutRace(t)
	for folder, dir := range recordedFolders(t) {
		t.Run(folder, func(t *testing.T) {
			fsys := os.DirFS(dir)
			ends := failingFast(t, "answers-"+folder)
			var blocks []block
			for i, name := range cassettes(t, fsys) {
				if !oneOf(60, i) {
					continue
				}
				c, err := recordings.Load(fsys, name)
				if err != nil {
					t.Fatal(err)
				}
				some := changedAnswers(t, name, c.Exchanges[:min(len(c.Exchanges), 2)])
				if slices.ContainsFunc(some, ends) {
					return
				}
				blocks = append(blocks, some...)
			}
			checkSample(t, "answers-"+folder, blocks)
		})
	}
}

// mostChanges bounds the changes of one kind to one answer; of more, every n-th
// is made.
const mostChanges = 60

func changedAnswers(t *testing.T, name string, exchanges []recordings.Exchange) (blocks []block) {
	t.Helper()
	seen := map[string]bool{} // answers that are alike bring the same
	for i, x := range exchanges {
		id, op := operation(t, x.URL)
		shape := op + string(x.ResponseBody)
		if x.Status != http.StatusOK || len(x.ResponseBody) > 60_000 || seen[shape] {
			continue
		}
		seen[shape] = true
		var a answering
		switch op {
		case "converse":
			a = answering{id: id, format: bedrock.FormatConverse}
		case "invoke":
			a = answering{id: id, format: bodyFormat(id, repaired(path.Base(name), x.RequestBody))}
		case "converse-stream":
			a = answering{id: id, format: bedrock.FormatConverse, stream: true}
		case "invoke-with-response-stream":
			a = answering{id: id, format: bodyFormat(id, repaired(path.Base(name), x.RequestBody)), stream: true}
		default:
			continue
		}
		a.open(t)
		b := block{name: fmt.Sprintf("%s %d", name, i)}
		changes := changedBodies(x.ResponseBody)
		if a.stream {
			changes = changedStreams(t, x.ResponseBody)
		}
		for _, kind := range slices.Sorted(maps.Keys(changes)) {
			b.text += fmt.Sprintf("  %s %s\n", kind, a.digest(changes[kind]))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// An answering is how an answer comes.
type answering struct {
	id     string
	format bedrock.Format
	stream bool
	req    *model.Request // nil for hello
	words  bool           // an error's words are of interest, too

	m      *bedrock.Model
	body   []byte                                     // of the next answer
	decode func(body []byte) (*model.Response, error) // if set, takes the place of a call
}

// open makes the model that is answered.
func (a *answering) open(t *testing.T) {
	t.Helper()
	kind := "application/json"
	if a.stream {
		kind = eventStream
	}
	a.m = newModel(t, a.id, roundTrip(func(r *http.Request) (*http.Response, error) {
		return respond(http.StatusOK, bytes.NewReader(a.body), "Content-Type", kind)(r)
	}), &bedrock.Options{Format: a.format})
}

// digest returns a digest of what comes of bodies. If there are many, it takes
// only some of them.
func (a *answering) digest(bodies [][]byte) string {
	sum := sha256.New()
	step := (len(bodies) + mostChanges - 1) / mostChanges
	for k := 0; k < len(bodies); k += step {
		a.read(sum, bodies[k])
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:4])
}

// read answers a call with a body, and writes down what comes of it.
func (a *answering) read(sum io.Writer, body []byte) {
	a.body = body
	req := cmp.Or(a.req, hello)
	failed := failed
	if a.words {
		failed = failedWith
	}
	if !a.stream {
		call := a.decode
		if call == nil {
			call = func([]byte) (*model.Response, error) { return a.m.Generate(context.Background(), req) }
		}
		resp, err := call(body)
		fmt.Fprintln(sum, answered(resp), failed(err))
		return
	}
	s := a.m.Stream(context.Background(), req)
	for e, err := range s.Events() {
		if e.Response != nil {
			e.Response = nil // it follows
		}
		data, _ := json.Marshal(e)
		fmt.Fprintf(sum, "%s %s\n", data, failed(err))
	}
	resp, err := s.Response()
	fmt.Fprintln(sum, answered(resp), failed(err))
}

func answered(resp *model.Response) string {
	if resp == nil {
		return "nothing"
	}
	data, _ := json.Marshal(resp)
	more, _ := json.Marshal(resp.ProviderMetadata)
	return string(data) + string(more)
}

// failed describes an error without the words of decoders, which may change
// with the version of Go.
func failed(err error) string {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return fmt.Sprintf("%T", err)
	}
	return fmt.Sprintf("%s %s %d", e.Kind, e.Code, e.Status)
}

// failedWith describes an error with its words, up to those of decoders.
func failedWith(err error) string {
	if err == nil {
		return ""
	}
	return failed(err) + " " + ownWords(err.Error())
}

// ownWords returns a text up to the words of decoders.
func ownWords(said string) string {
	for _, theirs := range []string{"json: ", "invalid character", "unexpected end", "illegal base64"} {
		said, _, _ = strings.Cut(said, theirs)
	}
	return said
}

// changedBodies returns bodies of JSON with one change, by its kind.
func changedBodies(body []byte) map[string][][]byte {
	all := map[string][][]byte{"as it came": {body}}
	var root any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&root) != nil {
		return all
	}
	note := func(kind string) {
		data, _ := json.Marshal(root)
		all[kind] = append(all[kind], data)
	}
	changeEach(root, func(v any) { root = v }, note)
	return all
}

// changeEach makes every change to a value and to those in it, notes it, and
// takes it back.
func changeEach(v any, set func(any), note func(kind string)) {
	for _, other := range []struct {
		kind  string
		value any
	}{{"null", nil}, {"a string", "x"}, {"a number", json.Number("7")}, {"an empty object", map[string]any{}}, {"an empty list", []any{}}} {
		set(other.value)
		note(other.kind)
	}
	if _, ok := v.(string); ok {
		for _, word := range words {
			set(word)
			note("another word")
		}
	}
	set(v)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			value := v[name]
			delete(v, name)
			note("left out")
			v[name+"X"] = value
			note("renamed")
			delete(v, name+"X")
			v[name] = value
			changeEach(value, func(other any) { v[name] = other }, note)
		}
	case []any:
		for i, value := range v {
			set(slices.Concat(v, v[i:i+1]))
			note("doubled")
			set(slices.Delete(slices.Clone(v), i, i+1))
			note("left out")
			set(v)
			changeEach(value, func(other any) { v[i] = other }, note)
		}
	}
}

// words are those that answers say why they ended with, and of what kind their
// parts are.
var words = []string{
	"end_turn", "tool_use", "max_tokens", "stop_sequence", "guardrail_intervened", "content_filtered", "malformed_model_output", "malformed_tool_use",
	"model_context_window_exceeded", "refusal", "pause_turn", "stop", "length", "tool_calls", "content_filter", "function_call", "FINISH", "LENGTH",
	"text", "thinking", "redacted_thinking", "tool_result", "server_tool_use", "web_search_tool_result", "web_search_tool_result_error",
	"text_delta", "input_json_delta", "thinking_delta", "signature_delta", "citations_delta", "message_start", "message_delta", "message_stop",
	"content_block_start", "content_block_delta", "content_block_stop", "ping", "error", "<think>a</think>b", "success", "failure",
	"char_location", "page_location", "content_block_location", "search_result_location", "web_search_result_location", "news",
}

// changedStreams returns streams with one change, by its kind.
func changedStreams(t *testing.T, body []byte) map[string][][]byte {
	t.Helper()
	all := map[string][][]byte{"as it came": {body}}
	var frames [][]byte
	var types []string
	var payloads []string
	decoder := eventstream.NewDecoder(bytes.NewReader(body))
	for {
		f, err := decoder.Next()
		if err != nil {
			if err != io.EOF {
				t.Fatal(err)
			}
			break
		}
		frames = append(frames, event(f.EventType, string(f.Payload)))
		types, payloads = append(types, f.EventType), append(payloads, string(f.Payload))
	}
	rebuilt := func(i int, instead ...[]byte) []byte {
		return bytes.Join(slices.Concat(frames[:i], instead, frames[i+1:]), nil)
	}
	seen := map[string]int{}
	for i := range frames {
		all["frame left out"] = append(all["frame left out"], rebuilt(i))
		all["frame doubled"] = append(all["frame doubled"], rebuilt(i, frames[i], frames[i]))
		if i+1 < len(frames) {
			swapped := slices.Clone(frames)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			all["frames swapped"] = append(all["frames swapped"], bytes.Join(swapped, nil))
		}
		shape := shapeOf(types[i], payloads[i])
		if seen[shape]++; seen[shape] > 1 {
			continue
		}
		for kind, changed := range changedPayloads(payloads[i]) {
			for _, p := range changed {
				all[kind] = append(all[kind], rebuilt(i, event(types[i], p)))
			}
		}
	}
	return all
}

// shapeOf tells events apart that differ in more than their texts.
func shapeOf(eventType, payload string) string {
	var v any
	if json.Unmarshal(inner(payload), &v) != nil {
		return payload
	}
	var b strings.Builder
	b.WriteString(eventType)
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				b.WriteString("." + name)
				walk(v[name])
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
	return b.String()
}

// inner returns the JSON that a payload is about: InvokeModel wraps it in base64.
func inner(payload string) []byte {
	var chunk struct{ Bytes []byte }
	if json.Unmarshal([]byte(payload), &chunk) == nil && len(chunk.Bytes) > 0 {
		return chunk.Bytes
	}
	return []byte(payload)
}

func changedPayloads(payload string) map[string][]string {
	all := map[string][]string{}
	raw := inner(payload)
	for kind, bodies := range changedBodies(raw) {
		for _, body := range bodies {
			if string(raw) != payload {
				body = []byte(`{"bytes":"` + base64.StdEncoding.EncodeToString(body) + `"}`)
			}
			if kind != "as it came" {
				all[kind] = append(all[kind], string(body))
			}
		}
	}
	return all
}
