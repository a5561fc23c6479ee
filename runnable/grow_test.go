package runnable

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

type grown struct {
	Name   string            `json:"name"`
	Ptr    *string           `json:"ptr"`
	N      int               `json:"n"`
	F      *float64          `json:"f"`
	OK     bool              `json:"ok"`
	List   []grown           `json:"list"`
	Map    map[string]string `json:"map"`
	Deep   map[string]grown  `json:"deep"`
	Any    any               `json:"any"`
	Fixed  [2]string         `json:"fixed"`
	Matrix [][]string        `json:"matrix"`
	Quoted int               `json:"quoted,string"`
	Raw    json.RawMessage   `json:"raw"`
	At     time.Time         `json:"at"`
	Big    *big.Int          `json:"big"`
	Bytes  []byte            `json:"bytes"`
	grownBase
	*GrownMore
}

type grownBase struct {
	Base string `json:"base"`
}

// GrownMore is exported, so that json can make it.
type GrownMore struct {
	More []string `json:"more"`
}

// readAtOnce are kinds of value that are left out until they are complete.
var readAtOnce = map[string]bool{"raw": true, "at": true, "big": true, "bytes": true, "quoted": true}

// randomGrown returns a random object for a grown. With wholes it has members
// of every kind, and otherwise of those that are read as they come.
func randomGrown(r *rand.Rand, depth int, wholes bool) map[string]any {
	text := func() string {
		const letters = "aä€🙂\"\\\n\u2028<&"
		var b strings.Builder
		for range r.IntN(6) {
			runes := []rune(letters)
			b.WriteRune(runes[r.IntN(len(runes))])
		}
		return b.String()
	}
	o := map[string]any{}
	members := map[string]func() any{
		"name": func() any { return text() }, "NAME": func() any { return text() }, "ptr": func() any { return text() }, "n": func() any { return r.IntN(1000) },
		"f": func() any { return 1.25 }, "ok": func() any { return true }, "base": func() any { return text() },
		"more": func() any { return []any{text(), text()} }, "fixed": func() any { return []any{text(), text()} },
		"map":     func() any { return map[string]any{text(): text(), "k": text()} },
		"matrix":  func() any { return []any{[]any{text()}, []any{}, []any{text(), text()}} },
		"any":     func() any { return []any{text(), 1.5, nil, map[string]any{"x": []any{text(), true}}} },
		"unknown": func() any { return map[string]any{"name": []any{1, text()}} },
		"quoted":  func() any { return "42" }, "raw": func() any { return map[string]any{"z": []any{text()}} },
		"at": func() any { return "2026-11-25T12:00:00Z" }, "big": func() any { return 12345 }, "bytes": func() any { return "aGk=" },
	}
	if depth > 0 {
		members["list"] = func() any { return []any{randomGrown(r, depth-1, wholes), randomGrown(r, depth-1, wholes)} }
		members["deep"] = func() any { return map[string]any{"k" + text(): randomGrown(r, depth-1, wholes)} }
	}
	for name, make := range members {
		if r.IntN(3) == 0 && (wholes || !readAtOnce[name]) {
			o[name] = make()
		}
	}
	return o
}

// TestGrowthIsTheDocumentSoFar compares every step with what encoding/json
// makes of the document so far: 80 documents with CHATMODEL_FULL=1, 24 without.
func TestGrowthIsTheDocumentSoFar(t *testing.T) {
	seeds := uint64(24)
	if os.Getenv("CHATMODEL_FULL") != "" {
		seeds = 80
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 1))
		for _, wholes := range []bool{false, true} {
			data, err := json.Marshal(randomGrown(r, 2, wholes))
			if err != nil {
				t.Fatal(err)
			}
			checkGrowth[grown](t, r, data, !wholes)
			checkGrowth[*grown](t, r, data, !wholes)
			checkGrowth[any](t, r, data, true)
			checkGrowth[map[string]any](t, r, data, true)
			if list := []byte("[" + string(data) + "," + string(data) + "]"); !wholes {
				checkGrowth[[]grown](t, r, list, true)
				checkGrowth[[]*grown](t, r, []byte(`{"value":`+string(list)+`}`), true)
			}
		}
	}
}

func checkGrowth[T any](t *testing.T, r *rand.Rand, data []byte, always bool) {
	t.Helper()
	var p partial[T]
	var c completer
	var last string
	var value T
	for i := 0; i < len(data); {
		end := min(i+1+r.IntN(9), len(data))
		for _, b := range data[i:end] {
			c.step(b)
		}
		v, ok := p.add(string(data[i:end]))
		i = end
		if ok {
			value = v
		}
		text, complete := c.complete(string(data[:i]))
		if !always && i < len(data) || !complete || text == last {
			continue
		}
		last = text
		want, readable := readWhole[T](text)
		if !readable {
			continue
		}
		if !reflect.DeepEqual(value, want) {
			t.Fatalf("after %s\n got %s\nwant %s", data[:i], show(value), show(want))
		}
	}
}

