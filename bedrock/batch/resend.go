package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatmodel-go/chatmodel/model"
)

// Resend sends records again, by further jobs of the batch: those that again
// reports true for, or without it those for which [Result.Again] does. It returns
// how many that are. The records are those that were sent, byte for byte, so that
// the inputs are not needed.
//
// The batch must have ended. If there are fewer records than a job must have, the
// error has [CodeTooFew]; see [Batch.Generate]. After it, the batch runs again:
// its results have the answers of the last time where there are any. A program
// that dies in here calls it again.
func (b *Batch) Resend(ctx context.Context, again func(*Result) bool) (int64, error) {
	const op = "resend"
	if again == nil {
		again = (*Result).Again
	}
	rounds := b.all()
	first := rounds[0]
	if first.InS3 {
		return 0, b.c.error(model.ErrUnsupported, op, "", "requests refer to files in the input folder of their job, where no other job may have its input; use Generate")
	}
	picked := make(bits, b.Records()/64+1)
	results := &Results{b: b, ctx: ctx, quiet: true}
	var n int64
	err := results.run(func(r *Result) bool {
		if r.Err != nil && !r.Refused() && again(r) {
			picked.set(r.Number)
			n++
		}
		return true
	})
	if err != nil || n == 0 {
		return 0, err
	}
	s, err := b.c.newSpool()
	if err != nil {
		return 0, err
	}
	defer s.remove()
	if err := b.c.copyRecords(ctx, op, first, s, picked); err != nil {
		return 0, err
	}
	if s.records != n {
		return 0, b.c.error(model.ErrMalformed, op, "", fmt.Sprintf("%d of %d records to be sent again are in the batch's input", s.records, n))
	}
	if err := s.finish(b.c, op); err != nil {
		return 0, err
	}
	spans, err := s.spans()
	if err != nil {
		return 0, err
	}
	r := b.c.planned(b.name, len(rounds), s, "", n, 0, false, spans)
	if err := b.c.upload(ctx, op, r, s, ""); err != nil {
		return 0, err
	}
	if err := b.load(ctx, op); err != nil {
		return 0, err
	}
	return n, b.start(ctx, op)
}

// copyRecords copies the picked records of a round's input.
func (c *Client) copyRecords(ctx context.Context, op string, from *round, to *spool, picked bits) error {
	name := filepath.Join(to.dir, "input")
	for _, j := range from.Jobs {
		for _, p := range j.Parts {
			if err := c.store.download(ctx, op, *c.store.key(path.Join(j.input, p.File)), name); err != nil {
				return err
			}
			if err := copyLines(name, to, picked); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyLines(name string, to *spool, picked bits) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	l := newLines(f)
	for {
		line, _, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		id, _ := openingID(line)
		if n, ok := numberOf(id); ok && picked.has(n) {
			if err := to.add(append(bytes.Clone(line), '\n')); err != nil {
				return err
			}
		}
	}
}

// bits is a set of the numbers of records.
type bits []uint64

func (b bits) set(n int64)      { b[n/64] |= 1 << (n % 64) }
func (b bits) has(n int64) bool { return n/64 < int64(len(b)) && b[n/64]&(1<<(n%64)) != 0 }

const (
	answersFolder = "answers"
	answersEach   = 100              // in a file
	flushTime     = 30 * time.Second // for what is left when the context has ended
)

// GenerateOptions adjusts [Batch.Generate].
type GenerateOptions struct {
	// Parallel is how many calls are made at the same time. Zero means 4.
	Parallel int

	// Again says which failures are tried again. Nil means [Result.Again].
	Again func(*Result) bool
}

// Generate answers records again by calls of m, if there are too few for a job,
// or if a job cannot run them. For a rate limit, wrap m by package model/limit.
// Inputs are those of the batch.
//
// The answers and errors of m are written to the batch's folder, a hundred at a
// time, and are the results of the records from then on. If the context ends in
// between, or S3 fails, those that were written stay. Options may be nil.
func (b *Batch) Generate(ctx context.Context, m model.ChatModel, inputs Inputs, options *GenerateOptions) (int64, error) {
	const op = "generate for batch"
	var o GenerateOptions
	if options != nil {
		o = *options
	}
	if o.Again == nil {
		o.Again = (*Result).Again
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if inputs == nil {
		return 0, b.c.error(model.ErrInvalidRequest, op, "", "the inputs are nil; give those of the batch")
	}
	w := &answers{b: b, ctx: ctx, op: op, round: len(b.all())}
	calls, callCtx := errgroup.WithContext(ctx)
	calls.SetLimit(o.Parallel)
	var n int64
	err := (&Results{b: b, ctx: callCtx, inputs: inputs, quiet: true}).run(func(r *Result) bool {
		if r.Err == nil || r.Refused() || !o.Again(r) {
			return true
		}
		n++
		calls.Go(func() error {
			resp, err := m.Generate(callCtx, r.Request)
			if callCtx.Err() != nil {
				return callCtx.Err()
			}
			return w.add(r.Number, resp, err)
		})
		return callCtx.Err() == nil
	})
	if failed := calls.Wait(); failed != nil {
		err = b.c.failed(ctx, op, failed)
	}
	if flushErr := w.flush(); err == nil {
		err = flushErr
	}
	if err == nil {
		err = b.load(ctx, op)
	}
	return n, err
}

// answers are the answers of calls on their way to S3.
type answers struct {
	b     *Batch
	ctx   context.Context
	op    string
	round int

	mu      sync.Mutex
	buf     bytes.Buffer
	n, file int
}

func (w *answers) add(number int64, resp *model.Response, err error) error {
	line := struct {
		RecordID string          `json:"recordId"`
		Response *model.Response `json:"response,omitempty"`
		Failure  *failure        `json:"failure,omitempty"`
	}{RecordID: recordID(number), Response: resp}
	if err != nil {
		line.Response, line.Failure = nil, failureOf(relabel(w.op, err))
	}
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf.Write(append(data, '\n'))
	if w.n++; w.n < answersEach {
		return nil
	}
	return w.write(w.ctx)
}

// flush writes what is left, also if the caller's context has ended.
func (w *answers) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), flushTime)
	defer cancel()
	return w.write(ctx)
}

// write writes a file of answers. The first one makes the round known.
func (w *answers) write(ctx context.Context) error {
	c := w.b.c
	folder := roundFolder(w.b.name, w.round)
	if err := c.store.write(ctx, w.op, path.Join(folder, answersFolder, fmt.Sprintf("%05d.jsonl.out", w.file)), w.buf.Bytes(), nil); err != nil {
		return err
	}
	if w.file == 0 {
		r := c.planned(w.b.name, w.round, &spool{}, "", 0, 0, false, nil)
		there, err := c.store.putOnce(ctx, w.op, path.Join(folder, stateFile), r)
		if err == nil && there {
			err = c.error(model.ErrInvalidRequest, w.op, CodeOther, fmt.Sprintf("somebody else sends records of the batch %q again", w.b.name))
		}
		if err != nil {
			return err
		}
	}
	w.file++
	w.n = 0
	w.buf.Reset()
	return nil
}
