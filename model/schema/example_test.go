package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

// Forecast is the input of a tool.
type Forecast struct {
	City string   `json:"city" jsonschema:"the city, in English"`
	Days int      `json:"days" minimum:"1" maximum:"14"`
	Unit *string  `json:"unit" enum:"celsius,fahrenheit"`
	Tags []string `json:"tags,omitempty"`
}

func ExampleFor() {
	raw, err := schema.For[Forecast]()
	if err != nil {
		fmt.Println(err)
		return
	}
	pretty, _ := json.MarshalIndent(raw, "", "  ")
	fmt.Println(string(pretty))
	// Output:
	// {
	//   "type": "object",
	//   "properties": {
	//     "city": {
	//       "type": "string",
	//       "description": "the city, in English"
	//     },
	//     "days": {
	//       "type": "integer",
	//       "minimum": 1,
	//       "maximum": 14
	//     },
	//     "unit": {
	//       "type": "string",
	//       "enum": [
	//         "celsius",
	//         "fahrenheit"
	//       ]
	//     },
	//     "tags": {
	//       "type": "array",
	//       "items": {
	//         "type": "string"
	//       }
	//     }
	//   },
	//   "required": [
	//     "city",
	//     "days"
	//   ],
	//   "additionalProperties": false
	// }
}

func ExampleFor_unsupported() {
	type job struct {
		Steps []struct{ Done chan bool }
	}
	_, err := schema.For[job]()
	fmt.Println(err)
	// Output:
	// schema: schema_test.job.Steps[].Done: chan bool cannot be read from JSON, so it has no schema
}

func ExampleValidator_Validate() {
	v, err := schema.Compile(json.RawMessage(`{
		"type": "object",
		"properties": {
			"city": {"type": "string"},
			"days": {"type": "integer", "maximum": 14}
		},
		"required": ["city"],
		"additionalProperties": false
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	err = v.Validate([]byte(`{"days": 15, "town": "Rome"}`))
	if invalid, ok := errors.AsType[*schema.ValidationError](err); ok {
		for _, p := range invalid.Problems {
			fmt.Println(p)
		}
	}
	// Output:
	// /city: required, but missing
	// /days: want at most 14
	// /town: unknown property; the known ones are "city", "days"
}

func ExampleDecode() {
	raw, err := schema.For[Forecast]()
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := schema.Compile(raw)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := schema.Decode[Forecast](v, []byte(`{"city": "Rome", "days": 3}`))
	fmt.Println(in.City, in.Days, err)

	_, err = schema.Decode[Forecast](v, []byte(`{"city": "Rome", "days": "three"}`))
	fmt.Println(err)
	// Output:
	// Rome 3 <nil>
	// schema: value does not match: /days: want integer, got string
}
