package local

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
	"github.com/chatmodel-go/chatmodel/model"
)

// A quota holds a world's quotas and times, as a document sets them.
type quota struct {
	options load.Options
	virtual bool // the clock moves only by advance
	world   *load.World
	clock   *load.Manual // nil unless virtual
}

// readQuota reads the document of package load.
func readQuota(root *document.Node) (*quota, error) {
	q := &quota{options: load.Options{Models: map[string]load.Model{}}}
	err := root.Members(map[string]document.Take{
		"seed": func(n *document.Node) error {
			seed, err := n.Int(0)
			q.options.Seed = uint64(seed)
			return err
		},
		"virtual": func(n *document.Node) (err error) { q.virtual, err = n.Bool(); return err },
		"spread":  func(n *document.Node) (err error) { q.options.Spread, err = n.Duration(); return err },
		"default": func(n *document.Node) (err error) { q.options.Default, err = readLimits(n); return err },
		"models": func(n *document.Node) error {
			return n.Each(func(id string, n *document.Node) error {
				limits, err := readLimits(n)
				q.options.Models[id] = limits
				return err
			})
		},
	})
	if err != nil {
		return nil, err
	}
	if _, err := q.fresh(); err != nil {
		return nil, root.Problem("%s", strings.TrimPrefix(messageOf(err), "load: "))
	}
	return q, nil
}

// messageOf returns the text of an error without its kind.
func messageOf(err error) string {
	if e, ok := errors.AsType[*model.Error](err); ok && e.Message != "" {
		return e.Message
	}
	return err.Error()
}

// fresh returns the same quota with a new world, whose quotas are full.
func (q *quota) fresh() (*quota, error) {
	f := *q
	if f.virtual {
		f.clock = load.NewManual(time.Now())
		f.options.Clock = f.clock
	}
	var err error
	f.world, err = load.New(f.options)
	return &f, err
}

func readLimits(n *document.Node) (m load.Model, err error) {
	count := func(to *int) document.Take {
		return func(n *document.Node) (err error) { *to, err = n.Int(0); return err }
	}
	return m, n.Members(map[string]document.Take{
		"requests":    count(&m.Requests),
		"tokens":      count(&m.Tokens),
		"burndown":    count(&m.Burndown),
		"first_token": func(n *document.Node) (err error) { m.FirstToken, err = n.Duration(); return err },
		"speed":       func(n *document.Node) (err error) { m.Speed, err = n.Number(); return err },
		"jitter":      func(n *document.Node) (err error) { m.Jitter, err = n.Number(); return err },
		"waves": func(n *document.Node) error {
			items, err := n.Items()
			if err != nil {
				return err
			}
			for _, item := range items {
				var w load.Wave
				if err := item.Members(map[string]document.Take{
					"period": func(n *document.Node) (err error) { w.Period, err = n.Duration(); return err },
					"phase":  func(n *document.Node) (err error) { w.Phase, err = n.Duration(); return err },
					"depth":  func(n *document.Node) (err error) { w.Depth, err = n.Number(); return err },
				}); err != nil {
					return err
				}
				m.Waves = append(m.Waves, w)
			}
			return nil
		},
	})
}

// openQuota reads the document in a file. It returns nil if path is empty.
func openQuota(path string) (*quota, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	root, err := document.Parse(data)
	if err != nil {
		return nil, &fileError{path, err}
	}
	q, err := readQuota(root)
	if err != nil {
		return nil, &fileError{path, err}
	}
	return q, nil
}

// getLoad reports how a world's requests fared.
func getLoad(_ *Server, w *world, r *http.Request) (any, *problem) {
	w.mu.Lock()
	q := w.quota
	w.mu.Unlock()
	if q == nil {
		return nil, &problem{status: http.StatusNotFound, Field: "path", Message: "the world has no quotas; PUT some"}
	}
	report := q.world.Report()
	formats := []string{"", "json", "text", "svg"}
	format := r.URL.Query().Get("format")
	var contentType string
	var data []byte
	switch format {
	case "", "json":
		contentType, data = "application/json", report.JSON()
	case "text":
		contentType, data = "text/plain; charset=utf-8", []byte(report.String())
	case "svg":
		contentType, data = "image/svg+xml", report.SVG()
	}
	if !slices.Contains(formats, format) {
		return nil, wrong("query format", fmt.Sprintf("it should be one of %s", strings.Join(formats[1:], ", ")))
	}
	return answer(func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(data) // the client has left
	}), nil
}

// putLoad sets a world's quotas and times. The world begins anew with them.
func putLoad(_ *Server, w *world, r *http.Request) (any, *problem) {
	root, p := readDocument(r)
	if p != nil {
		return nil, p
	}
	q, err := readQuota(root)
	if err != nil {
		return nil, inDocument(err)
	}
	if q, err = q.fresh(); err != nil {
		return nil, wrong("", messageOf(err))
	}
	w.limit(q)
	return map[string]any{"world": w.name, "virtual": q.virtual}, nil
}

// deleteLoad removes a world's quotas and times.
func deleteLoad(_ *Server, w *world, _ *http.Request) (any, *problem) {
	w.limit(nil)
	return map[string]any{"world": w.name}, nil
}

// limit replaces a world's quotas.
func (w *world) limit(q *quota) {
	w.clock.mu.Lock()
	date := w.clock.date
	w.clock.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.quota = q
	w.handler = w.build()
	w.handler.SetDate(date)
}

// advance moves a virtual clock forward.
func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	q := w.quota
	w.mu.Unlock()
	if q != nil && q.clock != nil {
		q.clock.Advance(d)
	}
}