// readWhole decodes JSON into a T, or into a T in an object.
func readWhole[T any](text string) (v T, ok bool) {
	if text[0] == '{' && !isObject(reflect.TypeFor[T]()) {
		var b struct{ Value *T }
		if json.Unmarshal([]byte(text), &b) == nil && b.Value != nil {
			return *b.Value, true
		}
		return v, false
	}
	return v, json.Unmarshal([]byte(text), &v) == nil
}

func show(v any) string {
	data, _ := json.Marshal(v)
	return fmt.Sprintf("%T %s", v, data)
}

func TestGrowthOfWhatDoesNotFit(t *testing.T) {
	for _, text := range []string{`{"n":"x","name":"a"}`, `{"name":{},"n":1}`, `{"list":{"a":1}}`, `{"at":"soon","name":"a"}`, `{"map":[1]}`} {
		var p partial[grown]
		for i := range len(text) {
			p.add(text[i : i+1])
		}
		if v, ok := p.add(" "); ok || v.N != 0 {
			t.Errorf("%s: a value that does not fit goes on growing to %s", text, show(v))
		}
	}
}

// TestGrowthIsLinear compares what is allocated for answers of 4 and of 16 KB.
func TestGrowthIsLinear(t *testing.T) {
	for name, document := range documents {
		small, large := allocated(document(4<<10)), allocated(document(16<<10))
		t.Logf("%s: %d and %d bytes for 4 and 16 KB", name, small, large)
		if large > 6*small {
			t.Errorf("%s: %d bytes for 4 KB and %d for 16 KB, want about four times as many", name, small, large)
		}
	}
}

// documents are answers of some size for a grown.
var documents = map[string]func(size int) string{
	"one text": func(size int) string { return `{"name":"` + strings.Repeat("word ", size/5) + `"}` },
	"many items": func(size int) string {
		return `{"list":[` + strings.Repeat(`{"name":"an item","n":12},`, size/26) + `{}]}`
	},
	"a map": func(size int) string {
		var b strings.Builder
		for i := range size / 20 {
			fmt.Fprintf(&b, `"key%d":"value",`, i)
		}
		return `{"map":{` + b.String() + `"last":""}}`
	},
}

func allocated(document string) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	grow(document)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// grow reads a document in pieces of four bytes, as models write.
func grow(document string) (n int) {
	var p partial[grown]
	for i := 0; i < len(document); i += 4 {
		if _, ok := p.add(document[i:min(i+4, len(document))]); ok {
			n++
		}
	}
	return n
}

// BenchmarkPartialsOfRun compares a run whose partials are read with one whose
// events are passed over.
func BenchmarkPartialsOfRun(b *testing.B) {
	for name, document := range documents {
		for _, size := range []int{1 << 10, 4 << 10, 16 << 10} {
			text := document(size)
			name := fmt.Sprintf("%s/%dKB", strings.ReplaceAll(name, " ", "_"), size>>10)
			chain := Model(pieces(text))
			b.Run(name+"/events", func(b *testing.B) {
				for b.Loop() {
					for range Stream(b.Context(), chain, &model.Request{}).Events() {
					}
				}
			})
			b.Run(name+"/partials", func(b *testing.B) {
				for b.Loop() {
					for range Partials[grown](Stream(b.Context(), chain, &model.Request{})) {
					}
				}
			})
		}
	}
}

// pieces is a model that answers with a text, four bytes at a time.
type pieces string

func (p pieces) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return p.Stream(ctx, req).Response()
}

func (p pieces) Stream(ctx context.Context, _ *model.Request) *model.Stream {
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		for i := 0; i < len(p); i += 4 {
			if !emit(model.Event{Kind: model.EventText, Text: string(p[i:min(i+4, len(p))])}) {
				return nil
			}
		}
		emit(model.Event{Kind: model.EventFinish})
		return nil
	})
}

func BenchmarkPartials(b *testing.B) {
	for name, document := range documents {
		for _, size := range []int{1 << 10, 4 << 10, 16 << 10} {
			text := document(size)
			b.Run(fmt.Sprintf("%s/%dKB", strings.ReplaceAll(name, " ", "_"), size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					grow(text)
				}
			})
			b.Run(fmt.Sprintf("%s/%dKB/unmarshal_once", strings.ReplaceAll(name, " ", "_"), size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					var v grown
					if err := json.Unmarshal([]byte(text), &v); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
