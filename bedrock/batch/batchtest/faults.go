package batchtest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
)

// Faults are what goes wrong. Functions may be nil; those that are given a record
// are given its id.
type Faults struct {
	// Throttle is how many calls of the control plane are refused for their
	// rate, before others are answered.
	Throttle int

	// LoseCreate is how many jobs are created without the caller hearing of
	// it: the connection breaks before the answer.
	LoseCreate int

	// Unlisted keeps jobs out of lists, as before they are consistent.
	Unlisted bool

	// Refuse fails a record with a status and a text; a status of 0 does not.
	Refuse func(record string) (status int, message string)

	// Cut ends a record's line in the middle, and begins the next one in it;
	// Lose leaves a record out of the output, and Double writes it twice.
	Cut, Lose, Double func(record string) bool

	// LoseFile leaves a file of the output out, and DoubleFile writes it under
	// a second name, too. They are given the name of the file, such as
	// "part-00000.jsonl.out".
	LoseFile, DoubleFile func(file string) bool

	// ListTwice has the store list every file twice.
	ListTwice bool

	// End ends a job early, when so many of its records are done: with the
	// status that it returns, such as "Expired". An empty one does not.
	End func(job string, done int) (status string)
}

// take takes one of a number of faults, if there are any left.
func (s *Server) take(left func(*Faults) *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := left(&s.faults)
	if *n <= 0 {
		return false
	}
	*n--
	return true
}

func throttle(f *Faults) *int   { return &f.Throttle }
func loseCreate(f *Faults) *int { return &f.LoseCreate }

// is reports whether a fault is that of a record or file.
func is(fault func(string) bool, name string) bool { return fault != nil && fault(name) }

var listed = regexp.MustCompile(`(?s)<Contents>.*?</Contents>`)

// listing lets the store list files twice.
func (s *Server) listing(store http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.wrong().ListTwice || r.Method != http.MethodGet || r.URL.Query().Get("list-type") != "2" {
			store.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		store.ServeHTTP(rec, r)
		body := listed.ReplaceAllFunc(rec.Body.Bytes(), func(c []byte) []byte { return bytes.Repeat(c, 2) })
		for name, values := range rec.Header() {
			if !strings.EqualFold(name, "Content-Length") {
				w.Header()[name] = values
			}
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rec.Code)
		io.Copy(w, bytes.NewReader(body))
	})
}
