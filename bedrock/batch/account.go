package batch

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

// An Account has the sums over results. Records is the sum of Answered, Failed,
// Missing and Refused.
type Account struct {
	Records  int64
	Answered int64
	Failed   int64 // the service or the model failed
	Missing  int64 // never run, absent from the output, or unreadable there
	Refused  int64 // never sent

	Doubled int64 // further lines of the same records in the output, which are ignored
	Strange int64 // lines of the output that are not records of the batch

	// JobUsage is the usage of the answers of jobs. CallUsage is the usage of
	// the answers of [Batch.Generate]. Unknown is the number of answers that
	// report no usage.
	JobUsage, CallUsage model.Usage
	Unknown             int64

	// Told holds the service's own sums over the jobs.
	Told Told
}

// A Told has the sums over the manifest.json.out of the jobs, as the service
// wrote them. It counts records that were sent again each time.
type Told struct{ Total, Processed, Succeeded, Failed, InputTokens, OutputTokens int64 }

func (t *Told) add(u told) {
	t.Total += u.Total
	t.Processed += u.Processed
	t.Succeeded += u.Succeeded
	t.Failed += u.Failed
	t.InputTokens += u.Input
	t.OutputTokens += u.Output
}

// Cost returns the cost of the answers at the prices of calls. Answers of jobs
// cost half of these prices. https://aws.amazon.com/bedrock/pricing/
func (a Account) Cost(p budget.Prices) budget.Amount {
	return p.Cost(a.JobUsage)/2 + p.Cost(a.CallUsage)
}

// String returns the account in one line.
func (a Account) String() string {
	return fmt.Sprintf("%d records: %d answered, %d failed, %d missing, %d refused; %d doubled", a.Records, a.Answered, a.Failed, a.Missing, a.Refused, a.Doubled)
}

func (a *Account) add(r *Result, byJob bool) {
	a.Records++
	switch stateOf(r) {
	case StateAnswered:
		a.Answered++
		u := r.Response.TokenUsage()
		switch {
		case !u.Known:
			a.Unknown++
		case byJob:
			a.JobUsage = a.JobUsage.Add(u)
		default:
			a.CallUsage = a.CallUsage.Add(u)
		}
	case StateRefused:
		a.Refused++
	case StateMissing:
		a.Missing++
	default:
		a.Failed++
	}
}

// A State is the outcome of an input, in one word.
type State string

// The states.
const (
	StateAnswered State = "answered"
	StateFailed   State = "failed"
	StateMissing  State = "missing"
	StateRefused  State = "refused"
)

func stateOf(r *Result) State {
	switch {
	case r.Response != nil:
		return StateAnswered
	case r.Refused():
		return StateRefused
	case r.Err.Code == CodeMissing || r.Err.Code == CodeNotRun || r.Err.Code == CodeUnread:
		return StateMissing
	}
	return StateFailed
}

// An Entry is a line of the manifest: the outcome of one input.
type Entry struct {
	Number int64           `json:"number"`
	ID     string          `json:"id"`
	State  State           `json:"state"`
	Round  int             `json:"round"` // -1: never sent
	Job    string          `json:"job,omitempty"`
	Kind   model.ErrorKind `json:"kind,omitempty"`
	Code   string          `json:"code,omitempty"`
	Reason string          `json:"reason,omitempty"`
}

const manifestFile = "manifest.jsonl"

// Manifest returns the manifest: an entry for each input, in order.
// [Results.All] writes it to manifest.jsonl in the batch's folder; the latest
// one is returned. If there is none, the error has the kind
// [model.ErrNotFound].
func (b *Batch) Manifest(ctx context.Context) iter.Seq2[Entry, error] {
	const op = "read manifest"
	return func(yield func(Entry, error) bool) {
		dir, err := os.MkdirTemp(b.c.options.tempDir(), "batch-")
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer os.RemoveAll(dir)
		name := filepath.Join(dir, manifestFile)
		if err := b.c.store.download(ctx, op, *b.c.store.key(path.Join(b.name, manifestFile)), name); err != nil {
			yield(Entry{}, err)
			return
		}
		f, err := os.Open(name)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer f.Close()
		l := newLines(f)
		for {
			var e Entry
			line, _, err := l.next()
			if err == io.EOF {
				return
			}
			if err == nil {
				err = json.Unmarshal(line, &e)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// A manifest is a manifest that is being written.
type manifest struct {
	path string
	file *os.File
	w    *bufio.Writer
}

func newManifest(path string) (*manifest, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &manifest{path, f, bufio.NewWriterSize(f, 64<<10)}, nil
}

func (m *manifest) add(r *Result) error {
	e := Entry{Number: r.Number, ID: r.ID, State: stateOf(r), Round: r.Round, Job: r.Job}
	if r.Err != nil {
		e.Kind, e.Code, e.Reason = r.Err.Kind, r.Err.Code, r.Err.Message
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = m.w.Write(append(data, '\n'))
	return err
}

func (m *manifest) upload(ctx context.Context, c *Client, name string) error {
	if err := m.w.Flush(); err != nil {
		return err
	}
	info, err := m.file.Stat()
	if err != nil {
		return err
	}
	return c.store.upload(ctx, "write manifest", path.Join(name, manifestFile), m.path, "", info.Size())
}

func (m *manifest) close() { m.file.Close() }
