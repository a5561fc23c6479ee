package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Result is the outcome of one input: a Response or an Err.
type Result struct {
	Number int64  // the number of the input, from 0
	ID     string // the caller's

	// Request is the input's request, if the inputs were passed to
	// [Batch.Results].
	Request *model.Request

	// Response is the response that [bedrock.Model.Generate] would have
	// returned, without the values that the service sends only in headers. The
	// response of a call by [Batch.Generate] is whole; of another provider's
	// model it has no ProviderMetadata.
	Response *model.Response

	// Err is the reason why there is no response. A failure of the service has
	// the kind that it has as the error of a call. For other failures see the
	// constants from [CodeMissing] on.
	Err *model.Error

	Round int    // the round in which it was last sent, from 0; see [Batch.Resend]
	Job   string // the name of the job; empty if none ran it
}

// Refused reports whether the request was refused and therefore never sent; see
// [Options.LeaveOut].
func (r *Result) Refused() bool { return r.Err != nil && r.Job == "" && r.Round < 0 }

// Again reports whether sending the request again could help: the failure may
// be temporary, or the request did not cause it.
func (r *Result) Again() bool {
	return r.Err != nil && !r.Refused() && (model.Retryable(r.Err) || r.Err.Code == CodeNotRun || r.Err.Kind == model.ErrCanceled)
}

// Results are the results of a batch whose jobs have ended. They are made by
// [Batch.Results]. Only one goroutine may use them.
type Results struct {
	b       *Batch
	ctx     context.Context
	inputs  Inputs
	quiet   bool // writes no manifest
	account Account
}

// Results returns the results of the batch: one for each input, in the order of
// the inputs, whatever the order of the output is. If inputs is not nil, it
// must yield the batch's inputs once more, and each result has its request.
//
// The output is downloaded job by job to Options.TempDir. In memory are one
// record, and 24 bytes for each record of a job. If a record is in the output
// twice, an answer is preferred to a failure. A record that was sent again has
// the latest answer.
func (b *Batch) Results(ctx context.Context, inputs Inputs) *Results {
	return &Results{b: b, ctx: ctx, inputs: inputs}
}

// Account returns the sums over the results so far.
func (r *Results) Account() Account { return r.account }

// All yields the results. An error ends it and concerns all results: S3 cannot
// be read, jobs are still running ([CodeRunning]), or the inputs are not those
// of the batch ([CodeOther]). Each range over All starts anew. When All has
// yielded all results, it writes the manifest to the batch's folder; see
// [Batch.Manifest].
func (r *Results) All() iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		if err := r.run(func(res *Result) bool { return yield(*res, nil) }); err != nil {
			yield(Result{}, err)
		}
	}
}

const resultsOp = "batch"

// run yields the results until yield returns false.
func (r *Results) run(yield func(*Result) bool) error {
	r.account = Account{}
	c := r.b.c
	if err := r.b.mustHaveEnded(r.ctx, resultsOp); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.options.tempDir(), "batch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	rounds := r.b.all()
	notes, err := c.notes(r.ctx, rounds[0], filepath.Join(dir, notesFile))
	if err != nil {
		return err
	}
	defer notes.Close()
	cursors := make([]*cursor, len(rounds))
	for i, round := range rounds {
		cursors[i] = &cursor{c: c, ctx: r.ctx, round: round, dir: filepath.Join(dir, strconv.Itoa(i)), account: &r.account}
		defer cursors[i].close()
	}
	out, err := newManifest(filepath.Join(dir, manifestFile))
	if err != nil {
		return err
	}
	defer out.close()
	next, stop := r.pull()
	defer stop()
	l := newLines(notes)
	for n := int64(0); ; n++ {
		about, err := l.nextNote()
		if err == io.EOF {
			break
		}
		if err != nil {
			return c.error(model.ErrMalformed, resultsOp, "", fmt.Sprintf("%s of the batch cannot be read at line %d: %v", notesFile, n+1, err))
		}
		if err := c.failed(r.ctx, resultsOp, r.ctx.Err()); err != nil {
			return err
		}
		res := &Result{Number: n, ID: about.ID}
		if res.Request, err = next(about.ID, n); err != nil {
			return err
		}
		if err := r.fill(res, &about, cursors); err != nil {
			return err
		}
		r.account.add(res, len(rounds[max(res.Round, 0)].Jobs) > 0)
		if err := out.add(res); err != nil {
			return err
		}
		if !yield(res) {
			return nil
		}
	}
	for _, q := range cursors {
		if err := q.rest(); err != nil {
			return err
		}
	}
	if _, err := next("", -1); err != nil {
		return err
	}
	if r.quiet {
		return nil
	}
	return out.upload(r.ctx, c, r.b.name)
}

