package schema_test

import (
	"encoding/json"
	"maps"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model/schema"
	"github.com/google/go-cmp/cmp"
)

type (
	unit   string
	level  int
	point  struct{ X, Y float64 }
	inner  struct{ Deep string }
	Outer  struct{ Shared, Mine string }
	hidden struct{ Promoted int }

	node struct {
		Value int     `json:"value"`
		Next  *node   `json:"next"`
		Kids  []*node `json:"kids,omitempty" jsonschema:"below"`
	}
	forest struct {
		Trees []tree[point] `json:"trees"`
		Best  *tree[point]  `json:"best"`
	}
	tree[T any] struct {
		Leaf T         `json:"leaf"`
		Sub  []tree[T] `json:"sub"`
	}
	nested []nested
	ping   struct{ Pong *pong }
	pong   struct{ Ping *ping }
)

// described is a schema, or the error, of a type.
func described[T any]() func() (json.RawMessage, error) { return schema.For[T] }

var types = []struct {
	name string
	run  func() (json.RawMessage, error)
	want string
}{
	{"empty struct", described[struct{}](), `{"type":"object","properties":{},"additionalProperties":false}`},
	{"pointer to struct", described[**struct{ A string }](), `{"type":"object","properties":{"A":{"type":"string"}},"required":["A"],"additionalProperties":false}`},
	{"order of fields", described[struct {
		Z string `json:"z"`
		A bool   `json:"a"`
		M int    `json:"m"`
	}](), `{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"boolean"},"m":{"type":"integer"}},"required":["z","a","m"],"additionalProperties":false}`},
	{"optional fields are no unions", described[struct {
		P *string  `json:"p"`
		E []string `json:"e,omitempty"`
		Z point    `json:"z,omitzero"`
		Q **int    `json:"q"`
		S []string `json:"s"`
	}](), `{"type":"object","properties":{"p":{"type":"string"},"e":{"type":"array","items":{"type":"string"}},"z":{"type":"object","properties":{"X":{"type":"number"},"Y":{"type":"number"}},"required":["X","Y"],"additionalProperties":false},"q":{"type":"integer"},"s":{"type":"array","items":{"type":"string"}}},"required":["s"],"additionalProperties":false}`},
	{"kinds", described[struct {
		I8  int8
		U   uint64
		F   float32
		Arr [3]uint8
		Raw []byte
		Map map[string]*point
	}](), `{"type":"object","properties":{"I8":{"type":"integer"},"U":{"type":"integer"},"F":{"type":"number"},"Arr":{"type":"array","items":{"type":"integer"},"minItems":3,"maxItems":3},"Raw":{"type":"string","contentEncoding":"base64"},"Map":{"type":"object","additionalProperties":{"type":"object","properties":{"X":{"type":"number"},"Y":{"type":"number"}},"required":["X","Y"],"additionalProperties":false}}},"required":["I8","U","F","Arr","Raw","Map"],"additionalProperties":false}`},
	{"well-known types", described[struct {
		T time.Time
		R json.RawMessage
		N json.Number
		B *big.Int
		A any
		L []any
		I netip.Addr
		K map[netip.Addr]bool
	}](), `{"type":"object","properties":{"T":{"type":"string","format":"date-time"},"R":{},"N":{"type":"number"},"B":{"type":"integer"},"A":{},"L":{"type":"array","items":{}},"I":{"type":"string"},"K":{"type":"object","additionalProperties":{"type":"boolean"}}},"required":["T","R","N","A","L","I","K"],"additionalProperties":false}`},
	{"tags", described[struct {
		U unit     `json:"u" jsonschema:"the unit, <as> in & out" enum:"celsius,fahrenheit"`
		D int      `json:"d" minimum:"1" maximum:"9007199254740993"`
		F float64  `json:"f" minimum:"-0.5"`
		L []level  `json:"l" jsonschema:"levels" enum:"1,2,3"`
		M *string  `json:"m" format:"email"`
		Q int      `json:"q,string"`
		P *float64 `json:"p" enum:"0.5,1"`
	}](), `{"type":"object","properties":{"u":{"type":"string","description":"the unit, <as> in & out","enum":["celsius","fahrenheit"]},"d":{"type":"integer","minimum":1,"maximum":9007199254740993},"f":{"type":"number","minimum":-0.5},"l":{"type":"array","description":"levels","items":{"type":"integer","enum":[1,2,3]}},"m":{"type":"string","format":"email"},"q":{"type":"string"},"p":{"type":"number","enum":[0.5,1]}},"required":["u","d","f","l","q"],"additionalProperties":false}`},
	{"embedded", described[struct {
		hidden
		*Outer
		Shared int
		Named  point `json:"named"`
		inner  `json:"inner"`
	}](), `{"type":"object","properties":{"Promoted":{"type":"integer"},"Mine":{"type":"string"},"Shared":{"type":"integer"},"named":{"type":"object","properties":{"X":{"type":"number"},"Y":{"type":"number"}},"required":["X","Y"],"additionalProperties":false},"inner":{"type":"object","properties":{"Deep":{"type":"string"}},"required":["Deep"],"additionalProperties":false}},"required":["Promoted","Shared","named","inner"],"additionalProperties":false}`},
	{"map at the top", described[map[unit]int](), `{"type":"object","additionalProperties":{"type":"integer"}}`},
	{"any at the top", described[any](), `{}`},
	{"slice at the top", described[[]string](), `{"type":"array","items":{"type":"string"}}`},
	{"recursive", described[*node](), `{"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#"},"kids":{"type":"array","description":"below","items":{"$ref":"#"}}},"required":["value"],"additionalProperties":false}`},
	{"recursive below the top", described[forest](), `{"type":"object","properties":{"trees":{"type":"array","items":{"$ref":"#/$defs/TREE"}},"best":{"$ref":"#/$defs/TREE"}},"required":["trees"],"additionalProperties":false,"$defs":{"TREE":{"type":"object","properties":{"leaf":{"type":"object","properties":{"X":{"type":"number"},"Y":{"type":"number"}},"required":["X","Y"],"additionalProperties":false},"sub":{"type":"array","items":{"$ref":"#/$defs/TREE"}}},"required":["leaf","sub"],"additionalProperties":false}}}`},
	{"recursive slice", described[nested](), `{"type":"array","items":{"$ref":"#"}}`},
	{"mutually recursive", described[struct{ A *ping }](), `{"type":"object","properties":{"A":{"$ref":"#/$defs/ping"}},"additionalProperties":false,"$defs":{"ping":{"type":"object","properties":{"Pong":{"type":"object","properties":{"Ping":{"$ref":"#/$defs/ping"}},"additionalProperties":false}},"additionalProperties":false}}}`},
}

