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

// TestProfileTriedAgain: a failure counts for a minute, whatever it is.
func TestProfileTriedAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		kind model.ErrorKind
	}{
		"throttled": {&controltypes.ThrottlingException{Message: aws.String("slow down")}, model.ErrThrottled},
		"internal":  {&controltypes.InternalServerException{Message: aws.String("oops")}, model.ErrProvider},
		"network":   {errors.New("connection refused"), model.ErrUnknown},
		"refused":   {&controltypes.AccessDeniedException{Message: aws.String("no")}, model.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
					fails(tt.err), fails(tt.err), found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
				}}
				p := behindProfile(t, &bedrock.Options{Profiles: get})
				p.ask(t, warmBody, "model")
				p.ask(t, warmBody, "model")
				_, err := p.CountTokens(t.Context(), warm)
				if e := asError(t, err); e.Kind != tt.kind || e.Op != "count tokens" || tt.kind != model.ErrUnsupported && !errors.Is(err, tt.err) {
					t.Errorf("CountTokens = %v, want the failure of the look-up", err)
				}
				time.Sleep(time.Minute - time.Nanosecond)
				p.ask(t, warmBody, "model")
				if get.calls() != 1 {
					t.Errorf("%d look-ups within a minute, want 1", get.calls())
				}
				time.Sleep(time.Nanosecond)
				p.ask(t, warmBody, "model")
				time.Sleep(time.Minute)
				p.ask(t, sonnetBody, "top_p")
				time.Sleep(time.Hour)
				p.ask(t, sonnetBody, "top_p")
				if get.calls() != 3 {
					t.Errorf("%d look-ups, want 3", get.calls())
				}
			})
		})
	}
}

// slowly is an answer of the control plane that comes after a while, unless
// nobody waits for it any more.
func slowly(d time.Duration, then func(context.Context) (*controlplane.GetInferenceProfileOutput, error)) func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
	return func(ctx context.Context) (*controlplane.GetInferenceProfileOutput, error) {
		select {
		case <-time.After(d): // of the bubble's clock
			return then(ctx)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// lookUpTime is how long a call waits for a look-up, as documented.
const lookUpTime = 2 * time.Second

// TestProfileConcurrently checks that many simultaneous first calls share one
// look-up.
func TestProfileConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			slowly(time.Second, found("arn:aws:bedrock:us-east-1::foundation-model/"+sonnet45)),
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		start := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if resp, err := p.Generate(t.Context(), warm); err != nil || resp.Warnings[0].Field != "top_p" {
					t.Error(resp, err)
				}
			})
		}
		all.Wait()
		if get.calls() != 1 || len(p.bodies) != 20 || time.Since(start) != time.Second {
			t.Errorf("%d look-ups for %d calls in %v, want 1 for 20 in a second", get.calls(), len(p.bodies), time.Since(start))
		}
	})
}

// TestProfileHangs uses a control plane that cannot be reached. Calls wait for
// a moment, and then for a minute not at all. Even a control plane that ignores
// contexts holds nobody up.
func TestProfileHangs(t *testing.T) {
	for name, hang := range map[string]func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
		"hears the context": slowly(time.Hour, nil),
		"deaf to the context": func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
			time.Sleep(time.Hour)
			return nil, errors.New("too late")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){hang}}
				p := behindProfile(t, &bedrock.Options{Profiles: get})
				start := time.Now()
				var all sync.WaitGroup
				for range 20 {
					all.Go(func() {
						resp, err := p.Generate(t.Context(), warm)
						if err != nil || len(resp.Warnings) != 1 || resp.Warnings[0].Field != "model" {
							t.Errorf("Generate = %v, %v, want the answer and a warning of the model", resp, err)
						}
					})
				}
				all.Wait()
				if took := time.Since(start); took != lookUpTime || get.calls() != 1 {
					t.Errorf("took %v with %d look-ups, want %v and one", took, get.calls(), lookUpTime)
				}
				start = time.Now()
				for range 20 {
					p.ask(t, warmBody, "model")
				}
				_, err := p.CountTokens(t.Context(), warm)
				if e := asError(t, err); e.Kind != model.ErrTimeout || !strings.Contains(err.Error(), "Options.BaseModel") {
					t.Errorf("CountTokens = %v, want a timeout that names Options.BaseModel", err)
				}
				if took := time.Since(start); took != 0 || get.calls() != 1 {
					t.Errorf("later calls took %v with %d look-ups, want no time and none", took, get.calls())
				}
				time.Sleep(time.Minute)
				start = time.Now()
				p.ask(t, warmBody, "model")
				if took := time.Since(start); took != lookUpTime || get.calls() != 2 {
					t.Errorf("after a minute: %v and %d look-ups, want %v and two", took, get.calls(), lookUpTime)
				}
				time.Sleep(2 * time.Hour) // until the deaf ones are back
			})
		})
	}
}