// fill sets the outcome of a record: the latest answer, else the latest
// failure.
func (r *Results) fill(res *Result, about *note, cursors []*cursor) error {
	if about.Refused != nil {
		res.Round, res.Err = -1, r.b.c.revived(resultsOp, about.Refused)
		return nil
	}
	for i := len(cursors) - 1; i >= 0; i-- {
		found, err := cursors[i].look(res.Number, about)
		if err != nil {
			return err
		}
		if found == nil || found.Response == nil && res.Err != nil {
			continue
		}
		res.Round, res.Job, res.Response, res.Err = i, found.Job, found.Response, found.Err
		if res.Response != nil {
			res.Err = nil
			return nil
		}
	}
	return nil
}

// pull returns a function that returns the request of the next input. That
// input must have the given id. Without inputs the function returns nil.
func (r *Results) pull() (next func(id string, n int64) (*model.Request, error), stop func()) {
	if r.inputs == nil {
		return func(string, int64) (*model.Request, error) { return nil, nil }, func() {}
	}
	pull, stop := iter.Pull2(r.inputs)
	return func(id string, n int64) (*model.Request, error) {
		in, err, ok := pull()
		switch {
		case !ok && n < 0:
			return nil, nil
		case ok && err != nil:
			return nil, err
		case !ok || n < 0:
			return nil, r.b.c.error(model.ErrInvalidRequest, resultsOp, CodeOther, fmt.Sprintf("the batch has %d inputs, and the given number is another one; pass the same inputs in the same order", r.b.Records()))
		case in.ID != id:
			return nil, r.b.c.error(model.ErrInvalidRequest, resultsOp, CodeOther, fmt.Sprintf("input %d of the batch is %q, not %q; pass the same inputs in the same order", n, id, in.ID))
		}
		return in.Request, nil
	}, stop
}

// mustHaveEnded gets the state of the jobs that were not yet seen to end.
func (b *Batch) mustHaveEnded(ctx context.Context, op string) error {
	running := func() (name string, status Status) {
		for _, j := range b.Jobs() {
			if !j.Status.Ended() {
				return j.Name, j.Status
			}
		}
		return "", ""
	}
	if name, _ := running(); name == "" {
		return nil
	}
	err := b.c.retry(ctx, op, func() error {
		passing, err := b.poll(ctx, op)
		if err != nil || errors.Is(passing, model.ErrQuota) {
			return err
		}
		return passing
	})
	if err != nil {
		return err
	}
	if name, status := running(); name != "" {
		return b.c.error(model.ErrInvalidRequest, op, CodeRunning, fmt.Sprintf("the job %s is %s; wait until the batch has ended", name, status))
	}
	return nil
}

// notes downloads records.jsonl.
func (c *Client) notes(ctx context.Context, first *round, name string) (*os.File, error) {
	if err := c.store.download(ctx, resultsOp, *c.store.key(path.Join(first.folder, notesFile)), name); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	if _, err = io.Copy(h, f); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil && hex.EncodeToString(h.Sum(nil)) != first.Notes {
		err = c.error(model.ErrMalformed, resultsOp, "", notesFile+" of the batch has changed since the batch was submitted")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
