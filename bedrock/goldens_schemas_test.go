package bedrock_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// shownSchemas tells what is sent of a request with schemas: the warnings or the
// error, and the schemas.
func shownSchemas(t *testing.T, set func(*facts.Facts), req model.Request) string {
	t.Helper()
	c, err := bedrock.NewCodec(claude45, &bedrock.Options{Format: bedrock.FormatAnthropic, Facts: set})
	if err != nil {
		t.Fatal(err)
	}
	req.Messages = hi
	body, err := c.Encode(&req)
	if err != nil {
		return "  " + visible.Replace(strings.TrimPrefix(err.Error(), "bedrock: encode "+claude45+": ")) + "\n"
	}
	text := ""
	for _, w := range body.Warnings {
		text += "  warned " + visible.Replace(w.String()) + "\n"
	}
	_, schemas, _ := strings.Cut(string(body.JSON), `"max_tokens":`)
	return text + "  " + visible.Replace(schemas) + "\n"
}

// TestGoldensSchemaRoots keeps what becomes of the roots of tools' schemas: each
// keyword beside each type, and before and behind another one.
func TestGoldensSchemaRoots(t *testing.T) {
	var blocks []block
	for _, keyword := range []string{`"anyOf":[{"required":["a"]},{"required":["b"]}]`, `"oneOf":[{"type":"object","required":["a"]}]`, `"allOf":[{"required":["a"]}]`, `"const":{"a":1}`, `"const":3`, `"enum":[{"a":1},3]`, `"enum":[3]`, `"not":{"required":["a"]}`, `"$ref":"#/$defs/a","$defs":{"a":{"type":"object","minProperties":1}}`,
		`"any\u004ff":[{"required":["a"]}]`, `"x":1`, `"properties":{"a":{"anyOf":[{"type":"string"}]}}`, `"additionalProperties":true`} {
		b := block{name: strings.ReplaceAll(keyword, `\`, `\\`)}
		for _, kind := range []string{``, `"type":"object"`, `"type":["object"]`, `"type":["object","null"]`, `"type":"string"`} {
			schemas := []string{keyword + "," + kind + `,"title":"t"`, kind + `,"title":"t",` + keyword}
			if kind == "" {
				schemas = []string{keyword + `,"title":"t"`}
			}
			for _, schema := range schemas {
				for _, strict := range []*bool{nil, new(true)} {
					b.text += shownSchemas(t, nil, model.Request{Tools: []model.Tool{{Name: "f", Strict: strict, InputSchema: json.RawMessage("{" + schema + "}")}}})
				}
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "schema-roots", blocks)
}

// TestGoldensSchemaLimits keeps how limits that are about a whole request are used up
// by the schemas in it, in their order.
func TestGoldensSchemaLimits(t *testing.T) {
	of := func(unions, optional int) json.RawMessage {
		properties, required := []string{`"z":{"type":"string"}`}, []string{`"z"`}
		for i := range unions {
			name := fmt.Sprintf(`"u%d"`, i)
			properties, required = append(properties, name+`:{"anyOf":[{"type":"string"},{"type":"integer"}]}`), append(required, name)
		}
		for i := range optional {
			properties = append(properties, fmt.Sprintf(`"o%d":{"type":"integer"}`, i))
		}
		return json.RawMessage(`{"type":"object","properties":{` + strings.Join(properties, ",") + `},"required":[` + strings.Join(required, ",") + `]}`)
	}
	var blocks []block
	for limit := -1; limit < 5; limit++ {
		for _, which := range []string{"unions", "optional"} {
			b := block{name: fmt.Sprintf("%d %s", limit, which)}
			for _, counts := range [][]int{{0}, {1}, {2}, {4}, {1, 1}, {2, 1}, {1, 2}, {1, 1, 1}, {2, 2, 0, 1}} {
				var req model.Request
				for i, n := range counts {
					schema := of(n, 0)
					if which == "optional" {
						schema = of(0, n)
					}
					if i > 0 && i == len(counts)-1 {
						req.Output = &model.OutputFormat{Schema: schema}
						continue
					}
					req.Tools = append(req.Tools, model.Tool{Name: fmt.Sprintf("f%d", i), Strict: new(i != 2), InputSchema: schema})
				}
				b.text += fmt.Sprintf("  %v\n", counts) + shownSchemas(t, func(f *facts.Facts) {
					f.Output.Schema.Unions, f.Output.Schema.Optional = 0, 0
					if which == "unions" {
						f.Output.Schema.Unions = max(limit, 0)
					} else {
						f.Output.Schema.Optional = limit
					}
				}, req)
			}
			blocks = append(blocks, b)
		}
	}
	// Of these the answer has every one.
	for i, schema := range []string{`{"type":"object","properties":{"a":{"$ref":"#"}}}`, `{"type":"array","minItems":2,"items":{"type":"string","minLength":1,"format":"date"}}`, `{"type":"object","patternProperties":{"a":{}}}`, `{"type":"object","additionalProperties":{"type":"string"}}`, `{"type":"object","properties":{"a":{"type":"object"}}}`, `{"$ref":"#/no"}`} {
		b := block{name: "schema " + schema}
		for _, set := range []func(*facts.Facts){
			func(f *facts.Facts) { f.Output.Schema = facts.SchemaLimits{} },
			func(f *facts.Facts) { f.Output.Schema = facts.SchemaLimits{Recursion: facts.SupportNo} },
			func(f *facts.Facts) {
				f.Output.Schema = facts.SchemaLimits{Keywords: []string{"minLength", "format", "patternProperties"}}
			},
			func(f *facts.Facts) { f.Tools.Strict, f.Output.Native = facts.SupportNo, facts.SupportNo },
		} {
			raw := json.RawMessage(schema)
			b.text += shownSchemas(t, set, model.Request{Output: &model.OutputFormat{Name: []string{"", "n"}[i%2], Description: []string{"d", ""}[i%2], Schema: raw}})
			b.text += shownSchemas(t, set, model.Request{Tools: []model.Tool{{Name: "f", Strict: new(true), InputSchema: raw}, {Name: "g", Strict: new(false), InputSchema: raw}}})
			b.text += shownSchemas(t, set, model.Request{Tools: []model.Tool{{Name: "a.b"}, {Name: "f", Strict: new(true), InputSchema: raw}}})
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "schema-limits", blocks)
}
