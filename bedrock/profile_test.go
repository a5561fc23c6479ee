package bedrock_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	controltypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	profileARN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"
	sonnet45   = "anthropic.claude-sonnet-4-5-20250929-v1:0"
)

// profiles plays the control plane. Each call of GetInferenceProfile takes
// the next answer; the last one stays.
type profiles struct {
	answers []func(ctx context.Context) (*controlplane.GetInferenceProfileOutput, error)
	mu      sync.Mutex
	asked   []string
}

func (p *profiles) GetInferenceProfile(ctx context.Context, in *controlplane.GetInferenceProfileInput, _ ...func(*controlplane.Options)) (*controlplane.GetInferenceProfileOutput, error) {
	p.mu.Lock()
	answer := p.answers[min(len(p.asked), len(p.answers)-1)]
	p.asked = append(p.asked, aws.ToString(in.InferenceProfileIdentifier))
	p.mu.Unlock()
	return answer(ctx)
}

func (p *profiles) calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

func found(arn string) func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
	return func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
		return &controlplane.GetInferenceProfileOutput{Models: []controltypes.InferenceProfileModel{{ModelArn: aws.String(arn)}}}, nil
	}
}

func fails(err error) func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
	return func(context.Context) (*controlplane.GetInferenceProfileOutput, error) { return nil, err }
}

// warm asks for both temperature and topP, of which Claude Sonnet 4.5 takes
// one, and an unknown model whatever it is sent.
var warm = &model.Request{
	Messages:    []model.Message{model.User("Hello")},
	Temperature: aws.Float64(0.5),
	TopP:        aws.Float64(0.9),
}

const (
	warmBody   = `{"inferenceConfig":{"temperature":0.5,"topP":0.9},"messages":[{"content":[{"text":"Hello"}],"role":"user"}]}`
	sonnetBody = `{"inferenceConfig":{"temperature":0.5},"messages":[{"content":[{"text":"Hello"}],"role":"user"}]}`
)

// A plane is a model behind an application inference profile.
type plane struct {
	*bedrock.Model
	mu     sync.Mutex
	paths  []string
	bodies []string
}

func behindProfile(t *testing.T, options *bedrock.Options) *plane {
	t.Helper()
	p := &plane{}
	p.Model = newModel(t, profileARN, roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.paths, p.bodies = append(p.paths, r.URL.EscapedPath()), append(p.bodies, string(body))
		p.mu.Unlock()
		contentType, answer := whole(r.URL.Path)
		return respond(200, strings.NewReader(answer), "Content-Type", contentType)(r)
	}), options)
	return p
}

const profilePath = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fa1b2c3/"

// ask makes a call and fails unless it sends want and warns of field.
func (p *plane) ask(t *testing.T, want, field string) {
	t.Helper()
	resp, err := p.Generate(t.Context(), warm)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.bodies[len(p.bodies)-1]; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if len(resp.Warnings) != 1 || resp.Warnings[0].Field != field {
		t.Errorf("warnings = %v, want one of %s", resp.Warnings, field)
	}
}

func TestProfileIsLookedUpOnce(t *testing.T) {
	for _, arn := range []string{
		"arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45,
		"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us." + sonnet45,
	} {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){found(arn)}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		p.Stream(t.Context(), warm)
		p.Capabilities()
		if get.calls() != 0 {
			t.Fatalf("%d look-ups before the first call", get.calls())
		}
		p.ask(t, sonnetBody, "top_p")
		resp, err := p.Stream(t.Context(), warm).Response()
		if err != nil || len(resp.Warnings) != 1 || resp.Warnings[0].Field != "top_p" {
			t.Errorf("streamed: %v, %v; want a warning of top_p", resp, err)
		}
		if n, err := p.CountTokens(t.Context(), warm); n != 3 || err != nil {
			t.Errorf("CountTokens = %d, %v", n, err)
		}
		if diff := cmp.Diff([]string{profileARN}, get.asked); diff != "" {
			t.Errorf("looked up (-want +got):\n%s", diff)
		}
		// The profile is asked for answers, its model for the count.
		want := []string{profilePath + "converse", profilePath + "converse-stream", "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens"}
		if diff := cmp.Diff(want, p.paths); diff != "" {
			t.Errorf("paths (-want +got):\n%s", diff)
		}
		if p.bodies[1] != sonnetBody {
			t.Errorf("streamed with %s, want %s", p.bodies[1], sonnetBody)
		}
	}
}

