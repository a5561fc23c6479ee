package model_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// scramble changes everything that can be reached from v, a pointer.
func scramble(t testing.TB, v any) {
	t.Helper()
	changed := 0
	scrambleValue(reflect.ValueOf(v).Elem(), &changed)
	if changed == 0 {
		t.Fatalf("nothing to change in %T", v)
	}
}

func scrambleValue(v reflect.Value, changed *int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scrambleValue(v.Elem(), changed)
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if v.Elem().Kind() == reflect.Pointer {
			scrambleValue(v.Elem(), changed)
			return
		}
		// A value in an interface cannot be set, but what it points to can.
		c := reflect.New(v.Elem().Type()).Elem()
		c.Set(v.Elem())
		scrambleValue(c, changed)
		if v.CanSet() {
			v.Set(c)
		}
	case reflect.Slice:
		for i := range v.Len() {
			scrambleValue(v.Index(i), changed)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			scrambleValue(v.Field(i), changed)
		}
	case reflect.String:
		v.SetString(v.String() + "!")
		*changed++
	case reflect.Bool:
		v.SetBool(!v.Bool())
		*changed++
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
		*changed++
	case reflect.Uint8:
		v.SetUint(v.Uint() ^ 0xff)
		*changed++
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
		*changed++
	default:
		panic(fmt.Sprintf("no way to change a %v", v.Type()))
	}
}

// everyMessage holds every kind of part with every field set, results
// included.
func everyMessage() model.Message {
	nested := model.ToolResult{CallID: "t", Parts: everyPart()}
	server := model.ServerToolResult{CallID: "t", Parts: everyPart()}
	return model.AssistantParts(append(everyPart(), nested, server)...)
}

func TestMessageClone(t *testing.T) {
	m := everyMessage()
	c := m.Clone()
	diff(t, "Clone()", m, c)
	scramble(t, &c)
	if d := cmp.Diff(everyMessage(), m); d != "" {
		t.Errorf("changing the clone changed the message (-want +got):\n%s", d)
	}
	if cmp.Equal(m, c) {
		t.Error("scramble did nothing")
	}

	withNil := model.Message{Parts: []model.Part{nil, (*model.Image)(nil), embedded{"a"}, model.Text("a")}}
	diff(t, "Clone() with a nil part", withNil, withNil.Clone())
	if got := (model.Message{}).Clone(); got.Parts != nil {
		t.Errorf("Clone() of no parts = %#v, want nil", got.Parts)
	}
}

func TestRequestClone(t *testing.T) {
	whole := func() *model.Request {
		req := fullRequest()
		req.Messages = append(req.Messages, everyMessage())
		req.ProviderOptions = append(req.ProviderOptions, nil)
		return req
	}
	checkFields(t, *whole())
	checkFields(t, whole().Tools[0], "ServerSide")
	checkFields(t, whole().ToolChoice)
	checkFields(t, *whole().Thinking)
	checkFields(t, *whole().Output)
	req := whole()
	c := req.Clone()
	diff(t, "Clone()", req, c)
	scramble(t, c)
	if d := cmp.Diff(whole(), req); d != "" {
		t.Errorf("changing the clone changed the request (-want +got):\n%s", d)
	}
	if got := (*model.Request)(nil).Clone(); got != nil {
		t.Errorf("Clone() of nil = %v, want nil", got)
	}
	diff(t, "Clone() of the zero request", &model.Request{}, (&model.Request{}).Clone())
}

func TestResponseClone(t *testing.T) {
	whole := func() *model.Response {
		resp := fullResponse()
		resp.Message = everyMessage()
		return resp
	}
	checkFields(t, *whole())
	checkFields(t, *whole().Usage)
	resp := whole()
	c := resp.Clone()
	diff(t, "Clone()", resp, c)
	c.ProviderMetadata = nil // is shared
	scramble(t, c)
	if d := cmp.Diff(whole(), resp); d != "" {
		t.Errorf("changing the clone changed the response (-want +got):\n%s", d)
	}
	if got := (*model.Response)(nil).Clone(); got != nil {
		t.Errorf("Clone() of nil = %v, want nil", got)
	}
	diff(t, "Clone() of the zero response", &model.Response{}, (&model.Response{}).Clone())
	diff(t, "Clone() without cache writes", &model.Response{Usage: &model.Usage{}, Latency: time.Second},
		(&model.Response{Usage: &model.Usage{}, Latency: time.Second}).Clone())
}

// checkFields sees to it that a new field of v is set in what the tests clone
// and encode.
func checkFields(t *testing.T, v any, but ...string) {
	t.Helper()
	val := reflect.ValueOf(v)
	for i := range val.NumField() {
		name := val.Type().Field(i).Name
		if val.Field(i).IsZero() && (len(but) == 0 || but[0] != name) {
			t.Errorf("%v.%s is not set in the test's value", val.Type(), name)
		}
	}
}
