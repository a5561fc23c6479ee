package batch

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/direct"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options configure a [Client]. Model, Folder and Role are required.
type Options struct {
	// Model is the id of a model or of an inference profile, the ARN of one of
	// these, or the ARN of a custom model. A job has one model.
	Model string

	// Folder is the folder for all files of the batches, such as
	// "s3://bucket/batches". The bucket must belong to the account and be in
	// the region of the jobs.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
	Folder string

	// Role is the ARN of the service role that the jobs run as. The role reads
	// and writes the folder.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html
	Role string

	// Form is the form of the records. Empty chooses by the facts of the model;
	// see [Form].
	Form Form

	// Bedrock has the options that [bedrock.New] would get: facts, the model
	// behind an ARN, the format of native bodies, results to fill in. Only
	// FormNative uses its Format, and only [Open] uses its Region and Profile.
	// It may be nil.
	Bedrock *bedrock.Options

	// Limits are the service's limits for this model and account.
	Limits Limits

	// LeaveOut makes Submit send a batch without its refused requests. They are
	// among the results, with their errors. If LeaveOut is false, nothing is
	// uploaded if one request is refused.
	LeaveOut bool

	// Timeout is the time that a job may take, rounded up to hours: 24 hours to
	// 168. Zero means the service's default.
	// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html
	Timeout time.Duration

	// Poll is the interval at which [Batch.Watch] gets the state of the jobs.
	// Zero means 30 seconds.
	Poll time.Duration

	// Retry configures how calls of the control plane and of S3 are repeated,
	// after the retries of the SDK. Nil means eight attempts.
	Retry *model.RetryOptions

	Tags          map[string]string // tags of the jobs
	EncryptionKey string            // the KMS key that the service encrypts the output with
	BucketOwner   string            // the account that owns the bucket, checked by the service

	// Subnets and SecurityGroups are those of the VPC in which the jobs reach
	// the data. Set both or neither.
	Subnets, SecurityGroups []string

	// TempDir is the folder for records on their way to and from S3. It needs
	// room for the whole input, and for the output of the largest job. Empty
	// means [os.TempDir].
	TempDir string
}

// Jobs has the operations of Bedrock's control plane that this package uses. A
// *bedrock.Client of the AWS SDK (service/bedrock) implements it.
type Jobs interface {
	CreateModelInvocationJob(ctx context.Context, in *controlplane.CreateModelInvocationJobInput, options ...func(*controlplane.Options)) (*controlplane.CreateModelInvocationJobOutput, error)
	GetModelInvocationJob(ctx context.Context, in *controlplane.GetModelInvocationJobInput, options ...func(*controlplane.Options)) (*controlplane.GetModelInvocationJobOutput, error)
	ListModelInvocationJobs(ctx context.Context, in *controlplane.ListModelInvocationJobsInput, options ...func(*controlplane.Options)) (*controlplane.ListModelInvocationJobsOutput, error)
	StopModelInvocationJob(ctx context.Context, in *controlplane.StopModelInvocationJobInput, options ...func(*controlplane.Options)) (*controlplane.StopModelInvocationJobOutput, error)
}

// A Client runs batches. It is made by [New] and [Open]. It is safe for
// concurrent use, except that only one caller at a time may submit, resend or
// stop the same batch.
type Client struct {
	reporter

	// The clients of the services are behind functions, here and in the store,
	// since they hold credentials: no verb of fmt looks into those.
	jobs    func() Jobs
	store   store
	options Options
	form    Form
}

// Open returns a client with the default configuration of the AWS SDK, as
// [bedrock.Open] does. It does not use the network.
func Open(ctx context.Context, options Options) (*Client, error) {
	var load []func(*config.LoadOptions) error
	if b := options.Bedrock; b != nil && b.Region != "" {
		load = append(load, config.WithRegion(b.Region))
	}
	if b := options.Bedrock; b != nil && b.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(b.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, &model.Error{Kind: model.ErrInvalidRequest, Provider: bedrock.Provider, Op: "open batch", Model: options.Model,
			Message: "the AWS configuration cannot be loaded; check AWS_PROFILE, AWS_REGION and the shared configuration files"}
	}
	if cfg.Region == "" {
		return nil, invalid("open batch", "no AWS region is set; set AWS_REGION, Options.Bedrock.Region, or a region in the shared configuration")
	}
	return New(controlplane.NewFromConfig(cfg), s3.NewFromConfig(cfg), options)
}

