package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Batch consists of the requests that were submitted under one name, the jobs
// that run them, and their results. Its state is in S3 and with the service.
// Any process that knows the name can continue it, by [Client.Submit] or
// [Client.Find]. Its methods are safe for concurrent use, except that only one
// of Resend, Generate and Stop may run at a time.
type Batch struct {
	c    *Client
	name string

	work sync.Mutex // held while jobs are found, created or described

	mu     sync.Mutex // guards rounds, and the states of their jobs
	rounds []*round
}

// Name returns the batch's name.
func (b *Batch) Name() string { return b.name }

// Records returns the number of inputs, including refused ones.
func (b *Batch) Records() int64 { return b.rounds[0].Records }

// Refused returns the number of inputs that were left out; see
// [Options.LeaveOut].
func (b *Batch) Refused() int64 { return b.rounds[0].Refused }

// A round consists of the records that were sent at one time: at first all of
// them, later those that are sent again. It is written once, when all of its
// input is in S3, and never changed.
type round struct {
	Version int            `json:"version"`
	Name    string         `json:"name"`
	Number  int            `json:"round"`
	Model   string         `json:"model"`
	Form    Form           `json:"form"`
	Format  bedrock.Format `json:"format,omitempty"`
	Records int64          `json:"records"` // inputs, including refused ones
	Refused int64          `json:"refused,omitempty"`
	Notes   string         `json:"notes,omitempty"` // the digest of records.jsonl
	InS3    bool           `json:"in_s3,omitempty"` // the requests refer to files in S3
	Digest  string         `json:"digest"`          // the digest of all of the round's records
	Jobs    []*job         `json:"jobs,omitempty"`  // empty: the records were sent by Generate
	folder  string         // the round's folder in the store
	stopped bool           // no further job of it is created
}

// A job is a planned job of a round.
type job struct {
	Name  string    `json:"name"`
	Token string    `json:"token"`
	Parts []jobPart `json:"parts"`
	First int64     `json:"first"` // the number of its first record
	Last  int64     `json:"last"`  // the number of its last record

	input, output string // folders in the store
	state         string // the file in the store that has its ARN
	arn           string
	info          Job // its state when it was last seen
}

// A jobPart is a file of a job's input.
type jobPart struct {
	File    string `json:"file"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

func (j *job) records() (n int64) {
	for _, p := range j.Parts {
		n += int64(p.Records)
	}
	return n
}

const (
	version   = 1
	claimFile = "claim.json"    // of a round that is being uploaded; it names the records that the folder is for
	stateFile = "batch.json"    // of a round
	notesFile = "records.jsonl" // of the first round
	stopFile  = "stopped.json"  // of the batch
)

func roundFolder(name string, n int) string { return path.Join(name, strconv.Itoa(n)) }

func inputFolder(name string, round, job int) string {
	return path.Join(roundFolder(name, round), "input", three(job))
}

// InputFolder returns the folder of the first job of the batch with the given
// name, such as "s3://bucket/batches/news/0/input/000/". Images, documents,
// videos and audio that requests refer to by an address in S3 must be in this
// folder, and such a batch must fit into one job.
func (c *Client) InputFolder(name string) string { return c.store.uri(inputFolder(name, 0, 0)) + "/" }

// planned returns the round for a spool. The spans are the numbers of the first
// and the last record of each job.
func (c *Client) planned(name string, number int, s *spool, notes string, records, refused int64, inS3 bool, spans [][2]int64) *round {
	r := &round{Version: version, Name: name, Number: number, Model: c.codec.ID(), Form: c.form, Format: c.codec.Format(),
		Records: records, Refused: refused, Notes: notes, InS3: inS3}
	all := sha256.New()
	fmt.Fprintln(all, r.Name, r.Number, r.Model, r.Form, r.Format, r.Notes)
	if s.content != nil {
		all.Write(s.content.Sum(nil))
	}
	r.Digest = hex.EncodeToString(all.Sum(nil))
	for _, p := range s.parts {
		for len(r.Jobs) <= p.job {
			r.Jobs = append(r.Jobs, &job{Name: fmt.Sprintf("%s-%d-%s", name, number, three(len(r.Jobs))), First: spans[len(r.Jobs)][0], Last: spans[len(r.Jobs)][1]})
		}
		j := r.Jobs[p.job]
		j.Parts = append(j.Parts, jobPart{File: fmt.Sprintf("part-%05d.jsonl", len(j.Parts)), Records: p.records, Bytes: p.bytes, SHA256: p.sha256})
	}
	for _, j := range r.Jobs {
		sum := sha256.Sum256([]byte(r.Digest + " " + j.Name + " " + c.options.Role))
		j.Token = hex.EncodeToString(sum[:]) // letters and digits, as a token must be
	}
	r.settle()
	return r
}

// settle sets the fields that follow from the others.
func (r *round) settle() {
	r.folder = roundFolder(r.Name, r.Number)
	for i, j := range r.Jobs {
		j.input = inputFolder(r.Name, r.Number, i)
		j.output = path.Join(r.folder, "output", three(i))
		j.state = path.Join(r.folder, "job-"+three(i)+".json")
		j.info = Job{Name: j.Name, Status: StatusPlanned, Records: j.records()}
	}
}

// readRound reads a round of a batch. It returns nil if there is none.
func (c *Client) readRound(ctx context.Context, op, name string, number int) (*round, error) {
	r := new(round)
	found, err := c.store.get(ctx, op, path.Join(roundFolder(name, number), stateFile), r)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, nil
	case r.Version != version:
		return nil, c.error(model.ErrUnsupported, op, "", fmt.Sprintf("the batch %q has version %d of the format; this program reads version %d", name, r.Version, version))
	case r.Name != name || r.Number != number:
		return nil, c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("the folder of the batch %q contains another batch, %q", name, r.Name))
	case r.Model != c.codec.ID() || r.Form != c.form || r.Format != c.codec.Format():
		return nil, c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("the batch %q is for the model %s in the form %s; use a client for these, or another name", name, r.Model, r.Form))
	}
	r.settle()
	return r, nil
}

// Find returns the batch with the given name, as it was submitted.
// [Batch.Watch] creates those of its jobs that do not exist yet. If there is no
// such batch, the error has the kind [model.ErrNotFound].
func (c *Client) Find(ctx context.Context, name string) (*Batch, error) {
	const op = "find batch"
	if err := checkName(op, name); err != nil {
		return nil, err
	}
	b := &Batch{c: c, name: name}
	if err := b.load(ctx, op); err != nil {
		return nil, err
	}
	if len(b.rounds) == 0 {
		return nil, c.error(model.ErrNotFound, op, "", fmt.Sprintf("there is no batch %q in %s, or the upload of its input was never completed", name, c.options.Folder))
	}
	return b, nil
}

// load reads the rounds that exist and are not known yet.
func (b *Batch) load(ctx context.Context, op string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		r, err := b.c.readRound(ctx, op, b.name, len(b.rounds))
		if err != nil {
			return err
		}
		if r == nil {
			break
		}
		b.rounds = append(b.rounds, r)
	}
	var until struct {
		Rounds int `json:"rounds"`
	}
	if _, err := b.c.store.get(ctx, op, path.Join(b.name, stopFile), &until); err != nil {
		return err
	}
	for i, r := range b.rounds {
		r.stopped = i < until.Rounds
	}
	return nil
}

// all returns the rounds.
func (b *Batch) all() []*round {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.rounds)
}