// TestProfileComesLate: what is found after all is good to know.
func TestProfileComesLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			func(ctx context.Context) (*controlplane.GetInferenceProfileOutput, error) {
				time.Sleep(5 * time.Second)
				return found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45)(ctx)
			},
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		p.ask(t, warmBody, "model")
		time.Sleep(4 * time.Second)
		p.ask(t, sonnetBody, "top_p")
		if get.calls() != 1 {
			t.Errorf("%d look-ups, want 1", get.calls())
		}
	})
}

// TestProfileAndDeadline: a call with little time does not spend it on the
// look-up.
func TestProfileAndDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){slowly(time.Hour, nil)}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		resp, err := p.Stream(ctx, warm).Response()
		if err != nil || resp.Text() != "Hi" || time.Since(start) != time.Second/4 {
			t.Errorf("Response = %v, %v after %v, want the answer after a quarter of the time", resp, err, time.Since(start))
		}
		time.Sleep(lookUpTime) // until the look-up has ended
	})
}

// TestProfileCancelled ends the contexts of callers that wait. The look-up must
// go on for those that are left, and end with the last one.
func TestProfileCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			slowly(time.Second, found("arn:aws:bedrock:us-east-1::foundation-model/"+sonnet45)),
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		gone, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		var ended atomic.Int32
		check := func(err error) {
			if ended.Add(1); !errors.Is(err, model.ErrCanceled) {
				t.Errorf("error = %v, want the context's", err)
			}
		}
		all.Go(func() { _, err := p.Generate(gone, warm); check(err) }) // looks up
		synctest.Wait()
		all.Go(func() { _, err := p.Generate(gone, warm); check(err) })
		all.Go(func() { _, err := p.Stream(gone, warm).Response(); check(err) })
		all.Go(func() { _, err := p.CountTokens(gone, warm); check(err) })
		stays := make(chan bool)
		go func() {
			resp, err := p.Generate(t.Context(), warm)
			stays <- err == nil && resp.Warnings[0].Field == "top_p"
		}()
		synctest.Wait()
		cancel()
		all.Wait()
		p.mu.Lock()
		sent := len(p.bodies)
		p.mu.Unlock()
		if ended.Load() != 4 || sent != 0 {
			t.Errorf("%d callers gone and %d requests sent, want 4 and none", ended.Load(), sent)
		}
		if !<-stays || get.calls() != 1 {
			t.Errorf("who stayed did not get what was found, after %d look-ups", get.calls())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		get := &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			slowly(time.Hour, nil), found("arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45),
		}}
		p := behindProfile(t, &bedrock.Options{Profiles: get})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := p.Generate(ctx, warm); !errors.Is(err, model.ErrCanceled) {
			t.Errorf("Generate = %v, want the context's error", err)
		}
		synctest.Wait()
		p.ask(t, sonnetBody, "top_p") // that nobody waited is no failure
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

	if get.calls() != 0 {
		t.Errorf("%d look-ups, want none", get.calls())
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
