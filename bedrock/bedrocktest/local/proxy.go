package local

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// mostBody limits a body that is forwarded, in bytes, as the service does.
const mostBody = 25_000_000

// proxied answers a call by an upstream or by recordings.
func (w *world) proxied(rw http.ResponseWriter, r *http.Request, answer func(*http.Request, []byte) (*http.Response, error)) {
	c := bedrocktest.Call{At: time.Now(), Method: r.Method, Path: r.URL.EscapedPath(), Proto: r.Proto}
	defer func() {
		c.Duration = time.Since(c.At)
		w.logged(c)
	}()
	refuse := func(e *bedrocktest.Exception, status int) {
		c.Exception, c.Status = e, status
		rw.Header()["x-amzn-ErrorType"] = []string{e.Code}
		writeJSON(rw, status, map[string]string{"message": e.Message})
	}
	var ok bool
	if c.Operation, c.ModelID, ok = operationOf(c.Path); !ok || r.Method != http.MethodPost {
		refuse(&bedrocktest.Exception{Code: "UnknownOperationException", Message: "Only calls of Bedrock Runtime are forwarded."}, http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, mostBody))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		refuse(&bedrocktest.Exception{Code: "RequestEntityTooLargeException", Message: "Request entity too large"}, http.StatusRequestEntityTooLarge)
		return
	} else if err != nil {
		refuse(&bedrocktest.Exception{Code: "SerializationException", Message: "The request body could not be read."}, http.StatusBadRequest)
		return
	}
	resp, err := answer(r, body)
	if err != nil {
		w.server.options.Log.Error("nobody answers", "world", w.name, "operation", c.Operation, "model", c.ModelID, "problem", err.Error())
		refuse(&bedrocktest.Exception{Code: "ServiceUnavailableException", Message: "Bedrock is unable to process your request."}, http.StatusServiceUnavailable)
		return
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		if passes(name) {
			rw.Header()[name] = values
		}
	}
	c.Status = resp.StatusCode
	if c.Status >= 300 {
		c.Exception = &bedrocktest.Exception{Code: resp.Header.Get("X-Amzn-Errortype"), Status: c.Status}
	}
	rw.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(rw, resp.Body) // the client has left
}

// passes reports whether a header of an answer is passed to the client. Headers
// about the answer are, those about a connection or a site are not.
func passes(name string) bool {
	switch name {
	case "Content-Type", "Date", "Retry-After":
		return true
	}
	return strings.HasPrefix(name, "X-Amzn-")
}

// outgoing returns a copy of r for another server. Its headers are Bedrock's
// own and those about the body.
func outgoing(r *http.Request, endpoint string, body []byte) (*http.Request, error) {
	target := endpoint + r.URL.EscapedPath()
	out, err := http.NewRequestWithContext(r.Context(), r.Method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		if name == "Accept" || name == "Content-Type" || name == "User-Agent" || strings.HasPrefix(name, bedrockHeader) {
			out.Header[name] = values
		}
	}
	return out, nil
}

// bedrockHeader begins the names of InvokeModel's header options.
const bedrockHeader = "X-Amzn-Bedrock-"
