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
	Records int64 // that were sent, and sent again
	Done    int64 // of them, failed ones included
	Failed  int64

	// Elapsed is the time that the batch has been watched, and Left an estimate
	// of the time to its end, at the speed so far. Left is zero while that is
	// not known.
	Elapsed, Left time.Duration

	// Jobs are the jobs as they were last seen. Planned ones have not been
	// created, as the account's quota has no room for them.
	Jobs []Job

	// Ended is whether all jobs have ended: this is the last event.
	Ended bool

	// Err says why the state of the jobs is not complete, or why no job of the
	// batch runs while some are planned. Watch will ask again.
	Err error
}

// String returns the progress as a line.
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
		s += "; will look again after: " + p.Err.Error()
	}
	return s
}

// Watch asks for the state of the jobs every Options.Poll until they have
// ended, and yields each time how far they are. Jobs that the quota had no room
// for are created when there is some. A control plane that throttles or is
// unavailable for a while does not end it, and is reported in Progress.Err. Any
// other failure is an error, and the last value.
//
// Watching costs only the calls: a batch keeps running when it is not watched.
func (b *Batch) Watch(ctx context.Context) iter.Seq2[Progress, error] {
	const op = "watch batch"
	return func(yield func(Progress, error) bool) {
		begin := time.Now()
		var first time.Time // when records were first seen to be done
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

// poll looks at every job that has not ended, and creates those that wait.
// Passing failures are left for the next time.
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
	if passing == nil && running == 0 { // else the batch itself fills the quota, which is no trouble
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

// Wait waits until the batch has ended. Jobs that have failed have ended, too;
// the results say so.
func (b *Batch) Wait(ctx context.Context) error {
	for _, err := range b.Watch(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}