func TestFor(t *testing.T) {
	for _, test := range types {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.run()
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(test.want, "TREE", "tree_github_com_chatmodel_go_chatmodel_model_schema_test_point_")
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("For: (-want +got)\n%s", diff)
			}
			again, err := test.run()
			if err != nil || string(again) != string(got) {
				t.Errorf("For again = %s, %v, want the same bytes", again, err)
			}
			if _, err := schema.Compile(got); err != nil {
				t.Errorf("Compile(For) error = %v", err)
			}
		})
	}
}

type pointer *pointer

type selfMade struct{}

func (*selfMade) UnmarshalJSON([]byte) error { return nil }

type embedsPointer struct{ *hidden }

func TestForErrors(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func() (json.RawMessage, error)
		want string
	}{
		{"channel", described[struct {
			A []struct{ B map[string]chan int }
		}](), ".A[].B[]: chan int cannot be read from JSON"},
		{"function", described[struct{ F func() }](), ".F: func() cannot be read"},
		{"complex", described[complex128](), "complex128: complex128 cannot be read"},
		{"interface with methods", described[struct{ E error }](), ".E: error cannot be read"},
		{"map key", described[map[int]string](), "map key int is not supported; use a string"},
		{"own UnmarshalJSON", described[struct{ S *selfMade }](), ".S: schema_test.selfMade has its own UnmarshalJSON"},
		{"pointer to itself", described[pointer](), "is a pointer to itself"},
		{"field pointer to itself", described[struct{ P pointer }](), ".P: schema_test.pointer is a pointer to itself"},
		{"embedded pointer", described[embedsPointer](), "embedsPointer.hidden: json cannot fill an embedded pointer to an unexported struct"},
		{"empty description", described[struct {
			A string `jsonschema:""`
		}](), ".A: empty jsonschema tag"},
		{"foreign description", described[struct {
			A string `jsonschema:"description=x"`
		}](), `.A: jsonschema tag starts with "description=x"`},
		{"bare option", described[struct {
			A string `jsonschema:"required"`
		}](), `.A: jsonschema tag "required": required is an option of another library`},
		{"bare options", described[struct {
			A string `jsonschema:"nullable, omitempty"`
		}](), `.A: jsonschema tag "nullable, omitempty": nullable is an option`},
		{"enum of a struct", described[struct {
			A point `enum:"a"`
		}](), ".A: enum tag: want a string or number field"},
		{"enum with an empty value", described[struct {
			A string `enum:"a,,b"`
		}](), ".A: enum tag: empty value"},
		{"enum with a value twice", described[struct {
			A string `enum:"a,b,a"`
		}](), `.A: enum tag: "a" is there twice`},
		{"enum of another type", described[struct {
			A int `enum:"1,x"`
		}](), `.A: enum tag "x": want a JSON number`},
		{"enum with a fraction", described[struct {
			A int `enum:"1.5"`
		}](), `.A: enum tag "1.5": want a whole number`},
		{"minimum of a string", described[struct {
			A string `minimum:"1"`
		}](), ".A: minimum tag: want a number field"},
		{"maximum of a quoted number", described[struct {
			A int `json:",string" maximum:"1"`
		}](), ".A: maximum tag: want a number field"},
		{"huge maximum", described[struct {
			A float64 `maximum:"1e999"`
		}](), `.A: maximum tag "1e999": want a number in the range of float64`},
		{"minimum above maximum", described[struct {
			A int `minimum:"3" maximum:"2"`
		}](), ".A: minimum tag 3 is above maximum tag 2"},
		{"format of a number", described[struct {
			A int `format:"email"`
		}](), `.A: format tag "email": want the name of a format, on a string`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.run()
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "schema: ") {
				t.Errorf("For = %s, %v, want error with %q", got, err, test.want)
			}
		})
	}
}

