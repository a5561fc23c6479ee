package runnable_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/golden"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// The types that people ask for.
type (
	flat struct {
		Name string `json:"name" jsonschema:"who it is"`
		Age  int    `json:"age" minimum:"0" maximum:"150"`
	}
	nests struct {
		Who   flat    `json:"who"`
		Where *flat   `json:"where"`
		All   []flat  `json:"all"`
		Ratio float64 `json:"ratio,omitempty"`
	}
	tree struct {
		Value    int    `json:"value"`
		Children []tree `json:"children"`
	}
	list struct {
		Item string `json:"item"`
		Next *list  `json:"next,omitempty"`
	}
	left1  struct{ Right *right1 }
	right1 struct{ Left *left1 }
	base   struct {
		ID string `json:"id"`
	}
	Person struct {
		Name string `json:"name"`
		Age  int    `json:"age"`
	}
	embeds struct {
		base
		*Person
		Kind string `json:"kind" enum:"a,b,c"`
	}
	timed struct {
		At   time.Time     `json:"at"`
		For  time.Duration `json:"for"`
		Also *time.Time    `json:"also,omitempty"`
	}
	binary struct {
		Data []byte   `json:"data"`
		Keys [4]uint8 `json:"keys"`
	}
	loose struct {
		Any  any             `json:"any"`
		Raw  json.RawMessage `json:"raw"`
		More map[string]any  `json:"more"`
	}
	numbers struct {
		I8  int8        `json:"i8"`
		U64 uint64      `json:"u64"`
		F   float32     `json:"f"`
		Big *big.Int    `json:"big"`
		N   json.Number `json:"n"`
		Q   int         `json:"q,string"`
	}
	many struct { // more than ten that are optional
		A, B, C, D, E, F, G, H, I, J, K, L *string
		M                                  int `json:",omitempty"`
	}
	hugeOptional struct { // more than a grammar takes
		A1, A2, A3, A4, A5, A6, A7, A8, A9, A10      *string
		B1, B2, B3, B4, B5, B6, B7, B8, B9, B10      *int
		C1, C2, C3, C4, C5, C6, C7, C8, C9, C10      *bool
		D1, D2, D3, D4, D5, D6, D7, D8, D9, D10, D11 *float64
		E1, E2, E3, E4, E5, E6, E7, E8, E9, E10, E11 []string `json:",omitempty"`
	}
	limits struct {
		Stars int      `json:"stars" minimum:"1" maximum:"5"`
		Mail  string   `json:"mail" format:"email"`
		Tags  []string `json:"tags" enum:"new,old"`
	}
	empty   struct{}
	level   string
	shape   [2]struct{ X, Y int }
	ages    map[string]int
	matrix  [][]float64
	people  []flat
	keyed   map[level]flat
	generic struct {
		Pair pair[string, int] `json:"pair"`
	}
	pair[A, B any] struct {
		First  A
		Second B
	}
	unicode struct {
		Straße string `json:"straße"`
		Quote  string `json:"a b"`
		Slash  string `json:"a/b~c"`
	}
)

// unions is a schema of more unions than a request may have.
func unions() json.RawMessage {
	var b strings.Builder
	b.WriteString(`{"type":"object","properties":{`)
	for i := range 20 {
		fmt.Fprintf(&b, `%q:{"anyOf":[{"type":"string"},{"type":"null"}]},`, fmt.Sprintf("p%d", i))
	}
	b.WriteString(`"last":{"type":["integer","string"]}},"required":["p0","last"]}`)
	return json.RawMessage(b.String())
}

// A kindCase is a type, a value of it, and the JSON that a model writes of it.
type kindCase struct {
	name string
	json string
	ask  func(ctx context.Context, m model.ChatModel, prompt string, stream bool) (got any, way runnable.StructuredMethod, err error)
	want any
}

func kindOf[T any](json string, want T) kindCase {
	return kindCase{reflect.TypeFor[T]().String(), json, func(ctx context.Context, m model.ChatModel, prompt string, stream bool) (any, runnable.StructuredMethod, error) {
		s, err := runnable.StructuredRaw[T](m, nil)
		if err != nil {
			return nil, "", err
		}
		return answered(ctx, s, prompt, stream)
	}, want}
}

func schemaCase(name string, raw json.RawMessage, text string, want any) kindCase {
	return kindCase{name, text, func(ctx context.Context, m model.ChatModel, prompt string, stream bool) (any, runnable.StructuredMethod, error) {
		s, err := runnable.StructuredSchema[any](m, raw, nil)
		if err != nil {
			return nil, "", err
		}
		return answered(ctx, s, prompt, stream)
	}, want}
}

func answered[T any](ctx context.Context, s runnable.Runnable[*model.Request, runnable.Answer[T]], prompt string, stream bool) (any, runnable.StructuredMethod, error) {
	req := ask(prompt)
	req.MaxTokens = 1000
	var a runnable.Answer[T]
	var err error
	if stream {
		a, err = runnable.Stream(ctx, s, req).Result()
	} else {
		a, err = s.Invoke(ctx, req)
	}
	return a.Value, a.Method, errors.Join(err, a.Err)
}

