package batchtest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// Bucket is the bucket of the store, and Role is a role that jobs may have.
const (
	Bucket = "batchtest"
	Role   = "arn:aws:iam::123456789012:role/batch"
)

// Options configure a [Server]. The zero value, and nil, mean the service's own
// limits.
type Options struct {
	// Bedrock configures the handler that judges and answers records.
	Bedrock *bedrocktest.Options

	// MinRecords, FileRecords and JobRecords are the quotas; zero means 100,
	// 100,000 and 100,000.
	MinRecords, FileRecords, JobRecords int

	// JobsAtOnce is the quota of jobs that have not ended. Zero means 20.
	JobsAtOnce int

	// Step is the number of records that a job answers in one step. Zero means
	// all.
	Step int

	// Called, if not nil, is called with each request to the control plane and
	// to the store, before it is answered. Calls may be concurrent.
	Called func(r *http.Request)

	// Faults are the faults at the start; see [Server.Inject].
	Faults Faults
}

// A Server is a Bedrock with jobs and an S3. It is made by [Start] and is safe
// for concurrent use.
type Server struct {
	// URL is the endpoint of the control plane, and StoreURL that of S3.
	URL, StoreURL string

	options Options
	records *bedrocktest.Handler
	store   *s3.Client

	work sync.Mutex // held by each operation on jobs, because these use the store
	jobs []*job

	mu     sync.Mutex
	faults Faults
	calls  map[string]int // the number of calls of the control plane, by operation
	asked  map[string]int // how often each record was answered, by job and id
}

// Start starts a server on the loopback interface. The model m answers the
// jobs. The argument t is usually a *testing.T; the server stops when the test
// ends. Options may be nil.
func Start(t interface{ Cleanup(func()) }, m model.ChatModel, options *Options) *Server {
	s := &Server{calls: map[string]int{}, asked: map[string]int{}}
	if options != nil {
		s.options = *options
	}
	o := &s.options
	o.MinRecords = cmp.Or(o.MinRecords, 100)
	o.FileRecords = cmp.Or(o.FileRecords, 100_000)
	o.JobRecords = cmp.Or(o.JobRecords, 100_000)
	o.JobsAtOnce = cmp.Or(o.JobsAtOnce, 20)
	s.faults = o.Faults

	with := bedrocktest.Options{}
	if o.Bedrock != nil {
		with = *o.Bedrock
	}
	with.Off = append([]bedrocktest.Rule{"authentication"}, with.Off...)
	with.Keep = cmp.Or(with.Keep, -1)
	s.records = bedrocktest.New(m, &with)

	backend := s3mem.New()
	if err := backend.CreateBucket(Bucket); err != nil {
		panic(err) // cannot happen: the store is new
	}
	storeServer := httptest.NewServer(s.told(s.listing(gofakes3.New(backend, gofakes3.WithTimeSkewLimit(0)).Server())))
	control := httptest.NewUnstartedServer(s.told(http.HandlerFunc(s.serve)))
	t.Cleanup(func() {
		control.Close()
		storeServer.Close()
	})
	s.URL, s.StoreURL = "http://"+control.Listener.Addr().String(), storeServer.URL
	s.store = s3.New(s.S3().Options(), func(o *s3.Options) {
		o.APIOptions = append(o.APIOptions, smithyhttp.AddHeaderValue("X-Batchtest", ownAgent))
	})
	control.Start() // last: its handlers read what is set above
	return s
}

// ownAgent marks the server's own requests to its store.
const ownAgent = "batchtest-own"

// told passes requests to Options.Called, except the server's own.
func (s *Server) told(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.options.Called != nil && r.Header.Get("X-Batchtest") != ownAgent {
			s.options.Called(r)
		}
		h.ServeHTTP(w, r)
	})
}

// config returns a configuration for the SDK's clients. It reads nothing from
// the environment, and its retries do not wait.
func config(url string) aws.Config {
	return aws.Config{
		Region: bedrocktest.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: bedrocktest.AccessKeyID, SecretAccessKey: bedrocktest.SecretAccessKey, Source: "batchtest"}, nil
		}),
		BaseEndpoint: aws.String(url),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.RateLimiter = ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
		AuthSchemePreference: []string{"sigv4"},
	}
}

// S3 returns a client for the store.
func (s *Server) S3() *s3.Client { return S3At(s.StoreURL) }

// Jobs returns a client for the control plane.
func (s *Server) Jobs() *controlplane.Client { return JobsAt(s.URL) }

// S3At returns a client for the store of a server in another process.
func S3At(url string) *s3.Client {
	return s3.NewFromConfig(config(url), func(o *s3.Options) { o.UsePathStyle = true })
}

// JobsAt returns a client for the control plane of a server in another process.
func JobsAt(url string) *controlplane.Client {
	return controlplane.NewFromConfig(config(url), func(o *controlplane.Options) { o.BearerAuthTokenProvider = nil })
}

// Inject replaces the faults.
func (s *Server) Inject(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

// wrong returns the current faults.
func (s *Server) wrong() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// Created returns the number of jobs.
func (s *Server) Created() int {
	s.work.Lock()
	defer s.work.Unlock()
	return len(s.jobs)
}

// Calls returns how often an operation of the control plane was called.
func (s *Server) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Asked returns how often each record was answered. The keys are "job/record".
func (s *Server) Asked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]int, len(s.asked))
	for k, n := range s.asked {
		all[k] = n
	}
	return all
}

// Folder returns the address of a folder in the bucket.
func Folder(name string) string { return fmt.Sprintf("s3://%s/%s", Bucket, name) }
