package batchtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A run is a job in progress: the files of its input, and the output so far.
type run struct {
	files         []*file
	next          int // the index of the current file
	input, output int // tokens
}

// count counts the tokens of an answer, whatever the form of its body.
func (r *run) count(body []byte) {
	var a struct {
		Usage struct {
			InputTokens  int `json:"inputTokens"`
			OutputTokens int `json:"outputTokens"`
			Input        int `json:"input_tokens"`
			Output       int `json:"output_tokens"`
			Prompt       int `json:"prompt_tokens"`
			Completion   int `json:"completion_tokens"`
		} `json:"usage"`
	}
	if json.Unmarshal(body, &a) == nil {
		u := a.Usage
		r.input += u.InputTokens + u.Input + u.Prompt
		r.output += u.OutputTokens + u.Output + u.Completion
	}
}

type file struct {
	name    string // of the output file, below the job's folder
	records []record
	done    int
	lines   []string // the lines of the output file
}

type record struct {
	id    string
	input json.RawMessage
}

// step brings a job one step further.
func (s *Server) step(ctx context.Context, j *job) {
	switch j.Status {
	case "Submitted":
		j.Status = "Validating"
	case "Validating":
		j.Status = "Scheduled"
		if err := s.validate(ctx, j); err != nil {
			s.end(ctx, j, "Failed", err.Error())
		}
	case "Scheduled":
		if status := s.ending(j); status != "" {
			s.end(ctx, j, status, "")
			return
		}
		j.Status = "InProgress"
	case "InProgress":
		s.advance(j)
		switch status := s.ending(j); {
		case status != "":
			s.end(ctx, j, status, "")
		case j.run.next == len(j.run.files):
			s.end(ctx, j, "Completed", "")
		}
	case "Stopping":
		s.end(ctx, j, "Stopped", "")
	}
}

func (s *Server) ending(j *job) string {
	if end := s.wrong().End; end != nil {
		return end(j.Name, j.Processed)
	}
	return ""
}

// validate reads the input and checks the same as the service: files, records
// and their numbers, but not whether a body is valid for the model.
func (s *Server) validate(ctx context.Context, j *job) error {
	bucket, prefix, err := split(j.Input.S3.URI)
	if err != nil {
		return err
	}
	j.run = &run{}
	pages := s3.NewListObjectsV2Paginator(s.store, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("the input cannot be listed: %w", err)
		}
		for _, o := range page.Contents {
			key := aws.ToString(o.Key)
			if !strings.HasSuffix(key, ".jsonl") {
				continue
			}
			f, err := s.read(ctx, bucket, key)
			if err != nil {
				return err
			}
			f.name = path.Base(key) + ".out"
			j.run.files = append(j.run.files, f)
			if n := len(f.records); n > s.options.FileRecords {
				return fmt.Errorf("the file %s has %d records; at most %d are allowed", key, n, s.options.FileRecords)
			}
			j.Total += len(f.records)
		}
	}
	switch {
	case j.Total < s.options.MinRecords:
		return fmt.Errorf("the job has %d records; at least %d are required", j.Total, s.options.MinRecords)
	case j.Total > s.options.JobRecords:
		return fmt.Errorf("the job has %d records; at most %d are allowed", j.Total, s.options.JobRecords)
	}
	return nil
}

func (s *Server) read(ctx context.Context, bucket, key string) (*file, error) {
	out, err := s.store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, fmt.Errorf("the input cannot be read: %w", err)
	}
	defer out.Body.Close()
	f := &file{}
	r := bufio.NewReader(out.Body)
	for {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var rec struct {
				ID    string          `json:"recordId"`
				Input json.RawMessage `json:"modelInput"`
			}
			if err := json.Unmarshal(line, &rec); err != nil || len(rec.Input) == 0 || rec.Input[0] != '{' {
				return nil, fmt.Errorf("the file %s has a line that is not a record", key)
			}
			if rec.ID == "" {
				rec.ID = fmt.Sprintf("GENERATED%02d", len(f.records))
			}
			f.records = append(f.records, record{rec.ID, rec.Input})
		}
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the input cannot be read: %w", err)
		}
	}
}

