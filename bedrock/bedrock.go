package bedrock

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/native"
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

	// BaseModel is the id of the model behind the model id, where that does
	// not tell: behind a provisioned, custom or imported model, or an
	// application inference profile. It is used to find the Family and to
	// count tokens, and never sent in place of the model id.
	BaseModel string

	// Family replaces what this package knows of the model. Nil means
	// [FamilyOf] the base model.
	Family *Family

	// Profiles looks up the model behind an application inference profile,
	// when one is first used and BaseModel is empty. It is a *bedrock.Client
	// of the AWS SDK (service/bedrock). Nil means that such a model's family
	// is unknown; [Open] fills it in.
	Profiles ProfileGetter
}

// ProfileGetter is the one operation of Bedrock's control plane in use. It
// needs the permission bedrock:GetInferenceProfile; without that permission
// the model works, its family being unknown.
type ProfileGetter interface {
	GetInferenceProfile(ctx context.Context, in *controlplane.GetInferenceProfileInput, options ...func(*controlplane.Options)) (*controlplane.GetInferenceProfileOutput, error)
}

// A Model is a chat model on Amazon Bedrock, over the Converse API or, if made
// by [NewInvoke] or [OpenInvoke], over InvokeModel. It implements
// [model.ChatModel], [model.TokenCounter] and [model.CapabilityReporter]. It is
// safe for concurrent use. It is made by these two, [New] and [Open] only.
type Model struct {
	// The client is behind a function, since it holds credentials: no verb of
	// fmt looks into that, also where a Model is an unexported field of
	// something that is printed.
	client      func() *bedrockruntime.Client
	id          string
	base        string // the base model's id, as far as the model id or options tell
	family      Family
	familyGiven bool         // by Options.Family, so that there is nothing to look up
	native      native.Codec // for InvokeModel; nil for Converse
	format      Format       // of native
	resolver    *resolver    // nil if base and family are all there is to know
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
	m := &Model{client: func() *bedrockruntime.Client { return client }, id: modelID, base: baseModel(modelID)}
	switch {
	case o.BaseModel != "":
		m.base = baseModel(o.BaseModel)
	case isApplicationProfile(modelID):
		m.base = ""
		if o.Profiles != nil {
			m.resolver = newResolver(o.Profiles, modelID)
		}
	}
	m.family = FamilyOf(m.base)
	if o.Family != nil {
		m.family, m.familyGiven = *o.Family, true
	}
	return m, nil
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
	body, warnings, err := prepare(ctx)
	if err != nil {
		return nil, c.label(err)
	}
	if m.native != nil {
		return m.invoke(ctx, c, req, body, warnings)
	}
	x := &exchange{body: body}
	requests, end := x.begin(ctx)
	defer end()
	if _, err := m.client().Converse(requests, &bedrockruntime.ConverseInput{ModelId: &m.id}, x.options); err != nil {
		return nil, c.failed(ctx, x, err)
	}
	w, err := wire.ParseResponse(x.data)
	if err == nil && w.Message == nil {
		err = errors.New("it holds no message; is the endpoint that of Bedrock Runtime?")
	}
	if err != nil {
		return nil, c.malformed(x, err)
	}
	resp := decode(w, m.id, x.requestID())
	resp.Warnings = append(warnings, resp.Warnings...)
	return resp, nil
}

// CountTokens counts the tokens of a request's prompt by the service's
// operation of that name. The service knows base models only and, of those,
// some; for others the error is of kind [model.ErrUnsupported].
func (m *Model) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	c := call{"count tokens", m.id}
	if e := model.ContextError(ctx); e != nil {
		return 0, c.label(e)
	}
	base, family, err := m.resolveBase(ctx, c)
	if err != nil {
		return 0, err
	}
	body, err := m.countBody(req, family)
	if err != nil {
		return 0, c.label(err)
	}
	x := &exchange{body: body}
	requests, end := x.begin(ctx)
	defer end()
	in := &bedrockruntime.CountTokensInput{ModelId: &base, Input: &types.CountTokensInputMemberConverse{}}
	if _, err := m.client().CountTokens(requests, in, x.options); err != nil {
		return 0, c.failed(ctx, x, err)
	}
	resp, err := wire.ParseCountTokensResponse(x.data)
	if err != nil {
		return 0, c.malformed(x, err)
	}
	return resp.InputTokens, nil
}

// countBody is the body of CountTokens: the request in one of its two forms.
func (m *Model) countBody(req *model.Request, family Family) ([]byte, error) {
	if m.native != nil {
		body, _, err := m.encode(req, family, false)
		return wire.AppendCountTokensRequest(nil, &wire.CountTokensRequest{InvokeModel: body}), err
	}
	w, _, err := encode(req, family, false)
	if err != nil {
		return nil, err
	}
	return wire.AppendCountTokensRequest(nil, &wire.CountTokensRequest{Converse: w}), nil
}

// encode returns the body of a call.
func (m *Model) encode(req *model.Request, family Family, stream bool) ([]byte, []model.Warning, error) {
	if m.native != nil {
		return encodeNative(m.native, req, family, stream)
	}
	w, warnings, err := encode(req, family, stream)
	if err != nil {
		return nil, nil, err
	}
	return wire.AppendRequest(nil, w), warnings, nil
}

// A preparation is a request's body and the warnings about it.
type preparation func(ctx context.Context) (body []byte, warnings []model.Warning, err error)

// prepare encodes a request at once, so that the caller may change it as soon
// as the call returns; or later, from a copy, if the family must be looked up
// first and that would use the network.
func (m *Model) prepare(req *model.Request, stream bool) (preparation, error) {
	if err := checkSettings(req); err != nil {
		return nil, err
	}
	if m.resolver != nil && !m.familyGiven {
		if err := req.Validate(); err != nil {
			return nil, err
		}
		req = req.Clone()
		return func(ctx context.Context) ([]byte, []model.Warning, error) {
			family, first, err := m.resolve(ctx)
			if err != nil {
				return nil, nil, err
			}
			body, warnings, err := m.encode(req, family, stream)
			return body, append(first, warnings...), err
		}, nil
	}
	body, warnings, err := m.encode(req, m.family, stream)
	if err != nil {
		return nil, err
	}
	return func(context.Context) ([]byte, []model.Warning, error) { return body, warnings, nil }, nil
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

// malformed reports a successful response whose body makes no sense.
func (c call) malformed(x *exchange, err error) error {
	e := c.error(model.ErrMalformed, fmt.Sprintf("the answer cannot be read: %v", err))
	e.Status, e.RequestID, e.Err = 200, x.requestID(), err
	return x.clean(e)
}

func (x *exchange) requestID() string { return x.resp.Get("X-Amzn-Requestid") }
