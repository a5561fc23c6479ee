package conformance

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A guard runs checks so that they can neither hang nor crash what runs them.
type guard struct {
	t       *testing.T // for the bubble; nil: none
	timeout time.Duration
}

// labelKey marks the goroutines of a check: labels are inherited, so that a
// goroutine that is left behind is known by them, whoever started it.
const labelKey = "conformance"

var labels atomic.Int64

// run runs body on a goroutine of its own, in a bubble if there is one, and
// returns what went wrong around it: that it hung, or left a goroutine behind.
func (g guard) run(body func(ctx context.Context, label string)) (fault string) {
	label := strconv.FormatInt(labels.Add(1), 10)
	done := make(chan string, 1)
	go pprof.Do(context.Background(), pprof.Labels(labelKey, label), func(ctx context.Context) {
		if g.t != nil {
			done <- inBubble(g.t, label, body)
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		onGoroutine(func() { body(ctx, label) })
		done <- ""
	})
	watchdog := time.NewTimer(g.timeout)
	defer watchdog.Stop()
	select {
	case fault = <-done:
		return fault
	case <-watchdog.C:
		return fmt.Sprintf("the check still ran after %v; it was given up", g.timeout)
	}
}

// inBubble runs body in a bubble. A bubble that can't be left because
// goroutines are stuck in it panics, which is what happened to the check.
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

// onGoroutine runs f on a goroutine that f may end, and waits for it.
func onGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// labelled returns how many goroutines the check with the label has.
func labelled(label string) int {
	var b strings.Builder
	pprof.Lookup("goroutine").WriteTo(&b, 1)
	n := 0
	for record := range strings.SplitSeq(b.String(), "\n\n") {
		if !strings.Contains(record, fmt.Sprintf("%q:%q", labelKey, label)) {
			continue
		}
		count, _, _ := strings.Cut(strings.TrimSpace(record), " ")
		if i := strings.LastIndexByte(count, '\n'); i >= 0 {
			count = count[i+1:]
		}
		k, _ := strconv.Atoi(count)
		n += k
	}
	return n
}

// caught runs f and returns the panic that ended it, with the line it came
// from, empty if there was none.
func caught(f func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%v%s", p, panicLine(debug.Stack()))
		}
	}()
	f()
	return ""
}

// panicLine returns " at file:line" of the code that panicked.
func panicLine(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "panic(") {
			continue
		}
		for _, at := range lines[i+2:] {
			at, isFile := strings.CutPrefix(at, "\t")
			if isFile && !strings.HasPrefix(at, runtime.GOROOT()) {
				at, _, _ = strings.Cut(at, " +")
				return " at " + lastPathElements(at, 2)
			}
		}
	}
	return ""
}

// lastPathElements shortens a path: where a checkout lies is nobody's business.
func lastPathElements(path string, n int) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}
