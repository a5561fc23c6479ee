package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Request is the body of Converse and ConverseStream. The model id is part of
// the path. Nil is absent everywhere; an empty list is sent as it is.
//
// Servers read requests with it. The client writes its own straight from a plan,
// without building one; see package converse.
type Request struct {
	AdditionalModelRequestFields      json.RawMessage // a document
	AdditionalModelResponseFieldPaths []string        // JSON pointers
	GuardrailConfig                   *GuardrailConfig
	InferenceConfig                   *InferenceConfig
	Messages                          []Message
	OutputConfig                      *OutputConfig
	PerformanceConfig                 *PerformanceConfig
	PromptVariables                   map[string]PromptVariable
	RequestMetadata                   map[string]string
	ServiceTier                       *ServiceTier
	System                            []SystemBlock
	ToolConfig                        *ToolConfig
}

func (r *Request) fields(c *codec) {
	c.document("additionalModelRequestFields", &r.AdditionalModelRequestFields)
	c.words("additionalModelResponseFieldPaths", &r.AdditionalModelResponseFieldPaths)
	object(c, "guardrailConfig", &r.GuardrailConfig, (*GuardrailConfig).fields)
	object(c, "inferenceConfig", &r.InferenceConfig, (*InferenceConfig).fields)
	list(c, "messages", &r.Messages, (*Message).fields)
	object(c, "outputConfig", &r.OutputConfig, (*OutputConfig).fields)
	object(c, "performanceConfig", &r.PerformanceConfig, (*PerformanceConfig).fields)
	dictionary(c, "promptVariables", &r.PromptVariables, promptVariable)
	dictionary(c, "requestMetadata", &r.RequestMetadata, (*codec).text)
	object(c, "serviceTier", &r.ServiceTier, (*ServiceTier).fields)
	list(c, "system", &r.System, (*SystemBlock).fields)
	object(c, "toolConfig", &r.ToolConfig, (*ToolConfig).fields)
}

// ParseRequest reads the body of Converse or ConverseStream. If strict is set,
// members that this version does not know are refused at every level it knows,
// as the service does; otherwise they are skipped, or kept as [Unknown] where
// they stand for a kind of content. The error is a [*FieldError]. The request
// shares no memory with data.
func ParseRequest(data []byte, strict bool) (*Request, error) {
	r := new(Request)
	if err := decode(data, strict, r, (*Request).fields); err != nil {
		return nil, err
	}
	return r, nil
}

// GuardrailConfig names the guardrail of a request. StreamProcessingMode exists
// in ConverseStream only: the protocol has two types for it, the SDK as well.
type GuardrailConfig struct {
	GuardrailIdentifier  string
	GuardrailVersion     string
	StreamProcessingMode string // sync, async
	Trace                string // enabled, disabled, enabled_full
}

func (g *GuardrailConfig) fields(c *codec) {
	c.word("guardrailIdentifier", &g.GuardrailIdentifier)
	c.word("guardrailVersion", &g.GuardrailVersion)
	c.word("streamProcessingMode", &g.StreamProcessingMode)
	c.word("trace", &g.Trace)
}

// InferenceConfig holds the parameters that all models share.
type InferenceConfig struct {
	MaxTokens     *int
	StopSequences []string
	Temperature   *float64
	TopP          *float64
}

func (i *InferenceConfig) fields(c *codec) {
	c.whole("maxTokens", &i.MaxTokens)
	c.words("stopSequences", &i.StopSequences)
	c.float("temperature", &i.Temperature)
	c.float("topP", &i.TopP)
}

// OutputConfig asks for an effort and a format of the answer.
type OutputConfig struct {
	Effort     string
	TextFormat *TextFormat
}

func (o *OutputConfig) fields(c *codec) {
	c.word("effort", &o.Effort)
	object(c, "textFormat", &o.TextFormat, (*TextFormat).fields)
}

// TextFormat is the format of the text of an answer.
type TextFormat struct {
	Structure *TextStructure
	Type      string // json_schema
}

func (t *TextFormat) fields(c *codec) {
	object(c, "structure", &t.Structure, (*TextStructure).fields)
	c.word("type", &t.Type)
}

// TextStructure is the structure of a text format. Exactly one field is set.
type TextStructure struct {
	JSONSchema *JSONSchema
	Unknown    *Unknown
}

func (t *TextStructure) fields(c *codec) {
	object(c, "jsonSchema", &t.JSONSchema, (*JSONSchema).fields)
	c.union(&t.Unknown)
}

// JSONSchema is a schema for the answer. Schema holds JSON inside a string, while
// the schema of a tool is a document.
type JSONSchema struct {
	Description *string
	Name        *string
	Schema      string
}

func (j *JSONSchema) fields(c *codec) {
	c.optional("description", &j.Description)
	c.optional("name", &j.Name)
	c.text("schema", &j.Schema)
}

// PerformanceConfig asks for, or reports, the latency class.
type PerformanceConfig struct {
	Latency string // standard, optimized
}

func (p *PerformanceConfig) fields(c *codec) { c.word("latency", &p.Latency) }

// ServiceTier asks for, or reports, the tier that serves a request.
type ServiceTier struct {
	Type string // priority, default, flex, reserved
}

