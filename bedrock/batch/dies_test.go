package batch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/model"
)

// A mortal is an HTTP client that dies with its k-th request, before it is sent
// or before its answer is there.
type mortal struct {
	left atomic.Int64
	sent bool   // the last request is sent
	die  func() // ends the program
}

var errDead = errors.New("dead")

func (m *mortal) Do(r *http.Request) (*http.Response, error) {
	left := m.left.Add(-1)
	if left < 0 || left == 0 && !m.sent {
		m.die()
		return nil, errDead
	}
	resp, err := http.DefaultClient.Do(r)
	if left == 0 {
		if err == nil {
			resp.Body.Close()
		}
		m.die()
		return nil, errDead
	}
	return resp, err
}

func (m *mortal) client(t *testing.T, s *batchtest.Server, dir string) *batch.Client {
	o := options()
	o.TempDir, o.Retry = dir, &model.RetryOptions{MaxAttempts: 1}
	o.Limits = batch.Limits{FileRecords: 100, JobRecords: 200}
	o2 := s.Jobs().Options()
	once := aws.NopRetryer{}
	jobs := controlplane.New(o2, func(o *controlplane.Options) { o.HTTPClient, o.Retryer = m, once })
	store := s3.New(s.S3().Options(), func(o *s3.Options) { o.HTTPClient, o.Retryer = m, once })
	c, err := batch.New(jobs, store, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// life runs a batch of 250 records to its end, sends what has failed again, and
// returns how many are answered.
func life(ctx context.Context, c *batch.Client) (int64, error) {
	b, err := c.Submit(ctx, "mortal", inputs(250))
	if err != nil {
		return 0, err
	}
	for {
		if err := b.Wait(ctx); err != nil {
			return 0, err
		}
		n, err := b.Resend(ctx, nil)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			break
		}
	}
	results := b.Results(ctx, inputs(250))
	for _, err := range results.All() {
		if err != nil {
			return 0, err
		}
	}
	return results.Account().Answered, nil
}

// TestDiesAnywhere kills a program at each of its requests and lets another one
// go on.
func TestDiesAnywhere(t *testing.T) {
	step := 17
	if os.Getenv("CHATMODEL_FULL") != "" {
		step = 1
	}
	lived, died := false, 0
	for k := 1; !lived; k += step {
		for _, sent := range []bool{false, true} {
			s := batchtest.Start(t, echo(), nil)
			var mu sync.Mutex
			asked := map[string]bool{}
			s.Inject(batchtest.Faults{Lose: func(record string) bool { // 125 of them, once
				mu.Lock()
				defer mu.Unlock()
				first := !asked[record]
				asked[record] = true
				return first && number(record)%2 == 1
			}})
			dir := t.TempDir()
			ctx, die := context.WithCancelCause(t.Context())
			m := &mortal{sent: sent, die: func() { die(errDead) }}
			m.left.Store(int64(k))
			_, err := life(ctx, m.client(t, s, dir))
			die(nil)
			lived = err == nil
			if err != nil {
				died++
				if !errors.Is(err, errDead) {
					t.Fatalf("request %d: %v", k, err)
				}
			}
			m = &mortal{}
			m.left.Store(1 << 40)
			n, err := life(t.Context(), m.client(t, s, dir))
			if err != nil || n != 250 || s.Created() != 3 {
				t.Fatalf("after it died at request %d, sent %t: %d are answered by %d jobs, %v", k, sent, n, s.Created(), err)
			}
			for record, n := range s.Asked() {
				if n != 1 {
					t.Fatalf("after it died at request %d: the record %s was answered %d times", k, record, n)
				}
			}
		}
	}
	fmt.Printf("batch: %d deaths, each at another request\n", died)
}

// TestTwoAtOnce: programs that submit at the same time, the same or not.
func TestTwoAtOnce(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	var wg sync.WaitGroup
	var foreign, fine atomic.Int64
	for i := range 6 {
		c := client(t, s, options())
		wg.Go(func() {
			b, err := c.Submit(t.Context(), "both", inputs(200+i%2))
			switch {
			case codeOf(err) == batch.CodeOther:
				foreign.Add(1)
				return
			case err != nil:
				t.Error(err)
				return
			}
			fine.Add(1)
			if err := b.Wait(t.Context()); err != nil {
				t.Error(err)
			}
			if _, account := all(t, b, int(b.Records())); account.Answered != account.Records {
				t.Errorf("%s", account)
			}
		})
	}
	wg.Wait()
	if s.Created() != 1 || fine.Load() != 3 || foreign.Load() != 3 {
		t.Errorf("%d jobs of %d batches, %d refused", s.Created(), fine.Load(), foreign.Load())
	}
}

// TestOtherLimits: the same records are the same batch, however they are split.
func TestOtherLimits(t *testing.T) {
	s := batchtest.Start(t, echo(), nil)
	o := options()
	o.Limits = batch.Limits{FileRecords: 100, JobRecords: 200}
	submit(t, client(t, s, o), "limits", inputs(250))
	b := submit(t, client(t, s, options()), "limits", inputs(250))
	wait(t, b)
	if _, account := all(t, b, 250); account.Answered != 250 || s.Created() != 2 {
		t.Errorf("%d jobs; %s", s.Created(), account)
	}
}

// TestFull: a quota that others fill is told, and the job comes when there is
// room.
func TestFull(t *testing.T) {
	s := batchtest.Start(t, echo(), &batchtest.Options{JobsAtOnce: 1})
	other := submit(t, client(t, s, options()), "first", inputs(100))
	b := submit(t, client(t, s, options()), "second", inputs(100))
	told := false
	for p, err := range b.Watch(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Err != nil && !told {
			told = errors.Is(p.Err, model.ErrQuota)
			wait(t, other)
		}
	}
	if _, account := all(t, b, 100); !told || account.Answered != 100 {
		t.Errorf("told %t; %s", told, account)
	}
}
