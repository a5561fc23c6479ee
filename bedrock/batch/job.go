package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Status is the state of a job, in the service's words. StatusPlanned is the
// state of a job that was not created yet.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetModelInvocationJob.html
type Status string

// The states.
const (
	StatusPlanned            Status = "Planned"
	StatusSubmitted          Status = "Submitted"
	StatusValidating         Status = "Validating"
	StatusScheduled          Status = "Scheduled"
	StatusInProgress         Status = "InProgress"
	StatusStopping           Status = "Stopping"
	StatusCompleted          Status = "Completed"
	StatusPartiallyCompleted Status = "PartiallyCompleted"
	StatusFailed             Status = "Failed"
	StatusStopped            Status = "Stopped"
	StatusExpired            Status = "Expired"
)

// Ended reports whether the status is final.
func (s Status) Ended() bool {
	switch s {
	case StatusCompleted, StatusPartiallyCompleted, StatusFailed, StatusStopped, StatusExpired:
		return true
	}
	return false
}

// A Job is a model invocation job as the service describes it. Numbers and
// times that it does not report are zero.
type Job struct {
	Name, ARN, Token string
	Model            string
	Form             Form
	Status           Status
	Message          string // why it failed
	Input, Output    string // addresses in S3

	Records, Done, Failed int64 // Done includes the failed ones

	Submitted, Ended, Expires time.Time
}

// start calls create for callers that do not hold work. Watch creates the jobs
// for which the quota has no room.
func (b *Batch) start(ctx context.Context, op string) error {
	b.work.Lock()
	defer b.work.Unlock()
	if err := b.create(ctx, op); !errors.Is(err, model.ErrQuota) {
		return err
	}
	return nil
}

