package backend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options configure a [Model]. Nil means the zero value.
type Options struct {
	// Model is the back end's name for its model. If it is empty, NameOf is
	// required.
	Model string

	// NameOf returns the back end's name for the model of a call. It must be
	// safe for concurrent use.
	NameOf func(ctx context.Context) string

	// APIKey, if not empty, is sent as a bearer token.
	APIKey string

	// HTTPClient sends the requests. Nil means a client that does not follow
	// redirects.
	HTTPClient *http.Client
}

// A Model is a [model.ChatModel] that passes its calls to a back end. It is
// made by [New] and safe for concurrent use.
type Model struct{ inner *bedrock.Model }

// New returns a model for the back end at a URL. The URL is the root of the
// server, such as "http://localhost:11434", or the part before
// /chat/completions, such as "http://localhost:8000/v1". New sends nothing.
func New(baseURL string, options *Options) (*Model, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("backend: the URL should have the form http://localhost:11434/v1") // it is not shown, because it may contain a password
	}
	if u.Path = strings.TrimSuffix(u.Path, "/"); u.Path == "" {
		u.Path = "/v1"
	}
	var o Options
	if options != nil {
		o = *options
	}
	if o.Model == "" && o.NameOf == nil {
		return nil, errors.New("backend: Options.Model and Options.NameOf are not set; name the back end's model")
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	client := bedrockruntime.New(bedrockruntime.Options{
		Region:               "us-east-1",
		Credentials:          credentials.NewStaticCredentialsProvider("backend", "backend", ""),
		AuthSchemePreference: []string{"sigv4"},
		HTTPClient:           &bridge{u.JoinPath("chat", "completions").String(), o},
		Retryer:              aws.NopRetryer{},
	})
	inner, err := bedrock.New(client, "backend", &bedrock.Options{Format: bedrock.FormatOpenAI})
	if err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	return &Model{inner}, nil
}

// Generate calls the back end and returns its whole answer.
func (m *Model) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	resp, err := m.inner.Generate(ctx, sent(req))
	if err != nil {
		return nil, told(ctx, err)
	}
	for _, p := range resp.Message.Parts {
		if err := whole(p); err != nil {
			return nil, err
		}
	}
	resp.ProviderMetadata = nil // the metadata is this bridge's, not the played model's
	return resp, nil
}

// Stream calls the back end and returns its answer in pieces.
func (m *Model) Stream(ctx context.Context, req *model.Request) *model.Stream {
	req = sent(req)
	return model.NewStream(ctx, model.StreamInfo{Provider: "backend"}, func(ctx context.Context, emit func(model.Event) bool) error {
		for ev, err := range m.inner.Stream(ctx, req).Events() {
			if err != nil {
				return told(ctx, err)
			}
			if ev.Kind == model.EventPartDone {
				if err := whole(ev.Part); err != nil {
					return err
				}
			}
			if ev.Response != nil {
				ev.Response.ProviderMetadata = nil
			}
			if !emit(ev) {
				return nil
			}
		}
		return nil
	})
}

// sent returns the part of a request that is passed to the back end.
func sent(req *model.Request) *model.Request {
	req = req.Clone()
	req.ProviderOptions, req.Cache = nil, nil
	if t := req.Thinking; t != nil {
		req.Thinking = nil
		if t.Effort != "" {
			req.Thinking = &model.ThinkingConfig{Effort: t.Effort}
		}
	}
	return req
}

// told returns the service's error for an error of the bridge's client.
func told(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	switch model.KindOf(err) {
	case model.ErrTruncated:
		return &model.Error{Kind: model.ErrProvider, Message: "The back end broke off its answer."}
	case model.ErrTransport:
		return &model.Error{Kind: model.ErrProvider, Message: "The connection to the back end broke."}
	case model.ErrMalformed:
		return &model.Error{Kind: model.ErrProvider, Message: "The back end's answer cannot be read: " + textOf(err)}
	}
	return err
}

func textOf(err error) string {
	if e, ok := errors.AsType[*model.Error](err); ok && e.Message != "" {
		return e.Message
	}
	return err.Error()
}

// whole refuses a tool call whose input is not JSON.
func whole(p model.Part) error {
	if c, ok := p.(model.ToolCall); ok && c.InvalidInput != "" {
		return &model.Error{Kind: model.ErrProvider, Message: "The model called a tool with input that is not JSON."}
	}
	return nil
}
