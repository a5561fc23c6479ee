package probe

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/laws"
	"github.com/chatmodel-go/chatmodel/model"
)

// Notes collects what a check saw: each request on the wire and each answer.
// The zero value is ready for use; a nil *Notes collects nothing. It is safe
// for concurrent use.
type Notes struct {
	mu   sync.Mutex
	seen map[string]Note // by digest
}

// A Note is something that was seen, and how often.
type Note struct {
	What  string
	Times int
}

// digits is the length of a digest: enough to tell the notes of one case apart.
const digits = 8

// Add notes something, which its bytes identify.
func (n *Notes) Add(what string) {
	if n == nil {
		return
	}
	sum := sha256.Sum256([]byte(what))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen == nil {
		n.seen = map[string]Note{}
	}
	digest := hex.EncodeToString(sum[:])[:digits]
	n.seen[digest] = Note{what, n.seen[digest].Times + 1}
}

// Seen returns what was noted, by its digests.
func (n *Notes) Seen() map[string]Note {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.seen)
}

// Answer notes what a call returned.
func (n *Notes) Answer(resp *model.Response, err error) {
	if n == nil {
		return
	}
	var b strings.Builder
	b.WriteString("answer")
	if resp != nil {
		fmt.Fprintf(&b, " %s metadata %s", inJSON(resp), inJSON(resp.ProviderMetadata))
	}
	if err != nil {
		b.WriteString(" error " + outcome(err))
	}
	n.Add(b.String())
}

// Stream notes what a stream brought.
func (n *Notes) Stream(o laws.Observation) {
	if n == nil {
		return
	}
	n.Add("events " + inJSON(o.Events))
	n.Answer(o.Response, o.Err)
}

// Loose kinds have errors whose text is partly the one of a decoder or of a
// connection, which may change with the version of Go.
var loose = []model.ErrorKind{model.ErrMalformed, model.ErrTruncated, model.ErrTimeout, model.ErrCanceled, model.ErrUnknown}

// outcome describes an error by what callers look at.
func outcome(err error) string {
	e := AsError(err)
	if e == nil {
		return fmt.Sprintf("%T", err)
	}
	text := fmt.Sprintf("kind %s op %s model %s provider %s code %s status %d retry after %s", e.Kind, e.Op, e.Model, e.Provider, e.Code, e.Status, e.RetryAfter)
	if e.Partial != nil {
		text += " partial " + inJSON(e.Partial)
	}
	if slices.Contains(loose, e.Kind) {
		return text
	}
	return text + ": " + e.Message
}

func inJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T without a JSON form", v)
	}
	return string(data)
}
