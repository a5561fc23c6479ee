package batch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// codeOf returns the code of a typed error.
func codeOf(err error) string {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Code
	}
	return ""
}

func only(numbers ...int) func(string) bool {
	return func(record string) bool {
		for _, n := range numbers {
			if record == fmt.Sprintf("R%010d", n) {
				return true
			}
		}
		return false
	}
}

// TestRecordsFail: what the service does to single records, and what comes of
// it.
func TestRecordsFail(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	s.Inject(batchtest.Faults{
		Refuse: func(record string) (int, string) {
			switch {
			case only(1)(record):
				return 400, "bad request"
			case only(2)(record):
				return 429, "Too many requests, please wait before trying again."
			case only(3)(record):
				return 400, "Input is too long for requested model."
			}
			return 0, ""
		},
		Lose: only(4), Cut: only(5, 6, 7), Double: only(1, 8, 9),
	})
	b := submit(t, client(t, s, options()), "records", inputs(120))
	wait(t, b)
	got, account := all(t, b, 120)
	for n, want := range map[int]struct {
		kind model.ErrorKind
		code string
	}{
		1: {model.ErrInvalidRequest, ""}, 2: {model.ErrThrottled, ""}, 3: {model.ErrContextOverflow, ""},
		4: {model.ErrTruncated, batch.CodeMissing},
	} {
		if e := got[n].Err; e == nil || e.Kind != want.kind || e.Code != want.code || e.Op != "batch" || e.Model != claude {
			t.Errorf("record %d: %#v, want %v", n, e, want)
		}
	}
	for _, n := range []int{5, 6, 7} { // a cut record after a cut one is not found at all
		if e := got[n].Err; e == nil || e.Code != batch.CodeUnread && e.Code != batch.CodeMissing {
			t.Errorf("record %d was cut: %v", n, e)
		}
	}
	for n, r := range got {
		if (n == 0 || n > 7) && r.Err != nil {
			t.Errorf("record %d: %v", n, r.Err)
		}
		if again := r.Again(); again != (n == 2 || n >= 4 && n <= 7) {
			t.Errorf("record %d is worth another try: %t", n, again)
		}
	}
	if want := "120 records: 113 answered, 3 failed, 4 missing, 0 refused; 3 doubled"; account.String() != want {
		t.Errorf("account: %s, want %s", account, want)
	}
	counts := map[batch.State]int{}
	for e, err := range b.Manifest(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.ID != idOf(int(e.Number)) {
			t.Errorf("entry %d is of %q", e.Number, e.ID)
		}
		counts[e.State]++
	}
	if counts[batch.StateAnswered] != 113 || counts[batch.StateFailed] != 3 || counts[batch.StateMissing] != 4 {
		t.Errorf("manifest: %v", counts)
	}
}

// TestFilesFail: files that are missing, or there or listed twice.
func TestFilesFail(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	s.Inject(batchtest.Faults{
		ListTwice:  true,
		LoseFile:   func(file string) bool { return file == "part-00001.jsonl.out" },
		DoubleFile: func(file string) bool { return file == "part-00000.jsonl.out" },
	})
	o := options()
	o.Limits.FileRecords = 100
	b := submit(t, client(t, s, o), "files", inputs(250))
	wait(t, b)
	got, account := all(t, b, 250)
	for n, r := range got {
		if lost := n >= 100 && n < 200; lost != (r.Err != nil && r.Err.Code == batch.CodeMissing) {
			t.Fatalf("record %d: %v", n, r.Err)
		}
	}
	if account.Missing != 100 || account.Doubled != 100 || account.Answered != 150 {
		t.Errorf("account: %s", account)
	}
	s.Inject(batchtest.Faults{})
	if n, err := b.Resend(t.Context(), nil); err != nil || n != 100 {
		t.Fatalf("resend: %d, %v", n, err)
	}
	if _, err := first(b.Results(t.Context(), nil)); codeOf(err) != batch.CodeRunning {
		t.Errorf("results of a batch that runs: %v", err)
	}
	wait(t, b)
	got, account = all(t, b, 250)
	if account.Answered != 250 || got[150].Round != 1 || got[150].Job != "files-1-000" || got[50].Round != 0 {
		t.Errorf("account: %s; %+v", account, got[150])
	}
}

