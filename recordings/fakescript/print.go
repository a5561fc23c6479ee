package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/recorded"
	"github.com/chatmodel-go/chatmodel/model"
)

const maxAsked = 100 // bytes of a request that a comment shows

// printTurn prints an answer as a turn.
func printTurn(w io.Writer, a *recorded.Answer) {
	asked := strings.Join(strings.Fields(a.Asked), " ")
	if len(asked) > maxAsked {
		asked = strings.ToValidUTF8(asked[:maxAsked], "") + "…"
	}
	fmt.Fprintf(w, "\t\t// %s %s: %s\n", a.Operation, a.Model, asked)
	switch {
	case a.Err != nil:
		e, _ := errors.AsType[*model.Error](a.Err)
		fmt.Fprintf(w, "\t\tfake.Fail(%s),\n", literal(&model.Error{Kind: e.Kind, Code: e.Code, Status: e.Status, Message: e.Message, RetryAfter: e.RetryAfter}))
	case a.Response == nil:
		fmt.Fprint(w, "\t\t// (not an answer of a model)\n")
	default:
		fmt.Fprintf(w, "\t\t%s,\n", turn(a.Response))
	}
}

// turn returns the code for an answer, in the shortest form that package fake
// has.
func turn(r *model.Response) string {
	parts := r.Message.Parts
	var b strings.Builder
	if text, ok := onlyText(parts); ok {
		fmt.Fprintf(&b, "fake.Text(%s)", quote(text))
	} else {
		b.WriteString("fake.Reply(\n")
		for _, p := range parts {
			b.WriteString(literal(p) + ",\n")
		}
		b.WriteString(")")
	}
	if r.StopReason != model.StopEndTurn {
		fmt.Fprintf(&b, ".StopReason(%s)", literal(r.StopReason))
	}
	if r.Usage != nil {
		fmt.Fprintf(&b, ".Usage(%s)", literal(r.Usage))
	}
	return b.String()
}

func onlyText(parts []model.Part) (string, bool) {
	if len(parts) != 1 {
		return "", false
	}
	text, ok := parts[0].(model.Text)
	return string(text), ok
}

// named maps values of named types to their constants.
var named = map[any]string{
	model.ErrUnknown: "ErrUnknown", model.ErrInvalidRequest: "ErrInvalidRequest", model.ErrUnsupported: "ErrUnsupported",
	model.ErrContextOverflow: "ErrContextOverflow", model.ErrAuthentication: "ErrAuthentication", model.ErrPermission: "ErrPermission",
	model.ErrNotFound: "ErrNotFound", model.ErrThrottled: "ErrThrottled", model.ErrQuota: "ErrQuota", model.ErrTimeout: "ErrTimeout",
	model.ErrUnavailable: "ErrUnavailable", model.ErrProvider: "ErrProvider", model.ErrTransport: "ErrTransport", model.ErrTruncated: "ErrTruncated",
	model.ErrMalformed: "ErrMalformed",
	model.StopEndTurn:  "StopEndTurn", model.StopToolUse: "StopToolUse", model.StopMaxTokens: "StopMaxTokens", model.StopSequence: "StopSequence",
	model.StopContentFiltered: "StopContentFiltered", model.StopGuardrail: "StopGuardrail", model.StopContextWindow: "StopContextWindow",
	model.StopMalformedOutput: "StopMalformedOutput", model.StopMalformedTool: "StopMalformedTool",
}

// literal returns a value of package model as Go code.
func literal(v any) string {
	var b bytes.Buffer
	writeLiteral(&b, reflect.ValueOf(v))
	return b.String()
}

func writeLiteral(b *bytes.Buffer, v reflect.Value) {
	if name, ok := constant(v); ok {
		b.WriteString("model." + name)
		return
	}
	switch value := v.Interface().(type) {
	case json.RawMessage:
		fmt.Fprintf(b, "json.RawMessage(%s)", quote(string(value)))
		return
	case []byte:
		fmt.Fprintf(b, "[]byte(%s)", quote(string(value)))
		return
	case time.Duration:
		fmt.Fprintf(b, "%d * time.Millisecond", value.Milliseconds())
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		b.WriteString("&")
		writeLiteral(b, v.Elem())
	case reflect.Interface:
		writeLiteral(b, v.Elem())
	case reflect.Struct:
		b.WriteString(v.Type().String() + "{")
		writeFields(b, v)
		b.WriteString("}")
	case reflect.Slice:
		b.WriteString(v.Type().String() + "{\n")
		for i := range v.Len() {
			writeLiteral(b, v.Index(i))
			b.WriteString(",\n")
		}
		b.WriteString("}")
	case reflect.String:
		if v.Type().PkgPath() == "" {
			b.WriteString(quote(v.String()))
			return
		}
		fmt.Fprintf(b, "%s(%s)", v.Type(), quote(v.String()))
	default: // numbers and bools
		fmt.Fprint(b, v.Interface())
	}
}

func constant(v reflect.Value) (string, bool) {
	if v.Kind() != reflect.String {
		return "", false
	}
	name, ok := named[v.Interface()]
	return name, ok
}

// writeFields writes the fields that are not zero.
func writeFields(b *bytes.Buffer, v reflect.Value) {
	first := true
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() {
			continue
		}
		if !first {
			b.WriteString(", ")
		}
		first = false
		b.WriteString(field.Name + ": ")
		writeLiteral(b, v.Field(i))
	}
}

// quote returns a string as Go code, in the quotes that need fewer escapes.
func quote(s string) string {
	if strings.Contains(s, `"`) && !strings.Contains(s, "`") && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || !strconv.IsPrint(r) && r != '\t' }) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}
