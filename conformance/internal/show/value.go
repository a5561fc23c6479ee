package show

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/model"
)

// maxShown limits the bytes of a value in a report.
const maxShown = 400

// Value returns a value on one line. Two different values have different lines:
// bytes that are not readable are shown by length and hash.
func Value(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return Text(v)
	case model.Text:
		return Text(string(v))
	case []byte:
		return Digest(v)
	case json.RawMessage:
		return Text(string(v))
	case error:
		return v.Error()
	case model.Part:
		return Part(v)
	case []model.Part:
		return Parts(v)
	case model.Message:
		return string(v.Role) + " " + Parts(v.Parts)
	case []model.Message:
		lines := make([]string, len(v))
		for i, m := range v {
			lines[i] = Value(m)
		}
		return "[" + strings.Join(lines, "; ") + "]"
	case *model.Usage:
		if v == nil {
			return "no usage"
		}
		if !v.Known {
			return "usage not known"
		}
		return JSON(*v)
	case *model.Response:
		return response(v)
	}
	return other(v)
}

func other(v any) string {
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Pointer && r.IsNil():
		return "nothing"
	case r.Kind() == reflect.Pointer && r.Elem().Kind() != reflect.Struct:
		return Value(r.Elem().Interface())
	case r.Kind() == reflect.Struct, r.Kind() == reflect.Pointer, r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.Struct:
		return JSON(v)
	}
	return fmt.Sprintf("%v", v)
}

// JSON returns a value as JSON, or as package fmt formats it if it has no JSON.
func JSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", v)
	}
	return string(data)
}

// Text quotes a text. It shows a long one by its beginning and a hash.
func Text(s string) string {
	if len(s) > maxShown/2 {
		return fmt.Sprintf("%s… (%s)", fmt.Sprintf("%q", cutText(s, 40)), Digest([]byte(s)))
	}
	return fmt.Sprintf("%q", s)
}

func response(r *model.Response) string {
	if r == nil {
		return "no response"
	}
	return fmt.Sprintf("%s, stop reason %q, usage %s, model %q, request id %q, latency %v, %d warnings",
		Parts(r.Message.Parts), r.StopReason, Value(r.Usage), r.Model, r.RequestID, r.Latency, len(r.Warnings))
}

// Input returns a call's input, marked if it is invalid.
func Input(input json.RawMessage, invalid string) string {
	if invalid != "" {
		return "invalid " + Text(invalid)
	}
	return Text(string(input))
}

func data(bytes []byte, uri string) string {
	if uri != "" {
		return uri
	}
	return Digest(bytes)
}

// Digest returns a short form of bytes that only distinguishes them.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%d bytes sha256:%x", len(b), sum[:4])
}

// Shorten limits a line of a report.
func Shorten(s string) string {
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