// create creates the missing jobs, as long as the account's quota has room.
func (b *Batch) create(ctx context.Context, op string) error {
	for _, r := range b.all() {
		for i, j := range r.Jobs {
			if j.arn != "" || j.info.Status.Ended() {
				continue
			}
			if r.stopped {
				if err := b.c.find(ctx, op, j); err != nil {
					return err
				}
				if j.arn == "" {
					b.see(j, Job{Name: j.Name, Status: StatusStopped, Records: j.records()})
				}
				continue
			}
			if err := b.c.ensure(ctx, op, r, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// ensure finds a job, or creates it. Concurrent callers get the same job: its
// name finds it, and the service creates only one job for its token.
func (c *Client) ensure(ctx context.Context, op string, r *round, number int) error {
	j := r.Jobs[number]
	if err := c.find(ctx, op, j); err != nil || j.arn != "" {
		return err
	}
	in := c.input(j)
	var out *controlplane.CreateModelInvocationJobOutput
	err := c.retry(ctx, op, func() (err error) {
		out, err = c.jobs().CreateModelInvocationJob(ctx, in)
		return err
	})
	if err != nil {
		if e, ok := errors.AsType[*model.Error](err); ok && e.Code == "ConflictException" {
			// Another process was faster, or an earlier attempt has arrived
			// after all.
			if found := c.find(ctx, op, j); found != nil || j.arn != "" {
				return found
			}
		}
		return err
	}
	return c.found(ctx, op, j, aws.ToString(out.JobArn))
}

// find looks for the job in the batch's folder, then with the service.
func (c *Client) find(ctx context.Context, op string, j *job) error {
	var known struct {
		ARN string `json:"arn"`
	}
	if _, err := c.store.get(ctx, op, j.state, &known); err != nil {
		return err
	}
	if known.ARN != "" {
		j.arn = known.ARN
		return nil
	}
	for have, err := range c.list(ctx, op, &ListOptions{NameContains: j.Name}) {
		switch {
		case err != nil:
			return err
		case have.Name == j.Name && have.Token != "" && have.Token != j.Token:
			return c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("the job %q, %s, belongs to another batch; use another name for this one", have.Name, have.ARN))
		case have.Name == j.Name:
			return c.found(ctx, op, j, have.ARN)
		}
	}
	return nil
}

func (c *Client) found(ctx context.Context, op string, j *job, arn string) error {
	j.arn = arn
	return c.store.put(ctx, op, j.state, map[string]string{"arn": arn, "name": j.Name, "token": j.Token})
}

// input returns the input of the call that creates a job.
func (c *Client) input(j *job) *controlplane.CreateModelInvocationJobInput {
	o := &c.options
	source := types.ModelInvocationJobS3InputDataConfig{S3Uri: aws.String(c.store.uri(j.input) + "/"), S3InputFormat: types.S3InputFormatJsonl}
	target := types.ModelInvocationJobS3OutputDataConfig{S3Uri: aws.String(c.store.uri(j.output) + "/")}
	if o.BucketOwner != "" {
		source.S3BucketOwner, target.S3BucketOwner = &o.BucketOwner, &o.BucketOwner
	}
	if o.EncryptionKey != "" {
		target.S3EncryptionKeyId = &o.EncryptionKey
	}
	in := &controlplane.CreateModelInvocationJobInput{
		JobName: &j.Name, ClientRequestToken: &j.Token, ModelId: &o.Model, RoleArn: &o.Role,
		ModelInvocationType: types.ModelInvocationType(c.form),
		InputDataConfig:     &types.ModelInvocationJobInputDataConfigMemberS3InputDataConfig{Value: source},
		OutputDataConfig:    &types.ModelInvocationJobOutputDataConfigMemberS3OutputDataConfig{Value: target},
	}
	if h := o.hours(); h > 0 {
		in.TimeoutDurationInHours = &h
	}
	if len(o.Subnets) > 0 {
		in.VpcConfig = &types.VpcConfig{SubnetIds: o.Subnets, SecurityGroupIds: o.SecurityGroups}
	}
	for key, value := range o.Tags {
		in.Tags = append(in.Tags, types.Tag{Key: &key, Value: &value})
	}
	slices.SortFunc(in.Tags, func(a, b types.Tag) int {
		if *a.Key < *b.Key {
			return -1
		}
		return 1
	})
	return in
}

// look gets the state of a job.
func (b *Batch) look(ctx context.Context, op string, j *job) error {
	out, err := b.c.jobs().GetModelInvocationJob(ctx, &controlplane.GetModelInvocationJobInput{JobIdentifier: &j.arn})
	if err != nil {
		return b.c.failed(ctx, op, err)
	}
	info := Job{
		Name: aws.ToString(out.JobName), ARN: aws.ToString(out.JobArn), Token: aws.ToString(out.ClientRequestToken), Model: aws.ToString(out.ModelId),
		Form: Form(out.ModelInvocationType), Status: Status(out.Status), Message: aws.ToString(out.Message),
		Records: aws.ToInt64(out.TotalRecordCount), Done: aws.ToInt64(out.ProcessedRecordCount), Failed: aws.ToInt64(out.ErrorRecordCount),
		Submitted: aws.ToTime(out.SubmitTime), Ended: aws.ToTime(out.EndTime), Expires: aws.ToTime(out.JobExpirationTime),
	}
	info.Input, info.Output = places(out.InputDataConfig, out.OutputDataConfig)
	if info.Records == 0 { // the service counts records when it validates
		info.Records = j.records()
	}
	b.see(j, info)
	return nil
}

func (b *Batch) see(j *job, info Job) {
	b.mu.Lock()
	defer b.mu.Unlock()
	j.info = info
}

// Jobs returns the jobs of the batch in order, in the state when they were last
// seen.
func (b *Batch) Jobs() (all []Job) {
	for _, r := range b.all() {
		for _, j := range r.Jobs {
			b.mu.Lock()
			all = append(all, j.info)
			b.mu.Unlock()
		}
	}
	return all
}

func places(in types.ModelInvocationJobInputDataConfig, out types.ModelInvocationJobOutputDataConfig) (input, output string) {
	if s, ok := in.(*types.ModelInvocationJobInputDataConfigMemberS3InputDataConfig); ok {
		input = aws.ToString(s.Value.S3Uri)
	}
	if s, ok := out.(*types.ModelInvocationJobOutputDataConfigMemberS3OutputDataConfig); ok {
		output = aws.ToString(s.Value.S3Uri)
	}
	return input, output
}

// ListOptions selects the jobs to list. Zero fields select all.
type ListOptions struct {
	NameContains string
	Status       Status
	After        time.Time // submitted after
	Before       time.Time // submitted before
}

// List lists the account's jobs, newest first, whoever created them. Names of a
// batch's jobs begin with the batch's name. Options may be nil.
func (c *Client) List(ctx context.Context, options *ListOptions) iter.Seq2[Job, error] {
	return c.list(ctx, "list jobs", options)
}

func (c *Client) list(ctx context.Context, op string, options *ListOptions) iter.Seq2[Job, error] {
	var o ListOptions
	if options != nil {
		o = *options
	}
	return func(yield func(Job, error) bool) {
		in := &controlplane.ListModelInvocationJobsInput{SortBy: types.SortJobsByCreationTime, SortOrder: types.SortOrderDescending, StatusEquals: types.ModelInvocationJobStatus(o.Status)}
		if o.NameContains != "" {
			in.NameContains = &o.NameContains
		}
		if !o.After.IsZero() {
			in.SubmitTimeAfter = &o.After
		}
		if !o.Before.IsZero() {
			in.SubmitTimeBefore = &o.Before
		}
		for {
			var out *controlplane.ListModelInvocationJobsOutput
			err := c.retry(ctx, op, func() (err error) {
				out, err = c.jobs().ListModelInvocationJobs(ctx, in)
				return err
			})
			if err != nil {
				yield(Job{}, err)
				return
			}
			for _, s := range out.InvocationJobSummaries {
				info := Job{
					Name: aws.ToString(s.JobName), ARN: aws.ToString(s.JobArn), Token: aws.ToString(s.ClientRequestToken), Model: aws.ToString(s.ModelId),
					Form: Form(s.ModelInvocationType), Status: Status(s.Status), Message: aws.ToString(s.Message),
					Records: aws.ToInt64(s.TotalRecordCount), Done: aws.ToInt64(s.ProcessedRecordCount), Failed: aws.ToInt64(s.ErrorRecordCount),
					Submitted: aws.ToTime(s.SubmitTime), Ended: aws.ToTime(s.EndTime), Expires: aws.ToTime(s.JobExpirationTime),
				}
				info.Input, info.Output = places(s.InputDataConfig, s.OutputDataConfig)
				if !yield(info, nil) {
					return
				}
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return
			}
		}
	}
}

// Stop stops the batch: it asks the running jobs to stop, and no further job is
// created. The answers that the jobs have given by then are among the results.
// Stop returns before the jobs have stopped; see [Batch.Watch].
func (b *Batch) Stop(ctx context.Context) error {
	const op = "stop batch"
	b.work.Lock()
	defer b.work.Unlock()
	rounds := b.all()
	if err := b.c.store.put(ctx, op, b.name+"/"+stopFile, map[string]int{"rounds": len(rounds)}); err != nil {
		return err
	}
	b.mu.Lock()
	for _, r := range rounds {
		r.stopped = true
	}
	b.mu.Unlock()
	if err := b.create(ctx, op); err != nil { // finds existing jobs, and creates none
		return err
	}
	for _, r := range rounds {
		for _, j := range r.Jobs {
			if j.arn == "" {
				continue
			}
			err := b.c.retry(ctx, op, func() error {
				if err := b.look(ctx, op, j); err != nil || j.info.Status.Ended() || j.info.Status == StatusStopping {
					return err
				}
				_, err := b.c.jobs().StopModelInvocationJob(ctx, &controlplane.StopModelInvocationJobInput{JobIdentifier: &j.arn})
				return err
			})
			if err != nil {
				if e, ok := errors.AsType[*model.Error](err); ok && e.Code == "ConflictException" {
					continue // the job has ended meanwhile
				}
				return err
			}
		}
	}
	return nil
}

// seconds rounds a duration for display.
func seconds(d time.Duration) time.Duration {
	if d > math.MaxInt64/2 {
		return d
	}
	return d.Round(time.Second)
}
