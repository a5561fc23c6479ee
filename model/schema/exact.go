package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// decodeExact reads exactly one JSON value. Its numbers are as exact makes them.
func decodeExact(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value, more any
	if dec.Decode(&value) != nil || dec.Decode(&more) != io.EOF {
		return nil, notJSON(data)
	}
	return exact(value)
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

// An outOfRange is a number that no float64 can stand for.
type outOfRange struct {
	path string // a JSON pointer
}

func (e *outOfRange) Error() string { return e.path + ": " + e.problem().Reason }

func (e *outOfRange) problem() Problem {
	return Problem{Path: e.path, Reason: "want a number in the range of float64"}
}

// exact replaces each json.Number in a decoded value by the Go number that
// holds it best: an integer of 64 bits, or else a float64. The library would
// take a json.Number for a string. The error is an *outOfRange.
func exact(value any) (any, error) {
	switch v := value.(type) {
	case json.Number:
		return exactNumber(v.String())
	case []any:
		for i, item := range v {
			better, err := exact(item)
			if err != nil {
				return nil, inside(strconv.Itoa(i), err)
			}
			v[i] = better
		}
	case map[string]any:
		for name, item := range v {
			better, err := exact(item)
			if err != nil {
				return nil, inside(name, err)
			}
			v[name] = better
		}
	}
	return value, nil
}

func exactNumber(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	if u, err := strconv.ParseUint(text, 10, 64); err == nil {
		return u, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, &outOfRange{}
	}
	return f, nil
}

// inside adds a step to the path of an *outOfRange.
func inside(name string, err error) error {
	if e, ok := errors.AsType[*outOfRange](err); ok {
		return &outOfRange{path: "/" + escape(name) + e.path}
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
