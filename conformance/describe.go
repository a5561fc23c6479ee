package conformance

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// maxShown is how much of a value a report shows, in bytes.
const maxShown = 400

// show returns a value in a line of text that two different values don't
// share: bytes that are not for people are shown by length and hash.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return showText(v)
	case model.Text:
		return showText(string(v))
	case []byte:
		return digest(v)
	case json.RawMessage:
		return showText(string(v))
	case error:
		return v.Error()
	case model.Part:
		return describePart(v)
	case []model.Part:
		return describeParts(v)
	case model.Message:
		return string(v.Role) + " " + describeParts(v.Parts)
	case []model.Message:
		lines := make([]string, len(v))
		for i, m := range v {
			lines[i] = show(m)
		}
		return "[" + strings.Join(lines, "; ") + "]"
	case *model.Usage:
		if v == nil {
			return "no usage"
		}
		if !v.Known {
			return "usage not known"
		}
		return showJSON(*v)
	case *model.Response:
		return showResponse(v)
	}
	return showOther(v)
}

func showOther(v any) string {
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Pointer && r.IsNil():
		return "nothing"
	case r.Kind() == reflect.Pointer && r.Elem().Kind() != reflect.Struct:
		return show(r.Elem().Interface())
	case r.Kind() == reflect.Struct, r.Kind() == reflect.Pointer, r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.Struct:
		return showJSON(v)
	}
	return fmt.Sprintf("%v", v)
}

func showJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", v)
	}
	return string(data)
}

func showText(s string) string {
	if len(s) > maxShown/2 {
		return fmt.Sprintf("%s… (%s)", fmt.Sprintf("%q", cutText(s, 40)), digest([]byte(s)))
	}
	return fmt.Sprintf("%q", s)
}

func showResponse(r *model.Response) string {
	if r == nil {
		return "no response"
	}
	return fmt.Sprintf("%s, stop reason %q, usage %s, model %q, request id %q, latency %v, %d warnings",
		describeParts(r.Message.Parts), r.StopReason, show(r.Usage), r.Model, r.RequestID, r.Latency, len(r.Warnings))
}

func describeParts(parts []model.Part) string {
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = describePart(p)
	}
	return "[" + strings.Join(lines, ", ") + "]"
}

func describePart(p model.Part) string {
	switch p := p.(type) {
	case nil:
		return "nil"
	case model.Text:
		return "text " + showText(string(p))
	case model.Thinking:
		return "thinking(" + describeThinking(p) + ")"
	case model.ToolCall:
		return fmt.Sprintf("call(%q %s %s)", p.ID, p.Name, showInput(p.Input, p.InvalidInput))
	case model.ServerToolCall:
		return fmt.Sprintf("server call(%q %s %s)", p.ID, p.Name, showInput(p.Input, p.InvalidInput))
	case model.ToolResult:
		return fmt.Sprintf("result(%q error=%v %s)", p.CallID, p.IsError, describeParts(p.Parts))
	case model.ServerToolResult:
		return fmt.Sprintf("server result(%q error=%v %s)", p.CallID, p.IsError, describeParts(p.Parts))
	case model.JSON:
		return "json " + showText(string(p))
	case model.Image:
		return fmt.Sprintf("image(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Video:
		return fmt.Sprintf("video(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Audio:
		return fmt.Sprintf("audio(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Document:
		return fmt.Sprintf("document(%q %s %s%s)", p.Name, p.MediaType, data(p.Data, p.URI), showText(p.Text))
	case model.CachePoint:
		return fmt.Sprintf("cache point(%v)", p.TTL)
	case model.CitedText:
		return fmt.Sprintf("cited text(%s %s)", showText(p.Text), showJSON(p.Citations))
	}
	return fmt.Sprintf("%T %s", p, showJSON(model.Message{Parts: []model.Part{p}}))
}

func describeThinking(p model.Thinking) string {
	d := []string{showText(p.Text)}
	if p.Signature != "" {
		d = append(d, "signature of "+digest([]byte(p.Signature)))
	}
	if len(p.Redacted) > 0 {
		d = append(d, "redacted "+digest(p.Redacted))
	}
	if p.Provider != "" {
		d = append(d, "of "+p.Provider)
	}
	if p.Incomplete {
		d = append(d, "incomplete")
	}
	return strings.Join(d, ", ")
}

func showInput(input json.RawMessage, invalid string) string {
	if invalid != "" {
		return "invalid " + showText(invalid)
	}
	return showText(string(input))
}

func data(bytes []byte, uri string) string {
	if uri != "" {
		return uri
	}
	return digest(bytes)
}

// digest stands for bytes: enough to tell two apart, and nothing more.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%d bytes sha256:%x", len(b), sum[:4])
}

// firstDifference says where two texts part, for two of a kind that are long
// or hardly differ. It shows no more than a few bytes.
func firstDifference(got, want any) string {
	g, ok := textOf(got)
	w, ok2 := textOf(want)
	if !ok || !ok2 {
		return partDifference(got, want)
	}
	if len(g) < 24 && len(w) < 24 {
		return ""
	}
	return textDifference(g, w)
}

func textDifference(g, w string) string {
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	return fmt.Sprintf("first difference at byte %d: got %s, want %s", i, excerpt(g, i), excerpt(w, i))
}

func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	case json.RawMessage:
		return string(v), true
	}
	return "", false
}

// partDifference finds the first part in which two answers differ.
func partDifference(got, want any) string {
	g, ok := got.([]model.Part)
	w, ok2 := want.([]model.Part)
	if !ok || !ok2 {
		return ""
	}
	for i := range min(len(g), len(w)) {
		if reflect.DeepEqual(g[i], w[i]) {
			continue
		}
		gt, ok := g[i].(model.Thinking)
		wt, ok2 := w[i].(model.Thinking)
		switch {
		case ok && ok2 && gt.Signature != wt.Signature:
			return fmt.Sprintf("signature of part %d: %s", i, textDifference(gt.Signature, wt.Signature))
		case ok && ok2 && string(gt.Redacted) != string(wt.Redacted):
			return fmt.Sprintf("redacted bytes of part %d: %s", i, textDifference(string(gt.Redacted), string(wt.Redacted)))
		}
		return fmt.Sprintf("part %d", i)
	}
	return fmt.Sprintf("got %d parts, want %d", len(g), len(w))
}

func excerpt(s string, at int) string {
	if at >= len(s) {
		return "its end"
	}
	return fmt.Sprintf("%q", s[at:min(at+8, len(s))])
}

func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return cutText(s, maxShown) + "…"
}

// cutText returns the beginning of a text, cut between characters.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
