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

// Faults describe what the server does wrong. Functions may be nil. Functions
// with a record argument get the record's id.
type Faults struct {
	// Throttle is the number of calls of the control plane that are throttled
	// before the others are answered.
	Throttle int

	// LoseCreate is the number of jobs that are created although their caller
	// gets no answer, because the connection breaks.
	LoseCreate int

	// Unlisted omits jobs from lists, as the service may do before its lists
	// are consistent.
	Unlisted bool

	// Refuse returns the status and text with which a record fails. Status 0
	// means that it does not fail.
	Refuse func(record string) (status int, message string)

	// Cut ends a record's line in the middle and begins the next record in the
	// same line. Lose omits a record from the output. Double writes it twice.
	Cut, Lose, Double func(record string) bool

	// LoseFile omits a file of the output. DoubleFile writes it a second time
	// under another name. Both get the name of the file, such as
	// "part-00000.jsonl.out".
	LoseFile, DoubleFile func(file string) bool

	// ListTwice makes the store list every file twice.
	ListTwice bool

	// End returns the status with which a job ends early, such as "Expired",
	// when the given number of its records is done. An empty status lets the
	// job go on.
	End func(job string, done int) (status string)
}

// take uses up one of a number of faults. It reports whether there was one
// left.
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

// is reports whether a fault applies to a record or file.
func is(fault func(string) bool, name string) bool { return fault != nil && fault(name) }

var listed = regexp.MustCompile(`(?s)<Contents>.*?</Contents>`)

// listing makes the store list files twice, if that fault is set.
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
