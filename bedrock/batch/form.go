package batch

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Form is the form of a job's records. The service calls it the model
// invocation type.
//
// FormConverse has one body for all models, and no place for tools: "Records
// that include toolConfig fail with a 400 error". FormNative has the bodies of
// InvokeModel, tools included. Both take structured output by one version of
// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html, and
// neither does by another; it is sent, and where the service refuses it, the
// records fail and can be resent by [Batch.Generate].
//
// Empty, the form is FormNative for the models whose native format has all that
// a conversation has (Anthropic's and OpenAI's), and for those that Converse
// does not serve, and FormConverse for all others.
type Form string

// The forms. Their values are the service's own.
const (
	FormAuto     Form = ""
	FormConverse Form = "Converse"
	FormNative   Form = "InvokeModel"
)

// choose returns the codec for a model and the form that it writes.
func (f Form) choose(id string, options *bedrock.Options) (*bedrock.Codec, Form, error) {
	var o bedrock.Options
	if options != nil {
		o = *options
	}
	native := o.Format
	if native == bedrock.FormatConverse {
		native = bedrock.FormatAuto
	}
	codecOf := func(format bedrock.Format, form Form) (*bedrock.Codec, Form, error) {
		o.Format = format
		c, err := bedrock.NewCodec(id, &o)
		return c, form, err
	}
	switch f {
	case FormConverse:
		return codecOf(bedrock.FormatConverse, f)
	case FormNative:
		return codecOf(native, f)
	case FormAuto:
	default:
		return nil, f, invalid("open batch", "Options.Form: unknown form "+string(f)+"; use FormConverse or FormNative")
	}
	c, _, err := codecOf(native, FormNative)
	if err == nil {
		if format := c.Format(); format == bedrock.FormatAnthropic || format == bedrock.FormatOpenAI || o.Format != bedrock.FormatAuto || !serves(id, &o) {
			return c, FormNative, nil
		}
	}
	return codecOf(bedrock.FormatConverse, FormConverse)
}

// serves reports whether Converse serves a model. It tries a request that every
// model accepts.
func serves(id string, o *bedrock.Options) bool {
	with := *o
	with.Format = bedrock.FormatConverse
	c, err := bedrock.NewCodec(id, &with)
	if err != nil {
		return false
	}
	_, err = c.Encode(&model.Request{Messages: []model.Message{model.User("Hi")}})
	return err == nil
}

// check refuses members that a body in a job must not have.
func (f Form) check(op string, req *model.Request, body []byte) error {
	if f != FormConverse || !speaksOfTools(req) {
		return nil
	}
	var has struct {
		ToolConfig json.RawMessage `json:"toolConfig"`
	}
	if err := json.Unmarshal(body, &has); err == nil && has.ToolConfig != nil {
		return unsupported(op, "tools: a job of the form Converse does not support tools; use FormNative if the model has a format of its own, or Generate")
	}
	return nil
}

func speaksOfTools(req *model.Request) bool {
	if len(req.Tools) > 0 || len(req.ProviderOptions) > 0 {
		return true
	}
	for _, m := range req.Messages {
		for _, p := range m.Parts {
			switch p.(type) {
			case model.ToolCall, model.ToolResult:
				return true
			}
		}
	}
	return false
}
