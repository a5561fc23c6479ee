package local

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
)

// faults are the pending faults of a world. The first one that fits a call
// happens to it.
type faults struct {
	mu  sync.Mutex
	all []*pending
}

// A pending is a fault that has not happened as often as it should.
type pending struct {
	when   answers.When
	left   int // negative: without end
	fault  bedrocktest.Fault
	source []byte
}

func (f *faults) of(c bedrocktest.Call) bedrocktest.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.all {
		if !p.when.Fits(askedBy(&c)) {
			continue
		}
		if p.left > 0 {
			if p.left--; p.left == 0 {
				f.all = append(f.all[:i:i], f.all[i+1:]...)
			}
		}
		return p.fault
	}
	return bedrocktest.Fault{}
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = nil
}

// mostFaults limits the number of pending faults.
const mostFaults = 10_000

func postFaults(s *Server, w *world, r *http.Request) (any, *problem) {
	root, p := readDocument(r)
	if p != nil {
		return nil, p
	}
	items, err := root.Items()
	if err != nil {
		return nil, inDocument(err)
	}
	var more []*pending
	for _, item := range items {
		f, err := readFault(item)
		if err != nil {
			return nil, inDocument(err)
		}
		more = append(more, f)
	}
	w.faults.mu.Lock()
	if len(w.faults.all)+len(more) > mostFaults {
		w.faults.mu.Unlock()
		return nil, wrong("", "there are too many pending faults")
	}
	w.faults.all = append(w.faults.all, more...)
	w.faults.mu.Unlock()
	return getFaults(s, w, r)
}

func getFaults(s *Server, w *world, _ *http.Request) (any, *problem) {
	type left struct {
		Fault json.RawMessage `json:"fault"`
		Left  any             `json:"left"` // "always" if it never ends
	}
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	all := []left{}
	for _, p := range w.faults.all {
		if p.left < 0 {
			all = append(all, left{p.source, "always"})
			continue
		}
		all = append(all, left{p.source, p.left})
	}
	return map[string]any{"faults": all}, nil
}

func deleteFaults(s *Server, w *world, r *http.Request) (any, *problem) {
	w.faults.clear()
	return getFaults(s, w, r)
}

// readFault reads a fault: an object of kinds, which all happen to one call.
// Its members when and times say to which calls and how often.
func readFault(n *document.Node) (*pending, error) {
	p := &pending{left: 1, source: append([]byte(nil), n.Raw()...)}
	kinds, times := 0, false
	add := func(read func(*document.Node) (bedrocktest.Fault, error)) document.Take {
		return func(n *document.Node) error {
			kinds++
			f, err := read(n)
			p.fault = p.fault.And(f)
			return err
		}
	}
	flag := func(f func() bedrocktest.Fault) document.Take {
		return add(func(n *document.Node) (bedrocktest.Fault, error) {
			if on, err := n.Bool(); err != nil || !on {
				return bedrocktest.Fault{}, err
			}
			return f(), nil
		})
	}
	err := n.Members(map[string]document.Take{
		"when":  func(n *document.Node) (err error) { p.when, err = answers.ReadWhen(n, nil); return err },
		"times": func(n *document.Node) (err error) { times = true; p.left, err = n.Int(1); return err },
		"always": func(n *document.Node) error {
			on, err := n.Bool()
			if on {
				p.left = -1
			}
			return err
		},
		"fail":           add(readFail),
		"respond":        add(readRespond),
		"delay":          add(readDelay),
		"exception_at":   add(readExceptionAt),
		"error_frame_at": add(readErrorFrameAt),
		"event_at":       add(readEventAt),
		"bytes_at":       add(readBytesAt),
		"flip_at":        add(readFlipAt),
		"stall_at":       add(readStallAt),
		"cut":            add(readCut),
		"slow":           add(readSlow),
		"drop_starts":    flag(bedrocktest.DropStarts),
		"drop_stops":     flag(bedrocktest.DropStops),
		"interleave":     flag(bedrocktest.Interleave),
	})
	switch {
	case err != nil:
		return nil, err
	case kinds == 0:
		return nil, n.Problem(`it does nothing; give one such as {"fail": {"code": "ThrottlingException"}}`)
	case times && p.left < 0:
		return nil, n.Problem("times and always exclude each other")
	}
	return p, nil
}

func readFail(n *document.Node) (bedrocktest.Fault, error) {
	e, err := answers.ReadException(n)
	if err != nil {
		return bedrocktest.Fault{}, err
	}
	return bedrocktest.Fail(*e), nil
}