// kinds are written down: what a model writes, and what must come of it.
func kinds() []kindCase {
	x, n := "x", 7
	noon := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	return []kindCase{
		kindOf(`{"name":"Ann","age":30}`, flat{"Ann", 30}),
		kindOf(`{"name":"Ann","age":30}`, &flat{"Ann", 30}),
		kindOf(`{"who":{"name":"Ann","age":30},"where":null,"all":[{"name":"Bob","age":0}]}`, nests{Who: flat{"Ann", 30}, All: []flat{{"Bob", 0}}}),
		kindOf(`{"value":1,"children":[{"value":2,"children":[{"value":3,"children":[]}]}]}`, tree{1, []tree{{2, []tree{{3, []tree{}}}}}}),
		kindOf(`{"item":"a","next":{"item":"b"}}`, list{"a", &list{"b", nil}}),
		kindOf(`{"Right":{"Left":{}}}`, left1{&right1{&left1{}}}),
		kindOf(`{"id":"i","name":"Ann","age":3,"kind":"b"}`, embeds{base{"i"}, &Person{"Ann", 3}, "b"}),
		kindOf(`{"at":"2026-11-25T12:00:00Z","for":1500}`, timed{At: noon, For: 1500}),
		kindOf(`{"data":"aGk=","keys":[1,2,3,255]}`, binary{[]byte("hi"), [4]uint8{1, 2, 3, 255}}),
		kindOf(`{"any":[1,null,"x"],"raw":{"deep":[1.50]},"more":{"k":null,"l":true}}`, loose{[]any{1.0, nil, "x"}, json.RawMessage(`{"deep":[1.50]}`), map[string]any{"k": nil, "l": true}}),
		kindOf(`{"i8":-128,"u64":18446744073709551615,"f":0.5,"big":123456789012345678901234567890,"n":1.250,"q":"42"}`,
			numbers{-128, 18446744073709551615, 0.5, bigInt("123456789012345678901234567890"), "1.250", 42}),
		kindOf(`{"A":"x","L":"x"}`, many{A: &x, L: &x}),
		kindOf(`{"A1":"x","B2":7,"E11":["x"]}`, hugeOptional{A1: &x, B2: &n, E11: []string{"x"}}),
		kindOf(`{"stars":5,"mail":"a@example.com","tags":["new","old"]}`, limits{5, "a@example.com", []string{"new", "old"}}),
		kindOf(`{}`, empty{}),
		kindOf(`"high"`, level("high")),
		kindOf(`[{"X":1,"Y":2},{"X":3,"Y":4}]`, shape{{1, 2}, {3, 4}}),
		kindOf(`{"Ann":30,"Bob":4}`, ages{"Ann": 30, "Bob": 4}),
		kindOf(`[[1,2.5],[]]`, matrix{{1, 2.5}, {}}),
		kindOf(`[{"name":"Ann","age":30}]`, people{{"Ann", 30}}),
		kindOf(`{"hi":{"name":"Ann","age":30}}`, keyed{"hi": {"Ann", 30}}),
		kindOf(`{"pair":{"First":"a","Second":2}}`, generic{pair[string, int]{"a", 2}}),
		kindOf(`{"straße":"Weg","a b":"q","a/b~c":"s"}`, unicode{"Weg", "q", "s"}),
		kindOf(`["a","b"]`, []string{"a", "b"}),
		kindOf(`{"a":1}`, map[string]any{"a": 1.0}),
		kindOf(`[1,{"a":null}]`, any([]any{1.0, map[string]any{"a": nil}})),
		kindOf(`9007199254740993`, int64(9007199254740993)),
		kindOf(`true`, true),
		kindOf(`"2026-11-25T12:00:00Z"`, noon),
		kindOf(`[1,2,3]`, [3]int{1, 2, 3}),
		schemaCase("a schema of unions", unions(), `{"p0":"x","last":"y"}`, map[string]any{"p0": "x", "last": "y"}),
		schemaCase("a schema of an enum", json.RawMessage(`{"enum":["a","b"]}`), `"b"`, "b"),
	}
}

func bigInt(s string) *big.Int { n, _ := new(big.Int).SetString(s, 10); return n }

