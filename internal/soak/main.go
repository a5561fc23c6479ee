package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// main exits with 1 if a call went astray or something is left over, and with 2
// if the run could not begin.
func main() {
	var s settings
	flag.DurationVar(&s.time, "for", 10*time.Second, "how long to go on")
	flag.IntVar(&s.calls, "calls", 0, "end after so many calls; 0 means when the time is up")
	flag.IntVar(&s.workers, "workers", 16, "calls at a time")
	flag.Uint64Var(&s.seed, "seed", 1, "what the run follows from")
	flag.Parse()
	r, err := soak(s)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	}
	fmt.Print(r.table())
	if !r.clean() {
		os.Exit(1)
	}
}

// settings are the flags of a run.
type settings struct {
	time    time.Duration
	calls   int
	workers int
	seed    uint64
}

// soak makes calls until the time is up, and looks at what is left over.
func soak(s settings) (*report, error) {
	before := runtime.NumGoroutine()
	start := time.Now()
	r := newReport()
	b, err := newBench()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.time)
	defer cancel()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range s.workers {
		workers.Go(func() {
			for ctx.Err() == nil {
				n := next.Add(1)
				if s.calls > 0 && n > int64(s.calls) {
					return
				}
				c := newCall(s.seed, uint64(n))
				r.add(c, c.make(b))
			}
		})
	}
	workers.Wait()
	r.took = time.Since(start)
	b.settle(r)
	b.close()
	if left := goneWithin(10*time.Second, func() int { return runtime.NumGoroutine() - before }); left > 0 {
		r.left("goroutines", left)
		stacks := make([]byte, 1<<20)
		os.Stderr.Write(stacks[:runtime.Stack(stacks, true)])
	}
	return r, nil
}

// goneWithin waits until count is zero, or returns what it is after d.
func goneWithin(d time.Duration, count func() int) int {
	for end := time.Now().Add(d); ; time.Sleep(5 * time.Millisecond) {
		if n := count(); n <= 0 || time.Now().After(end) {
			return max(n, 0)
		}
	}
}
