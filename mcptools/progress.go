package mcptools

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/runnable"
)

// A Progress is the progress of a tool, as its server reports it. It is the
// [runnable.Event.Progress] of an event.
type Progress struct {
	Done    float64 // grows
	Total   float64 // zero if it is not known
	Message string  // may be empty
}

// String returns the progress in words.
func (p Progress) String() string {
	text := strconv.FormatFloat(p.Done, 'g', -1, 64)
	if p.Total != 0 {
		text += " of " + strconv.FormatFloat(p.Total, 'g', -1, 64)
	}
	if p.Message != "" {
		text += ": " + p.Message
	}
	return text
}

// maxReports bounds what waits for a slow consumer; the oldest go first.
const maxReports = 100

// reports are the calls that progress is reported of, by token.
type reports struct {
	mu    sync.Mutex
	next  int
	calls map[string]*report
}

// A report is the progress of one call that has not been passed on.
type report struct {
	token string
	news  chan struct{}
	mu    sync.Mutex
	queue []Progress
}

func (r *reports) begin() (*report, func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	c := &report{token: "chatmodel-" + strconv.Itoa(r.next), news: make(chan struct{}, 1)}
	r.calls[c.token] = c
	return c, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.calls, c.token)
	}
}

// add takes a notification in. It is called by the session, which must not
// wait.
func (r *reports) add(p *mcp.ProgressNotificationParams) {
	if p == nil {
		return
	}
	r.mu.Lock()
	c := r.calls[fmt.Sprint(p.ProgressToken)]
	r.mu.Unlock()
	if c == nil {
		return
	}
	c.mu.Lock()
	if len(c.queue) == maxReports {
		c.queue = c.queue[1:]
	}
	c.queue = append(c.queue, Progress{Done: p.Progress, Total: p.Total, Message: p.Message})
	c.mu.Unlock()
	select {
	case c.news <- struct{}{}:
	default: // it is known already that there is something
	}
}

// send passes on the waiting reports.
func (c *report) send(ctx context.Context) error {
	c.mu.Lock()
	queue := c.queue
	c.queue = nil
	c.mu.Unlock()
	for _, p := range queue {
		if err := runnable.Progress(ctx, p); err != nil {
			return err
		}
	}
	return nil
}