// New returns a client that uses the given clients of the AWS SDK. The error
// names the invalid option.
func New(jobs Jobs, store *s3.Client, options Options) (*Client, error) {
	const op = "open batch"
	if jobs == nil || store == nil {
		return nil, invalid(op, "a client of Bedrock's control plane and one of S3 are required")
	}
	o := options
	o.Limits = o.Limits.settled()
	o.Poll = cmp.Or(o.Poll, 30*time.Second)
	if o.Retry == nil {
		o.Retry = &model.RetryOptions{MaxAttempts: 8}
	}
	if err := o.check(op); err != nil {
		return nil, err
	}
	codec, form, err := o.Form.choose(o.Model, o.Bedrock)
	if err != nil {
		return nil, err
	}
	jobs, store = straight(jobs, store)
	c := &Client{reporter: reporter{codec, o.Retry}, jobs: func() Jobs { return jobs }, options: o, form: form}
	c.store = newStore(&c.reporter, store, o.Folder)
	return c, nil
}

// straight returns clients that follow no redirect, except that the SDK's own
// HTTP client follows those of S3 with status 307 and 308, without the session
// token.
func straight(jobs Jobs, store *s3.Client) (Jobs, *s3.Client) {
	if plane, ok := jobs.(*controlplane.Client); ok {
		jobs = controlplane.New(plane.Options(), func(o *controlplane.Options) { o.HTTPClient = direct.Client(o.HTTPClient) })
	}
	o := store.Options()
	if _, own := o.HTTPClient.(*http.Client); own {
		store = s3.New(o, func(o *s3.Options) { o.HTTPClient = direct.Client(o.HTTPClient) })
	}
	return jobs, store
}

var (
	// modelPattern matches the models that a job accepts. It does not match
	// provisioned and imported models and prompts.
	// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html
	modelPattern = regexp.MustCompile(`^(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}\.[a-z0-9-:]{1,63}/[a-z0-9]{12})|(:foundation-model/[a-z0-9-]{1,63}\.[a-z0-9.:-]{1,200})|([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+))|[a-z0-9-]{1,63}\.[a-z0-9.:-]{1,200})$`)

	rolePattern   = regexp.MustCompile(`^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$`)
	bucketPattern = regexp.MustCompile(`^[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]$`)
	namePattern   = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,49}$`)
)

// maxName leaves room for the round and the number in a job's name of 63
// characters.
const maxName = 50

func (o *Options) check(op string) error {
	_, _, ok := splitURI(o.Folder)
	hours := o.hours()
	switch {
	case o.Model == "":
		return invalid(op, "Options.Model: is empty")
	case !modelPattern.MatchString(o.Model):
		return unsupported(op, fmt.Sprintf("Options.Model: jobs do not support %q; use the id of a model or of an inference profile, since provisioned and imported models have no batch inference", o.Model))
	case !ok:
		return invalid(op, fmt.Sprintf("Options.Folder: %q is not a place in S3; use one such as s3://bucket/folder", o.Folder))
	case !rolePattern.MatchString(o.Role):
		return invalid(op, fmt.Sprintf("Options.Role: %q is not the ARN of a role; use one such as arn:aws:iam::123456789012:role/batch", o.Role))
	case o.Timeout < 0 || o.Timeout > 0 && (hours < 24 || hours > 168):
		return invalid(op, fmt.Sprintf("Options.Timeout: %v is not between 24 and 168 hours", o.Timeout))
	case (len(o.Subnets) == 0) != (len(o.SecurityGroups) == 0):
		return invalid(op, "Options.Subnets and Options.SecurityGroups: set both or neither")
	case o.Poll < 0:
		return invalid(op, "Options.Poll: is negative")
	}
	return o.Limits.check(op)
}

func (o *Options) hours() int32 { return int32((o.Timeout + time.Hour - 1) / time.Hour) }

func (o *Options) tempDir() string { return cmp.Or(o.TempDir, os.TempDir()) }

// splitURI splits the address of a folder in S3. The key has no slash at its
// end.
func splitURI(uri string) (bucket, key string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "s3" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || !bucketPattern.MatchString(u.Host) {
		return "", "", false
	}
	key = strings.Trim(u.Path, "/")
	return u.Host, key, !strings.Contains(key, "//")
}

func checkName(op, name string) error {
	if len(name) > maxName || !namePattern.MatchString(name) {
		return invalid(op, fmt.Sprintf("%q cannot be the name of a batch: use at most %d letters, digits and hyphens, with a letter or digit at both ends", name, maxName))
	}
	return nil
}

// transfers configures the transfer manager: two parts at a time, of the
// smallest size that S3 accepts. Parts are in memory, so this bounds memory for
// files of any size.
func transfers(o *transfermanager.Options) {
	o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = 5<<20, 5<<20, 2
}

// inOnePiece is the largest size of a file that is uploaded in one piece. The
// SDK does this from the disk, whereas the transfer manager reads the file into
// memory.
const inOnePiece = 16 << 20
