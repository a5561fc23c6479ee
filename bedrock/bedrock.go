package bedrock

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options adjusts a [Model]. The zero value, and nil, suit most uses.
type Options struct {
	// Region replaces the region of the environment and the shared
	// configuration, such as "us-east-1". It is for [Open] and [OpenInvoke];
	// the client that [New] is given has a region.
	Region string

	// Profile replaces AWS_PROFILE: the profile of the shared configuration
	// files that is read. It is for [Open] and [OpenInvoke], as Region is.
	Profile string

	// BaseModel is the id of the model behind a model id that does not name it:
	// that of a provisioned, custom or imported model, or of an application
	// inference profile. It is used to look up the facts and to count tokens,
	// and never sent in place of the model id.
	BaseModel string

	// Format chooses between Converse (zero) and InvokeModel, and for
	// InvokeModel the form of the bodies.
	Format Format

	// Facts, if not nil, changes what this package knows of the model, for a
	// model behind a gateway or a fact that changed yesterday. It is called with
	// a copy of the result of [facts.Lookup] before that is used, once or a few
	// times, possibly by several goroutines.
	Facts func(*facts.Facts)

	// FillResults repairs a history whose tool calls and results do not match,
	// such as one that was cut off or written by hand. A call without a result
	// gets one that says so, and a result without a call is sent as text, each
	// with a warning. If FillResults is false, such a history is an error of
	// kind [model.ErrInvalidRequest] that names the parts, and nothing is sent.
	FillResults bool

	// NoAdaptation returns every refusal by the service unchanged. If it is
	// false and the service refuses a setting that a request can do without,
	// such as a temperature, the call is planned and sent again without that
	// setting: at most three times, and never after the first event of a
	// stream. The answer has a warning that quotes the service, and the model
	// remembers the refusal for an hour.
	NoAdaptation bool

	// Profiles looks up the model behind an application inference profile,
	// when one is first used and BaseModel is empty. It is a *bedrock.Client
	// of the AWS SDK (service/bedrock). Nil means that such a model is
	// unknown; [Open] fills it in.
	Profiles ProfileGetter
}

// ProfileGetter is the one operation of Bedrock's control plane in use. It
// needs the permission bedrock:GetInferenceProfile; without that permission
// the model works, with less known of what it refuses.
type ProfileGetter interface {
	GetInferenceProfile(ctx context.Context, in *controlplane.GetInferenceProfileInput, options ...func(*controlplane.Options)) (*controlplane.GetInferenceProfileOutput, error)
}

// A Model is a chat model on Amazon Bedrock, over the Converse API or, by
// [Options.Format], over InvokeModel. It implements [model.ChatModel],
// [model.TokenCounter] and [model.CapabilityReporter]. It is safe for concurrent
// use. It is made by [New] and [Open] only.
type Model struct {
	// The client is behind a function, since it holds credentials: no verb of
	// fmt looks into that, also where a Model is an unexported field of
	// something that is printed.
	client   func() *bedrockruntime.Client
	id       string
	path     string // the id as it stands in a path
	door     door
	prompt   bool               // the id is that of a prompt of Prompt management
	change   func(*facts.Facts) // Options.Facts
	asked    *subject           // the model, as far as the model id or the options name it
	resolver *resolver          // nil if that is all there is to know
	fill     bool               // Options.FillResults
	once     bool               // Options.NoAdaptation
	memory   *memory            // of refusals by the service
	rooms    *sync.Pool         // of *room, for answers
}

// A subject is the model behind an id, and what is known of it.
type subject struct {
	base  string // the id of the base model, empty if it is not known
	facts facts.Facts
}

// subject returns what is known of a base model.
func (m *Model) subject(base string) *subject {
	return &subject{base: base, facts: facts.Lookup(base).Override(m.change)}
}

// known returns the model behind the id, as far as it has been found.
func (m *Model) known() *subject {
	s := m.asked
	if m.resolver != nil {
		if found := m.resolver.found.Load(); found != nil {
			s = found
		}
	}
	return m.memory.apply(s)
}

// Open returns the model with the given id, with the default configuration of
// the AWS SDK: environment, shared configuration files, container and
// instance roles; Options.Region and Options.Profile replace what these say.
// For anything else, make a client and use [New].
//
// The id may be that of a model, of a cross-region inference profile such as
// "us.anthropic.claude-sonnet-4-5-20250929-v1:0", or an ARN. It is sent as it
// is. Opening a model does not use the network. A region or a profile that there
// cannot be is an error of kind [model.ErrInvalidRequest].
func Open(ctx context.Context, modelID string, options *Options) (*Model, error) {
	c := call{"open", modelID}
	var o Options
	if options != nil {
		o = *options
	}
	cfg, err := config.LoadDefaultConfig(ctx, o.loadOptions()...)
	if err != nil {
		return nil, c.notLoaded(err)
	}
	client := bedrockruntime.NewFromConfig(cfg)
	if cfg.Region == "" && client.Options().BaseEndpoint == nil {
		return nil, c.error(model.ErrInvalidRequest, noRegion)
	}
	o.Region, o.Profile = "", "" // cfg has them
	if o.Profiles == nil {
		o.Profiles = controlplane.NewFromConfig(cfg)
	}
	return New(client, modelID, &o)
}

