package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A ValidationError is JSON that does not match a schema.
type ValidationError struct {
	// Problems is never empty. It lists the first few places that are wrong,
	// in the order of the names of properties and of items.
	Problems []Problem
}

// Error lists the problems, as one line to send back to a model.
func (e *ValidationError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return "schema: value does not match: " + strings.Join(texts, "; ")
}

// A Problem is one place where a value does not match its schema.
type Problem struct {
	// Path is a JSON pointer to the place in the value, such as /lines/0/price.
	// It is empty for the whole value. For a missing property it is where the
	// property belongs.
	Path string
	// Reason says what would be right there. Its text may change.
	Reason string
}

// String is the path and the reason.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Reason
	}
	return p.Path + ": " + p.Reason
}

// Validate checks that data is exactly one JSON value and matches the schema.
// The error is a [*ValidationError] if data is JSON that does not match, and
// wraps the error of encoding/json if it is not JSON. Of objects with a repeated
// name the last one counts, as in encoding/json.
//
// The work is bounded: 64 steps for every pair of a value in the schema and a
// value in data. A value that would take more does not match.
func (v *Validator) Validate(data []byte) error {
	if v.isPlain(data) {
		return nil
	}
	value, c, err := v.read(data)
	if err != nil {
		return err
	}
	return v.validate(v.evaluator(c), value)
}

// Normalize checks data as [Validator.Validate] does, but takes null for left
// out where a property is optional and null is not one of its values: models
// write it there. It returns data without these properties, and all else of it
// byte for byte. Null stays where the schema allows it.
func (v *Validator) Normalize(data []byte) (json.RawMessage, error) {
	if v.isPlain(data) {
		return data, nil
	}
	value, c, err := v.read(data)
	if err != nil {
		return nil, err
	}
	strict := v.evaluator(c)
	if strict.valid(v.root, value) {
		return data, nil
	}
	if strict.exhausted() {
		return nil, v.validate(strict, value)
	}
	lenient := v.evaluator(c)
	lenient.lenient = true
	if !lenient.valid(v.root, value) {
		return nil, v.validate(lenient, value)
	}
	lenient.drop(v.root, value, map[pair]bool{})
	return without(data, value), nil
}

// isPlain reports whether data is found to match without a closer look.
func (v *Validator) isPlain(data []byte) bool { return v != nil && v.plain.matches(data) }

// read makes an instance of data.
func (v *Validator) read(data []byte) (*instance, *counter, error) {
	if v == nil || v.root == nil {
		return nil, nil, errors.New("schema: validate: the Validator was not made by Compile")
	}
	value, err := decodeExact(data)
	if e, ok := errors.AsType[*unreadable](err); ok {
		return nil, nil, &ValidationError{Problems: []Problem{{e.path, e.reason}}}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("schema: validate: %w", err)
	}
	c := &counter{}
	return c.instance(value), c, nil
}

// validate returns nil for a value that matches. Reasons are looked for only if
// it does not.
func (v *Validator) validate(e *evaluator, value *instance) error {
	if e.valid(v.root, value) {
		return nil
	}
	if e.exhausted() {
		return &ValidationError{Problems: []Problem{{Reason: "takes too many steps to be checked against its schema"}}}
	}
	return &ValidationError{Problems: e.explain(value)}
}

// Decode checks data as [Validator.Normalize] does, with the same errors, and
// then fills a T. A value that matches can still not fit, such as 300 for an
// int8; that error starts with "schema: decode" and wraps the one of
// encoding/json. With an error, the T is the zero value.
func Decode[T any](v *Validator, data []byte) (T, error) {
	var value, zero T
	data, err := v.Normalize(data)
	if err != nil {
		return zero, err
	}
	if err := json.Unmarshal(data, &value); err != nil {
		return zero, fmt.Errorf("schema: decode: %w", err)
	}
	return value, nil
}
