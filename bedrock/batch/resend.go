package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatmodel-go/chatmodel/model"
)

// Resend sends records again, by further jobs of the batch. It sends those for
// which again returns true; if again is nil, those for which [Result.Again]
// does. It returns their number. It copies the records byte for byte from the
// batch's input, so it does not need the inputs.
//
// The batch must have ended. If there are fewer records than a job must have,
// the error has [CodeTooFew]; see [Batch.Generate]. After Resend the batch runs
// again, and its results have the latest answers. If a program dies during
// Resend, it must call Resend again.
func (b *Batch) Resend(ctx context.Context, again func(*Result) bool) (int64, error) {
	const op = "resend"
	if again == nil {
		again = (*Result).Again
	}
	rounds := b.all()
	first := rounds[0]
	if first.InS3 {
		return 0, b.c.error(model.ErrUnsupported, op, "", "requests refer to files in the input folder of their job, and another job cannot have its input there; use Generate")
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
		return 0, b.c.error(model.ErrMalformed, op, "", fmt.Sprintf("only %d of the %d records to send again are in the batch's input", s.records, n))
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

// copyRecords copies the selected records of a round's input.
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
	return newLines(f).each(func(line []byte, _ int64) error {
		id, _ := openingID(line)
		if n, ok := numberOf(id); ok && picked.has(n) {
			return to.add(append(bytes.Clone(line), '\n'))
		}
		return nil
	})
}

// bits is a set of record numbers.
type bits []uint64

func (b bits) set(n int64)      { b[n/64] |= 1 << (n % 64) }
func (b bits) has(n int64) bool { return n/64 < int64(len(b)) && b[n/64]&(1<<(n%64)) != 0 }

const (
	answersFolder = "answers"
	answersEach   = 100              // answers in a file
	flushTime     = 30 * time.Second // for the last file, after the context has ended
)

// GenerateOptions configure [Batch.Generate].
type GenerateOptions struct {
	// Parallel is the number of concurrent calls. Zero means 4.
	Parallel int

	// Again reports which failures to try again. Nil means [Result.Again].
	Again func(*Result) bool
}

// Generate tries records again by calls of m. Use it if there are too few
// records for a job, or if jobs cannot run them. To respect a rate limit, wrap
// m by package model/limit. The inputs must be those of the batch.
//
// Generate writes the answers and errors of m to the batch's folder, a hundred
// at a time. They are the results of the records from then on. If the context
// ends or S3 fails, the ones already written stay. Options may be nil.
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
		return 0, b.c.error(model.ErrInvalidRequest, op, "", "the inputs are nil; pass those of the batch")
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

// answers collects the answers of calls and writes them to S3.
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
		Metadata *metadata       `json:"metadata,omitempty"`
		Failure  *failure        `json:"failure,omitempty"`
	}{RecordID: recordID(number), Response: resp, Metadata: metadataOf(resp)}
	if err != nil {
		line.Response, line.Metadata, line.Failure = nil, nil, failureOf(relabel(w.op, err))
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

// flush writes the remaining answers, even if the caller's context has ended.
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

// write writes a file of answers. The first file makes the round visible.
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
			err = c.error(model.ErrInvalidRequest, w.op, CodeOther, fmt.Sprintf("another program is sending records of the batch %q again", w.b.name))
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
