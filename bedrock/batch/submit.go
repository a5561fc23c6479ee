package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Refusal is a request of a batch that was refused.
type Refusal struct {
	Number int64 // the number of the input, from 0
	ID     string
	Err    *model.Error
}

// A RefusedError is the error of a batch with refused requests. Nothing was
// uploaded.
type RefusedError struct {
	Records  int64     // the number of inputs
	Total    int64     // the number of refused ones
	Refusals []Refusal // the first of them
}

// mostRefusals limits the refusals in the error.
const mostRefusals = 100

func (e *RefusedError) Error() string {
	first := e.Refusals[0]
	return fmt.Sprintf("bedrock: submit batch: %d of %d requests were refused, and nothing was uploaded; the first is input %d, %q: %s", e.Total, e.Records, first.Number, first.ID, first.Err.Message)
}

// Unwrap returns the errors of the requests.
func (e *RefusedError) Unwrap() []error {
	all := make([]error, len(e.Refusals))
	for i, r := range e.Refusals {
		all[i] = r.Err
	}
	return all
}

// A Checked reports whether an input would be sent, and with which warnings.
type Checked struct {
	ID       string
	Warnings []model.Warning
	Err      *model.Error // why it would be refused; nil if it would be sent
}

// Check reports for each input how [Client.Submit] would treat it. It sends
// nothing.
func (c *Client) Check(name string, inputs Inputs) iter.Seq2[Checked, error] {
	return func(yield func(Checked, error) bool) {
		e := c.encoder("check batch", name)
		for in, err := range inputs {
			if err != nil {
				yield(Checked{}, err)
				return
			}
			body, refused := e.encode(in)
			checked := Checked{ID: in.ID, Err: refused}
			if refused == nil {
				checked.Warnings = body.Warnings
			}
			if !yield(checked, nil) {
				return
			}
		}
	}
}

// An encoder encodes the requests of a batch.
type encoder struct {
	c      *Client
	op     string
	folder string // the folder in which files in S3 must be
	inS3   bool   // some request refers to a file in S3
}

func (c *Client) encoder(op, name string) *encoder {
	return &encoder{c: c, op: op, folder: c.InputFolder(name)}
}

// encode encodes a request, or returns why it is refused.
func (e *encoder) encode(in Input) (*bedrock.Body, *model.Error) {
	body, err := e.c.codec.Encode(in.Request)
	if err != nil {
		return nil, relabel(e.op, err)
	}
	if err := e.c.form.check(e.op, in.Request, body.JSON); err != nil {
		return nil, relabel(e.op, err)
	}
	if size := int64(len(body.JSON)) + 64; size > e.c.options.Limits.FileBytes {
		return nil, e.c.error(model.ErrUnsupported, e.op, "", fmt.Sprintf("the record has %d bytes, and a file of a job may have at most %d", size, e.c.options.Limits.FileBytes))
	}
	field, any := outside(in.Request, e.folder)
	if field != "" {
		return nil, e.c.error(model.ErrInvalidRequest, e.op, "", fmt.Sprintf("%s: the file must be in the folder of the job's input, %s; move it there, or pass its data", field, e.folder))
	}
	e.inS3 = e.inS3 || any
	return body, nil
}

// Submit runs requests as a batch. The name identifies the batch in its folder.
// If a process dies at any point, the same or another process can submit the
// same inputs under the same name: the upload goes on where it stopped, and
// each job is created only once. Other inputs are then an error with
// [CodeOther].
//
// Submit first writes and judges all requests, in files in Options.TempDir. If
// [bedrock.Model.Generate] would refuse a request, or the job's form has no
// place for it, the error is a [*RefusedError]; see [Options.LeaveOut]. If
// there are fewer records than a job must have, the error has [CodeTooFew]. In
// both cases nothing was uploaded. Input that is larger than a file or a job
// may be is split.
//
// Submit creates as many jobs as the account's quota has room for.
// [Batch.Watch] creates the rest.
func (c *Client) Submit(ctx context.Context, name string, inputs Inputs) (*Batch, error) {
	const op = "submit batch"
	if err := checkName(op, name); err != nil {
		return nil, err
	}
	s, err := c.newSpool()
	if err != nil {
		return nil, err
	}
	defer s.remove()
	r, err := c.spoolInputs(ctx, op, name, s, inputs)
	if err != nil {
		return nil, err
	}
	have, err := c.readRound(ctx, op, name, 0)
	switch {
	case err != nil:
		return nil, err
	case have != nil && have.Digest != r.Digest:
		return nil, c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("a batch %q with other requests exists; use another name, or Find to continue that one", name))
	case have == nil:
		if err := c.upload(ctx, op, r, s, filepath.Join(s.dir, notesFile)); err != nil {
			return nil, err
		}
	}
	b := &Batch{c: c, name: name}
	if err := b.load(ctx, op); err != nil {
		return nil, err
	}
	return b, b.start(ctx, op)
}