func first(r *batch.Results) (batch.Result, error) {
	for r, err := range r.All() {
		return r, err
	}
	return batch.Result{}, nil
}

// TestJobsEnd: jobs that end before their records do.
func TestJobsEnd(t *testing.T) {
	for _, tc := range []struct {
		status batch.Status
		after  int
		kind   model.ErrorKind
	}{
		{batch.StatusExpired, 0, model.ErrTimeout},
		{batch.StatusPartiallyCompleted, 60, model.ErrTimeout},
		{batch.StatusStopped, 60, model.ErrCanceled},
		{batch.StatusFailed, 0, model.ErrProvider},
	} {
		t.Run(string(tc.status), func(t *testing.T) {
			s := batchtest.Start(t, echo(), &batchtest.Options{Step: 60})
			s.Inject(batchtest.Faults{End: func(_ string, done int) string {
				if done < tc.after {
					return ""
				}
				return string(tc.status)
			}})
			c := client(t, s, options())
			b := submit(t, c, "ends", inputs(200))
			wait(t, b)
			got, account := all(t, b, 200)
			if account.Missing != int64(200-tc.after) || account.Answered != int64(tc.after) {
				t.Errorf("account: %s", account)
			}
			if e := got[199].Err; e.Kind != tc.kind || e.Code != batch.CodeNotRun || !got[199].Again() {
				t.Errorf("the last record: %v", e)
			}
			s.Inject(batchtest.Faults{})
			if n, err := b.Resend(t.Context(), nil); err != nil || n != int64(200-tc.after) {
				t.Fatalf("resend: %d, %v", n, err)
			}
			found, err := c.Find(t.Context(), "ends")
			if err != nil {
				t.Fatal(err)
			}
			wait(t, found)
			if _, account := all(t, found, 200); account.Answered != 200 {
				t.Errorf("in the end: %s", account)
			}
		})
	}
}

// TestThrottled: a control plane that refuses for its rate ends nothing.
func TestThrottled(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	c := client(t, s, options())
	s.Inject(batchtest.Faults{Throttle: 7})
	b := submit(t, c, "throttled", inputs(100))
	s.Inject(batchtest.Faults{Throttle: 10})
	told := 0
	for p, err := range b.Watch(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Err != nil {
			told++
			if !errors.Is(p.Err, model.ErrThrottled) || p.Ended {
				t.Errorf("%+v", p)
			}
		}
	}
	if told == 0 {
		t.Error("nothing was told of it")
	}
	if _, account := all(t, b, 100); account.Answered != 100 {
		t.Errorf("%s", account)
	}
}

// TestCreatedOnce: answers that are lost, and lists that do not have the job yet.
func TestCreatedOnce(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	s.Inject(batchtest.Faults{LoseCreate: 1, Unlisted: true})
	b := submit(t, client(t, s, options()), "once", inputs(100))
	if n := s.Created(); n != 1 {
		t.Errorf("%d jobs were created", n)
	}
	again := submit(t, client(t, s, options()), "once", inputs(100))
	s.Inject(batchtest.Faults{})
	wait(t, b)
	wait(t, again)
	if n := s.Created(); n != 1 {
		t.Errorf("%d jobs were created", n)
	}
}

// TestQuota: jobs wait for room, and Watch creates them when there is some.
func TestQuota(t *testing.T) {
	s := batchtest.Start(t, echo(), &batchtest.Options{JobsAtOnce: 1})
	o := options()
	o.Limits = batch.Limits{FileRecords: 100, JobRecords: 200}
	b := submit(t, client(t, s, o), "quota", inputs(500))
	if jobs := b.Jobs(); len(jobs) != 3 || s.Created() != 1 || jobs[2].Status != batch.StatusPlanned {
		t.Fatalf("%d were created of %+v", s.Created(), jobs)
	}
	wait(t, b)
	if _, account := all(t, b, 500); account.Answered != 500 || s.Created() != 3 {
		t.Errorf("%d jobs; %s", s.Created(), account)
	}
}

