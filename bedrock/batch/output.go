package batch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// An outputs is the output of one job on disk. It finds records by their
// numbers. Only their locations are in memory.
type outputs struct {
	dir   string
	files []*os.File
	found []location // sorted by number, then in the order of the output
	buf   []byte

	strange int64 // lines that are not records of the job
	told    told
}

// A location is the place of a record's line.
type location struct {
	number int64
	offset int64
	length int32
	file   int32
}

// A told has the service's own sums over a job's records, from
// manifest.json.out.
// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html
type told struct {
	Total     int64 `json:"totalRecordCount"`
	Processed int64 `json:"processedRecordCount"`
	Succeeded int64 `json:"successRecordCount"`
	Failed    int64 `json:"errorRecordCount"`
	Input     int64 `json:"inputTokenCount"`
	Output    int64 `json:"outputTokenCount"`
}

// fetch downloads the output in a folder and finds its records. Records with
// numbers outside first and last count as strange.
func (c *Client) fetch(ctx context.Context, op, folder, dir string, first, last int64) (*outputs, error) {
	o := &outputs{dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	all, err := c.store.list(ctx, op, folder)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b object) int { return cmp.Compare(a.key, b.key) })
	for i, obj := range all {
		name := filepath.Join(dir, fmt.Sprintf("%06d", i))
		switch {
		case path.Base(obj.key) == "manifest.json.out":
			err = o.fetchTold(ctx, c, op, obj.key, name)
		case strings.HasSuffix(obj.key, ".jsonl.out"):
			err = o.fetchRecords(ctx, c, op, obj.key, name, first, last)
		}
		if err != nil {
			o.close()
			return nil, err
		}
	}
	slices.SortStableFunc(o.found, func(a, b location) int { return cmp.Compare(a.number, b.number) })
	return o, nil
}

// fetchTold adds the numbers of a manifest. It ignores a manifest that cannot
// be read, because only the records themselves matter.
func (o *outputs) fetchTold(ctx context.Context, c *Client, op, key, name string) error {
	if err := c.store.download(ctx, op, key, name); err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var t told
	if json.Unmarshal(data, &t) == nil {
		o.told.add(t)
	}
	return nil
}

func (t *told) add(u told) {
	t.Total += u.Total
	t.Processed += u.Processed
	t.Succeeded += u.Succeeded
	t.Failed += u.Failed
	t.Input += u.Input
	t.Output += u.Output
}

func (o *outputs) fetchRecords(ctx context.Context, c *Client, op, key, name string, first, last int64) error {
	if err := c.store.download(ctx, op, key, name); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	o.files = append(o.files, f)
	return o.scan(f, int32(len(o.files)-1), first, last)
}

// scan finds the records of a file.
func (o *outputs) scan(r io.Reader, file int32, first, last int64) error {
	return newLines(r).each(func(line []byte, at int64) error {
		pieces(line, func(id []byte, from, to int) {
			n, ok := numberOf(id)
			if !ok || n < first || n > last {
				o.strange++
				return
			}
			o.found = append(o.found, location{number: n, file: file, offset: at + int64(from), length: int32(to - from)})
		})
		return nil
	})
}

// pieces calls found for each record in a line of output, usually one. If a
// record was cut in the middle, the next one may follow in the same line. That
// one is whole.
func pieces(line []byte, found func(id []byte, from, to int)) {
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	id, ok := openingID(line)
	last := bytes.LastIndex(line, []byte(recordOpen))
	if ok && last <= 0 { // quotes within a string are escaped, so this is the only match
		found(id, 0, len(line))
		return
	}
	var whole struct {
		RecordID string `json:"recordId"`
	}
	if json.Unmarshal(line, &whole) == nil {
		found([]byte(whole.RecordID), 0, len(line))
		return
	}
	if last > 0 && json.Valid(line[last:]) {
		tail := line[last:]
		pieces(line[:last], found)
		if id, ok := openingID(tail); ok {
			found(id, last, len(line))
			return
		}
	}
	found(id, 0, len(line))
}

// openingID returns the id at the beginning of a line, in the form that the
// service writes.
func openingID(line []byte) (id []byte, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("{"))
	if !ok {
		return nil, false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte(`"recordId"`))
	if !ok {
		return nil, false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte(":"))
	if !ok {
		return nil, false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte(`"`))
	if !ok {
		return nil, false
	}
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return nil, false
	}
	return rest[:end], true
}

// of returns the locations of a record's lines.
func (o *outputs) of(n int64) []location {
	if o == nil {
		return nil
	}
	i, _ := slices.BinarySearchFunc(o.found, n, func(l location, n int64) int { return cmp.Compare(l.number, n) })
	j := i
	for j < len(o.found) && o.found[j].number == n {
		j++
	}
	return o.found[i:j]
}

// read reads a line. It is valid until the next one.
func (o *outputs) read(l location) ([]byte, error) {
	o.buf = slices.Grow(o.buf[:0], int(l.length))[:l.length]
	_, err := o.files[l.file].ReadAt(o.buf, l.offset)
	return o.buf, err
}

func (o *outputs) close() {
	if o == nil {
		return
	}
	for _, f := range o.files {
		f.Close()
	}
	os.RemoveAll(o.dir)
}
