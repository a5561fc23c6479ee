package model

import "context"

// Strict returns middleware that turns warnings into errors: for programs that
// would rather have no answer than one to something else than they asked. It
// refuses an answer with a warning for which refuse reports true; nil refuses
// all warnings.
//
// The error is of kind [ErrUnsupported], names the warning, and has the answer,
// which was made and is paid for, in [Error.Partial]. A stream's warnings come
// with its end, so that its error does too. [Response.Attempts] are no
// warnings: an answer that took a second call is not refused.
func Strict(refuse func(Warning) bool) Middleware {
	return Around(func(ctx context.Context, req *Request, next Next) (*Response, error) {
		resp, err := next(ctx, req)
		if err != nil {
			return nil, err
		}
		for _, w := range resp.Warnings {
			if refuse == nil || refuse(w) {
				return nil, &Error{Kind: ErrUnsupported, Op: "check warnings", Model: resp.Model, RequestID: resp.RequestID,
					Message: w.String(), Partial: resp}
			}
		}
		return resp, nil
	})
}