// scholar is the model behind the server. It knows what to say of each case,
// and says it by the schema that it was given: what the schema has no place
// for it cannot say.
func scholar(cases []kindCase) model.ChatModel {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := ""
		for _, m := range req.Messages {
			text += m.Text()
		}
		i := -1
		if _, err := fmt.Sscanf(text, "case %d:", &i); err != nil || i >= len(cases) {
			return nil, fmt.Errorf("no case in %q", text)
		}
		var knows any
		d := json.NewDecoder(strings.NewReader(cases[i].json))
		d.UseNumber()
		if err := d.Decode(&knows); err != nil {
			return nil, err
		}
		say := func(raw []byte) (json.RawMessage, error) {
			var root any
			if err := json.Unmarshal(raw, &root); err != nil {
				return nil, err
			}
			f := fitter{root}
			v := knows
			if boxed(root) {
				v = map[string]any{"value": knows}
			}
			fitted, err := f.fit(root, v, 0)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			err = e.Encode(fitted)
			return bytes.TrimSpace(b.Bytes()), err
		}
		switch {
		case req.Output != nil:
			answer, err := say(req.Output.Schema)
			return &model.Response{Message: model.Assistant(string(answer))}, err
		case len(req.Tools) > 0:
			answer, err := say(req.Tools[0].InputSchema)
			return &model.Response{Message: model.AssistantParts(model.ToolCall{Name: req.Tools[0].Name, Input: answer})}, err
		}
		_, rest, _ := strings.Cut(text, runnable.SchemaBegin)
		raw, _, ok := strings.Cut(rest, runnable.SchemaEnd)
		if !ok {
			return nil, fmt.Errorf("no schema in %q", text)
		}
		answer, err := say([]byte(raw))
		return &model.Response{Message: model.Assistant("Here you are:\n```json\n" + string(answer) + "\n```")}, err
	}).Pieces(7).Always())
}

// boxed reports whether a schema asks for a value in an object.
func boxed(schema any) bool {
	s, _ := schema.(map[string]any)
	properties, _ := s["properties"].(map[string]any)
	_, ok := properties["value"]
	return ok && len(properties) == 1
}

// A fitter puts values into the shape of a schema.
type fitter struct{ root any }

func (f fitter) fit(schema, v any, depth int) (any, error) {
	s, ok := schema.(map[string]any)
	if !ok || depth > 50 {
		return v, nil
	}
	if ref, ok := s["$ref"].(string); ok {
		target := f.root
		for _, part := range strings.Split(strings.TrimPrefix(ref, "#"), "/")[min(1, len(ref)-1):] {
			next, _ := target.(map[string]any)
			target = next[strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")]
		}
		return f.fit(target, v, depth+1)
	}
	switch v := v.(type) {
	case map[string]any:
		return f.object(s, v, depth)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			fitted, err := f.fit(s["items"], item, depth+1)
			if err != nil {
				return nil, err
			}
			items[i] = fitted
		}
		return items, nil
	}
	return v, nil
}

func (f fitter) object(s map[string]any, v map[string]any, depth int) (any, error) {
	properties, _ := s["properties"].(map[string]any)
	out := map[string]any{}
	for name, value := range v {
		property, known := properties[name]
		if !known {
			if s["additionalProperties"] == false {
				continue // there is no place for it
			}
			property = s["additionalProperties"]
		}
		fitted, err := f.fit(property, value, depth+1)
		if err != nil {
			return nil, err
		}
		out[name] = fitted
	}
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := out[name.(string)]; !ok {
			out[name.(string)] = nil // as models write it
		}
	}
	return out, nil
}

// TestEveryModel asks every model for every type, by Generate and by Stream,
// through the test server. Without CHATMODEL_FULL=1 it asks each model for one of
// eight types, and the next one for others.
func TestEveryModel(t *testing.T) {
	cases := kinds()
	server := bedrocktest.InMemory(scholar(cases), &bedrocktest.Options{Keep: -1, Models: []string{"us.xai.grok-4.6", "global.xai.grok-4.7"}})
	ids := golden.Models()
	unexported := cmp.Exporter(func(reflect.Type) bool { return true })
	good, all := 0, 0
	ways := map[runnable.StructuredMethod]int{}
	for k, id := range ids {
		llm, err := bedrock.New(server.Client(), id, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			if (k+i)%8 != 0 && os.Getenv("CHATMODEL_FULL") == "" {
				continue
			}
			for _, stream := range []bool{false, true} {
				all++
				got, way, err := c.ask(t.Context(), llm, fmt.Sprintf("case %d: say what you know.", i), stream)
				if err != nil {
					t.Errorf("%s, %s, stream %v: %v", id, c.name, stream, err)
					continue
				}
				if m, ok := got.(map[string]any); ok {
					// Of a member that may be null and may be missing, a model that
					// must write all members says the one, others the other.
					maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
				}
				if !reflect.DeepEqual(got, c.want) && !cmp.Equal(got, c.want, unexported) {
					t.Errorf("%s, %s, stream %v, by %s: got %+v, want %+v", id, c.name, stream, way, got, c.want)
					continue
				}
				good++
				ways[way]++
			}
		}
	}
	var rungs []string
	for way, n := range ways {
		rungs = append(rungs, fmt.Sprintf("%s %d", way, n))
	}
	slices.Sort(rungs)
	t.Logf("%d types, %d models", len(cases), len(ids))
	fmt.Printf("structured: %d of %d (%s)\n", good, all, strings.Join(rungs, ", "))
	if good != all || len(cases) < 25 {
		t.Errorf("structured: %d of %d, of %d types", good, all, len(cases))
	}
	if os.Getenv("CHATMODEL_FULL") != "" && all < 3000 {
		t.Errorf("structured: N is %d, want at least 3,000", all)
	}
}
