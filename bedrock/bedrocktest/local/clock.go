package local

import (
	"net/http"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
)

// A clock is a world's time: that of the machine, plus an offset.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
	date  time.Time // the date for which rules and models hold; zero: the table's own
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.date = 0, time.Time{}
}

// getClock sends a world's time.
func getClock(s *Server, w *world, r *http.Request) (any, *problem) {
	w.clock.mu.Lock()
	date := w.clock.date
	w.clock.mu.Unlock()
	v := map[string]any{"now": w.clock.now().UTC().Format(time.RFC3339Nano), "date": nil}
	if !date.IsZero() {
		v["date"] = date.Format(time.DateOnly)
	}
	return v, nil
}

// putClock sets a world's time, which moves on from there, and the date for
// which rules and models hold.
func putClock(s *Server, w *world, r *http.Request) (any, *problem) {
	root, p := readDocument(r)
	if p != nil {
		return nil, p
	}
	w.clock.mu.Lock()
	ahead, date := w.clock.ahead, w.clock.date
	w.clock.mu.Unlock()
	var moved time.Duration
	err := root.Members(map[string]document.Take{
		"now": func(n *document.Node) error {
			text, err := n.Text()
			if err != nil {
				return err
			}
			at, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return n.Problem("it should be a time such as 2026-11-12T08:00:00Z")
			}
			ahead = time.Until(at)
			return nil
		},
		"advance": func(n *document.Node) error {
			d, err := n.Duration()
			ahead, moved = ahead+d, d
			return err
		},
		"date": func(n *document.Node) error {
			if n.Is('n') {
				date = time.Time{}
				return nil
			}
			text, err := n.Text()
			if err != nil {
				return err
			}
			if date, err = time.Parse(time.DateOnly, text); err != nil {
				return n.Problem("it should be a day such as 2026-11-12, or null for the date of the server's table")
			}
			return nil
		},
	})
	if err != nil {
		return nil, inDocument(err)
	}
	w.clock.mu.Lock()
	w.clock.ahead, w.clock.date = ahead, date
	w.clock.mu.Unlock()
	w.current().SetDate(date)
	w.advance(moved)
	return getClock(s, w, r)
}