// advance answers the records of one step. Their order in the output differs
// from that in the input.
func (s *Server) advance(j *job) {
	left := s.options.Step
	if left <= 0 {
		left = j.Total
	}
	for ; left > 0 && j.run.next < len(j.run.files); left-- {
		f := j.run.files[j.run.next]
		if f.done < len(f.records) {
			s.answer(j, f, &f.records[f.done])
			f.done++
		}
		if f.done == len(f.records) {
			j.run.next++
		}
	}
}

// answer answers a record, as a call with its body would be answered.
func (s *Server) answer(j *job, f *file, r *record) {
	s.mu.Lock()
	s.asked[j.Name+"/"+r.id]++
	faults := s.faults
	s.mu.Unlock()
	j.Processed++
	status, body := s.ask(j, r)
	if faults.Refuse != nil {
		if code, message := faults.Refuse(r.id); code != 0 {
			status, body = code, fmt.Appendf(nil, `{"message":%q}`, message)
		}
	}
	var line string
	if status == http.StatusOK {
		j.Succeeded++
		j.run.count(body)
		line = fmt.Sprintf(`{"recordId":%q,"modelInput":%s,"modelOutput":%s}`, r.id, r.input, body)
	} else {
		j.Failed++
		var refusal struct{ Message string }
		json.Unmarshal(body, &refusal)
		line = fmt.Sprintf(`{"recordId":%q,"modelInput":%s,"error":{"errorCode":%d,"errorMessage":%s}}`, r.id, r.input, status, quoted(refusal.Message))
	}
	switch {
	case is(faults.Lose, r.id):
		return
	case is(faults.Cut, r.id):
		f.lines = append(f.lines, line[:len(line)/2])
		return
	case is(faults.Double, r.id):
		f.lines = append(f.lines, line+"\n")
	}
	f.lines = append(f.lines, line+"\n")
}

func quoted(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

// ask has the handler answer a record.
func (s *Server) ask(j *job, r *record) (status int, body []byte) {
	operation := "invoke"
	if j.Type == "Converse" {
		operation = "converse"
		var has struct {
			Tools json.RawMessage `json:"toolConfig"`
		}
		if json.Unmarshal(r.input, &has); has.Tools != nil {
			return http.StatusBadRequest, []byte(`{"message":"toolConfig is not supported for batch inference with the Converse API."}`)
		}
	}
	target := "/model/" + url.PathEscape(j.Model) + "/" + operation
	req := httptest.NewRequest(http.MethodPost, target, bytes.NewReader(r.input))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	s.records.ServeHTTP(rec, req)
	return rec.Code, bytes.TrimSpace(rec.Body.Bytes())
}

// end ends a job and writes the output so far.
func (s *Server) end(ctx context.Context, j *job, status, message string) {
	j.Status, j.Message, j.Ended = status, message, time.Now().UTC().Format(time.RFC3339Nano)
	if j.run == nil || status == "Failed" {
		return
	}
	bucket, prefix, err := split(j.Output.S3.URI)
	if err != nil {
		j.Status, j.Message = "Failed", err.Error()
		return
	}
	folder := path.Join(prefix, path.Base(j.Arn))
	put := func(name, content string) {
		key := path.Join(folder, name)
		if _, err := s.store.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)}); err != nil {
			j.Status, j.Message = "Failed", "the output cannot be written: "+err.Error()
		}
	}
	faults := s.wrong()
	for _, f := range j.run.files {
		if f.done == 0 || is(faults.LoseFile, f.name) {
			continue
		}
		shuffle(f.lines)
		content := strings.Join(f.lines, "")
		put(f.name, content)
		if is(faults.DoubleFile, f.name) {
			put("again/"+f.name, content)
		}
		f.lines = nil
	}
	put("manifest.json.out", fmt.Sprintf(`{"totalRecordCount":%d,"processedRecordCount":%d,"successRecordCount":%d,"errorRecordCount":%d,"inputTokenCount":%d,"outputTokenCount":%d}`,
		j.Total, j.Processed, j.Succeeded, j.Failed, j.run.input, j.run.output))
	j.run = nil
}

// shuffle changes the order of lines, always in the same way.
func shuffle(lines []string) {
	for i := range lines {
		k := (i*7919 + 13) % len(lines)
		lines[i], lines[k] = lines[k], lines[i]
	}
}

func split(uri string) (bucket, key string, err error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", fmt.Errorf("%q is not an address in S3", uri)
	}
	return bucket, key, nil
}