func readRespond(n *document.Node) (bedrocktest.Fault, error) {
	status, contentType, body := http.StatusOK, "text/html", ""
	err := n.Members(map[string]document.Take{
		"status": func(n *document.Node) (err error) {
			if status, err = n.Int(200); err == nil && status > 599 {
				err = n.Problem("it should be an HTTP status from 200 to 599")
			}
			return err
		},
		"content_type": func(n *document.Node) (err error) { contentType, err = n.Text(); return err },
		"body":         func(n *document.Node) (err error) { body, err = n.Text(); return err },
	})
	return bedrocktest.Respond(status, contentType, body), err
}

// wait reads a duration. "forever" waits until the client leaves.
func wait(n *document.Node) (time.Duration, error) {
	if s, err := n.Text(); err == nil && s == "forever" {
		return -1, nil
	}
	return n.Duration()
}

func readDelay(n *document.Node) (bedrocktest.Fault, error) {
	d, err := wait(n)
	return bedrocktest.Delay(d), err
}

// atFrame reads a fault that happens at a frame.
func atFrame(n *document.Node, frame *int, more map[string]document.Take) error {
	more["frame"] = func(n *document.Node) (err error) { *frame, err = n.Int(0); return err }
	return n.Members(more)
}

func text(to *string) document.Take {
	return func(n *document.Node) (err error) { *to, err = n.Text(); return err }
}

func readExceptionAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, e := 0, &bedrocktest.Exception{}
	err := atFrame(n, &frame, map[string]document.Take{
		"error": func(n *document.Node) (err error) { e, err = answers.ReadException(n); return err },
	})
	if err != nil {
		return bedrocktest.Fault{}, err
	}
	return bedrocktest.ExceptionAt(frame, *e), nil
}

func readErrorFrameAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, code, message := 0, "", ""
	err := atFrame(n, &frame, map[string]document.Take{"code": text(&code), "message": text(&message)})
	return bedrocktest.ErrorFrameAt(frame, code, message), err
}

func readEventAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, kind, payload := 0, "", ""
	err := atFrame(n, &frame, map[string]document.Take{"type": text(&kind),
		"payload": func(n *document.Node) error { payload = string(n.Raw()); return nil }})
	return bedrocktest.EventAt(frame, kind, payload), err
}

func readBytesAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, data := 0, []byte(nil)
	err := atFrame(n, &frame, map[string]document.Take{"base64": func(n *document.Node) error {
		s, err := n.Text()
		if err != nil {
			return err
		}
		if data, err = base64.StdEncoding.DecodeString(s); err != nil {
			return n.Problem("it should be base64")
		}
		return nil
	}})
	return bedrocktest.BytesAt(frame, data), err
}

func readFlipAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, part := 0, "payload"
	err := atFrame(n, &frame, map[string]document.Take{
		"part": func(n *document.Node) (err error) { part, err = n.OneOf("prelude", "message", "payload"); return err },
	})
	switch part {
	case "prelude":
		return bedrocktest.FlipPrelude(frame), err
	case "message":
		return bedrocktest.FlipMessage(frame), err
	}
	return bedrocktest.FlipPayload(frame), err
}

func readStallAt(n *document.Node) (bedrocktest.Fault, error) {
	frame, d := 0, time.Duration(-1)
	err := atFrame(n, &frame, map[string]document.Take{"for": func(n *document.Node) (err error) { d, err = wait(n); return err }})
	return bedrocktest.StallAt(frame, d), err
}

// endings are the ways in which a response can end early.
var endings = map[string]bedrocktest.Ending{"clean": bedrocktest.Clean, "finished": bedrocktest.Finished, "reset": bedrocktest.Reset,
	"short_length": bedrocktest.ShortLength, "reset_stream": bedrocktest.ResetStream}

func readCut(n *document.Node) (bedrocktest.Fault, error) {
	after, how := 0, "finished"
	err := n.Members(map[string]document.Take{
		"after_bytes": func(n *document.Node) (err error) { after, err = n.Int(0); return err },
		"ending": func(n *document.Node) (err error) {
			how, err = n.OneOf("clean", "finished", "reset", "short_length", "reset_stream")
			return err
		},
	})
	return bedrocktest.Cut(after, endings[how]), err
}

func readSlow(n *document.Node) (bedrocktest.Fault, error) {
	size, every := 1, 10*time.Millisecond
	err := n.Members(map[string]document.Take{
		"bytes": func(n *document.Node) (err error) { size, err = n.Int(1); return err },
		"every": func(n *document.Node) (err error) { every, err = n.Duration(); return err },
	})
	return bedrocktest.Slow(size, every), err
}