// TestProfileRefused: without the permission the model works, and nobody asks
// for it again.
func TestProfileRefused(t *testing.T) {
	for name, answer := range map[string]func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
		"access denied": fails(&controltypes.AccessDeniedException{Message: aws.String("no")}),
		"not found":     fails(&controltypes.ResourceNotFoundException{Message: aws.String("no")}),
		"no model": func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
			return &controlplane.GetInferenceProfileOutput{}, nil
		},
		"nothing": func(context.Context) (*controlplane.GetInferenceProfileOutput, error) { return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){answer}}
			p := behindProfile(t, &bedrock.Options{Profiles: get})
			p.ask(t, warmBody, "model")
			p.ask(t, warmBody, "model")
			if _, err := p.CountTokens(t.Context(), warm); !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), "Options.BaseModel") {
				t.Errorf("CountTokens = %v, want an unsupported error that names Options.BaseModel", err)
			}
			if get.calls() != 1 {
				t.Errorf("%d look-ups, want 1", get.calls())
			}
		})
	}
}

// TestProfileTriedAgain: what may pass by itself is tried again with the next
// call.
func TestProfileTriedAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		kind model.ErrorKind
	}{
		"throttled": {&controltypes.ThrottlingException{Message: aws.String("slow down")}, model.ErrThrottled},
		"internal":  {&controltypes.InternalServerException{Message: aws.String("oops")}, model.ErrProvider},
		"network":   {errors.New("connection refused"), model.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
				fails(tt.err), fails(tt.err), found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
			}}
			p := behindProfile(t, &bedrock.Options{Profiles: get})
			p.ask(t, warmBody, "model")
			_, err := p.CountTokens(t.Context(), warm)
			if e := asError(t, err); e.Kind != tt.kind || e.Op != "count tokens" || !errors.Is(err, tt.err) {
				t.Errorf("CountTokens = %v, want the failure of the look-up", err)
			}
			p.ask(t, sonnetBody, "top_p")
			p.ask(t, sonnetBody, "top_p")
			if get.calls() != 3 {
				t.Errorf("%d look-ups, want 3", get.calls())
			}
		})
	}
}

// TestProfileConcurrently has many first calls at once share one look-up.
func TestProfileConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			func(ctx context.Context) (*controlplane.GetInferenceProfileOutput, error) {
				time.Sleep(time.Minute) // of the bubble's clock
				return found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45)(ctx)
			},
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if resp, err := p.Generate(t.Context(), warm); err != nil || resp.Warnings[0].Field != "top_p" {
					t.Error(resp, err)
				}
			})
		}
		all.Wait()
		if get.calls() != 1 || len(p.bodies) != 20 {
			t.Errorf("%d look-ups for %d calls, want 1 for 20", get.calls(), len(p.bodies))
		}
	})
}