func (s *ServiceTier) fields(c *codec) { c.word("type", &s.Type) }

// PromptVariable is the value of a variable of a managed prompt. Exactly one
// field is set.
type PromptVariable struct {
	Text    *string
	Unknown *Unknown
}

func (p *PromptVariable) fields(c *codec) {
	c.optional("text", &p.Text)
	c.union(&p.Unknown)
}

// promptVariable is a value of a dictionary. A null there is no value.
func promptVariable(c *codec, name string, v *PromptVariable) {
	ptr := v
	object(c, name, &ptr, (*PromptVariable).fields)
	if ptr != nil {
		*v = *ptr
	}
}

// SystemBlock is a part of the system prompt. Exactly one field is set.
type SystemBlock struct {
	CachePoint   *CachePoint
	GuardContent *GuardContent
	Text         *string
	Unknown      *Unknown
}

func (s *SystemBlock) fields(c *codec) {
	object(c, "cachePoint", &s.CachePoint, (*CachePoint).fields)
	object(c, "guardContent", &s.GuardContent, (*GuardContent).fields)
	c.optional("text", &s.Text)
	c.union(&s.Unknown)
}

// ToolConfig offers tools to the model. Tools is a required list: nil leaves it
// out, which the service refuses.
type ToolConfig struct {
	ToolChoice *ToolChoice
	Tools      []Tool
}

func (t *ToolConfig) fields(c *codec) {
	object(c, "toolChoice", &t.ToolChoice, (*ToolChoice).fields)
	list(c, "tools", &t.Tools, (*Tool).fields)
}

// Tool is an entry of the list of tools. Exactly one field is set.
type Tool struct {
	CachePoint *CachePoint
	SystemTool *SystemTool
	ToolSpec   *ToolSpec
	Unknown    *Unknown
}

func (t *Tool) fields(c *codec) {
	object(c, "cachePoint", &t.CachePoint, (*CachePoint).fields)
	object(c, "systemTool", &t.SystemTool, (*SystemTool).fields)
	object(c, "toolSpec", &t.ToolSpec, (*ToolSpec).fields)
	c.union(&t.Unknown)
}

// SystemTool is a tool that the service itself runs.
type SystemTool struct{ Name string }

func (s *SystemTool) fields(c *codec) { c.text("name", &s.Name) }

// ToolSpec is a tool that the caller runs.
type ToolSpec struct {
	Description *string
	InputSchema *InputSchema
	Name        string
	Strict      *bool
}

func (t *ToolSpec) fields(c *codec) {
	c.optional("description", &t.Description)
	object(c, "inputSchema", &t.InputSchema, (*InputSchema).fields)
	c.text("name", &t.Name)
	c.flag("strict", &t.Strict)
}

// InputSchema describes the input of a tool. Exactly one field is set.
type InputSchema struct {
	JSON    json.RawMessage // a document
	Unknown *Unknown
}

func (i *InputSchema) fields(c *codec) {
	c.document("json", &i.JSON)
	c.union(&i.Unknown)
}

// ToolChoice says whether the model must call a tool. Exactly one field is set.
type ToolChoice struct {
	Any     *Empty
	Auto    *Empty
	Tool    *ToolName
	Unknown *Unknown
}

func (t *ToolChoice) fields(c *codec) {
	object(c, "any", &t.Any, (*Empty).fields)
	object(c, "auto", &t.Auto, (*Empty).fields)
	object(c, "tool", &t.Tool, (*ToolName).fields)
	c.union(&t.Unknown)
}

// Empty is an object without members.
type Empty struct{}

func (*Empty) fields(*codec) {}

// ToolName names the tool that must be called.
type ToolName struct{ Name string }

func (t *ToolName) fields(c *codec) { c.text("name", &t.Name) }

// dictionary is an object whose names are data; nil is absent, empty is not.
// Writing sorts the names, so that equal requests have equal bytes. The function
// value is a kind of member, as those in member.go are.
func dictionary[T any](c *codec, name string, v *map[string]T, value func(c *codec, name string, v *T)) {
	if c.writing {
		if *v == nil {
			return
		}
		c.key(name)
		c.buf = append(c.buf, '{')
		c.comma = false
		for _, k := range slices.Sorted(maps.Keys(*v)) {
			elem := (*v)[k]
			value(c, k, &elem)
		}
		c.buf = append(c.buf, '}')
		c.comma = true
		return
	}
	raw := c.wanted(name, '{', "an object")
	if raw == nil {
		return
	}
	defer c.pop(c.push(name))
	readObject(c, raw, v, func(m *map[string]T, c *codec) {
		*m = map[string]T{}
		for i := c.base; i < len(c.stack) && c.err == nil; i++ {
			k := string(c.stack[i].name)
			var elem T
			value(c, k, &elem)
			(*m)[k] = elem
		}
	})
}

// float is a number that may be absent.
func (c *codec) float(name string, v **float64) {
	if c.writing {
		if *v != nil {
			c.key(name)
			c.buf = rawjson.AppendFloat(c.buf, **v)
		}
		return
	}
	value := c.present(name)
	if value == nil {
		return
	}
	f, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		c.failAt(name, "want a number, got %s", outside(value))
		return
	}
	*v = &f
}
