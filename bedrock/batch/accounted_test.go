//go:build unix

package batch_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/model"
)

// childEnv tells the test's program that it is the one to be killed.
const childEnv = "BATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if spec := os.Getenv(childEnv); spec != "" {
		if err := child(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A childSpec is what a child is told.
type childSpec struct {
	Jobs, Store, Dir, Name string
	Records                int
	Limits                 batch.Limits
}

// child runs a batch from its beginning to its end, wherever an earlier one has
// died, and writes what became of each input.
func child(text string) error {
	var spec childSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	o := options()
	o.Limits, o.TempDir = spec.Limits, spec.Dir
	c, err := batch.New(batchtest.JobsAt(spec.Jobs), batchtest.S3At(spec.Store), o)
	if err != nil {
		return err
	}
	ctx := context.Background()
	b, err := c.Submit(ctx, spec.Name, inputs(spec.Records))
	if err != nil {
		return err
	}
	for round := 0; ; round++ {
		if err := b.Wait(ctx); err != nil {
			return err
		}
		n, err := b.Resend(ctx, nil)
		if e, ok := errors.AsType[*model.Error](err); ok && e.Code == batch.CodeTooFew {
			break
		}
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	f, err := os.Create(filepath.Join(spec.Dir, "results"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for r, err := range b.Results(ctx, inputs(spec.Records)).All() {
		if err != nil {
			return err
		}
		text, kind := "", ""
		if r.Err != nil {
			kind = r.Err.Kind.Error()
		} else {
			text = r.Response.Text()
		}
		fmt.Fprintf(w, "%q\t%q\t%s\t%q\n", r.ID, text, kind, r.Request.Messages[0].Text())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	if err := os.WriteFile(filepath.Join(spec.Dir, "memory"), fmt.Append(nil, mem.Sys), 0o600); err != nil {
		return err
	}
	return f.Close()
}

// start starts a child.
func start(t *testing.T, s *batchtest.Server, name, dir string, n int, limits batch.Limits) *exec.Cmd {
	t.Helper()
	spec, err := json.Marshal(childSpec{Jobs: s.URL, Store: s.StoreURL, Dir: dir, Name: name, Records: n, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(spec))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// trouble is what goes wrong with records: some fail for ever, some once; some
// are lost, cut or doubled the first time.
type trouble struct {
	mu    sync.Mutex
	asked map[string]int
}

func (f *trouble) first(record string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[record]++
	return f.asked[record] == 1
}

func forEver(n int) bool { return n%97 == 5 }

func (f *trouble) faults() batchtest.Faults {
	once := func(remainder int) func(string) bool {
		return func(record string) bool { return number(record)%20 == remainder && f.is(record) }
	}
	return batchtest.Faults{
		Throttle: 5,
		Refuse: func(record string) (int, string) {
			first := f.first(record)
			switch n := number(record); {
			case forEver(n):
				return 400, "bad request"
			case n%10 == 1 && first:
				return 429, "Too many requests"
			}
			return 0, ""
		},
		Lose: once(2), Cut: once(3), Double: once(4),
	}
}

// is reports whether a record is asked for the first time; its refusal was
// decided before.
func (f *trouble) is(record string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[record] == 1
}

// TestAccounted kills a program at random points of its batch and starts it
// again. Every record must be among what the last program has found, and every
// job and record must be accounted for at the service.
func TestAccounted(t *testing.T) {
	records, kills := 2_000, 2
	limits := batch.Limits{FileRecords: 300, JobRecords: 700}
	if os.Getenv("CHATMODEL_FULL") != "" {
		records, kills = 100_000, 10
		limits = batch.Limits{FileRecords: 15_000, JobRecords: 40_000}
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)

	var calls atomic.Int64
	var victim atomic.Pointer[os.Process]
	var at atomic.Int64
	s := batchtest.Start(t, echo(), &batchtest.Options{Step: records / 5, JobsAtOnce: 2, Called: func(*http.Request) {
		if n := calls.Add(1); n == at.Load() {
			if p := victim.Load(); p != nil {
				p.Kill()
			}
		}
	}})
	s.Inject((&trouble{asked: map[string]int{}}).faults())
	dir := t.TempDir()
	most := int64(70) // of some 110 requests that a whole run makes
	for killed := 0; ; {
		at.Store(1 << 40)
		cmd := start(t, s, "accounted", dir, records, limits)
		victim.Store(cmd.Process)
		if killed < kills {
			at.Store(calls.Load() + 1 + random.Int64N(most))
		}
		err := cmd.Wait()
		victim.Store(nil)
		switch {
		case err == nil && killed == kills:
		case err == nil: // it came through before it was killed
			most = max(most/2, 2)
			continue
		case !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled():
			t.Fatal(err)
		default:
			killed++
			t.Logf("killed after %d requests in all", calls.Load())
			os.RemoveAll(dir) // what it had on disk, too
			os.MkdirAll(dir, 0o700)
			continue
		}
		break
	}
	lines, err := os.ReadFile(filepath.Join(dir, "results"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	accounted, twice := 0, 0
	for line := range strings.Lines(string(lines)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		id, _ := strconv.Unquote(f[0])
		if seen[id] {
			twice++
			continue
		}
		seen[id] = true
		i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(id, "order/"), " ü"))
		if err != nil || id != idOf(i) {
			t.Errorf("%q is no input", id)
			continue
		}
		text, _ := strconv.Unquote(f[1])
		request, _ := strconv.Unquote(f[3])
		switch {
		case request != textOf(i):
			t.Errorf("%q is joined with %q", id, request)
		case forEver(i) && f[2] == model.ErrInvalidRequest.Error():
			accounted++
		case !forEver(i) && f[2] == "" && text == backwards(textOf(i)):
			accounted++
		default:
			t.Errorf("%q: %q, %q", id, text, f[2])
		}
	}
	for record, n := range s.Asked() {
		if n > 1 {
			twice++
			t.Errorf("the record %s was answered %d times by one job", record, n)
		}
	}
	wantJobs := (records+limits.JobRecords-1)/limits.JobRecords + 1
	if got := s.Created(); got != wantJobs {
		t.Errorf("there are %d jobs, want %d", got, wantJobs)
	}
	t.Logf("%d requests in all", calls.Load())
	fmt.Printf("batch: %d of %d accounted for, %d twice\n", accounted, records, twice)
	if accounted != records || twice > 0 {
		t.Errorf("%d of %d are accounted for, %d twice", accounted, records, twice)
	}
}

// TestMemory checks that the memory of a program does not grow with its batch.
func TestMemory(t *testing.T) {
	few, many := 500, 2_000
	if os.Getenv("CHATMODEL_FULL") != "" {
		few, many = 10_000, 100_000
	}
	peak := func(n int) int64 {
		s := batchtest.Start(t, echo(), nil)
		dir := t.TempDir()
		if err := start(t, s, "memory", dir, n, batch.Limits{}).Wait(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "memory"))
		if err != nil {
			t.Fatal(err)
		}
		bytes, err := strconv.ParseInt(string(data), 10, 64) // the most that the runtime has had of the system
		if err != nil {
			t.Fatal(err)
		}
		return bytes >> 20
	}
	a, b := peak(few), peak(many)
	fmt.Printf("batch: peak memory %d MiB for %d records, %d MiB for %d\n", a, few, b, many)
	if b > a+a/2+16 {
		t.Errorf("the peak grows from %d MiB to %d MiB", a, b)
	}
}
