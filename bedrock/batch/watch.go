package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Progress is the progress of a batch, summed over its jobs.
type Progress struct {
	Records int64 // the number of records sent, counted each time
	Done    int64 // of these, including failed ones
	Failed  int64

	// Elapsed is the time for which the batch has been watched. Left is an
	// estimate of the remaining time, at the speed so far; zero if there is no
	// estimate yet.
	Elapsed, Left time.Duration

	// Jobs are the jobs in the state when they were last seen. Planned jobs
	// have not been created, because the account's quota has no room for them.
	Jobs []Job

	// Ended reports whether all jobs have ended. This is the last event then.
	Ended bool

	// Err is the reason why the state of the jobs is not complete, or why no
	// job of the batch runs although some are planned. Watch tries again.
	Err error
}

// String returns the progress in one line.
func (p Progress) String() string {
	running, ended := 0, 0
	for _, j := range p.Jobs {
		switch {
		case j.Status.Ended():
			ended++
		case j.Status != StatusPlanned:
			running++
		}
	}
	s := fmt.Sprintf("%d of %d records, %d failed; %d of %d jobs ended, %d running", p.Done, p.Records, p.Failed, ended, len(p.Jobs), running)
	if p.Left > 0 {
		s += fmt.Sprintf("; %v left", seconds(p.Left))
	}
	if p.Err != nil {
		s += "; will try again after: " + p.Err.Error()
	}
	return s
}

// Watch gets the state of the jobs every Options.Poll until they have ended,
// and yields the progress each time. It also creates the planned jobs when the
// quota has room for them. If the control plane throttles or is unavailable,
// Watch goes on and reports this in Progress.Err. Any other failure is an
// error, and the last value.
//
// A batch keeps running when it is not watched.
func (b *Batch) Watch(ctx context.Context) iter.Seq2[Progress, error] {
	const op = "watch batch"
	return func(yield func(Progress, error) bool) {
		begin := time.Now()
		var first time.Time // when the first done records were seen
		var had int64
		for {
			passing, err := b.poll(ctx, op)
			if err != nil {
				yield(Progress{}, err)
				return
			}
			p := b.progress()
			p.Elapsed, p.Err = time.Since(begin), passing
			if p.Done > 0 && first.IsZero() {
				first, had = time.Now(), p.Done
			}
			if done := p.Done - had; done > 0 && !p.Ended {
				p.Left = time.Duration(float64(time.Since(first)) / float64(done) * float64(p.Records-p.Done))
			}
			if p.Ended && passing != nil {
				p.Ended = false
			}
			if !yield(p, nil) || p.Ended {
				return
			}
			select {
			case <-ctx.Done():
				yield(Progress{}, b.c.failed(ctx, op, ctx.Err()))
				return
			case <-time.After(b.c.options.Poll):
			}
		}
	}
}

// poll gets the state of every job that has not ended, and creates planned
// jobs. Temporary failures are left for the next poll.
func (b *Batch) poll(ctx context.Context, op string) (passing, err error) {
	b.work.Lock()
	defer b.work.Unlock()
	var full error
	switch err := b.create(ctx, op); {
	case err == nil:
	case ctx.Err() == nil && errors.Is(err, model.ErrQuota):
		full = err
	case ctx.Err() != nil || !model.Retryable(err):
		return nil, err
	default:
		passing = err
	}
	running := 0
	for _, r := range b.all() {
		for _, j := range r.Jobs {
			if j.arn == "" || j.info.Status.Ended() {
				continue
			}
			if err := b.look(ctx, op, j); err != nil {
				if ctx.Err() != nil || !model.Retryable(err) {
					return nil, err
				}
				passing = err
			}
			if !j.info.Status.Ended() {
				running++
			}
		}
	}
	if passing == nil && running == 0 { // otherwise the batch itself fills the quota, as intended
		passing = full
	}
	return passing, nil
}

func (b *Batch) progress() Progress {
	p := Progress{Jobs: b.Jobs(), Ended: true}
	for _, j := range p.Jobs {
		p.Records += j.Records
		p.Done += j.Done
		p.Failed += j.Failed
		p.Ended = p.Ended && j.Status.Ended()
	}
	return p
}

// Wait waits until the batch has ended. Failed jobs have ended, too; their
// records have an error among the results.
func (b *Batch) Wait(ctx context.Context) error {
	for _, err := range b.Watch(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}
