package bedrock

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Codec encodes requests as the bodies that a model takes and decodes the
// bodies that it returns, by the facts and rules of [Model] but without a
// client. It is for batch jobs, queues, files and anything else that carries
// bodies instead of calls. It is made by [NewCodec] only, and safe for concurrent use.
type Codec struct{ m *Model }

// A Body is a request as a [Codec] has written it.
type Body struct {
	// JSON is the body of Converse, or that of InvokeModel in the codec's
	// format: one JSON object without a line break.
	JSON []byte

	// Warnings list what had to be changed in the request.
	Warnings []model.Warning

	// ResponseFieldPaths are those of [ProviderOptions], which [Codec.Decode]
	// needs. Converse has them in its body too.
	ResponseFieldPaths []string
}

// NewCodec returns the codec of the model with the given id, for the door that
// Options.Format names. Options may be nil; Region, Profile, Profiles and
// NoAdaptation are not used. The model behind an application inference profile
// is not looked up; name it in Options.BaseModel.
func NewCodec(modelID string, options *Options) (*Codec, error) {
	var o Options
	if options != nil {
		o = *options
	}
	o.Profiles, o.NoAdaptation = nil, true
	c := call{"open", modelID}
	if err := c.checkNames(&o); err != nil {
		return nil, err
	}
	m, err := c.model(&o)
	if err != nil {
		return nil, err
	}
	return &Codec{m}, nil
}

// ID returns the model's id.
func (c *Codec) ID() string { return c.m.id }

// Format returns the form of the bodies: [FormatConverse], or the format of
// InvokeModel that [FormatAuto] stood for.
func (c *Codec) Format() Format {
	if d, ok := c.m.door.(*invokeDoor); ok {
		return d.format
	}
	return FormatConverse
}

// Info returns what [Model.Info] does.
func (c *Codec) Info() model.Info { return c.m.Info() }

// Capabilities returns what [Model.Capabilities] does.
func (c *Codec) Capabilities() model.Capabilities { return c.m.Capabilities() }

// Limits returns what [Model.Limits] does.
func (c *Codec) Limits() model.Limits { return c.m.Limits() }

// Encode writes the body that [Model.Generate] would send. The error is a
// [*model.Error] that lists all that speaks against the request.
//
// The guardrail, latency, service tier and metadata of [ProviderOptions] are in
// the body of Converse. For InvokeModel they would be headers, which a body does
// not have, so that they are an error of kind [model.ErrUnsupported].
func (c *Codec) Encode(req *model.Request) (*Body, error) {
	k := call{"encode", c.m.id}
	s, err := c.m.plan(req, c.m.known(), false)
	if err != nil {
		return nil, k.label(err)
	}
	if fields := headersOf(s.settings); c.Format() != FormatConverse && len(fields) > 0 {
		return nil, k.error(model.ErrUnsupported, "provider_options."+strings.Join(fields, ", provider_options.")+
			": goes into a header of InvokeModel, and a body has none; leave it out, or use FormatConverse")
	}
	return &Body{JSON: oneLine(s.body), Warnings: s.warnings, ResponseFieldPaths: s.settings.ResponseFieldPaths}, nil
}

// oneLine makes spaces of the line breaks in valid JSON, which the caller's
// schemas and fields may have between their tokens, and nowhere else.
func oneLine(body []byte) []byte {
	for i, c := range body {
		if c == '\n' || c == '\r' {
			body[i] = ' '
		}
	}
	return body
}

// headersOf names the settings that InvokeModel has headers for.
func headersOf(s plan.Settings) (fields []string) {
	for _, f := range []struct {
		set  bool
		name string
	}{
		{s.Guardrail != nil, "guardrail"},
		{s.Latency != "", "latency"},
		{s.ServiceTier != "", "service_tier"},
		{len(s.Metadata) > 0, "metadata"},
	} {
		if f.set {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// Decode reads the body of an answer and returns what [Model.Generate] would
// have returned for the request that b is: its warnings are part of that. What a
// service says in headers alone is not known: a request id, and the usage of
// models that have none in their bodies. B may be nil if only the answer is
// there. An answer that reports a failure, and one that cannot be read, are
// errors.
func (c *Codec) Decode(b *Body, answer []byte) (*model.Response, error) {
	k := call{"decode", c.m.id}
	s := &sending{model: c.m.id, behind: c.m.known()}
	if b != nil {
		s.warnings, s.settings.ResponseFieldPaths = slices.Clone(b.Warnings), b.ResponseFieldPaths
	}
	resp, err := c.m.door.read(k, s, answer, http.Header{})
	if err != nil {
		return nil, err
	}
	s.behind.answered(resp)
	return resp, nil
}

// Failure returns the error that [Model.Generate] would return for a failure of
// the service with that status, exception and text, as one is found in files and
// queues. Op says what failed, such as "batch". Status and code may be zero and
// empty.
func (c *Codec) Failure(op string, status int, code, message string) *model.Error {
	e := call{op, c.m.id}.error(kindOf(code, status, message), cmp.Or(message, withStatus(noReason, status)))
	e.Status, e.Code = status, code
	return e
}
