package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// decodeExact reads exactly one JSON value. Its numbers are as exact makes them.
func decodeExact(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value, more any
	if dec.Decode(&value) != nil || dec.Decode(&more) != io.EOF {
		return nil, notJSON(data)
	}
	return exact(value, 0)
}

// notJSON says what is wrong with data: json.Unmarshal gives a reason where the
// decoder says only EOF.
func notJSON(data []byte) error {
	var ignored json.RawMessage
	if err := json.Unmarshal(data, &ignored); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return errors.New("not JSON")
}

// maxDepth bounds how deep a value or a schema nests. The time that the library
// needs to refuse a value grows with more than the square of its depth.
const maxDepth = 200

// An unreadable is a place in JSON that cannot be looked at.
type unreadable struct {
	path   string // a JSON pointer
	reason string
}

func (e *unreadable) Error() string { return Problem{e.path, e.reason}.String() }

// exact replaces each json.Number in a decoded value by the Go number that
// holds it best: an integer of 64 bits, or else a float64. The library would
// take a json.Number for a string. The error is an *unreadable.
func exact(value any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &unreadable{reason: fmt.Sprintf("want at most %d levels of nesting", maxDepth)}
	}
	switch v := value.(type) {
	case json.Number:
		return exactNumber(v.String())
	case []any:
		for i, item := range v {
			better, err := exact(item, depth+1)
			if err != nil {
				return nil, inside(strconv.Itoa(i), err)
			}
			v[i] = better
		}
	case map[string]any:
		first, firstErr := "", error(nil) // in the order of names, so that the error is always the same
		for name, item := range v {
			better, err := exact(item, depth+1)
			if err != nil && (firstErr == nil || name < first) {
				first, firstErr = name, err
			}
			v[name] = better
		}
		if firstErr != nil {
			return nil, inside(first, firstErr)
		}
	}
	return value, nil
}

// exactNumber returns an int64 or, for larger integers, a uint64. Everything
// else becomes a float64, which may lose digits.
func exactNumber(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	if u, err := strconv.ParseUint(text, 10, 64); err == nil {
		return u, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, &unreadable{reason: "want a number in the range of float64"}
	}
	return f, nil
}

// inside adds a step to the path of an *unreadable.
func inside(name string, err error) error {
	if e, ok := errors.AsType[*unreadable](err); ok {
		return &unreadable{"/" + jsonpointer.Escape(name) + e.path, e.reason}
	}
	return err
}

// typeOf names the JSON Schema type of a value from decodeExact.
func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case float64:
		if v != math.Trunc(v) {
			return "number"
		}
		return "integer"
	case int64, uint64:
		return "integer"
	}
	return fmt.Sprintf("%T", value)
}
