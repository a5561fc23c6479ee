package bedrock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/outputschema"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// An encoder turns one neutral request into one of Converse. It is a pure
// function of its input: it reads the request, the model's family and whether
// the answer is to be streamed, and nothing else.
//
// What the family refuses is dropped, moved or changed with a warning, where
// the request keeps its meaning; where it would not, encoding fails and
// nothing is sent.
type encoder struct {
	req      *model.Request
	extra    *ProviderOptions
	family   Family
	stream   bool
	out      wire.Request
	prompt   []systemBlock   // the system messages, until they are in out
	turns    []turn          // the other messages, until they are in out
	names    map[string]bool // of the documents so far
	warnings []model.Warning
	problems []*model.Error
}

// encode returns the request's wire form and what had to be changed for it.
func encode(req *model.Request, family Family, stream bool) (*wire.Request, []model.Warning, error) {
	if err := req.Validate(); err != nil {
		return nil, nil, err
	}
	e := encoder{req: req, extra: optionsOf(req), family: family, stream: stream}
	e.tools()
	e.conversation()
	e.cache()
	e.inference()
	e.additionalFields()
	e.output()
	e.settings()
	if err := e.failure(); err != nil {
		return nil, nil, err
	}
	return &e.out, e.warnings, nil
}

func (e *encoder) warn(action model.WarningAction, field, format string, args ...any) {
	e.warnings = append(e.warnings, model.Warning{Action: action, Field: field, Reason: fmt.Sprintf(format, args...)})
}

// at names an element of a list, as in "messages[2]". Every part of a request
// is named, in case that there is something to say about it, so this is cheap.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// invalid and unsupported note what cannot be sent.
func (e *encoder) invalid(field, format string, args ...any) {
	e.problem(model.ErrInvalidRequest, field, format, args...)
}

func (e *encoder) unsupported(field, format string, args ...any) {
	e.problem(model.ErrUnsupported, field, format, args...)
}

func (e *encoder) problem(kind model.ErrorKind, field, format string, args ...any) {
	e.problems = append(e.problems, &model.Error{Kind: kind, Message: field + ": " + fmt.Sprintf(format, args...)})
}

// failure joins the problems. The first one decides on the kind.
func (e *encoder) failure() error {
	if len(e.problems) == 0 {
		return nil
	}
	texts := make([]string, len(e.problems))
	for i, p := range e.problems {
		texts[i] = p.Message
	}
	return &model.Error{Kind: e.problems[0].Kind, Message: strings.Join(texts, "; ")}
}

// familyName is for texts.
func (e *encoder) familyName() string {
	if e.family.Name == "" {
		return "this model"
	}
	return "models of the family " + e.family.Name
}

// inference sets what Converse has in common for all models.
func (e *encoder) inference() {
	req := e.req
	c := &wire.InferenceConfig{StopSequences: req.StopSequences, Temperature: req.Temperature, TopP: req.TopP}
	if req.MaxTokens > 0 {
		c.MaxTokens = &req.MaxTokens
	}
	for i, s := range req.StopSequences {
		if strings.TrimSpace(s) == "" {
			e.invalid(at("stop_sequences", i), "must hold more than white space")
		}
	}
	e.restrictSampling(c)
	if c.MaxTokens != nil || c.Temperature != nil || c.TopP != nil || len(c.StopSequences) > 0 {
		e.out.InferenceConfig = c
	}
}

// restrictSampling leaves out what the model refuses by its nature or because
// it is asked to think.
func (e *encoder) restrictSampling(c *wire.InferenceConfig) {
	drop := func(why string) {
		if c.Temperature != nil {
			e.warn(model.WarningDropped, "temperature", "%s", why)
		}
		if c.TopP != nil {
			e.warn(model.WarningDropped, "top_p", "%s", why)
		}
		c.Temperature, c.TopP = nil, nil
	}
	switch {
	case e.family.Sampling.no():
		drop(e.familyName() + " do not take sampling parameters any more")
	case e.family.Thinking == ThinkingClaude && e.thinks():
		// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
		if c.Temperature != nil && *c.Temperature != 1 {
			e.warn(model.WarningDropped, "temperature", "it must be 1 while thinking is on")
			c.Temperature = nil
		}
		if c.TopP != nil && *c.TopP < 0.95 {
			e.warn(model.WarningDropped, "top_p", "it must be 0.95 or more while thinking is on")
			c.TopP = nil
		}
	case e.family.Thinking == ThinkingNova && e.thinks() && e.effort() == "high":
		// https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
		drop("not allowed with thinking effort high")
		if c.MaxTokens != nil {
			e.warn(model.WarningDropped, "max_tokens", "not allowed with thinking effort high")
			c.MaxTokens = nil
		}
	}
	if e.family.BothSampling.no() && c.Temperature != nil && c.TopP != nil {
		e.warn(model.WarningDropped, "top_p", "this model takes temperature or top_p, not both")
		c.TopP = nil
	}
}