// New returns the model with the given id, reached by the given client. The
// client brings region, credentials, endpoint, HTTP client and retries; see
// the package documentation for examples. Options may be nil.
func New(client *bedrockruntime.Client, modelID string, options *Options) (*Model, error) {
	c := call{"open", modelID}
	var o Options
	if options != nil {
		o = *options
	}
	if err := c.checkNames(&o); err != nil {
		return nil, err
	}
	switch {
	case client == nil:
		return nil, c.error(model.ErrInvalidRequest, "the client is nil")
	case o.Region != "" || o.Profile != "":
		return nil, c.error(model.ErrInvalidRequest, "Options.Region and Options.Profile are for Open and OpenInvoke; give the client its region and credentials")
	}
	if err := c.checkClient(client.Options()); err != nil {
		return nil, err
	}
	if !signs(client.Options()) {
		return nil, c.error(model.ErrAuthentication, "the client has no credentials; give it some, or a bearer token")
	}
	m, err := c.model(&o)
	if err != nil {
		return nil, err
	}
	m.client = func() *bedrockruntime.Client { return client }
	return m, nil
}

// model returns the model that the options make of the id, without a client.
func (c call) model(o *Options) (*Model, error) {
	m := &Model{id: c.modelID, path: httpbinding.EscapePath(c.modelID, true), change: o.Facts, fill: o.FillResults, once: o.NoAdaptation,
		memory: &memory{}, rooms: &sync.Pool{New: func() any { return new(room) }}}
	id := modelid.Parse(c.modelID)
	m.prompt = id.Kind == modelid.Prompt
	base := id.Base
	switch {
	case o.BaseModel != "":
		base = modelid.Parse(o.BaseModel).Base
	case id.Kind == modelid.AppProfile && o.Profiles != nil:
		m.resolver = newResolver(o.Profiles, c.modelID)
	}
	m.asked = m.subject(base)
	var err error
	m.door, err = c.door(o, m.asked)
	return m, err
}

// signs reports whether the client has anything to sign requests with. The
// SDK panics in the middle of a call if it has not.
func signs(o bedrockruntime.Options) bool {
	if o.BearerAuthTokenProvider != nil {
		return true
	}
	return o.Credentials != nil && !aws.IsCredentialsProvider(o.Credentials, aws.AnonymousCredentials{})
}

// ID returns the model's id, as it is sent.
func (m *Model) ID() string { return m.id }

// Generate answers by Converse or InvokeModel.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	c := call{"generate", m.id}
	if e := model.ContextError(ctx); e != nil {
		return nil, c.label(e)
	}
	prepare, err := m.prepare(req, false)
	if err != nil {
		return nil, c.label(err)
	}
	s, err := prepare(ctx)
	if err != nil {
		return nil, c.label(err)
	}
	return m.generate(ctx, c, s)
}

// Stream answers by ConverseStream or InvokeModelWithResponseStream. Frames are read and checked on the
// goroutine that ranges over the stream. The answer is complete when the
// service has said so (messageStop, or what the model's own format has for it);
// the usage comes after that, and is not known if the stream ends cleanly without it.
//
// Where the model cannot stream what is asked for, as tools with some models,
// one call is made instead and its parts come as events, with a warning.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	info := model.StreamInfo{Provider: Provider, Model: m.id, Base: m.known().base}
	c := call{"stream", m.id}
	prepare, err := m.prepare(req, true)
	if err != nil {
		return model.FailedStream(ctx, info, c.label(err))
	}
	var stream *model.Stream
	stream = model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		s, err := prepare(ctx)
		if err != nil {
			return c.label(err)
		}
		info.Base = s.behind.base // it may have been looked up
		stream.Relabel(info)
		return m.stream(ctx, c, s, emit)
	})
	return stream
}

// CountTokens counts the tokens of a request's prompt by the service's
// operation of that name. The service knows base models only and, of those,
// some; for others the error is of kind [model.ErrUnsupported].
func (m *Model) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	c := call{"count tokens", m.id}
	if e := model.ContextError(ctx); e != nil {
		return 0, c.label(e)
	}
	s, err := m.countable(ctx, c)
	if err != nil {
		return 0, err
	}
	p, err := plan.New(req, m.input(optionsOf(req), &s.facts, false))
	if err != nil {
		return 0, c.label(err)
	}
	x := &exchange{body: m.door.count(nil, p)}
	requests, end := x.begin(ctx)
	defer end()
	in := &bedrockruntime.CountTokensInput{ModelId: &s.base, Input: &types.CountTokensInputMemberConverse{}}
	if _, err := m.client().CountTokens(requests, in, x.options); err != nil {
		return 0, c.failed(ctx, x, err)
	}
	resp, err := wire.ParseCountTokensResponse(x.data)
	if err != nil {
		return 0, x.clean(c.unreadable(x.requestID(), x.data, err))
	}
	return resp.InputTokens, nil
}

// label says where an error of the neutral layer happened.
func (c call) label(err error) error {
	e, ok := err.(*model.Error)
	if !ok {
		return err
	}
	labelled := *e
	labelled.Provider, labelled.Op, labelled.Model = Provider, c.op, c.modelID
	return &labelled
}

// unreadable reports a successful response whose body was cut off, or makes no
// sense.
func (c call) unreadable(requestID string, body []byte, err error) error {
	kind, message := model.ErrMalformed, "the answer cannot be read"
	if isBeginning(body) {
		kind, message = model.ErrTruncated, fmt.Sprintf("the answer broke off after %d bytes", len(body))
	}
	e := c.error(kind, fmt.Sprintf("%s: %v", message, err))
	e.Status, e.RequestID, e.Err = 200, requestID, err
	return e
}

// isBeginning reports whether nothing is wrong with a body of JSON but that it
// ends too early. A body without a length, or one that a proxy has cut, ends
// like one that is whole.
func isBeginning(body []byte) bool {
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return err == io.EOF || err == io.ErrUnexpectedEOF
}

func (x *exchange) requestID() string { return requestID(x.resp) }

func requestID(h http.Header) string { return h.Get("X-Amzn-Requestid") }
