package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schemaRules are about schemas, of tools and of the answer.
var schemaRules = []*Rule{
	{ID: "tool-schema", About: "the root of a tool's schema has the type object", Texts: []*Text{textSchemaType, textClaudeSchema}, check: checkToolSchema},
	{ID: "tool-schema-root", About: "the root of a tool's schema has no oneOf, allOf or anyOf", Whom: "Claude, GPT", Texts: []*Text{textRootChoice, textFunctionRoot}, check: checkSchemaRoot},
	{ID: "strict", About: "the model supports strict tools", Whom: "Claude without structured output", Texts: []*Text{textExtra}, check: checkStrict},
	{ID: "native-output", About: "the model supports a schema for the answer", Whom: "see the table", Texts: []*Text{textExtra, textField}, check: checkNativeOutput},
	{ID: "closed-schema", About: "schemas that must be obeyed are closed, not recursive, and without bounds", Whom: "Claude", Texts: []*Text{textClosed, textKeyword, textRecursion}, check: checkClosedSchemas},
	{ID: "union-types", About: "the strict tools and the schema of the answer have at most 16 parameters with union types", Whom: "Claude", Texts: []*Text{textUnions}, check: checkUnionTypes},
	{ID: "optional-members", About: "the strict tools and the schema of the answer have at most 24 optional members; for GPT none", Whom: "Claude, GPT", Texts: []*Text{textOptional, textAllRequired, textAllRequiredTool}, check: checkOptionalMembers},
	{ID: "strict-tools", About: "there are at most 20 strict tools", Whom: "Claude", Texts: []*Text{textStrictTools}, check: checkStrictTools},
}

var (
	textSchemaType      = &Text{Form: "The value at toolConfig.tools.%d.toolSpec.inputSchema.json.type must be one of the following: object.", Source: sourceText}
	textClaudeSchema    = &Text{Form: "tools.%d.custom.input_schema.type: Input should be 'object'", Model: true}
	textRootChoice      = &Text{Form: "tools.%d.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level", Model: true, Source: sourceText}
	textFunctionRoot    = &Text{Form: "Invalid schema for function '%s': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.", Model: true, Source: sourceOpenAI}
	textClosed          = &Text{Form: "%s: For 'object' type, 'additionalProperties' must be explicitly set to false", Model: true, Source: sourceText}
	textKeyword         = &Text{Form: "%s: For '%s' type, property '%s' is not supported", Model: true}
	textRecursion       = &Text{Form: "%s: Recursive schemas are not supported", Model: true}
	textUnions          = &Text{Form: "Schemas contains too many parameters with union types (%d parameters with type arrays or anyOf). This causes exponential compilation cost. Reduce the number of nullable or union-typed parameters (limit: 16 parameters with unions).", Model: true, Source: sourceText}
	textOptional        = &Text{Form: "Schemas contains too many optional parameters (%d), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: 24).", Model: true, Source: sourceText}
	textAllRequired     = &Text{Form: "Invalid schema for response_format '%s': In context=(%s), 'required' is required to be supplied and to be an array including every key in properties. Missing '%s'.", Model: true, Source: sourceOpenAI}
	textAllRequiredTool = &Text{Form: "Invalid schema for function '%s': In context=(%s), 'required' is required to be supplied and to be an array including every key in properties. Missing '%s'.", Model: true, Source: sourceOpenAI}
	textStrictTools     = &Text{Form: "Too many strict tools (%d). The maximum number of strict tools supported is 20. Try reducing the number of tools marked as strict.", Model: true, Source: sourceText}
)

func checkToolSchema(in *Input) *Refusal {
	if in.Door == Invoke && in.Format != FormatAnthropic && in.Format != FormatNova {
		return nil
	}
	for n, t := range in.Request.Tools {
		if t.ServerSide {
			continue
		}
		var root struct {
			Type string `json:"type"`
		}
		if json.Unmarshal(t.InputSchema, &root) == nil && root.Type == "object" {
			continue
		}
		if in.claudeBody() {
			return in.refuse(textClaudeSchema, n)
		}
		return in.refuse(textSchemaType, n)
	}
	return nil
}

// checkSchemaRoot refuses alternatives of a tool as a whole. Models of other
// makers were seen to take them.
// https://github.com/code-yeongyu/senpi/issues/1947
func checkSchemaRoot(in *Input) *Refusal {
	if !in.Model.PlainSchemas {
		return nil
	}
	for n, t := range in.Request.Tools {
		root, _ := parsedJSON(t.InputSchema).(map[string]any)
		for _, word := range []string{"oneOf", "allOf", "anyOf"} {
			switch _, ok := root[word]; {
			case !ok:
			case in.Model.IsClaude():
				return in.refuse(textRootChoice, n)
			default:
				return in.refuse(textFunctionRoot, t.Name)
			}
		}
	}
	return nil
}

func checkStrict(in *Input) *Refusal {
	if !in.Model.NoStrict {
		return nil
	}
	for n, t := range in.Request.Tools {
		if t.Strict != nil {
			return in.refuse(textExtra.byModel(), fmt.Sprintf("tools.%d.custom.strict", n))
		}
	}
	return nil
}

