package batch

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/chatmodel-go/chatmodel/model"
)

// A spool is the input of a round that is being made. Its files are in a folder
// of their own. So all input can be refused before any of it is uploaded, and
// only one record is in memory.
type spool struct {
	dir     string
	limits  Limits
	parts   []*part
	records int64     // the number of records in all parts
	content hash.Hash // the hash of all lines, independent of how they are split

	file *os.File
	w    *bufio.Writer
	job  jobSize // the size of the last job so far
}

// A part is a file of a job's input.
type part struct {
	path    string
	job     int // the number of the job
	records int
	bytes   int64
	sha256  string
}

type jobSize struct {
	number  int
	records int
	bytes   int64
}

func (c *Client) newSpool() (*spool, error) {
	dir, err := os.MkdirTemp(c.options.tempDir(), "batch-")
	if err != nil {
		return nil, fmt.Errorf("batch: make a folder for the records: %w", err)
	}
	return &spool{dir: dir, limits: c.options.Limits, content: sha256.New()}, nil
}

// remove removes the files.
func (s *spool) remove() {
	if s.file != nil {
		s.file.Close()
	}
	os.RemoveAll(s.dir)
}

// add adds a record's line. It begins a new file or job if the line does not
// fit.
func (s *spool) add(line []byte) error {
	size := int64(len(line))
	last := len(s.parts) - 1
	full := last < 0 || s.parts[last].records >= s.limits.FileRecords || s.parts[last].bytes+size > s.limits.FileBytes
	if s.job.records >= s.limits.JobRecords || s.job.bytes+size > s.limits.JobBytes {
		s.job = jobSize{number: s.job.number + 1}
		full = true
	}
	if full {
		if err := s.begin(); err != nil {
			return err
		}
		last++
	}
	p := s.parts[last]
	p.records++
	p.bytes += size
	s.job.records++
	s.job.bytes += size
	s.records++
	s.content.Write(line)
	_, err := s.w.Write(line)
	return err
}

// begin begins a file.
func (s *spool) begin() error {
	if err := s.close(); err != nil {
		return err
	}
	p := &part{path: filepath.Join(s.dir, fmt.Sprintf("%06d.jsonl", len(s.parts))), job: s.job.number}
	f, err := os.Create(p.path)
	if err != nil {
		return err
	}
	s.file = f
	if s.w == nil {
		s.w = bufio.NewWriterSize(f, 256<<10)
	} else {
		s.w.Reset(f)
	}
	s.parts = append(s.parts, p)
	return nil
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.w.Flush()
	if closeErr := s.file.Close(); err == nil {
		err = closeErr
	}
	s.file = nil
	return err
}

// finish completes the files. The last job gets at least the minimum of
// records, and each file gets its digest.
func (s *spool) finish(c *Client, op string) error {
	if err := s.close(); err != nil {
		return err
	}
	if s.records < int64(s.limits.MinRecords) {
		return c.error(model.ErrUnsupported, op, CodeTooFew, fmt.Sprintf("a job needs at least %d records, and there are %d; use Generate, or change Options.Limits if the account has another quota",
			s.limits.MinRecords, s.records))
	}
	if missing := s.limits.MinRecords - s.job.records; missing > 0 {
		if err := s.borrow(missing); err != nil {
			return err
		}
	}
	sizes := map[int]int{}
	for _, p := range s.parts {
		sizes[p.job] += p.records
		if p.records > s.limits.FileRecords || p.bytes > s.limits.FileBytes {
			return c.error(model.ErrUnsupported, op, CodeTooFew, fmt.Sprintf("the last job needs %d records, which do not fit into its file: the records are too large to be split into jobs", s.limits.MinRecords))
		}
		if err := p.digest(); err != nil {
			return err
		}
	}
	for job, n := range sizes {
		if n < s.limits.MinRecords {
			return c.error(model.ErrUnsupported, op, CodeTooFew, fmt.Sprintf("job %d would have %d records, and a job needs at least %d: the records are too large to be split into jobs", job, n, s.limits.MinRecords))
		}
	}
	return nil
}

// borrow moves the last records of the second-last job to the last one.
func (s *spool) borrow(n int) error {
	last := s.parts[len(s.parts)-1].job
	first := slices.IndexFunc(s.parts, func(p *part) bool { return p.job == last })
	tail := s.parts[first]
	for i := first - 1; i >= 0 && s.parts[i].job == last-1 && n > 0; i-- {
		from := s.parts[i]
		take := min(n, from.records)
		at, err := from.offset(from.records - take)
		if err != nil {
			return err
		}
		moved := &part{path: tail.path + ".moved", job: tail.job, records: take + tail.records, bytes: from.bytes - at + tail.bytes}
		if err := concat(moved.path, section{from.path, at}, section{tail.path, 0}); err != nil {
			return err
		}
		if err := os.Rename(moved.path, tail.path); err != nil {
			return err
		}
		if err := os.Truncate(from.path, at); err != nil {
			return err
		}
		tail.records, tail.bytes = moved.records, moved.bytes
		from.records, from.bytes = from.records-take, at
		n -= take
		if from.records == 0 {
			s.parts = slices.Delete(s.parts, i, i+1)
		}
	}
	return nil
}

// offset returns the offset of a record.
func (p *part) offset(record int) (int64, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	l := newLines(f)
	for range record {
		if _, _, err := l.next(); err != nil {
			return 0, err
		}
	}
	return l.offset, nil
}

// spans returns the numbers of the first and the last record of each job.
func (s *spool) spans() (all [][2]int64, err error) {
	for _, p := range s.parts {
		first, last, err := p.span()
		if err != nil {
			return nil, err
		}
		if len(all) <= p.job {
			all = append(all, [2]int64{first, last})
		}
		all[p.job][1] = last
	}
	return all, nil
}

// span returns the numbers of the first and the last record of a file.
func (p *part) span() (first, last int64, err error) {
	f, err := os.Open(p.path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	l := newLines(f)
	for i := 0; ; i++ {
		line, _, err := l.next()
		if err == io.EOF {
			return first, last, nil
		}
		if err != nil {
			return 0, 0, err
		}
		last, _ = numberOf(line[len(recordOpen) : len(recordOpen)+idLength])
		if i == 0 {
			first = last
		}
	}
}

func (p *part) digest() error {
	f, err := os.Open(p.path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	p.sha256 = hex.EncodeToString(h.Sum(nil))
	return nil
}

// A section is the rest of a file from an offset.
type section struct {
	path string
	from int64
}

func concat(path string, sections ...section) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := out.Close(); err == nil {
			err = closeErr
		}
	}()
	for _, s := range sections {
		in, err := os.Open(s.path)
		if err != nil {
			return err
		}
		if _, err = in.Seek(s.from, io.SeekStart); err == nil {
			_, err = io.Copy(out, in)
		}
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
