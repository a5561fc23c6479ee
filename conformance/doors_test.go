package conformance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A carried model is a codec whose bodies are carried to the service by hand, as
// a batch job does.
type carried struct {
	codec *bedrock.Codec
	wire  http.RoundTripper
}

func (c carried) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return c.call(ctx, "generate", req)
}

// Stream is a call, whose answer comes out in one piece.
func (c carried) Stream(ctx context.Context, req *model.Request) *model.Stream {
	info := model.StreamInfo{Provider: bedrock.Provider, Model: c.codec.ID()}
	req = req.Clone()
	return model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		resp, err := c.call(ctx, "stream", req)
		if err != nil {
			return err
		}
		for e := range model.Replay(ctx, info, resp).Events() {
			if !emit(e) {
				break
			}
		}
		return nil
	})
}

func (c carried) call(ctx context.Context, op string, req *model.Request) (*model.Response, error) {
	failed := func(kind model.ErrorKind, err error) error {
		if ctx.Err() != nil {
			kind, err = model.KindOf(ctx.Err()), errors.Join(ctx.Err(), context.Cause(ctx))
		}
		return &model.Error{Kind: kind, Provider: bedrock.Provider, Op: op, Model: c.codec.ID(), Err: err}
	}
	if ctx.Err() != nil {
		return nil, failed("", nil)
	}
	body, err := c.codec.Encode(req)
	if err != nil {
		if e, ok := errors.AsType[*model.Error](err); ok {
			e.Op = op
		}
		return nil, err
	}
	door := "invoke"
	if c.codec.Format() == bedrock.FormatConverse {
		door = "converse"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://bedrock.local/model/"+url.PathEscape(c.codec.ID())+"/"+door, bytes.NewReader(body.JSON))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	sum := sha256.Sum256(body.JSON)
	creds := aws.Credentials{AccessKeyID: bedrocktest.AccessKeyID, SecretAccessKey: bedrocktest.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(ctx, creds, r, hex.EncodeToString(sum[:]), "bedrock", "us-east-1", time.Now()); err != nil {
		return nil, err
	}
	resp, err := c.wire.RoundTrip(r)
	if err != nil {
		return nil, failed(model.ErrTransport, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, failed(model.ErrTruncated, err)
	}
	if resp.StatusCode != http.StatusOK {
		var said struct{ Message string }
		_ = json.Unmarshal(answer, &said)
		code, _, _ := strings.Cut(resp.Header.Get("X-Amzn-Errortype"), ":")
		return nil, c.codec.Failure(op, resp.StatusCode, code, said.Message)
	}
	return c.codec.Decode(body, answer)
}

// carriedSubject is a model by its codec.
func carriedSubject(format bedrock.Format, declared map[conformance.ID]string) conformance.Subject {
	s := bedrockSubject(claude, func(c *conformance.Capabilities) {
		c.MediaURIs, c.NoStreaming, c.RequestIDs, c.Latency, c.RetryAfter, c.TokenCounting = false, true, false, false, false, false
		c.JSONAsText, c.RedactedText = format != bedrock.FormatConverse, format != bedrock.FormatConverse
	}, declared)
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		server := bedrocktest.InMemory(script, &bedrocktest.Options{KeepSignatures: true})
		codec, err := bedrock.NewCodec(claude, &bedrock.Options{Format: format})
		return carried{codec, conformance.NewTransport(env, server)}, err
	}
	return s
}

// An optioned model has options of its provider with every call.
type optioned struct {
	*bedrock.Model
	options *bedrock.ProviderOptions
}

func (o optioned) with(req *model.Request) *model.Request {
	if req == nil {
		return nil
	}
	r := *req
	r.ProviderOptions = append(r.ProviderOptions[:len(r.ProviderOptions):len(r.ProviderOptions)], o.options)
	return &r
}

func (o optioned) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return o.Model.Generate(ctx, o.with(req))
}

func (o optioned) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return o.Model.Stream(ctx, o.with(req))
}

func (o optioned) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	return o.Model.CountTokens(ctx, o.with(req))
}

// optionedSubject is a model with options of its provider.
func optionedSubject(s conformance.Subject, options *bedrock.ProviderOptions, reasons map[string][]conformance.ID) conformance.Subject {
	inner := s.New
	s.Gaps = with(s.Gaps, reasons)
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		m, err := inner(env, script)
		if err != nil {
			return nil, err
		}
		return optioned{m.(*bedrock.Model), options}, nil
	}
	return s
}

// adaptingSubject is a model of which the facts are wrong: what the service
// refuses is learned from its refusals.
func adaptingSubject(s conformance.Subject, id string, wrong func(*facts.Facts)) conformance.Subject {
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		server := bedrocktest.InMemory(script, &bedrocktest.Options{KeepSignatures: true})
		return bedrock.New(clientOf(env, server), id, &bedrock.Options{Facts: wrong})
	}
	return s
}