func TestStop(t *testing.T) {
	s := batchtest.Start(t, echo(), &batchtest.Options{JobsAtOnce: 1, Step: 50})
	o := options()
	o.Limits = batch.Limits{FileRecords: 100, JobRecords: 200}
	c := client(t, s, o)
	b := submit(t, c, "stop", inputs(300))
	for p, err := range b.Watch(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Done == 50 {
			if err := b.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, account := all(t, b, 300)
	if account.Missing != 200 || s.Created() != 1 || got[299].Err.Kind != model.ErrCanceled {
		t.Errorf("%d jobs; %s; %v", s.Created(), account, got[299].Err)
	}
	// Stop has looked once, and 50 more records were done. Another process does not create what was stopped.
	found := submit(t, c, "stop", inputs(300))
	wait(t, found)
	if s.Created() != 1 {
		t.Errorf("%d jobs were created", s.Created())
	}
	// Until it is told to.
	if n, err := found.Resend(t.Context(), nil); err != nil || n != 200 {
		t.Fatalf("resend: %d, %v", n, err)
	}
	wait(t, found)
	if _, account := all(t, found, 300); account.Answered != 300 {
		t.Errorf("%s", account)
	}
}

// TestGenerate: too few for a job, so they are called.
func TestGenerate(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	s.Inject(batchtest.Faults{Lose: only(3, 50), Refuse: func(r string) (int, string) {
		if only(60)(r) {
			return 503, "unavailable"
		}
		return 0, ""
	}})
	c := client(t, s, options())
	b := submit(t, c, "calls", inputs(100))
	wait(t, b)
	if _, err := b.Resend(t.Context(), nil); codeOf(err) != batch.CodeTooFew {
		t.Errorf("resend: %v", err)
	}
	failing := fake.New(fake.Fail(&model.Error{Kind: model.ErrThrottled, Message: "busy"}).Always())
	if n, err := b.Generate(t.Context(), failing, inputs(100), nil); err != nil || n != 3 {
		t.Fatalf("generate: %d, %v", n, err)
	}
	got, _ := all(t, b, 100)
	if e := got[3].Err; e.Kind != model.ErrThrottled || got[3].Round != 1 || e.Message != "busy" {
		t.Errorf("%v in round %d", e, got[3].Round)
	}
	if n, err := b.Generate(t.Context(), echo(), inputs(100), &batch.GenerateOptions{Parallel: 2}); err != nil || n != 3 {
		t.Fatalf("generate: %d, %v", n, err)
	}
	found, err := c.Find(t.Context(), "calls")
	if err != nil {
		t.Fatal(err)
	}
	got, account := all(t, found, 100)
	if account.Answered != 100 || account.CallUsage.OutputTokens != 9 || account.JobUsage.OutputTokens != 97*3 || got[3].Round != 2 {
		t.Errorf("%s; %+v", account, account)
	}
	if n, err := found.Generate(t.Context(), failing, inputs(100), nil); err != nil || n != 0 {
		t.Errorf("generate: %d, %v", n, err)
	}
}

// TestForeign: what lies in the way and is not the batch's.
func TestForeign(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	c := client(t, s, options())
	submit(t, c, "name", inputs(100))
	if _, err := c.Submit(t.Context(), "name", inputs(101)); codeOf(err) != batch.CodeOther {
		t.Errorf("other inputs: %v", err)
	}
	o := options()
	o.Form = batch.FormConverse
	if _, err := client(t, s, o).Find(t.Context(), "name"); codeOf(err) != batch.CodeOther {
		t.Errorf("another form: %v", err)
	}
	if _, err := c.Find(t.Context(), "nothing"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("no batch: %v", err)
	}
	key := "batches/other/0/input/000/part-00009.jsonl"
	if _, err := s.S3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(batchtest.Bucket), Key: &key, Body: strings.NewReader("{}\n")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Submit(t.Context(), "other", inputs(100)); codeOf(err) != batch.CodeOther || s.Created() != 1 {
		t.Errorf("a stranger's input: %v", err)
	}
	o = options()
	o.Folder = batchtest.Folder("elsewhere") // the same names of jobs, in another place
	if _, err := client(t, s, o).Submit(t.Context(), "name", inputs(110)); codeOf(err) != batch.CodeOther {
		t.Errorf("a job of another folder: %v", err)
	}
	if _, err := client(t, s, func() batch.Options { o := options(); o.Folder = "s3://nowhere/x"; return o }()).Submit(t.Context(), "x", inputs(100)); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("no bucket: %v", err)
	}
}

// TestInputsDiffer: results are joined with the batch's own inputs alone.
func TestInputsDiffer(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	b := submit(t, client(t, s, options()), "join", inputs(100))
	wait(t, b)
	for _, n := range []int{99, 101} {
		var err error
		for _, err = range b.Results(t.Context(), inputs(n)).All() {
			if err != nil {
				break
			}
		}
		if codeOf(err) != batch.CodeOther {
			t.Errorf("%d inputs: %v", n, err)
		}
	}
	other := func(yield func(batch.Input, error) bool) { yield(batch.Input{ID: "else"}, nil) }
	if _, err := first(b.Results(t.Context(), other)); codeOf(err) != batch.CodeOther {
		t.Errorf("another input: %v", err)
	}
	failing := func(yield func(batch.Input, error) bool) { yield(batch.Input{}, io.ErrUnexpectedEOF) }
	if _, err := first(b.Results(t.Context(), failing)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("inputs that fail: %v", err)
	}
	if _, err := client(t, s, options()).Submit(t.Context(), "fails", failing); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("inputs that fail: %v", err)
	}
}