// spoolInputs writes the requests of a batch to files.
func (c *Client) spoolInputs(ctx context.Context, op, name string, s *spool, inputs Inputs) (*round, error) {
	seen, err := newIDs(filepath.Join(s.dir, "ids"))
	if err != nil {
		return nil, err
	}
	defer seen.close()
	notes, err := newNotes(filepath.Join(s.dir, notesFile))
	if err != nil {
		return nil, err
	}
	defer notes.close()
	e := c.encoder(op, name)
	refused := &RefusedError{}
	var n int64
	var line []byte
	for in, err := range inputs {
		switch {
		case err != nil:
			return nil, fmt.Errorf("bedrock: submit batch: input %d: %w", n, err)
		case ctx.Err() != nil:
			return nil, c.failed(ctx, op, ctx.Err())
		case in.ID == "":
			return nil, c.error(model.ErrInvalidRequest, op, "", fmt.Sprintf("input %d has no id; give each input an id of its own", n))
		case n > mostRecords:
			return nil, c.error(model.ErrInvalidRequest, op, "", fmt.Sprintf("there are more than %d inputs", int64(mostRecords)+1))
		}
		if err := seen.add(in.ID); err != nil {
			return nil, err
		}
		about := note{ID: in.ID}
		body, refusal := e.encode(in)
		if refusal != nil {
			about.Refused = failureOf(refusal)
			if refused.Total++; refused.Total <= mostRefusals {
				refused.Refusals = append(refused.Refusals, Refusal{n, in.ID, refusal})
			}
		} else {
			about.Warnings, about.Paths = body.Warnings, body.ResponseFieldPaths
			line = appendRecord(line[:0], n, body.JSON)
			if err := s.add(line); err != nil {
				return nil, err
			}
		}
		if err := notes.add(about); err != nil {
			return nil, err
		}
		n++
	}
	a, b, twice, err := seen.twice()
	switch {
	case err != nil:
		return nil, err
	case twice:
		return nil, c.error(model.ErrInvalidRequest, op, "", fmt.Sprintf("inputs %d and %d have the same id; give each input an id of its own", a, b))
	case refused.Total > 0 && !c.options.LeaveOut:
		refused.Records = n
		return nil, refused
	}
	if err := s.finish(c, op); err != nil {
		return nil, err
	}
	if jobs := s.parts[len(s.parts)-1].job + 1; e.inS3 && jobs > 1 {
		return nil, c.error(model.ErrUnsupported, op, "", fmt.Sprintf("requests refer to files in S3, which must be in the folder of their job, and there are %d jobs; submit batches that fit into one job each", jobs))
	}
	digest, err := notes.finish()
	if err != nil {
		return nil, err
	}
	spans, err := s.spans()
	if err != nil {
		return nil, err
	}
	return c.planned(name, 0, s, digest, n, refused.Total, e.inS3, spans), nil
}

// upload uploads a round's files. Its last file records that all are there.
func (c *Client) upload(ctx context.Context, op string, r *round, s *spool, notes string) error {
	if err := c.claim(ctx, op, r); err != nil {
		return err
	}
	if notes != "" {
		info, err := os.Stat(notes)
		if err != nil {
			return err
		}
		if err := c.store.upload(ctx, op, path.Join(r.folder, notesFile), notes, r.Notes, info.Size()); err != nil {
			return err
		}
	}
	at := map[int]int{}
	for _, p := range s.parts {
		j := r.Jobs[p.job]
		to := j.Parts[at[p.job]]
		at[p.job]++
		if err := c.store.upload(ctx, op, path.Join(j.input, to.File), p.path, to.SHA256, to.Bytes); err != nil {
			return err
		}
	}
	if err := c.checkInput(ctx, op, r); err != nil {
		return err
	}
	// If another process was faster, it has written the same: the claim is for
	// these records.
	_, err := c.store.putOnce(ctx, op, path.Join(r.folder, stateFile), r)
	return err
}

// claim reserves the round's folder for its records, so that the uploads of two
// programs with different records never mix.
func (c *Client) claim(ctx context.Context, op string, r *round) error {
	type claim struct {
		Digest string `json:"digest"`
	}
	name := path.Join(r.folder, claimFile)
	there, err := c.store.putOnce(ctx, op, name, claim{r.Digest})
	if err != nil || !there {
		return err
	}
	var have claim
	if _, err := c.store.get(ctx, op, name, &have); err != nil {
		return err
	}
	if have.Digest != r.Digest {
		return c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("another upload was begun for the batch %q, with other records; use another name, or remove %s if that upload was abandoned", r.Name, c.store.uri(r.folder)))
	}
	return nil
}

// checkInput refuses input that an earlier attempt with other requests has left
// behind. Otherwise the job would read it too.
func (c *Client) checkInput(ctx context.Context, op string, r *round) error {
	ours := map[string]bool{}
	for _, j := range r.Jobs {
		for _, p := range j.Parts {
			ours[*c.store.key(path.Join(j.input, p.File))] = true
		}
	}
	for i := range r.Jobs {
		all, err := c.store.list(ctx, op, inputFolder(r.Name, r.Number, i))
		if err != nil {
			return err
		}
		for _, o := range all {
			if path.Ext(o.key) == ".jsonl" && !ours[o.key] {
				return c.error(model.ErrInvalidRequest, op, CodeOther, fmt.Sprintf("s3://%s/%s is in the input folder of the batch %q but does not belong to it; remove it, or use another name", c.store.bucket, o.key, r.Name))
			}
		}
	}
	return nil
}

// notes writes the file records.jsonl.
type notes struct {
	file *os.File
	sum  interface {
		Write([]byte) (int, error)
		Sum([]byte) []byte
	}
	buf []byte
}

func newNotes(path string) (*notes, error) {
	f, err := os.Create(path)
	return &notes{file: f, sum: sha256.New()}, err
}

func (w *notes) add(n note) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	w.buf = append(append(w.buf, data...), '\n')
	if len(w.buf) < 64<<10 {
		return nil
	}
	return w.flush()
}

func (w *notes) flush() error {
	w.sum.Write(w.buf)
	_, err := w.file.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

func (w *notes) finish() (digest string, err error) {
	err = w.flush()
	return hex.EncodeToString(w.sum.Sum(nil)), err
}

func (w *notes) close() { w.file.Close() }
