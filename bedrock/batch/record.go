package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// An Input is a request of a batch, with the caller's id for it. The id may be
// any text, but no two inputs of a batch may have the same one.
type Input struct {
	ID      string
	Request *model.Request
}

// Inputs are the inputs of a batch, in an order of their own. Each method that
// takes them ranges over them once. An error among them ends that method. To
// resume a batch, pass the same inputs in the same order.
type Inputs = iter.Seq2[Input, error]

// Of returns the given inputs.
func Of(inputs ...Input) Inputs {
	return func(yield func(Input, error) bool) {
		for _, in := range inputs {
			if !yield(in, nil) {
				return
			}
		}
	}
}

// recordID returns the id of the record with a number, counted from 0 over the
// whole batch. It has the strictest form in the service's documentation, which
// has asked for a string, for an alphanumeric string, and for 11 alphanumeric
// characters.
func recordID(n int64) string { return fmt.Sprintf("R%010d", n) }

const (
	recordOpen  = `{"recordId":"`
	idLength    = 11
	mostRecords = 9_999_999_999
)

// numberOf returns the number in an id made by recordID.
func numberOf(id []byte) (n int64, ok bool) {
	if len(id) != idLength || id[0] != 'R' {
		return 0, false
	}
	for _, c := range id[1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// appendRecord appends a line of a job's input.
func appendRecord(dst []byte, n int64, body []byte) []byte {
	dst = append(append(append(dst, recordOpen...), recordID(n)...), `","modelInput":`...)
	return append(append(dst, body...), "}\n"...)
}

// A note is the part of an input that is stored beside its body: a line of
// records.jsonl, in the order of the inputs.
type note struct {
	ID       string          `json:"id"`
	Warnings []model.Warning `json:"warnings,omitempty"`
	Paths    []string        `json:"paths,omitempty"` // the paths of response fields
	Refused  *failure        `json:"refused,omitempty"`
}

// A failure is an error in the form in which it is stored in a file.
type failure struct {
	Kind    model.ErrorKind `json:"kind"`
	Code    string          `json:"code,omitempty"`
	Status  int             `json:"status,omitempty"`
	Message string          `json:"message"`
}

func failureOf(e *model.Error) *failure {
	return &failure{Kind: e.Kind, Code: e.Code, Status: e.Status, Message: e.Message}
}

func (r *reporter) revived(op string, f *failure) *model.Error {
	e := r.error(f.Kind, op, f.Code, f.Message)
	e.Status = f.Status
	return e
}

// A metadata is Bedrock's part of a response as it is kept in a file, where
// [model.Response] has no place for it. Raw members are in base64, as JSON inside
// JSON would not keep its bytes.
type metadata struct {
	AdditionalFields []byte `json:"additional_fields,omitempty"`
	Trace            []byte `json:"trace,omitempty"`
	Usage            []byte `json:"usage,omitempty"`
	Latency          string `json:"latency,omitempty"`
	ServiceTier      string `json:"service_tier,omitempty"`
}

// metadataOf returns nil if the response is not Bedrock's.
func metadataOf(resp *model.Response) *metadata {
	x := bedrock.MetadataOf(resp)
	if x == nil {
		return nil
	}
	return &metadata{x.AdditionalFields, x.Trace, x.Usage, x.Latency, x.ServiceTier}
}

// into gives a response its part back.
func (m *metadata) into(resp *model.Response) {
	if m != nil {
		resp.ProviderMetadata = &bedrock.ProviderMetadata{AdditionalFields: m.AdditionalFields, Trace: m.Trace, Usage: m.Usage, Latency: m.Latency, ServiceTier: m.ServiceTier}
	}
}

// longestLine is longer than any record with its answer: a body is limited to
// 25 MB.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
const longestLine = 1 << 29

// A lines reads lines of any length. A line is valid until the next call.
type lines struct {
	r      *bufio.Reader
	long   []byte
	offset int64 // the offset of the next line
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 256<<10)} }

// next returns the next line without its end, and its offset. The last line
// need not have an end.
func (l *lines) next() (line []byte, at int64, err error) {
	at = l.offset
	l.long = l.long[:0]
	for {
		piece, err := l.r.ReadSlice('\n')
		l.offset += int64(len(piece))
		if errors.Is(err, bufio.ErrBufferFull) {
			if len(l.long) > longestLine {
				return nil, at, fmt.Errorf("batch: a line is longer than %d bytes", longestLine)
			}
			l.long = append(l.long, piece...)
			continue
		}
		if err != nil && (err != io.EOF || len(piece)+len(l.long) == 0) {
			return nil, at, err
		}
		if len(l.long) > 0 {
			piece = append(l.long, piece...)
			l.long = piece
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(piece, []byte("\n")), []byte("\r")), at, nil
	}
}

// each calls f with every line, and where it begins, until f fails.
func (l *lines) each(f func(line []byte, at int64) error) error {
	for {
		line, at, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(line, at); err != nil {
			return err
		}
	}
}

// nextNote reads a line of records.jsonl.
func (l *lines) nextNote() (note, error) {
	var n note
	line, _, err := l.next()
	if err == nil {
		err = json.Unmarshal(line, &n)
	}
	return n, err
}
