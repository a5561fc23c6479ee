package runnable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// JSON is the step that reads a T from an answer's text by encoding/json. It
// takes the whole text if that is JSON, or else the first object or array in it
// that fits T, so prose and a code fence around it do no harm. Properties that
// T does not have are ignored; null is an error unless T is a pointer or
// another type that can be nil. For an answer that was checked against a
// schema, see [Structured].
//
// Anything else is an [*OutputError] with the raw text. If the answer ends
// within the value, a value nested in it is not used instead. The step is named
// "json".
func JSON[T any]() Runnable[*model.Response, T] {
	return namedByDefault("json", Func(func(_ context.Context, resp *model.Response) (v T, err error) {
		if resp == nil {
			return v, errNoResponse
		}
		return readJSON(resp, resp.Text(), decodeInto[T])
	}))
}

// decodeInto decodes data as a T. Unlike encoding/json, it refuses a null that
// would leave T's zero value in place of an answer.
func decodeInto[T any](data []byte) (v T, err error) {
	if string(data) == "null" && !nillable(reflect.TypeFor[T]()) {
		return v, fmt.Errorf("null is not a %s", reflect.TypeFor[T]())
	}
	err = json.Unmarshal(data, &v)
	return v, err
}

// nillable reports whether a t can hold null.
func nillable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice:
		return true
	}
	return t == reflect.TypeFor[json.RawMessage]()
}

// readJSON finds the value in a text that decode takes.
func readJSON[T any](resp *model.Response, text string, decode func([]byte) (T, error)) (T, error) {
	var zero T
	var first error // why the first value did not fit
	for data, err := range valuesIn(text) {
		if errors.Is(err, io.ErrUnexpectedEOF) && first == nil {
			return zero, wrong(resp, text, "its JSON is not complete", nil)
		}
		if err != nil {
			break
		}
		v, err := decode(data)
		if err == nil {
			return v, nil
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		return zero, wrong(resp, text, first.Error(), first)
	}
	if strings.TrimSpace(text) == "" {
		return zero, nothing(resp, text, "it has no text")
	}
	return zero, nothing(resp, text, "there is no JSON in it")
}

// valuesIn yields the whole text if it is JSON, and else what is in a fence
// around it or the objects and arrays in it, one after the other. The last may
// be an [io.ErrUnexpectedEOF]: the text ends within a value. Values within
// values are not looked at, even if the outer one turns out not to be JSON, so
// its cost is linear.
func valuesIn(text string) func(yield func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		for _, whole := range []string{strings.TrimSpace(text), unfenced(text)} {
			if whole != "" && rawjson.Valid([]byte(whole)) {
				yield([]byte(whole), nil)
				return
			}
		}
		for {
			i := strings.IndexAny(text, "{[")
			if i < 0 {
				return
			}
			text = text[i:]
			n, err := valueLength(text)
			switch {
			case errors.Is(err, io.ErrUnexpectedEOF):
				yield(nil, err)
				return
			case err == nil && !yield([]byte(text[:n]), nil):
				return
			}
			text = text[n:]
		}
	}
}

// unfenced returns the text between the lines of a code fence, if the text is
// one.
func unfenced(text string) string {
	body, ok := strings.CutPrefix(strings.TrimSpace(text), "```")
	if !ok {
		return ""
	}
	_, body, _ = strings.Cut(body, "\n")
	body, ok = strings.CutSuffix(body, "```")
	if !ok {
		return ""
	}
	return strings.TrimSpace(body)
}

// valueLength returns the length of the JSON value that text begins with. If
// it is none, it returns how far to skip.
func valueLength(text string) (int, error) {
	var c completer
	for i := range len(text) {
		switch c.step(text[i]) {
		case stepDone:
			return i + 1, nil
		case stepWrong:
			return max(i, 1), errNotJSON
		}
	}
	return len(text), io.ErrUnexpectedEOF
}

var errNotJSON = errors.New("not JSON")

// isObjectSchema reports whether a schema describes objects only.
func isObjectSchema(schema json.RawMessage) bool {
	var s struct {
		Type string `json:"type"`
	}
	return json.Unmarshal(schema, &s) == nil && s.Type == "object"
}
