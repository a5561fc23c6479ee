package recordings

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// canonicalBody returns the canonical form of a JSON body, which is the same
// for all equal bodies: keys sorted, no space, numbers by value, ARNs without
// their account. It returns a body that is not one JSON value unchanged.
func canonicalBody(body []byte) string {
	v, err := decodeJSON(body)
	if err != nil {
		return string(body)
	}
	return string(appendCanonical(nil, v))
}

var errNotJSON = errors.New("not a JSON value")

// decodeJSON decodes exactly one JSON value and keeps its numbers as written.
// It refuses invalid UTF-8: encoding/json would replace it silently, so
// different bodies would be equal.
func decodeJSON(b []byte) (any, error) {
	if !utf8.Valid(b) {
		return nil, errNotJSON
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	return v, nil
}

func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case map[string]any:
		b = append(b, '{')
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, key), ':')
			if owner, ok := v[key].(string); ok && key == "bucketOwner" && accountID().MatchString(owner) {
				b = appendString(b, placeholderAccount)
				continue
			}
			b = appendCanonical(b, v[key])
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, item)
		}
		return append(b, ']')
	case json.Number:
		return append(b, canonicalNumber(v.String())...)
	case string:
		return appendString(b, neutralARNs(v))
	case bool:
		return strconv.AppendBool(b, v)
	default:
		return append(b, "null"...)
	}
}

// appendString appends s as JSON. It does not escape "<", ">" and "&".
func appendString(b []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return strconv.AppendQuote(b, s)
	}
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// canonicalNumber returns the same text for equal numbers and different texts
// for different ones: 2.50, 2.5 and 25e-1 are one number, 2^53 and 2^53+1 are
// two. It works on the digits, because a float64 cannot distinguish the latter.
func canonicalNumber(literal string) string {
	s, negative := strings.CutPrefix(literal, "-")
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		e, err := strconv.Atoi(s[i+1:])
		if err != nil { // the exponent does not fit an int: equal only if written equally
			return literal
		}
		mantissa, exponent = s[:i], e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0"
	}
	if n := decimal(trimmed, exponent); !negative {
		return n
	} else {
		return "-" + n
	}
}

// decimal returns digits·10^exponent, where digits has no zero at either end.
// It writes an exponent only if the number would be long.
func decimal(digits string, exponent int) string {
	point := len(digits) + exponent
	switch {
	case exponent >= 0 && exponent <= 20:
		return digits + strings.Repeat("0", exponent)
	case exponent < 0 && point > 0:
		return digits[:point] + "." + digits[point:]
	case exponent < 0 && point > -6:
		return "0." + strings.Repeat("0", -point) + digits
	default:
		return digits + "e" + strconv.Itoa(exponent)
	}
}
