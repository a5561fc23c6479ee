package model

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// An Attempt is a call that failed where another one followed, made by [Retry]
// or [Fallback].
type Attempt struct {
	Provider string        // who was asked; empty if the error does not say
	Model    string        // which model; empty if the error does not say
	Err      error         // why it failed, never nil
	Wait     time.Duration // the pause before the next call
}

// attemptOf returns the attempt that an error is the end of.
func attemptOf(err error, wait time.Duration) Attempt {
	a := Attempt{Err: err, Wait: wait}
	if e, ok := errors.AsType[*Error](err); ok {
		a.Provider, a.Model = e.Provider, e.Model
	}
	return a
}

// String returns the attempt in a line of text.
func (a Attempt) String() string {
	s := fmt.Sprint(a.Err)
	if a.Wait > 0 {
		s += fmt.Sprintf("; next after %v", a.Wait)
	}
	return s
}

// Format makes every verb of fmt print what String returns.
func (a Attempt) Format(f fmt.State, verb rune) { io.WriteString(f, a.String()) }

// tried returns a response that lists the attempts before it. The original
// may be kept by who made it, so it is left alone.
func tried(resp *Response, before []Attempt) *Response {
	if len(before) == 0 || resp == nil {
		return resp
	}
	r := *resp
	r.Attempts = append(before[:len(before):len(before)], resp.Attempts...)
	return &r
}