// additionalFields sets the model's own parameters: those that follow from
// neutral fields, and the caller's, which win.
func (e *encoder) additionalFields() {
	given := e.extra.AdditionalFields
	if len(given) > 0 && (!json.Valid(given) || !blocks.IsObject(given)) {
		e.invalid("provider_options.additional_fields", "must be a JSON object")
		return
	}
	var own fields
	e.thinkingFields(&own)
	e.topKField(&own)
	e.parallelField(&own)
	e.out.AdditionalModelRequestFields = own.over(given, func(name string) {
		e.warn(model.WarningDropped, own.origin(name), "provider_options.additional_fields sets %s itself", name)
	})
}

func (e *encoder) topKField(own *fields) {
	k := e.req.TopK
	switch {
	case k == 0:
	case e.family.Thinking == ThinkingClaude && e.thinks():
		e.warn(model.WarningDropped, "top_k", "not allowed while thinking is on")
	case e.family.TopK == TopKNone:
		e.warn(model.WarningDropped, "top_k", "%s have no such parameter", e.familyName())
	case e.family.TopK == TopKNested:
		own.set("inferenceConfig", "top_k", map[string]int{"topK": k})
	case e.family.TopK == TopKShort:
		own.set("k", "top_k", k)
	default:
		own.set("top_k", "top_k", k)
	}
}

// output asks for an answer by JSON Schema. The service wants objects closed.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
func (e *encoder) output() {
	o := e.req.Output
	if effort := e.extra.OutputEffort; effort != "" {
		e.out.OutputConfig = &wire.OutputConfig{Effort: effort}
	}
	if o == nil {
		return
	}
	if e.family.NativeOutput.no() {
		e.unsupported("output", "%s have no structured output of their own; have a tool called with the answer instead, as runnable.Structured does", e.familyName())
		return
	}
	schema, err := outputschema.Close(o.Schema)
	if err != nil {
		e.invalid("output.schema", "%v", err)
		return
	}
	if e.out.OutputConfig == nil {
		e.out.OutputConfig = &wire.OutputConfig{}
	}
	e.out.OutputConfig.TextFormat = &wire.TextFormat{Type: "json_schema", Structure: &wire.TextStructure{
		JSONSchema: &wire.JSONSchema{Name: optional(o.Name), Description: optional(o.Description), Schema: string(schema)}}}
}

// settings passes on what is Bedrock's own.
func (e *encoder) settings() {
	x := e.extra
	e.out.AdditionalModelResponseFieldPaths = x.ResponseFieldPaths
	e.out.RequestMetadata = x.Metadata
	if x.Latency != "" {
		e.out.PerformanceConfig = &wire.PerformanceConfig{Latency: x.Latency}
	}
	if x.ServiceTier != "" {
		e.out.ServiceTier = &wire.ServiceTier{Type: x.ServiceTier}
	}
	if len(x.PromptVariables) > 0 {
		e.out.PromptVariables = make(map[string]wire.PromptVariable, len(x.PromptVariables))
		for name, text := range x.PromptVariables {
			e.out.PromptVariables[name] = wire.PromptVariable{Text: &text}
		}
	}
	if g := x.Guardrail; g != nil {
		if g.ID == "" || g.Version == "" {
			e.invalid("provider_options.guardrail", "needs both id and version")
		}
		c := &wire.GuardrailConfig{GuardrailIdentifier: g.ID, GuardrailVersion: g.Version, Trace: g.Trace}
		if e.stream {
			c.StreamProcessingMode = g.StreamMode
		}
		e.out.GuardrailConfig = c
	}
}

// fields are members of the additional fields that follow from neutral ones.
type fields struct {
	names   []string
	values  map[string]json.RawMessage
	origins map[string]string // the neutral field of each
}

func (f *fields) set(name, origin string, value any) {
	if f.values == nil {
		f.values, f.origins = map[string]json.RawMessage{}, map[string]string{}
	}
	data, _ := json.Marshal(value) // values are built here, of types that cannot fail
	f.names = append(f.names, name)
	f.values[name], f.origins[name] = data, origin
}

func (f *fields) origin(name string) string { return f.origins[name] }

// over returns the object given with the fields added to it. A member that it
// has already stays, and is reported. Its bytes stay as they are.
func (f *fields) over(given json.RawMessage, taken func(name string)) json.RawMessage {
	if len(f.names) == 0 {
		return given
	}
	var has map[string]json.RawMessage
	if len(given) > 0 {
		_ = json.Unmarshal(given, &has) // known to be an object
	}
	var b bytes.Buffer
	for _, name := range f.names {
		if _, ok := has[name]; ok {
			taken(name)
			continue
		}
		separator := ","
		if b.Len() == 0 {
			separator = "{"
		}
		fmt.Fprintf(&b, "%s%q:%s", separator, name, f.values[name])
	}
	switch {
	case b.Len() == 0:
		return given
	case len(has) == 0:
		b.WriteByte('}')
	default:
		inner := bytes.TrimSpace(given)
		b.WriteByte(',')
		b.Write(inner[1:])
	}
	return b.Bytes()
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