// TestProfileCancelled ends the contexts of callers that wait: one for the
// look-up itself, the others for their turn.
func TestProfileCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			func(ctx context.Context) (*controlplane.GetInferenceProfileOutput, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
			found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		first, cancelFirst := context.WithCancel(t.Context())
		var all sync.WaitGroup
		var ended atomic.Int32
		check := func(err error) {
			if ended.Add(1); !errors.Is(err, model.ErrCanceled) && !errors.Is(err, model.ErrDeadline) {
				t.Errorf("error = %v, want the context's", err)
			}
		}
		all.Go(func() {
			_, err := p.Generate(first, warm)
			check(err)
		})
		synctest.Wait() // the first caller looks up
		waiting, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		all.Go(func() { _, err := p.Generate(waiting, warm); check(err) })
		all.Go(func() { _, err := p.Stream(waiting, warm).Response(); check(err) })
		all.Go(func() { _, err := p.CountTokens(waiting, warm); check(err) })
		time.Sleep(2 * time.Second)
		if ended.Load() != 3 || len(p.bodies) != 0 {
			t.Errorf("%d callers gone and %d requests sent, want 3 and none", ended.Load(), len(p.bodies))
		}
		cancelFirst()
		all.Wait()
		p.ask(t, sonnetBody, "top_p")
	})
}

// TestProfileNotNeeded: options that say what the profile would leave nothing
// to look up.
func TestProfileNotNeeded(t *testing.T) {
	get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
		found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
	}}
	based := behindProfile(t, &bedrock.Options{Profiles: get, BaseModel: "us." + sonnet45})
	based.ask(t, sonnetBody, "top_p")
	if n, err := based.CountTokens(t.Context(), warm); n != 3 || err != nil {
		t.Errorf("CountTokens = %d, %v", n, err)
	}
	if got, want := based.paths[1], "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens"; got != want {
		t.Errorf("counted at %s, want %s", got, want)
	}

	family := bedrock.FamilyOf(sonnet45)
	familiar := behindProfile(t, &bedrock.Options{Profiles: get, Family: &family})
	familiar.ask(t, sonnetBody, "top_p")
	if get.calls() != 0 {
		t.Errorf("%d look-ups, want none", get.calls())
	}
	if _, err := familiar.CountTokens(t.Context(), warm); err != nil || get.calls() != 1 {
		t.Errorf("CountTokens = %v after %d look-ups, want one: the family does not tell the model", err, get.calls())
	}
}

// TestProfileWithoutGetter: nothing is known, and nothing warned of.
func TestProfileWithoutGetter(t *testing.T) {
	p := behindProfile(t, nil)
	resp, err := p.Generate(t.Context(), warm)
	if err != nil || len(resp.Warnings) != 0 || p.bodies[0] != warmBody {
		t.Errorf("Generate = %v, %v, having sent %s", resp, err, p.bodies)
	}
	if _, err := p.CountTokens(t.Context(), warm); !errors.Is(err, model.ErrUnsupported) {
		t.Errorf("CountTokens = %v, want an unsupported error", err)
	}
}

// TestInvalidRequestsAreNotSent: a request that cannot be encoded fails before
// anything is looked up or sent.
func TestInvalidRequestsAreNotSent(t *testing.T) {
	get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
		found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
	}}
	empty := &model.Request{}
	badSequence := &model.Request{Messages: []model.Message{model.User("Hello")}, StopSequences: []string{" "}}
	for name, p := range map[string]*plane{
		"profile": behindProfile(t, &bedrock.Options{Profiles: get}),
		"model":   behindProfile(t, &bedrock.Options{BaseModel: sonnet45}),
	} {
		for _, req := range []*model.Request{empty, badSequence, nil} {
			_, generateErr := p.Generate(t.Context(), req)
			_, streamErr := p.Stream(t.Context(), req).Response()
			_, countErr := p.CountTokens(t.Context(), req)
			for op, err := range map[string]error{"generate": generateErr, "stream": streamErr, "count tokens": countErr} {
				e := asError(t, err)
				if e.Kind != model.ErrInvalidRequest || e.Op != op || e.Provider != "bedrock" || e.Model != profileARN {
					t.Errorf("%s: %s of %v: %v, want an invalid request, labelled", name, op, req, err)
				}
			}
		}
		if len(p.paths) != 0 {
			t.Errorf("%s: sent to %v", name, p.paths)
		}
	}
}
