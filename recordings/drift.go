package recordings

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A Change is one difference in shape between two recordings.
type Change struct {
	Exchange int    // index of the exchange, or -1 if the number of exchanges differs
	Where    string // such as "response" or "contentBlockDelta"
	What     string // such as "key usage.cacheReadInputTokens (number) is new"
}

// String returns the change in one line.
func (c Change) String() string {
	if c.Exchange < 0 {
		return c.Where + ": " + c.What
	}
	return fmt.Sprintf("exchange %d: %s: %s", c.Exchange, c.Where, c.What)
}

// Drift compares the shape of two recordings of one conversation, such as the
// cassette and today's answers of the service. It compares the status, the
// error type, and the keys of requests and responses with the kinds of their
// values. For an event stream it compares the keys of each event and which
// event may follow which. Words, counts and numbers of events may differ, and
// so may the inputs that a model writes for a tool. Drift returns nil if the
// shapes are equal.
func Drift(old, new *Cassette) []Change {
	var changes []Change
	if len(old.Exchanges) != len(new.Exchanges) {
		changes = append(changes, Change{-1, "exchanges", fmt.Sprintf("there were %d, now there are %d", len(old.Exchanges), len(new.Exchanges))})
	}
	for i := range min(len(old.Exchanges), len(new.Exchanges)) {
		was, is := shapeOf(old.Exchanges[i]), shapeOf(new.Exchanges[i])
		for _, where := range partsOf(was, is) {
			for _, what := range compareSets(was[where], is[where]) {
				changes = append(changes, Change{i, where, what})
			}
		}
	}
	return changes
}

// A shape is a set of facts for each part of an exchange.
type shape map[string]map[string]bool

func (s shape) add(where, fact string) {
	if s[where] == nil {
		s[where] = map[string]bool{}
	}
	s[where][fact] = true
}

func partsOf(a, b shape) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

func compareSets(was, is map[string]bool) []string {
	var lines []string
	for _, fact := range slices.Sorted(maps.Keys(was)) {
		if !is[fact] {
			lines = append(lines, fact+" is gone")
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(is)) {
		if !was[fact] {
			lines = append(lines, fact+" is new")
		}
	}
	return lines
}

func shapeOf(e Exchange) shape {
	s := shape{}
	target := e.URL
	if u, err := url.Parse(e.URL); err == nil {
		target = canonicalTarget(u)
	}
	s.add("request", e.Method+" "+target)
	s.addJSON("request", e.RequestBody)
	s.add("response", fmt.Sprintf("status %d", e.Status))
	for _, name := range []string{"Content-Type", "X-Amzn-Errortype"} {
		if v := e.ResponseHeader.Get(name); v != "" {
			s.add("response", name+" "+v)
		}
	}
	if isEventStream(e.ResponseHeader, e.ResponseBody) {
		s.addStream(e.ResponseBody)
	} else {
		s.addJSON("response", e.ResponseBody)
	}
	return s
}

// addStream records which event follows which, not the whole sequence: the
// model decides how many deltas a text has and how many blocks an answer has.
func (s shape) addStream(body []byte) {
	frames, _, err := eventstream.Split(body)
	if err != nil {
		s.add("stream", "malformed end")
	}
	before := "start"
	for _, f := range frames {
		event := f.Label()
		step := event + deltaKind(f.Payload)
		s.add("stream", before+" -> "+step)
		s.addJSON(event, f.Payload)
		before = step
	}
	s.add("stream", before+" -> end")
}

// deltaKind distinguishes text, reasoning and tool input, which share an event.
func deltaKind(payload []byte) string {
	var event struct {
		Delta map[string]json.RawMessage `json:"delta"`
	}
	if json.Unmarshal(payload, &event) != nil || len(event.Delta) == 0 {
		return ""
	}
	return "(" + strings.Join(slices.Sorted(maps.Keys(event.Delta)), ",") + ")"
}

func (s shape) addJSON(where string, body []byte) {
	if len(body) == 0 {
		return
	}
	v, err := decodeJSON(body)
	if err != nil {
		s.add(where, "body that is not JSON")
		return
	}
	s.addKeys(where, "", v)
}

// freeForm names the keys under which models and users write JSON of their own.
var freeForm = []string{"toolUse.input", "toolResult.content[].json", "inputSchema.json"}

func (s shape) addKeys(where, path string, v any) {
	if path != "" {
		s.add(where, fmt.Sprintf("key %s (%s)", path, kindOf(v)))
	}
	for _, free := range freeForm {
		if strings.HasSuffix(path, free) {
			return
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			s.addKeys(where, joinPath(path, key), item)
		}
	case []any:
		for _, item := range v {
			s.addKeys(where, path+"[]", item)
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case json.Number:
		return "number"
	case bool:
		return "bool"
	default:
		return "null"
	}
}
