package bedrock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/smithy-go"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	// lookUpTime is how long a call waits for the model behind a profile. The
	// control plane has an endpoint of its own, which may not be reached from
	// where the model is.
	lookUpTime = 2 * time.Second

	// lookUpAgain is how long a failure counts.
	lookUpAgain = time.Minute
)

// A resolver finds the model behind an application inference profile, when it
// is first needed and once. All who need it meanwhile wait for one look-up. A
// failure is remembered for a while, so that calls are not slowed down by it
// again and again.
type resolver struct {
	// The getter is behind a function, since it holds credentials; see
	// Model.client.
	lookUp func(ctx context.Context) (base string, err error)

	found atomic.Pointer[subject] // what is known of the model, once it was found

	mu     sync.Mutex
	base   string    // empty until it was found
	err    error     // why not
	again  time.Time // when to look up again after a failure
	flight *flight   // the look-up under way; nil if none is
}

// A flight is one look-up and those who wait for it.
type flight struct {
	ctx     context.Context // ends when all were cancelled, and after lookUpTime
	cancel  context.CancelFunc
	waiting int
	done    chan struct{} // closed when the look-up is over
}

// errNoModel is the failure of a profile that names no model.
var errNoModel = errors.New("the profile names no model")

// A lookUpTimeout is the failure of a look-up that took too long.
type lookUpTimeout struct{}

func (lookUpTimeout) Error() string {
	return fmt.Sprintf("the model behind the inference profile was not found within %v; name it in Options.BaseModel", lookUpTime)
}
func (lookUpTimeout) Timeout() bool { return true }

// newResolver returns a resolver for an ARN. It looks nothing up yet.
func newResolver(profiles ProfileGetter, arn string) *resolver {
	return &resolver{lookUp: func(ctx context.Context) (string, error) {
		var s secrets
		out, err := profiles.GetInferenceProfile(ctx, &controlplane.GetInferenceProfileInput{InferenceProfileIdentifier: &arn},
			func(o *controlplane.Options) { o.HTTPClient = brief{sender{o.HTTPClient, &s}} })
		switch {
		case err != nil:
			return "", s.conceal(err)
		case out == nil:
			return "", errNoModel
		}
		for _, m := range out.Models { // the same one in several regions
			if base := modelid.Parse(aws.ToString(m.ModelArn)).Base; base != "" && printable(base) {
				return base, nil
			}
		}
		return "", errNoModel
	}}
}

// brief is an HTTP client whose responses are read up to maxRefusal. What is
// said of a profile is short.
type brief struct{ sender }

func (b brief) Do(req *http.Request) (*http.Response, error) {
	resp, err := b.sender.Do(req)
	if err == nil && resp != nil && resp.Body != nil {
		resp.Body = &answerBody{body: resp.Body, left: maxRefusal, limit: errTooLong}
	}
	return resp, err
}

// resolve returns the id of the base model, or why it is not known. It takes no
// longer than lookUpTime, nor than the context lasts, whose error it then
// returns.
func (r *resolver) resolve(ctx context.Context) (string, error) {
	r.mu.Lock()
	if r.base != "" || r.err != nil && time.Now().Before(r.again) {
		defer r.mu.Unlock()
		if r.base != "" {
			return r.base, nil
		}
		return "", r.err
	}
	f := r.flight
	if f == nil {
		f = r.start(ctx)
	}
	f.waiting++
	r.mu.Unlock()

	patience := time.NewTimer(patienceOf(ctx))
	defer patience.Stop()
	late := false
	select {
	case <-f.done:
	case <-f.ctx.Done(): // the getter need not look at contexts
	case <-patience.C:
		late = true // the look-up goes on, for the next call
	case <-ctx.Done():
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	f.waiting--
	if r.flight == f {
		switch {
		case f.ctx.Err() != nil:
			r.settle(f, "", lookUpTimeout{})
			f.cancel()
		case f.waiting == 0 && !late: // nobody is left who wants to know
			r.flight = nil
			f.cancel()
		}
	}
	err := ctx.Err()
	switch {
	case r.base != "":
		return r.base, nil
	case err != nil:
		return "", err
	case late:
		return "", lookUpTimeout{}
	}
	return "", r.err
}

// patienceOf returns how long a call waits: so long that most of what its
// context has left is left for the call itself.
func patienceOf(ctx context.Context) time.Duration {
	d := lookUpTime
	if at, ok := ctx.Deadline(); ok {
		d = min(d, time.Until(at)/4)
	}
	return d
}

// start begins a look-up. It goes on when the first caller leaves, for the
// others, and ends when the last one does. One whose callers could not wait so
// long goes on for the next call, for lookUpTime: that a call was in a hurry
// says nothing about the profile.
func (r *resolver) start(ctx context.Context) *flight {
	f := &flight{done: make(chan struct{})}
	f.ctx, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), lookUpTime)
	r.flight = f
	go func() {
		base, err := r.lookUp(f.ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil && f.ctx.Err() != nil {
			err = lookUpTimeout{}
		}
		if r.flight == f || err == nil { // what comes late is good to know
			r.settle(f, base, err)
		}
		close(f.done)
		f.cancel()
	}()
	return f
}

// settle keeps the result of a look-up.
func (r *resolver) settle(f *flight, base string, err error) {
	if r.flight == f {
		r.flight = nil
	}
	if r.base == "" {
		r.base, r.err, r.again = base, err, time.Now().Add(lookUpAgain)
	}
}

// resolve returns the model behind the id, looking it up if need be. That it
// stays unknown is no error: the model works, with less known of what it
// refuses.
func (m *Model) resolve(ctx context.Context) (*subject, []model.Warning, error) {
	if m.resolver == nil {
		return m.asked, nil, nil
	}
	base, err := m.resolver.resolve(ctx)
	if e := model.ContextError(ctx); err != nil && e != nil {
		return nil, nil, e
	}
	if base == "" {
		return m.asked, []model.Warning{{Action: model.WarningChanged, Field: "model",
			Reason: "the inference profile could not be read, so what its model refuses is not known; name it in Options.BaseModel"}}, nil
	}
	return m.remember(base), nil, nil
}

// remember keeps what is known of the model that was found.
func (m *Model) remember(base string) *subject {
	s := m.resolver.found.Load()
	if s == nil {
		s = m.subject(base)
		m.resolver.found.Store(s)
	}
	return s
}

// countable returns the model to count tokens for.
func (m *Model) countable(ctx context.Context, c call) (*subject, error) {
	s := m.asked
	if m.resolver != nil {
		base, err := m.resolver.resolve(ctx)
		if err != nil && !isFinal(err) {
			return nil, c.failed(ctx, &exchange{}, err)
		}
		if base != "" {
			s = m.remember(base)
		}
	}
	if s.base == "" {
		return nil, c.error(model.ErrUnsupported, "which model to count for is not known; name it in Options.BaseModel")
	}
	return s, nil
}

// isFinal reports whether a look-up failed for a reason that does not pass by
// itself, as for want of the permission.
func isFinal(err error) bool { return err == errNoModel || isRefusal(err) }

// isRefusal reports whether the service has refused a look-up as such.
func isRefusal(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorFault() == smithy.FaultClient && kindOf(e.ErrorCode(), 0, "") != model.ErrThrottled
}
