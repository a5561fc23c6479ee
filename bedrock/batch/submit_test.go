package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// stored returns the files of the store, by key.
func stored(t *testing.T, s *batchtest.Server) map[string]string {
	t.Helper()
	all := map[string]string{}
	pages := s3.NewListObjectsV2Paginator(s.S3(), &s3.ListObjectsV2Input{Bucket: aws.String(batchtest.Bucket)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			out, err := s.S3().GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(batchtest.Bucket), Key: o.Key})
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(out.Body)
			if err != nil {
				t.Fatal(err)
			}
			all[*o.Key] = string(data)
		}
	}
	return all
}

// TestLines checks the bytes of a job's input.
func TestLines(t *testing.T) {
	for form, want := range map[batch.Form]string{
		batch.FormConverse: `{"recordId":"R0000000007","modelInput":{"messages":[{"role":"user","content":[{"text":"text \"7\" of\nmany"}]}],"inferenceConfig":{"maxTokens":64}}}`,
		batch.FormNative:   `{"recordId":"R0000000007","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"messages":[{"role":"user","content":[{"type":"text","text":"text \"7\" of\nmany"}]}]}}`,
	} {
		s := batchtest.Start(t, echo(), nil)
		o := options()
		o.Form = form
		submit(t, client(t, s, o), "lines", inputs(100))
		lines := strings.Split(stored(t, s)["batches/lines/0/input/000/part-00000.jsonl"], "\n")
		if len(lines) != 101 || lines[100] != "" {
			t.Fatalf("%d lines", len(lines))
		}
		var got, expected any
		if err := json.Unmarshal([]byte(lines[7]), &got); err != nil {
			t.Fatal(err)
		}
		json.Unmarshal([]byte(want), &expected)
		if fmt.Sprint(got) != fmt.Sprint(expected) || !strings.HasPrefix(lines[7], `{"recordId":"R0000000007","modelInput":{`) {
			t.Errorf("%s: %s", form, lines[7])
		}
	}
}