// TestChanged: bytes in S3 that were changed behind our back.
func TestChanged(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	b := submit(t, client(t, s, options()), "changed", inputs(100))
	wait(t, b)
	key := "batches/changed/0/records.jsonl"
	if _, err := s.S3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(batchtest.Bucket), Key: &key, Body: bytes.NewReader([]byte("{}\n"))}); err != nil {
		t.Fatal(err)
	}
	if _, err := first(b.Results(t.Context(), nil)); !errors.Is(err, model.ErrMalformed) {
		t.Errorf("%v", err)
	}
}

// waiting is a control plane whose job takes its time.
type waiting struct {
	batch.Jobs
	gets int
}

func (w *waiting) GetModelInvocationJob(ctx context.Context, in *controlplane.GetModelInvocationJobInput, _ ...func(*controlplane.Options)) (*controlplane.GetModelInvocationJobOutput, error) {
	w.gets++
	total, done := int64(1000), int64(w.gets*100)
	out := &controlplane.GetModelInvocationJobOutput{JobArn: in.JobIdentifier, Status: "InProgress", TotalRecordCount: &total, ProcessedRecordCount: &done, ErrorRecordCount: new(int64(7))}
	if done == total {
		out.Status = "Completed"
	}
	return out, nil
}

// TestProgress checks the time between two looks at a job and the estimate of
// the time left.
func TestProgress(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	jobs := &waiting{Jobs: s.Jobs()}
	o := options()
	o.Poll = 30 * time.Second
	o.TempDir = t.TempDir()
	c, err := batch.New(jobs, s.S3(), o)
	if err != nil {
		t.Fatal(err)
	}
	b := submit(t, c, "progress", inputs(1000))
	synctest.Test(t, func(t *testing.T) {
		n := 0
		for p, err := range b.Watch(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if p.Elapsed != time.Duration(n-1)*30*time.Second || p.Done != int64(n*100) || p.Failed != 7 || p.Records != 1000 {
				t.Fatalf("look %d: %+v", n, p)
			}
			if want := time.Duration(10-n) * 30 * time.Second; n > 1 && p.Left != want {
				t.Errorf("look %d: %v left, want %v", n, p.Left, want)
			}
			if n == 5 && p.String() != "500 of 1000 records, 7 failed; 0 of 1 jobs ended, 1 running; 2m30s left" {
				t.Errorf("%s", p)
			}
		}
		if n != 10 {
			t.Errorf("%d looks", n)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	jobs.gets = 0
	fresh, err := c.Find(t.Context(), "progress")
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.Wait(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, model.ErrCanceled) {
		t.Errorf("%v", err)
	}
}