// byModel returns the same text as one of the model.
func (t *Text) byModel() *Text {
	said := *t
	said.Model = true
	return &said
}

func checkNativeOutput(in *Input) *Refusal {
	switch {
	case in.Request.Output == nil || !in.Model.NoOutput:
		return nil
	case !in.Model.IsClaude():
		return in.unsupported("outputConfig.textFormat")
	case in.Model.Thinking.NoEffort: // the model has no output_config at all
		return in.refuse(textExtra.byModel(), "output_config")
	}
	return in.refuse(textExtra.byModel(), "output_config.format")
}

// obeyed calls f with every schema that the model must obey.
func obeyed(in *Input, f func(at string, schema any) *Refusal) *Refusal {
	if !in.Model.ClosedSchemas {
		return nil
	}
	if o := in.Request.Output; o != nil {
		if r := f("output_config.format.schema", parsedJSON(o.Schema)); r != nil {
			return r
		}
	}
	for n, t := range in.Request.Tools {
		if t.Strict == nil || !*t.Strict {
			continue
		}
		if r := f(fmt.Sprintf("tools.%d.custom", n), parsedJSON(t.InputSchema)); r != nil {
			return r
		}
	}
	return nil
}

func parsedJSON(data json.RawMessage) (v any) {
	_ = json.Unmarshal(data, &v) // another rule refuses invalid JSON
	return v
}

// bounds are the keywords that the model cannot obey, and therefore refuses.
// They do not include minLength and maxLength: minLength was seen to pass.
// https://docs.claude.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations
var bounds = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxItems", "uniqueItems", "minProperties", "maxProperties", "patternProperties"}

func checkClosedSchemas(in *Input) *Refusal {
	return obeyed(in, func(at string, schema any) *Refusal {
		if recursive(schema, schema, nil, map[string]bool{}) {
			return in.refuse(textRecursion, at)
		}
		return closed(in, at, schema)
	})
}

// closed checks that a schema and its subschemas can be obeyed.
func closed(in *Input, at string, schema any) *Refusal {
	s, ok := schema.(map[string]any)
	if !ok {
		return nil
	}
	kind, _ := s["type"].(string)
	// It is not known whether a schema with an empty properties member must be
	// closed as well.
	properties, told := s["properties"].(map[string]any)
	none := told && len(properties) == 0
	if kind == "object" && s["additionalProperties"] != false && !none {
		return in.refuse(textClosed, at)
	}
	for _, word := range bounds {
		if _, ok := s[word]; ok {
			return in.refuse(textKeyword, at, kind, word)
		}
	}
	if n, ok := s["minItems"].(float64); ok && n > 1 {
		return in.refuse(textKeyword, at, kind, "minItems")
	}
	for _, inner := range subschemas(s) {
		if r := closed(in, at, inner); r != nil {
			return r
		}
	}
	return nil
}

// subschemas returns the schemas in a schema, in a fixed order.
func subschemas(s map[string]any) (all []any) {
	for _, word := range []string{"properties", "$defs", "definitions"} {
		inner, _ := s[word].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(inner)) {
			all = append(all, inner[name])
		}
	}
	for _, word := range []string{"anyOf", "allOf", "oneOf", "prefixItems"} {
		inner, _ := s[word].([]any)
		all = append(all, inner...)
	}
	return append(all, s["items"], s["not"])
}

// recursive reports whether a schema refers to a schema that contains it. The
// references in done are known not to.
func recursive(root, schema any, open []string, done map[string]bool) bool {
	s, ok := schema.(map[string]any)
	if !ok {
		return false
	}
	if ref, ok := s["$ref"].(string); ok && !done[ref] {
		if slices.Contains(open, ref) || ref == "#" {
			return true
		}
		if recursive(root, resolve(root, ref), append(slices.Clone(open), ref), done) {
			return true
		}
		done[ref] = true
	}
	for _, inner := range subschemas(without(s, "$defs", "definitions")) {
		if recursive(root, inner, open, done) {
			return true
		}
	}
	return false
}

func without(s map[string]any, words ...string) map[string]any {
	s = maps.Clone(s)
	for _, w := range words {
		delete(s, w)
	}
	return s
}

// resolve returns the schema that a reference within root names.
func resolve(root any, ref string) any {
	for _, word := range []string{"$defs", "definitions"} {
		name, ok := strings.CutPrefix(ref, "#/"+word+"/")
		if s, isObject := root.(map[string]any); ok && isObject {
			defs, _ := s[word].(map[string]any)
			return defs[name]
		}
	}
	return nil
}

func checkUnionTypes(in *Input) *Refusal {
	n := 0
	_ = obeyed(in, func(_ string, schema any) *Refusal {
		n += unions(schema)
		return nil
	})
	if n <= 16 {
		return nil
	}
	return in.refuse(textUnions, n)
}

// unions counts the schemas within a schema that allow several types.
func unions(schema any) int {
	s, ok := schema.(map[string]any)
	if !ok {
		return 0
	}
	n := 0
	_, list := s["type"].([]any)
	_, any := s["anyOf"].([]any)
	if list || any {
		n = 1
	}
	for _, inner := range subschemas(s) {
		n += unions(inner)
	}
	return n
}
