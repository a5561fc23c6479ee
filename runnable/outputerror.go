package runnable

import "github.com/chatmodel-go/chatmodel/model"

// An OutputError is an answer that does not have the form that was asked for,
// as [JSON] and [Structured] return it. It matches [model.ErrOutput]:
//
//	if e, ok := errors.AsType[*runnable.OutputError](err); ok {
//		if e.Truncated {
//			// raise MaxTokens
//		}
//		log.Print(e.Text)
//	}
type OutputError struct {
	// Reason describes the fault, in words. It does not contain the text.
	Reason string

	// Truncated reports whether the answer was cut off, by a token limit or the
	// model's context window. An answer that was not is wrong as it stands.
	Truncated bool

	// Text is the answer as it came: its text, or the input of its tool call.
	Text string

	// Response is the whole answer.
	Response *model.Response

	// Err is the error of the decoder. It is nil if nothing was decoded.
	Err error

	none bool // there is no JSON in it at all
}

// Error returns the reason. It leaves out the answer's text.
func (e *OutputError) Error() string {
	if e.Truncated {
		return "the answer was cut off (" + string(e.Response.StopReason) + "): " + e.Reason
	}
	return "the answer is not as asked for: " + e.Reason
}

// Unwrap returns [model.ErrOutput] and the decoder's error.
func (e *OutputError) Unwrap() []error {
	if e.Err == nil {
		return []error{model.ErrOutput}
	}
	return []error{model.ErrOutput, e.Err}
}

// cutOff reports whether an answer ended before the model had said all.
func cutOff(resp *model.Response) bool {
	return resp.StopReason == model.StopMaxTokens || resp.StopReason == model.StopContextWindow
}

// wrong returns the error for an answer.
func wrong(resp *model.Response, text, reason string, err error) error {
	switch resp.StopReason {
	case model.StopContentFiltered, model.StopGuardrail, model.StopMalformedOutput, model.StopMalformedTool:
		reason += "; it ended for " + string(resp.StopReason)
	}
	return &OutputError{Reason: reason, Truncated: cutOff(resp), Text: text, Response: resp, Err: err}
}

// nothing returns the error for an answer without any JSON.
func nothing(resp *model.Response, text, reason string) error {
	e := wrong(resp, text, reason, nil).(*OutputError)
	e.none = true
	return e
}
