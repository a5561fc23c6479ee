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
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // of a check that is given up, too
	go pprof.Do(ctx, pprof.Labels(labelKey, label), func(ctx context.Context) {
		if g.t != nil {
			done <- inBubble(g.t, label, body)
			return
		}
		onGoroutine(func() { body(ctx, label) })
		done <- ""
	})
	over := func() bool {
		select {
		case fault = <-done:
			return true
		default:
			return false
		}
	}
	if wait(g.timeout, over) {
		return fault
	}
	return fmt.Sprintf("the check still ran after %v; it was given up", g.timeout)
}

// wait waits for cond and reports whether it came to hold in a time of
// waiting. The time is counted in ticks that have come: on a machine that is
// busy with other things, where a tick comes late and a check goes slowly for
// the same reason, both have more of it.
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

// labelled returns how many goroutines the check with the label has. The
// profile has a record for all goroutines of one stack: "8 @ 0x…" and, if
// they have labels, "# labels: {…}".
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

// Caught runs f and returns the panic that ended it, with the line it came
// from, empty if there was none.
func Caught(f func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%v%s", p, panicLine(debug.Stack()))
		}
	}()
	f()
	return ""
}

// panicLine returns " at file:line" of the code that panicked: the first
// frame below the panic that is not the runtime's.
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

// lastPathElements shortens a path: where a checkout lies is nobody's business.
func lastPathElements(path string, n int) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}
