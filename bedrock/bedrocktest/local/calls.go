package local

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/model"
)

// A callInfo is a call as control calls report it. Its headers have no
// credentials.
type callInfo struct {
	Number     int             `json:"number"` // in its world, from 1
	At         time.Time       `json:"at"`
	Operation  string          `json:"operation"`
	Model      string          `json:"model"`
	Method     string          `json:"method"`
	Path       string          `json:"path"`
	Proto      string          `json:"proto"`
	Header     http.Header     `json:"header"`
	Body       json.RawMessage `json:"body,omitempty"` // if it is JSON
	BodyBytes  []byte          `json:"body_bytes"`     // byte for byte, in base64
	Request    *model.Request  `json:"request"`        // null if the body was not understood
	Tokens     int             `json:"tokens"`
	RequestID  string          `json:"request_id"`
	Status     int             `json:"status"` // 0: no answer was sent
	Frames     int             `json:"frames"`
	Exception  *exceptionInfo  `json:"exception"` // null if there is none
	DurationMS float64         `json:"duration_ms"`
}

type exceptionInfo struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"`
}

func infoOf(c *bedrocktest.Call) callInfo {
	i := callInfo{
		Number: c.Number, At: c.At.UTC(), Operation: c.Operation, Model: c.ModelID, Method: c.Method, Path: c.Path, Proto: c.Proto,
		Header: c.Header, BodyBytes: c.Body, Request: c.Request, Tokens: c.Tokens, RequestID: c.RequestID,
		Status: c.Status, Frames: c.Frames, DurationMS: float64(c.Duration.Microseconds()) / 1000,
	}
	if json.Valid(c.Body) {
		i.Body = c.Body
	}
	if e := c.Exception; e != nil {
		i.Exception = &exceptionInfo{e.Code, e.Status, e.Message}
	}
	return i
}

// getRequests sends the calls of the world.
func getRequests(s *Server, w *world, r *http.Request) (any, *problem) {
	query := r.URL.Query()
	when, p := whenOf(query)
	if p != nil {
		return nil, p
	}
	after, p := number(query, "after", 0)
	if p != nil {
		return nil, p
	}
	limit, p := number(query, "limit", 100)
	if p != nil {
		return nil, p
	}
	list := []callInfo{}
	more := false
	for _, c := range w.current().Calls() {
		if c.Number <= after || !when.Fits(askedBy(&c)) {
			continue
		}
		if more = len(list) == limit; more {
			break
		}
		list = append(list, infoOf(&c))
	}
	return map[string]any{"requests": list, "more": more}, nil
}

// whenOf returns the condition of a query. Unknown parameters are errors.
func whenOf(query url.Values) (answers.When, *problem) {
	known := []string{"after", "limit", "operation", "model"}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			return answers.When{}, wrong("query "+name, "there is no such parameter; the parameters are "+strings.Join(known, ", "))
		}
	}
	return answers.When{Operation: query.Get("operation"), Model: query.Get("model")}, nil
}

func number(query url.Values, name string, otherwise int) (int, *problem) {
	text := query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, wrong("query "+name, "it should be a whole number, 0 or more")
	}
	return n, nil
}

func askedBy(c *bedrocktest.Call) *answers.Asked {
	return &answers.Asked{Operation: c.Operation, Model: c.ModelID, Request: c.Request}
}
