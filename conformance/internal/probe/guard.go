package probe

import (
	"context"
	"fmt"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A guard runs checks so that they can neither hang nor crash their caller.
type guard struct {
	t       *testing.T // for the bubble; nil: no bubble
	timeout time.Duration
}

// labelKey marks the goroutines of a check. Goroutines inherit labels, so a
// goroutine that is left behind is found by its label, whoever started it.
const labelKey = "conformance"

var labels atomic.Int64

// run runs body on a goroutine of its own, in a bubble if there is one. It
// returns the faults around it: that it hung, or left a goroutine behind. Like
// wait it counts ticks that have arrived.
func (g guard) run(body func(ctx context.Context, label string)) (fault string) {
	label := strconv.FormatInt(labels.Add(1), 10)
	done := make(chan string, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // even for a check that is given up
	go pprof.Do(ctx, pprof.Labels(labelKey, label), func(ctx context.Context) {
		if g.t != nil {
			done <- inBubble(g.t, label, body)
			return
		}
		onGoroutine(func() { body(ctx, label) })
		done <- ""
	})
	every := max(g.timeout/50, time.Millisecond)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for waited := time.Duration(0); waited < g.timeout; waited += every {
		select {
		case fault = <-done:
			return fault
		case <-ticker.C:
		}
	}
	return fmt.Sprintf("the check still ran after %v; it was given up", g.timeout)
}

// wait waits for cond and reports whether it held within the limit. It counts
// ticks that have arrived instead of reading a clock: on a busy machine ticks
// come late, and the check, which is slow for the same reason, gets more time.
func wait(limit time.Duration, cond func() bool) bool {
	pause := 50 * time.Microsecond
	for waited := time.Duration(0); !cond(); waited += pause {
		if waited >= limit {
			return false
		}
		if pause < 5*time.Millisecond {
			pause += pause / 4
		}
		time.Sleep(pause)
	}
	return true
}

// inBubble runs body in a bubble. A bubble panics if its goroutines are stuck.
// That is the fault of the check then.
func inBubble(t *testing.T, label string, body func(ctx context.Context, label string)) (fault string) {
	defer func() {
		p := recover()
		switch text := fmt.Sprint(p); {
		case p == nil:
		case strings.Contains(text, "main bubble goroutine has exited"):
			fault = "a goroutine was left behind"
		case strings.Contains(text, "deadlock"):
			fault = "the call hangs: every goroutine waits, and nothing is left that could wake one"
		default:
			fault = "panic: " + text
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		onGoroutine(func() { body(t.Context(), label) })
	})
	return ""
}

// onGoroutine runs f on a goroutine that f may end, and waits for its end.
func onGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// labelled returns the number of goroutines of the check with the label. The
// profile has one record for all goroutines with the same stack: "8 @ 0x…" and,
// if they have labels, "# labels: {…}".
func labelled(label string) int {
	var b strings.Builder
	pprof.Lookup("goroutine").WriteTo(&b, 1)
	mark := fmt.Sprintf("%q:%q", labelKey, label)
	sum, record := 0, 0
	for line := range strings.Lines(b.String()) {
		if n, _, ok := strings.Cut(line, " @ "); ok {
			record, _ = strconv.Atoi(n)
		}
		if strings.HasPrefix(line, "# labels:") && strings.Contains(line, mark) {
			sum += record
		}
	}
	return sum
}

// Caught runs f and returns the panic that ended it, with its line. It returns
// an empty text if there was none.
func Caught(f func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%v%s", p, panicLine(debug.Stack()))
		}
	}()
	f()
	return ""
}

// panicLine returns " at file:line" of the code that panicked: the first frame
// below the panic that does not belong to the runtime.
func panicLine(stack []byte) string {
	_, below, _ := strings.Cut(string(stack), "\npanic(")
	lines := strings.Split(below, "\n")
	for i := 2; i+1 < len(lines); i += 2 {
		if strings.HasPrefix(lines[i], "runtime.") {
			continue
		}
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +")
		return " at " + lastPathElements(at, 2)
	}
	return ""
}

// lastPathElements shortens a path, because the place of a checkout is private.
func lastPathElements(path string, n int) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}