type (
	A struct {
		Same   int
		Tagged int `json:"T"`
		Only   int
	}
	B struct {
		Same   int
		T      int
		Tagged int
	}
	Cycle struct {
		*Cycle
		Around int
	}
	C struct {
		Cycle
		Inner int
		Same2 int `json:"a b"`
		Bad   int `json:"a→b"`
		Skip  int `json:"-"`
	}
	F struct {
		Cycle
		Twice int
	}
	D   struct{ F }
	E   struct{ F }
	Str string
)

// TestForAgreesWithJSON compares the names of properties with what encoding/json
// writes, for structs whose fields hide each other.
func TestForAgreesWithJSON(t *testing.T) {
	check[struct {
		A
		B
	}](t)
	check[struct {
		A
		B
		Same string
	}](t)
	check[struct {
		D
		E
	}](t)
	check[C](t)
	check[struct {
		Str
		hidden `json:"h"`
		A      `json:",omitempty"`
		B      `json:"b"`
	}](t)
}

func check[T any](t *testing.T) {
	t.Helper()
	var zero T
	data, err := json.Marshal(zero)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	raw, err := schema.For[T]()
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Properties map[string]any }
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got.Properties))); diff != "" {
		t.Errorf("properties of For[%T]: (-json +schema)\n%s", zero, diff)
	}
}