// TestSplit checks how input is divided into files and jobs.
func TestSplit(t *testing.T) {
	for _, tc := range []struct {
		records int
		limits  batch.Limits
		want    string
	}{
		{100, batch.Limits{}, "100"},
		{250, batch.Limits{FileRecords: 100}, "100 100 50"},
		{600, batch.Limits{FileRecords: 100, JobRecords: 250}, "100 100 50 | 100 100 50 | 100"},
		{520, batch.Limits{FileRecords: 100, JobRecords: 250}, "100 100 50 | 100 70 | 100"},          // the last job takes 80 of the second
		{501, batch.Limits{FileRecords: 120, JobRecords: 250}, "120 120 10 | 120 31 | 100"},          // more than a file of it
		{300, batch.Limits{FileBytes: 25_000, JobBytes: 40_000}, ""},                                 // by bytes, checked below
		{401, batch.Limits{FileRecords: 100, JobRecords: 200}, "100 100 | 100 1 | 100"},              // all but one of a file
		{201, batch.Limits{FileRecords: 100, JobRecords: 200}, "100 1 | 100"},                        //
		{1000, batch.Limits{MinRecords: 1000, FileRecords: 1000, JobRecords: 2000}, "1000"},          // as it was once
		{2001, batch.Limits{MinRecords: 1000, FileRecords: 1000, JobRecords: 2000}, "1000 1 | 1000"}, //
	} {
		s := batchtest.Start(t, echo(), nil)
		o := options()
		o.Limits = tc.limits
		submit(t, client(t, s, o), "split", inputs(tc.records))
		files := stored(t, s)
		var keys []string
		for key := range files {
			if strings.Contains(key, "/input/") {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		got, job, n := "", "", 0
		for _, key := range keys {
			if folder := key[:strings.LastIndex(key, "/")]; folder != job {
				if job != "" {
					got += "| "
				}
				job = folder
			}
			if tc.want == "" && len(files[key]) > 25_000 {
				t.Errorf("%s has %d bytes", key, len(files[key]))
			}
			lines := strings.Split(strings.TrimSuffix(files[key], "\n"), "\n")
			for _, line := range lines {
				if !strings.HasPrefix(line, fmt.Sprintf(`{"recordId":"R%010d",`, n)) {
					t.Fatalf("%s: record %d is %.40s", key, n, line)
				}
				n++
			}
			got += fmt.Sprintf("%d ", len(lines))
		}
		if n != tc.records || tc.want != "" && got != tc.want+" " {
			t.Errorf("%d records by %+v: %s, want %s", n, tc.limits, got, tc.want)
		}
	}
}

// TestRefused: nothing is uploaded if something is refused.
func TestRefused(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	bad := func(yield func(batch.Input, error) bool) {
		for in := range inputs(120) {
			if in.ID == idOf(7) || in.ID == idOf(9) {
				in.Request.Messages[0] = model.UserParts(model.Video{MediaType: "video/mp4", Data: []byte("film")})
			}
			if !yield(in, nil) {
				return
			}
		}
	}
	c := client(t, s, options())
	_, err := c.Submit(t.Context(), "refused", bad)
	refused, ok := errors.AsType[*batch.RefusedError](err)
	if !ok || refused.Total != 2 || refused.Records != 120 || refused.Refusals[0].Number != 7 || refused.Refusals[1].ID != idOf(9) || !errors.Is(err, model.ErrUnsupported) {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(err.Error(), `2 of 120 requests were refused, and nothing was uploaded; the first is input 7, "order/7 ü": messages[0].parts[0]: `) {
		t.Errorf("%v", err)
	}
	if files := stored(t, s); len(files) > 0 || s.Created() > 0 {
		t.Errorf("uploaded: %v", files)
	}
	seen := 0
	for checked, err := range c.Check("refused", bad) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if (checked.Err != nil) != (checked.ID == idOf(7) || checked.ID == idOf(9)) {
			t.Errorf("%+v", checked)
		}
	}
	if seen != 120 {
		t.Errorf("%d were checked", seen)
	}
	o := options()
	o.LeaveOut = true
	b := submit(t, client(t, s, o), "refused", bad)
	wait(t, b)
	got, account := all(t, b, 120)
	if account.Refused != 2 || account.Answered != 118 || b.Refused() != 2 || b.Records() != 120 {
		t.Errorf("%s", account)
	}
	if r := got[7]; !r.Refused() || r.Again() || r.Err.Kind != model.ErrUnsupported || r.Err.Message != refused.Refusals[0].Err.Message {
		t.Errorf("%+v", r)
	}
	if n, err := b.Resend(t.Context(), func(*batch.Result) bool { return true }); n != 0 || err != nil {
		t.Errorf("what was refused is sent again: %d, %v", n, err)
	}
}

// TestBadInputs: input that is wrong before anything is sent.
func TestBadInputs(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	o := options()
	o.Limits.FileBytes, o.Limits.JobBytes = 100_000, 100_000
	c := client(t, s, o)
	with := func(change func(i int, in *batch.Input)) batch.Inputs {
		return func(yield func(batch.Input, error) bool) {
			i := 0
			for in := range inputs(110) {
				change(i, &in)
				if !yield(in, nil) {
					return
				}
				i++
			}
		}
	}
	film := func(uri string) batch.Inputs {
		return with(func(i int, in *batch.Input) {
			if i == 3 {
				in.Request.Messages[0] = model.UserParts(model.Text("See"), model.Image{MediaType: "image/png", URI: uri})
			}
		})
	}
	nova := options()
	nova.Model = "amazon.nova-lite-v1:0"
	small := nova
	small.Limits = batch.Limits{FileRecords: 100, JobRecords: 200, MinRecords: 50}
	tools := with(func(i int, in *batch.Input) {
		in.Request.Tools = []model.Tool{{Name: "look", InputSchema: json.RawMessage(`{"type":"object"}`)}}
	})
	for _, tc := range []struct {
		name   string
		c      *batch.Client
		inputs batch.Inputs
		kind   model.ErrorKind
		text   string
	}{
		{"twice", c, with(func(i int, in *batch.Input) {
			if i == 80 {
				in.ID = idOf(5)
			}
		}), model.ErrInvalidRequest, "inputs 5 and 80 have the same id"},
		{"no id", c, with(func(i int, in *batch.Input) { in.ID = "" }), model.ErrInvalidRequest, "input 0 has no id"},
		{"few", c, inputs(99), model.ErrUnsupported, "at least 100 records, and there are 99"},
		{"none", c, inputs(0), model.ErrUnsupported, "at least 100 records, and there are 0"},
		{"large", c, with(func(i int, in *batch.Input) {
			if i == 2 {
				in.Request.Messages[0] = model.User(strings.Repeat("x", 100_000))
			}
		}), model.ErrUnsupported, "a file of a job may have at most 100000"},
		{"nil", c, batch.Of(batch.Input{ID: "x"}), model.ErrInvalidRequest, ""},
		{"tools", client(t, s, nova), tools, model.ErrUnsupported, "tools: a job of the form Converse does not support tools"},
		{"elsewhere", client(t, s, nova), film("s3://elsewhere/film.png"), model.ErrInvalidRequest, "messages[0].parts[1].uri: the file must be in the folder of the job's input, s3://batchtest/batches/elsewhere/0/input/000/"},
		{"guarded", c, with(func(i int, in *batch.Input) {
			in.Request.ProviderOptions = []model.ProviderOptions{&bedrock.ProviderOptions{Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}}}
		}), model.ErrUnsupported, "provider_options.guardrail"},
		{"a name with blanks", c, inputs(100), model.ErrInvalidRequest, "cannot be the name of a batch"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.c.Submit(t.Context(), strings.ReplaceAll(tc.name, "no id", "noid"), tc.inputs)
			if !errors.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("got %v", err)
			}
		})
	}
	if files := stored(t, s); len(files) > 0 || s.Created() > 0 {
		t.Errorf("uploaded: %v", files)
	}
	// In the job's folder it may lie, but only of one job.
	if _, err := client(t, s, nova).Submit(t.Context(), "film", film("s3://batchtest/batches/film/0/input/000/film.png")); err != nil {
		t.Errorf("a file in its place: %v", err)
	}
	many := func(yield func(batch.Input, error) bool) {
		for in := range film("s3://batchtest/batches/films/0/input/000/film.png") {
			if !yield(in, nil) {
				return
			}
		}
		i := 1000
		for in := range inputs(300) {
			in.ID = idOf(i)
			i++
			if !yield(in, nil) {
				return
			}
		}
	}
	if _, err := client(t, s, small).Submit(t.Context(), "films", many); !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), "there are 3 jobs") {
		t.Errorf("files of several jobs: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Submit(ctx, "ended", inputs(100)); !errors.Is(err, model.ErrCanceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}

func TestOptions(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	for text, change := range map[string]func(*batch.Options){
		"Options.Model: is empty": func(o *batch.Options) { o.Model = "" },
		"Options.Model: jobs do not support": func(o *batch.Options) {
			o.Model = "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123abc123"
		},
		"Options.Folder":                     func(o *batch.Options) { o.Folder = "/tmp" },
		"Options.Role":                       func(o *batch.Options) { o.Role = "admin" },
		"Options.Timeout":                    func(o *batch.Options) { o.Timeout = time.Hour },
		"Options.Subnets":                    func(o *batch.Options) { o.Subnets = []string{"subnet-1"} },
		"Options.Poll":                       func(o *batch.Options) { o.Poll = -1 },
		"Options.Form":                       func(o *batch.Options) { o.Form = "JSON" },
		"Options.Limits: a number":           func(o *batch.Options) { o.Limits.MinRecords = -1 },
		"Options.Limits.JobRecords":          func(o *batch.Options) { o.Limits.JobRecords = 150 },
		"Options.Limits.FileRecords":         func(o *batch.Options) { o.Limits.FileRecords = 50 },
		"Options.Limits.JobBytes":            func(o *batch.Options) { o.Limits.JobBytes = 50 },
		"Nova has no format of its own here": func(o *batch.Options) { o.Model, o.Form = "amazon.nova-lite-v1:0", batch.FormNative },
	} {
		o := options()
		change(&o)
		_, err := batch.New(s.Jobs(), s.S3(), o)
		if err == nil || !strings.Contains(err.Error(), text) || !errors.Is(err, model.ErrInvalidRequest) && !errors.Is(err, model.ErrUnsupported) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := batch.New(nil, s.S3(), options()); !errors.Is(err, model.ErrInvalidRequest) {
		t.Errorf("no client: %v", err)
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")
	if _, err := batch.Open(t.Context(), options()); !errors.Is(err, model.ErrInvalidRequest) || !strings.Contains(err.Error(), "no AWS region") {
		t.Errorf("no region: %v", err)
	}
}

// TestForms checks which form the facts choose.
func TestForms(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	for id, want := range map[string]batch.Form{
		claude:                               batch.FormNative,
		"us.anthropic.claude-opus-4-7":       batch.FormNative,
		"openai.gpt-oss-20b-1:0":             batch.FormNative,
		"amazon.nova-lite-v1:0":              batch.FormConverse,
		"us.meta.llama3-3-70b-instruct-v1:0": batch.FormConverse,
		"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc": batch.FormConverse,
	} {
		o := options()
		o.Model = id
		c := client(t, s, o)
		b, err := c.Submit(t.Context(), "form"+fmt.Sprint(len(id)), inputs(100))
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if err := b.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.Jobs()[0].Form; got != want {
			t.Errorf("%s: the form is %s, want %s", id, got, want)
		}
	}
}

// TestTools: a job of native bodies takes tools, digits and all.
func TestTools(t *testing.T) {
	call := model.ToolCall{ID: "toolu_01", Name: "look", Input: json.RawMessage(`{"n":12345678901234567890.10}`)}
	s := batchtest.Start(t, fake.New(fake.Calls(call).Always()), nil)
	in := func(yield func(batch.Input, error) bool) {
		for in := range inputs(100) {
			in.Request.Tools = []model.Tool{{Name: "look", InputSchema: json.RawMessage("{\"type\":\"object\",\n \"properties\":{}}")}}
			if !yield(in, nil) {
				return
			}
		}
	}
	b := submit(t, client(t, s, options()), "tools", in)
	wait(t, b)
	for r, err := range b.Results(t.Context(), in).All() {
		if err != nil {
			t.Fatal(err)
		}
		if r.Err != nil || len(r.Response.ToolCalls()) != 1 || string(r.Response.ToolCalls()[0].Input) != string(call.Input) || len(r.Request.Tools) != 1 {
			t.Fatalf("%+v", r)
		}
	}
}

// TestWarnings: what was changed in a request is told with its result.
func TestWarnings(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	o := options()
	o.Model = "us.anthropic.claude-opus-4-7"
	in := func(yield func(batch.Input, error) bool) {
		for in := range inputs(100) {
			in.Request.Temperature = new(0.5)
			if !yield(in, nil) {
				return
			}
		}
	}
	b := submit(t, client(t, s, o), "warned", in)
	wait(t, b)
	got, _ := all(t, b, 100)
	w := got[99].Response.Warnings
	if len(w) != 1 || w[0].Field != "temperature" || w[0].Action != model.WarningDropped {
		t.Errorf("%+v", w)
	}
}
